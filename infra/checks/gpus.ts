import { got, nearMiss, type Fault, type Path } from "../faults";
import { either } from "../schema/fields";
import { faulty, type Draft, type HostDraft } from "./draft";
import { schedulingOnGke, soundGkeHost } from "./gke";

type Gpu = NonNullable<NonNullable<Draft["training"]>["gpu"]>;
type ExistingHost = HostDraft<"existing">;

/** Whether the host has the GPUs that are asked for. */
export function gpus(draft: Draft): Fault[] {
  const { host, training, ui } = draft;
  const asked = [
    { path: ["training", "gpu"], gpu: training?.gpu },
    { path: ["ui", "gpu"], gpu: ui?.gpu },
  ];
  return asked.flatMap(({ path, gpu }): Fault[] => {
    if (gpu === undefined || host === undefined || faulty(gpu, "type")) return [];
    if (host.kind === "existing") return onExisting(host, path, gpu);
    return onGke(draft, path, gpu);
  });
}

/**
 * The labels by which the nodes with such GPUs are found; undefined where that cannot be known, or there are none such.
 */
export function gpuLabels(
  draft: Draft,
  type: string | undefined,
): Readonly<Record<string, string | undefined>> | undefined {
  const { host } = draft;
  const sound = soundGkeHost(draft);
  if (sound !== undefined) {
    try {
      return schedulingOnGke(sound, type).nodeSelector;
    } catch {
      return undefined;
    }
  }
  if (host?.kind !== "existing" || host.gpu === undefined) return undefined;
  const { nodeLabels, types = {} } = host.gpu;
  if (type === undefined) return { ...nodeLabels };
  return type in types ? { ...nodeLabels, ...types[type] } : undefined;
}

function onGke(draft: Draft, path: Path, { type, count = 1 }: Gpu): Fault[] {
  const host = soundGkeHost(draft);
  if (host === undefined) return [];
  try {
    const { most } = schedulingOnGke(host, type);
    if (most === undefined || count <= most) return [];
    const place = [...path, "count"];
    const message = `${got(count, place)}; allowed: at most ${most}, for no node of the host has more of them`;
    return [{ path: place, message }];
  } catch (error) {
    return [{ path, message: error instanceof Error ? error.message : String(error) }];
  }
}

function onExisting(host: ExistingHost, path: Path, gpu: Gpu): Fault[] {
  if (faulty(host, "gpu") || faulty(host.gpu, "types")) return [];
  if (host.gpu === undefined) {
    const message = "the host offers no GPUs; add host.gpu ({} where nvidia.com/gpu is all there is to say)";
    return [{ path, message }];
  }
  const offered = Object.keys(host.gpu.types ?? {});
  if (gpu.type === undefined || offered.includes(gpu.type)) return [];
  const place = [...path, "type"];
  const allowed = offered.length === 0 ? "none, because host.gpu.types names none" : either(offered);
  const meant = nearMiss(gpu.type, offered);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return [{ path: place, message: `${got(gpu.type, place)}; allowed: ${allowed}${hint}` }];
}
