import type { Machine } from "./machine";

/** What pods can ask for on one node. */
export interface Room {
  readonly cpu: number;
  /** In units of `Gi`, rounded down to a tenth. */
  readonly memoryGb: number;
}

/** Of each so many GiB, the part that GKE keeps. */
const memoryTiers = [
  { upTo: 4, kept: 0.25 },
  { upTo: 8, kept: 0.2 },
  { upTo: 16, kept: 0.1 },
  { upTo: 128, kept: 0.06 },
  { upTo: Infinity, kept: 0.02 },
];
const evictionGb = 100 / 1024;
/** An estimate: GKE keeps 0.06 to 0.6 CPUs, and its own pods on each node ask for some too. */
const keptCpu = 0.5;

/**
 * What a node of a machine type has for pods, about: without what GKE keeps for itself
 * (https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes).
 */
export function roomOn({ cpu, memoryGb }: Machine): Room {
  const kept = memoryTiers.reduce((sum, tier, index) => {
    const from = memoryTiers[index - 1]?.upTo ?? 0;
    return sum + tier.kept * Math.max(0, Math.min(memoryGb, tier.upTo) - from);
  }, evictionGb);
  return { cpu: cpu - keptCpu, memoryGb: Math.floor((memoryGb - kept) * 10) / 10 };
}
