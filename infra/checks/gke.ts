import { gkeGpuScheduling } from "../../components/host/gke/gpu-scheduling";
import type { GpuScheduling } from "../../components/host/cluster-handle";
import { validateGkeCluster } from "../../components/host/gke/validate-cluster";
import type { Fault, Path } from "../faults";
import { gkeArgs, type GkeHost } from "../gke";
import { gke as gkeSchema } from "../schema/gke";
import { hasHoles, type Draft } from "./draft";

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
    const [, where = "", message = text] = /^([^\s:]+): (.*)$/s.exec(text) ?? [];
    return { path: where === "name" ? ["name"] : ["host", ...inDocument(pathOf(where), places)], message };
  });
}

/** Whether nothing is wrong with the pools and classes, so that it can be said what they offer. */
export function offersSoundly(draft: Draft): boolean {
  const { host } = draft;
  if (host?.kind !== "gke" || hasHoles(host)) return false;
  const lists: readonly PropertyKey[] = poolLists;
  return !gke(draft).some(({ path: [, part] }) => part !== undefined && lists.includes(part));
}

const poolLists = ["gpuPools", "cpuPools", "computeClasses"] as const;
type Places = Readonly<Partial<Record<string, readonly number[]>>>;

/** The host without what is faulty in it, and where in the document the pools stand that are left. */
function soundPart({ host }: Draft): { host: GkeHost; places: Places } | undefined {
  if (host?.kind !== "gke") return undefined;
  let kept: Record<string, unknown> = Object.fromEntries(
    Object.entries(host).filter(([, value]) => value !== undefined),
  );
  const places: Record<string, number[]> = {};
  for (const list of poolLists) {
    const items = kept[list];
    if (!Array.isArray(items)) continue;
    places[list] = items.flatMap((item: unknown, index) => (hasHoles(item) ? [] : [index]));
    kept[list] = items.filter((item: unknown) => !hasHoles(item));
  }
  for (;;) {
    const parsed = gkeSchema.safeParse(kept);
    if (parsed.success) return { host: parsed.data, places };
    // What is missing has been told; without it the part that it belongs to cannot be looked at.
    const [part, index] = parsed.error.issues[0]?.path ?? [];
    const items = typeof part === "string" ? kept[part] : undefined;
    if (typeof part !== "string" || items === undefined) return undefined;
    if (Array.isArray(items) && typeof index === "number" && items.length > 1 && part in places) {
      kept = { ...kept, [part]: items.toSpliced(index, 1) };
      places[part] = places[part]?.toSpliced(index, 1) ?? [];
    } else {
      kept = Object.fromEntries(Object.entries(kept).filter(([key]) => key !== part));
    }
  }
}

function inDocument(path: Path, places: Places): Path {
  const [part, index, ...rest] = path;
  if (typeof part !== "string" || typeof index !== "number") return path;
  return [part, places[part]?.[index] ?? index, ...rest];
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

/** The host, where it is GKE and nothing is wrong with what it offers. */
export function soundGkeHost(draft: Draft): GkeHost | undefined {
  return offersSoundly(draft) ? soundPart(draft)?.host : undefined;
}

/** `gpuPools[0].gpu.type` → gpuPools, 0, gpu, type */
function pathOf(where: string): Path {
  return where
    .split(/[.[\]]/)
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
