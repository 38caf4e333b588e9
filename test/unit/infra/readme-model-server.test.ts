import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { faultsOf } from "./faults-of";
import { gke } from "./grounds";

const root = join(__dirname, "..", "..", "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const section = readme.slice(readme.indexOf("\n## A model's API\n"), readme.indexOf("\n## OSCAR\n"));
const [, block = ""] = /```yaml\n(.*?)```/s.exec(section) ?? [];

it("the server that the README describes is accepted", () => {
  const described = parse(block.replace("sha256:…", `sha256:${"0".repeat(64)}`)) as object;
  const faults = (more: object) => faultsOf({ name: "mnist", tier: "production", host: gke(), ...more });
  expect(faults(described)).toEqual([]);
  // Without the section it is another document, so that the above can fail.
  expect(faults({ modelServer: {} })).not.toEqual([]);
});

it("the outputs that it names are those that there are", () => {
  const named = [...section.matchAll(/`(modelServer[A-Z]\w+)`/g)].map(([, name]) => name);
  const code = readFileSync(join(root, "infra", "model-server.ts"), "utf8");
  for (const name of named) expect(code).toContain(`${name}:`);
  expect(named).toEqual(["modelServerUrl", "modelServerAddress"]);
});
