import { isList, isProperties, Secret, type Properties, type Value } from "../../../provider";
import type { ObjectRef } from "./store";

/** The value at a path of keys, `undefined` where the path ends early. Sees through marks of secrecy. */
export function at(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((inner, key) => {
    const open = inner instanceof Secret ? inner.value : inner;
    return isProperties(open) ? open[key] : undefined;
  }, value);
}

export function textAt(value: Value | undefined, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  const open = found instanceof Secret ? found.value : found;
  return typeof open === "string" ? open : undefined;
}

export function listAt(value: Value | undefined, ...path: readonly string[]): readonly Value[] {
  const found = at(value, ...path);
  const open = found instanceof Secret ? found.value : found;
  return isList(open) ? open : [];
}

/** The same object with one value set; parents that are missing are made, secret ones stay secret. */
export function withValue(object: Properties, path: readonly string[], value: Value): Properties {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  return { ...object, [key]: rest.length === 0 ? value : within(object[key], rest, value) };
}

function within(inner: Value | undefined, path: readonly string[], value: Value): Value {
  if (inner instanceof Secret) return new Secret(within(inner.value, path, value));
  if (isList(inner)) {
    const [index, ...rest] = path;
    return inner.map((item, i) =>
      String(i) !== index ? item : rest.length === 0 ? value : within(item, rest, value),
    );
  }
  return withValue(isProperties(inner) ? inner : {}, path, value);
}

export function without(object: Properties, ...keys: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** The same object without the value at a path of keys. */
export function withoutPath(object: Properties, path: readonly string[]): Properties {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  const inner = object[key];
  if (rest.length === 0 || !isProperties(inner)) return without(object, key);
  return { ...object, [key]: withoutPath(inner, rest) };
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

/** Kubernetes' own kinds, of which we know the fields; all others are custom resources. */
export function isBuiltIn(apiVersion: string): boolean {
  const [group = ""] = apiVersion.includes("/") ? apiVersion.split("/") : [""];
  if (!group.includes(".")) return true;
  return builtInGroups.has(group);
}

const builtInGroups = new Set(
  [
    "admissionregistration",
    "apiextensions",
    "authentication",
    "authorization",
    "certificates",
    "coordination",
    "discovery",
    "events",
    "flowcontrol.apiserver",
    "networking",
    "node",
    "rbac.authorization",
    "resource",
    "scheduling",
    "storage",
  ].map((group) => `${group}.k8s.io`),
);
