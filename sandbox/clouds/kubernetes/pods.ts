import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import type { Properties } from "../../../provider";
import { lastSeen, whyNotReady } from "../../waiting-cause";
import { textAt } from "./objects";
import type { ObjectStore } from "./store";

/** An answer of the API server, by the type that Kubernetes publishes for it. */
export function typed<T>(object: Properties): T {
  return JSON.parse(JSON.stringify(object));
}

/**
 * What holds up an object that makes pods: the first pod that is not ready, and why; where no pod could be made, why
 * not (a quota, Pod Security). `undefined` where nothing is known yet.
 */
export async function heldUp(
  owner: Properties,
  labels: Record<string, string> | undefined,
  store: ObjectStore,
): Promise<string | undefined> {
  const namespace = textAt(owner, "metadata", "namespace");
  if (labels === undefined || namespace === undefined) return undefined;
  const pods = await store.list("v1", "Pod", namespace, { labels });
  for (const object of pods) {
    const why = whyNotReady(typed<V1Pod>(object));
    if (why === undefined) continue;
    const pod = `pod ${textAt(object, "metadata", "name") ?? ""}`;
    // A pod that has a node and no complaint of its own may wait for a volume or a Secret: only events tell.
    const event = isStarting(typed<V1Pod>(object)) ? await lastWarning(object, store) : undefined;
    return `${pod}: ${event ?? why}`;
  }
  return pods.length === 0 ? lastWarning(owner, store) : undefined;
}

function isStarting({ status }: V1Pod): boolean {
  const reasons = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].map(
    ({ state }) => state?.waiting?.reason ?? "ContainerCreating",
  );
  return (
    status?.phase === "Pending" &&
    status.conditions?.some(({ type, status: is }) => type === "PodScheduled" && is === "True") === true &&
    reasons.every((reason) => reason === "ContainerCreating" || reason === "PodInitializing")
  );
}

/** What the cluster complained of last about an object. */
export async function lastWarning(object: Properties, store: ObjectStore): Promise<string | undefined> {
  const uid = textAt(object, "metadata", "uid");
  const namespace = textAt(object, "metadata", "namespace");
  if (uid === undefined || namespace === undefined) return undefined;
  const fields = { "involvedObject.uid": uid, type: "Warning" };
  const events = (await store.list("v1", "Event", namespace, { fields })).map((event) =>
    typed<CoreV1Event>(event),
  );
  const last = events.sort((a, b) => lastSeen(a) - lastSeen(b)).at(-1);
  return last === undefined ? undefined : `${last.reason ?? "Warning"}: ${last.message ?? ""}`;
}
