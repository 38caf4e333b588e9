import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { ApiError, type Api } from "./api";
import type { EventWriter } from "./events";
import type { Mirror } from "./mirror";
import { isFinished, isLeaving, pathOf } from "./pods";

/** Says that a pod's disks are on its node. kwok runs no pod with a claim before (stages/pods.yaml). */
export const attachedAnnotation = "inference-infra/attached";

export interface Attachments {
  /** Pods whose disks can be put on their nodes now. */
  readonly attach: readonly V1Pod[];
  /** Pods that wait for a disk that is on another node, and whose pods it is there for. */
  readonly held: readonly {
    readonly pod: V1Pod;
    readonly volume: string;
    readonly users: readonly string[];
  }[];
}

/** What the attach/detach controller would do: a disk that is not shared is on one node at a time. */
export function attachments(pods: readonly V1Pod[], claims: readonly V1PersistentVolumeClaim[]): Attachments {
  const known = new Map(
    claims.map((claim) => [keyOf(claim.metadata?.namespace, claim.metadata?.name), claim]),
  );
  const claimsOf = (pod: V1Pod) =>
    claimNames(pod).map((name) => known.get(keyOf(pod.metadata?.namespace, name)));
  /** Which pods each disk is on its node for. */
  const users = new Map<string, V1Pod[]>();
  const use = (pod: V1Pod) => {
    for (const volume of disksOf(claimsOf(pod))) users.set(volume, [...(users.get(volume) ?? []), pod]);
  };
  pods.filter((pod) => isAttached(pod) && !isFinished(pod)).forEach(use);
  const attach: V1Pod[] = [];
  const held: Attachments["held"][number][] = [];
  for (const pod of pods) {
    if (!awaitsDisks(pod) || !claimsOf(pod).every((claim) => claim?.status?.phase === "Bound")) continue;
    const elsewhere = disksOf(claimsOf(pod)).flatMap((volume) => {
      const others = (users.get(volume) ?? []).filter(({ spec }) => spec?.nodeName !== pod.spec?.nodeName);
      return others.length === 0 ? [] : [{ pod, volume, users: others.map(nameOf) }];
    });
    held.push(...elsewhere);
    if (elsewhere.length > 0) continue;
    attach.push(pod);
    use(pod);
  }
  return { attach, held };
}

/** Carries it out. */
export async function attachDisks(
  api: Api,
  events: EventWriter,
  pods: Mirror<V1Pod>,
  claims: Mirror<V1PersistentVolumeClaim>,
): Promise<void> {
  const { attach, held } = attachments(pods.items, claims.items);
  for (const pod of attach) {
    try {
      const { uid } = pod.metadata ?? {};
      const body = { metadata: { uid, annotations: { [attachedAnnotation]: "true" } } };
      pods.put(await api.send<V1Pod>({ method: "PATCH", path: pathOf(pod), body }));
      console.log(`attached for pod ${pod.metadata?.namespace}/${nameOf(pod)} on ${pod.spec?.nodeName}`);
    } catch (error) {
      // Gone meanwhile, or another one of that name.
      if (!(error instanceof ApiError && [404, 409].includes(error.code))) throw error;
    }
  }
  for (const { pod, volume, users } of held) {
    await events.write({
      pod,
      type: "Warning",
      reason: "FailedAttachVolume",
      message: `Multi-Attach error for volume "${volume}" Volume is already used by pod(s) ${users.join(", ")}`,
      matter: volume,
      component: "attachdetach-controller",
    });
  }
}

function claimNames({ spec }: V1Pod): string[] {
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** The disks among them. What can be used from many nodes at once is no disk, as Kubernetes has it too. */
function disksOf(claims: readonly (V1PersistentVolumeClaim | undefined)[]): string[] {
  return claims.flatMap((claim) => {
    const modes = claim?.status?.accessModes ?? [];
    const shared = modes.some((mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany");
    return shared ? [] : (claim?.spec?.volumeName ?? []);
  });
}

function awaitsDisks(pod: V1Pod): boolean {
  const placed = pod.spec?.nodeName !== undefined && !isLeaving(pod) && !isFinished(pod);
  return placed && !isAttached(pod) && claimNames(pod).length > 0;
}

function isAttached({ metadata }: V1Pod): boolean {
  return metadata?.annotations?.[attachedAnnotation] === "true";
}

function nameOf({ metadata }: V1Pod): string {
  return metadata?.name ?? "";
}

function keyOf(namespace = "", name = ""): string {
  return `${namespace}/${name}`;
}
