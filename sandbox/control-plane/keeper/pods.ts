import type { V1Pod } from "@kubernetes/client-node";

/** A pod that will never run again gives back what it had: its place on the node, its disks. */
export function isFinished({ status }: V1Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

export function isLeaving({ metadata }: V1Pod): boolean {
  return metadata?.deletionTimestamp !== undefined;
}

export function pathOf({ metadata }: V1Pod): string {
  return `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}`;
}

/** Pods that come with the node itself, and would not keep it. */
export function belongsToNode({ metadata }: V1Pod): boolean {
  return (
    metadata?.namespace === "kube-system" ||
    metadata?.annotations?.["kubernetes.io/config.mirror"] !== undefined ||
    (metadata?.ownerReferences ?? []).some(({ kind }) => kind === "DaemonSet")
  );
}
