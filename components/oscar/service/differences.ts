import { isDeepStrictEqual } from "node:util";

/** One place where two services differ. Values are not told: there may be secrets among them. */
export interface Difference {
  /** As in the arguments: `expose.minScale`, `environment.variables.MODEL`, `labels["a.b/c"]`. Lists are told whole. */
  readonly path: string;
  /** What the second has against the first. */
  readonly kind: "added" | "removed" | "changed";
}

type Path = readonly string[];

/** Maps whose names are the user's, where an empty value is one; `*` is any name. */
const userMaps: readonly Path[] = [
  ["environment", "variables"],
  ["environment", "secrets"],
  ["annotations"],
  ["labels"],
  ["kserve", "env"],
  ["clusters"],
  ["storage_providers", "*"],
  ["federation", "members", "*", "headers"],
];

/** What only groups other fields: its being there says nothing. */
const groups: readonly Path[] = [["environment"], ["storage_providers"], ["synchronous"]];

const isOneOf = (path: Path, patterns: readonly Path[]): boolean =>
  patterns.some(
    (pattern) =>
      pattern.length === path.length && pattern.every((part, index) => part === "*" || part === path[index]),
  );

const isMap = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const entriesOf = (map: object): [string, unknown][] => Object.entries(map);

/**
 * A document without what says nothing: `""`, 0, false, null, and empty lists and maps, which the Manager writes for
 * what is missing. Items of lists and entries of the user's maps stay.
 */
export function withoutZeros(document: object, path: Path = []): Record<string, unknown> {
  const isUserMap = isOneOf(path, userMaps);
  return Object.fromEntries(
    entriesOf(document)
      .map(([key, value]) => [key, cleaned(value, [...path, key])] as const)
      .filter(([, value]) => value !== undefined && (isUserMap || !isZero(value))),
  );
}

function cleaned(value: unknown, path: Path): unknown {
  if (Array.isArray(value)) return value.map((each, index) => cleaned(each, [...path, String(index)]));
  return isMap(value) ? withoutZeros(value, path) : value;
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isMap(value)) return Object.keys(value).length === 0;
  return value === null || value === "" || value === 0 || value === false;
}

/** Where two documents differ, in the order of the names. */
export function differences(from: object, to: object, path: Path = []): Difference[] {
  const [before, after] = [new Map(entriesOf(from)), new Map(entriesOf(to))];
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => between(before.get(key), after.get(key), [...path, key]));
}

function between(from: unknown, to: unknown, path: Path): Difference[] {
  if (isDeepStrictEqual(from, to)) return [];
  const empty = isOneOf(path, groups) ? {} : undefined;
  const [first, second] = [from ?? empty, to ?? empty];
  if (isMap(first) && isMap(second)) return differences(first, second, path);
  const kind = first === undefined ? "added" : second === undefined ? "removed" : "changed";
  return [{ path: pathOf(path), kind }];
}

/** The name that a field has in the arguments; names of the user stay as they are. */
function pathOf(path: Path): string {
  return path.reduce((before, part, index) => {
    if (!isOneOf(path.slice(0, index), userMaps)) return join(before, camelCase(part));
    return /^[A-Za-z_][\w-]*$/.test(part) ? join(before, part) : `${before}[${JSON.stringify(part)}]`;
  }, "");
}

const join = (before: string, part: string): string => (before === "" ? part : `${before}.${part}`);
const camelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
