import { messageOf } from "../../components/messages.js";
import { readService } from "./backend.js";
import { deploymentOf } from "./deployment.js";
import type { Exchange } from "./exchange.js";
import { encode } from "./go-json.js";
import { isNotFound } from "./kubernetes-error.js";
import { isSeenBy, read, serviceName } from "./read-services.js";
import type { Handler } from "./routing.js";
import { isExposed, type Service } from "./service.js";
import { deploymentStatusShape } from "./shapes.js";
import type { Deployment, World } from "./world.js";

/** GET /system/services/:service/deployment. A service that is not there is forbidden. */
export function getDeployment(exchange: Exchange, world: World): void {
  const service = readSeen(exchange, world);
  if (service !== undefined) exchange.json(200, encode(deploymentStatusShape, deploymentOf(service, world)));
}

/** GET /system/services/:service/deployment/logs */
export function getDeploymentLogs(exchange: Exchange, world: World): void {
  const service = readSeen(exchange, world);
  if (service === undefined) return;
  const { query } = exchange.request;
  const deployment = world.deployments.get(`${service.namespace}/${service.name}`);
  const answer = { service_name: service.name, available: false };
  if (deployment === undefined || !isExposed(service))
    exchange.object(200, {
      ...answer,
      message: "Deployment logs are unavailable for this service.",
      entries: [],
    });
  else if (deployment.logs.length === 0)
    exchange.object(200, { ...answer, message: "Deployment logs are not yet available.", entries: [] });
  else {
    const wanted = Number(query.get("tailLines") ?? 200);
    const lines = Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, 1000) : 200;
    const stamp = query.get("timestamps") === "true" ? { timestamp: new Date().toISOString() } : {};
    const entries = deployment.logs.slice(-lines).map((message) => ({ ...stamp, message }));
    exchange.object(200, { ...answer, available: true, entries });
  }
}

function readSeen(exchange: Exchange, world: World): Service | undefined {
  const name = serviceName(exchange);
  if (name === undefined) return undefined;
  let service: Service | undefined;
  try {
    service = readService("", name, world);
  } catch (error) {
    // It is told, and then the rest all the same.
    if (!isNotFound(error)) exchange.text(500, messageOf(error));
  }
  if (service !== undefined && isSeenBy(service, exchange.caller)) return service;
  exchange.text(403, "You do not have permission to access this service");
  return undefined;
}

type Action = (deployment: Deployment, service: Service, world: World) => void;

/** POST /system/services/:service/stop, start or restart */
const lifecycle =
  (action: Action): Handler =>
  (exchange, world) => {
    const name = serviceName(exchange);
    const service = name === undefined ? undefined : read(name, exchange, world);
    if (service === undefined) return;
    const { caller } = exchange;
    if (caller.kind !== "admin" && (caller.kind !== "user" || service.owner !== caller.uid)) {
      const uid = caller.kind === "user" ? caller.uid : "";
      exchange.text(403, `User ${uid} doesn't have permission to manage this service`);
      return;
    }
    if (service.expose.api_port.length === 0) {
      exchange.text(400, `service "${service.name}" is not exposed`);
      return;
    }
    const deployment = world.deployments.get(`${service.namespace}/${service.name}`);
    if (deployment === undefined) {
      exchange.status(404);
      return;
    }
    // It is told before Kubernetes has begun with it.
    const before = deploymentOf(service, world);
    action(deployment, service, world);
    const after = deploymentOf(service, world, Number.POSITIVE_INFINITY);
    const told =
      deployment.phase === "updated"
        ? before
        : deployment.phase === "stopped"
          ? { ...after, active_instances: before.active_instances }
          : after;
    exchange.json(200, encode(deploymentStatusShape, told));
  };

/** Takes the autoscaler away, so that the next update fails. */
export const stop = lifecycle((deployment, service, world) => {
  world.autoscalers.delete(`${service.namespace}/${service.name}`);
  Object.assign(deployment, { replicas: 0, phase: "stopped", changedAt: Date.now() });
});

export const start = lifecycle((deployment, service, world) => {
  const isStopped = deployment.replicas === 0;
  world.autoscalers.add(`${service.namespace}/${service.name}`);
  if (isStopped)
    Object.assign(deployment, {
      replicas: service.expose.min_scale,
      phase: "started",
      changedAt: Date.now(),
    });
});

export const restart = lifecycle((deployment) => {
  Object.assign(deployment, { revision: deployment.revision + 1, phase: "updated", changedAt: Date.now() });
});
