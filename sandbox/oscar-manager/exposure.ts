import { messageOf } from "../../components/messages.js";
import { KubernetesError } from "./kubernetes-error.js";
import { hpaFaults, nodePortFaults, portFaults, refusal } from "./kubernetes-rules.js";
import type { Service } from "./service.js";
import type { World } from "./world.js";

/** What an exposed service has in Kubernetes: Deployment, autoscaler, Service and route. */

export function createExposure(service: Service, world: World): void {
  const { name, expose } = service;
  const key = `${service.namespace}/${name}`;
  const { api_port: ports, nodePort: nodePorts } = expose;
  if (nodePorts.length > 0 && nodePorts.length !== ports.length)
    throw new Error(
      `The length of nodePort (${nodePorts.length}) must be equal to that of api_port (${ports.length})`,
    );
  within(`error creating deployment for exposed service '${name}'`, () => {
    if (world.deployments.has(key)) throw new Error(`deployments.apps "${name}-dpl" already exists`);
    refuse(refusal("Deployment.apps", `${name}-dpl`, portFaults(ports)));
    world.deployments.set(key, {
      replicas: expose.min_scale,
      revision: 1,
      template: templateOf(service, world),
      phase: "created",
      changedAt: Date.now(),
      logs: [],
    });
    refuse(refusal("HorizontalPodAutoscaler.autoscaling", `${name}-hpa`, hpaFaults(expose)));
    world.autoscalers.add(key);
  });
  within(`error creating svc for exposed service '${name}'`, () => {
    if (name.includes("."))
      refuse(
        `Service "${name}-svc" is invalid: metadata.name: Invalid value: "${name}-svc": must not contain dots`,
      );
    world.services.set(key, assign(service, [], world));
  });
  if ((nodePorts[0] ?? 0) === 0)
    within(`error creating route for exposed service '${name}'`, () => {
      checkAuth(service, world);
      world.routes.add(key);
    });
  // What Kubernetes chose is written into the stored FDL.
  expose.nodePort = world.services.get(key) ?? [];
}

export function updateExposure(service: Service, world: World): void {
  const { name, expose } = service;
  const key = `${service.namespace}/${name}`;
  const deployment = world.deployments.get(key);
  if (deployment === undefined)
    throw new KubernetesError("NotFound", `deployments.apps "${name}-dpl" not found`);
  refuse(refusal("Deployment.apps", `${name}-dpl`, portFaults(expose.api_port)));
  const template = templateOf(service, world);
  // The variables' order is a new one each time, so that two of them are enough for a roll-out.
  if (template !== deployment.template || Object.keys(service.environment.variables).length > 1) {
    deployment.revision += 1;
    deployment.phase = "updated";
    deployment.changedAt = Date.now();
  }
  deployment.template = template;
  deployment.replicas = expose.min_scale;
  if (!world.autoscalers.has(key))
    throw new KubernetesError("NotFound", `horizontalpodautoscalers.autoscaling "${name}-hpa" not found`);
  refuse(refusal("HorizontalPodAutoscaler.autoscaling", `${name}-hpa`, hpaFaults(expose)));
  const before = world.services.get(key);
  if (before === undefined) throw new KubernetesError("NotFound", `services "${name}-svc" not found`);
  world.services.set(key, assign(service, before, world));
  if ((expose.nodePort[0] ?? 0) !== 0) world.routes.delete(key);
  else {
    checkAuth(service, world);
    world.routes.add(key);
  }
}

export function deleteExposure(key: string, world: World): void {
  world.deployments.delete(key);
  world.autoscalers.delete(key);
  world.services.delete(key);
  world.routes.delete(key);
}

/** The node ports of a Service: as asked for, kept, or new ones. With unequal lists it silently has none. */
function assign({ name, namespace, expose }: Service, before: readonly number[], world: World): number[] {
  if (expose.nodePort.length !== expose.api_port.length) return [];
  const others = [...world.services]
    .filter(([key]) => key !== `${namespace}/${name}`)
    .flatMap(([, ports]) => ports);
  const taken = new Set(others);
  refuse(refusal("Service", `${name}-svc`, nodePortFaults(expose.nodePort, taken)));
  for (const port of [...expose.nodePort, ...before]) taken.add(port);
  return expose.nodePort.map((port, index) => {
    if (port !== 0) return port;
    const kept = before[index];
    if (kept !== undefined) return kept;
    let free = 30577;
    while (taken.has(free)) free += 1;
    taken.add(free);
    return free;
  });
}

function checkAuth({ expose }: Service, { options }: World): void {
  if (!expose.set_auth || expose.auth_type === "" || expose.auth_type === "basic") return;
  if (expose.auth_type !== "forward") throw new Error(`unsupported expose auth_type "${expose.auth_type}"`);
  if (options.routeKind !== "httproute")
    throw new Error('expose auth_type "forward" requires EXPOSED_SERVICES_ROUTE_KIND=httproute');
}

/** What pods are made of: script, labels and the values of secrets are not part of it. */
function templateOf(service: Service, world: World): string {
  const { image, memory, cpu, enable_gpu, environment, image_pull_secrets, mount, volume } = service;
  const { api_port, health_path, probe_mode, rewrite_target, default_command } = service.expose;
  const variables = Object.entries(environment.variables).sort();
  const probes = [api_port, health_path, probe_mode, rewrite_target, default_command];
  const hasSecret = world.secrets.has(`${service.namespace}/${service.name}`);
  return JSON.stringify([
    [image, memory, cpu, enable_gpu, image_pull_secrets],
    [variables, hasSecret, probes, mount, volume],
  ]);
}

function refuse(text: string | undefined): void {
  if (text !== undefined) throw new KubernetesError("Invalid", text);
}

function within(heading: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new Error(`${heading}: ${messageOf(error)}`);
  }
}
