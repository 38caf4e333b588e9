import type {
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1PersistentVolumeSpec,
  V1Pod,
  V1StorageClass,
} from "@kubernetes/client-node";
import { ApiError, type Api } from "./api";
import type { Mirror } from "./mirror";
import { isLeaving } from "./pods";

/** Whose volumes we always make, as its driver would; those of the sandbox's own classes the controller manager makes. */
export const filestore = "filestore.csi.storage.gke.io";

/** An address that no one has (RFC 5737), where an NFS server would answer. */
const nfsServer = "192.0.2.40";

/** Who made a volume, and whose it is to delete. */
const provisionedBy = "pv.kubernetes.io/provisioned-by";
/** Where the scheduler will put the first pod that uses the claim. */
const selectedNode = "volume.kubernetes.io/selected-node";

export interface Provisioning {
  readonly create: readonly V1PersistentVolume[];
  readonly remove: readonly V1PersistentVolume[];
}

/**
 * Whose volumes we make now, by the provisioners' names: Filestore's, and those of NFS servers in the cluster while their
 * pods run, which are told by an argument whose they are.
 */
export function provisionersAmong(pods: readonly V1Pod[]): ReadonlySet<string> {
  const names = pods
    .filter((pod) => pod.status?.phase === "Running" && !isLeaving(pod))
    .flatMap(({ spec }) => spec?.containers ?? [])
    .flatMap(({ args = [] }) => args.flatMap((each) => /^-provisioner=(.+)$/.exec(each)?.[1] ?? []));
  return new Set([filestore, ...names]);
}

/** What these provisioners would do. To bind volume and claim is the controller manager's work. */
export function provisioning(
  provisioners: ReadonlySet<string>,
  claims: readonly V1PersistentVolumeClaim[],
  classes: readonly V1StorageClass[],
  volumes: readonly V1PersistentVolume[],
): Provisioning {
  const known = new Set(volumes.map(({ metadata }) => metadata?.name));
  const create = claims.filter(isWaiting).flatMap((claim) => {
    const storageClass = classes.find(({ metadata }) => metadata?.name === claim.spec?.storageClassName);
    if (storageClass === undefined || !provisioners.has(storageClass.provisioner)) return [];
    if (!isItsTime(claim, storageClass)) return [];
    const volume = volumeFor(claim, storageClass);
    return known.has(volume.metadata?.name) ? [] : [volume];
  });
  return { create, remove: volumes.filter((volume) => isLeftOver(volume, provisioners)) };
}

/** Carries it out. */
export async function provision(
  api: Api,
  pods: Mirror<V1Pod>,
  claims: Mirror<V1PersistentVolumeClaim>,
  classes: Mirror<V1StorageClass>,
  volumes: Mirror<V1PersistentVolume>,
): Promise<void> {
  const path = "/api/v1/persistentvolumes";
  const provisioners = provisionersAmong(pods.items);
  const { create, remove } = provisioning(provisioners, claims.items, classes.items, volumes.items);
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
  const { provisioner, mountOptions, reclaimPolicy = "Delete" } = storageClass;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `pvc-${uid}`, annotations: { [provisionedBy]: provisioner } },
    spec: {
      accessModes: [...(spec?.accessModes ?? [])],
      capacity: { storage: spec?.resources?.requests?.["storage"] ?? "" },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
      ...sourceFor(provisioner, uid),
      ...(mountOptions !== undefined && { mountOptions }),
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: storageClass.metadata?.name ?? "",
    },
  };
}

function sourceFor(provisioner: string, uid: string): Partial<V1PersistentVolumeSpec> {
  return provisioner === filestore
    ? { csi: { driver: filestore, volumeHandle: `simulated/${uid}` } }
    : { nfs: { server: nfsServer, path: `/export/pvc-${uid}` } };
}

function isLeftOver(
  { metadata, spec, status }: V1PersistentVolume,
  provisioners: ReadonlySet<string>,
): boolean {
  const isOurs = provisioners.has(metadata?.annotations?.[provisionedBy] ?? "");
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
