import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { SecretValue } from "../../../infra/secrets";
import { faultsOf } from "./faults-of";
import { existing } from "./grounds";

const readme = readFileSync(join(__dirname, "..", "..", "..", "README.md"), "utf8");
const section = readme.slice(readme.indexOf("\n## OSCAR\n"), readme.indexOf("\n## OSCAR's services: "));
const [, block = ""] = /```yaml\n(.*?)```/s.exec(section) ?? [];

it("the OSCAR that the README describes is accepted", () => {
  const { oscar } = parse(block.replace("{secure: …}", "closed")) as { oscar: Record<string, object> };
  const acme = { ...Object.values(oscar["imagePullSecrets"] ?? {})[0], password: new SecretValue("p") };
  const host = existing({ certManager: "install" });
  const document = {
    name: "lab",
    tier: "development",
    host,
    oscar: { ...oscar, imagePullSecrets: { acme } },
  };
  expect(Object.keys(oscar)).toContain("imagePullSecrets");
  expect(faultsOf(document, true)).toEqual([]);
});

it("the outputs that it names are those that there are", () => {
  const named = [...section.matchAll(/`((?:oscar|minio)[A-Z]\w+)`/g)].map(([, name]) => name);
  const code = readFileSync(join(__dirname, "..", "..", "..", "infra", "oscar.ts"), "utf8");
  const made = [...code.matchAll(/^ {4}((?:oscar|minio)[A-Z]\w+): /gm)].map(([, name]) => name);
  expect([...new Set(named)].sort()).toEqual([...new Set(made)].sort());
});
