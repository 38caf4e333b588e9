import { core } from "@pulumi/kubernetes";
import type { Resource } from "@pulumi/pulumi";
import { labelsFor, metadataFor } from "../kubernetes/labels";
import type { BucketVolumeArgs, MadeVolume } from "./model-volume";

/** The API wants a size of every volume; a bucket has none, and no one looks at this one. */
const size = "1Ti";

/**
 * A bucket, and the claim by which pods mount it. The data is the bucket's: volume and claim only show it, so they go
 * with the stack even where the bucket stays.
 */
export function makeBucketClaim(name: string, args: BucketVolumeArgs, parent: Resource): MadeVolume {
  const { cluster, workspace, retain = false, protect = false } = args;
  const driver = cluster.storage.buckets;
  if (driver === undefined) throw new Error("the cluster has no driver for buckets");
  const { bucketName } = driver.makeBucket(name, { parent, retain, protect });
  const options = { parent, provider: cluster.provider };
  const shared = { accessModes: ["ReadWriteMany"], storageClassName: "" };
  const volume = new core.v1.PersistentVolume(
    name,
    {
      metadata: { labels: labelsFor(name) },
      spec: {
        ...shared,
        capacity: { storage: size },
        persistentVolumeReclaimPolicy: "Retain",
        ...driver.volumeSource(bucketName),
      },
    },
    // What a volume shows cannot be changed; Pulumi's provider plans that as an update, which then fails.
    { ...options, replaceOnChanges: ["spec.csi"] },
  );
  const claim = new core.v1.PersistentVolumeClaim(
    name,
    {
      metadata: metadataFor(name, workspace.namespace),
      spec: { ...shared, volumeName: volume.metadata.name, resources: { requests: { storage: size } } },
    },
    options,
  );
  return { claimName: claim.metadata.name, bucketName };
}
