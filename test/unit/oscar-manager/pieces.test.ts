import { describe, expect, it } from "vitest";

import {
  decode,
  encode,
  flag,
  int,
  listOf,
  mapOf,
  plain,
  text,
  type Shape,
} from "../../../sandbox/oscar-manager/go-json.js";
import { throughYaml } from "../../../sandbox/oscar-manager/yaml-round-trip.js";

describe("texts through YAML", () => {
  it.each(["-", "- x", " -", "- ", " - x "])("cannot be read: %j", (value) => {
    expect(throughYaml(value)).toBeUndefined();
  });

  it.each([" ", "\t"])("cannot be read as an item of a list: %j", (value) => {
    expect(throughYaml(value, true)).toBeUndefined();
    expect(throughYaml(value)).toBe("");
  });

  it.each([
    ["? x", "x"],
    [" x ", "x"],
    ["\tx\t", "x"],
    ["  a\nb", "a\nb"],
    ["a\r\nb", "\na\r\nb"],
    ["a\r", "a\n"],
    ["a\n ", "a\n"],
  ])("becomes another: %j", (value, read) => {
    expect(throughYaml(value)).toBe(read);
  });

  it.each(
    [
      "-x",
      "--",
      "---",
      "-1",
      "~",
      "null",
      "true",
      "1",
      "",
      "it's",
      '"q"',
      "# c",
      "a: b",
      "[a",
      "{a",
      "*a",
      "|",
      ">",
    ].concat(["ñ€😀", "l1\nl2\n", "- l1\n- l2\n", "-\n", "a - b", "?", "x #y"]),
  )("stays as it is: %j", (value) => {
    expect(throughYaml(value)).toBe(value);
  });
});

describe("Go's JSON", () => {
  const shape: Shape = {
    kind: "struct",
    type: "types.Thing",
    fields: [
      { key: "name", shape: text },
      { key: "on", shape: flag, omitEmpty: true },
      { key: "ports", shape: listOf(int), omitEmpty: true },
      { key: "map", shape: mapOf(text) },
      {
        key: "pointer",
        shape: { kind: "struct", type: "types.Inner", fields: [{ key: "n", shape: int }] },
        optional: true,
      },
    ],
  };

  it.each([
    ['{"name":"a","NAME":"b"}', { name: "b", on: false, ports: [], map: {} }],
    ['{"name":null,"ports":null,"bogus":1}', { name: "", on: false, ports: [], map: {} }],
    ['{"pointer":{}}', { name: "", on: false, ports: [], map: {}, pointer: { n: 0 } }],
  ])("reads %s", (body, value) => {
    expect(decode(shape, body)).toEqual({ value });
  });

  it.each([
    ["", "EOF"],
    ["{", "unexpected EOF"],
    ['{"name":"', "unexpected EOF"],
    ["{x}", "invalid character 'x' looking for beginning of value"],
    ["[]", "json: cannot unmarshal array into Go value of type types.Thing"],
    ['{"on":"true"}', "json: cannot unmarshal string into Go struct field Thing.on of type bool"],
    ['{"ports":["80"]}', "json: cannot unmarshal string into Go struct field Thing.ports of type int"],
    [
      '{"ports":1.5,"name":2}',
      "json: cannot unmarshal number into Go struct field Thing.ports of type []int",
    ],
    [
      '{"pointer":{"n":true}}',
      "json: cannot unmarshal bool into Go struct field Inner.pointer.n of type int",
    ],
    ['{"map":[]}', "json: cannot unmarshal array into Go struct field Thing.map of type map[string]string"],
  ])("refuses %j", (body, error) => {
    expect(decode(shape, body)).toEqual({ error });
  });

  it("writes the fields in their order, maps sorted, and leaves out what is empty where it may", () => {
    const thing = { map: { b: "2", a: "<&>" }, name: "x", on: false, ports: [] };
    expect(encode(shape, thing)).toBe(
      '{"name":"x","map":{"a":"\\u003c\\u0026\\u003e","b":"2"},"pointer":null}',
    );
    expect(encode(shape, { ...thing, on: true, ports: [1, 2] })).toContain('"on":true,"ports":[1,2]');
  });

  it("writes what has no shape in the order it has", () => {
    expect(plain({ b: null, a: ["&"] })).toBe('{"b":null,"a":["\\u0026"]}');
  });
});
