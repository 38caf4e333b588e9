import type { CreateRequest, Log } from "../../../../provider";
import { messageOf, quoted } from "../../../messages";
import { awaitReady, type AwaitOptions } from "../../service/await-ready";
import type { Target } from "../../service/changes";
import type { WireService } from "../../service/wire";
import type { Connection } from "../connection";
import { hider, type OwnInputs } from "./properties";

export interface Settling {
  readonly request: Pick<CreateRequest, "signal" | "timeoutSeconds" | "inputs">;
  readonly log: Log;
  readonly own: OwnInputs;
  readonly target: Target;
  readonly after: AwaitOptions["after"];
  /** Whether the smoke test is made. */
  readonly isTested: boolean;
}

/** Why a service that is there is not as it should be; nothing when it is. */
export interface Settled {
  readonly reasons: readonly string[];
  readonly answer?: string;
}

/** Waits until a service works, and tries it. It is there: whatever goes wrong is told, and not thrown. */
export async function settled(
  connection: Connection,
  document: WireService,
  live: WireService | undefined,
  { request, log, own, target, after, isTested }: Settling,
): Promise<Settled> {
  const budget = own.readyWithinSeconds ?? request.timeoutSeconds ?? 900;
  const hide = hider(request.inputs);
  try {
    if (budget > 0) {
      const readiness = await awaitReady(connection.client, document, {
        after,
        knative: target.isKnative,
        features: target.features,
        budgetMs: budget * 1000,
        signal: request.signal,
        onProgress: (line) => log.status(line),
        ...connection.pauses,
      });
      if (readiness === "stopped") log.warning("it is stopped: it has no pods until someone starts it");
    }
    if (own.smokeTest === undefined || !isTested) return { reasons: [] };
    request.signal.throwIfAborted();
    log.status("makes the smoke test");
    return { reasons: [], answer: hide(await smokeTest(connection, document.name, own.smokeTest, live)) };
  } catch (error) {
    if (request.signal.aborted) {
      return {
        reasons: [`service ${quoted(document.name)} is there; waiting for it was interrupted`],
      };
    }
    return { reasons: [hide(messageOf(error))] };
  }
}

async function smokeTest(
  { client }: Connection,
  name: string,
  { body, contentType }: NonNullable<OwnInputs["smokeTest"]>,
  live: WireService | undefined,
): Promise<string> {
  const token = live?.token;
  try {
    const { text } = await client.run(name, {
      body,
      ...(contentType === undefined ? {} : { contentType }),
      ...(token === undefined ? {} : { token }),
    });
    return text;
  } catch (error) {
    throw new Error(`smokeTest: ${messageOf(error)}`, { cause: error });
  }
}
