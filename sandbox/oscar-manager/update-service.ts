import { messageOf } from "../../components/messages.js";
import { readService, updateService } from "./backend.js";
import type { Exchange } from "./exchange.js";
import { isNotFound } from "./kubernetes-error.js";
import type { Access } from "./minio-policies.js";
import { accessOf, createBuckets, InputError } from "./service-buckets.js";
import { blankSecrets, readBody } from "./service-request.js";
import { pathOf, providerOf, type Service } from "./service.js";
import type { World } from "./world.js";

/**
 * PUT /system/services. Errors of buckets' policies are told and do not end it: what is told as a 500 is stored all
 * the same.
 */
export async function putService(exchange: Exchange, world: World): Promise<void> {
  const service = readBody(exchange, world);
  if (service === undefined) return;
  let old: Service;
  try {
    old = readService("", service.name, world);
  } catch (error) {
    if (isNotFound(error)) exchange.status(404);
    else exchange.text(500, `Error updating the service: ${messageOf(error)}`);
    return;
  }
  if (JSON.stringify(old.volume) !== JSON.stringify(service.volume)) {
    exchange.text(400, "volume updates are not supported after service creation");
    return;
  }
  if (world.traits.since40 && old.token !== "") service.token = old.token;
  service.namespace = old.namespace;
  if (exchange.caller.kind !== "admin") {
    const uid = exchange.uid();
    if (uid === undefined) return;
    if (old.owner !== uid) {
      exchange.text(403, `User ${uid} doesn't have permision to modify this service`);
      return;
    }
    service.owner = old.owner;
  }
  if (!(await updateBuckets(old, service, exchange, world))) return;
  replaceSecrets(service, world);
  try {
    updateService(service, world);
  } catch (error) {
    restore(old, world);
    exchange.text(500, `Error updating the service: ${messageOf(error)}`);
    return;
  }
  exchange.status(204);
}

function restore(old: Service, world: World): void {
  try {
    updateService(structuredClone(old), world);
  } catch {
    // Only logged.
  }
}

/** False when the update ends here. */
async function updateBuckets(
  old: Service,
  service: Service,
  exchange: Exchange,
  world: World,
): Promise<boolean> {
  let buckets: Access[];
  try {
    buckets = createBuckets(service, world, true);
  } catch (error) {
    exchange.text(error instanceof InputError ? 400 : 500, messageOf(error));
    restore(old, world);
    return false;
  }
  const { policies } = world.minio;
  const tell = (act: () => void, heading = "Error creating the service"): void => {
    try {
      act();
    } catch (error) {
      exchange.text(500, `${heading}: ${messageOf(error)}`);
    }
  };
  const former = new Set(
    [...old.input, ...old.output]
      .filter((one) => providerOf(one).kind === "minio")
      .map((one) => pathOf(one).bucket),
  );
  const dropped = new Set(former);
  for (const access of buckets) {
    const { bucket } = access;
    // A second entry of the same bucket finds it struck off, and is taken for a new one.
    if (dropped.delete(bucket)) {
      if (old.visibility !== service.visibility) {
        tell(() => policies.unset(accessOf(old, bucket)));
        tell(() => policies.set(access));
      } else if (service.visibility === "restricted")
        tell(() => policies.setMembers(bucket, service.allowed_users));
      continue;
    }
    tell(() => policies.set(access));
    try {
      await world.minio.registerWebhook(service.name, service.token);
    } catch (error) {
      restore(old, world);
      exchange.text(500, messageOf(error));
      return false;
    }
  }
  for (const bucket of dropped)
    // Made private for nobody, which MinIO refuses.
    tell(
      () => policies.set({ bucket, owner: "", visibility: "private", users: [] }),
      "error setting new policies",
    );
  return true;
}

/** All of the Secret's values; without any in the body it stays as it is. */
function replaceSecrets(service: Service, world: World): void {
  const { secrets } = service.environment;
  if (Object.keys(secrets).length === 0) return;
  world.secrets.set(`${service.namespace}/${service.name}`, { ...secrets });
  blankSecrets(service);
}
