import {
  containsUnknown,
  PartialFailure,
  type CreateRequest,
  type Log,
  type Properties,
  type Resource,
} from "../../../../provider";
import { messageOf, quoted } from "../../../messages";
import { bucketGuards } from "../../service/bucket-guard";
import type { Target } from "../../service/changes";
import { ManagerError } from "../../service/client/errors";
import type { Guard, Outcome } from "../../service/client/services";
import { drift } from "../../service/drift";
import { toWire } from "../../service/to-wire";
import type { WireService } from "../../service/wire";
import type { Connection } from "../connection";
import { explain } from "../explain";
import { foretell } from "./foretell";
import { arePlacesKnown, withPlaceholders } from "./known";
import { stateOf } from "./outputs";
import { documentOf, hider, ownIn, quiet } from "./properties";
import { settled } from "./ready";
import { refuse, refuseBlankSecrets, refuseWhenStopped, wireFaults } from "./refuse";
import { ifThere, targetOf } from "./target";

/** Makes a service, which must not be there: one that exists is imported, never taken over. */
export async function create(request: CreateRequest, connection: Connection): Promise<Resource> {
  const log = quiet(request.log, request.inputs);
  if (request.preview) return { id: "", state: await foreseen(request, connection, log) };
  const { inputs } = request;
  const document = documentOf(inputs);
  refuseBlankSecrets(document);
  const target = await targetOf(connection);
  refuseForVersion(document, target, inputs);
  await make(request, connection, document, target, log);
  return finished(request, connection, document, target, log);
}

function refuseForVersion(document: WireService, target: Target, inputs: Properties): void {
  refuse([
    ...wireFaults(document, target.features),
    ...(inputs["smokeTest"] !== undefined && !target.isKnative
      ? [
          "smokeTest: got one; allowed: nothing, since this OSCAR has no Knative, which synchronous calls need",
        ]
      : []),
  ]);
}

/** What a creation would do, by what is there now. */
async function foreseen(request: CreateRequest, connection: Connection, log: Log): Promise<Properties> {
  const { inputs } = request;
  tellCost(connection, log);
  const { inputs: filled, unknown } = withPlaceholders(inputs, {});
  const document = documentOf(filled);
  const known = arePlacesKnown(unknown) ? document : undefined;
  refuseBlankSecrets(document);
  const target = await ifThere(connection, log, async () => {
    const found = await targetOf(connection);
    if (unknown.length === 0) refuseForVersion(document, found, inputs);
    if (known === undefined) return found;
    // One that is made anew is there still; the diff has told what becomes of its buckets.
    if (connection.owned.has(known.name)) return found;
    if ((await connection.listedService(known.name)) !== undefined)
      throw new Error(taken(known.name, connection));
    await foretell(connection, log, { kind: "create", service: known });
    return found;
  });
  return stateOf(inputs, {
    document: known,
    live: undefined,
    base: connection.isKnown ? connection.base : undefined,
    isKnative: target?.isKnative,
  });
}

/** Measured: a POST answers after 6.4 s, since it restarts MinIO, and a second one at the same time fails. */
const secondsEach = 6.4;

function tellCost(connection: Connection, log: Log): void {
  connection.creations += 1;
  const count = connection.creations;
  if (count % 10 !== 0) return;
  log.info(
    `${count} services to make: about ${Math.round(count * secondsEach)} s, one after the other, since OSCAR restarts MinIO for each`,
  );
}

async function make(
  { signal }: CreateRequest,
  connection: Connection,
  document: WireService,
  target: Target,
  log: Log,
): Promise<void> {
  const { client } = connection;
  const guards = bucketGuards(client, connection.pauses);
  const guard: Guard = async () => {
    refuseWhenStopped(signal);
    if ((await client.services.get(document.name)) !== undefined)
      throw new Error(taken(document.name, connection));
    await guards.create(document)();
    log.status("is being made, which restarts MinIO");
  };
  log.status("waits for its turn: OSCAR makes one service after the other");
  try {
    const sent = toWire(document, target.features).service;
    judge(await client.services.create(sent, guard), document, log);
  } catch (error) {
    throw refusal(error, document.name, connection);
  } finally {
    connection.forgetServices();
  }
}

/** Returns when the service was made. */
function judge(outcome: Outcome, document: WireService, log: Log): void {
  const name = quoted(document.name);
  switch (outcome.kind) {
    case "done":
      if (outcome.warning !== undefined) log.warning(`OSCAR made it, and says: ${outcome.warning}`);
      return;
    case "stored": {
      const different = drift(document, outcome.service);
      if (different.length > 0) {
        throw new Error(
          `service ${name} is there now, but differs in ${different.map(({ path }) => path).join(", ")}, after OSCAR failed at making it; ${importing(document.name)}; or delete it in OSCAR and run again; ${outcome.error.message}`,
        );
      }
      log.warning(`OSCAR failed after it had made it, and it is there as wanted: ${outcome.error.message}`);
      return;
    }
    case "absent":
      throw new Error(`service ${name} was not made: ${outcome.error.message}`, { cause: outcome.error });
    case "unknown":
      throw new Error(
        `nobody knows whether service ${name} was made: ${outcome.error.message}; and it cannot be read: ${messageOf(outcome.because)}; when OSCAR answers again, run "pulumi up" again: if the service is there, that says how to import it`,
        { cause: outcome.error },
      );
  }
}

function refusal(error: unknown, name: string, connection: Connection): unknown {
  if (!(error instanceof ManagerError)) return error;
  if (error.says("A service with the provided name already exists")) {
    return new Error(taken(name, connection), { cause: error });
  }
  if (error.says("A secret with the given name already exists")) {
    return new Error(
      `service ${quoted(name)}: a Secret of its name is left over from a creation that failed (${error.message}); an administrator has to delete it: kubectl delete secret ${name} -n oscar-svc (the namespace of OSCAR's services)`,
      { cause: error },
    );
  }
  return error;
}

const taken = (name: string, { owned }: Connection): string =>
  `service ${quoted(name)}: there is one of this name already, and names are unique in the whole cluster; ${owned.has(name) ? oursAlready : importing(name)}`;

/** As with `pulumi up --replace`, for which the engine does not ask whether the old one has to go first. */
const oursAlready =
  "this program has it already: a service that is to be replaced has to go first, by the resource option deleteBeforeReplace: true; another resource needs another name";

const importing = (name: string): string =>
  `to manage it with Pulumi, import it: import: [${name}] where its FDL file is named, the resource option import: ${quoted(name)}, or pulumi import oscar:index:Service NAME ${name} --generate-code=false`;

/** It is made: from here on, whatever goes wrong, the state has to have it. */
async function finished(
  request: CreateRequest,
  connection: Connection,
  document: WireService,
  target: Target,
  log: Log,
): Promise<Resource> {
  const { inputs } = request;
  const name = document.name;
  const own = ownIn(inputs);
  const live = await connection.client.services
    .get(name)
    .catch((error: unknown) => new Error(hider(inputs)(messageOf(explain(error, connection)))));
  const known = { document, base: connection.base, isKnative: target.isKnative };
  if (live === undefined || live instanceof Error) {
    const why = live === undefined ? "it is not there any more" : live.message;
    const reason = `service ${quoted(name)} was made, but cannot be read: ${why}`;
    const state = withoutUnknowns(stateOf(inputs, { ...known, live: undefined }));
    throw new PartialFailure(reason, { id: name, state, inputs, reasons: [reason] });
  }
  const { reasons, answer } = await settled(connection, document, live, {
    request,
    log,
    own,
    target,
    after: "create",
    isTested: true,
  });
  const state = withoutUnknowns(stateOf(inputs, { ...known, live, answer }));
  if (reasons.length > 0) throw new PartialFailure(reasons.join("\n"), { id: name, state, inputs, reasons });
  return { id: name, state };
}

/** A state has none. */
const withoutUnknowns = (state: Properties): Properties =>
  Object.fromEntries(Object.entries(state).filter(([, value]) => !containsUnknown(value)));
