import type { types } from "@pulumi/kubernetes";

/** Of the Pod Security Standards (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

/**
 * Labels of a namespace, by which the API refuses pods that ask for more; with further modes it warns whoever makes such a
 * pod, and notes it in its audit log. Said even where nothing is asked, for a cluster's own default may ask for more. Of
 * one version, so that a cluster's upgrade changes nothing; a cluster that is older takes the newest it knows.
 */
export function podSecurity(
  level: PodSecurityLevel,
  modes: readonly ("enforce" | "warn" | "audit")[] = ["enforce"],
): Record<string, string> {
  return Object.fromEntries(
    modes.flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, "v1.36"],
    ]),
  );
}

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
