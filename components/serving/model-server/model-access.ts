import { core } from "@pulumi/kubernetes";
import { secret, type CustomResourceOptions, type Input, type Output, type Resource } from "@pulumi/pulumi";
import type { ClusterHandle } from "../../host/cluster-handle";
import { grantBucketRole } from "../../host/gke/identity";
import { metadataFor } from "../../kubernetes/labels";
import type { ModelSource } from "./model-source";

/** What lets the pods at the model's bucket. */
export interface ModelAccess {
  /** What has to be there before the pods. */
  readonly ready: readonly Resource[];
  /** The Secret with a key, where there is one. */
  readonly keySecret?: Input<string>;
}

export interface ModelAccessArgs {
  readonly cluster: ClusterHandle;
  readonly model: ModelSource;
  readonly workload: string;
  readonly namespace: Output<string>;
  readonly serviceAccount: Output<string>;
  readonly parent: Resource;
  /** For what goes with the namespace. */
  readonly inert: CustomResourceOptions;
}

/**
 * Lets the pods read the bucket: by their identity where it is Google's and they have one, else by a key.
 *
 * The right is on the whole bucket. A condition on the objects' names would take away the right to list them, which is one
 * on the bucket itself, and both the driver and the copy list
 * (https://cloud.google.com/storage/docs/access-control/iam#conditions).
 */
export function letAtModel(name: string, args: ModelAccessArgs): ModelAccess {
  const { model } = args;
  if (model.kind === "image") return { ready: [] };
  if (model.kind === "gcs-fuse") return { ready: [grant(name, model.bucket, args)] };
  const { source } = model;
  if (source.kind === "gcs") {
    if (source.key === undefined) return { ready: [grant(name, source.bucket, args)] };
    return keyOf(name, source.key, args, (key) => ({ "key.json": key.json }));
  }
  if (source.credentials.kind === "none") return { ready: [] };
  return keyOf(name, source.credentials, args, ({ accessKeyId, secretAccessKey }) => ({
    accessKeyId,
    secretAccessKey,
  }));
}

function grant(name: string, bucket: Input<string>, args: ModelAccessArgs): Resource {
  const { cluster, namespace, serviceAccount, parent } = args;
  const driver = cluster.storage.buckets;
  const label = `${name}-model-access`;
  if (driver !== undefined)
    return driver.grant(label, { parent, bucket, namespace, serviceAccount, access: "read" });
  const member = cluster.workloadPrincipal?.(namespace, serviceAccount);
  if (member === undefined) throw new Error("the cluster gives pods no identity");
  return grantBucketRole(label, { bucket, role: "roles/storage.objectViewer", member }, { parent });
}

/**
 * A Secret that exists, or one that is made: its name changes with what is in it, so that the pods start anew with another
 * key.
 */
function keyOf<Given extends { readonly kind: "given" }>(
  name: string,
  key: Given | { readonly kind: "existing"; readonly secretName: Input<string> },
  { workload, namespace, inert }: ModelAccessArgs,
  data: (key: Given) => Record<string, Input<string>>,
): ModelAccess {
  if (key.kind === "existing") return { ready: [], keySecret: key.secretName };
  const made = new core.v1.Secret(
    `${name}-model-key`,
    { metadata: metadataFor(workload, namespace), stringData: secret(data(key)) },
    inert,
  );
  return { ready: [], keySecret: made.metadata.name };
}
