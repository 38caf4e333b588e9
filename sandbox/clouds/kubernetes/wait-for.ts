import { messageOf } from "../../../components/messages";
import type { CheckFailure, Properties, Value } from "../../../provider";
import { annotation, at, listAt, textAt } from "./objects";
import { parsePath } from "./paths";
import type { Readiness } from "./readiness";

/** What an object's annotations say of waiting. */
export interface WaitRules {
  readonly skip: boolean;
  readonly timeoutSeconds: number | undefined;
  /** Take the place of the kind's own criterion. */
  readonly conditions: readonly Condition[];
}

type Condition =
  | { readonly kind: "jsonpath"; readonly path: readonly string[]; readonly value: string | undefined }
  | { readonly kind: "condition"; readonly type: string; readonly status: string };

const waitFor = "pulumi.com/waitFor";
const timeout = "pulumi.com/timeoutSeconds";

/** The faults of the annotations are found before anything is made. */
export function checkWaitRules(inputs: Properties): CheckFailure[] {
  try {
    waitRules(inputs);
    return [];
  } catch (error) {
    return [{ property: "metadata.annotations", reason: messageOf(error) }];
  }
}

export function waitRules(inputs: Properties): WaitRules {
  const seconds = annotation(inputs, timeout);
  if (seconds !== undefined && !/^[1-9]\d*$/.test(seconds))
    throw new Error(`${timeout}: "${seconds}" is no number of seconds`);
  return {
    skip: annotation(inputs, "pulumi.com/skipAwait") === "true",
    timeoutSeconds: seconds === undefined ? undefined : Number(seconds),
    conditions: conditionsIn(annotation(inputs, waitFor)),
  };
}

/** `condition=Ready`, `jsonpath={.status.phase}=Active`, or a JSON list of such. */
function conditionsIn(text: string | undefined): Condition[] {
  if (text === undefined) return [];
  if (!text.trimStart().startsWith("[")) return [condition(text)];
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list.map((each) => condition(String(each)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw notUnderstood(text);
}

function condition(text: string): Condition {
  const [, type, status = "True"] = /^condition=([^=]+)(?:=(.+))?$/.exec(text) ?? [];
  if (type !== undefined) return { kind: "condition", type, status };
  // Plain steps and indices: `{.status.loadBalancer.ingress[0].ip}`.
  const [, path, value] = /^jsonpath=\{\.((?:[\w-]+|\[\d+\]|\.)+)\}(?:=(.*))?$/.exec(text) ?? [];
  if (path !== undefined) return { kind: "jsonpath", path: parsePath(path), value };
  throw notUnderstood(text);
}

function notUnderstood(text: string): Error {
  return new Error(
    `${waitFor}: "${text}" is not understood here; allowed: condition=TYPE[=STATUS], jsonpath={.a.b[0].c}[=VALUE], or a JSON list of them`,
  );
}

export function meets(live: Properties, conditions: readonly Condition[]): Readiness {
  for (const each of conditions) {
    if (each.kind === "jsonpath") {
      const found = each.path.reduce<Value | undefined>(
        (inner, step) => (/^\d+$/.test(step) ? listAt(inner)[Number(step)] : at(inner, step)),
        live,
      );
      if (found === undefined || (each.value !== undefined && String(found) !== each.value)) {
        const is = found === undefined ? "not set" : String(found);
        return { kind: "waiting", why: `.${each.path.join(".")} is ${is}` };
      }
    } else {
      const status = listAt(live, "status", "conditions").find((item) => textAt(item, "type") === each.type);
      if (textAt(status, "status") !== each.status) {
        const message = textAt(status, "message") ?? "";
        const why = `condition ${each.type} is not ${each.status}`;
        return { kind: "waiting", why: message === "" ? why : `${why}: ${message}` };
      }
    }
  }
  return { kind: "ready" };
}
