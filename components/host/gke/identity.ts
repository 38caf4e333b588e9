import { BucketIAMMember } from "@pulumi/gcp/storage";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";

/** The pods of a Kubernetes service account, in a cluster of a Google Cloud project. */
export interface Workload {
  /** The project's number, which is not its id. */
  readonly projectNumber: string;
  readonly projectId: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * The identity that Google Cloud knows these pods by: roles are granted to it directly. No service account of Google's
 * stands between, no annotation and no key
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#authorize_to_google_cloud).
 * Clusters of one project share it: the same namespace and account in another one is the same identity.
 */
export function workloadPrincipal(workload: Workload): string {
  const { projectNumber, projectId, namespace, serviceAccount } = workload;
  const pool = `projects/${projectNumber}/locations/global/workloadIdentityPools/${projectId}.svc.id.goog`;
  return `principal://iam.googleapis.com/${pool}/subject/ns/${namespace}/sa/${serviceAccount}`;
}

/** Reading a bucket's objects; or reading, writing and deleting them. Neither changes the bucket or who may use it. */
export type BucketRole = "roles/storage.objectViewer" | "roles/storage.objectUser";

export interface BucketRoleArgs {
  readonly bucket: Input<string>;
  readonly role: BucketRole;
  /** Who, such as a `workloadPrincipal`. */
  readonly member: Input<string>;
}

/**
 * Grants a role on one bucket, never on all of a project. It takes about a minute until it is heeded everywhere; pods
 * that use it come after it, and must bear a first refusal.
 */
export function grantBucketRole(
  name: string,
  { bucket, role, member }: BucketRoleArgs,
  options: CustomResourceOptions,
): BucketIAMMember {
  return new BucketIAMMember(name, { bucket, role, member }, options);
}
