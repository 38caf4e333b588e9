import { CustomResource, Output, runtime, type CustomResourceOptions } from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { describe, expect, it, vi } from "vitest";
import { OscarProvider } from "../../../../components/oscar/oscar-provider";
import { OscarAllowedImages } from "../../../../components/oscar/resources/oscar-allowed-images";
import { OscarBucket } from "../../../../components/oscar/resources/oscar-bucket";
import { OscarQuota } from "../../../../components/oscar/resources/oscar-quota";
import { OscarVolume } from "../../../../components/oscar/resources/oscar-volume";
import { OscarService, type OscarServiceArgs } from "../../../../components/oscar/service/oscar-service";
import { run } from "../../../support/mocks";

const lab = () =>
  new OscarProvider("lab", {
    endpoint: "https://oscar.example.com",
    credentials: { kind: "basic", password: "s3cret" },
  });

const smallest: OscarServiceArgs = { image: "nginx:1.29.1", script: "#!/bin/sh\necho hi\n" };

const service = (name: string, args: Partial<OscarServiceArgs> = {}, opts: CustomResourceOptions = {}) =>
  new OscarService(name, { ...smallest, ...args }, { provider: lab(), ...opts });

describe.each([false, true])("a service of OSCAR, preview %s", (preview) => {
  it("is called as its resource is", async () => {
    const { one } = await run(preview, () => service("plants"));
    expect(one("Service")).toEqual({
      type: "oscar:index:Service",
      name: "plants",
      inputs: { ...smallest, name: "plants" },
      parent: "Stack test-test",
      provider: "lab",
      dependsOn: [],
      options: { deleteBeforeReplace: true },
    });
  });

  it("may be called otherwise, and hands on what it is given, secrets as secrets", async () => {
    const { one } = await run(preview, () =>
      service("plants", {
        name: "plants-2",
        environment: { variables: { LEVEL: "1" }, secrets: { API_KEY: "k3y" } },
        allowBucketDeletion: true,
        smokeTest: { body: "{}", contentType: "application/json; charset=utf-8" },
        readyWithinSeconds: 0,
      }),
    );
    expect(one("Service").inputs).toEqual({
      ...smallest,
      name: "plants-2",
      // Of an object with a secret in it, Pulumi's wire format says where it is.
      environment: { variables: { LEVEL: "1" }, secrets: { API_KEY: { secret: "k3y" } } },
      allowBucketDeletion: true,
      smokeTest: { body: "{}", contentType: "application/json; charset=utf-8" },
      readyWithinSeconds: 0,
    });
  });

  it("keeps its token secret, whatever else is asked for, and can be imported", async () => {
    const register = vi.spyOn(await mockMonitor(preview), "registerResource");
    await runtime.runInPulumiStack(async () => {
      service("plants", {}, { import: "plants", additionalSecretOutputs: ["url"] });
    });
    await runtime.disconnect();
    const request = register.mock.calls.map(([each]) => each as RegisterResourceRequest).at(-1);
    expect(request?.getType()).toBe("oscar:index:Service");
    expect(request?.getAdditionalsecretoutputsList().sort()).toEqual(["token", "url"]);
    expect(request?.getImportid()).toBe("plants");
  });
});

describe.each([false, true])("a service's outputs, preview %s", (preview) => {
  it("are all there for a program, known or not", async () => {
    const { result } = await run(preview, () => service("plants"));
    const { name, image, url, token, owner, buckets, nodePorts, commands, smokeTestAnswer } = result;
    const all = [name, image, url, token, owner, buckets, nodePorts, commands, smokeTestAnswer];
    expect(all.map((each) => Output.isInstance(each))).toEqual(all.map(() => true));
  });
});

describe("a service's faults", () => {
  it("are told all at once, and nothing is made", async () => {
    const { registered, result } = await run(false, () => {
      try {
        return service("Plants", {
          cpu: "much",
          expose: { apiPort: 80 },
          smokeTest: { body: "", contentType: "json" },
          readyWithinSeconds: -1,
        });
      } catch (error) {
        return error;
      }
    });
    expect(result).toHaveProperty(
      "message",
      [
        "OscarService Plants:",
        'name: got "Plants"; allowed: lower-case letters, digits and hyphens, a letter first, at most 39 characters',
        'cpu: got "much"; allowed: a number of CPUs, such as 2 or 500m',
        "readyWithinSeconds: got -1; allowed: a whole number from 0 to 86400",
        'smokeTest.contentType: got "json"; allowed: a media type, such as application/json',
        "smokeTest: got one with expose; allowed: one of them, because OSCAR takes no synchronous call then",
      ].join("\n  "),
    );
    expect(registered.map(({ type }) => type)).toEqual(["pulumi:providers:oscar"]);
  });
});

describe("what is there already", () => {
  it.each([
    ["Service", () => OscarService.get("there", "plants", { provider: lab() })],
    ["Bucket", () => OscarBucket.get("there", "plants", { provider: lab() })],
    ["Volume", () => OscarVolume.get("there", "plants", { provider: lab() })],
    ["Quota", () => OscarQuota.get("there", "plants", { provider: lab() })],
  ])("is read as a %s, and nothing is said of it", async (kind, get) => {
    const read = vi.spyOn(await mockMonitor(false), "readResource");
    let found: CustomResource | undefined;
    await runtime.runInPulumiStack(async () => {
      found = get();
    });
    await runtime.disconnect();
    const [request] = read.mock.calls.map(([each]) => each);
    expect(request?.getType()).toBe(`oscar:index:${kind}`);
    expect(request?.getId()).toBe("plants");
    expect(request?.getProperties()?.toJavaScript()).toEqual({});
    expect(found).toBeInstanceOf(CustomResource);
  });
});

async function mockMonitor(preview: boolean) {
  await runtime.setMocks(
    { newResource: ({ inputs, name }) => ({ id: name, state: inputs }), call: () => ({}) },
    "test",
    "test",
    preview,
  );
  const monitor = runtime.getMonitor();
  if (monitor === undefined) throw new Error("there is no mock monitor");
  return monitor;
}

describe.each([false, true])("what is beside services, preview %s", (preview) => {
  it.each<[string, () => CustomResource, object]>([
    ["Bucket", () => new OscarBucket("models", {}, { provider: lab() }), { name: "models" }],
    [
      "Bucket",
      () =>
        new OscarBucket(
          "models",
          { name: "lab.models", visibility: "restricted", allowedUsers: ["anna"], allowDeletion: true },
          { provider: lab() },
        ),
      { name: "lab.models", visibility: "restricted", allowedUsers: ["anna"], allowDeletion: true },
    ],
    [
      "Volume",
      () => new OscarVolume("models", { size: "10Gi" }, { provider: lab() }),
      { name: "models", size: "10Gi" },
    ],
    [
      "Quota",
      () =>
        new OscarQuota(
          "anna",
          { user: "anna@example.org", cpu: "4", gpu: "1", minio: { buckets: "3" } },
          { provider: lab() },
        ),
      { user: "anna@example.org", cpu: "4", gpu: "1", minio: { buckets: "3" } },
    ],
    [
      "AllowedImages",
      () => new OscarAllowedImages("images", { repositories: ["ghcr.io/acme/"] }, { provider: lab() }),
      { repositories: ["ghcr.io/acme/"] },
    ],
  ])("is a %s", async (kind, make, inputs) => {
    const { one } = await run(preview, make);
    expect(one(kind)).toMatchObject({ type: `oscar:index:${kind}`, provider: "lab", dependsOn: [] });
    expect(one(kind).inputs).toEqual(inputs);
  });
});

describe("the faults of what is beside services", () => {
  const bucket = "allowed: 3 to 63 lower-case letters, digits, hyphens and dots";
  it.each<[string, () => unknown, ...string[]]>([
    ["OscarBucket Models", () => new OscarBucket("Models", {}), `name: got "Models"; ${bucket}`],
    ["OscarBucket b", () => new OscarBucket("b", { name: "10.0.0.1" }), `name: got "10.0.0.1"; ${bucket}`],
    [
      "OscarBucket models",
      () => new OscarBucket("models", { allowedUsers: ["anna"] }),
      'allowedUsers: got some; allowed: with visibility: "restricted"',
    ],
    [
      "OscarVolume My_models",
      () => new OscarVolume("My_models", { size: "10" }),
      'name: got "My_models"; allowed: lower-case letters, digits and hyphens, at most 63 characters',
      'size: got "10"; allowed: a size with a unit, such as 2Gi',
    ],
    [
      "OscarQuota anna",
      () => new OscarQuota("anna", { user: "../x", gpu: "one" }),
      'user: got "../x"; allowed: a user\'s id: letters, digits and . _ @ -, a letter or digit first',
      "gpu: got it alone; allowed: with cpu, memory or ephemeralStorage, since OSCAR leaves it out of account otherwise",
      'gpu: got "one"; allowed: a whole number, such as "5"',
    ],
    [
      "OscarQuota anna",
      () => new OscarQuota("anna", { user: "anna", volumes: {} }),
      "user: got no bounds for it; allowed: at least one of cpu, memory, ephemeralStorage, volumes, minio",
    ],
    [
      "OscarQuota anna",
      () =>
        new OscarQuota("anna", {
          user: "anna",
          cpu: "0",
          memory: "1",
          ephemeralStorage: "x",
          volumes: { disk: "1", volumes: "a", maxDiskPerVolume: "2", minDiskPerVolume: "3" },
          minio: { buckets: "-1", storagePerBucket: "4" },
        }),
      'cpu: got "0"; allowed: a number of CPUs, such as 2 or 500m',
      'memory: got "1"; allowed: a size with a unit, such as 2Gi',
      'ephemeralStorage: got "x"; allowed: a size with a unit, such as 2Gi',
      'volumes.disk: got "1"; allowed: a size with a unit, such as 2Gi',
      'volumes.volumes: got "a"; allowed: a whole number, such as "5"',
      'volumes.maxDiskPerVolume: got "2"; allowed: a size with a unit, such as 2Gi',
      'volumes.minDiskPerVolume: got "3"; allowed: a size with a unit, such as 2Gi',
      'minio.buckets: got "-1"; allowed: a whole number, such as "5"',
      'minio.storagePerBucket: got "4"; allowed: a size with a unit, such as 2Gi',
    ],
    [
      "OscarAllowedImages images",
      () => new OscarAllowedImages("images", { repositories: [] }),
      "repositories: got an empty list; allowed: at least one; without this resource every image is allowed",
    ],
    [
      "OscarAllowedImages images",
      () => new OscarAllowedImages("images", { repositories: ["ghcr.io/acme/", ""] }),
      'repositories[1]: got ""; allowed: a part of images\' names, such as ghcr.io/acme/',
    ],
  ])("of %s", async (what, make, ...faults) => {
    await expect(run(false, make)).rejects.toThrow(
      expect.objectContaining({ message: [`${what}:`, ...faults].join("\n  ") }),
    );
  });
});
