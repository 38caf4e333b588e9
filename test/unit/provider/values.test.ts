import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  containsSecret,
  containsUnknown,
  fromStruct,
  markSecrets,
  Opaque,
  reveal,
  same,
  Secret,
  toStruct,
  unknown,
  type Properties,
  type Value,
} from "../../../provider";

const signature = "4dabf18193072939515e22adb298388d";
const secret = (value: string) => ({ [signature]: "1b47061264138c4ac30d75fd1eb44270", value });
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Any value of the protocol. `__proto__` is no key that protobuf's own JavaScript keeps. */
const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.string(),
    fc.constant(unknown),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 4 },
    ),
    tie("value").map((value) => new Secret(value)),
  ),
})).value;

describe("values of the protocol", () => {
  it("come back from the wire as they went out", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(fromStruct(Struct.deserializeBinary(toStruct({ value }).serializeBinary()))).toEqual({
          value,
        });
      }),
    );
  });

  it("are, once revealed, the same as before and without secrets", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(containsSecret(reveal(value))).toBe(false);
        expect(same(value, reveal(value))).toBe(true);
        expect(containsUnknown(reveal(value))).toBe(containsUnknown(value));
      }),
    );
  });

  it.each<[string, unknown, Value]>([
    ["a secret", secret("s"), new Secret("s")],
    ["a known output", { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: 1, dependencies: [] }, 1],
    ["an unknown output", { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" }, unknown],
    [
      "a secret output",
      { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: "x", secret: true },
      new Secret("x"),
    ],
    ["an unknown", unknownText, unknown],
    ["an unknown number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421", unknown],
    [
      "an asset",
      { [signature]: "c44067f5952c0a294b673a41bacd8c17", text: "t" },
      new Opaque({ [signature]: "c44067f5952c0a294b673a41bacd8c17", text: "t" }),
    ],
  ])("%s is read from the wire", (_, wire, value) => {
    expect(
      fromStruct(Struct.fromJavaScript({ it: wire } as Parameters<typeof Struct.fromJavaScript>[0])),
    ).toEqual({
      it: value,
    });
  });

  it("are written as the engine reads them", () => {
    expect(toStruct({ a: new Secret("s"), b: [unknown] }).toJavaScript()).toEqual({
      a: secret("s"),
      b: [unknownText],
    });
  });

  it.each<[string, Value, Value, Value]>([
    ["a leaf", { a: "x", b: "y" }, { a: new Secret("old") }, { a: new Secret("x"), b: "y" }],
    ["a list of which one item is", { a: ["x"] }, { a: [new Secret("old"), "z"] }, { a: new Secret(["x"]) }],
    ["a map, though empty", { a: {} }, { a: new Secret({}) }, { a: new Secret({}) }],
    ["nothing that is gone", {}, { a: new Secret("old") }, {}],
  ])("are marked secret like the inputs: %s", (_, value, marked, expected) => {
    expect(markSecrets(value, marked)).toEqual(expected);
  });

  it.each<[boolean, Properties, Properties]>([
    [true, { a: new Secret("x") }, { a: "x" }],
    [true, { a: 1, b: 2 }, { b: 2, a: 1 }],
    [false, { a: [1, 2] }, { a: [2, 1] }],
    [false, { a: unknown }, { a: "x" }],
    [false, { a: null }, {}],
  ])("are the same or not: %s for %j and %j", (expected, left, right) => {
    expect(same(left, right)).toBe(expected);
  });

  it("show no secret in JSON", () => {
    expect(JSON.stringify({ a: new Secret("canary"), b: unknown })).toBe('{"a":"[secret]","b":"[unknown]"}');
  });
});
