import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { faultsOf } from "./faults-of";
import { existing, gke, storage } from "./grounds";

const readme = readFileSync(join(__dirname, "..", "..", "..", "README.md"), "utf8");
const section = readme.slice(readme.indexOf("\n## A name, with TLS\n"));
const [, block = ""] = /```yaml\n(.*?)```/s.exec(section) ?? [];

/** What stands under each letter; `…` is what a host has besides, and does not matter here. */
const combinations = block
  .split(/\n(?=# [A-Z]\. )/)
  .map((text) => [/^# ([A-Z])\. /.exec(text)?.[1] ?? "", text.replaceAll(", …}", "}")] as const);

interface Combination {
  readonly host?: object;
  readonly ui: object;
}

/** Within a whole document; the text says more than it can where two ways are told at once. */
function whole(letter: string, text: string) {
  const { host, ui, ...more } = parse(text) as Combination;
  const without = letter === "G" ? existing() : gke();
  return {
    name: "mnist",
    tier: "development",
    host: host === undefined ? without : { ...host, storage },
    ui: { image: "ghcr.io/acme/ui:1", ...ui },
    ...more,
  };
}

/** A block may tell of two ways: a second mapping with the same key is another document. */
const ways = combinations.flatMap(([letter, text]) => {
  const parts = text.split(/\n(?=# or )/);
  return parts.map((part) => [letter, part] as const);
});
const partOf = (letter: string) => combinations.find(([each]) => each === letter)?.[1] ?? "";

describe("a combination that the README tells of", () => {
  it("is each in its table", () => {
    const letters = [...section.matchAll(/\| \*\*([A-Z])\*\*: /g)].map(([, letter]) => letter);
    expect(letters).toEqual(["A", "B", "C", "D", "E", "F", "G", "H"]);
    expect(combinations.map(([letter]) => letter)).toEqual(letters);
  });

  it.each(ways)("%s is accepted", (letter, text) => {
    // D is C with another gateway.
    const c = letter === "D" ? whole("C", partOf("C")) : undefined;
    const { host } = letter === "D" ? (parse(text.replaceAll(", …}", "}")) as { host: object }) : {};
    const document = c === undefined ? whole(letter, text) : { ...c, host: { ...c.host, ...host } };
    expect(faultsOf(document, true)).toEqual([]);
  });

  it("F is accepted by its other certificate, as its comment has it", () => {
    const [, tls = ""] = /tls: (\{kind: cert-manager.*\})\n/.exec(partOf("F")) ?? [];
    const document = whole("F", partOf("F"));
    const host = { ...document.host, certManager: "existing" };
    const ui = { ...document.ui, tls: parse(tls) as object };
    expect(ui.tls).toEqual({ kind: "cert-manager", issuer: { kind: "existing", name: "letsencrypt-prod" } });
    expect(faultsOf({ ...document, host, ui }, true)).toEqual([]);
  });
});
