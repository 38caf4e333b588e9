import { describe, expect, it } from "vitest";

import type { WorldSnapshot } from "../../../sandbox/oscar-manager/world.js";
import { exposed, from, managed, script, service, to } from "./playing.js";

const user = { token: "a.b.c", uid: "you@egi.eu", name: "You" };
const options = { backend: "knative", users: [user] } as const;

/** A cluster with something of everything. */
async function full() {
  const played = await managed(options);
  const { say, state } = played;
  const made = async (line: string, body: unknown, as?: string) =>
    expect((await say(line, body, as)).slice(0, 3)).toMatch(/^20[0-4]/);
  await made("POST /system/services", service("plain", { ...from("inbox/up"), ...to("outbox/down") }));
  await made("POST /system/services", {
    ...service("open", exposed({ api_port: [80, 81], nodePort: [0, 30600] })),
    environment: { variables: { A: "1" }, secrets: { KEY: "s3cret" } },
    volume: { name: "models", size: "1Gi", mount_path: "/models" },
  });
  const shared = {
    ...service("shared", from("ours/in")),
    visibility: "restricted",
    allowed_users: ["other"],
  };
  await made("POST /system/services", shared, `Bearer ${user.token}`);
  await made("POST /system/volumes", { name: "kept", size: "2Gi" });
  await made("PUT /system/quotas/user/you@egi.eu", { volumes: { volumes: "7" } });
  await made("PUT /system/config", { allowed_image_repositories: ["nginx"] });
  const { token = "" } = state.service("plain") ?? {};
  await made("POST /job/plain", {}, `Bearer ${token}`);
  state.plantBucket("theirs", { "a/": 0, "a/model.pt": 1024 }, { owner: "them" });
  state.minio.plant("untagged", { x: 1 }, undefined);
  state.answers.set("plain", { status: 200, body: "hello" });
  const deployment = state.deployment("open");
  if (deployment !== undefined) Object.assign(deployment, { stuck: true, logs: ["one", "two"] });
  return played;
}

/** As it comes out of a file. */
const throughFile = (snapshot: WorldSnapshot): WorldSnapshot => JSON.parse(JSON.stringify(snapshot));

describe("a snapshot", () => {
  it("has all that the cluster holds", async () => {
    const { state } = await full();
    const { state: other } = await managed(options);
    other.plantBucket("gone-afterwards");
    other.restore(throughFile(state.snapshot()));
    const held = (world: typeof state) =>
      Object.fromEntries(Object.entries(world).filter(([key]) => key !== "settings" && key !== "minio"));
    expect(held(other)).toEqual(held(state));
    const empty = Object.entries(held(state)).filter(([, part]) => (part.size ?? part.length) === 0);
    // The one part that only the plain back end has.
    expect(empty.map(([key]) => key)).toEqual(["podTemplates"]);
    expect(other.minio.buckets).toEqual(state.minio.buckets);
    expect(other.minio.webhooks).toEqual(state.minio.webhooks);
    expect(other.minio.policies).toEqual({ ...state.minio.policies, call: expect.any(Function) });
    expect(other.snapshot()).toEqual(state.snapshot());
  });

  it.each([
    "GET /system/services",
    "GET /system/services/open/deployment/logs",
    "GET /system/services/open",
    "GET /system/buckets",
    "GET /system/buckets/theirs",
    "GET /system/volumes",
    "GET /system/logs/plain",
    "GET /system/config",
  ])("answers alike to %s", async (line) => {
    const one = await full();
    const other = await managed(options);
    other.state.restore(throughFile(one.state.snapshot()));
    for (const as of [undefined, `Bearer ${user.token}`]) {
      const asking = as === undefined ? {} : { as };
      const [{ body, status }, same] = [await one.raw(line, asking), await other.raw(line, asking)];
      expect({ body: same.body, status: same.status }).toEqual({ body, status });
    }
  });

  it("goes on where it was", async () => {
    const one = await full();
    const other = await managed(options);
    other.state.restore(throughFile(one.state.snapshot()));
    expect(await other.say("DELETE /system/services/plain")).toBe("204");
    expect([...other.state.minio.buckets.keys()].sort()).toEqual(["ours", "theirs", "untagged"]);
    expect(await other.say("PUT /system/services", { ...service("open"), script: `${script}#` })).toMatch(
      /^400 T volume/,
    );
  });

  it("is a copy", async () => {
    const { state } = await full();
    const snapshot = state.snapshot();
    const before = throughFile(snapshot);
    state.edit("plain", (stored) => (stored.image = "other"));
    expect(snapshot).toEqual(before);
    state.restore(snapshot);
    state.edit("plain", (stored) => (stored.image = "other"));
    expect(snapshot).toEqual(before);
  });

  it("keeps a PodTemplate, a service that cannot be read, and a list of images that is null", async () => {
    const { state, say } = await managed();
    await say("POST /system/services", service("mine"));
    state.configMaps.set("oscar-svc/broken", { fdl: undefined, script });
    await say("PUT /system/config", {});
    expect(state.allowedImages).toBeUndefined();
    const { state: other } = await managed();
    other.restore(throughFile(state.snapshot()));
    expect(other.configMaps.get("oscar-svc/broken")).toEqual({ fdl: undefined, script });
    expect(other.allowedImages).toBeUndefined();
    expect([...other.podTemplates]).toEqual(["oscar-svc/mine"]);
  });
});

describe("an upgrade", () => {
  it("brings other settings, and leaves what is held", async () => {
    const { manager, say } = await managed({ backend: "knative" });
    await say("POST /system/services", service("mine"));
    manager.upgrade({ ...options, generation: "4.2", password: "other" });
    expect(await say("GET /system/services")).toBe("401");
    expect(await say("GET /system/services/mine/secrets?key=K", undefined, `Bearer ${user.token}`)).toMatch(
      /^40[34]/,
    );
    expect(manager.state.minio.policies.members("all_users_group")).toEqual([]);
    expect(manager.state.service("mine")?.image).toBe("nginx");
  });
});

describe("what is told of changes", () => {
  it("is told before the answer, and not for readings", async () => {
    let changes = 0;
    const { say, manager } = await managed({
      changed: async () => {
        changes += 1;
      },
    });
    await say("POST /system/services", service("mine"));
    expect(changes).toBe(1);
    await say("GET /system/services");
    expect(changes).toBe(1);
    manager.faults.plant({ kind: "cut", acting: true });
    await say("DELETE /system/services/mine").catch(() => undefined);
    expect(changes).toBe(2);
    manager.faults.plant({ kind: "answer", status: 500 });
    await say("DELETE /system/services/mine");
    expect(changes).toBe(2);
  });
});
