import { randomBytes } from "node:crypto";
import type { V1Node, V1Taint } from "@kubernetes/client-node";
import { acceleratorNamed } from "../../../components/host/gke/machines/accelerators";
import { machineNamed } from "../../../components/host/gke/machines/catalogue";
import { isProperties, type Properties, type Value } from "../../../provider";
import { at, listAt, textAt } from "../kubernetes/objects";
import { numberAt, regionOfLocation } from "./places";

/** What every node of a pool has in common. */
export interface NodeTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  /** `cpu`, `memory`, `ephemeral-storage`, `pods`, and with GPUs `nvidia.com/gpu`. */
  readonly capacity: Readonly<Record<string, string>>;
}

/** A node pool as far as its nodes go; counts are over all zones. */
export interface SimulatedPool {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly name: string;
  /** How many nodes it starts with. */
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  /** The place among the ways of its compute class, from 1. @default none: a pool that the project says */
  readonly rank?: number;
  readonly zones: readonly string[];
  readonly node: NodeTemplate;
}

/** Says which pool a node is of; the pool's name. */
export const poolLabel = "cloud.google.com/gke-nodepool";

/** A node for kwok, under a name of its own; `index` chooses among the pool's zones. */
export function makeNode(pool: SimulatedPool, index: number): V1Node {
  // A node's name is a label's value too: 63 characters at most.
  const name = [
    "gke",
    pool.cluster.slice(0, 25),
    pool.name.slice(0, 25),
    randomBytes(2).toString("hex"),
  ].join("-");
  const zone = pool.zones[index % pool.zones.length] ?? "";
  const { capacity, labels, taints } = pool.node;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        ...labels,
        "kubernetes.io/hostname": name,
        "topology.kubernetes.io/region": regionOfLocation(zone),
        "topology.kubernetes.io/zone": zone,
      },
    },
    ...(taints.length > 0 && { spec: { taints: taints.map((taint): V1Taint => ({ ...taint })) } }),
    status: { capacity: { ...capacity }, allocatable: allocatable(capacity) },
  };
}

/** GKE keeps some of a node for itself; a simple stand-in for its table: a tenth of a core and of the memory. */
function allocatable(capacity: NodeTemplate["capacity"]): Record<string, string> {
  const memory = capacity["memory"] ?? "";
  const mebibytes = Number.parseFloat(memory) * (memory.endsWith("Gi") ? 1024 : 1);
  return {
    ...capacity,
    cpu: `${Math.round(Number(capacity["cpu"]) * 1000) - 100}m`,
    memory: `${Math.floor(mebibytes * 0.9)}Mi`,
  };
}

/** What GKE takes where a pool does not say it. */
export const defaultMachineType = "e2-medium";

/** The nodes of a pool of this name and configuration (`nodeConfig`). */
export function nodeTemplate(poolName: string, poolState: Properties): NodeTemplate {
  const config = at(poolState, "nodeConfig");
  const queued = at(poolState, "queuedProvisioning", "enabled") === true;
  return {
    labels: {
      ...machineLabels(config),
      ...capacityLabels(config, queued),
      ...gpuLabels(config),
      ...textsAt(config, "labels"),
      [poolLabel]: poolName,
    },
    taints: taintsOf(config, queued),
    capacity: capacityOf(config, numberAt(poolState, "maxPodsPerNode") ?? 110),
  };
}

function machineLabels(config: Value | undefined): Record<string, string> {
  const machineType = textAt(config, "machineType") ?? defaultMachineType;
  const [family = ""] = machineType.split("-");
  return {
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": ["t2a", "c4a", "n4a", "a4x"].includes(family) ? "arm64" : "amd64",
    "node.kubernetes.io/instance-type": machineType,
    "cloud.google.com/machine-family": family,
    "cloud.google.com/gke-boot-disk": textAt(config, "diskType") ?? "pd-balanced",
    "cloud.google.com/gke-os-distribution": "cos",
    ...(textAt(config, "workloadMetadataConfig", "mode") === "GKE_METADATA" && {
      "iam.gke.io/gke-metadata-server-enabled": "true",
    }),
    ...((numberAt(config, "ephemeralStorageLocalSsdConfig", "localSsdCount") ?? 0) > 0 && {
      "cloud.google.com/gke-ephemeral-storage-local-ssd": "true",
    }),
  };
}

/** How the machines are come by. */
function capacityLabels(config: Value | undefined, queued: boolean): Record<string, string> {
  const is = (key: string) => at(config, key) === true;
  const provisioning = is("spot") ? "spot" : is("preemptible") ? "preemptible" : "standard";
  return {
    "cloud.google.com/gke-provisioning": provisioning,
    ...(is("spot") && { "cloud.google.com/gke-spot": "true" }),
    ...(is("preemptible") && { "cloud.google.com/gke-preemptible": "true" }),
    ...(is("flexStart") && { "cloud.google.com/gke-flex-start": "true" }),
    ...(queued && { "cloud.google.com/gke-queued": "true" }),
  };
}

/** The GPUs of a node; a machine that comes with GPUs has them unasked. */
export function acceleratorOf(
  config: Value | undefined,
): { readonly type: string; readonly count: number; readonly config: Value } | undefined {
  const machine = machineNamed(textAt(config, "machineType") ?? defaultMachineType);
  const asked = listAt(config, "guestAccelerators")[0];
  const type = textAt(asked, "type") ?? machine?.gpu?.type;
  const count = numberAt(asked, "count") ?? machine?.gpu?.count ?? 1;
  return type === undefined || count === 0 ? undefined : { type, count, config: asked ?? {} };
}

const drivers: Record<string, string> = {
  DEFAULT: "default",
  LATEST: "latest",
  INSTALLATION_DISABLED: "disabled",
};
const strategies: Record<string, string> = { TIME_SHARING: "time-sharing", MPS: "mps" };

function gpuLabels(config: Value | undefined): Record<string, string> {
  const accelerator = acceleratorOf(config);
  if (accelerator === undefined) return {};
  const { type, count, config: asked } = accelerator;
  const driver = textAt(asked, "gpuDriverInstallationConfig", "gpuDriverVersion");
  const strategy = textAt(asked, "gpuSharingConfig", "gpuSharingStrategy");
  const partition = textAt(asked, "gpuPartitionSize");
  return {
    "cloud.google.com/gke-accelerator": type,
    "cloud.google.com/gke-accelerator-count": String(count),
    // Since GKE 1.30.1 it installs one unless told not to.
    "cloud.google.com/gke-gpu-driver-version": drivers[driver ?? ""] ?? "default",
    ...(strategy !== undefined && {
      "cloud.google.com/gke-gpu-sharing-strategy": strategies[strategy] ?? strategy,
      "cloud.google.com/gke-max-shared-clients-per-gpu": String(clients(asked)),
    }),
    ...(partition !== undefined && { "cloud.google.com/gke-gpu-partition-size": partition }),
  };
}

function clients(accelerator: Value): number {
  return numberAt(accelerator, "gpuSharingConfig", "maxSharedClientsPerGpu") ?? 1;
}

/**
 * Into how many partitions of a size a GPU is cut: as many as its slices and its memory are enough for. The last size
 * of a GPU is the whole of it (`7g.40gb`: seven slices, 40 GB).
 */
export function partitionsPerGpu(type: string, size: string): number {
  const [wholeSlices, wholeMemory] = sliced(acceleratorNamed(type)?.partitions.at(-1) ?? size);
  const [slices, memory] = sliced(size);
  return Math.min(Math.floor(wholeSlices / slices), Math.round(wholeMemory / memory));
}

function sliced(size: string): readonly [slices: number, memoryGb: number] {
  const [, slices = 1, memoryGb = 1] = /^(\d+)g\.(\d+)gb$/.exec(size) ?? [];
  return [Number(slices), Number(memoryGb)];
}

function taintsOf(config: Value | undefined, queued: boolean): NodeTemplate["taints"] {
  const effects: Record<string, string> = {
    NO_SCHEDULE: "NoSchedule",
    PREFER_NO_SCHEDULE: "PreferNoSchedule",
    NO_EXECUTE: "NoExecute",
  };
  const asked = listAt(config, "taints").map((taint) => ({
    key: textAt(taint, "key") ?? "",
    value: textAt(taint, "value") ?? "",
    effect: effects[textAt(taint, "effect") ?? ""] ?? "NoSchedule",
  }));
  const key = "cloud.google.com/gke-queued";
  if (!queued || asked.some((taint) => taint.key === key)) return asked;
  return [...asked, { key, value: "true", effect: "NoSchedule" }];
}

function capacityOf(config: Value | undefined, pods: number): Record<string, string> {
  const machineType = textAt(config, "machineType") ?? defaultMachineType;
  const machine = machineNamed(machineType) ?? guessed(machineType);
  const localSsds = numberAt(config, "ephemeralStorageLocalSsdConfig", "localSsdCount") ?? 0;
  const storage = localSsds > 0 ? localSsds * 375 : (numberAt(config, "diskSizeGb") ?? 100);
  return {
    cpu: String(machine.cpu),
    memory: gibibytes(machine.memoryGb),
    "ephemeral-storage": `${storage}Gi`,
    pods: String(pods),
    ...gpuCapacity(config),
  };
}

/** Of a machine that the catalogue does not have: `c3-standard-8` has eight cores, and most have 4 GB for each. */
function guessed(machineType: string): { cpu: number; memoryGb: number } {
  const cpu = Number(/-(\d+)(-|$)/.exec(machineType)?.[1] ?? 2);
  return { cpu, memoryGb: 4 * cpu };
}

function gibibytes(count: number): string {
  return Number.isInteger(count) ? `${count}Gi` : `${Math.round(count * 1024)}Mi`;
}

function gpuCapacity(config: Value | undefined): Record<string, string> {
  const accelerator = acceleratorOf(config);
  if (accelerator === undefined) return {};
  const size = textAt(accelerator.config, "gpuPartitionSize");
  const partitions = size === undefined ? 1 : partitionsPerGpu(accelerator.type, size);
  return { "nvidia.com/gpu": String(accelerator.count * partitions * clients(accelerator.config)) };
}

function textsAt(value: Value | undefined, key: string): Record<string, string> {
  const found = at(value, key);
  if (!isProperties(found)) return {};
  return Object.fromEntries(Object.entries(found).map(([name, text]) => [name, String(text)]));
}
