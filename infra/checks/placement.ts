import { checkSharedSize } from "../../components/storage/shared-storage-class";
import { togetherFaults } from "../../components/serving/together";
import { bucketInstead, checkVolumeUse } from "../../components/storage/volume-use";
import type { Fault } from "../faults";
import { faulty, type Draft } from "./draft";
import { gpuLabels } from "./gpus";
import { at } from "./told";

/** A bucket has no size, no class and no access mode; a claim needs a size, and a class for its access mode. */
export function storage(draft: Draft): Fault[] {
  const { host, modelVolume } = draft;
  const kind = volumeKind(draft);
  if (host === undefined || modelVolume === undefined || kind === undefined) return [];
  if (kind === "bucket" && host.kind === "existing") {
    const message = 'got "bucket"; allowed: claim, because only GKE has a driver for buckets here';
    return [{ path: ["modelVolume", "kind"], message }];
  }
  if (kind === "bucket") {
    const reason = "given, but the volume is a bucket, which has none; leave it out, or make it kind: claim";
    return (["size", "accessMode", "storageClass"] as const)
      .filter((key) => key in modelVolume)
      .map((key) => ({ path: ["modelVolume", key], message: reason }));
  }
  const faults: Fault[] = [];
  if (!("size" in modelVolume))
    faults.push({
      path: ["modelVolume", "size"],
      message: "missing; needed: a size with a unit, such as 10Gi",
    });
  if (modelVolume.accessMode !== "ReadWriteMany" || "storageClass" in modelVolume) return faults;
  if (hasSharedClass(host)) return [...faults, ...sharedSize(host, modelVolume.size)];
  const add = host.kind === "gke" ? "host.filestore" : "host.storage.readWriteMany";
  const message = `got "ReadWriteMany"; allowed: ReadWriteOnce, because the host has no class for it: add ${add}`;
  return [...faults, { path: ["modelVolume", "accessMode"], message }];
}

/** Filestore bills the least that it makes for a smaller claim too. */
function sharedSize(host: NonNullable<Draft["host"]>, size: string | undefined): Fault[] {
  const tier = host.kind === "gke" ? host.filestore?.tier : undefined;
  if (tier === undefined || size === undefined) return [];
  return at(["modelVolume", "size"], (where) => checkSharedSize(tier, size, where));
}

/** Whether the host has a class of volumes that pods of many nodes mount. */
export function hasSharedClass(host: NonNullable<Draft["host"]>): boolean {
  if (host.kind !== "existing") return "filestore" in host;
  return faulty(host, "storage") || (host.storage !== undefined && "readWriteMany" in host.storage);
}

/** What the volume is, said or by default; undefined where that cannot be known. */
export function volumeKind({ host, modelVolume }: Draft): "bucket" | "claim" | undefined {
  if (modelVolume === undefined || faulty(modelVolume, "kind")) return undefined;
  return modelVolume.kind ?? (host?.kind === "gke" ? "bucket" : "claim");
}

function accessMode(draft: Draft): "ReadWriteOnce" | "ReadWriteMany" {
  return volumeKind(draft) === "bucket"
    ? "ReadWriteMany"
    : (draft.modelVolume?.accessMode ?? "ReadWriteOnce");
}

/** A cluster of GKE's grows and shrinks: two pods may always be on two nodes. */
function nodesOf(host: Draft["host"]): "single" | "many" {
  return host?.kind === "existing" ? (host.nodes ?? "many") : "many";
}

/** Whether the pods that use the volume can all reach it. */
export function volumeUse(draft: Draft): Fault[] {
  const { host, modelVolume, training, ui } = draft;
  if (host === undefined || modelVolume === undefined || ui === undefined) return [];
  if (host.kind === "existing" && faulty(host, "nodes")) return [];
  if (faulty(modelVolume, "accessMode") || faulty(modelVolume, "kind")) return [];
  if (faulty(ui, "placement") || faulty(ui, "replicas")) return [];
  const replicas = typeof ui.replicas === "object" ? (ui.replicas.max ?? 1) : (ui.replicas ?? 1);
  const placement = ui.placement?.kind === "with-training" ? "together" : "anywhere";
  const faults = checkVolumeUse({
    accessMode: accessMode(draft),
    nodes: nodesOf(host),
    ...(host.kind === "gke" && { wayOut: bucketInstead }),
    consumers: [
      ...(training === undefined
        ? []
        : [{ name: "the training", replicas: 1, placement: "together" } as const]),
      { name: "the UI", replicas, placement },
    ],
  });
  return faults.map((message) => ({ path: ["ui", replicas > 1 ? "replicas" : "placement"], message }));
}

/** There must be a training to be placed with, on nodes where the UI can be too. */
export function placement(draft: Draft): Fault[] {
  const { training, ui } = draft;
  if (ui?.placement?.kind !== "with-training") return [];
  if (training === undefined) {
    const message = 'got "with-training"; allowed: anywhere, because there is no training';
    return "training" in draft ? [] : [{ path: ["ui", "placement"], message }];
  }
  const { host } = draft;
  if (host === undefined || nodesOf(host) === "single" || accessMode(draft) === "ReadWriteMany") return [];
  if (faulty(training, "gpu") || faulty(ui, "gpu")) return [];
  return togetherFaults({
    own: request(ui.gpu),
    theirs: request(training.gpu),
    isFound: isFound(draft, training.gpu?.type),
  }).map(({ where, message }) => ({ path: ["ui", ...where.split(".")], message }));
}

/** Whether nodes with such GPUs can be told by their labels. What the host does not offer is a fault of its own. */
function isFound(draft: Draft, type: string | undefined): boolean {
  const labels = gpuLabels(draft, type);
  return labels === undefined || Object.keys(labels).length > 0;
}

function request(
  gpu: { readonly count?: number | undefined; readonly type?: string | undefined } | undefined,
) {
  return gpu && { count: gpu.count ?? 1, type: gpu.type };
}
