import type { GpuScheduling } from "../cluster-handle";
import { computeClassScheduling } from "./compute-class/gpu-compute-class";
import { gpuCount } from "./machines";
import type { GpuPoolArgs } from "./pools/pool-args";

/** What a cluster offers: pools of nodes, and classes that GKE makes pools for. */
export interface OfferedGpus {
  readonly pools: readonly GpuPoolArgs[];
  readonly classes: readonly { readonly name: string }[];
}

const resource = "nvidia.com/gpu";
const tolerations = [{ key: resource, operator: "Exists", effect: "NoSchedule" }];
/** Labels that GKE's autoscaler knows of a pool even while it has no node. */
const acceleratorLabel = "cloud.google.com/gke-accelerator";
const flexStartLabel = "cloud.google.com/gke-flex-start";

/**
 * How a GPU is asked for: of a type as Google names it (`nvidia-l4`), of a compute class, or of any.
 * @throws where none is offered; the message says what is
 */
export function gkeGpuScheduling(offered: OfferedGpus, type?: string): GpuScheduling {
  const { pools, classes } = offered;
  if (classes.some(({ name }) => name === type) && type !== undefined) return computeClassScheduling(type);
  // What waits in a queue is asked for through the queue.
  const ready = pools.filter(({ capacity }) => capacity?.kind !== "queued");
  const types = [...new Set(ready.map(({ gpu }) => gpu.type))];
  const names = [...types, ...classes.map(({ name }) => name)];
  if (names.length === 0) {
    throw new Error(
      pools.length === 0
        ? "the cluster has no GPU nodes; add a pool to gpuPools, or ask for none"
        : "the cluster's GPU nodes are all given out by a queue, which this workload does not use; add a pool of another capacity",
    );
  }
  // Of one type alone, the name can as well be said: then it is known which nodes are meant.
  const meant = type ?? (names.length === 1 ? types[0] : undefined);
  const fitting = ready.filter(({ gpu }) => meant === undefined || gpu.type === meant);
  if (fitting.length === 0) {
    const asked = type === undefined ? "any type, but only by a class" : `type "${type}"`;
    throw new Error(`the cluster offers no GPU of ${asked}; allowed: ${names.join(", ")}`);
  }
  return {
    resource,
    nodeSelector: {
      ...(meant !== undefined && { [acceleratorLabel]: meant }),
      // GKE makes such nodes only for pods that ask for them.
      ...(fitting.every(({ capacity }) => capacity?.kind === "flex-start") && { [flexStartLabel]: "true" }),
    },
    tolerations,
    most: Math.max(...fitting.map(mostOf)),
  };
}

/**
 * The most GPUs that a pod gets on one node. Of a GPU that is shared in time a pod may ask for one alone
 * (https://cloud.google.com/kubernetes-engine/docs/concepts/timesharing-gpus#limitations).
 */
function mostOf({ machineType, gpu }: GpuPoolArgs): number {
  return gpu.sharing?.kind === "time-sharing" || gpu.sharing?.kind === "mps" ? 1 : gpuCount(machineType, gpu);
}
