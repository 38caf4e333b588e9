import { afterEach, describe, expect, it } from "vitest";
import { changeOf } from "../../../../../components/oscar/service/changes";
import { ManagerClient } from "../../../../../components/oscar/service/client/manager-client";
import { drift, observed } from "../../../../../components/oscar/service/drift";
import { putBody } from "../../../../../components/oscar/service/put-body";
import type { ServiceSpec } from "../../../../../components/oscar/service/service-args";
import { serviceDocument } from "../../../../../components/oscar/service/service-document";
import { toWire } from "../../../../../components/oscar/service/to-wire";
import { sniffFeatures, type Features } from "../../../../../components/oscar/service/version";
import type { WireService } from "../../../../../components/oscar/service/wire";
import { FakeManager, type FakeManagerOptions } from "../../../../../sandbox/oscar-manager/fake-manager";
import type { Service } from "../../../../../sandbox/oscar-manager/service";

const running: FakeManager[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((manager) => manager.stop()));
});

interface At {
  readonly manager: FakeManager;
  readonly client: ManagerClient;
  readonly features: Features;
}

async function at(options: FakeManagerOptions): Promise<At> {
  const manager = new FakeManager({ minioRestartMs: 0, ...options });
  running.push(manager);
  const { url } = await manager.start();
  const [user] = options.users ?? [];
  const client = new ManagerClient({
    endpoint: url,
    credentials:
      user === undefined
        ? { kind: "basic", username: "oscar", password: "password" }
        : { kind: "bearer", token: () => user.token },
  });
  return { manager, client, features: await sniffFeatures(client) };
}

/** What the Manager at hand would be sent. */
function spelled(service: WireService, features: Features): WireService {
  const { service: sent, faults } = toWire(service, features);
  expect(faults).toEqual([]);
  return sent;
}

/** What the Manager answers for a service, in its list and by its name, once it is made. */
async function made({ client, features }: At, service: WireService): Promise<WireService> {
  expect(await client.services.create(spelled(service, features))).toEqual({ kind: "done" });
  return answered(client, service.name);
}

async function answered(client: ManagerClient, name: string): Promise<WireService> {
  const live = await client.services.get(name);
  if (live === undefined) throw new Error(`${name} is not there`);
  expect((await client.services.list()).find((each) => each.name === name)).toEqual(live);
  return live;
}

const spec = (more: Partial<ServiceSpec> = {}): ServiceSpec => ({
  name: "lab",
  image: "nginx:1.29.1",
  script: "#!/bin/sh\r\necho hi\n",
  ...more,
});

const everywhere: Record<string, ServiceSpec> = {
  "the smallest": spec(),
  "with all that is simple": spec({
    clusterId: "here",
    cpu: "500m",
    memory: "2Gi",
    totalCpu: "4",
    totalMemory: "8Gi",
    enableGpu: true,
    alpine: true,
    fileStageIn: true,
    logLevel: "DEBUG",
    imagePullSecrets: ["login"],
    synchronous: { minScale: 1 },
    annotations: { "example.org/note": "" },
    labels: { team: "vision", owner_name: "mine" },
    vo: "vo.other",
    visibility: "restricted",
    allowedUsers: ["u2", "u1"],
    isolationLevel: "SERVICE",
  }),
  "with an environment": spec({
    environment: { variables: { B: "2", A: "1", EMPTY: "" }, secrets: { TOKEN: "t0ken", KEY: "k" } },
  }),
  "with empty maps and lists": spec({
    environment: { variables: {}, secrets: {} },
    annotations: {},
    labels: {},
    input: [],
    output: [],
    allowedUsers: [],
    imagePullSecrets: [],
    synchronous: {},
    storageProviders: {},
    clusters: {},
  }),
  "with buckets": spec({
    input: [{ storageProvider: "minio", path: "/in/" }],
    output: [
      { storageProvider: "MinIO.default", path: "lab/out", suffix: ["json"] },
      { storageProvider: "webdav.dav", path: "results" },
    ],
    mount: { storageProvider: "minio", path: "/lab/models/" },
    storageProviders: { webdav: { dav: { hostname: "dav.example.org", login: "me", password: "pass" } } },
  }),
  exposed: spec({ expose: { apiPort: 80 } }),
  "exposed with its own port and no script": spec({
    expose: { apiPort: 80, nodePort: 31111, defaultCommand: true, healthPath: "/", setAuth: false },
  }),
  "of other clusters": spec({
    clusters: { there: { endpoint: "https://there.example.org", authUser: "u", authPassword: "p" } },
  }),
};

const newer: Record<string, ServiceSpec> = {
  "with a volume": spec({ volume: { size: "1Gi", mountPath: "/data" } }),
  "with a volume and all said": spec({
    volume: { size: "1Gi", mountPath: "/data", name: "kept", lifecyclePolicy: "retain" },
  }),
  "exposed, with what is usual said": spec({ expose: { apiPort: 80, probeMode: "legacy" } }),
};

const newest: Record<string, ServiceSpec> = {
  "with chosen ports": spec({ expose: { apiPort: [80, 81], nodePort: [0, 0], authType: "basic" } }),
  "with one chosen port and a fixed one": spec({ expose: { apiPort: [80, 81], nodePort: [31111, 0] } }),
  "with scratch space": spec({ ephemeralStorageRequest: "1Gi" }),
  "with a model": spec({
    kserve: {
      type: "inference",
      storageUri: "hf://org/model",
      inference: { modelFormat: "onnx" },
      setAuth: false,
      env: { EMPTY: "" },
    },
  }),
  "with a model that asks for a token": spec({
    kserve: { type: "inference", storageUri: "hf://org/model", inference: { modelFormat: "onnx" } },
  }),
  "with a federation of none": spec({ federation: {} }),
  federated: spec({
    environment: { secrets: { refresh_token: "r" } },
    federation: {
      topology: "star",
      delegation: "static",
      members: [{ type: "endpoint", url: "https://other.example.org", headers: { "X-Empty": "" } }],
    },
  }),
};

describe("what the Manager stores is no drift", () => {
  const managers: readonly (readonly [FakeManagerOptions, Record<string, ServiceSpec>])[] = [
    [{ generation: "3.7" }, everywhere],
    [{ generation: "3.7", backend: "knative" }, everywhere],
    [
      { generation: "4.0", backend: "knative" },
      { ...everywhere, ...newer },
    ],
    [{ generation: "4.1" }, { ...everywhere, ...newer, ...newest }],
    [
      { generation: "4.1", backend: "knative" },
      { ...everywhere, ...newer, ...newest },
    ],
    [
      { generation: "4.2", backend: "knative" },
      { ...everywhere, ...newer, ...newest },
    ],
    [{ users: [{ token: "t".repeat(20), uid: "u0123456789", name: "U" }] }, { "the smallest": spec() }],
  ];
  const cases = managers.flatMap(([options, specs]) =>
    Object.entries(specs).map(([name, each]) => ({
      name,
      each,
      options,
      on: [options.generation ?? "4.1", options.backend ?? "plain", options.users ? "OIDC" : "basic"].join(),
    })),
  );

  it.each(cases)("$on: a service $name, made and updated", async ({ each, options }) => {
    const there = await at(options);
    const document = serviceDocument(each);
    const live = await made(there, document);
    expect(drift(document, live)).toEqual([]);

    // Another image, so that it is no update of nothing.
    const other = { ...document, image: "nginx:1.29.2" };
    expect(drift(other, live)).toEqual([{ path: "image", kind: "changed" }]);
    await there.client.services.update(spelled(putBody(other, live), there.features), () => true);
    const updated = await answered(there.client, document.name);
    const losesScript =
      (options.backend ?? "") === "" && each.expose !== undefined && each.expose.defaultCommand !== true;
    expect(drift(other, updated)).toEqual(losesScript ? [{ path: "script", kind: "removed" }] : []);
    expect(updated.owner).toBe(live.owner);
    expect(updated.labels).toEqual(live.labels);
  });
});

describe("what was changed behind our back", () => {
  const desired = serviceDocument(
    spec({
      labels: { team: "vision" },
      environment: { variables: { A: "1" }, secrets: { TOKEN: "t0ken" } },
      input: [{ storageProvider: "minio", path: "in" }],
      expose: { apiPort: [80, 81], nodePort: [31111, 0] },
      kserve: { type: "inference", storageUri: "hf://org/model", inference: { modelFormat: "onnx" } },
    }),
  );

  it.each<[string, (stored: Service) => void, object[]]>([
    ["memory", (s) => (s.memory = "1Gi"), [{ path: "memory", kind: "changed" }]],
    ["a flag", (s) => (s.enable_gpu = true), [{ path: "enableGpu", kind: "added" }]],
    [
      "variables",
      (s) => (s.environment.variables = { A: "2", "b.c": "" }),
      [
        { path: "environment.variables.A", kind: "changed" },
        { path: 'environment.variables["b.c"]', kind: "added" },
      ],
    ],
    [
      "the secrets' names",
      (s) => (s.environment.secrets = { OTHER: "" }),
      [
        { path: "environment.secrets.OTHER", kind: "added" },
        { path: "environment.secrets.TOKEN", kind: "removed" },
      ],
    ],
    ["all secrets", (s) => (s.environment.secrets = {}), [{ path: "environment.secrets", kind: "removed" }]],
    ["labels", (s) => delete s.labels["team"], [{ path: "labels", kind: "removed" }]],
    ["labels of the Manager", (s) => delete s.labels["owner_name"], []],
    ["the bucket", (s) => (s.input = []), [{ path: "input", kind: "removed" }]],
    [
      "a fixed node port",
      (s) => (s.expose.nodePort = [31112, 0]),
      [{ path: "expose.nodePort", kind: "changed" }],
    ],
    ["a chosen node port", (s) => (s.expose.nodePort = [31111, 30001]), []],
    ["all node ports", (s) => (s.expose.nodePort = []), [{ path: "expose.nodePort", kind: "removed" }]],
    ["the ports", (s) => (s.expose.api_port = [0]), [{ path: "expose", kind: "removed" }]],
    ["who asks for a token", (s) => delete s.kserve?.set_auth, [{ path: "kserve.setAuth", kind: "removed" }]],
    ["the model", (s) => delete s.kserve, [{ path: "kserve", kind: "removed" }]],
    ["who sees it", (s) => (s.visibility = "public"), [{ path: "visibility", kind: "changed" }]],
    ["how much is logged", (s) => (s.log_level = "debug"), [{ path: "logLevel", kind: "changed" }]],
    [
      "storage elsewhere",
      (s) => (s.storage_providers = { webdav: { dav: { hostname: "h", login: "l", password: "p" } } }),
      [{ path: "storageProviders.webdav", kind: "added" }],
    ],
  ])("%s", async (_, edit, expected) => {
    const there = await at({ generation: "4.1", backend: "knative" });
    await made(there, desired);
    there.manager.state.edit("lab", edit);
    const live = await answered(there.client, "lab");
    expect(drift(desired, live)).toEqual(expected);

    const target = { features: there.features, isKnative: true, login: "basic" } as const;
    const change = changeOf(desired, observed(desired, live), target);
    expect(change.kind === "nothing" ? [] : change.differences).toEqual(expected);
  });

  it("the script, which is kept apart", async () => {
    const there = await at({ backend: "knative" });
    const live = await made(there, desired);
    expect(drift(desired, { ...live, script: "exit 1" })).toEqual([{ path: "script", kind: "changed" }]);
  });

  it("is told as a service that leads to the desired one, with the secrets that are known", () => {
    const { kserve, expose, ...rest } = desired;
    const live = { ...rest, environment: { secrets: { TOKEN: "", OTHER: "" } }, token: "t", owner: "o" };
    expect(observed(desired, live)).toEqual({
      ...rest,
      environment: { variables: {}, secrets: { TOKEN: "t0ken", OTHER: "" } },
    });
  });

  it("not the owner among the users who have buckets of their own", () => {
    const own = { ...desired, isolation_level: "USER", allowed_users: ["u1"] };
    expect(drift(own, { ...own, owner: "me", allowed_users: ["u1", "me"] })).toEqual([]);
    expect(drift(own, { ...own, owner: "me", allowed_users: ["u1", "you"] })).toEqual([
      { path: "allowedUsers", kind: "changed" },
    ]);
  });

  it("not labels and organisation that the Manager gives to users", () => {
    const live = { ...desired, vo: "vo.test", labels: { ...desired.labels, vo: "vo.test", uid: "u1" } };
    expect(drift(desired, live)).toEqual([]);
    expect(drift({ ...desired, vo: "vo.mine" }, live)).toEqual([{ path: "vo", kind: "changed" }]);
  });
});
