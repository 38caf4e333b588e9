import type { GkeClusterArgs, Maintenance } from "../components/host/gke/cluster-args";
import type { NetworkArgs } from "../components/host/gke/network/validate-network";
import { defined } from "../components/defined";
import type { Environment } from "./environment";
import { tiers, type TierName } from "./tiers";

export type GkeHost = Extract<Environment["host"], { kind: "gke" }>;

/** A cluster's arguments: what the document says, and for the rest what the environment's tier does. */
export function gkeArgs({
  name,
  tier,
  host,
  oscar,
}: Pick<Environment, "oscar"> & {
  readonly name: string;
  readonly tier: TierName;
  readonly host: GkeHost;
}): GkeClusterArgs {
  const { kind: _kind, network, systemPool, gpuPools, cpuPools, computeClasses, ...others } = host;
  const {
    labels,
    deletionProtection,
    enableServices,
    maintenance,
    gateway,
    certManager: _,
    ...rest
  } = others;
  const defaults = tiers[tier];
  return {
    ...defined(rest),
    // OSCAR brings Traefik, and the Gateway API that it takes.
    ...((gateway !== undefined || oscar !== undefined) && { gatewayScope: gateway?.kind ?? "none" }),
    ...(maintenance !== undefined && { maintenance: inFull(maintenance) }),
    cpuPools: (cpuPools ?? []).map(defined),
    computeClasses: (computeClasses ?? []).map(({ gpu, ...each }) => ({
      ...defined(each),
      gpu: defined(gpu),
    })),
    network: networkArgs(network, defaults.flowLogs),
    systemPool: { ...defaults.systemPool, ...defined(systemPool ?? {}) },
    gpuPools: (gpuPools ?? []).map((pool) => ({ capacity: defaults.gpuCapacity, ...defined(pool) })),
    undeleteDays: defaults.undeleteDays,
    deletionProtection: deletionProtection ?? defaults.isProtected,
    enableServices: enableServices ?? true,
    labels: { ...labelsOf({ name, tier }), ...labels },
  };
}

/** By which a bill tells what it is for. */
export function labelsOf({
  name,
  tier,
}: {
  readonly name: string;
  readonly tier: TierName;
}): Record<string, string> {
  return { environment: tier, application: name, "managed-by": "pulumi" };
}

function networkArgs(network: GkeHost["network"], flowLogs: boolean): NetworkArgs {
  return network?.kind === "existing"
    ? network
    : { flowLogs, ...defined(network ?? { kind: "new" as const }) };
}

function inFull({ exclusions, ...window }: NonNullable<GkeHost["maintenance"]>): Maintenance {
  return { ...window, ...(exclusions !== undefined && { exclusions: exclusions.map(defined) }) };
}
