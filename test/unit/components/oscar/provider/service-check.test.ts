import { describe, expect, it } from "vitest";
import { Secret, unknown, type Properties } from "../../../../../provider";
import { here, plain, script } from "./provider-here";

async function faults(inputs: Properties, more: Parameters<typeof here>[0] = {}, name = "nginx") {
  const { visit, calls } = await here(more);
  const { failures = [], inputs: checked } = await visit().check(name, inputs);
  return { faults: failures.map(({ reason }) => reason), inputs: checked, calls: calls() };
}

const place = (path: string, storageProvider = "minio") => ({ storageProvider, path });

describe("the faults of inputs", () => {
  it.each<[string, Properties, string[]]>([
    [
      "all at once",
      { image: "Nginx", script: "", cpu: "0", expose: { apiPort: 0, minScale: 3, maxScale: 2 } },
      [
        'image: got "Nginx"; allowed: an image, such as ghcr.io/you/model:1.4.0',
        'script: got none; allowed: the text of a script, such as "#!/bin/sh\\n…"',
        'cpu: got "0"; allowed: a number of CPUs, such as 2 or 500m',
        "expose.apiPort: got 0; allowed: a whole number from 1 to 65535",
        "expose.maxScale: got 2; allowed: at least minScale, which is 3",
      ],
    ],
    [
      "names that there are not",
      { ...plain, memmory: "1Gi", expose: { apiPort: 80, api_port: 80 }, colour: "red" },
      [
        'memmory: there is no such property; did you mean "memory"?',
        expect.stringMatching(
          /^colour: there is no such property; allowed: name, image, script, cpu/,
        ) as never,
        'expose.api_port: there is no such property; did you mean "apiPort"?',
      ],
    ],
    [
      "values of other types, and none that are missing beside them",
      { image: 5, script: ["echo"], cpu: 2, enableGpu: "yes", input: "in", expose: 80, labels: { a: true } },
      [
        "image: got a number; allowed: a text",
        "script: got a list; allowed: a text",
        "cpu: got a number; allowed: a text",
        "enableGpu: got a text; allowed: true or false",
        "input: got a text; allowed: a list",
        "expose: got a number; allowed: an object",
        "labels.a: got true; allowed: a text",
      ],
    ],
    [
      "what has to be there",
      { input: [{ path: "in/a" }], expose: {}, smokeTest: {}, volume: { size: "1Gi" } },
      [
        "input[0].storageProvider: got nothing; allowed: a value",
        "expose.apiPort: got nothing; allowed: a value",
        "volume.mountPath: got nothing; allowed: a value",
        "smokeTest.body: got nothing; allowed: a value",
        "image: got nothing; allowed: an image, such as ghcr.io/you/model:1.4.0",
        "script: got nothing; allowed: the text of a script",
      ],
    ],
    [
      "what the provider alone heeds",
      { ...plain, expose: { apiPort: 80 }, readyWithinSeconds: 1.5, smokeTest: { body: "a" } },
      [
        "readyWithinSeconds: got 1.5; allowed: a whole number from 0, which does not wait, to 86400",
        "smokeTest: got one with expose; allowed: without, since OSCAR then has no synchronous calls",
      ],
    ],
    [
      "a blank secret",
      { ...plain, environment: { secrets: { PASSWORD: "" } } },
      ["environment.secrets.PASSWORD: got an empty text; allowed: the value, which OSCAR does not tell"],
    ],
  ])("are told: %s", async (_, inputs, expected) => {
    expect((await faults(inputs)).faults).toEqual(expected);
  });

  it("do not tell a value that came as a secret", async () => {
    const { faults: found } = await faults({ ...plain, cpu: new Secret("canary-cpu") });
    expect(found).toEqual(['cpu: got "[secret]"; allowed: a number of CPUs, such as 2 or 500m']);
  });

  it("are told of a name of the resource that is none for a service", async () => {
    const { faults: found } = await faults(plain, {}, "My_Service");
    expect(found).toEqual([
      'name: got "My_Service"; allowed: lower-case letters, digits and hyphens, a letter first, at most 39 characters',
    ]);
  });

  it("count null for nothing", async () => {
    const { faults: found, inputs } = await faults({ ...plain, memory: null, expose: null });
    expect([found, inputs]).toEqual([[], { ...plain, name: "nginx" }]);
  });
});

describe("the name", () => {
  it("is the resource's, and never a random one", async () => {
    expect((await faults(plain)).inputs).toEqual({ ...plain, name: "nginx" });
    expect((await faults({ ...plain, name: "other" })).inputs["name"]).toBe("other");
  });

  it.each([
    ["disable", undefined, ["name: got nothing; allowed: a name, since pulumi:autonaming is disabled"]],
    ["propose", "nginx-1a2b3c4", []],
  ] as const)("heeds Pulumi's autonaming: %s", async (mode, name, expected) => {
    const { visit } = await here();
    const { provider, about } = visit();
    const { failures = [], inputs } = await provider.check({
      ...about("nginx"),
      inputs: plain,
      oldInputs: {},
      randomSeed: new Uint8Array(),
      autonaming: mode === "disable" ? { mode } : { mode, name: name ?? "" },
    });
    expect(failures.map(({ reason }) => reason)).toEqual(expected);
    expect(inputs["name"]).toBe(mode === "disable" ? undefined : "nginx");
  });

  it("is the one that autonaming enforces, and stays the one that it was", async () => {
    const { visit } = await here();
    const { provider, about } = visit();
    const check = async (oldInputs: Properties) =>
      (
        await provider.check({
          ...about("nginx"),
          inputs: plain,
          oldInputs,
          randomSeed: new Uint8Array(),
          autonaming: { mode: "enforce", name: "team-nginx-1" },
        })
      ).inputs["name"];
    expect([await check({}), await check({ ...plain, name: "team-nginx-0" })]).toEqual([
      "team-nginx-1",
      "team-nginx-0",
    ]);
  });
});

describe("what is not known yet", () => {
  it.each<[string, Properties]>([
    [
      "single values",
      { image: unknown, script: unknown, name: unknown, cpu: unknown, expose: { apiPort: unknown } },
    ],
    [
      "whole parts",
      { ...plain, input: unknown, expose: unknown, environment: unknown, synchronous: unknown },
    ],
    ["maps", { ...plain, environment: { variables: unknown, secrets: unknown }, labels: unknown }],
    ["as many node ports", { ...plain, expose: { apiPort: [80, 81], nodePort: unknown } }],
    [
      "storage that places refer to",
      { ...plain, storageProviders: unknown, output: [place("out", "s3.aws"), place("nginx/out")] },
    ],
    ["kinds of models", { ...plain, kserve: { type: unknown, storageUri: unknown } }],
    [
      "a model's format",
      { ...plain, kserve: { type: "inference", storageUri: "hf://a/b", inference: unknown } },
    ],
    [
      "secrets that a federation needs",
      { ...plain, environment: unknown, federation: { members: [{ type: "endpoint", url: "https://a.b" }] } },
    ],
    [
      "in secrets",
      { ...plain, image: new Secret(unknown), environment: { secrets: { A: new Secret(unknown) } } },
    ],
    ["in the provider's own", { ...plain, smokeTest: unknown, readyWithinSeconds: unknown }],
  ])("is passed over, and comes back so: %s", async (_, inputs) => {
    const found = await faults(inputs);
    expect(found.faults).toEqual([]);
    expect(found.inputs).toEqual({ name: "nginx", ...inputs });
  });

  it("does not hide the faults beside it", async () => {
    const inputs = {
      ...plain,
      storageProviders: unknown,
      input: [place("in", "s3.aws"), place("X/in")],
      expose: { apiPort: unknown, nodePort: 5, minScale: 0 },
    };
    expect((await faults(inputs)).faults).toEqual([
      'input[0].path: got "X/in", whose bucket is "X"; allowed: a bucket of 3 to 63 lower-case letters, digits, hyphens and dots',
      "expose.minScale: got 0; allowed: a whole number of at least 1",
    ]);
  });
});

describe("secrets", () => {
  it("are marked, whether or not they came so", async () => {
    const inputs = {
      ...plain,
      environment: { variables: { A: "b" }, secrets: { P: "canary", Q: new Secret("canary") } },
      storageProviders: { s3: { aws: { accessKey: "a", secretKey: "b", region: "c" } } },
      clusters: { other: { endpoint: "https://a.b", authUser: "u", authPassword: "p" } },
    };
    expect((await faults(inputs)).inputs).toEqual({
      ...plain,
      name: "nginx",
      environment: { variables: { A: "b" }, secrets: { P: new Secret("canary"), Q: new Secret("canary") } },
      storageProviders: {
        s3: { aws: { accessKey: new Secret("a"), secretKey: new Secret("b"), region: "c" } },
      },
      clusters: { other: { endpoint: "https://a.b", authUser: "u", authPassword: new Secret("p") } },
    });
  });

  it("that came in a secret whole stay in it", async () => {
    const inputs = { ...plain, environment: new Secret({ secrets: { P: "canary" } }) };
    expect((await faults(inputs)).inputs).toEqual({ ...inputs, name: "nginx" });
  });
});

describe("what a version lacks", () => {
  const volume = { ...plain, volume: { size: "1Gi", mountPath: "/data" } };
  const fault = 'volume: got "nginx"; allowed: nothing, as OSCAR has it from 4.0 on, and this is 3.7.1';

  it("is a fault, for which the Manager is asked once", async () => {
    const { visit, calls } = await here({ generation: "3.7" });
    const { check } = visit();
    const all = await Promise.all(["nginx", "nginx", "nginx"].map((name) => check(name, volume)));
    expect(all.map(({ failures = [] }) => failures.map(({ reason }) => reason))).toEqual([
      [fault],
      [fault],
      [fault],
    ]);
    expect(calls()).toEqual(["GET /system/info"]);
  });

  it("has the name that the arguments have", async () => {
    const inputs = { ...plain, expose: { apiPort: 80, authType: "forward", setAuth: true } };
    expect((await faults(inputs, { generation: "4.0" })).faults).toEqual([
      'expose.authType: got "forward"; allowed: nothing, as OSCAR has it from 4.1 on, and this is 4.0.0',
    ]);
  });

  it("is not asked for what every version has, nor for what was there before", async () => {
    expect((await faults({ image: "nginx:1.27", script, input: [place("in")] })).calls).toEqual([]);
    const { visit, calls } = await here({ generation: "3.7" });
    const old = { id: "nginx", inputs: { ...volume, name: "nginx" }, state: {} };
    expect((await visit().check("nginx", volume, old)).failures).toEqual([]);
    expect(calls()).toEqual([]);
  });

  it("is no fault where the Manager cannot be asked", async () => {
    const { visit, manager } = await here({ generation: "3.7" });
    await manager.stop();
    expect((await visit().check("nginx", volume)).failures).toEqual([]);
  });

  it("is told without asking where the version is given", async () => {
    const { visit, calls } = await here();
    const { failures = [] } = await visit({ apiVersion: "3.7.1" }).check("nginx", volume);
    expect(failures.map(({ reason }) => reason)).toEqual([fault]);
    expect(calls()).toEqual([]);
  });
});
