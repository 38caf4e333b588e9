import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { metadataFor } from "./labels";

/** The account of a workload's pods: without rights, and without a token. */
export function accountManifest(
  workload: string,
  namespace: Input<string>,
  imagePullSecrets: readonly { readonly name: string }[],
): types.input.core.v1.ServiceAccount {
  return {
    metadata: metadataFor(workload, namespace),
    automountServiceAccountToken: false,
    ...(imagePullSecrets.length > 0 && { imagePullSecrets: [...imagePullSecrets] }),
  };
}
