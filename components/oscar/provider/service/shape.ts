import { isList, isProperties, Unknown, type Value } from "../../../../provider";
import { quoted } from "../../../messages";
import { didYouMean } from "../../../near-miss";

/** What a value of the inputs has to be, as far as it can be read without knowing what it means. */
export type Shape =
  | "text"
  | "number"
  | "flag"
  | { readonly list: Shape; readonly orOne?: true }
  | { readonly map: Shape }
  | { readonly fields: Fields };

/** Names that end in `!` have to be there. */
export type Fields = Readonly<Record<string, Shape>>;

/** A value without what is not known yet and what has faults; nothing where none is left. */
export interface Read {
  readonly value: Value | undefined;
  /** Each with its path, what was given, and what is allowed. */
  readonly failures: readonly string[];
  /** Paths of what is not known yet. */
  readonly unknown: readonly string[];
}

/**
 * Reads a value that bears no marks of secrecy. Of what is not known yet, single values (and ports) stay as they are, which
 * all checks pass over, and lists, maps and objects are left out.
 */
export function read(shape: Shape, value: Value | undefined, path = ""): Read {
  if (value === undefined || value === null) return { value: undefined, failures: [], unknown: [] };
  if (value instanceof Unknown) {
    return { value: isSingle(shape) ? value : undefined, failures: [], unknown: [path] };
  }
  if (typeof shape === "string") return ofText(shape, value, path);
  if ("list" in shape) {
    if (isList(value)) return ofList(shape.list, value, path);
    return shape.orOne === true ? read(shape.list, value, path) : wrong("a list", value, path);
  }
  if (!isProperties(value)) return wrong("an object", value, path);
  return "map" in shape ? ofMap(shape.map, value, path) : ofFields(shape.fields, value, path);
}

export const isSingle = (shape: Shape): boolean =>
  typeof shape === "string" || ("list" in shape && shape.orOne === true);

const types = { text: "string", number: "number", flag: "boolean" } as const;
const names = { string: "a text", number: "a number", boolean: "true or false" } as const;

function ofText(shape: keyof typeof types, value: Value, path: string): Read {
  const type = types[shape];
  return typeof value === type ? { value, failures: [], unknown: [] } : wrong(names[type], value, path);
}

/** The value is not told: it may be a secret. */
const wrong = (allowed: string, value: Value, path: string): Read => ({
  value: undefined,
  failures: [`${path}: got ${kindOf(value)}; allowed: ${allowed}`],
  unknown: [],
});

function kindOf(value: Value): string {
  if (isList(value)) return "a list";
  if (typeof value === "string" || typeof value === "number")
    return names[typeof value as "string" | "number"];
  return typeof value === "boolean" ? String(value) : "an object";
}

function ofList(shape: Shape, list: readonly Value[], path: string): Read {
  const items = list.map((item, index) => read(shape, item, `${path}[${index}]`));
  const gaps = items.flatMap(({ value, failures }, index) =>
    value === undefined && failures.length === 0 ? [`${path}[${index}]: got nothing; allowed: a value`] : [],
  );
  return {
    value: items.flatMap(({ value }) => (value === undefined ? [] : [value])),
    failures: [...items.flatMap(({ failures }) => failures), ...gaps],
    unknown: items.flatMap(({ unknown }) => unknown),
  };
}

function ofMap(shape: Shape, map: Readonly<Record<string, Value>>, path: string): Read {
  return together(Object.entries(map).map(([key, value]) => [key, read(shape, value, below(path, key))]));
}

function ofFields(fields: Fields, object: Readonly<Record<string, Value>>, path: string): Read {
  const known = Object.keys(fields).map((name) => name.replace("!", ""));
  const strange = Object.keys(object)
    .filter((name) => !known.includes(name) && !name.startsWith("__"))
    .map((name) => `${below(path, name)}: there is no such property; ${didYouMean(name, known)}`);
  const missing = Object.keys(fields)
    .filter((name) => name.endsWith("!"))
    .map((name) => name.slice(0, -1))
    .filter((name) => (object[name] ?? null) === null)
    .map((name) => `${below(path, name)}: got nothing; allowed: a value`);
  const all = together(
    Object.entries(fields).map(([marked, shape]) => {
      const name = marked.replace("!", "");
      return [name, read(shape, object[name], below(path, name))];
    }),
  );
  const failures = [...strange, ...missing, ...all.failures];
  // What lacks something that it must have cannot be looked at any further.
  const isWhole = Object.keys(fields).every(
    (name) => !name.endsWith("!") || (isProperties(all.value) && all.value[name.slice(0, -1)] !== undefined),
  );
  return { value: isWhole ? all.value : undefined, failures, unknown: all.unknown };
}

function together(entries: readonly (readonly [string, Read])[]): Read {
  return {
    value: Object.fromEntries(
      entries.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value] as const])),
    ),
    failures: entries.flatMap(([, { failures }]) => failures),
    unknown: entries.flatMap(([, { unknown }]) => unknown),
  };
}

/** As Pulumi writes paths: `environment.secrets.PW`, `labels["a.b/c"]`. */
export function below(path: string, name: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(name)) return `${path}[${quoted(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}
