import { describe, expect, it } from "vitest";
import { Secret, unknown, type Properties } from "../../../../../provider";
import { exposed, failure, here, plain } from "./provider-here";

const knative = { backend: "knative", knativeReadyMs: 0 } as const;
const input = [{ storageProvider: "minio", path: "nginx/in" }];

/** What a diff says of a service that was made, and what it asks for that. */
async function diffed(before: Properties, after: Properties, options: Parameters<typeof here>[0] = knative) {
  const { visit, calls } = await here(options);
  const made = await visit().up("nginx", before);
  const { check, diff, told } = visit();
  const { inputs } = await check("nginx", after, made);
  calls();
  const { changes, detailed, deleteBeforeReplace } = await diff("nginx", made, inputs);
  return { changes, detailed, first: deleteBeforeReplace, told, calls: calls() };
}

describe("a service that means the same", () => {
  it.each<[string, Properties, Properties]>([
    ["nothing at all", plain, plain],
    [
      "defaults that are written out",
      plain,
      { ...plain, cpu: "0.2", memory: "256Mi", visibility: "private" },
    ],
    [
      "another spelling",
      { ...plain, input },
      { ...plain, input: [{ storageProvider: "minio.default", path: "/in" }] },
    ],
    ["line ends", plain, { ...plain, script: plain.script.replaceAll("\n", "\r\n") }],
    ["defaults of the provider", plain, { ...plain, allowBucketDeletion: false }],
    [
      "marks of secrecy",
      { ...plain, environment: { secrets: { A: "b" } } },
      { ...plain, environment: new Secret({ secrets: { A: "b" } }) },
    ],
  ])("is no change, and no request: %s", async (_, before, after) => {
    expect(await diffed(before, after)).toEqual({
      changes: false,
      detailed: {},
      first: false,
      told: [],
      calls: [],
    });
  });
});

describe("an update", () => {
  it("tells each path, and what comes with it", async () => {
    const before = { ...exposed, environment: { secrets: { A: "canary-old" } } };
    const after = {
      ...before,
      script: "#!/bin/sh\necho other\n",
      labels: { "a.b/c": "d" },
      environment: { secrets: { A: "canary-new" } },
      allowBucketDeletion: true,
    };
    expect(await diffed(before, after)).toEqual({
      changes: true,
      detailed: {
        allowBucketDeletion: { kind: "add" },
        "environment.secrets.A": { kind: "update" },
        labels: { kind: "add" },
        script: { kind: "update" },
      },
      first: false,
      told: [
        "info: its pods are restarted: pods that run go on with the old script and secrets until they are restarted",
      ],
      calls: ["GET /system/info"],
    });
  });

  it("of what the provider alone heeds asks nothing", async () => {
    const after = { ...plain, smokeTest: { body: "{}" }, readyWithinSeconds: 0, allowBucketDeletion: true };
    const { detailed, calls } = await diffed(plain, after);
    expect(Object.keys(detailed ?? {}).sort()).toEqual([
      "allowBucketDeletion",
      "readyWithinSeconds",
      "smokeTest",
    ]);
    expect(calls).toEqual([]);
  });
});

describe("a replacement", () => {
  it("deletes first, gives its reason, and tells what becomes of the buckets", async () => {
    expect(
      await diffed(
        { ...plain, input },
        { ...exposed, input: [{ storageProvider: "minio", path: "other/in" }] },
      ),
    ).toEqual({
      changes: true,
      detailed: { expose: { kind: "add", replaces: true }, input: { kind: "update" } },
      first: true,
      told: [
        "info: has to be replaced because of expose: OSCAR cannot expose a service that is there",
        'info: its replacement deletes bucket "nginx", which is empty',
        'info: its replacement makes bucket "other"',
      ],
      calls: [
        "GET /system/info",
        "GET /system/services/nginx",
        "GET /system/buckets/nginx",
        "GET /system/buckets/other",
        "GET /system/buckets/other",
      ],
    });
  });

  it("that would lose data fails the preview, and is planned when that was allowed before", async () => {
    const { visit, state } = await here(knative);
    const made = await visit().up("nginx", { ...plain, input });
    state.minio.buckets.get("nginx")?.objects.set("in/a", { size: 1, modified: new Date() });
    const after = { ...exposed, input, allowBucketDeletion: true };
    expect(await failure(visit().preview("nginx", after, made))).toBe(
      'service "nginx": its bucket "nginx" holds 1 object, and OSCAR would delete it; allowed: an empty bucket, or allowBucketDeletion: true, which has to be deployed first',
    );
    const allowed = await visit().up("nginx", { ...plain, input, allowBucketDeletion: true }, made);
    expect([allowed.step, state.service("nginx")?.name]).toEqual(["update", "nginx"]);
    expect((await visit().preview("nginx", after, allowed)).step).toBe("replace");
  });

  it("is told once for all paths that have the same reason", async () => {
    const { told, detailed } = await diffed(exposed, { ...exposed, cpu: "1", memory: "1Gi" }, {});
    expect(told).toEqual([
      "info: has to be replaced because of cpu, memory: on a cluster without Knative, OSCAR empties the script of an exposed service at every update",
    ]);
    expect(Object.values(detailed ?? {}).every(({ replaces }) => replaces === true)).toBe(true);
  });
});

describe("what is not known yet", () => {
  it.each<[string, Properties, Properties, Properties, boolean]>([
    ["a value", plain, { ...plain, image: unknown }, { image: { kind: "update" } }, false],
    [
      "a part",
      { ...plain, synchronous: { minScale: 1 } },
      { ...plain, synchronous: unknown },
      { synchronous: { kind: "update" } },
      false,
    ],
    [
      "a part that was not there",
      { ...plain, environment: { variables: { B: "c" } } },
      { ...plain, environment: { variables: { A: unknown, B: "c" } } },
      { "environment.variables.A": { kind: "add" } },
      false,
    ],
    [
      "a port, which replaces",
      plain,
      { ...plain, expose: { apiPort: unknown } },
      { expose: { kind: "add", replaces: true } },
      true,
    ],
  ])("counts as changed: %s", async (_, before, after, detailed, first) => {
    const found = await diffed(before, after);
    expect([found.detailed, found.first]).toEqual([detailed, first]);
    expect(found.told.join()).not.toContain("not-known-yet");
  });
});

describe("without the Manager", () => {
  it("a diff assumes the newest version, and says why once", async () => {
    const { visit, manager, url } = await here(knative);
    const made = await visit().up("nginx", plain);
    await manager.stop();
    const { diff, told, check } = visit();
    const { inputs } = await check("nginx", { ...plain, memory: "1Gi" }, made);
    const both = [await diff("nginx", made, inputs), await diff("nginx", made, inputs)];
    expect(both.map(({ detailed }) => detailed)).toEqual([
      { memory: { kind: "add" } },
      { memory: { kind: "add" } },
    ]);
    expect(told).toEqual([
      `warning: what OSCAR would do cannot be foreseen: OSCAR does not answer: GET /system/info at ${url}: nothing listens there; is the Manager running, and is this its address? (ECONNREFUSED); OSCAR 4.2.0 on Knative is assumed, and buckets are not looked at`,
    ]);
  });

  it("a preview of all that can be done goes through", async () => {
    const { visit, manager } = await here(knative);
    const made = await visit().up("nginx", plain);
    await manager.stop();
    const { preview } = visit();
    const steps = [
      await preview("nginx", { ...plain, memory: "1Gi" }, made),
      await preview("nginx", exposed, made),
      await preview("other", plain),
    ].map(({ step }) => step);
    expect(steps).toEqual(["update", "replace", "create"]);
  });

  it("wrong credentials fail the preview", async () => {
    const { visit, url } = await here(knative);
    const made = await visit().up("nginx", plain);
    expect(
      await failure(visit({ password: "canary" }).preview("nginx", { ...plain, memory: "1Gi" }, made)),
    ).toBe(
      `OSCAR at ${url} does not accept the provider's credentials (GET /system/info: 401); give the provider the username and the password that OSCAR was installed with`,
    );
  });
});
