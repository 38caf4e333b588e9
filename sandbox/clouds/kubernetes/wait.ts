import { setTimeout as sleep } from "node:timers/promises";
import type { Log, Properties } from "../../../provider";
import { describe, listAt, refOf, textAt } from "./objects";
import { readinessOf } from "./readiness";
import type { ObjectStore } from "./store";
import { meets, waitRules } from "./wait-for";

/** As in Pulumi's own provider. */
const defaultTimeoutSeconds = 600;

export interface WaitOptions {
  readonly store: ObjectStore;
  readonly timeoutSeconds: number | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export type Waited =
  | { readonly kind: "ready"; readonly live: Properties }
  | { readonly kind: "not-ready"; readonly live: Properties; readonly why: string };

/** Waits until an object is ready, and says meanwhile what it waits for. Reads the object anew each time. */
export async function waitUntilReady(
  made: Properties,
  inputs: Properties,
  options: WaitOptions,
): Promise<Waited> {
  const { store, log, signal } = options;
  const rules = waitRules(inputs);
  if (rules.skip || !store.live) return { kind: "ready", live: made };
  const ref = refOf(made);
  const seconds = options.timeoutSeconds ?? rules.timeoutSeconds ?? defaultTimeoutSeconds;
  const begun = Date.now();
  let live = made;
  let said = "";
  for (;;) {
    const readiness =
      rules.conditions.length > 0 ? meets(live, rules.conditions) : await readinessOf(live, store);
    if (readiness.kind === "ready") return { kind: "ready", live };
    if (readiness.kind === "failed")
      return { kind: "not-ready", live, why: `${describe(ref)}: ${readiness.why}` };
    if (readiness.why !== said) log.status((said = readiness.why));
    if (signal.aborted) {
      const why = `${describe(ref)}: the run was cancelled before it was ready: ${readiness.why}`;
      return { kind: "not-ready", live, why };
    }
    const waited = Date.now() - begun;
    if (waited >= seconds * 1000) {
      const why = `${describe(ref)} was not ready within ${duration(seconds)}: ${readiness.why}`;
      return { kind: "not-ready", live, why };
    }
    await pause(waited, signal);
    const now = await store.get(ref);
    if (now === undefined)
      return { kind: "not-ready", live, why: `${describe(ref)} was deleted while it was waited for` };
    live = now;
  }
}

/** Waits until an object is gone: its finalizers have run, and in the foreground its dependents went first. */
export async function waitUntilGone(object: Properties, options: WaitOptions): Promise<void> {
  const { store, signal, log } = options;
  const ref = refOf(object);
  const seconds = options.timeoutSeconds ?? defaultTimeoutSeconds;
  const begun = Date.now();
  const uid = textAt(object, "metadata", "uid");
  let said: string | undefined;
  for (;;) {
    const live = await store.get(ref);
    // Another object of the same name is not the one that was deleted.
    if (live === undefined || textAt(live, "metadata", "uid") !== uid) return;
    const finalizers = listAt(live, "metadata", "finalizers");
    const held = finalizers.length > 0 ? ` (finalizers: ${finalizers.join(", ")})` : "";
    if (held !== said) log.status(`waiting until it is gone${(said = held)}`);
    if (signal.aborted) throw new Error(`${describe(ref)}: the run was cancelled before it was gone`);
    const waited = Date.now() - begun;
    if (waited >= seconds * 1000)
      throw new Error(`${describe(ref)} was not gone within ${duration(seconds)}${held}`);
    await pause(waited, signal);
  }
}

/** Often at first, for what is quick; what takes long is not asked for so often. */
async function pause(waitedMs: number, signal: AbortSignal): Promise<void> {
  await sleep(waitedMs < 10_000 ? 250 : 1000, undefined, { signal }).catch(() => undefined);
}

function duration(seconds: number): string {
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
