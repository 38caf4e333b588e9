import type { Input } from "@pulumi/pulumi";
import { gpuCount } from "../machines/catalogue";
import type { Capacity } from "../pools/pool-args";
import { mostRunHours } from "../pools/pool-properties";
import type { PlacedComputeClassArgs } from "./gpu-compute-class";

/**
 * GKE's kind, the fields that we use (https://cloud.google.com/kubernetes-engine/docs/reference/crds/computeclass). None
 * that came in the last year: an API that is older than a field refuses the whole object.
 */
export interface ComputeClass {
  readonly apiVersion: "cloud.google.com/v1";
  readonly kind: "ComputeClass";
  readonly spec: ComputeClassSpec;
}

export interface ComputeClassSpec {
  /** Tried in this order. */
  readonly priorities: readonly ComputeClassRule[];
  readonly nodePoolAutoCreation: { readonly enabled: boolean };
  readonly nodePoolConfig: {
    readonly serviceAccount: Input<string>;
    readonly imageStreaming: { readonly enabled: boolean };
  };
  readonly whenUnsatisfiable: "DoNotScaleUp" | "ScaleUpAnyway";
  readonly activeMigration: { readonly optimizeRulePriority: boolean };
  readonly autoscalingPolicy: { readonly consolidationDelayMinutes: number };
}

/** One way to have a node. */
export interface ComputeClassRule {
  readonly gpu: {
    readonly type: string;
    readonly count: number;
    readonly driverVersion: "default" | "latest";
  };
  readonly machineType?: string;
  readonly location?: { readonly zones: readonly string[] };
  readonly storage?: { readonly bootDiskKMSKey: Input<string> };
  readonly reservations?:
    | { readonly affinity: "AnyBestEffort" }
    | {
        readonly affinity: "Specific";
        readonly specific: readonly { readonly name: string; readonly project?: string }[];
      };
  readonly spot?: boolean;
  readonly flexStart?: {
    readonly enabled: boolean;
    readonly nodeRecycling: { readonly leadTimeSeconds: number };
  };
  readonly maxRunDurationSeconds?: number;
}

/** How a class' nodes can be had: whatever a pod can wait for by itself. */
export type ClassCapacity = Exclude<Capacity, { kind: "queued" }>;

export function computeClassSpec(
  args: PlacedComputeClassArgs,
  capacities: readonly ClassCapacity[],
): ComputeClassSpec {
  const { gpu, machineType, zones, kmsKeyName, serviceAccount, consolidationDelayMinutes = 10 } = args;
  const node = {
    gpu: { type: gpu.type, count: gpuCount(machineType ?? "", gpu), driverVersion: gpu.driver ?? "default" },
    ...(machineType !== undefined && { machineType }),
    ...(zones !== undefined && { location: { zones } }),
    ...(kmsKeyName !== undefined && { storage: { bootDiskKMSKey: kmsKeyName } }),
  };
  return {
    priorities: capacities.map((capacity) => ({ ...node, ...acquisition(capacity) })),
    nodePoolAutoCreation: { enabled: true },
    // Neither comes from the cluster: by itself, such a pool runs as Compute Engine's account and streams no images.
    nodePoolConfig: { serviceAccount, imageStreaming: { enabled: true } },
    // Else GKE, where it finds none of these, makes nodes of other kinds, and bills them.
    whenUnsatisfiable: "DoNotScaleUp",
    // Else GKE stops a training to move it to a better capacity once there is one.
    activeMigration: { optimizeRulePriority: false },
    autoscalingPolicy: { consolidationDelayMinutes },
  };
}

/** What a rule says of a capacity; of on-demand nothing, for that is what it is by itself. */
export function acquisition(capacity: ClassCapacity): Omit<ComputeClassRule, "gpu"> {
  switch (capacity.kind) {
    case "on-demand":
      return {};
    case "spot":
      return { spot: true };
    case "flex-start": {
      const seconds = (capacity.maxRunHours ?? mostRunHours) * 3600;
      // An hour before a node's time is over, GKE has another one ready and moves the pods; of a short one, half the time.
      const leadTimeSeconds = Math.min(3600, seconds / 2);
      return {
        flexStart: { enabled: true, nodeRecycling: { leadTimeSeconds } },
        maxRunDurationSeconds: seconds,
      };
    }
    case "reservation":
      return { reservations: reservations(capacity.name) };
  }
}

/** One of another project is named by all of its path: `projects/P/reservations/R`. */
function reservations(name: string | undefined): NonNullable<ComputeClassRule["reservations"]> {
  if (name === undefined) return { affinity: "AnyBestEffort" };
  const [, project, shared] = /^projects\/([^/]+)\/reservations\/([^/]+)$/.exec(name) ?? [];
  return {
    affinity: "Specific",
    specific: [{ name: shared ?? name, ...(project !== undefined && { project }) }],
  };
}
