import { messageOf } from "../../components/messages.js";
import { namespaceFor } from "./authentication.js";
import { createService, deleteService, listServices } from "./backend.js";
import type { Exchange } from "./exchange.js";
import { KubernetesError } from "./kubernetes-error.js";
import type { Access } from "./minio-policies.js";
import { createBuckets, deleteBuckets, InputError } from "./service-buckets.js";
import { blankSecrets, readBody } from "./service-request.js";
import type { Service } from "./service.js";
import type { World } from "./world.js";

/** POST /system/services, step by step as the Manager takes them. */
export async function postService(exchange: Exchange, world: World): Promise<void> {
  const service = readBody(exchange, world);
  if (service === undefined || !own(service, exchange, world)) return;
  const { caller } = exchange;
  if (service.namespace === "") service.namespace = namespaceFor(exchange, world);
  if ((service.federation?.members?.length ?? 0) > 0 && !("refresh_token" in service.environment.secrets)) {
    exchange.text(400, "refresh_token secret is required for federated services");
    return;
  }
  if (!createSecret(service, exchange, world)) return;
  const ownerName = caller.kind === "user" ? caller.name : "oscar";
  service.labels["owner_name"] = ownerName.replaceAll(" ", "_");
  if (!isFree(service.name, exchange, world)) return;
  try {
    createService(service, world);
  } catch (error) {
    refuseCreation(service, error, exchange, world);
    return;
  }
  try {
    await world.minio.registerWebhook(service.name, service.token);
  } catch (error) {
    rollBack(service, world);
    exchange.text(500, messageOf(error));
    return;
  }
  if (createServiceBuckets(service, ownerName, exchange, world)) exchange.status(201);
}

/** Who the service belongs to; false when that cannot be told. */
function own(service: Service, exchange: Exchange, world: World): boolean {
  if (exchange.caller.kind === "admin") return true;
  const uid = exchange.uid();
  if (uid === undefined) return false;
  service.owner = uid;
  const [group] = world.options.groups;
  if (service.vo === "" && group !== undefined) service.vo = group;
  if (service.vo !== "") service.labels["vo"] = service.vo;
  return true;
}

/** The Secret comes before all else that can fail, and stays when something on the way does. */
function createSecret(service: Service, exchange: Exchange, world: World): boolean {
  const { secrets } = service.environment;
  if (Object.keys(secrets).length === 0) return true;
  const key = `${service.namespace}/${service.name}`;
  if (world.secrets.has(key)) {
    exchange.text(409, "A secret with the given name already exists");
    return false;
  }
  world.secrets.set(key, { ...secrets });
  blankSecrets(service);
  return true;
}

function isFree(name: string, exchange: Exchange, world: World): boolean {
  try {
    if (listServices(world, name).length === 0) return true;
    exchange.text(world.traits.since41 ? 400 : 409, "A service with the provided name already exists");
  } catch (error) {
    exchange.text(500, `Error checking for existing service: ${messageOf(error)}`);
  }
  return false;
}

function refuseCreation(service: Service, error: unknown, exchange: Exchange, world: World): void {
  const reason = error instanceof KubernetesError ? error.reason : "other";
  const makesVolume = (service.volume?.size ?? "") !== "";
  if (reason === "AlreadyExists")
    exchange.text(
      409,
      `A ${makesVolume ? "managed volume" : "service"} with the provided name already exists`,
    );
  else if (reason === "NotFound" && service.volume !== undefined && !makesVolume)
    exchange.text(400, "Referenced volume does not exist in the caller namespace");
  else {
    rollBack(service, world);
    exchange.text(500, `Error creating the service: ${messageOf(error)}`);
  }
}

/** As far as it gets: its own errors are only logged. */
function rollBack(service: Service, world: World): void {
  try {
    deleteService(service, world);
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
  }
}

function createServiceBuckets(
  service: Service,
  ownerName: string,
  exchange: Exchange,
  world: World,
): boolean {
  const { minio } = world;
  try {
    for (const access of createBuckets(service, world, false)) {
      if (service.owner !== "cluster_admin") setPolicies(access, exchange, world);
      const owner = service.owner === "cluster_admin" ? "" : service.owner;
      const bucket = minio.buckets.get(access.bucket);
      if (bucket !== undefined) bucket.tags = { owner, from_service: service.name, owner_name: ownerName };
    }
    return true;
  } catch (error) {
    exchange.text(error instanceof InputError ? 400 : 500, messageOf(error));
    rollBack(service, world);
    // Whatever else went wrong, the buckets named by the service go, also those that it did not make.
    if (!messageOf(error).includes(" already exists"))
      try {
        deleteBuckets(service, world);
      } catch {
        // Only logged.
      }
    return false;
  }
}

/** What goes wrong with them is told, and does not end it. */
function setPolicies(access: Access, exchange: Exchange, { minio }: World): void {
  try {
    minio.policies.set(access);
  } catch (error) {
    exchange.text(500, `Error creating the service: ${messageOf(error)}`);
  }
}
