import { KubernetesError } from "./kubernetes-error.js";
import { isDnsLabel, isQuantity } from "./kubernetes-rules.js";
import type { Service } from "./service.js";
import type { World } from "./world.js";

/** Fills a service's volume in, and tells what is wrong with it. */
export function volumeFault(service: Service): string | undefined {
  const { volume } = service;
  if (volume === undefined) return undefined;
  for (const field of ["name", "size", "mount_path", "lifecycle_policy"] as const)
    volume[field] = volume[field].trim();
  if (volume.mount_path === "") return "volume.mount_path is required";
  if (volume.size === "" && volume.name === "") return "volume.name is required when volume.size is not set";
  if (volume.name !== "" && !isDnsLabel(volume.name)) return nameFault;
  if (volume.size !== "") {
    if (!isPositive(volume.size)) return sizeFault;
    if (volume.name === "") volume.name = service.name;
    if (volume.lifecycle_policy === "") volume.lifecycle_policy = "delete";
    if (volume.lifecycle_policy !== "delete" && volume.lifecycle_policy !== "retain")
      return 'volume.lifecycle_policy must be either "delete" or "retain"';
  } else if (volume.lifecycle_policy !== "")
    return "volume.lifecycle_policy is only valid when volume.size is set";
  if (!volume.mount_path.startsWith("/")) return "volume.mount_path must be an absolute path";
  const reserved = ["/oscar/config", "/oscar/bin"];
  if (reserved.some((path) => volume.mount_path === path || volume.mount_path.startsWith(`${path}/`)))
    return "volume.mount_path cannot overlap OSCAR reserved paths";
  return undefined;
}

export const nameFault = "volume.name must satisfy Kubernetes DNS-1123 naming rules";
export const sizeFault = "volume.size must be a valid positive quantity";
export const isPositive = (size: string): boolean => isQuantity(size) && Number.parseFloat(size) > 0;

export function createServiceVolume({ volume, name, namespace, owner }: Service, world: World): void {
  if (volume === undefined) return;
  const key = `${namespace}/${volume.name}`;
  const missing = new KubernetesError("NotFound", `persistentvolumeclaims "${volume.name}" not found`);
  if (volume.size === "") {
    if (!world.volumes.has(key)) throw missing;
    return;
  }
  if (world.volumes.has(key))
    throw new KubernetesError("AlreadyExists", `persistentvolumeclaims "${volume.name}" already exists`);
  const { size, lifecycle_policy: policy } = volume;
  world.volumes.set(key, { size, owner, mode: "service", service: name, policy });
}

/** The volume that a service asks to be made, whoever made it. */
export function deleteServiceVolume({ volume, namespace }: Service, world: World): void {
  if (volume === undefined || volume.size === "" || volume.lifecycle_policy === "retain") return;
  world.volumes.delete(`${namespace}/${volume.name}`);
}

/** What a GET shows of it. */
export function volumeStatus({ volume, namespace }: Service, world: World): Service["volume_status"] {
  if (volume === undefined) return { enabled: false };
  const found = world.volumes.get(`${namespace}/${volume.name}`);
  if (found === undefined) return { enabled: true, name: volume.name, phase: "error" };
  return { enabled: true, name: volume.name, phase: found.deletedAt === undefined ? "in_use" : "deleting" };
}
