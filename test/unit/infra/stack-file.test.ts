import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../infra/faults";
import { SecretValue } from "../../../infra/secrets";
import { readStackFile } from "../../../infra/stack-file";

const folder = mkdtempSync(join(tmpdir(), "stack-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string, name = "Pulumi.dev.yaml"): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.replaceAll(folder, "stacks");
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a stack file that cannot be read is told in one line", () => {
  const cases: [name: string, text: string, message: string][] = [
    [
      "empty",
      "",
      'stacks/Pulumi.dev.yaml: the file is empty; it needs "config:" with "inference-infra:environment:" below it',
    ],
    [
      "blank lines",
      "\n  \n",
      'stacks/Pulumi.dev.yaml: the file is empty; it needs "config:" with "inference-infra:environment:" below it',
    ],
    [
      "comments only",
      "# soon\n",
      'stacks/Pulumi.dev.yaml: there is no "config:" with "inference-infra:environment:" below it',
    ],
    [
      "no config",
      "encryptionsalt: v1:abc\n",
      'stacks/Pulumi.dev.yaml: there is no "config:" with "inference-infra:environment:" below it',
    ],
    [
      "an empty config",
      "config:\n",
      'stacks/Pulumi.dev.yaml: there is no "config:" with "inference-infra:environment:" below it',
    ],
    [
      "a bracket that is not closed",
      "config:\n  inference-infra:environment:\n    training: {gpu: {count: 1}\n    ui: x\n",
      "stacks/Pulumi.dev.yaml:4:5: this is not YAML: Flow map in block collection must be sufficiently indented and end with a }",
    ],
    [
      "a tab",
      "config:\n\tinference-infra:environment: {}\n",
      "stacks/Pulumi.dev.yaml:2:1: this is not YAML: Tabs are not allowed as indentation",
    ],
    [
      "a key twice",
      "config:\n  a:b: 1\n  a:b: 2\n",
      "stacks/Pulumi.dev.yaml:3:3: this is not YAML: Map keys must be unique",
    ],
    [
      "the key without the project",
      "config:\n  environment:\n    name: mnist\n",
      "stacks/Pulumi.dev.yaml: config.environment: unknown key; did you mean inference-infra:environment?",
    ],
    [
      "a slip in the key",
      "config:\n  inference-infra:enviroment:\n    name: mnist\n",
      "stacks/Pulumi.dev.yaml: config.inference-infra:enviroment: unknown key; did you mean inference-infra:environment?",
    ],
    [
      "keys of others only",
      "config:\n  aws:region: eu-west-1\n",
      "stacks/Pulumi.dev.yaml: config: the key inference-infra:environment is missing; given: aws:region",
    ],
  ];
  it.each(cases)("%s", (_name, text, message) => {
    expect(messageOf(() => readStackFile(write(text)))).toBe(message);
  });

  it("names the stack that was meant", () => {
    write("", "Pulumi.sandbox.yaml");
    expect(messageOf(() => readStackFile(join(folder, "Pulumi.sanbox.yaml")))).toBe(
      "stacks/Pulumi.sanbox.yaml: there is no such file; did you mean stacks/Pulumi.sandbox.yaml?",
    );
    expect(messageOf(() => readStackFile(join(folder, "Pulumi.staging.yaml")))).toBe(
      "stacks/Pulumi.staging.yaml: there is no such file; the stacks here are dev, sandbox",
    );
  });

  it("does not quote a line, where a secret may stand", () => {
    const message = messageOf(() => readStackFile(write("config:\n  a:b: CANARY-1\n bad: CANARY-2\n")));
    expect(message).not.toContain("CANARY");
    expect(message).toMatch(/^stacks\/Pulumi.dev.yaml:\d+:\d+: this is not YAML: /);
  });
});

it("has what anchors and aliases stand for, as Pulumi has", () => {
  const text =
    "config:\n  inference-infra:environment:\n    ui: {tls: &tls {kind: self-signed}}\n    oscar: {tls: *tls}\n";
  const tls = { kind: "self-signed" };
  expect(readStackFile(write(text)).document).toEqual({ ui: { tls }, oscar: { tls } });
});

describe("encrypted values", () => {
  const text = `
encryptionsalt: v1:9P5Y:v1:of-a-passphrase-nobody-here-has
config:
  inference-infra:environment:
    name: mnist
    ui:
      credentials:
        kind: given
        password:
          secure: v1:AAAAAAAAAAAAAAAA:CANARY
    list: [{ secure: v1:AAAAAAAAAAAAAAAA:CANARY }, plain]
`;

  it("become placeholders, in place", () => {
    const { document, secretPaths } = readStackFile(write(text));
    expect(secretPaths).toEqual([
      ["ui", "credentials", "password"],
      ["list", 0],
    ]);
    expect(document).toEqual({
      name: "mnist",
      ui: { credentials: { kind: "given", password: expect.any(SecretValue) as SecretValue } },
      list: [expect.any(SecretValue), "plain"],
    });
  });

  it("show in no form of text", () => {
    const secret = new SecretValue("CANARY");
    expect([
      `${secret.toString()}`,
      JSON.stringify({ secret }),
      inspect({ secret }),
      String(secret),
      inspect(secret, { showHidden: true }),
    ]).toEqual(["[secret]", '{"secret":"[secret]"}', "{ secret: [secret] }", "[secret]", "[secret]"]);
  });
});
