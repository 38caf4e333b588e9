import type { DeploymentSummary, WireService } from "./wire";

/** What a deployment's state means to one who waits for it. */
export type Verdict =
  | { kind: "ready" }
  | { kind: "wait" }
  /** Nothing runs until it is called, and nothing tells whether it could. */
  | { kind: "nothing to wait for" }
  /** Someone has stopped it: it has no pods. */
  | { kind: "stopped" }
  | { kind: "failed" };

export interface Waited {
  /** Whether the service has a port that is open all the time. */
  readonly exposed: boolean;
  readonly kserve: boolean;
  /** Whether OSCAR runs on Knative. */
  readonly knative: boolean;
}

export function isExposed({ expose }: WireService): boolean {
  const port = expose?.api_port;
  const first = Array.isArray(port) ? port[0] : port;
  return first !== undefined && first !== 0;
}

/**
 * One reading. Of pods that are replaced, the Manager says `ready` as long as the old ones are there, even when the new
 * ones can never run; so that word alone counts for Knative only, where it is right, even with no pod.
 */
export function judge(status: DeploymentSummary, { exposed, kserve, knative }: Waited): Verdict {
  switch (status.state) {
    case "ready":
      return status.resource_kind === "knative_service" || isRolledOut(status)
        ? { kind: "ready" }
        : { kind: "wait" };
    case "failed":
      return { kind: "failed" };
    case "stopped":
      return { kind: "stopped" };
    case "unavailable":
      // KServe makes its Deployment by and by; OSCAR's own are there before it answers.
      if (kserve) return { kind: "wait" };
      return exposed || knative ? { kind: "failed" } : { kind: "nothing to wait for" };
    default:
      return { kind: "wait" };
  }
}

/** Kubernetes' reasons for a Deployment that is on its way; at its end all give way to another one. */
const underWay = /^(ReplicaSetUpdated|NewReplicaSetCreated|FoundNewReplicaSet)\b/;

const isRolledOut = ({ affected_instances, reason = "" }: DeploymentSummary): boolean =>
  affected_instances === 0 && !underWay.test(reason);

/** Whether old pods run, and new ones wait; with one GPU in the cluster for ever, because the old ones keep it. */
export const isHeldByOldPods = ({
  state,
  active_instances,
  affected_instances,
}: DeploymentSummary): boolean =>
  (state === "ready" || state === "degraded") &&
  affected_instances > 0 &&
  active_instances > affected_instances;

/** In one line: `pending, 1 of 1 pods not ready: MinimumReplicasUnavailable: …`. */
export function describe({ state, reason = "", ...pods }: DeploymentSummary): string {
  const { active_instances: active, affected_instances: affected } = pods;
  const count = active === 0 ? "no pods" : `${affected} of ${active} pods not ready`;
  return `${state}, ${count}${reason === "" ? "" : `: ${reason}`}`;
}
