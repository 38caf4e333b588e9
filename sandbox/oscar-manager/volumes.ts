import { namespaceFor } from "./authentication.js";
import type { Exchange } from "./exchange.js";
import { decode } from "./go-json.js";
import { isDnsLabel } from "./kubernetes-rules.js";
import { isPositive, nameFault, sizeFault } from "./service-volume.js";
import { volumeRequestShape } from "./shapes.js";
import type { Volume, World } from "./world.js";

/** POST /system/volumes */
export function postVolume(exchange: Exchange, world: World): void {
  const invalid = "The volume specification is not valid:";
  const decoded = decode<{ name: string; size: string }>(volumeRequestShape, exchange.request.body);
  if ("error" in decoded) {
    exchange.text(400, `${invalid} ${decoded.error}`);
    return;
  }
  const { name, size } = decoded.value;
  const missing = Object.entries({ Name: name, Size: size })
    .filter(([, value]) => value === "")
    .map(
      ([field]) =>
        `Key: 'ManagedVolumeCreateRequest.${field}' Error:Field validation for '${field}' failed on the 'required' tag`,
    );
  const owner = exchange.caller.kind === "admin" ? "cluster_admin" : exchange.uid();
  if (owner === undefined) return;
  const key = `${namespaceFor(exchange, world)}/${name}`;
  forget(world);
  if (missing.length > 0) exchange.text(400, `${invalid} ${missing.join("\n")}`);
  else if (!isDnsLabel(name)) exchange.text(400, nameFault);
  else if (!isPositive(size)) exchange.text(400, sizeFault);
  else if (world.volumes.has(key)) exchange.text(409, "volume already exists in caller namespace");
  else {
    const volume: Volume = { size, owner, mode: "api" };
    world.volumes.set(key, volume);
    exchange.object(201, { ...describe(key, volume, world), status: { phase: "pending" } });
  }
}

/** GET /system/volumes: those of the caller's namespace */
export function getVolumes(exchange: Exchange, world: World): void {
  forget(world);
  const prefix = `${namespaceFor(exchange, world)}/`;
  const mine = [...world.volumes].filter(([key]) => key.startsWith(prefix));
  exchange.object(
    200,
    mine
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, volume]) => describe(key, volume, world)),
  );
}

/** GET /system/volumes/:volume */
export function getVolume(exchange: Exchange, world: World): void {
  forget(world);
  const key = `${namespaceFor(exchange, world)}/${exchange.params["volume"] ?? ""}`;
  const volume = world.volumes.get(key);
  if (volume === undefined) exchange.status(404);
  else exchange.object(200, describe(key, volume, world));
}

/** DELETE /system/volumes/:volume: 204 also for one that is not there, and before it is gone */
export function deleteVolume(exchange: Exchange, world: World): void {
  const key = `${namespaceFor(exchange, world)}/${exchange.params["volume"] ?? ""}`;
  const volume = world.volumes.get(key);
  if (volume !== undefined && attachments(key, world).length > 0) {
    exchange.text(400, "managed volume is still attached to one or more services");
    return;
  }
  if (volume !== undefined) volume.deletedAt ??= Date.now();
  exchange.status(204);
}

/** Lets those go whose time has come. */
function forget(world: World): void {
  for (const [key, { deletedAt }] of world.volumes)
    if (deletedAt !== undefined && Date.now() - deletedAt >= world.options.volumeDeleteMs)
      world.volumes.delete(key);
}

function attachments(key: string, world: World): { service_name: string; mount_path: string }[] {
  const [namespace = "", volume = ""] = key.split("/");
  return [...world.configMaps].flatMap(([service, { fdl }]) =>
    fdl?.volume?.name === volume && service.startsWith(`${namespace}/`)
      ? [{ service_name: fdl.name, mount_path: fdl.volume.mount_path }]
      : [],
  );
}

function describe(key: string, volume: Volume, world: World): object {
  const [namespace = "", name = ""] = key.split("/");
  const attached = attachments(key, world);
  const phase = volume.deletedAt !== undefined ? "deleting" : attached.length > 0 ? "in_use" : "ready";
  return {
    name,
    namespace,
    pvc_name: name,
    size: volume.size,
    owner_user: volume.owner,
    ...(volume.service === undefined ? {} : { created_by_service: volume.service }),
    creation_mode: volume.mode,
    ...(volume.policy === undefined ? {} : { lifecycle_policy: volume.policy }),
    ...(attached.length === 0 ? {} : { attachments: attached }),
    status: { phase, ...(attached.length === 0 ? {} : { attachment_count: attached.length }) },
  };
}
