import { isList, isProperties, same, type Properties, type Value } from "../../../provider";
import { at, textAt, without } from "./objects";

/**
 * Who owns which field of an object (`metadata.managedFields`). An object is created by POST, which the API server
 * notes as an *Update* by our manager; a later server-side *Apply* by the same manager would count as another owner,
 * and clash with it. So before the first apply the entry is rewritten, and what a person changed by kubectl is taken
 * over too; any other owner's field is left to a conflict that says whose it is.
 */
export function takeOver(live: Properties, manager: string): Properties[] | undefined {
  const entries = managedFields(live);
  const ours = (entry: Properties) =>
    at(entry, "subresource") === undefined &&
    (textAt(entry, "manager") === manager ||
      (textAt(entry, "operation") === "Update" &&
        /^(kubectl|before-first-apply)/.test(textAt(entry, "manager") ?? "")));
  const taken = entries.filter(ours);
  const [first] = taken;
  if (first === undefined || (taken.length === 1 && textAt(first, "operation") === "Apply")) return undefined;
  const fieldsV1 = taken.map((entry) => entry["fieldsV1"] ?? {}).reduce<Value>(union, {});
  return [{ ...first, manager, operation: "Apply", fieldsV1 }, ...entries.filter((entry) => !ours(entry))];
}

/** Whether a field is owned by others, and not by this manager too. */
export function isOthers(live: Properties, path: readonly string[], manager: string): boolean {
  const fields = path.map((step) => `f:${step}`);
  const owners = managedFields(live).filter((entry) => at(entry, "fieldsV1", ...fields) !== undefined);
  return owners.length > 0 && owners.every((entry) => textAt(entry, "manager") !== manager);
}

/** The manager that made an object, if Pulumi did. */
export function pulumiManager(live: Properties): string | undefined {
  return managedFields(live)
    .map((entry) => textAt(entry, "manager") ?? "")
    .find((manager) => manager.startsWith("pulumi-kubernetes"));
}

/**
 * What an object's maker asked for, by the fields that the API server noted as Pulumi's: the inputs of an object
 * that is adopted. Without such a note, all but what the server itself fills in.
 */
export function inputsFromLive(live: Properties): Properties {
  const manager = pulumiManager(live);
  const metadata = at(live, "metadata");
  const identity = {
    apiVersion: live["apiVersion"] ?? "",
    kind: live["kind"] ?? "",
    metadata: Object.fromEntries(
      ["name", "namespace"].flatMap((key) => {
        const value = at(metadata, key);
        return value === undefined ? [] : [[key, value]];
      }),
    ),
  };
  const owned = managedFields(live)
    .filter((entry) => textAt(entry, "manager") === manager && at(entry, "subresource") === undefined)
    .map((entry) => entry["fieldsV1"] ?? {});
  if (manager === undefined || owned.length === 0)
    return { ...without(live, "status"), metadata: identity.metadata };
  return merge(identity, project(live, owned.reduce<Value>(union, {})) ?? {});
}

function managedFields(live: Properties): Properties[] {
  const entries = at(live, "metadata", "managedFields");
  return isList(entries) ? entries.filter(isProperties) : [];
}

function union(left: Value, right: Value): Value {
  if (!isProperties(left) || !isProperties(right)) return right;
  return merge(left, right);
}

function merge(left: Properties, right: Properties): Properties {
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return Object.fromEntries(
    keys.map((key) => {
      const [a, b] = [left[key], right[key]];
      return [key, a !== undefined && b !== undefined ? union(a, b) : (b ?? a ?? null)];
    }),
  );
}

/** The part of `value` that a set of fields (`f:spec`, `k:{"name":"web"}`, `v:"x"`) names. */
function project(value: Value | undefined, fields: Value): Properties | undefined {
  return isProperties(value) && isProperties(fields)
    ? Object.fromEntries(
        Object.entries(fields).flatMap(([field, inner]) => {
          const key = field.startsWith("f:") ? field.slice(2) : undefined;
          const held = key === undefined ? undefined : value[key];
          return key === undefined || held === undefined ? [] : [[key, projectValue(held, inner)]];
        }),
      )
    : undefined;
}

function projectValue(value: Value, fields: Value): Value {
  if (!isProperties(fields) || Object.keys(fields).every((field) => field === ".")) return value;
  if (isList(value)) {
    const selectors = Object.entries(fields).filter(([field]) => field.startsWith("k:"));
    if (selectors.length === 0) return value;
    return value.flatMap((item) => {
      const mine = selectors.find(([field]) => matchesKey(item, field));
      return mine === undefined ? [] : [projectValue(item, mine[1])];
    });
  }
  return project(value, fields) ?? value;
}

function matchesKey(item: Value, field: string): boolean {
  const key: Properties = JSON.parse(field.slice(2));
  return isProperties(item) && Object.entries(key).every(([name, value]) => same(item[name], value));
}
