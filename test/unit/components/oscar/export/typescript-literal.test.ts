import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatted } from "../../../../../components/oscar/export/exported-file";
import {
  Code,
  commentLines,
  literal,
  textOfLines,
} from "../../../../../components/oscar/export/typescript-literal";

const evaluate = (expression: string): unknown =>
  (new Function(`return (${expression});`) as () => unknown)();

describe("literal", () => {
  it.each<[unknown, string]>([
    ["it's", '"it\'s"'],
    ["${a} `b` \\", '"${a} `b` \\\\"'],
    [[1, true, []], "[1, true, []]"],
    [{}, "{}"],
    [{ plain: 1, "a-b": 2, "1": 3, left: undefined }, '{ "1": 3, plain: 1, "a-b": 2 }'],
    [{ ["__proto__"]: "x" }, '{ ["__proto__"]: "x" }'],
    [{ image: new Code("tag()", ["why", "else"]) }, "{ \n// why\n// else\nimage: tag() }"],
  ])("%j", (value, text) => expect(literal(value)).toBe(text));

  it("is the value, laid out or not, whatever text there is", async () => {
    const own = fc.dictionary(fc.string(), fc.string({ unit: "binary" }));
    const value = fc.record({ a: fc.array(fc.string({ unit: "binary" })), b: own });
    await fc.assert(
      fc.asyncProperty(value, async (each) => {
        const plain = JSON.parse(JSON.stringify(each)) as unknown;
        expect(evaluate(literal(each))).toEqual(plain);
        const text = await formatted(`const made = ${literal(each)};`);
        expect(evaluate(text.replace(/^const made = |;\n$/g, ""))).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a text of several lines", () => {
  it.each([
    ["one", '"one"'],
    ["a\n`${b}`\n", '["a", "`${b}`", ""].join("\\n")'],
  ])("%j", (text, expression) => {
    expect(textOfLines(text).expression).toBe(expression);
    expect(evaluate(textOfLines(text).expression)).toBe(text);
  });
});

describe("comments", () => {
  it("are not ended by what is in them", () => {
    expect(commentLines(["a\nb\u2028c\r\nd", "e"])).toBe("// a b c d\n// e\n");
  });
});
