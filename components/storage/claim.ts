import { core } from "@pulumi/kubernetes";
import type { CustomResourceOptions, Input, Resource } from "@pulumi/pulumi";
import type { ClusterHandle, StorageClassRef } from "../host/cluster-handle";
import { skipAwait } from "../kubernetes/annotations";
import { metadataFor } from "../kubernetes/labels";
import type { ClaimVolumeArgs, MadeVolume } from "./model-volume";
import type { AccessMode } from "./volume-use";

export interface ClaimArgs {
  readonly namespace: Input<string>;
  readonly storageClass: StorageClassRef;
  readonly accessMode: AccessMode;
  readonly size: string;
}

/** A claim on a volume that a StorageClass makes, after the class. */
export function claimOf(
  name: string,
  { namespace, storageClass, accessMode, size }: ClaimArgs,
  options: CustomResourceOptions,
): core.v1.PersistentVolumeClaim {
  return new core.v1.PersistentVolumeClaim(
    name,
    {
      metadata: metadataFor(name, namespace, awaitAnnotations(storageClass)),
      spec: {
        accessModes: [accessMode],
        // Always by name: the default class may change, and then the claim would be replaced, data and all.
        storageClassName: storageClass.name,
        resources: { requests: { storage: size } },
      },
    },
    { ...options, ...(storageClass.ready !== undefined && { dependsOn: [storageClass.ready] }) },
  );
}

/** A model volume's claim. */
export function makeClaim(name: string, args: ClaimVolumeArgs, parent: Resource): MadeVolume {
  const { cluster, workspace, size, accessMode = "ReadWriteOnce", retain = false, protect = false } = args;
  const storageClass = args.storageClass ?? classFor(cluster, accessMode);
  const claim = claimOf(
    name,
    { namespace: workspace.namespace, storageClass, accessMode, size },
    { parent, provider: cluster.provider, retainOnDelete: retain, protect },
  );
  return { claimName: claim.metadata.name };
}

/**
 * Pulumi waits at most 5 minutes for a claim, whatever `customTimeouts` say, and a shared file system takes longer
 * to make. So only a class that waits for the first pod anyway is awaited, which Pulumi takes as ready while Pending.
 * (pulumi-kubernetes, provider/pkg/await: the claim's awaiter.)
 */
function awaitAnnotations({ binding }: StorageClassRef): Record<string, string> {
  return binding === "Immediate" ? skipAwait : {};
}

/** The class of claims that name none. */
export function classFor(
  { storage }: Pick<ClusterHandle, "storage">,
  accessMode: AccessMode,
): StorageClassRef {
  return accessMode === "ReadWriteMany"
    ? (storage.readWriteMany ?? storage.readWriteOnce)
    : storage.readWriteOnce;
}
