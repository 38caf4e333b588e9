import { setTimeout as sleep } from "node:timers/promises";
import { isList, type Log, type Properties, type Value } from "../../../provider";
import { annotation, at, describe, refOf, textAt } from "./objects";
import { readinessOf, type Readiness } from "./readiness";
import type { ObjectStore } from "./store";

/** As in Pulumi's own provider. */
const defaultTimeoutSeconds = 600;
const pollMs = 250;

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
  if (annotation(inputs, "pulumi.com/skipAwait") === "true" || !store.live)
    return { kind: "ready", live: made };
  const ref = refOf(made);
  const seconds =
    options.timeoutSeconds ??
    Number(annotation(inputs, "pulumi.com/timeoutSeconds") ?? defaultTimeoutSeconds);
  const deadline = Date.now() + seconds * 1000;
  const conditions = waitConditions(annotation(inputs, "pulumi.com/waitFor"));
  let live = made;
  let said = "";
  for (;;) {
    const readiness = conditions.length > 0 ? custom(live, conditions) : await readinessOf(live, store);
    if (readiness.kind === "ready") return { kind: "ready", live };
    if (readiness.kind === "failed")
      return { kind: "not-ready", live, why: `${describe(ref)}: ${readiness.why}` };
    if (readiness.why !== said) log.status((said = readiness.why));
    if (signal.aborted)
      return { kind: "not-ready", live, why: `${describe(ref)}: the run was cancelled before it was ready` };
    if (Date.now() >= deadline) {
      return {
        kind: "not-ready",
        live,
        why: `${describe(ref)} was not ready within ${duration(seconds)}: ${readiness.why}`,
      };
    }
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    live = (await store.get(ref)) ?? live;
  }
}

/** Waits until an object is gone: its finalizers have run, and in the foreground its dependents went first. */
export async function waitUntilGone(object: Properties, options: WaitOptions): Promise<void> {
  const { store, signal, log } = options;
  const ref = refOf(object);
  const seconds = options.timeoutSeconds ?? defaultTimeoutSeconds;
  const deadline = Date.now() + seconds * 1000;
  const uid = textAt(object, "metadata", "uid");
  for (;;) {
    const live = await store.get(ref);
    // Another object of the same name is not the one that was deleted.
    if (live === undefined || textAt(live, "metadata", "uid") !== uid) return;
    const finalizers = at(live, "metadata", "finalizers");
    const held = isList(finalizers) ? ` (finalizers: ${finalizers.join(", ")})` : "";
    log.status(`waiting until it is gone${held}`);
    if (signal.aborted) throw new Error(`${describe(ref)}: the run was cancelled before it was gone`);
    if (Date.now() >= deadline)
      throw new Error(`${describe(ref)} was not gone within ${duration(seconds)}${held}`);
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

type Condition =
  | { readonly kind: "jsonpath"; readonly path: string[]; readonly value: string | undefined }
  | { readonly kind: "condition"; readonly type: string; readonly status: string };

/** `pulumi.com/waitFor`: `condition=Ready`, `jsonpath={.status.phase}=Active`, or a JSON list of such. */
export function waitConditions(text: string | undefined): Condition[] {
  if (text === undefined) return [];
  const given: Value = text.trimStart().startsWith("[") ? JSON.parse(text) : [text];
  return (isList(given) ? given : []).map((each) => condition(String(each)));
}

function condition(text: string): Condition {
  const [, type, status = "True"] = /^condition=([^=]+)(?:=(.+))?$/.exec(text) ?? [];
  if (type !== undefined) return { kind: "condition", type, status };
  const [, path, value] = /^jsonpath=\{\.([\w.]+)\}(?:=(.*))?$/.exec(text) ?? [];
  if (path !== undefined) return { kind: "jsonpath", path: path.split("."), value };
  throw new Error(
    `pulumi.com/waitFor: "${text}" is not understood here; allowed: condition=TYPE[=STATUS], jsonpath={.a.b}[=VALUE], or a JSON list of them`,
  );
}

function custom(live: Properties, conditions: readonly Condition[]): Readiness {
  for (const each of conditions) {
    if (each.kind === "jsonpath") {
      const found = at(live, ...each.path);
      if (found === undefined || (each.value !== undefined && String(found) !== each.value)) {
        return {
          kind: "waiting",
          why: `.${each.path.join(".")} is ${found === undefined ? "not set" : String(found)}`,
        };
      }
    } else {
      const all = at(live, "status", "conditions");
      const status = (isList(all) ? all : []).find((item) => textAt(item, "type") === each.type);
      if (textAt(status, "status") !== each.status) {
        return {
          kind: "waiting",
          why: textAt(status, "message") ?? `condition ${each.type} is not ${each.status}`,
        };
      }
    }
  }
  return { kind: "ready" };
}

function duration(seconds: number): string {
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
