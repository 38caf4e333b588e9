import type { V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { ApiError, type Api } from "./api";
import type { Mirror } from "./mirror";

/** Whose volumes we make, as its driver would; those of the sandbox's own classes the controller manager makes. */
export const filestore = "filestore.csi.storage.gke.io";

/** Who made a volume, and whose it is to delete. */
const provisionedBy = "pv.kubernetes.io/provisioned-by";
/** Where the scheduler will put the first pod that uses the claim. */
const selectedNode = "volume.kubernetes.io/selected-node";

export interface Provisioning {
  readonly create: readonly V1PersistentVolume[];
  readonly remove: readonly V1PersistentVolume[];
}

/** What Filestore's provisioner would do. To bind volume and claim is the controller manager's work. */
export function provisioning(
  claims: readonly V1PersistentVolumeClaim[],
  classes: readonly V1StorageClass[],
  volumes: readonly V1PersistentVolume[],
): Provisioning {
  const known = new Set(volumes.map(({ metadata }) => metadata?.name));
  const create = claims.filter(isWaiting).flatMap((claim) => {
    const storageClass = classes.find(({ metadata }) => metadata?.name === claim.spec?.storageClassName);
    if (storageClass?.provisioner !== filestore || !isItsTime(claim, storageClass)) return [];
    const volume = volumeFor(claim, storageClass);
    return known.has(volume.metadata?.name) ? [] : [volume];
  });
  return { create, remove: volumes.filter(isLeftOver) };
}

/** Carries it out. */
export async function provision(
  api: Api,
  claims: Mirror<V1PersistentVolumeClaim>,
  classes: Mirror<V1StorageClass>,
  volumes: Mirror<V1PersistentVolume>,
): Promise<void> {
  const path = "/api/v1/persistentvolumes";
  const { create, remove } = provisioning(claims.items, classes.items, volumes.items);
  for (const body of create) {
    const { claimRef } = body.spec ?? {};
    await unless(409, async () => {
      volumes.put(await api.send<V1PersistentVolume>({ method: "POST", path, body }));
      console.log(`made volume ${body.metadata?.name} for claim ${claimRef?.namespace}/${claimRef?.name}`);
    });
  }
  for (const { metadata } of remove) {
    await unless(404, async () => {
      await api.send({ method: "DELETE", path: `${path}/${metadata?.name}` });
      console.log(`deleted volume ${metadata?.name}: its claim is gone`);
    });
  }
}

function isWaiting({ metadata, spec, status }: V1PersistentVolumeClaim): boolean {
  const isNew = spec?.volumeName === undefined && metadata?.deletionTimestamp === undefined;
  return isNew && status?.phase === "Pending";
}

function isItsTime({ metadata }: V1PersistentVolumeClaim, { volumeBindingMode }: V1StorageClass): boolean {
  return volumeBindingMode !== "WaitForFirstConsumer" || metadata?.annotations?.[selectedNode] !== undefined;
}

function volumeFor(
  { metadata, spec }: V1PersistentVolumeClaim,
  storageClass: V1StorageClass,
): V1PersistentVolume {
  const { name = "", namespace = "", uid = "" } = metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `pvc-${uid}`, annotations: { [provisionedBy]: filestore } },
    spec: {
      accessModes: [...(spec?.accessModes ?? [])],
      capacity: { storage: spec?.resources?.requests?.["storage"] ?? "" },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
      csi: { driver: filestore, volumeHandle: `simulated/${uid}` },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      storageClassName: storageClass.metadata?.name ?? "",
    },
  };
}

function isLeftOver({ metadata, spec, status }: V1PersistentVolume): boolean {
  const isOurs = metadata?.annotations?.[provisionedBy] === filestore;
  const isFree = status?.phase === "Released" && metadata?.deletionTimestamp === undefined;
  return isOurs && isFree && spec?.persistentVolumeReclaimPolicy === "Delete";
}

/** It was there already, or gone. */
async function unless(code: number, request: () => Promise<void>): Promise<void> {
  try {
    await request();
  } catch (error) {
    if (!(error instanceof ApiError && error.code === code)) throw error;
  }
}
