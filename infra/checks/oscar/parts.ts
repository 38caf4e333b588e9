import { validateObjectStorage } from "../../../components/oscar/platform/minio/validate-object-storage";
import { isTrusted } from "../../../components/oscar/platform/oscar-parts";
import { untrusted } from "../../../components/oscar/platform/validate-oscar";
import { validateServices } from "../../../components/oscar/platform/validate-services";
import { validateUsers } from "../../../components/oscar/platform/validate-users";
import { inFull } from "../../certificates";
import type { Fault } from "../../faults";
import { objectStorageArgs, registryLogins } from "../../oscar-arguments";
import { oscar as oscarSchema } from "../../schema/oscar";
import { hasHoles, type Draft } from "../draft";
import { hasSharedClass } from "../placement";
import { partsOf } from "../told";

type OscarDraft = NonNullable<Draft["oscar"]>;

/** Whether what OSCAR is made of is there, and goes together. */
export function parts({ tier, host, oscar }: Draft): Fault[] {
  if (oscar === undefined) return [];
  return [
    ...(host?.kind === undefined ? [] : hostFaults(host, oscar)),
    ...togetherFaults(oscar),
    ...sectionFaults(oscar, tier),
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
  if (oscar.tolerateGpuTaint === true) {
    const path = ["oscar", "tolerateGpuTaint"];
    if (host.kind === "gke")
      faults.push({ path, message: "got true (a boolean); allowed: none on GKE, which does so by itself" });
    else if (!("gpu" in host))
      faults.push({
        path,
        message: "got true (a boolean); needed for it: host.gpu, without which there are no GPUs",
      });
  }
  return faults;
}

/** What the component would say of the section by itself, where nothing in it is faulty. */
function sectionFaults(oscar: OscarDraft, tier: Draft["tier"]): Fault[] {
  if (hasHoles(oscar)) return [];
  const parsed = oscarSchema.safeParse(oscar);
  if (!parsed.success || tier === undefined) return [];
  const { objectStorage, imagePullSecrets, tls, ...rest } = parsed.data;
  const host = objectStorage.kind === "managed" ? objectStorage.host : undefined;
  const args = {
    ...rest,
    objectStorage: objectStorageArgs(objectStorage),
    ...(imagePullSecrets !== undefined && { imagePullSecrets: registryLogins(imagePullSecrets) }),
  };
  return [
    ...validateObjectStorage("objectStorage", args.objectStorage),
    ...validateUsers(args),
    ...validateServices(args),
    ...(host === undefined || isTrusted(inFull(tls, tier)) ? [] : [untrusted("objectStorage.host", host)]),
  ].map((text) => {
    const { where, message } = partsOf(text);
    return { path: ["oscar", ...where.split(".")], message };
  });
}

function togetherFaults(oscar: OscarDraft): Fault[] {
  if (oscar.kserve !== true || oscar.knative !== "none") return [];
  const message = "got true (a boolean); needed for it: Knative (oscar.knative: install or existing)";
  return [{ path: ["oscar", "kserve"], message }];
}
