import { gkeGpuScheduling } from "../../components/host/gke/gpu-scheduling";
import type { GpuScheduling } from "../../components/host/cluster-handle";
import { validateGkeCluster } from "../../components/host/gke/validate-cluster";
import type { Fault, Path } from "../faults";
import { gkeArgs, type GkeHost } from "../gke";
import { gke as gkeSchema } from "../schema/gke";
import { computeClass, cpuPool, gpuPool } from "../schema/gke-pools";
import { hasHoles, type Draft } from "./draft";
import { partsOf } from "./told";

/**
 * What Google would say of the cluster, twenty minutes later. Faulty fields count as not given, and faulty pools not at
 * all, so that the rest is told at once.
 */
export function gke(draft: Draft): Fault[] {
  const { name = "cluster", tier = "development" } = draft;
  const sound = soundPart(draft);
  if (sound === undefined) return [];
  const { host, places } = sound;
  return validateGkeCluster(name, gkeArgs({ name, tier, host })).map((text) => {
    const { where, message } = partsOf(text);
    return { path: where === "name" ? ["name"] : ["host", ...inDocument(pathOf(where), places)], message };
  });
}

/** The host, where it is GKE and nothing is wrong with what it offers. */
export function soundGkeHost(draft: Draft): GkeHost | undefined {
  if (hasHoles(draft.host)) return undefined;
  const lists: readonly PropertyKey[] = Object.keys(poolSchemas);
  const isFaulty = gke(draft).some(({ path: [, part] }) => part !== undefined && lists.includes(part));
  return isFaulty ? undefined : soundPart(draft)?.host;
}

const poolSchemas = { gpuPools: gpuPool, cpuPools: cpuPool, computeClasses: computeClass };
/** By the list's name: where in the document each of the items that are left stands. */
type Places = ReadonlyMap<string, readonly number[]>;

/** The host without what is faulty in it, or lacks something; nothing without what it cannot do without. */
function soundPart({ host }: Draft): { host: GkeHost; places: Places } | undefined {
  if (host?.kind !== "gke") return undefined;
  const places = new Map<string, number[]>();
  const lists = Object.entries(poolSchemas).flatMap(([list, schema]) => {
    const items: unknown = Reflect.get(host, list);
    if (!Array.isArray(items)) return [];
    const kept = [...items.entries()].filter(([, item]) => !hasHoles(item) && schema.safeParse(item).success);
    places.set(
      list,
      kept.map(([index]) => index),
    );
    return [[list, kept.map(([, item]: [number, unknown]) => item)]];
  });
  const fields = Object.entries(gkeSchema.shape).flatMap(([key, schema]) => {
    const value: unknown = Reflect.get(host, key);
    return !(key in poolSchemas) && schema.safeParse(value).success ? [[key, value]] : [];
  });
  const parsed = gkeSchema.safeParse(Object.fromEntries([...fields, ...lists]));
  return parsed.success ? { host: parsed.data, places } : undefined;
}

function inDocument(path: Path, places: Places): Path {
  const [part, index, ...rest] = path;
  if (typeof part !== "string" || typeof index !== "number") return path;
  return [part, places.get(part)?.[index] ?? index, ...rest];
}

/** Google's placeholders: a project's id that no one has. */
export function gkePlaceholders({ host }: Draft): Fault[] {
  if (host?.kind !== "gke" || host.project !== "placeholder-project") return [];
  const message =
    'got "placeholder-project", a placeholder; needed: the id of your Google Cloud project (gcloud projects list)';
  return [{ path: ["host", "project"], message }];
}

/** How a GPU would be asked for; throws where there is none such. */
export function schedulingOnGke(host: GkeHost, type: string | undefined): GpuScheduling {
  const { gpuPools: pools, computeClasses: classes } = gkeArgs({ name: "", tier: "development", host });
  return gkeGpuScheduling({ pools: pools ?? [], classes: classes ?? [] }, type);
}

/** `gpuPools[0].gpu.type` → gpuPools, 0, gpu, type */
function pathOf(where: string): Path {
  return where
    .split(/[.[\]]/)
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
