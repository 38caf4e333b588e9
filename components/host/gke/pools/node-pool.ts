import { NodePool } from "@pulumi/gcp/container";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { checkName } from "../../../kubernetes/checks";
import { refuseFaults } from "../../../refuse";
import type { CpuPoolArgs, GpuPoolArgs } from "./pool-args";
import { poolProperties, type PoolContext } from "./pool-properties";
import { validateCpuPool, validateGpuPool } from "./validate-pools";

export interface GkeNodePoolArgs {
  /** The pool; with `gpu`, its nodes have GPUs. */
  readonly pool: GpuPoolArgs | CpuPoolArgs;
  readonly context: PoolContext;
}

/**
 * A pool of like nodes in a GKE cluster.
 *
 * ```ts
 * const pool = new GkeNodePool("prod-l4", {
 *   pool: { name: "l4", machineType: "g2-standard-8", gpu: { type: "nvidia-l4" }, max: 4 },
 *   context: { cluster: cluster.id, location: "europe-west4", serviceAccount: account.email, imageStreaming: true },
 * }, { dependsOn: system.pool });
 * ```
 *
 * Costs what its nodes cost, and nothing while there are none. What cannot be changed on a living pool, or only by
 * emptying its nodes one by one, makes another pool, and the old one goes when that is there; pods move by themselves,
 * and a training starts again. It asks Google for no quota.
 */
export class GkeNodePool extends ComponentResource {
  /** Google's name of it, which its nodes' label `cloud.google.com/gke-nodepool` has. */
  readonly name: Output<string>;
  /** For whoever must come after its first nodes. */
  readonly pool: NodePool;

  /** `dependsOn` holds for the pool itself: GPU nodes want the system's pool before them. */
  constructor(name: string, args: GkeNodePoolArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:host:GkeNodePool", name, {}, opts);
    refuseFaults(this, `GkeNodePool ${name}`, validateNodePool(name, args));
    this.pool = new NodePool(name, poolProperties(args.pool, args.context), {
      parent: this,
      ...(opts?.dependsOn !== undefined && { dependsOn: opts.dependsOn }),
      // Google counts every node here that someone adds by hand, and would make another pool of it.
      ignoreChanges: ["initialNodeCount"],
      replaceOnChanges: [...replaced],
      customTimeouts: { create: "45m", update: "45m", delete: "45m" },
    });
    this.name = this.pool.name;
    this.registerOutputs({ name: this.name });
  }
}

/** The faults of a pool by itself, all of them. Pulumi adds 8 characters to the name. */
export function validateNodePool(name: string, { pool, context }: GkeNodePoolArgs): string[] {
  const { location, zones, imageStreaming } = context;
  const surroundings = { region: location, zones, imageStreaming };
  return [
    ...checkName(name, 32),
    ...("gpu" in pool
      ? validateGpuPool("pool", pool, surroundings)
      : validateCpuPool("pool", pool, surroundings)),
  ];
}

/**
 * What makes another pool. Some of it Google cannot change at all (the driver among it, which its provider plans as an
 * update all the same); the rest it changes by taking each node away and making it anew, with nothing in between where
 * there is no quota for one more.
 */
const replaced = [
  "placementPolicy",
  "queuedProvisioning",
  ...[
    "machineType",
    "guestAccelerators",
    "diskType",
    "diskSizeGb",
    "bootDiskKmsKey",
    "ephemeralStorageLocalSsdConfig",
    "secondaryBootDisks",
    "spot",
    "flexStart",
    "maxRunDuration",
    "reservationAffinity",
  ].map((property) => `nodeConfig.${property}`),
];
