import { acmeServers } from "../../exposure/tls/tls";
import { nvidiaGpu } from "../../host/nvidia";
import type { ClusterHandle } from "../../host/cluster-handle";
import { checkSize, type Check } from "../../kubernetes/checks";
import { bytes } from "../../kubernetes/container";
import { messageOf } from "../../messages";
import { validateObjectStorage } from "./minio/validate-object-storage";
import type { OscarClusterArgs, SharedStorageArgs } from "./oscar-args";
import { isVerified } from "./oscar-parts";
import { hostsOf, placeOf } from "./oscar-routes";
import { validateOscarFront } from "./validate-front";
import { validateServices } from "./validate-services";
import { ownVolume, validateUsers } from "./validate-users";

/** The faults of the arguments, all of them. */
export function validateOscarCluster(name: string, args: OscarClusterArgs): string[] {
  const { cluster, knative = "install", kserve = false, version } = args;
  const faults = [
    ...frontFaults(name, args),
    ...clusterFaults(cluster),
    ...sharedFaults(cluster, args.sharedStorage),
    ...objectStorageFaults(args),
    ...(kserve && knative === "none"
      ? ['kserve: got true with knative "none"; needed: knative, by which OSCAR makes the services of KServe']
      : []),
    ...validateUsers(args),
    ...validateServices(args),
    ...(args.tolerateGpuTaint === true ? gpuFaults(cluster) : []),
    ...(version === undefined ? [] : checkVersion("version", version)),
  ];
  // A host of the storage's is looked at with the storage, and with the front.
  return [...new Set(faults)];
}

/** Of the name, too: what it is made of has room for longer ones. The hosts are told by where they stand here. */
function frontFaults(name: string, args: OscarClusterArgs): string[] {
  const { cluster, exposure, zone } = args;
  const found = hostsOf(args);
  const places = found.map(placeOf);
  const faults = validateOscarFront(name, { cluster, exposure, zone, hosts: found.map(({ host }) => host) });
  return faults.map((fault) =>
    fault.replaceAll(/\bhosts\[(\d+)\]/g, (_, index) => places[Number(index)] ?? ""),
  );
}

function objectStorageFaults({ cluster, objectStorage, exposure }: OscarClusterArgs): string[] {
  if (objectStorage.kind === "external") return validateObjectStorage("objectStorage", objectStorage);
  const { storageClass = cluster.storage.readWriteOnce, host } = objectStorage;
  return [
    ...validateObjectStorage("objectStorage", { ...objectStorage, storageClass }),
    ...(host === undefined || isVerified(exposure) ? [] : [untrusted("objectStorage.host", host)]),
  ];
}

/**
 * The Manager of 4.1.2 lets one of its clients of MinIO off verifying certificates, and forgets another: the one that
 * signs addresses and tells whose a bucket is (its pkg/utils/minio.go).
 */
export function untrusted(where: string, host: string): string {
  return (
    `${where}: got "${host}" with a certificate that OSCAR does not trust; allowed: none, with which MinIO is reached from ` +
    "inside the cluster; or a certificate of the usual authorities (with ACME, issuer.server: " +
    `${acmeServers.production})`
  );
}

function clusterFaults({ privilegedPods }: ClusterHandle): string[] {
  return privilegedPods === false
    ? [
        "cluster: got one whose pods may not be privileged; needed: one whose pods may, because OSCAR shows services " +
          "buckets as folders by such pods (on GKE: not Autopilot)",
      ]
    : [];
}

function sharedFaults({ storage }: ClusterHandle, shared: SharedStorageArgs): string[] {
  if (shared.kind === "nfs") return diskFaults(storage, shared.size);
  const found = shared.class ?? storage.readWriteMany;
  const needed =
    "a class whose volumes pods of many nodes mount at once, here or as the cluster's storage.readWriteMany; or kind: " +
    'nfs, with a size, such as "50Gi"';
  if (found === undefined) return [`sharedStorage.class: missing; needed: ${needed}`];
  const ofOneNode = found.name === storage.readWriteOnce.name && found.name !== storage.readWriteMany?.name;
  return ofOneNode
    ? [`sharedStorage.class: got "${found.name}", whose volumes one node mounts; needed: ${needed}`]
    : [];
}

function diskFaults({ readWriteOnce }: ClusterHandle["storage"], size: string): string[] {
  const where = "sharedStorage.size";
  const unsound = checkSharedDisk(where, size);
  return unsound.length > 0 ? unsound : (readWriteOnce.checkSize?.(where, size) ?? []);
}

/** The disk of all shared volumes. */
export const checkSharedDisk: Check = (where, size) => {
  const unsound = checkSize(where, size);
  if (unsound.length > 0 || bytes(size) > bytes(ownVolume)) return unsound;
  return [`${where}: got "${size}"; allowed: more than ${ownVolume}, which OSCAR's own volume takes`];
};

function gpuFaults(cluster: ClusterHandle): string[] {
  if (cluster.toleratesGpuTaint === true)
    return ["tolerateGpuTaint: got true; allowed: false, because the cluster does so by itself"];
  try {
    const { resource, tolerations } = cluster.gpu();
    if (resource !== nvidiaGpu)
      return [
        `tolerateGpuTaint: got true with GPUs called ${resource}; allowed: false, because OSCAR knows ${nvidiaGpu} alone`,
      ];
    return tolerations.length > 0
      ? []
      : [
          "tolerateGpuTaint: got true; allowed: false, because the cluster's GPUs are asked for without tolerations",
        ];
  } catch (error) {
    return [`tolerateGpuTaint: ${messageOf(error)}`];
  }
}

/** The first whose chart knows all that is said to it. */
const oldest = "4.1.2";

export const checkVersion: Check = (where, value) =>
  /^\d+\.\d+\.\d+$/.test(value) && oldest.localeCompare(value, "en", { numeric: true }) <= 0
    ? []
    : [`${where}: got ${JSON.stringify(value)}; allowed: ${oldest} or later, without a v`];
