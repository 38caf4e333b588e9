import type { Capacity } from "../components/host/gke/pools/pool-args";

/** What an environment is by default, where its document says nothing. */
export interface Tier {
  /** Whether the data outlives the stack. */
  readonly keepsData: boolean;
  /** Whether what holds data, and the cluster, are guarded against deletion, by Pulumi and by the cloud. */
  readonly isProtected: boolean;
  /** For how many days what was deleted from a model's bucket can be had back, and is paid for. */
  readonly undeleteDays: number;
  /** Whether the network's traffic is logged, and the logs are paid for. */
  readonly flowLogs: boolean;
  /** The nodes that everything runs on which asks for no GPU. */
  readonly systemPool: { readonly machineType: string; readonly min: number; readonly max: number };
  /** How GPU nodes are had. */
  readonly gpuCapacity: Capacity;
  /** How long answers of the DNS may be remembered, in seconds: as long as a change may take to be seen. */
  readonly dnsTtlSeconds: number;
  /** Whether certificates are ones that browsers trust, of which Let's Encrypt gives out so many a week. */
  readonly trustedCertificates: boolean;
  /** Whether a model server shows its documentation to whoever reaches it. */
  readonly serverDocs: boolean;
}

/** All defaults that differ from one environment to another, side by side. */
export const tiers = {
  development: {
    keepsData: false,
    isProtected: false,
    undeleteDays: 0,
    flowLogs: false,
    systemPool: { machineType: "e2-standard-4", min: 1, max: 3 },
    gpuCapacity: { kind: "spot" },
    dnsTtlSeconds: 60,
    trustedCertificates: false,
    serverDocs: true,
  },
  // Like production, but that it may be thrown away.
  staging: {
    keepsData: false,
    isProtected: false,
    undeleteDays: 7,
    flowLogs: true,
    systemPool: { machineType: "e2-standard-4", min: 2, max: 4 },
    gpuCapacity: { kind: "spot" },
    dnsTtlSeconds: 60,
    trustedCertificates: false,
    serverDocs: false,
  },
  production: {
    keepsData: true,
    isProtected: true,
    undeleteDays: 30,
    flowLogs: true,
    // One for each zone.
    systemPool: { machineType: "e2-standard-4", min: 3, max: 6 },
    gpuCapacity: { kind: "on-demand" },
    dnsTtlSeconds: 300,
    trustedCertificates: true,
    serverDocs: false,
  },
} as const satisfies Record<string, Tier>;

export type TierName = keyof typeof tiers;
