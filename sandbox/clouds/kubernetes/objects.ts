import { isProperties, type Properties, type Value } from "../../../provider";
import type { ObjectRef } from "./store";

/** The value at a path of keys, `undefined` where the path ends early. */
export function at(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>(
    (inner, key) => (isProperties(inner) ? inner[key] : undefined),
    value,
  );
}

export function textAt(value: Value | undefined, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The same object with one value set; parents that are missing are made. */
export function withValue(object: Properties, path: readonly string[], value: Value): Properties {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  const inner = object[key];
  return {
    ...object,
    [key]: rest.length === 0 ? value : withValue(isProperties(inner) ? inner : {}, rest, value),
  };
}

export function without(object: Properties, ...keys: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

export function refOf(object: Properties): ObjectRef {
  const namespace = textAt(object, "metadata", "namespace");
  return {
    apiVersion: textAt(object, "apiVersion") ?? "",
    kind: textAt(object, "kind") ?? "",
    name: textAt(object, "metadata", "name") ?? "",
    ...(namespace !== undefined && { namespace }),
  };
}

/** Pulumi's id of an object: `namespace/name`, or `name` for one of the cluster. */
export function idOf({ namespace, name }: ObjectRef): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function refFromId(id: string, apiVersion: string, kind: string): ObjectRef {
  const [first = "", second] = id.split("/");
  return second === undefined
    ? { apiVersion, kind, name: first }
    : { apiVersion, kind, namespace: first, name: second };
}

/** `kubernetes:apps/v1:Deployment` → its API version and kind. */
export function kindOfType(type: string): { apiVersion: string; kind: string } {
  const [, version = "", kind = ""] = type.split(":");
  return { apiVersion: version.replace(/^core\//, ""), kind };
}

export function annotation(object: Value | undefined, name: string): string | undefined {
  return textAt(object, "metadata", "annotations", name);
}

/** `Deployment mnist/ui-1a2b` */
export function describe(ref: ObjectRef): string {
  return `${ref.kind} ${idOf(ref)}`;
}
