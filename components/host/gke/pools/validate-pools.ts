import { checkDnsLabel, checkName, checkWhole } from "../../../kubernetes/checks";
import { checkMachine } from "../machines/check-machine";
import { checkCapacity, checkSharing, checkUpgrade } from "./check-capacity";
import { checkLabels } from "./node-labels";
import { defaultUpgrade, systemPool, type CpuPoolArgs, type GpuPoolArgs } from "./pool-args";
import { isZone } from "./pool-properties";

/** Where pools are, as far as their faults depend on it. */
export interface PoolSurroundings {
  /** The cluster's logical name, which the pools' names begin with. */
  readonly clusterName?: string | undefined;
  /** The cluster's region, or zone. */
  readonly region: string;
  /** The zones of its nodes. @default those that GKE picks */
  readonly zones?: readonly string[] | undefined;
  /** @default true */
  readonly imageStreaming?: boolean | undefined;
}

export interface Pools extends PoolSurroundings {
  readonly systemPool?: Omit<CpuPoolArgs, "name"> | undefined;
  readonly cpuPools?: readonly CpuPoolArgs[] | undefined;
  readonly gpuPools?: readonly GpuPoolArgs[] | undefined;
}

/** The faults of all pools of a cluster, each with its path: `gpuPools[0].max`. */
export function validatePools(pools: Pools): string[] {
  const { cpuPools = [], gpuPools = [] } = pools;
  const system = systemPool(pools.systemPool);
  return [
    ...validateCpuPool("systemPool", system, pools),
    ...(system.min === undefined || system.min < 1
      ? [
          `systemPool.min: got ${system.min ?? "none"}; allowed: at least 1, because the cluster's own pods run there`,
        ]
      : []),
    ...cpuPools.flatMap((pool, index) => validateCpuPool(`cpuPools[${index}]`, pool, pools)),
    ...gpuPools.flatMap((pool, index) => validateGpuPool(`gpuPools[${index}]`, pool, pools)),
    ...checkTwice(system, cpuPools, gpuPools),
    ...checkTotal([system, ...cpuPools, ...gpuPools]),
  ];
}

/** The faults of one pool with GPUs; `where` is its path. */
export function validateGpuPool(where: string, pool: GpuPoolArgs, surroundings: PoolSurroundings): string[] {
  const { gpu, capacity = { kind: "on-demand" } } = pool;
  return [
    ...checkCommon(where, pool, surroundings),
    ...(gpu.count === undefined ? [] : checkWhole(`${where}.gpu.count`, gpu.count, 1, 16)),
    ...checkSharing(`${where}.gpu.sharing`, gpu.sharing ?? { kind: "none" }),
    ...checkCapacity(where, pool.min, capacity),
    ...checkUpgrade(where, pool.upgrade, capacity, defaultUpgrade.gpu),
    ...checkPreload(`${where}.preloadDisk`, pool.preloadDisk, surroundings),
  ];
}

/** The faults of one pool without GPUs; `where` is its path. */
export function validateCpuPool(where: string, pool: CpuPoolArgs, surroundings: PoolSurroundings): string[] {
  const { capacity = { kind: "on-demand" } } = pool;
  return [
    ...checkCommon(where, pool, surroundings),
    ...checkCapacity(where, pool.min, capacity),
    ...checkUpgrade(where, pool.upgrade, capacity, defaultUpgrade.cpu),
  ];
}

type Pool = CpuPoolArgs | GpuPoolArgs;

function checkCommon(where: string, pool: Pool, surroundings: PoolSurroundings): string[] {
  const { machineType, min = 0, max, localSsd, disk = {}, placement, computeClass } = pool;
  const gpu = "gpu" in pool ? pool.gpu : undefined;
  const zones = zonesOf(pool, surroundings);
  return [
    ...checkPoolName(where, pool.name, surroundings),
    ...checkWhole(`${where}.min`, min, 0),
    ...checkMax(where, pool, zones),
    ...(min > max ? [`${where}.min: got ${min}; allowed: at most max, which is ${max}`] : []),
    ...checkPoolZones(where, pool.zones, surroundings.region),
    ...(placement === "compact" && zones?.length !== 1
      ? [`${where}.zones: ${gotZones(zones)}; allowed: one, because placement is compact`]
      : []),
    ...checkMachine({
      where,
      machineType,
      gpu,
      localSsd,
      diskType: disk.type,
      // Whoever knows better than the catalogue says so there.
      zones: pool.overrides?.nodeLocations === undefined ? zones : undefined,
      zonesOf:
        pool.zones === undefined && surroundings.zones !== undefined
          ? { where: "zones", poolName: pool.name }
          : undefined,
      sharing: gpu?.sharing,
      placement,
    }),
    ...(disk.sizeGb === undefined ? [] : checkWhole(`${where}.disk.sizeGb`, disk.sizeGb, leastDisk, 65_536)),
    ...checkLabels(`${where}.labels`, pool.labels ?? {}),
    ...(computeClass === undefined ? [] : checkDnsLabel(`${where}.computeClass`, computeClass)),
  ];
}

/** GB. The driver of buckets asks for 5 in each pod, our containers for 1, and images and GPU drivers lie there too. */
const leastDisk = 50;

/** What Google's names of pools may have, and what Pulumi adds to ours. */
const longestName = 40;
const added = 8;

function checkPoolName(where: string, name: string, { clusterName }: PoolSurroundings): string[] {
  const faults = checkName(name, 20).map((fault) => `${where}.${fault}`);
  if (faults.length > 0 || clusterName === undefined) return faults;
  const whole = `${clusterName}-${name}`;
  const most = longestName - added - clusterName.length - 1;
  return whole.length + added <= longestName
    ? []
    : [
        `${where}.name: got "${name}"; allowed: at most ${Math.max(most, 0)} characters, because "${whole}" and the ` +
          `${added} that are added must fit into ${longestName} (or a shorter name of the cluster)`,
      ];
}

/** https://cloud.google.com/kubernetes-engine/quotas: nodes per zone of a pool. */
const mostPerZone = 1000;
/** https://cloud.google.com/kubernetes-engine/docs/how-to/compact-placement */
const mostCompact = 1500;
/** https://cloud.google.com/kubernetes-engine/quotas: nodes per cluster; more only as Google's support agrees. */
const mostPerCluster = 15_000;

function checkMax(where: string, { max, placement }: Pool, zones: readonly string[] | undefined): string[] {
  const most = mostPerZone * Math.max(1, zones?.length ?? 3);
  return checkWhole(`${where}.max`, max, 1, placement === "compact" ? Math.min(mostCompact, most) : most);
}

function checkPoolZones(where: string, zones: readonly string[] | undefined, location: string): string[] {
  if (zones === undefined) return [];
  const region = isZone(location) ? location.slice(0, -2) : location;
  if (zones.length === 0)
    return [`${where}.zones: got none; allowed: one or more, or leave it out for the cluster's`];
  return zones.flatMap((zone, index) => {
    const path = `${where}.zones[${index}]`;
    if (zones.indexOf(zone) !== index) return [`${path}: got "${zone}" twice; allowed: once`];
    return zone.startsWith(`${region}-`) && zone.length > region.length + 1
      ? []
      : [`${path}: got "${zone}"; allowed: a zone of ${region}, where the cluster is`];
  });
}

function gotZones(zones: readonly string[] | undefined): string {
  return zones === undefined ? "got none" : `got ${zones.map((zone) => `"${zone}"`).join(", ")}`;
}

function zonesOf(pool: Pool, { zones, region }: PoolSurroundings): readonly string[] | undefined {
  return pool.zones ?? zones ?? (isZone(region) ? [region] : undefined);
}

/** https://cloud.google.com/kubernetes-engine/docs/how-to/data-container-image-preloading */
function checkPreload(
  where: string,
  image: string | undefined,
  { imageStreaming }: PoolSurroundings,
): string[] {
  if (image === undefined) return [];
  return [
    ...(/^(projects\/[a-z0-9.:-]+\/)?global\/images\/[a-z]([a-z0-9-]*[a-z0-9])?$/.test(image)
      ? []
      : [`${where}: got "${image}"; allowed: global/images/I or projects/P/global/images/I`]),
    ...(imageStreaming === false
      ? [`${where}: got "${image}"; allowed: none without image streaming, which reads from it`]
      : []),
  ];
}

function checkTwice(system: CpuPoolArgs, cpu: readonly CpuPoolArgs[], gpu: readonly GpuPoolArgs[]): string[] {
  const named = [
    { path: "systemPool", name: system.name },
    ...cpu.map(({ name }, index) => ({ path: `cpuPools[${index}]`, name })),
    ...gpu.map(({ name }, index) => ({ path: `gpuPools[${index}]`, name })),
  ];
  return named.flatMap(({ path, name }, index) => {
    const first = named.findIndex((other) => other.name === name);
    const holder = named[first];
    return first < index && holder !== undefined
      ? [`${path}.name: got "${name}", which is ${holder.path}'s; allowed: another name`]
      : [];
  });
}

function checkTotal(pools: readonly Pool[]): string[] {
  // Of those that are numbers; the others have their own fault.
  const total = pools.reduce((sum, { max }) => (Number.isInteger(max) ? sum + max : sum), 0);
  return total <= mostPerCluster
    ? []
    : [
        `gpuPools: got a max of ${total} nodes in all pools together; allowed: at most ${mostPerCluster} in a cluster`,
      ];
}
