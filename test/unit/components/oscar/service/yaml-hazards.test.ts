import { output, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { hazardsIn, yamlHazards } from "../../../../../components/oscar/service/yaml-hazards";

const unreadable =
  'at: got a text that is "-" or begins with "- "; allowed: any other, because the Manager could not read it back, and ' +
  "could then list no service to anyone";
const carriageReturns =
  "at: got a text with carriage returns; allowed: line feeds alone, because the Manager changes the others";
const blanks = "at: got a text with blanks at its ends; allowed: one without, because the Manager drops them";
const questionMark =
  'at: got a text that begins with "? "; allowed: any other, because the Manager drops that';

describe("texts that a Manager does not read back", () => {
  it.each(["-", "- x", " -", "- ", " - x", "\t-", "-\tx"])("%j is told", (text) => {
    expect(yamlHazards("at", text)).toEqual([unreadable]);
  });

  it.each([
    ["a\r\nb", carriageReturns],
    ["a\r", carriageReturns],
    [" a", blanks],
    ["a ", blanks],
    ["\ta", blanks],
    ["a\t", blanks],
    [" ", blanks],
    ["\t", blanks],
    ["  a\nb", blanks],
    ["a\n ", blanks],
    ["? x", questionMark],
  ])("%j would be changed", (text, fault) => {
    expect(yamlHazards("at", text)).toEqual([fault]);
  });

  // As oscar-live.md D6 has them.
  it.each([
    "",
    "-x",
    "--",
    "---",
    "--- x",
    "~",
    "null",
    "true",
    "1.0",
    "'",
    '"',
    "# x",
    "a: b",
    "{",
    "[",
    "?x",
    "- a\n- b",
    "a\nb\n",
    "é",
    "\u0007",
  ])("%j is fine", (text) => {
    expect(yamlHazards("at", text)).toEqual([]);
  });
});

describe("the hazards of a service", () => {
  it("are told where they stand, names of maps and items of lists among them, without the text", () => {
    const faults = hazardsIn({
      environment: { variables: { A: "- k3y", B: "b" } },
      allowedUsers: ["anna", " "],
      annotations: { "- x": "y" },
      input: [{ storageProvider: "minio", path: "in", suffix: ["png", " jpg"] }],
    });
    expect(faults.map((fault) => fault.split("; ")[0])).toEqual([
      'environment.variables.A: got a text that is "-" or begins with "- "',
      "allowedUsers[1]: got a text with blanks at its ends",
      'annotations, the name "- x": got a text that is "-" or begins with "- "',
      "input[0].suffix[1]: got a text with blanks at its ends",
    ]);
  });

  it("are told of objects without a class, too", () => {
    const variables: unknown = Object.assign(Object.create(null), { A: "-" });
    expect(hazardsIn({ environment: { variables } })).toHaveLength(1);
  });

  it("are none in what the Manager keeps apart, or in what is not known", () => {
    expect(
      hazardsIn({
        script: "- \r\n",
        environment: { secrets: { S: "- x" }, variables: { A: output("- x"), B: secret(" ") } },
        expose: { apiPort: 80 },
      }),
    ).toEqual([]);
  });
});
