import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OscarServiceArgs } from "../../components";
import { OscarLab, plants, told } from "../support/oscar-lab";

/** Secrets planted as canaries reach the Manager, and nothing else that a person or a disk keeps. */
describe("secrets of services", () => {
  let lab: OscarLab;
  const heard: string[] = [];
  const canaries = [
    "canary-of-the-key",
    "canary-of-the-new-key",
    "canary-of-the-storage",
    "canary-of-the-password",
  ];
  let tokens: string[];

  const service = (key: string): OscarServiceArgs => ({
    ...plants,
    environment: { variables: { LEVEL: "1" }, secrets: { API_KEY: key } },
    storageProviders: {
      s3: { archive: { accessKey: "anna", secretKey: "canary-of-the-storage", region: "eu-west-1" } },
    },
  });
  const stack = (key = "canary-of-the-key") => lab.services("secretive", { plants: service(key) });

  beforeAll(async () => {
    lab = await OscarLab.start();
    const hear = async (operation: Parameters<typeof told>[0]) => {
      const { heard: all } = await told(operation);
      heard.push(all);
    };
    await hear(async (options) => (await stack()).preview(options));
    await hear(async (options) => (await stack()).up(options));
    const { result } = await told(async () => (await stack()).pulumi(["stack", "export", "--show-secrets"]));
    tokens = [
      ...new Set(/"token":\s*\{[^}]*"plaintext":\s*"\\"([0-9a-f]{64})/.exec(result?.stdout ?? "")?.slice(1)),
    ];
    await hear(async (options) => (await stack()).refresh(options));
    await hear(async (options) => (await stack("canary-of-the-new-key")).preview(options));
    // As a Manager that repeats what it was sent.
    const text = `cannot use ${[...canaries, ...tokens].join(", ")}`;
    lab.manager.faults.plant({ kind: "answer", status: 500, text, method: "PUT" });
    await hear(async (options) => (await stack("canary-of-the-new-key")).up(options));
    await hear(async (options) => (await stack("canary-of-the-new-key")).up(options));
    lab.manager.state.edit("plants", (edited) => (edited.memory = "3Gi"));
    await hear(async (options) => (await stack("canary-of-the-new-key")).refresh(options));
    for (const args of [["stack"], ["stack", "output"], ["stack", "export"]])
      await hear(async () => (await stack()).pulumi(args));
  });
  afterAll(() => lab?.stop());

  it("reach the Manager", () => {
    const sent = lab.manager.calls.map(({ body }) => body).join("\n");
    expect(canaries.filter((each) => sent.includes(each))).toEqual(canaries.slice(0, 3));
    expect([...lab.manager.state.secrets.values()]).toEqual([{ API_KEY: "canary-of-the-new-key" }]);
    expect(tokens).toHaveLength(1);
  });

  it("are in no message, no diff, no error and no plain output", () => {
    const all = heard.join("\n");
    expect(all).toContain("was changed outside of Pulumi: memory");
    expect(all).toContain("cannot use");
    expect([...canaries, ...tokens].filter((each) => leaks(all, each))).toEqual([]);
  });

  it("are in no file of the engine", async () => {
    for (const each of [...canaries, ...tokens]) {
      const forms = [each, Buffer.from(each).toString("base64")].flatMap((form) => ["-e", form]);
      const { stdout } = await execa("grep", ["-rlF", ...forms, lab.dir], { reject: false });
      expect(stdout).toBe("");
    }
  });
});

function leaks(text: string, secret: string): boolean {
  return text.includes(secret) || text.includes(Buffer.from(secret).toString("base64"));
}
