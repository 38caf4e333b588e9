import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { deployedEnvironment, markSecrets } from "../../../infra/configuration";
import { ConfigurationError } from "../../../infra/faults";
import { SecretValue } from "../../../infra/secrets";
import { whole } from "./documents";

const folder = mkdtempSync(join(tmpdir(), "stacks-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterAll(() => vi.unstubAllEnvs());

/** The cluster of the documents, as this machine would know it. */
const kubeconfig = join(folder, "kubeconfig");
writeFileSync(kubeconfig, JSON.stringify({ contexts: [{ name: whole.host.context }] }));
vi.stubEnv("KUBECONFIG", kubeconfig);

const registered: string[] = [];
beforeEach(async () => {
  registered.length = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push(type);
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "inference-infra",
    "existing",
  );
});

/** What Pulumi gives a program: the values of the stack file, decrypted. */
const pulumiHandsOver = (document: unknown) =>
  pulumi.runtime.setAllConfig({
    "inference-infra:environment": typeof document === "string" ? document : JSON.stringify(document),
  });

const write = (document: unknown) =>
  writeFileSync(
    join(folder, "Pulumi.existing.yaml"),
    JSON.stringify({ encryptionsalt: "v1:x", config: { "inference-infra:environment": document } }),
  );

const withPassword = (password: unknown) => ({
  ...whole,
  ui: { ...whole.ui, credentials: { kind: "given", username: "ada", password } },
});

const own = " image (only the sandbox does without: npm run sandbox)";
const placeholder = (path: string, value: string, more = "") =>
  `  environment.${path}: got "${value}", a placeholder; needed: your own${more}`;

describe("what `pulumi up` runs", () => {
  it("refuses the placeholders of the stack as it lies here, without a stack trace and before any resource", async () => {
    const main: unknown = (await import("../../../infra/index.js")) as unknown;
    const run = typeof main === "object" && main !== null && "default" in main ? main.default : main;
    if (typeof run !== "function") throw new Error("infra/index.ts exports no function");
    pulumi.runtime.setAllConfig({});
    const error: unknown = await Promise.resolve(run()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(String((error as Error).stack)).toBe(
      [
        "stacks/Pulumi.existing.yaml: 4 faults",
        placeholder("training.image", "placeholder.invalid/mnist-trainer:0.1.0", own),
        placeholder("ui.host", "mnist.example.com"),
        placeholder("ui.image", "placeholder.invalid/mnist-ui:0.1.0", own),
        placeholder("ui.tls.issuer.email", "you@example.com"),
      ].join("\n"),
    );
    expect(registered).toEqual([]);
  });

  it("keeps a secret of the file a secret, with the value that Pulumi decrypted", async () => {
    write(withPassword({ secure: "v1:AAAAAAAAAAAAAAAA:ZW5jcnlwdGVk" }));
    pulumiHandsOver(withPassword("s3cret"));
    const { credentials } = deployedEnvironment(folder).ui ?? {};
    if (credentials?.kind !== "given") throw new Error("not given");
    const password = credentials.password.output();
    expect(await pulumi.isSecret(password)).toBe(true);
    expect(await new Promise((resolve) => password.apply(resolve))).toBe("s3cret");
    expect(JSON.stringify(credentials)).toBe('{"kind":"given","username":"ada","password":"[secret]"}');
  });

  it("refuses a password in clear text, and does not repeat it", () => {
    write(withPassword("hunter2"));
    pulumiHandsOver(withPassword("hunter2"));
    expect(() => deployedEnvironment(folder)).toThrow(
      `${join(folder, "Pulumi.existing.yaml")}: 1 fault\n  environment.ui.credentials.password: got text; ` +
        "allowed: a secret; encrypt it with npx pulumi config set --path --secret 'environment.ui.credentials.password'",
    );
  });

  it("takes the values from Pulumi, not from the file", () => {
    write(whole);
    pulumiHandsOver({ ...whole, name: "other" });
    expect(deployedEnvironment(folder).name).toBe("other");
  });

  it("tells a document that is a text", () => {
    write("mnist");
    pulumiHandsOver("mnist");
    expect(() => deployedEnvironment(folder)).toThrow(
      "environment: got text; allowed: a mapping with the keys",
    );
  });
});

describe("markSecrets", () => {
  it("marks what is a secret in the file, in lists too, and leaves the rest", () => {
    const file = { a: new SecretValue(), list: ["x", new SecretValue()], b: 1 };
    const marked = markSecrets({ a: "A", list: ["x", "B"], b: 2, c: { d: 3 } }, file);
    expect(marked).toEqual({
      a: expect.any(SecretValue) as unknown,
      list: ["x", expect.any(SecretValue)],
      b: 2,
      c: { d: 3 },
    });
  });
});
