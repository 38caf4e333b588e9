import { EventEmitter, once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { ManagerClient } from "../../../components/oscar/service/client/manager-client";
import {
  fileManagers,
  findInManagers,
  managersFile,
  memoryManagers,
  memoryStores,
  startClouds,
  type ResourceStore,
} from "../../../sandbox/clouds";
import { OscarManagers } from "../../../sandbox/clouds/oscar/managers";
import { generationOf, type PlayedOptions } from "../../../sandbox/clouds/oscar/played-manager";
import { ask, basicAuth } from "../../support/oscar-manager/ask";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const endpoint = "https://oscar.example.com";
const basic = (password: string) => ({ kind: "basic", username: "oscar", password }) as const;

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "inference-infra-managers-"));
  closing.push(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** One run of a sandbox. */
async function run(options: Partial<PlayedOptions> = {}): Promise<OscarManagers> {
  const managers = await OscarManagers.start({ store: memoryManagers(), ...options });
  closing.push(() => managers.close());
  return managers;
}

const minimal = (name: string) => ({
  name,
  image: "nginx:1.29",
  cpu: "1",
  memory: "1Gi",
  script: "#!/bin/sh\n",
});
const names = async (client: ManagerClient) => (await client.services.list()).map(({ name }) => name).sort();
const create = async (client: ManagerClient, name: string) =>
  expect((await client.services.create(minimal(name))).kind).toBe("done");

describe("the Managers that are played", () => {
  it("are one for each address, made when someone asks", async () => {
    const managers = await run();
    const client = managers.connect({ endpoint, credentials: basic("one") });
    await expect(managers.at()).rejects.toThrow("OSCAR's Managers: there is not one, but none");
    await create(client, "first");
    const other = managers.connect({ endpoint: "http://localhost:8080/oscar/", credentials: basic("two") });
    expect(await names(other)).toEqual([]);
    expect(await names(managers.connect({ endpoint: `${endpoint}/`, credentials: basic("one") }))).toEqual([
      "first",
    ]);
    await expect(managers.at()).rejects.toThrow("oscar.example.com, localhost:8080/oscar");
    expect((await managers.at(endpoint)).changes).toEqual(["POST /system/services"]);
  });

  it("tell of the address that they stand for, and fail under the one that they have", async () => {
    const managers = await run();
    const client = managers.connect({
      endpoint: `${endpoint}/oscar/`,
      credentials: basic("one"),
      retryDelaysMs: [],
    });
    expect(client.base).toBe("https://oscar.example.com/oscar");
    (await managers.at(endpoint + "/oscar")).faults.plant({ kind: "cut" });
    await expect(client.info()).rejects.toThrow(
      /^GET \/system\/info at http:\/\/127\.0\.0\.1:\d+\/simulated\/oscar\.example\.com%2Foscar: the connection broke/,
    );
  });

  it("take the password that they are given, and no other", async () => {
    const managers = await run();
    const client = managers.connect({ endpoint, credentials: basic("one") });
    await create(client, "mine");
    const manager = await managers.at();
    const { url } = await manager.start();
    closing.push(() => manager.stop());
    const status = async (as: string) => (await ask(url, "GET /system/services", { as })).status;
    expect(await status(basicAuth("oscar", "one"))).toBe(200);
    expect(await status(basicAuth("oscar", "two"))).toBe(401);
    expect(await status(basicAuth("oscar", "password"))).toBe(401);
  });

  it("take any token for the same user's, also one that is renewed", async () => {
    const managers = await run();
    let token = "a.b.c";
    const client = managers.connect({ endpoint, credentials: { kind: "bearer", token: () => `${token}\n` } });
    await create(client, "mine");
    token = "d.e.f";
    expect((await client.services.get("mine"))?.owner).toBe("sandbox-user");
    expect((await client.config()).config.oidc_groups).toEqual(["vo.test"]);
  });

  it("answer for services, and know every user", async () => {
    const managers = await run();
    const client = managers.connect({ endpoint, credentials: basic("one") });
    await create(client, "mine");
    const { token = "" } = (await client.services.get("mine")) ?? {};
    expect((await client.run("mine", { body: "{}", token })).text).toMatch(/^simulated: /);
    expect(
      (await client.quotas.set("someone@egi.eu", { volumes: { volumes: "7" } })).volumes?.volumes.max,
    ).toBe("7");
  });

  it.each([
    [undefined, "4.1"],
    ["3.6.5", "3.7"],
    ["4.0", "4.0"],
    ["v4.1.2", "4.1"],
    ["4.2.0-rc1", "4.2"],
    ["5.0", "4.2"],
  ])("have for the version %s the wire format of %s", (apiVersion, generation) =>
    expect(generationOf(apiVersion)).toBe(generation),
  );

  it("have the wire format of the version that they are asked for", async () => {
    const managers = await run();
    const { version } = await managers.connect({ endpoint, credentials: basic("one") }, "4.2").info();
    expect(version).toBe("4.2.0");
  });
});

describe("what Managers hold", () => {
  it("lasts from one run to the next, in a file of its owner's alone", async () => {
    const dir = await folder();
    const store = () => fileManagers(managersFile(dir));
    const first = await run({ store: store() });
    const before = first.connect({ endpoint, credentials: basic("one") });
    await create(before, "mine");
    await before.buckets.create({ bucket_name: "data", visibility: "private", allowed_users: [] });
    const second = await run({ store: store() });
    const client = second.connect({ endpoint, credentials: basic("one") });
    expect(await client.services.get("mine")).toEqual(await before.services.get("mine"));
    expect((await client.buckets.list()).map(({ bucket_name }) => bucket_name)).toEqual(["data"]);
    expect((await stat(managersFile(dir))).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(await store().read())).not.toContain('"one"');
  });

  it("is what another run has left, also for one that goes on", async () => {
    const store = memoryManagers();
    const [first, second] = [await run({ store }), await run({ store })];
    const visit = (managers: OscarManagers) => managers.connect({ endpoint, credentials: basic("one") });
    await create(visit(first), "mine");
    await visit(second).services.delete("mine");
    expect(await names(visit(first))).toEqual([]);
  });

  it("is not taken for another run's while it is written", async () => {
    const inner = memoryManagers();
    const written = new EventEmitter();
    const slow: ResourceStore = {
      read: () => inner.read(),
      change: async (edit) => {
        const result = await inner.change(edit);
        written.emit("once");
        await sleep(100);
        return result;
      },
    };
    const managers = await run({ store: slow });
    const client = managers.connect({ endpoint, credentials: basic("one") });
    await create(client, "first");
    const second = create(client, "second");
    await once(written, "once");
    (await managers.at()).state.plantBucket("meanwhile");
    const other = managers.connect({ endpoint, credentials: basic("one") });
    expect((await other.buckets.list()).map(({ bucket_name }) => bucket_name)).toEqual(["meanwhile"]);
    await second;
    expect(await names(other)).toEqual(["first", "second"]);
  });

  it("keeps what a test has planted", async () => {
    const managers = await run();
    await create(managers.connect({ endpoint, credentials: basic("one") }), "mine");
    (await managers.at()).state.plantBucket("theirs");
    const client = managers.connect({ endpoint, credentials: basic("one") });
    expect((await client.buckets.list()).map(({ bucket_name }) => bucket_name)).toEqual(["theirs"]);
  });

  it.each([
    { then: basic("one"), installed: "a", left: ["mine"], of: "the same OSCAR" },
    { then: basic("two"), installed: "a", left: ["mine"], of: "one whose password was changed" },
    { then: basic("two"), installed: undefined, left: ["mine"], of: "one that is elsewhere" },
    {
      then: basic("one"),
      installed: "b",
      left: ["mine"],
      of: "one that is elsewhere, beside another in here",
    },
    { then: basic("two"), installed: "b", left: [], of: "one that was installed anew" },
  ])("is, of $of, $left", async ({ then, installed, left }) => {
    const store = memoryManagers();
    const first = await run({ store, installation: async () => "a" });
    await create(first.connect({ endpoint, credentials: basic("one") }), "mine");
    const second = await run({ store, installation: async () => installed });
    expect(await names(second.connect({ endpoint, credentials: then }))).toEqual(left);
  });

  it("is found for what an interrupted run had asked for", async () => {
    const store = memoryManagers();
    const client = (await run({ store })).connect({ endpoint, credentials: basic("one") });
    await create(client, "mine");
    await client.buckets.create({ bucket_name: "data", visibility: "private", allowed_users: [] });
    await client.volumes.create({ name: "models", size: "1Gi" });
    const find = (type: string, name: string, at = endpoint) =>
      findInManagers(store, { urn: "urn", type, inputs: { name }, provider: { endpoint: at } });
    expect(await find("oscar:index:Service", "mine")).toBe("mine");
    expect(await find("oscar:index:Bucket", "data")).toBe("data");
    expect(await find("oscar:index:Volume", "models")).toBe("models");
    expect(await find("oscar:index:Service", "ours")).toBeUndefined();
    expect(await find("oscar:index:Service", "data")).toBeUndefined();
    expect(await find("oscar:index:Service", "mine", "https://other.example.com")).toBeUndefined();
    expect(await find("kubernetes:core/v1:Service", "mine")).toBeUndefined();
  });
});

it.each(["simulated", "genuine"] as const)("OSCAR is served beside %s Kubernetes", async (kind) => {
  const clouds = await startClouds({
    kubernetes: kind === "genuine" ? { kind } : { kind, store: memoryStores() },
  });
  closing.push(() => clouds.close());
  expect(clouds.env["PULUMI_DEBUG_PROVIDERS"]).toMatch(/\boscar:\d+/);
});
