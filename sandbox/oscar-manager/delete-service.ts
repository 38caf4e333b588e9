import { messageOf } from "../../components/messages.js";
import { namespaceOf } from "./authentication.js";
import { deleteService, readService } from "./backend.js";
import type { Exchange } from "./exchange.js";
import { isNotFound } from "./kubernetes-error.js";
import { deleteBuckets } from "./service-buckets.js";
import type { World } from "./world.js";

/** DELETE /system/services/:service: the objects, then the webhook, then the buckets with all they hold. */
export async function removeService(exchange: Exchange, world: World): Promise<void> {
  const { caller, params } = exchange;
  let namespace = exchange.request.query.get("namespace") ?? "";
  if (caller.kind !== "admin") {
    const uid = exchange.uid();
    if (uid === undefined) return;
    namespace = namespaceOf(uid);
  }
  try {
    const service = readService(namespace, params["service"] ?? "", world);
    if (caller.kind === "user" && service.owner !== caller.uid) {
      exchange.text(403, `User ${caller.uid} doesn't have permision to delete this service`);
      return;
    }
    deleteService(service, world);
    try {
      await world.minio.removeWebhook(service.name);
    } catch {
      // Only logged.
    }
    try {
      deleteBuckets(service, world);
    } catch (error) {
      // A bucket that is not there is no error, though it keeps the rest from being deleted. The text is the Manager's.
      if (!messageOf(error).includes("NoSuchBucket: The specified bucket does not exist"))
        exchange.text(
          500,
          `Error deleting service buckets: %!(EXTRA *errors.errorString=${messageOf(error)})`,
        );
    }
    exchange.status(204);
  } catch (error) {
    if (isNotFound(error)) exchange.status(404);
    else exchange.text(500, messageOf(error));
  }
}
