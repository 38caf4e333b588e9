import type { types } from "@pulumi/kubernetes";
import { selectorFor } from "../kubernetes/labels";

/* What the pods of everything that answers people have alike. Their port is called `web`. */

/** How often a pod is asked whether it has started. */
const probePeriodSeconds = 5;

/** Started as soon as it answers, however long that takes within the timeout; only then do the other probes begin. */
export function probes(path: string, readyTimeoutSeconds: number, https: boolean) {
  const httpGet = { path, port: "web", ...(https && { scheme: "HTTPS" }) };
  return {
    startupProbe: {
      httpGet,
      periodSeconds: probePeriodSeconds,
      timeoutSeconds: 5,
      failureThreshold: Math.ceil(readyTimeoutSeconds / probePeriodSeconds),
    },
    // A model at work may keep it from answering for a while; that is no reason to send people away, or to kill it.
    readinessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 12 },
    livenessProbe: { httpGet, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 6 },
  };
}

/** The pods of a workload on different nodes, as far as there are some. */
export function spreadOverNodes(
  workload: string,
): Required<Pick<types.input.core.v1.PodSpec, "topologySpreadConstraints">> {
  return {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selectorFor(workload) },
      },
    ],
  };
}
