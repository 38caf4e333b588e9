import {
  isProperties,
  markSecrets,
  reveal,
  revealAll,
  Secret,
  type Properties,
  type Value,
} from "../../../provider";
import { prune } from "./diff";
import { isOthers } from "./managed-fields";
import { textAt, without, withoutPath, withValue } from "./objects";
import { lookUp, parsePath } from "./paths";

/** Before every object was created under a manager of its own; Pulumi's provider had this one for all. */
const commonManager = "pulumi-kubernetes";

/** What the state keeps of an object: all that is live, secret where the inputs are, and who owns its fields. */
export function checkpoint(live: Properties, inputs: Properties, fieldManager?: string): Properties {
  const marked = markSecrets(live, inputs);
  const object = isProperties(marked) ? marked : live;
  const isSecret = textAt(live, "apiVersion") === "v1" && textAt(live, "kind") === "Secret";
  return {
    ...object,
    ...(isSecret && object["data"] !== undefined && { data: new Secret(reveal(object["data"])) }),
    __inputs: inputs,
    __initialApiVersion: live["apiVersion"] ?? "",
    ...(fieldManager !== undefined && { __fieldManager: fieldManager }),
  };
}

export function liveOf(state: Properties): Properties {
  return revealAll(without(state, "__inputs", "__initialApiVersion", "__fieldManager"));
}

export function fieldManagerOf(state: Properties): string {
  return textAt(state, "__fieldManager") ?? commonManager;
}

/** The old inputs with the live values in their place, so that what someone else changed shows as a difference. */
export function drifted(live: Properties, oldInputs: Properties): Properties {
  const pruned: Value = prune(live, oldInputs) ?? {};
  const marked = markSecrets(pruned, oldInputs);
  return isProperties(marked) ? marked : {};
}

/**
 * What is asked for, with the fields whose changes are ignored: one that only others own is left to them, any other
 * keeps its live value. A path with `*` is left to the engine, which has its old input.
 */
export function keepIgnored(
  wanted: Properties,
  live: Properties,
  ignored: readonly string[],
  manager: string,
): Properties {
  return ignored.map(parsePath).reduce((object, path) => {
    const value = path.includes("*") ? undefined : lookUp(live, path);
    if (value === undefined || lookUp(object, path) === undefined) return object;
    return isOthers(live, path, manager) ? withoutPath(object, path) : withValue(object, path, value);
  }, wanted);
}

/** The text without the secrets of the inputs, in the clear or as base64: the API server quotes what it refuses. */
export function redact(text: string, inputs: Properties): string {
  const secrets = new Set<string>();
  const collect = (value: Value, secret: boolean): void => {
    if (value instanceof Secret) return collect(value.value, true);
    if (isProperties(value)) for (const item of Object.values(value)) collect(item, secret);
    else if (Array.isArray(value)) for (const item of value) collect(item, secret);
    // Shorter ones would tear the text apart, and are none.
    else if (secret && typeof value === "string" && value.length >= 4)
      secrets.add(value).add(Buffer.from(value, "base64").toString());
  };
  collect(inputs, false);
  return [...secrets]
    .filter((secret) => secret.length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((safe, secret) => safe.replaceAll(secret, "[secret]"), text);
}
