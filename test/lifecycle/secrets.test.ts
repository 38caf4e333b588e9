import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretValue } from "../../infra/secrets";
import { programFor } from "../../sandbox/offline-program";
import { editedEnvironment, TestSandbox } from "../support/sandbox";

/** A password planted as a canary may be in the cluster's Secret, and nowhere else that a person or a disk keeps. */
describe("a planted password", () => {
  const canary = "canary-7c1f2b";
  let sandbox: TestSandbox;
  const heard: string[] = [];
  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    const stack = await sandbox.session.stack(
      "sandbox",
      programFor(() => withPassword(canary), sandbox.session.standIns),
    );
    const { digest } = await stack.preview({
      onProgress: (progress) => heard.push(JSON.stringify(progress)),
    });
    heard.push(JSON.stringify(digest));
    const { outputs } = await stack.up({ onProgress: (progress) => heard.push(JSON.stringify(progress)) });
    for (const [name, { value, secret }] of Object.entries(outputs))
      if (!secret) heard.push(`${name}=${JSON.stringify(value)}`);
    await stack.refresh({ onProgress: (progress) => heard.push(JSON.stringify(progress)) });
  });
  afterAll(() => sandbox?.stop());

  it("reaches the cluster's Secret", async () => {
    const { items } = await sandbox.kubernetes.core.listNamespacedSecret({
      namespace: await sandbox.namespace(),
    });
    const values = items.flatMap(({ data }) =>
      Object.values(data ?? {}).map((value) => Buffer.from(value, "base64").toString()),
    );
    expect(values).toContain(canary);
  });

  it("is in no message, no preview and no plain output", () => {
    expect(heard.length).toBeGreaterThan(10);
    expect(heard.filter((text) => leaks(text, canary))).toEqual([]);
  });

  it("is in no file of the sandbox but etcd's own", async () => {
    for (const form of [canary, Buffer.from(canary).toString("base64")]) {
      const found = await execa("grep", ["-rlF", form, sandbox.dir], { reject: false });
      expect(found.stdout.split("\n").filter((file) => file !== "" && !file.includes("/etcd/"))).toEqual([]);
    }
  });
});

function leaks(text: string, secret: string): boolean {
  return text.includes(secret) || text.includes(Buffer.from(secret).toString("base64"));
}

function withPassword(password: string) {
  return editedEnvironment("sandbox", {
    "ui.credentials": { kind: "given", username: "ada", password: new SecretValue(password) },
  });
}
