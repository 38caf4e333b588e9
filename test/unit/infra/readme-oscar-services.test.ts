import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import * as components from "../../../components";
import { SecretValue } from "../../../infra/secrets";
import { faultsOf } from "./faults-of";

const root = join(__dirname, "..", "..", "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const section = readme.slice(
  readme.indexOf("\n## OSCAR's services: "),
  readme.indexOf("\n## Trouble and cure\n"),
);
const [, block = ""] = /```yaml\n(.*?)```/s.exec(section) ?? [];

it("the services that the README describes are accepted", () => {
  const password = new SecretValue("p");
  const { oscarServices, ...more } = parse(block.replace("{secure: …}", "closed")) as Described;
  const cluster = { ...oscarServices.cluster, password };
  const document = {
    name: "lab",
    tier: "development",
    ...more,
    oscarServices: { ...oscarServices, cluster },
  };
  expect(Object.keys(oscarServices)).toEqual(["cluster", "fdl", "images", "import", "smokeTests"]);
  expect(faultsOf(document)).toEqual([]);
});
interface Described {
  readonly oscarServices: { readonly cluster: object };
}

it("what it names in code is exported", () => {
  const named = [...section.matchAll(/\b(Oscar[A-Z]\w+|servicesFromFdl|readScript)\b/g)].map(
    ([name]) => name,
  );
  expect(new Set(named)).toContain("OscarService");
  for (const name of named) expect(components).toHaveProperty(name);
});

it("the outputs that it names are those that there are", () => {
  const named = [...section.matchAll(/stack output (\w+)/g)].map(([, name]) => name);
  const code = readFileSync(join(root, "infra", "oscar-services.ts"), "utf8");
  const made = [...code.matchAll(/^ {4}(service\w*): /gm)].map(([, name]) => name);
  expect([...new Set(named)].sort()).toEqual(made.sort());
});

it("what it leads to is there", () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = ""]) => path);
  const files = links.filter((path) => !path.startsWith("https://"));
  expect(files).toContain("examples/oscar/README.md");
  expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const headings = [...readme.matchAll(/^##+ (.*)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  const anchors = [...readme.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor);
  expect(anchors.filter((anchor) => !headings.includes(anchor))).toEqual([]);
});
