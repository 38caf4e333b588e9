import { togetherFaults } from "../../components/serving/together";
import { checkVolumeUse } from "../../components/storage/volume-use";
import type { Fault } from "../faults";
import { faulty, type Draft } from "./draft";

export function storage({ host, modelVolume }: Draft): Fault[] {
  if (host === undefined || modelVolume?.accessMode !== "ReadWriteMany") return [];
  if ("storageClass" in modelVolume || faulty(host, "storage")) return [];
  if (host.storage !== undefined && "readWriteMany" in host.storage) return [];
  const message =
    'got "ReadWriteMany"; allowed: ReadWriteOnce, because the host has no class for it: add host.storage.readWriteMany';
  return [{ path: ["modelVolume", "accessMode"], message }];
}

/** Whether the pods that use the volume can all reach it. */
export function volumeUse(draft: Draft): Fault[] {
  const { host, modelVolume, training, ui } = draft;
  if (host === undefined || modelVolume === undefined || ui === undefined) return [];
  if (faulty(host, "nodes") || faulty(modelVolume, "accessMode")) return [];
  if (faulty(ui, "placement") || faulty(ui, "replicas")) return [];
  const replicas = typeof ui.replicas === "object" ? (ui.replicas.max ?? 1) : (ui.replicas ?? 1);
  const placement = ui.placement?.kind === "with-training" ? "together" : "anywhere";
  const faults = checkVolumeUse({
    accessMode: modelVolume.accessMode ?? "ReadWriteOnce",
    nodes: host.nodes ?? "many",
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
  const { host, modelVolume } = draft;
  if (host === undefined || host.nodes === "single" || modelVolume?.accessMode === "ReadWriteMany") return [];
  if (faulty(host, "gpu") || faulty(training, "gpu") || faulty(ui, "gpu")) return [];
  const { nodeLabels, types = {} } = host.gpu ?? {};
  const type = training.gpu?.type;
  const isOffered = host.gpu !== undefined && (type === undefined || type in types);
  const labels = { ...nodeLabels, ...(type !== undefined && types[type]) };
  return togetherFaults({
    own: request(ui.gpu),
    theirs: request(training.gpu),
    // What the host does not offer is a fault of its own.
    isFound: !isOffered || Object.keys(labels).length > 0,
  }).map(({ where, message }) => ({ path: ["ui", ...where.split(".")], message }));
}

function request(
  gpu: { readonly count?: number | undefined; readonly type?: string | undefined } | undefined,
) {
  return gpu && { count: gpu.count ?? 1, type: gpu.type };
}
