import { ComponentResource, type ComponentResourceOptions, type Input, type Resource } from "@pulumi/pulumi";
import { checkDnsLabel, checkWhole } from "../../../kubernetes/checks";
import { customResource } from "../../../kubernetes/custom-resource";
import { labelsFor } from "../../../kubernetes/labels";
import { refuseFaults } from "../../../refuse";
import type { ClusterHandle, GpuScheduling } from "../../cluster-handle";
import { acceleratorNamed } from "../machines/accelerators";
import { countsOf } from "../machines/catalogue";
import { checkMachine, unknownGpu } from "../machines/check-machine";
import { choices } from "../machines/machine";
import { nvidiaGpu, nvidiaToleration } from "../../nvidia";
import type { Capacity } from "../pools/pool-args";
import { computeClassKey, mostRunHours } from "../pools/pool-properties";
import { acquisition, computeClassSpec, type ClassCapacity, type ComputeClass } from "./class-spec";

export interface GpuComputeClassArgs {
  /** What pods ask for it by. It must not change while they do: nodes are made for the name. */
  readonly name: string;
  readonly gpu: {
    /** As GKE names it: `nvidia-l4`. */
    readonly type: string;
    /** How many a node has. @default what the machine type has, or 1 */
    readonly count?: number;
    /** @default "default" */
    readonly driver?: "default" | "latest";
  };
  /** @default one that GKE picks for the GPU and the pod */
  readonly machineType?: string;
  /**
   * The ways to have a node, in the order in which they are tried: `[{kind: "reservation"}, {kind: "on-demand"}]`. One
   * kind can be there again with other values: flex-start for a week, then for a day. A reservation without a name takes
   * any that fits and, where none is left, is on-demand.
   */
  readonly capacities: readonly Capacity[];
  /** @default the cluster's */
  readonly zones?: readonly string[];
  /** How long a node may idle. @default 10 */
  readonly consolidationDelayMinutes?: number;
}

/** A class, and the cluster that it is in. */
export interface PlacedComputeClassArgs extends GpuComputeClassArgs {
  readonly cluster: Pick<ClusterHandle, "provider">;
  /** What brings the kind itself: on GKE, the cluster. */
  readonly crdsFrom: readonly Resource[];
  /** What its nodes run as. */
  readonly serviceAccount: Input<string>;
  /** The key of the nodes' disks. @default Google's own */
  readonly kmsKeyName?: Input<string> | undefined;
}

/**
 * Ways to get a GPU, one after the other, as one thing that pods ask for: GKE makes a pool of nodes by the first way that
 * has GPUs at the moment, and takes it away when no pod needs it. From GKE 1.33.3 on; before, only where the cluster has
 * node auto-provisioning.
 *
 * ```ts
 * new GpuComputeClass("l4", {
 *   name: "l4", gpu: { type: "nvidia-l4" }, machineType: "g2-standard-8",
 *   capacities: [{ kind: "on-demand" }, { kind: "flex-start" }, { kind: "spot" }],
 *   cluster, crdsFrom: [cluster], serviceAccount: nodes.email,
 * });
 * ```
 *
 * Costs nothing by itself. It sets no limit to how many nodes there are; quotas do. Its pools are not in the stack, and
 * go with the cluster.
 */
export class GpuComputeClass extends ComponentResource {
  readonly scheduling: GpuScheduling;

  constructor(name: string, args: PlacedComputeClassArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:host:GpuComputeClass", name, {}, opts);
    refuseFaults(this, `GpuComputeClass ${name}`, checkComputeClass("computeClass", args));
    const { cluster, crdsFrom } = args;
    customResource<ComputeClass>(
      name,
      {
        apiVersion: "cloud.google.com/v1",
        kind: "ComputeClass",
        // Named, because pods ask for it by its name.
        metadata: { name: args.name, labels: labelsFor(args.name) },
        spec: computeClassSpec(args, args.capacities.filter(isClassCapacity)),
      },
      { parent: this, provider: cluster.provider, dependsOn: [...crdsFrom] },
    );
    this.scheduling = computeClassScheduling(args.name);
    this.registerOutputs({});
  }
}

/** How a pod asks for a GPU of a class. */
export function computeClassScheduling(name: string): GpuScheduling {
  return {
    resource: nvidiaGpu,
    nodeSelector: { [computeClassKey]: name },
    tolerations: [
      nvidiaToleration,
      // Nodes of a class are tainted with it. GKE adds this by itself to pods that ask for the class; no one else does
      // (https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes#manual-node-pools).
      { key: computeClassKey, operator: "Equal", value: name, effect: "NoSchedule" },
    ],
  };
}

/** The faults of a cluster's classes, all of them. */
export function validateComputeClasses(classes: readonly GpuComputeClassArgs[]): string[] {
  return classes.flatMap((each, index) => {
    const where = `computeClasses[${index}]`;
    const first = classes.findIndex(({ name }) => name === each.name);
    return [
      ...checkComputeClass(where, each),
      ...(first < index
        ? [`${where}.name: got "${each.name}", as computeClasses[${first}]; allowed: a name of its own`]
        : []),
    ];
  });
}

/** The faults of one class. */
export function checkComputeClass(where: string, args: GpuComputeClassArgs): string[] {
  const { name, gpu, machineType, capacities, zones, consolidationDelayMinutes } = args;
  return [
    ...checkClassName(`${where}.name`, name),
    ...(machineType === undefined ? checkGpu(where, gpu) : checkMachine({ where, machineType, gpu, zones })),
    ...(zones?.length === 0 ? [`${where}.zones: got none; allowed: one or more, or leave it out`] : []),
    ...checkCapacities(`${where}.capacities`, capacities),
    ...(consolidationDelayMinutes === undefined
      ? []
      : checkWhole(`${where}.consolidationDelayMinutes`, consolidationDelayMinutes, 1, 1440)),
  ];
}

/** https://cloud.google.com/kubernetes-engine/docs/how-to/node-attributes-compute-classes#limitations */
function checkClassName(where: string, name: string): string[] {
  const faults = checkDnsLabel(where, name);
  if (faults.length > 0) return faults;
  if (/^(gke|autopilot)/.test(name)) {
    return [
      `${where}: got "${name}"; allowed: a name that begins neither with gke nor with autopilot, which GKE keeps`,
    ];
  }
  return name === "default"
    ? [`${where}: got "default"; allowed: another name, for GKE gives that class to pods that ask for none`]
    : [];
}

function checkGpu(where: string, { type, count = 1 }: GpuComputeClassArgs["gpu"]): string[] {
  if (acceleratorNamed(type) === undefined) return [unknownGpu(where, type)];
  const counts = countsOf(type);
  return counts.includes(count)
    ? []
    : [`${where}.gpu.count: got ${count}; allowed: ${choices(counts)} × ${type}`];
}

function checkCapacities(where: string, capacities: readonly Capacity[]): string[] {
  if (capacities.length === 0)
    return [`${where}: got none; allowed: one or more of on-demand, spot, flex-start and reservation`];
  return capacities.flatMap((capacity, index) => {
    const here = `${where}[${index}]`;
    if (!isClassCapacity(capacity)) {
      return [
        `${here}.kind: got "queued"; allowed: on-demand, spot, flex-start or reservation, because a queue asks for ` +
          "nodes by requests of its own, which a compute class does not heed; flex-start waits for GPUs too",
      ];
    }
    const first = capacities.findIndex((other) => isClassCapacity(other) && isSame(other, capacity));
    return [
      ...(capacity.kind === "flex-start" && capacity.maxRunHours !== undefined
        ? checkWhole(`${here}.maxRunHours`, capacity.maxRunHours, 1, mostRunHours)
        : []),
      ...(first < index
        ? [`${here}: got the same as ${where}[${first}]; allowed: each once, in the order of trial`]
        : []),
    ];
  });
}

function isClassCapacity(capacity: Capacity): capacity is ClassCapacity {
  return capacity.kind !== "queued";
}

function isSame(one: ClassCapacity, other: ClassCapacity): boolean {
  return JSON.stringify(acquisition(one)) === JSON.stringify(acquisition(other));
}
