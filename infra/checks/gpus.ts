import { beyondNode } from "../../components/kubernetes/container";
import { messageOf } from "../../components/messages";
import { nearMiss } from "../../components/near-miss";
import { got, type Fault, type Path } from "../faults";
import { either } from "../schema/fields";
import { faulty, type Draft, type HostDraft } from "./draft";
import { schedulingOnGke, soundGkeHost } from "./gke";

type Workload = Pick<NonNullable<Draft["training"]>, "gpu" | "resources">;
type Gpu = NonNullable<Workload["gpu"]>;
type ExistingHost = HostDraft<"existing">;

/** Whether the host has the GPUs that are asked for. */
export function gpus(draft: Draft): Fault[] {
  const { host, training, ui, modelServer } = draft;
  const asked = [
    { path: ["training"], workload: training },
    { path: ["ui"], workload: ui },
    { path: ["modelServer"], workload: modelServer },
  ];
  return asked.flatMap(({ path, workload }): Fault[] => {
    const gpu = workload?.gpu;
    if (gpu === undefined || host === undefined || faulty(gpu, "type")) return [];
    if (host.kind === "existing") return onExisting(host, [...path, "gpu"], gpu);
    return onGke(draft, path, gpu, workload?.resources);
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

function onGke(
  draft: Draft,
  path: Path,
  { type, count = 1 }: Gpu,
  resources: Workload["resources"],
): Fault[] {
  const host = soundGkeHost(draft);
  if (host === undefined) return [];
  try {
    const scheduling = schedulingOnGke(host, type);
    const { most = Infinity } = scheduling;
    const place = [...path, "gpu", "count"];
    const message = `${got(count, place)}; allowed: at most ${most}, for no node of the host has more of them`;
    return [
      ...(count > most ? [{ path: place, message }] : []),
      ...beyondNode({ cpu: resources?.cpu?.toString(), memory: resources?.memory }, scheduling).map(
        ({ key, allowed }) => {
          const where = [...path, "resources", key];
          return { path: where, message: `${got(resources?.[key], where)}; allowed: ${allowed}` };
        },
      ),
    ];
  } catch (error) {
    return [{ path: [...path, "gpu"], message: messageOf(error) }];
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
