import type { GpuScheduling, NodeRoom } from "../cluster-handle";
import { computeClassScheduling, type GpuComputeClassArgs } from "./compute-class/gpu-compute-class";
import { gpuCount, machineNamed, roomOn } from "./machines";
import { nvidiaGpu, nvidiaToleration } from "../nvidia";
import type { GpuPoolArgs } from "./pools/pool-args";

/** What a cluster offers: pools of nodes, and classes that GKE makes pools for. */
export interface OfferedGpus {
  readonly pools: readonly GpuPoolArgs[];
  readonly classes: readonly Pick<GpuComputeClassArgs, "name" | "gpu" | "machineType">[];
}

/** Labels that GKE's autoscaler knows of a pool even while it has no node. */
const acceleratorLabel = "cloud.google.com/gke-accelerator";
const flexStartLabel = "cloud.google.com/gke-flex-start";

/**
 * How a GPU is asked for: of a type as Google names it (`nvidia-l4`), of a compute class, or of any.
 * @throws where none is offered; the message says what is
 */
export function gkeGpuScheduling(offered: OfferedGpus, type?: string): GpuScheduling {
  const { pools, classes } = offered;
  const asked = classes.find(({ name }) => name === type);
  if (asked !== undefined) return ofClass(asked);
  // What waits in a queue is asked for through the queue, and what belongs to a class by the class.
  const ready = pools.filter(
    ({ capacity, computeClass }) => capacity?.kind !== "queued" && computeClass === undefined,
  );
  const types = [...new Set(ready.map(({ gpu }) => gpu.type))];
  const names = [...types, ...classes.map(({ name }) => name)];
  if (names.length === 0) {
    throw new Error(
      pools.length === 0
        ? "the cluster has no GPU nodes; add a pool to gpuPools, or ask for none"
        : "the cluster's GPU nodes are all given out by a queue or to a class, which this workload does not use; add another pool",
    );
  }
  // Of one type alone, the name can as well be said: then it is known which nodes are meant.
  const meant = type ?? (names.length === 1 ? types[0] : undefined);
  const fitting = ready.filter(({ gpu }) => meant === undefined || gpu.type === meant);
  if (fitting.length === 0) {
    const what = type === undefined ? "any type, but only by a class" : `type "${type}"`;
    throw new Error(`the cluster offers no GPU of ${what}; allowed: ${names.join(", ")}`);
  }
  return {
    resource: nvidiaGpu,
    nodeSelector: {
      ...(meant !== undefined && { [acceleratorLabel]: meant }),
      // GKE makes such nodes only for pods that ask for them.
      ...(fitting.every(({ capacity }) => capacity?.kind === "flex-start") && { [flexStartLabel]: "true" }),
    },
    tolerations: [nvidiaToleration],
    most: Math.max(...fitting.map(mostOf)),
    ...mostPerNode(fitting.map(machineOf)),
  };
}

function ofClass({ name, gpu, machineType }: OfferedGpus["classes"][number]): GpuScheduling {
  return {
    ...computeClassScheduling(name),
    most: gpuCount(machineType ?? "", gpu),
    ...mostPerNode([machineType]),
  };
}

/** Nothing is known of it where one of the machines is not: a pool's overrides can name any. */
function mostPerNode(machineTypes: readonly (string | undefined)[]): { readonly mostPerNode?: NodeRoom } {
  const machines = [...new Set(machineTypes)].map((type) => machineNamed(type ?? ""));
  const known = machines.filter((machine) => machine !== undefined);
  if (known.length < machines.length) return {};
  const rooms = known.map(roomOn);
  return {
    mostPerNode: {
      cpu: Math.max(...rooms.map(({ cpu }) => cpu)),
      memoryGb: Math.max(...rooms.map(({ memoryGb }) => memoryGb)),
      nodes: known.map(({ name }) => name),
    },
  };
}

function machineOf({ machineType, overrides }: GpuPoolArgs): string | undefined {
  return overrides?.nodeConfig?.machineType === undefined ? machineType : undefined;
}

/**
 * The most GPUs that a pod gets on one node. Of a GPU that is shared in time a pod may ask for one alone
 * (https://cloud.google.com/kubernetes-engine/docs/concepts/timesharing-gpus#limitations).
 */
function mostOf({ machineType, gpu }: GpuPoolArgs): number {
  const count = gpuCount(machineType, gpu);
  switch (gpu.sharing?.kind ?? "none") {
    case "none":
      return count;
    case "time-sharing":
    case "mps":
      return 1;
    case "mig":
      return count * mostPieces;
  }
}

/** Into how many pieces NVIDIA lets a GPU be cut at most; each counts as a GPU. */
const mostPieces = 7;
