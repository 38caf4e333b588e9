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

const textOf = (letter: string) => combinations.find(([each]) => each === letter)?.[1] ?? "";
const inNamespace = { namespace: { kind: "existing", name: "ml" } };

describe("a combination that the README tells of", () => {
  it("is each in its table, but for D, which is C with another gateway", () => {
    const letters = [...section.matchAll(/\| \*\*([A-Z])\*\*: /g)].map(([, letter]) => letter);
    expect(letters).toEqual(["A", "B", "C", "D", "E", "F", "G", "H"]);
    expect(combinations.map(([letter]) => letter)).toEqual(letters.filter((letter) => letter !== "D"));
  });

  it.each(combinations)("%s is accepted", (letter, text) => {
    const document = { ...whole(letter, text), ...(letter === "F" && inNamespace) };
    expect(faultsOf(document, true)).toEqual([]);
  });

  it("D is accepted, as C's comment has it", () => {
    const [, gateway = ""] = /D\. Without: gateway: (\{.*?\})/.exec(textOf("C")) ?? [];
    const document = whole("C", textOf("C"));
    const host = { ...document.host, gateway: parse(gateway) as object };
    expect(host.gateway).toEqual({ kind: "install", controller: "envoy-gateway" });
    expect(faultsOf({ ...document, host }, true)).toEqual([]);
  });

  it("F is accepted by its other certificate, as its comment has it", () => {
    const [, tls = ""] = /Or tls: (\{.*\})/.exec(textOf("F")) ?? [];
    const document = whole("F", textOf("F"));
    const host = { ...document.host, certManager: "existing" };
    const ui = { ...document.ui, tls: parse(tls) as object };
    expect(ui.tls).toEqual({ kind: "cert-manager", issuer: { kind: "existing", name: "letsencrypt-prod" } });
    expect(faultsOf({ ...document, host, ui }, true)).toEqual([]);
    expect(block).toContain("# namespace: {kind: existing, name: ml}");
  });
});
