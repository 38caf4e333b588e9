import { PartialFailure, same, type Log, type Properties, type UpdateRequest } from "../../../../provider";
import { messageOf, quoted } from "../../../messages";
import { changeOf, type Target } from "../../service/changes";
import type { WireService } from "../../service/wire";
import type { Connection } from "../connection";
import { explain } from "../explain";
import { foretell } from "./foretell";
import { arePlacesKnown, withPlaceholders } from "./known";
import { stateOf } from "./outputs";
import { documentOf, ownIn, quiet } from "./properties";
import { gone, put, restarted, rulesOf } from "./put";
import { settled } from "./ready";
import { refuse, wireFaults } from "./refuse";
import { asSent } from "./stored-secrets";
import { ifThere, newest, targetOf } from "./target";

/** Makes the service that is there the wanted one. What is really stored decides what has to be sent. */
export async function update(request: UpdateRequest, connection: Connection): Promise<Properties> {
  const { inputs, oldInputs, oldState, preview } = request;
  const log = quiet(request.log, inputs, oldInputs);
  if (preview) return foreseen(request, connection, log);
  const document = documentOf(inputs);
  const before = documentOf(asSent(oldInputs, oldState));
  const target = await targetOf(connection);
  const intended = changeOf(before, document, target);
  const sent = await put(request, connection, { document, before, target, log });
  // The restart is made even where an earlier run has sent the change, and was ended before it.
  const restart = sent?.restart ?? (intended.kind === "update" ? intended.restart : undefined);
  if (restart !== undefined) await restarted(request, connection, log);
  return finished(request, connection, { document, target, log, isSent: sent !== undefined });
}

async function foreseen(request: UpdateRequest, connection: Connection, log: Log): Promise<Properties> {
  const { inputs, oldInputs, oldState } = request;
  const old = asSent(oldInputs, oldState);
  const { inputs: filled, unknown } = withPlaceholders(inputs, old);
  const document = documentOf(filled);
  const known = arePlacesKnown(unknown) ? document : undefined;
  const isSame = changeOf(documentOf(old), document, newest).kind === "nothing";
  const target = isSame
    ? undefined
    : await ifThere(connection, log, async () => {
        const found = await targetOf(connection);
        if (unknown.length === 0) refuse(wireFaults(document, found.features));
        if (known === undefined) return found;
        await foretell(connection, log, { kind: "update", service: known }, rulesOf(oldState));
        return found;
      });
  return stateOf(inputs, {
    document: known,
    live: undefined,
    base: connection.isKnown ? connection.base : undefined,
    isKnative: target?.isKnative,
    old: oldState,
    ...(isSame ? { commands: oldState["commands"] } : {}),
  });
}

interface Finish {
  readonly document: WireService;
  readonly target: Target;
  readonly log: Log;
  readonly isSent: boolean;
}

/** The change is stored. Where nothing was to be sent, the last run may have ended before the service was ready. */
async function finished(
  request: UpdateRequest,
  connection: Connection,
  { document, target, log, isSent }: Finish,
): Promise<Properties> {
  const { id, inputs, oldInputs, oldState } = request;
  const own = ownIn(inputs);
  const live = await connection.client.services.get(id).catch((error: unknown) => {
    throw new Error(`service ${quoted(id)}: ${messageOf(explain(error, connection))}`, {
      cause: error,
    });
  });
  if (live === undefined) throw new Error(gone(id));
  const isOwnAlone = (["allowBucketDeletion", "readyWithinSeconds"] as const).some(
    (key) => ownIn(oldInputs)[key] !== own[key],
  );
  const isTestNew = !same(oldInputs["smokeTest"], inputs["smokeTest"]);
  const { reasons, answer } = await settled(connection, document, live, {
    request,
    log,
    own,
    target,
    after: isSent ? "update" : "create",
    isTested: isSent || isTestNew || !isOwnAlone,
  });
  const state = stateOf(inputs, {
    document,
    live,
    base: connection.base,
    isKnative: target.isKnative,
    old: oldState,
    answer,
  });
  if (reasons.length > 0) throw new PartialFailure(reasons.join("\n"), { id, state, inputs, reasons });
  return state;
}
