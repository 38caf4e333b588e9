import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { parseEnvironment } from "../../../infra/environment";
import { stackFileSchema } from "../../../infra/json-schema";
import { readStackFile } from "../../../infra/stack-file";
import { full, whole } from "./documents";

const stacks = join(__dirname, "..", "..", "..", "stacks");
const file = (stack: string) => join(stacks, `Pulumi.${stack}.yaml`);
const placeholder = (path: string, value: string) =>
  `  environment.${path}: got "${value}", a placeholder; needed: your own`;
const names: [name: string, placeholders: string[]][] = [
  [
    "existing",
    [placeholder("ui.host", "mnist.example.com"), placeholder("ui.tls.issuer.email", "you@example.com")],
  ],
  ["sandbox", []],
];

describe.each(names)("the stack %s", (name, placeholders) => {
  it("is sound where images are stood in for", () => {
    const { document } = readStackFile(file(name));
    expect(parseEnvironment(document, { where: name, allowPlaceholders: true }).name).toBe("mnist");
  });

  it("asks for images and names of the user's own on a real cluster", () => {
    const { document } = readStackFile(file(name));
    const image = (part: string, name: string) =>
      `${placeholder(`${part}.image`, `placeholder.invalid/${name}:0.1.0`)} image (only the sandbox does without: npm run sandbox)`;
    const faults = [image("training", "mnist-trainer"), image("ui", "mnist-ui"), ...placeholders].sort();
    expect(() => parseEnvironment(document, { where: name, allowPlaceholders: false })).toThrow(
      [`${name}: ${faults.length} faults`, ...faults].join("\n"),
    );
  });

  it("names the JSON Schema, which accepts it", () => {
    const text = readFileSync(file(name), "utf8");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./environment.schema.json");
    expect(accepts(parse(text))).toBe(true);
  });
});

describe.each([
  ["oscar-local", []],
  [
    "oscar-gke",
    [
      placeholder("dns.domain", "oscar.example.com"),
      '  environment.host.project: got "placeholder-project", a placeholder; needed: the id of your Google Cloud project (gcloud projects list)',
      placeholder("oscar.host", "api.oscar.example.com"),
      placeholder("oscar.objectStorage.consoleHost", "console.oscar.example.com"),
      placeholder("oscar.objectStorage.host", "minio.oscar.example.com"),
      placeholder("oscar.tls.issuer.email", "you@example.com"),
    ],
  ],
  [
    "oscar-services",
    [
      placeholder("oscarServices.cluster.endpoint", "https://oscar.example.com"),
      "  environment.oscarServices.cluster.password: missing; needed: npx pulumi config set --path --secret 'environment.oscarServices.cluster.password'; or tokenFile in its place",
    ],
  ],
] satisfies [string, string[]][])("the stack %s", (name, faults) => {
  const { document } = readStackFile(file(name));

  it("is sound where names are stood in for", () => {
    const { oscarServices } = parseEnvironment(document, { where: name, allowPlaceholders: true });
    expect(oscarServices).toBeDefined();
  });

  it("asks for names of the user's own on a real cluster", () => {
    const parse = () => parseEnvironment(document, { where: name, allowPlaceholders: false });
    if (faults.length === 0) expect(parse).not.toThrow();
    else expect(parse).toThrow([`${name}: ${faults.length} faults`, ...faults].join("\n"));
  });

  it("names the JSON Schema, which accepts it", () => {
    const text = readFileSync(file(name), "utf8");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./environment.schema.json");
    expect(accepts(parse(text))).toBe(true);
  });
});

describe("the JSON Schema", () => {
  const stack = (document: unknown) => ({ config: { "inference-infra:environment": document } });

  it("is current (npm run schema)", () => {
    expect(readFileSync(join(stacks, "environment.schema.json"), "utf8")).toBe(
      `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`,
    );
  });

  it("accepts what Pulumi writes into a stack file, short forms and every field", () => {
    const password = { secure: "v1:abc" };
    const written = {
      ...full,
      ui: { ...full.ui, credentials: { kind: "given", username: "mnist", password } },
    };
    expect(accepts({ encryptionsalt: "v1:abc", secretsprovider: "passphrase", ...stack(written) })).toBe(
      true,
    );
    expect(accepts(stack(whole))).toBe(true);
  });

  const refused: [what: string, document: unknown][] = [
    ["an unknown key", { ...whole, modelVolum: {} }],
    ["a number where a size belongs", { ...whole, modelVolume: { size: 10 } }],
    [
      "a password in clear text",
      { ...full, ui: { ...full.ui, credentials: { kind: "given", username: "mnist", password: "x" } } },
    ],
    ["a short form that needs more", { ...whole, ui: { ...whole.ui, exposure: "ingress" } }],
    ["latest", { ...whole, ui: { ...whole.ui, image: "ui:latest" } }],
  ];
  it.each(refused)("refuses %s", (_what, document) => {
    expect(accepts(stack(document))).toBe(false);
  });

  it("describes every field", () => {
    expect(undescribed(stackFileSchema(), "")).toEqual([]);
  });
});

const schema = z.fromJSONSchema(stackFileSchema());
const accepts = (document: unknown) => schema.safeParse(document).success;

function undescribed(node: unknown, path: string): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    const place = `${path}/${key}`;
    const lacking =
      path.endsWith("/properties") &&
      !(typeof value === "object" && value !== null && "description" in value);
    return [...(lacking ? [place] : []), ...undescribed(value, place)];
  });
}
