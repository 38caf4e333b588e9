import { CryptoKeyIAMMember } from "@pulumi/gcp/kms";
import { interpolate, type CustomResourceOptions, type Input } from "@pulumi/pulumi";

/**
 * Who uses a cluster's key in Google's name: GKE for the API's secrets, Compute Engine for the disks
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets#grant_permission_to_use_the_key).
 */
const agents = { secrets: "container-engine-robot", disks: "compute-system" } as const;

/** Lets Google's agents of a project use a key; cluster and nodes come after it. */
export function grantKey(
  name: string,
  { key, projectNumber }: { readonly key: Input<string>; readonly projectNumber: Input<string> },
  options: CustomResourceOptions,
): CryptoKeyIAMMember[] {
  return Object.entries(agents).map(
    ([purpose, agent]) =>
      new CryptoKeyIAMMember(
        `${name}-key-${purpose}`,
        {
          cryptoKeyId: key,
          role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
          member: interpolate`serviceAccount:service-${projectNumber}@${agent}.iam.gserviceaccount.com`,
        },
        options,
      ),
  );
}
