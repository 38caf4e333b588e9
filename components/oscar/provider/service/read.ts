import { markSecrets, type Found, type Properties, type ReadRequest, type Value } from "../../../../provider";
import { drift, observed } from "../../service/drift";
import { specOf } from "../../service/spec-of";
import type { WireService } from "../../service/wire";
import type { Connection } from "../connection";
import { covers } from "./known";
import { stateOf } from "./outputs";
import { blankSecrets, documentOf, inputsOf, quiet } from "./properties";
import { argumentShapes } from "./service-shape";
import { asStored } from "./stored-secrets";

/** A service as it is now; all that are read in a visit share one request. Without inputs it is imported. */
export async function read(request: ReadRequest, connection: Connection): Promise<Found | undefined> {
  const { id, inputs, state: old } = request;
  const live = await connection.service(id);
  if (live === undefined) return undefined;
  if (Object.keys(inputs).length === 0) return imported(request, live, connection);

  const desired = documentOf(inputs);
  const different = drift(desired, live).map(({ path }) => path);
  if (different.length === 0) {
    // Nothing more is asked: what a service is called with is as it was.
    return { id, inputs, state: stateNow(asStored(inputs, old), { live, old, connection }, old["commands"]) };
  }
  quiet(request.log, inputs).warning(`was changed outside of Pulumi: ${different.join(", ")}`);
  const now = drifted(inputs, observed(desired, live), different);
  const isKnative = await connection.isKnative();
  return { id, inputs: now, state: stateNow(asStored(now, old), { live, old, connection, isKnative }) };
}

/** What is there, as arguments. The values of its secrets are not told, and have to come from the program. */
async function imported({ id, log }: ReadRequest, live: WireService, connection: Connection): Promise<Found> {
  const inputs: Properties = { ...inputsOf(specOf(live)), allowBucketDeletion: false };
  connection.imported.set(id, live);
  const blank = blankSecrets(documentOf(inputs));
  if (blank.length > 0) {
    log.warning(
      `OSCAR does not tell the values of ${blank.map((name) => `environment.secrets.${name}`).join(", ")}; a program that imports it has to give them, and the next run sends them`,
    );
  }
  const isKnative = await connection.isKnative();
  return { id, inputs, state: stateNow(inputs, { live, old: {}, connection, isKnative }) };
}

interface Now {
  readonly live: WireService;
  readonly old: Properties;
  readonly connection: Connection;
  readonly isKnative?: boolean;
}

function stateNow(
  inputs: Properties,
  { live, old, connection, isKnative }: Now,
  commands?: Value,
): Properties {
  return stateOf(inputs, {
    document: documentOf(inputs),
    live,
    base: connection.base,
    isKnative: isKnative,
    old,
    commands: commands ?? (isKnative === undefined ? {} : undefined),
  });
}

/** Inputs as they would be for what is there; those that mean the same stay as they were written. */
function drifted(inputs: Properties, now: WireService, different: readonly string[]): Properties {
  const isSame = (key: string): boolean =>
    !Object.hasOwn(argumentShapes, key) || !different.some((path) => covers(key, path));
  const kept = Object.entries(inputs).filter(([key]) => isSame(key));
  const changed = Object.entries(inputsOf(specOf(now)))
    .filter(([key]) => !isSame(key))
    .map(([key, value]) => [key, markSecrets(value, inputs[key])] as const);
  return Object.fromEntries([...kept, ...changed]);
}
