import { nvidiaGpu } from "../../../components/host/nvidia";
import { got, type Fault } from "../../faults";
import type { Draft } from "../draft";
import { hasSharedClass } from "../placement";
import { section } from "./section";

type OscarDraft = NonNullable<Draft["oscar"]>;

/** Whether what OSCAR is made of is there, and goes together. */
export function parts(draft: Draft): Fault[] {
  const { tier, host, oscar } = draft;
  if (oscar === undefined) return [];
  return [
    ...(host?.kind === undefined ? [] : hostFaults(host, oscar)),
    ...togetherFaults(oscar),
    ...section(draft),
    ...(tier === "production" && oscar.retain === false
      ? [
          {
            path: ["oscar", "retain"],
            message:
              "got false (a boolean); allowed: true, because production keeps its data; or else tier: development",
          },
        ]
      : []),
  ];
}

function hostFaults(host: NonNullable<Draft["host"]>, oscar: OscarDraft): Fault[] {
  const faults: Fault[] = [];
  if (host.kind === "existing" && host.privilegedPods === false) {
    const message =
      "got false (a boolean); allowed with oscar: true, because OSCAR mounts buckets by privileged pods, which GKE " +
      "Autopilot does not let run; take a cluster with nodes of its own (host: gke)";
    faults.push({ path: ["host", "privilegedPods"], message });
  }
  if (host.kind === "existing" && !("metricsServer" in oscar)) {
    const message =
      "missing; needed: install, or existing where `kubectl top nodes` answers; exposed services scale by it";
    faults.push({ path: ["oscar", "metricsServer"], message });
  }
  if (host.kind === "gke" && oscar.metricsServer === "install") {
    const message = 'got "install"; allowed: existing, because GKE has it already';
    faults.push({ path: ["oscar", "metricsServer"], message });
  }
  if (oscar.sharedStorage?.kind === "host" && !hasSharedClass(host)) {
    const add = host.kind === "gke" ? "host.filestore" : "host.storage.readWriteMany";
    const message = `got "host", but the host has no class of volumes that pods of many nodes mount; allowed: nfs, or add ${add}`;
    faults.push({ path: ["oscar", "sharedStorage", "kind"], message });
  }
  return [...faults, ...(oscar.tolerateGpuTaint === true ? gpuFaults(host) : [])];
}

/** OSCAR knows one kind of GPU, and asks for it without tolerating a taint. */
function gpuFaults(host: NonNullable<Draft["host"]>): Fault[] {
  const path = ["oscar", "tolerateGpuTaint"];
  const given = "got true (a boolean); ";
  if (host.kind === "gke")
    return [{ path, message: `${given}allowed: none on GKE, which does so by itself` }];
  if (!("gpu" in host))
    return [{ path, message: `${given}needed for it: host.gpu, without which there are no GPUs` }];
  const { resource = nvidiaGpu, tolerations } = host.gpu ?? {};
  if (resource !== nvidiaGpu) {
    const where = ["host", "gpu", "resource"];
    return [
      {
        path: where,
        message: `${got(resource, where)}; allowed for OSCAR: ${nvidiaGpu}, the only one it knows`,
      },
    ];
  }
  return tolerations?.length === 0
    ? [{ path, message: `${given}needed for it: host.gpu.tolerations, which are empty` }]
    : [];
}

function togetherFaults(oscar: OscarDraft): Fault[] {
  if (oscar.kserve !== true || oscar.knative !== "none") return [];
  const message = "got true (a boolean); needed for it: Knative (oscar.knative: install or existing)";
  return [{ path: ["oscar", "kserve"], message }];
}
