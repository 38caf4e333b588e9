import { isExposed, type Service } from "./service.js";
import type { Deployment, World } from "./world.js";

export interface Status {
  readonly service_name: string;
  readonly namespace: string;
  readonly state: string;
  readonly reason: string;
  readonly last_transition_time?: string;
  readonly active_instances: number;
  readonly affected_instances: number;
  readonly resource_kind: string;
}

/**
 * How a service's pods are, as the Manager tells it. After an update it is `ready` at once. `rolloutMs` is how long a
 * roll-out takes.
 */
export function deploymentOf(service: Service, world: World, rolloutMs = world.options.rolloutMs): Status {
  const key = `${service.namespace}/${service.name}`;
  const named = { service_name: service.name, namespace: service.namespace };
  if (isExposed(service)) {
    const deployment = world.deployments.get(key);
    if (deployment === undefined) return unavailable(named, "Current deployment resources are unavailable.");
    return {
      ...named,
      ...stateOf(service.name, deployment, rolloutMs),
      last_transition_time: seconds(deployment.changedAt),
      resource_kind: "exposed_service",
    };
  }
  const made = world.knativeServices.get(key);
  if (made === undefined)
    return unavailable(named, "Current deployment visibility is unavailable for this service runtime.");
  const { knativeReadyMs } = world.options;
  const isReady = knativeReadyMs !== undefined && Date.now() - made >= knativeReadyMs;
  return {
    ...named,
    state: isReady ? "ready" : "pending",
    reason: isReady ? "Runtime service is ready." : "Runtime service is still reconciling.",
    active_instances: 0,
    affected_instances: 0,
    resource_kind: "knative_service",
  };
}

type State = Pick<Status, "state" | "reason" | "active_instances" | "affected_instances">;

function stateOf(name: string, deployment: Deployment, rolloutMs: number): State {
  const { replicas, phase, stuck, failure } = deployment;
  const set = `ReplicaSet "${name}-dpl-${String(deployment.revision).padStart(10, "0")}"`;
  const state = (word: string, reason: string, active: number, affected: number): State => ({
    state: word,
    reason,
    active_instances: active,
    affected_instances: affected,
  });
  const isDone = stuck !== true && Date.now() - deployment.changedAt >= rolloutMs;
  // Pods go on for a while after a stop.
  if (replicas === 0) return state("stopped", "Deployment is stopped.", isDone ? 0 : 1, 0);
  if (failure !== undefined) return state("failed", failure, replicas, replicas);
  if (isDone)
    return phase === "updated"
      ? state("ready", `NewReplicaSetAvailable: ${set} has successfully progressed.`, replicas, 0)
      : state("ready", "MinimumReplicasAvailable: Deployment has minimum availability.", replicas, 0);
  switch (phase) {
    case "updated":
      return state("ready", `ReplicaSetUpdated: ${set} is progressing.`, replicas + 1, 1);
    case "started":
      return state("pending", `NewReplicaSetAvailable: ${set} has successfully progressed.`, 0, 0);
    case "created":
    case "stopped":
      return state(
        "pending",
        "MinimumReplicasUnavailable: Deployment does not have minimum availability.",
        replicas,
        replicas,
      );
  }
}

function unavailable(named: { service_name: string; namespace: string }, reason: string): Status {
  return {
    ...named,
    state: "unavailable",
    reason,
    active_instances: 0,
    affected_instances: 0,
    resource_kind: "unavailable",
  };
}

export const seconds = (time: number | Date): string => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
