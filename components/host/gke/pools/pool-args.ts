import type { NodePoolArgs } from "@pulumi/gcp/container";
import type { types } from "@pulumi/gcp";

/** What pools with GPUs and pools without have in common. */
interface CommonPoolArgs {
  /** Its name within the cluster: a DNS label, a letter first, at most 20 characters. Of two pools never the same. */
  readonly name: string;
  /** What its nodes are: `g2-standard-8`. The catalogue (machines/) knows which there are. */
  readonly machineType: string;
  /** The most nodes, over all zones. */
  readonly max: number;
  /** The fewest nodes, over all zones, which are paid for whether they work or not. @default 0 */
  readonly min?: number | undefined;
  /** The zones of its nodes. @default the cluster's */
  readonly zones?: readonly string[] | undefined;
  /**
   * Whether its nodes are close together, for trainings on several nodes: in one zone, and not more than Google finds
   * room for.
   * @default "spread"
   */
  readonly placement?: "spread" | "compact" | undefined;
  /** The disk that its nodes boot from, which images lie on. */
  readonly disk?:
    | {
        /** @default what the machine takes: `pd-balanced`, or `hyperdisk-balanced` on newer ones */
        readonly type?: string | undefined;
        /** GB; GPU images and drivers are big. @default 100 */
        readonly sizeGb?: number | undefined;
      }
    | undefined;
  /**
   * How many local SSDs, of 375 GiB each, for what pods write (`emptyDir`, container layers). It goes with the node.
   * @default those that the machine always has, or none
   */
  readonly localSsd?: number | undefined;
  /**
   * How its nodes are upgraded: how many more, and how many fewer there may be meanwhile.
   * @default maxSurge 0 and maxUnavailable 1 with GPUs, because no quota is left for one more; 1 and 0 without
   */
  readonly upgrade?:
    { readonly maxSurge?: number | undefined; readonly maxUnavailable?: number | undefined } | undefined;
  /** Kubernetes' labels of its nodes, beside those that GKE gives them. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * The compute class that the pool belongs to, by a label and a taint `cloud.google.com/compute-class`: only pods that
   * ask for the class come there.
   * @default none
   */
  readonly computeClass?: string | undefined;
  /** Whatever else Google knows of pools; it takes the place of what is set here. */
  readonly overrides?: PoolOverrides | undefined;
}

/** Nodes with GPUs. */
export interface GpuPoolArgs extends CommonPoolArgs {
  readonly gpu: {
    /** The GPU as GKE names it: `nvidia-l4`. Pods ask for it by the label `cloud.google.com/gke-accelerator`. */
    readonly type: string;
    /** How many a node has. @default what the machine has built in; 1 on N1, which they are attached to */
    readonly count?: number | undefined;
    /**
     * NVIDIA's driver, which GKE installs: Google's pick, the newest, or none, where something else installs it. Secure
     * boot loads only drivers that Google has signed. Another one means another pool.
     * @default "default"
     */
    readonly driver?: "default" | "latest" | "disabled" | undefined;
    /** @default {kind: "none"} */
    readonly sharing?: GpuSharing | undefined;
  };
  /** How its nodes are had. @default {kind: "on-demand"} */
  readonly capacity?: Capacity | undefined;
  /**
   * A disk image with container images or weights, which each node has from the start: `global/images/I` or
   * `projects/P/global/images/I`. Needs image streaming.
   */
  readonly preloadDisk?: string | undefined;
  /** Google's own network card and NCCL Fast Socket, for trainings on several nodes. @default false */
  readonly fastNetwork?: boolean | undefined;
}

/** Nodes without GPUs. */
export interface CpuPoolArgs extends CommonPoolArgs {
  /** How its nodes are had. @default {kind: "on-demand"} */
  readonly capacity?: CpuCapacity | undefined;
}

/** Whether several pods share a GPU. https://cloud.google.com/kubernetes-engine/docs/concepts/timesharing-gpus */
export type GpuSharing =
  /** Each GPU is one pod's. */
  | { readonly kind: "none" }
  /** Pods take turns; `clients`, 2 to 48, is how many. Nothing keeps them from each other's memory. */
  | { readonly kind: "time-sharing"; readonly clients: number }
  /** Pods run at the same time (NVIDIA MPS), each with its share of memory and threads; `clients`, 2 to 48. */
  | { readonly kind: "mps"; readonly clients: number }
  /** Each GPU is cut into pieces of one size, such as `1g.5gb`, kept apart by the hardware. */
  | { readonly kind: "mig"; readonly partition: string };

/** How a pool without GPUs gets its nodes. */
export type CpuCapacity =
  /** As long as they are wanted. */
  | { readonly kind: "on-demand" }
  /** Cheaper by far; Google may take a node back at any time. */
  | { readonly kind: "spot" }
  /** From a reservation that is paid for: this one only, or any that fits and else on demand. */
  | { readonly kind: "reservation"; readonly name?: string | undefined };

/** How a pool with GPUs gets its nodes. https://cloud.google.com/kubernetes-engine/docs/concepts/dws */
export type Capacity =
  | CpuCapacity
  /** Waits until Google has the GPUs, then has them for so many hours, 168 at most and where nothing is said. */
  | { readonly kind: "flex-start"; readonly maxRunHours?: number | undefined }
  /** The same for pods that a queue (Kueue) asks for, all nodes of a job at once. */
  | { readonly kind: "queued"; readonly maxRunHours?: number | undefined };

/** Properties of the pool as Google's provider names them; those of `nodeConfig` one by one. */
export type PoolOverrides = Partial<Omit<NodePoolArgs, "nodeConfig">> & {
  readonly nodeConfig?: Partial<types.input.container.NodePoolNodeConfig>;
};

/** The cluster's own pool, for all that asks for no GPU; it always has a node. */
export function systemPool(args?: Omit<CpuPoolArgs, "name">): CpuPoolArgs {
  return { name: "system", min: 1, ...(args ?? { machineType: "e2-standard-4", max: 3 }) };
}

/** What an upgrade may do where a pool does not say it. */
export const defaultUpgrade = {
  gpu: { maxSurge: 0, maxUnavailable: 1 },
  cpu: { maxSurge: 1, maxUnavailable: 0 },
} as const;

/** How many nodes there may be in all, those of upgrades too. */
export function mostNodes(pools: readonly (CpuPoolArgs | GpuPoolArgs)[]): number {
  return pools.reduce((sum, pool) => {
    const surge = pool.upgrade?.maxSurge ?? defaultUpgrade["gpu" in pool ? "gpu" : "cpu"].maxSurge;
    return sum + pool.max + surge;
  }, 0);
}
