import { createExposure, deleteExposure, updateExposure } from "./exposure.js";
import { KubernetesError } from "./kubernetes-error.js";
import { metadataFaults, nameFaults, quantityFault, refusal } from "./kubernetes-rules.js";
import { isExposed, type Service } from "./service.js";
import { createServiceVolume, deleteServiceVolume } from "./service-volume.js";
import type { Stored, World } from "./world.js";
import { documentThroughYaml } from "./yaml-round-trip.js";

/** The Manager's two back ends: what they keep in Kubernetes, in their order, with the traces their failures leave. */

/** Reads a service, wherever it is when no namespace is given. */
export function readService(namespace: string, name: string, world: World): Service {
  const found = namespace === "" ? namespaceOfService(name, world) : namespace;
  const key = `${found}/${name}`;
  if (world.options.backend === "" && !world.podTemplates.has(key))
    throw new KubernetesError("NotFound", `podtemplates "${name}" not found`);
  const stored = world.configMaps.get(key);
  if (stored === undefined) throw new Error(`the service "${name}" does not have a registered ConfigMap`);
  return serviceOf(stored, name, found);
}

function namespaceOfService(name: string, world: World): string {
  const found = [...world.configMaps.keys()].filter((key) => key.endsWith(`/${name}`));
  const [only] = found;
  if (only === undefined) throw new KubernetesError("NotFound", `configmap "${name}" not found`);
  if (found.length > 1) throw new Error(`service "${name}" found in multiple namespaces`);
  return only.slice(0, only.indexOf("/"));
}

export function listServices(world: World, name?: string): Service[] {
  return [...world.configMaps]
    .map(([key, stored]) => ({
      stored,
      namespace: key.slice(0, key.indexOf("/")),
      name: key.replace(/^.*\//, ""),
    }))
    .filter((found) => name === undefined || found.name === name)
    .sort((one, other) => (`${one.namespace}/${one.name}` < `${other.namespace}/${other.name}` ? -1 : 1))
    .map((found) => serviceOf(found.stored, found.name, found.namespace));
}

function serviceOf({ fdl, script }: Stored, name: string, namespace: string): Service {
  if (fdl === undefined) throw new Error(`the FDL of the service "${name}" cannot be read`);
  return { ...structuredClone(fdl), namespace, script };
}

/** The FDL and, beside it, the script. */
function store(service: Service, world: World, script = service.script): void {
  world.configMaps.set(`${service.namespace}/${service.name}`, {
    fdl: documentThroughYaml({ ...service, script: "" }),
    script,
  });
}

export function createService(service: Service, world: World): void {
  const { name, namespace } = service;
  const key = `${namespace}/${name}`;
  checkImage(service, world);
  refuse(refusal("ConfigMap", name, nameFaults(name)));
  if (!world.namespaces.has(namespace))
    throw new KubernetesError("NotFound", `namespaces "${namespace}" not found`);
  if (world.configMaps.has(key))
    throw new KubernetesError("AlreadyExists", `configmaps "${name}" already exists`);
  store(service, world);
  try {
    createServiceVolume(service, world);
  } catch (error) {
    world.configMaps.delete(key);
    // The plain back end thereby deletes the volume of someone else that was in its way.
    if (world.options.backend === "") deleteServiceVolume(service, world);
    throw error;
  }
  try {
    const fault = quantityFault([service.memory, service.cpu, service.ephemeral_storage_request]);
    if (fault !== undefined) throw new Error(fault);
    createTemplate(service, world);
  } catch (error) {
    world.configMaps.delete(key);
    deleteServiceVolume(service, world);
    throw error;
  }
  if (!isExposed(service)) return;
  createExposure(service, world);
  store(service, world);
}

function createTemplate(service: Service, world: World): void {
  const { name, labels, annotations } = service;
  const key = `${service.namespace}/${name}`;
  const faults = metadataFaults(labels, annotations);
  if (world.options.backend === "") {
    refuse(refusal("PodTemplate", name, faults));
    if (world.podTemplates.has(key))
      throw new KubernetesError("AlreadyExists", `podtemplates "${name}" already exists`);
    world.podTemplates.add(key);
  } else if (!isExposed(service)) {
    refuse(refusal("Service.serving.knative.dev", name, faults));
    if (world.knativeServices.has(key))
      throw new KubernetesError("AlreadyExists", `services.serving.knative.dev "${name}" already exists`);
    world.knativeServices.set(key, Date.now());
  }
}

export function updateService(service: Service, world: World): void {
  const { name, namespace } = service;
  const key = `${namespace}/${name}`;
  checkImage(service, world);
  const old = world.configMaps.get(key);
  if (old === undefined) throw new Error(`the service "${name}" does not have a registered ConfigMap`);
  const restore = (error: unknown): never => {
    world.configMaps.set(key, old);
    throw error;
  };
  store(service, world);
  const fault = quantityFault([service.memory, service.cpu, service.ephemeral_storage_request]);
  if (fault !== undefined) restore(new Error(fault));
  if (world.options.backend === "") {
    if (!world.podTemplates.has(key))
      restore(new KubernetesError("NotFound", `podtemplates "${name}" not found`));
    if (!isExposed(service)) return;
    updateExposure(service, world);
    // The Manager writes the FDL a second time, and has lost the script by then.
    store(service, world, "");
  } else if (isExposed(service)) {
    try {
      updateExposure(service, world);
    } catch (error) {
      restore(error);
    }
  } else {
    if (!world.knativeServices.has(key))
      throw new KubernetesError("NotFound", `services.serving.knative.dev "${name}" not found`);
    const invalid = refusal(
      "Service.serving.knative.dev",
      name,
      metadataFaults(service.labels, service.annotations),
    );
    if (invalid !== undefined) restore(new KubernetesError("Invalid", invalid));
  }
}

/** Of a failed creation as well: on the plain back end nothing is cleaned up when the PodTemplate is not there. */
export function deleteService(service: Service, world: World): void {
  const { name, namespace } = service;
  const key = `${namespace}/${name}`;
  if (world.options.backend === "") {
    if (!world.podTemplates.delete(key))
      throw new KubernetesError("NotFound", `podtemplates "${name}" not found`);
  } else world.knativeServices.delete(key);
  world.configMaps.delete(key);
  world.jobs.delete(key);
  deleteServiceVolume(service, world);
  world.secrets.delete(key);
  if (isExposed(service)) deleteExposure(key, world);
}

/** A fragment anywhere in the image's name will do. */
function checkImage({ image }: Service, { allowedImages }: World): void {
  if (allowedImages === undefined || allowedImages.length === 0) return;
  if (allowedImages.some((allowed) => image.includes(allowed))) return;
  throw new Error(
    `image ${image} is not allowed for pull on the cluster. Check the additional configuration file on 'config.yaml'`,
  );
}

function refuse(text: string | undefined): void {
  if (text !== undefined) throw new KubernetesError("Invalid", text);
}
