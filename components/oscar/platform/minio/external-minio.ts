import { batch, core } from "@pulumi/kubernetes";
import { ComponentResource, jsonStringify, secret, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { ClusterHandle } from "../../../host/cluster-handle";
import { checkName } from "../../../kubernetes/checks";
import { podSecurity } from "../../../kubernetes/security";
import { labelsFor, metadataFor } from "../../../kubernetes/labels";
import { refuseFaults } from "../../../refuse";
import { images } from "../../../versions";
import type { ObjectStorage } from "../object-storage";
import { clientConfig, clientConfigFile, minioCheckJob } from "./minio-check";
import { defaultRegion, type ExternalMinioArgs } from "./object-storage-args";
import { validateObjectStorage } from "./validate-object-storage";

export interface ExternalMinioSetup extends ExternalMinioArgs {
  readonly cluster: Pick<ClusterHandle, "provider">;
}

/**
 * A MinIO that is there already. It is asked by its admin API before anything of OSCAR is installed, which otherwise
 * would tell of a wrong key, or of storage that is no MinIO, with the first service that is made.
 *
 * ```ts
 * const { storage } = new ExternalMinio("oscar", {
 *   cluster,
 *   kind: "external",
 *   endpoint: "https://minio.example.com",
 *   accessKey: "oscar",
 *   secretKey: config.requireSecret("minioSecretKey"),
 * });
 * ```
 *
 * Costs nothing: it is a Job of a few seconds, in a namespace of its own, which is made again when the endpoint or a key
 * is another. It neither makes nor deletes anything in that MinIO; OSCAR does.
 */
export class ExternalMinio extends ComponentResource {
  readonly storage: ObjectStorage;

  constructor(name: string, args: ExternalMinioSetup, opts?: ComponentResourceOptions) {
    super("inference-infra:oscar:ExternalMinio", name, {}, opts);
    // Pulumi adds 9 characters to a Job's name, of which its pods' labels allow 63.
    refuseFaults(this, `ExternalMinio ${name}`, [...checkName(name, 39), ...validateObjectStorage("", args)]);
    const { cluster, endpoint, accessKey, region = defaultRegion, tlsVerify = true } = args;
    const secretKey = secret(args.secretKey);
    const self = { parent: this, provider: cluster.provider };
    const own = `${name}-object-storage`;
    const home = new core.v1.Namespace(
      own,
      { metadata: { labels: { ...labelsFor(own), ...podSecurity("restricted") } } },
      self,
    );
    const namespace = home.metadata.name;
    // Its name is Pulumi's choice and changes with what is in it; and so does the Job, which is then made anew.
    const config = new core.v1.Secret(
      own,
      {
        metadata: metadataFor(own, namespace),
        stringData: { [clientConfigFile]: jsonStringify(clientConfig({ endpoint, accessKey, secretKey })) },
      },
      { ...self, deletedWith: home },
    );
    const job = new batch.v1.Job(
      own,
      minioCheckJob({
        name: own,
        namespace,
        secretName: config.metadata.name,
        image: args.clientImage ?? images.minioClient,
        tlsVerify,
      }),
      self,
    );
    this.storage = { endpoint, region, accessKey, secretKey, tlsVerify, ready: [job] };
    this.registerOutputs({});
  }
}
