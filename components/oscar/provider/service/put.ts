import { isList, revealAll, type Log, type Properties, type UpdateRequest } from "../../../../provider";
import { messageOf, quoted } from "../../../messages";
import { bucketGuards } from "../../service/bucket-guard";
import { changeOf, type Target, type Update } from "../../service/changes";
import type { Guard, Outcome } from "../../service/client/services";
import { drift, observed } from "../../service/drift";
import { putBody } from "../../service/put-body";
import { isExposed } from "../../service/readiness";
import { toWire } from "../../service/to-wire";
import type { WireService } from "../../service/wire";
import type { Connection } from "../connection";
import { refuseAnother } from "./another";
import { blankSecrets, ownIn } from "./properties";
import { blankFault, refuse, refuseWhenStopped, wireFaults } from "./refuse";

/** As it was deployed, so that one run cannot both allow it and do it. */
export const rulesOf = (oldState: Properties) => ({
  allowBucketDeletion: ownIn(oldState).allowBucketDeletion,
  ...bucketsIn(oldState),
});

/** Nothing where the state does not tell: it was not seen to the end. */
function bucketsIn(oldState: Properties): { known?: readonly string[] } {
  const buckets = revealAll(oldState)["buckets"];
  return isList(buckets) ? { known: buckets.filter((each) => typeof each === "string") } : {};
}

export interface Wanted {
  readonly document: WireService;
  /** As it was sent last. */
  readonly before: WireService;
  readonly target: Target;
  readonly log: Log;
}

/** Sends the change; nothing when there is none to send. */
export async function put(
  { id, oldState, signal }: UpdateRequest,
  connection: Connection,
  { document, before, target, log }: Wanted,
): Promise<Update | undefined> {
  const { client } = connection;
  const stored = await client.services.get(id);
  if (stored === undefined) throw new Error(gone(id));
  await refuseAnother(stored, oldState, connection);
  const change = changeOf(observed(before, stored), document, target);
  if (change.kind === "nothing") return undefined;
  if (change.kind === "replace") {
    throw new Error(
      `service ${quoted(id)} was changed outside of Pulumi, so that it has to be replaced (${change.reasons.map(({ path, reason }) => `${path}: ${reason}`).join("; ")}); allowed: pulumi up --refresh, which plans that`,
    );
  }
  refuse([...wireFaults(document, target.features), ...blankFaults(change, document)]);
  const guards = bucketGuards(client, { ...rulesOf(oldState), ...connection.pauses });
  const guard: Guard = async () => {
    refuseWhenStopped(signal);
    await refuseWhenWithoutPods(connection, document, target);
    await guards.update(document)();
    log.status("is being changed");
  };
  log.status("waits for its turn: OSCAR changes one service after the other");
  const body = toWire(putBody(document, stored), target.features).service;
  try {
    const isReached = (found: WireService): boolean => drift(document, found).length === 0;
    judge(await client.services.update(body, isReached, guard), change, document, log);
  } finally {
    connection.forgetServices();
  }
  return change;
}

export const gone = (name: string): string =>
  `service ${quoted(name)} is not there any more, or not for these credentials; run pulumi refresh, which finds that out, and then pulumi up, which makes it again`;

/** OSCAR writes all of a service's secrets or none. */
function blankFaults({ differences }: Update, document: WireService): string[] {
  const isOfSecrets = differences.some(({ path }) => path.startsWith("environment.secrets"));
  return isOfSecrets ? blankSecrets(document).map(blankFault) : [];
}

/** OSCAR would change it halfway, and then fail: its autoscaler is gone. */
async function refuseWhenWithoutPods(
  { client }: Connection,
  document: WireService,
  { features }: Target,
): Promise<void> {
  if (!features.deployment || !isExposed(document)) return;
  const status = await client.services.deployment(document.name);
  if (status?.state !== "stopped") return;
  throw new Error(
    `service ${quoted(document.name)} is stopped, and OSCAR fails halfway when it changes one that is; start it first: POST /system/services/${document.name}/start`,
  );
}

/** Returns when the change is stored. */
function judge(outcome: Outcome, change: Update, document: WireService, log: Log): void {
  const name = quoted(document.name);
  switch (outcome.kind) {
    case "done":
      if (outcome.warning !== undefined) log.warning(`OSCAR changed it, and says: ${outcome.warning}`);
      return;
    case "stored": {
      const different = drift(document, outcome.service);
      if (different.length > 0) {
        throw new Error(
          `service ${name} was not changed in ${different.map(({ path }) => path).join(", ")}: ${outcome.error.message}`,
          { cause: outcome.error },
        );
      }
      // Secrets are stored right before the rest: where that is seen to be stored, they are.
      const paths = change.differences.map(({ path }) => path);
      const isUntold = paths.every((path) => path.startsWith("environment.secrets"));
      if (isUntold && change.mayFailAfterwards === undefined) {
        throw new Error(
          `nobody knows whether service ${name} was changed in ${paths.join(", ")}, which OSCAR does not tell: ${outcome.error.message}; run again, which sends it again`,
          { cause: outcome.error },
        );
      }
      log.warning(
        `OSCAR failed after it had stored the change, which is as wanted: ${outcome.error.message}`,
      );
      return;
    }
    case "absent":
      throw new Error(`${gone(document.name)}; ${outcome.error.message}`, { cause: outcome.error });
    case "unknown":
      throw new Error(
        `nobody knows whether service ${name} was changed: ${outcome.error.message}; and it cannot be read: ${messageOf(outcome.because)}; when OSCAR answers again, run "pulumi up" again, which compares and sends what is missing`,
        { cause: outcome.error },
      );
  }
}

/** A failure is thrown as it is: the state stays the old one, so that the next run restarts them. */
export async function restarted(
  { id, signal }: UpdateRequest,
  { client }: Connection,
  log: Log,
): Promise<void> {
  refuseWhenStopped(signal);
  log.status("its pods are being restarted");
  try {
    await client.services.control(id, "restart");
  } catch (error) {
    throw new Error(
      `service ${quoted(id)} is changed, but its pods are not restarted: ${messageOf(error)}; run again`,
      { cause: error },
    );
  }
}
