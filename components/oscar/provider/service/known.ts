import { isList, isProperties, reveal, Unknown, type Properties, type Value } from "../../../../provider";
import { below, isSingle, type Shape } from "./shape";
import { serviceShape } from "./service-shape";

/** Stands for a text that is not known yet. */
export const placeholder = "not-known-yet";

export interface Filled {
  /** Without marks of secrecy. */
  readonly inputs: Properties;
  /** Paths of what is not known yet, such as `input[0].path`. */
  readonly unknown: readonly string[];
}

/**
 * Inputs with something in the place of what is not known yet, so that they can be compared with the old ones: a single
 * value becomes another one than it was; a list, a map or an object stays as it was, or is missing.
 */
export function withPlaceholders(inputs: Properties, old: Properties): Filled {
  const unknown: string[] = [];
  const value = filled(serviceShape, reveal(inputs), reveal(old), "", unknown);
  return { inputs: isProperties(value) ? value : {}, unknown };
}

function filled(
  shape: Shape | undefined,
  value: Value,
  old: Value | undefined,
  path: string,
  unknown: string[],
): Value | undefined {
  if (value instanceof Unknown) {
    unknown.push(path);
    return shape !== undefined && isSingle(shape) ? otherThan(shape, old) : old;
  }
  if (isList(value)) {
    const before = isList(old) ? old : [];
    const items = value.map((each, index) =>
      filled(itemShape(shape), each, before[index], `${path}[${index}]`, unknown),
    );
    return items.flatMap((each) => (each === undefined ? [] : [each]));
  }
  if (!isProperties(value)) return value;
  const before = isProperties(old) ? old : {};
  const entries = Object.entries(value).map(
    ([key, each]) =>
      [key, filled(fieldShape(shape, key), each, before[key], below(path, key), unknown)] as const,
  );
  return Object.fromEntries(entries.flatMap(([key, each]) => (each === undefined ? [] : [[key, each]])));
}

function itemShape(shape: Shape | undefined): Shape | undefined {
  return typeof shape === "object" && "list" in shape ? shape.list : undefined;
}

function fieldShape(shape: Shape | undefined, key: string): Shape | undefined {
  if (typeof shape !== "object") return undefined;
  if ("map" in shape) return shape.map;
  return "fields" in shape ? (shape.fields[key] ?? shape.fields[`${key}!`]) : undefined;
}

function otherThan(shape: Shape, old: Value | undefined): Value {
  if (shape === "text") return placeholder;
  if (shape === "flag") return old !== true;
  return old === 1 ? 2 : 1;
}

/** Whether a value is not known yet at a path, or at one below or above it. */
const isUnknownAt = (unknown: readonly string[], ...paths: readonly string[]): boolean =>
  unknown.some((each) => paths.some((path) => covers(path, each) || covers(each, path)));

export const covers = (path: string, other: string): boolean =>
  other === path || other.startsWith(`${path}.`) || other.startsWith(`${path}[`);

/** What url, buckets and commands are made of, and what a bucket's fate hangs on. */
const places = [
  "name",
  "input",
  "output",
  "mount",
  "volume",
  "isolationLevel",
  "kserve",
  "expose.apiPort",
  "expose.nodePort",
  "expose.defaultCommand",
  "expose.setAuth",
];

/** Whether all is known that tells where a service is reached, and what becomes of buckets and volumes. */
export const arePlacesKnown = (unknown: readonly string[]): boolean => !isUnknownAt(unknown, ...places);
