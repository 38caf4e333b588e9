import { isList, type Value } from "../../../provider";
import { at } from "./objects";

/** Of Pulumi's property paths: `spec.containers[0].image`, `metadata.annotations["pulumi.com/skipAwait"]`, `spec.*`. */
export type Path = readonly string[];

export function parsePath(text: string): Path {
  const steps = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[\]]+)/g);
  return [...steps].map(([, quoted, index, key]) => quoted?.replace(/\\(.)/g, "$1") ?? index ?? key ?? "");
}

/** A key with dots of its own is put in brackets. */
export function childPath(parent: string, key: string): string {
  if (/[.[\]"]/.test(key)) return `${parent}["${key.replace(/["\\]/g, "\\$&")}"]`;
  return parent === "" ? key : `${parent}.${key}`;
}

/** Whether `path` is `outer` or below it; a `*` in `outer` stands for any one step. */
export function contains(outer: Path, path: Path): boolean {
  return outer.length <= path.length && outer.every((step, index) => step === "*" || step === path[index]);
}

export function lookUp(object: Value, path: Path): Value | undefined {
  return path.reduce<Value | undefined>(
    (inner, step) => (isList(inner) ? inner[Number(step)] : at(inner, step)),
    object,
  );
}
