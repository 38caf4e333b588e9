import type { types } from "@pulumi/kubernetes";

/** An id that no user of the node has; above 10000, as scanners want it. */
const unusedId = 10001;

/** What the *restricted* Pod Security Standard asks of a pod, and a group that can write its volumes. */
export function podSecurityContext(userId = unusedId): types.input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: userId,
    runAsGroup: userId,
    fsGroup: userId,
    // Without it, every file of a big volume gets a new group at each start of a pod.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** What it asks of a container; and a read-only root, so that what is written is written where we know it. */
export function containerSecurityContext(): types.input.core.v1.SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  };
}
