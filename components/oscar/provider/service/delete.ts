import type { DeleteRequest, Log } from "../../../../provider";
import { messageOf, quoted } from "../../../messages";
import { bucketGuards, leftovers, leftoverWarning } from "../../service/bucket-guard";
import type { Guard, Outcome } from "../../service/client/services";
import type { WireService } from "../../service/wire";
import type { Connection } from "../connection";
import { refuseAnother } from "./another";
import { quiet } from "./properties";
import { rulesOf } from "./put";
import { refuseWhenStopped } from "./refuse";

/** Deletes a service, and says what it left behind. One that is not there is done. */
export async function remove(request: DeleteRequest, connection: Connection): Promise<void> {
  const { id, state, signal } = request;
  const { client } = connection;
  const log = quiet(request.log, state, request.inputs);
  const stored = await client.services.get(id);
  if (stored === undefined) return;
  refuseWhenImported(id, connection);
  await refuseAnother(stored, state, connection);
  const guards = bucketGuards(client, { ...rulesOf(state), ...connection.pauses });
  const guard: Guard = async () => {
    refuseWhenStopped(signal);
    await guards.delete(id)();
    log.status("is being deleted, which restarts MinIO");
  };
  log.status("waits for its turn: OSCAR deletes one service after the other");
  try {
    judge(await client.services.delete(id, guard), id, log);
  } finally {
    connection.forgetServices();
  }
  await tellLeftovers(connection, stored, log);
}

/** As when a resource was renamed, its service imported under the new name, and the old resource is deleted after that. */
function refuseWhenImported(id: string, { imported }: Connection): void {
  if (!imported.has(id)) return;
  const name = quoted(id);
  throw new Error(
    `service ${name}: it is not deleted, because another resource of this program has just imported or read it; allowed: the option aliases on the new resource, instead of import, or pulumi state delete of the old one, which leaves the service as it is`,
  );
}

/** Returns when the service is gone. */
function judge(outcome: Outcome, id: string, log: Log): void {
  const name = quoted(id);
  switch (outcome.kind) {
    case "done":
      if (outcome.warning !== undefined) log.warning(`OSCAR deleted it, and says: ${outcome.warning}`);
      return;
    case "absent":
      log.warning(`OSCAR failed after it had deleted it: ${outcome.error.message}`);
      return;
    case "stored":
      throw new Error(`service ${name} was not deleted: ${outcome.error.message}`, { cause: outcome.error });
    case "unknown":
      throw new Error(
        `nobody knows whether service ${name} was deleted: ${outcome.error.message}; and it cannot be read: ${messageOf(outcome.because)}; when OSCAR answers again, run again: one that is gone is done`,
        { cause: outcome.error },
      );
  }
}

/** The service is gone: that its buckets cannot be looked at is no failure. */
async function tellLeftovers({ client }: Connection, stored: WireService, log: Log): Promise<void> {
  try {
    const warning = leftoverWarning(stored.name, await leftovers(client, stored));
    if (warning !== undefined) log.warning(warning);
  } catch (error) {
    log.warning(`it is deleted; whether OSCAR has left buckets behind cannot be told: ${messageOf(error)}`);
  }
}
