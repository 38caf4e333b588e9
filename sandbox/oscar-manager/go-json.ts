/** JSON as Go reads and writes it: typed, keys in any case, errors in Go's words, fields in the order of the type. */

export type Shape =
  | { readonly kind: "string" | "bool" }
  | { readonly kind: "int"; readonly type: "int" | "int32" | "uint" }
  | { readonly kind: "list" | "map"; readonly of: Shape }
  | {
      readonly kind: "struct";
      /** As errors name it, such as `types.Service`; empty for a type without a name. */
      readonly type: string;
      readonly fields: readonly Field[];
      /** What the type's own reader says of it. */
      readonly check?: (value: Struct) => string | undefined;
    };

export interface Field {
  readonly key: string;
  readonly shape: Shape;
  readonly omitEmpty?: boolean;
  /** A pointer: absent, it stays undefined. */
  readonly optional?: boolean;
  /** What the type's own reader fills in. */
  readonly absent?: unknown;
}

export type Struct = Record<string, unknown>;

export const text: Shape = { kind: "string" };
export const flag: Shape = { kind: "bool" };
export const int: Shape = { kind: "int", type: "int" };
export const int32: Shape = { kind: "int", type: "int32" };
export const listOf = (of: Shape): Shape => ({ kind: "list", of });
export const mapOf = (of: Shape): Shape => ({ kind: "map", of });

export type Decoded<Value> = { readonly value: Value } | { readonly error: string };

/** Reads a body; the caller says what type its shape stands for. Of several wrong types Go tells the first. */
export function decode<Value>(shape: Shape, body: string): Decoded<Value> {
  if (body.trim() === "") return { error: "EOF" };
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    return { error: syntaxError(body, error instanceof Error ? error.message : "") };
  }
  const faults: string[] = [];
  const value = take(shape, parsed, { struct: "", path: [] }, faults);
  const [first] = faults;
  return first === undefined ? { value: value as Value } : { error: first };
}

function syntaxError(body: string, message: string): string {
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? body.length);
  if (/end of JSON|Unterminated/.test(message) || position >= body.length) return "unexpected EOF";
  return `invalid character '${body.charAt(position)}' looking for beginning of value`;
}

interface Place {
  readonly struct: string;
  readonly path: readonly string[];
}

function take(shape: Shape, given: unknown, place: Place, faults: string[]): unknown {
  if (given === null || given === undefined) return zero(shape);
  const wrong = (word: string): unknown => {
    const where =
      place.path.length === 0
        ? `Go value of type ${typeName(shape)}`
        : `Go struct field ${place.struct}.${place.path.join(".")} of type ${typeName(shape)}`;
    faults.push(`json: cannot unmarshal ${word} into ${where}`);
    return zero(shape);
  };
  switch (shape.kind) {
    case "string":
      return typeof given === "string" ? given : wrong(wordOf(given));
    case "bool":
      return typeof given === "boolean" ? given : wrong(wordOf(given));
    case "int":
      if (typeof given !== "number") return wrong(wordOf(given));
      return Number.isInteger(given) ? given : wrong(`number ${given}`);
    case "list":
      if (!Array.isArray(given)) return wrong(wordOf(given));
      return given.map((item) => take(shape.of, item, place, faults));
    case "map":
      if (!isObject(given)) return wrong(wordOf(given));
      return Object.fromEntries(
        Object.entries(given).map(([key, value]) => [key, take(shape.of, value, place, faults)]),
      );
    case "struct":
      return isObject(given) ? takeStruct(shape, given, place, faults) : wrong(wordOf(given));
  }
}

function takeStruct(
  shape: Shape & { kind: "struct" },
  given: Struct,
  place: Place,
  faults: string[],
): Struct {
  const value = zero(shape) as Struct;
  for (const { key, absent } of shape.fields) if (absent !== undefined) value[key] = absent;
  for (const [written, inner] of Object.entries(given)) {
    const field = shape.fields.find(({ key }) => key.toLowerCase() === written.toLowerCase());
    if (field === undefined || inner === null) continue;
    const struct = shape.type.replace(/^.*\./, "");
    value[field.key] = take(field.shape, inner, { struct, path: [...place.path, field.key] }, faults);
  }
  const fault = shape.check?.(value);
  if (fault !== undefined) faults.push(fault);
  return value;
}

function zero(shape: Shape): unknown {
  switch (shape.kind) {
    case "string":
      return "";
    case "bool":
      return false;
    case "int":
      return 0;
    case "list":
      return [];
    case "map":
      return {};
    case "struct":
      return Object.fromEntries(
        shape.fields
          .filter(({ optional }) => optional !== true)
          .map((field) => [field.key, zero(field.shape)]),
      );
  }
}

function typeName(shape: Shape): string {
  switch (shape.kind) {
    case "list":
      return `[]${typeName(shape.of)}`;
    case "map":
      return `map[string]${typeName(shape.of)}`;
    case "struct":
    case "int":
      return shape.type;
    case "string":
    case "bool":
      return shape.kind;
  }
}

function wordOf(given: unknown): string {
  if (Array.isArray(given)) return "array";
  return typeof given === "boolean" ? "bool" : typeof given;
}

export function isObject(value: unknown): value is Struct {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Writes a value: structs by their shape, the keys of maps sorted. */
export function encode(shape: Shape, value: unknown): string {
  if (value === null || value === undefined) return "null";
  switch (shape.kind) {
    case "list":
      return `[${(value as unknown[]).map((item) => encode(shape.of, item)).join(",")}]`;
    case "map":
      return `{${Object.entries(value)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, inner]) => `${plain(key)}:${encode(shape.of, inner)}`)
        .join(",")}}`;
    case "struct":
      return `{${shape.fields
        .filter(({ key, omitEmpty }) => omitEmpty !== true || !isEmpty((value as Struct)[key]))
        .map((field) => `${plain(field.key)}:${encode(field.shape, (value as Struct)[field.key])}`)
        .join(",")}}`;
    case "string":
    case "bool":
    case "int":
      return plain(value);
  }
}

/** Writes a value without a shape: its keys in the order they have. Go escapes what HTML would take for itself. */
export function plain(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  // A pointer to a struct is never empty, an empty map is.
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === "" || value === 0 || value === false;
}
