import { Bucket } from "@pulumi/gcp/storage";
import type { Input, Output, ProviderResource, Resource } from "@pulumi/pulumi";
import type { BucketDriver } from "../cluster-handle";
import { grantBucketRole } from "./identity";

export interface BucketVolumesArgs {
  /** By which the cluster was made; the buckets' parents are no parts of it. @default Pulumi's default one */
  readonly provider?: ProviderResource | undefined;
  /** What has to be there before a bucket: the service that makes them. @default nothing */
  readonly after?: readonly Resource[] | undefined;
  /** Where the buckets are: the cluster's region, for reading across regions is slow and costs. */
  readonly region: string;
  readonly labels: Readonly<Record<string, string>>;
  /** For how many days Google keeps what was deleted; 0 or 7 to 90. It is paid for like any other object. */
  readonly undeleteDays: number;
  /** The identity of the pods of a service account. */
  readonly principal: (namespace: Input<string>, serviceAccount: Input<string>) => Output<string>;
}

const roles = { read: "roles/storage.objectViewer", write: "roles/storage.objectUser" } as const;

/**
 * Cloud Storage buckets as volumes, by GKE's Cloud Storage FUSE driver
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-pv). Who may do what is said
 * by the bucket's own IAM policy; no key is anywhere.
 */
export function bucketVolumes(args: BucketVolumesArgs): BucketDriver {
  const { region, labels, undeleteDays, principal } = args;
  const google = args.provider === undefined ? {} : { provider: args.provider };
  return {
    // Puts the driver's sidecar into the pod.
    podAnnotations: { "gke-gcsfuse/volumes": "true" },
    makeBucket: (name, { parent, retain, protect }) => {
      const bucket = new Bucket(
        name,
        {
          location: region,
          labels: { ...labels },
          uniformBucketLevelAccess: true,
          publicAccessPrevention: "enforced",
          // Real folders: a checkpoint that is written beside and renamed is there whole or not at all.
          hierarchicalNamespace: { enabled: true },
          softDeletePolicy: { retentionDurationSeconds: undeleteDays * 24 * 3600 },
          // Google deletes no bucket with objects in it; what is not to stay is emptied first.
          forceDestroy: !retain,
        },
        { parent, ...google, protect, retainOnDelete: retain, dependsOn: [...(args.after ?? [])] },
      );
      return { bucketName: bucket.name, resource: bucket };
    },
    volumeSource: (bucket) => ({
      csi: {
        driver: "gcsfuse.csi.storage.gke.io",
        volumeHandle: bucket,
        volumeAttributes: {
          // The right to the bucket takes a minute to come through. From GKE 1.34.1-gke.3899001 on, the sidecar itself
          // tries again until then; before, such a pod has to be deleted once.
          skipCSIBucketAccessCheck: "true",
        },
      },
      // The mount belongs to root otherwise, which no pod of ours is. IAM says who may read and write.
      mountOptions: ["implicit-dirs", "file-mode=666", "dir-mode=777"],
    }),
    grant: (name, { parent, bucket, namespace, serviceAccount, access }) =>
      grantBucketRole(
        name,
        { bucket, role: roles[access], member: principal(namespace, serviceAccount) },
        { parent, ...google },
      ),
  };
}
