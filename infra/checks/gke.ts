import { gkeGpuScheduling } from "../../components/host/gke/gpu-scheduling";
import type { GpuScheduling } from "../../components/host/cluster-handle";
import { validateGkeCluster } from "../../components/host/gke/validate-cluster";
import type { Fault, Path } from "../faults";
import { gkeArgs, type GkeHost } from "../gke";
import type { Environment } from "../schema/environment";
import { hasHoles, type Draft } from "./draft";

/** What Google would say of the cluster, twenty minutes later. */
export function gke(draft: Draft): Fault[] {
  const { name, tier } = draft;
  const host = soundGkeHost(draft);
  if (host === undefined || name === undefined || tier === undefined) return [];
  return validateGkeCluster(name, gkeArgs({ name, tier, host })).map((text) => {
    const [, where = "", message = text] = /^([^\s:]+): (.*)$/s.exec(text) ?? [];
    return { path: where === "name" ? ["name"] : ["host", ...pathOf(where)], message };
  });
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

/** The host, where it is GKE and nothing in it is faulty. */
export function soundGkeHost({ host }: Draft): GkeHost | undefined {
  return host?.kind === "gke" && isWhole(host) ? host : undefined;
}

function isWhole(host: Draft["host"]): host is Extract<Environment["host"], { kind: "gke" }> {
  return host?.kind === "gke" && !hasHoles(host);
}

/** `gpuPools[0].gpu.type` → gpuPools, 0, gpu, type */
function pathOf(where: string): Path {
  return where
    .split(/[.[\]]/)
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
