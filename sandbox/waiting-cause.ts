import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";

/**
 * Which events say what a pod waits for: before it has a node, and once it has one. What `FailedScheduling` says, its
 * status says too.
 */
const telling = {
  unscheduled: [
    "NotTriggerScaleUp",
    "TriggeredScaleUp",
    "ExternalProvisioning",
    "ProvisioningFailed",
    "FailedBinding",
  ],
  pending: ["FailedAttachVolume", "FailedMount", "FailedCreatePodSandBox"],
  running: ["Unhealthy"],
};

/**
 * What a pod waits for: what its status says, and beside it the newest event that says more. The scheduler says that no
 * node will do; only an event says whether one is on its way.
 *
 * @param events Those of the pod's namespace, in any order.
 */
export function waitingCause(pod: V1Pod, events: readonly CoreV1Event[]): string | undefined {
  const status = whyNotReady(pod);
  const unscheduled = unscheduledCondition(pod);
  if (status === undefined || (unscheduled === undefined && containersCause(pod) !== undefined))
    return status;
  const said = newestTelling(pod, events);
  if (unscheduled === undefined) return said?.message ?? status;
  // What it says of preemption (and of claims for devices) is as good as always that it is of no help.
  const scheduler = status.replace(/ *(no new claims to deallocate, *)?preemption: .*$/s, "");
  return said === undefined ? scheduler : `${scheduler.replace(/\.$/, "")}; ${said.message ?? ""}`;
}

function newestTelling(pod: V1Pod, events: readonly CoreV1Event[]): CoreV1Event | undefined {
  const { spec, status } = pod;
  const reasons =
    telling[
      spec?.nodeName === undefined ? "unscheduled" : status?.phase === "Running" ? "running" : "pending"
    ];
  const claims = (spec?.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
  const isOfPod = ({ involvedObject: { kind, name = "", uid } }: CoreV1Event) =>
    kind === "Pod"
      ? name === pod.metadata?.name && uid === pod.metadata.uid
      : kind === "PersistentVolumeClaim" && claims.includes(name);
  return events
    .filter((event) => reasons.includes(event.reason ?? "") && (event.message ?? "") !== "" && isOfPod(event))
    .toSorted((a, b) => lastSeen(a) - lastSeen(b))
    .at(-1);
}

/** Those of the newer kind, such as the scheduler's, have no `lastTimestamp`. */
export function lastSeen({ lastTimestamp, series, eventTime, metadata }: CoreV1Event): number {
  const time = lastTimestamp ?? series?.lastObservedTime ?? eventTime ?? metadata.creationTimestamp;
  return time === undefined ? 0 : new Date(time).getTime();
}

function unscheduledCondition({ status }: V1Pod) {
  return status?.conditions?.find((each) => each.type === "PodScheduled" && each.status === "False");
}

/** Why its containers do not run; nothing else can be more to the point. */
function containersCause({ status }: V1Pod): string | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = status ?? {};
  for (const { image, state } of [...initContainerStatuses, ...containerStatuses]) {
    const { waiting, terminated } = state ?? {};
    if (
      waiting?.reason !== undefined &&
      waiting.reason !== "PodInitializing" &&
      waiting.reason !== "ContainerCreating"
    ) {
      return `${waiting.reason}${waiting.message === undefined ? ` (image ${image})` : `: ${waiting.message}`}`;
    }
    if (terminated !== undefined && terminated.exitCode !== 0)
      return `exited with ${terminated.exitCode}: ${terminated.reason ?? ""}`;
  }
  return undefined;
}

/** Why a pod is not ready: its scheduling or its containers; `undefined` where all is well. */
export function whyNotReady(pod: V1Pod): string | undefined {
  const { phase, conditions = [] } = pod.status ?? {};
  if (phase === "Succeeded" || pod.metadata?.deletionTimestamp !== undefined) return undefined;
  const unscheduled = unscheduledCondition(pod);
  if (unscheduled !== undefined) return unscheduled.message ?? unscheduled.reason ?? "not scheduled yet";
  const ready = conditions.find((each) => each.type === "Ready")?.status === "True";
  return containersCause(pod) ?? (ready ? undefined : `is ${phase ?? "Pending"} and not ready yet`);
}
