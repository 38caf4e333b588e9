import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/**
 * The values of Pulumi's provider protocol. On the wire they are plain JSON in which secrets, unknowns, assets and
 * references to resources are objects with a signature; here secrets and unknowns are explicit, and an output value
 * is what it holds.
 */
export type Value =
  null | boolean | number | string | Secret | Unknown | Opaque | readonly Value[] | Properties;

export interface Properties {
  readonly [key: string]: Value;
}

/** A value that must not be shown; the mark survives any function of this layer that does not say otherwise. */
export class Secret {
  constructor(readonly value: Value) {}
  toJSON(): string {
    return "[secret]";
  }
}

/** A value that a preview cannot know yet. */
export class Unknown {
  private readonly kind = "unknown";
  toJSON(): string {
    return `[${this.kind}]`;
  }
}

export const unknown = new Unknown();

/** Something this layer hands on as it came: an asset, an archive, a reference to a resource. */
export class Opaque {
  constructor(readonly wire: Record<string, unknown>) {}
}

// The signatures are Pulumi's: sdk/go/common/resource/sig.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** The texts that stand for an unknown string, boolean, number, list, object, asset and archive. We send the first. */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknownTexts = [
  unknownText,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
];

export function isProperties(value: Value | undefined): value is Properties {
  return (
    typeof value === "object" &&
    value !== null &&
    !isList(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown) &&
    !(value instanceof Opaque)
  );
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function fromStruct(struct: Struct | undefined): Properties {
  const value = struct === undefined ? {} : fromWire(struct.toJavaScript());
  return isProperties(value) ? value : {};
}

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(
    Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, toWire(value)])) as Parameters<
      typeof Struct.fromJavaScript
    >[0],
  );
}

function fromWire(wire: unknown): Value {
  if (typeof wire === "string") return unknownTexts.includes(wire) ? unknown : wire;
  if (typeof wire === "number" || typeof wire === "boolean") return wire;
  if (typeof wire !== "object" || wire === null) return null;
  if (Array.isArray(wire)) return wire.map(fromWire);
  const object: Record<string, unknown> = { ...wire };
  switch (object[signatureKey]) {
    case undefined:
      return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, fromWire(item)]));
    case secretSignature:
      return new Secret(fromWire(object["value"]));
    case outputSignature: {
      const held = "value" in object ? fromWire(object["value"]) : unknown;
      return object["secret"] === true ? new Secret(held) : held;
    }
    default:
      return new Opaque(object);
  }
}

function toWire(value: Value): unknown {
  if (value instanceof Secret) return { [signatureKey]: secretSignature, value: toWire(value.value) };
  if (value instanceof Unknown) return unknownText;
  if (value instanceof Opaque) return value.wire;
  if (isList(value)) return value.map(toWire);
  if (!isProperties(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toWire(item)]));
}

/** The value without its marks of secrecy, at any depth: for sending it to the outside party, never for showing it. */
export function reveal(value: Value): Value {
  if (value instanceof Secret) return reveal(value.value);
  if (isList(value)) return value.map(reveal);
  return isProperties(value) ? revealAll(value) : value;
}

export function revealAll(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, item]) => [key, reveal(item)]));
}

export function containsUnknown(value: Value): boolean {
  return contains(value, (item) => item instanceof Unknown);
}

export function containsSecret(value: Value): boolean {
  return contains(value, (item) => item instanceof Secret);
}

function contains(value: Value, test: (value: Value) => boolean): boolean {
  if (test(value)) return true;
  if (value instanceof Secret) return contains(value.value, test);
  if (isList(value)) return value.some((item) => contains(item, test));
  return isProperties(value) && Object.values(value).some((item) => contains(item, test));
}

/** `value` with a mark of secrecy wherever `marked` has one. A list is secret whole if one of its items is. */
export function markSecrets(value: Value, marked: Value | undefined): Value {
  if (value instanceof Secret || marked === undefined) return value;
  if (marked instanceof Secret) return new Secret(value);
  if (isList(marked)) return containsSecret(marked) ? new Secret(value) : value;
  if (!isProperties(marked) || !isProperties(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, markSecrets(item, marked[key])]),
  );
}

/** Equal in value; marks of secrecy do not count, nor does the order of keys. */
export function same(left: Value | undefined, right: Value | undefined): boolean {
  if (left instanceof Secret) return same(left.value, right);
  if (right instanceof Secret) return same(left, right.value);
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, index) => same(item, right[index]));
  }
  if (isProperties(left) && isProperties(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...keys].every((key) => same(left[key], right[key]));
  }
  if (left instanceof Opaque && right instanceof Opaque)
    return JSON.stringify(left.wire) === JSON.stringify(right.wire);
  return left === right;
}
