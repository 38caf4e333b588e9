import type { NodePoolArgs } from "@pulumi/gcp/container";
import type { types } from "@pulumi/gcp";
import type { Input } from "@pulumi/pulumi";
import { nvidiaGpu } from "../../nvidia";
import { gpuCount, machineNamed } from "../machines/catalogue";
import {
  defaultUpgrade,
  type Capacity,
  type CpuPoolArgs,
  type GpuPoolArgs,
  type GpuSharing,
} from "./pool-args";

/** What a pool has of its cluster. */
export interface PoolContext {
  /** The cluster's id, whole: it says project and location too. */
  readonly cluster: Input<string>;
  /** Its region or zone. */
  readonly location: string;
  /** The zones of its nodes. @default those that GKE picked */
  readonly zones?: readonly string[] | undefined;
  /** The address of the nodes' service account. */
  readonly serviceAccount: Input<string>;
  /** Whether images run before they are there in whole. Works for those of Artifact Registry. */
  readonly imageStreaming: boolean;
  /** Whether nodes have no public address. @default true */
  readonly privateNodes?: boolean | undefined;
  /** The key of Cloud KMS for the nodes' disks. @default Google's own */
  readonly kmsKey?: Input<string> | undefined;
  /** Google's labels of the nodes and their disks, for bills. */
  readonly resourceLabels?: Readonly<Record<string, string>> | undefined;
  /** Network tags, for firewall rules. */
  readonly tags?: readonly string[] | undefined;
}

type NodeConfig = types.input.container.NodePoolNodeConfig;

/** As `NodePoolArgs`, with a `nodeConfig` that can be read. */
export interface PoolProperties extends NodePoolArgs {
  readonly nodeConfig: NodeConfig;
}

/** What Google is told of a pool; with `gpu`, of one of GPU nodes. */
export function poolProperties(pool: GpuPoolArgs | CpuPoolArgs, context: PoolContext): PoolProperties {
  return "gpu" in pool ? gpuPoolProperties(pool, context) : cpuPoolProperties(pool, context);
}

/**
 * What Google is told of a pool of GPU nodes. What is not set is left out rather than empty: Google's provider takes an
 * empty object for a change, for ever
 * (https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools).
 */
export function gpuPoolProperties(pool: GpuPoolArgs, context: PoolContext): PoolProperties {
  const { gpu, capacity = { kind: "on-demand" }, preloadDisk, fastNetwork = false, min = 0 } = pool;
  const properties = commonProperties(pool, context, capacity, defaultUpgrade.gpu);
  return withOverrides(pool, {
    ...properties,
    // Per zone. Never more than is wanted, because quota for GPUs is scarce; the autoscaler makes the rest.
    initialNodeCount: Math.floor(min / zoneCount(pool, context)),
    ...(capacity.kind === "queued" && { queuedProvisioning: { enabled: true } }),
    nodeConfig: {
      ...properties.nodeConfig,
      guestAccelerators: [
        {
          type: gpu.type,
          count: gpuCount(pool.machineType, gpu),
          gpuDriverInstallationConfig: { gpuDriverVersion: drivers[gpu.driver ?? "default"] },
          ...sharingProperties(gpu.sharing ?? { kind: "none" }),
        },
      ],
      // GKE leaves its own taint out where a cluster has GPU nodes only; and a second one would be refused.
      taints: [
        { key: nvidiaGpu, value: "present", effect: "NO_SCHEDULE" },
        ...computeClassTaints(pool.computeClass),
      ],
      ...(fastNetwork && { gvnic: { enabled: true }, fastSocket: { enabled: true } }),
      ...(preloadDisk !== undefined && {
        secondaryBootDisks: [{ diskImage: preloadDisk, mode: "CONTAINER_IMAGE_CACHE" }],
      }),
    },
  });
}

/** What Google is told of a pool of nodes without GPUs. */
export function cpuPoolProperties(pool: CpuPoolArgs, context: PoolContext): PoolProperties {
  const { capacity = { kind: "on-demand" }, min = 0, computeClass } = pool;
  const properties = commonProperties(pool, context, capacity, defaultUpgrade.cpu);
  return withOverrides(pool, {
    ...properties,
    // Per zone. Never fewer than are wanted: the system's own pods wait for them.
    initialNodeCount: Math.ceil(min / zoneCount(pool, context)),
    nodeConfig: {
      ...properties.nodeConfig,
      ...(computeClass !== undefined && { taints: computeClassTaints(computeClass) }),
    },
  });
}

function commonProperties(
  pool: CpuPoolArgs | GpuPoolArgs,
  context: PoolContext,
  capacity: Capacity,
  upgradeDefaults: { readonly maxSurge: number; readonly maxUnavailable: number },
): PoolProperties {
  const { cluster, location, zones, privateNodes = true } = context;
  const nodeLocations = pool.zones ?? zones;
  const { maxSurge = upgradeDefaults.maxSurge, maxUnavailable = upgradeDefaults.maxUnavailable } =
    pool.upgrade ?? {};
  // What runs for a week at most is neither repaired nor upgraded: Google refuses both.
  const shortLived = capacity.kind === "flex-start" || capacity.kind === "queued";
  return {
    cluster,
    location,
    ...(nodeLocations !== undefined && { nodeLocations: [...nodeLocations] }),
    autoscaling: {
      totalMinNodeCount: pool.min ?? 0,
      totalMaxNodeCount: pool.max,
      // Goes where there is a reservation, or room: fewer spot nodes are taken back.
      locationPolicy: "ANY",
    },
    // The count is the autoscaler's.
    ignoreNodeCountChanges: true,
    management: { autoRepair: !shortLived, autoUpgrade: true },
    ...(!shortLived && { upgradeSettings: { strategy: "SURGE", maxSurge, maxUnavailable } }),
    networkConfig: { enablePrivateNodes: privateNodes },
    // A pool that another takes the place of is deleted whole; its pods go as their budgets allow, within the hour.
    nodeDrainConfigs: [{ respectPdbDuringNodePoolDeletion: true }],
    ...(pool.placement === "compact" && { placementPolicy: { type: "COMPACT" } }),
    nodeConfig: {
      ...nodeProperties(pool, context),
      ...capacityProperties(capacity),
    },
  };
}

function nodeProperties(pool: CpuPoolArgs | GpuPoolArgs, context: PoolContext): NodeConfig {
  const { machineType, disk = {}, computeClass } = pool;
  const { serviceAccount, imageStreaming, kmsKey, resourceLabels = {}, tags = [] } = context;
  const machine = machineNamed(machineType);
  const diskType = disk.type ?? machine?.bootDisks[0];
  const fixedSsd = machine?.localSsd.kind === "fixed" ? machine.localSsd.count : undefined;
  // Said even where the machine always has them: else Google's answer would look like a change.
  const localSsdCount = pool.localSsd ?? fixedSsd;
  const labels = { ...pool.labels, ...(computeClass !== undefined && { [computeClassKey]: computeClass }) };
  return {
    machineType,
    imageType: "COS_CONTAINERD",
    ...(diskType !== undefined && { diskType }),
    diskSizeGb: disk.sizeGb ?? 100,
    ...(kmsKey !== undefined && { bootDiskKmsKey: kmsKey }),
    ...(localSsdCount !== undefined && { ephemeralStorageLocalSsdConfig: { localSsdCount } }),
    serviceAccount,
    // What the account may do is said by its roles.
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    metadata: { "disable-legacy-endpoints": "true" },
    kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
    ...(imageStreaming && { gcfsConfig: { enabled: true } }),
    // Said where the machine has no other network card: else Google's answer might look like a change.
    ...(machine !== undefined && !olderFamilies.includes(machine.family) && { gvnic: { enabled: true } }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(resourceLabels).length > 0 && { resourceLabels: { ...resourceLabels } }),
    ...(tags.length > 0 && { tags: [...tags] }),
  };
}

/** Those that can still do without gVNIC (https://cloud.google.com/compute/docs/networking/using-gvnic). */
const olderFamilies = ["e2", "n1", "n2", "n2d", "t2d", "c2"];

function capacityProperties(capacity: Capacity): Partial<NodeConfig> {
  switch (capacity.kind) {
    case "on-demand":
      return {};
    case "spot":
      return { spot: true };
    case "flex-start":
    case "queued":
      return {
        // A queue's nodes too: https://cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest
        flexStart: true,
        // Said even where it is Google's default: else Google's answer would look like a change.
        maxRunDuration: `${Math.round((capacity.maxRunHours ?? mostRunHours) * 3600)}s`,
        reservationAffinity: { consumeReservationType: "NO_RESERVATION" },
      };
    case "reservation":
      return {
        reservationAffinity:
          capacity.name === undefined
            ? { consumeReservationType: "ANY_RESERVATION" }
            : {
                consumeReservationType: "SPECIFIC_RESERVATION",
                key: "compute.googleapis.com/reservation-name",
                values: [capacity.name],
              },
      };
  }
}

/** A week: https://cloud.google.com/kubernetes-engine/docs/concepts/dws */
export const mostRunHours = 168;

const drivers = { default: "DEFAULT", latest: "LATEST", disabled: "INSTALLATION_DISABLED" } as const;

function sharingProperties(
  sharing: GpuSharing,
): Partial<types.input.container.NodePoolNodeConfigGuestAccelerator> {
  switch (sharing.kind) {
    case "none":
      return {};
    case "time-sharing":
      return shared("TIME_SHARING", sharing.clients);
    case "mps":
      return shared("MPS", sharing.clients);
    case "mig":
      return { gpuPartitionSize: sharing.partition };
  }
}

function shared(gpuSharingStrategy: string, maxSharedClientsPerGpu: number) {
  return { gpuSharingConfig: { gpuSharingStrategy, maxSharedClientsPerGpu } };
}

/** The label and taint of nodes that belong to a compute class. */
export const computeClassKey = "cloud.google.com/compute-class";

function computeClassTaints(computeClass: string | undefined) {
  return computeClass === undefined
    ? []
    : [{ key: computeClassKey, value: computeClass, effect: "NO_SCHEDULE" }];
}

/** Where the zones are not known, a region has three. */
function zoneCount(pool: CpuPoolArgs | GpuPoolArgs, { zones, location }: PoolContext): number {
  return (pool.zones ?? zones)?.length ?? (isZone(location) ? 1 : 3);
}

export function isZone(location: string): boolean {
  return /-[a-z]$/.test(location);
}

function withOverrides(
  { overrides = {} }: CpuPoolArgs | GpuPoolArgs,
  properties: PoolProperties,
): PoolProperties {
  const { nodeConfig, ...others } = overrides;
  return { ...properties, ...others, nodeConfig: { ...properties.nodeConfig, ...nodeConfig } };
}
