import { describe, expect, it } from "vitest";
import { unknown, type Properties } from "../../../../../provider";
import { exposed, failure, here, partial, plain, when, type Kept } from "./provider-here";

const knative = { backend: "knative", knativeReadyMs: 0 } as const;
const place = (path: string) => ({ storageProvider: "minio", path });
const put = "PUT /system/services";

/** A service that is made, and nothing asked since. */
async function made(inputs: Properties, options: Parameters<typeof here>[0] = knative) {
  const all = await here(options);
  const old: Kept = await all.visit().up("nginx", inputs);
  all.calls();
  return { ...all, old };
}

describe("an update", () => {
  it("sends what is wanted, keeps what is the Manager's, and waits", async () => {
    const { visit, old, calls, state, manager } = await made({ ...exposed, labels: { team: "a" } });
    const token = state.service("nginx")?.token;
    const { up, told } = visit();
    const next = await up("nginx", { ...exposed, labels: { team: "b" }, memory: "1Gi" }, old);
    expect(next.state["token"]).toEqual(old.state["token"]);
    expect(told).toEqual([]);
    const body: unknown = JSON.parse(manager.calls.find(({ method }) => method === "PUT")?.body ?? "");
    expect(body).toMatchObject({
      owner: "cluster_admin",
      labels: { team: "b", owner_name: "oscar" },
      memory: "1Gi",
    });
    expect(state.service("nginx")).toMatchObject({ token, owner: "cluster_admin", memory: "1Gi" });
    expect(calls()).toEqual([
      "GET /system/info",
      "GET /system/services/nginx",
      "GET /system/services/nginx/deployment",
      "GET /system/services/nginx",
      put,
      "GET /system/services/nginx",
      "GET /system/services/nginx/deployment",
    ]);
  });

  it("sends nothing when what is stored is as wanted already", async () => {
    const { visit, old, manager, state } = await made(exposed);
    Object.assign(state.configMaps.get("oscar-svc/nginx")?.fdl ?? {}, { memory: "1Gi" });
    const next = await visit().up("nginx", { ...exposed, memory: "1Gi" }, old);
    expect([next.step, next.state["memory"], manager.changes]).toEqual(["update", "1Gi", []]);
  });

  it("of what the provider alone heeds sends nothing", async () => {
    const { visit, old, manager } = await made(plain);
    const next = await visit().up("nginx", { ...plain, allowBucketDeletion: true }, old);
    expect([next.step, next.state["allowBucketDeletion"], manager.changes]).toEqual(["update", true, []]);
  });

  it("puts right what was changed outside, together with what is new", async () => {
    const { visit, old, state } = await made(exposed);
    Object.assign(state.configMaps.get("oscar-svc/nginx")?.fdl ?? {}, { image: "evil:1" });
    await visit().up("nginx", { ...exposed, memory: "1Gi" }, old);
    expect(state.service("nginx")).toMatchObject({ image: "nginx:1.27", memory: "1Gi" });
  });

  it("restarts the pods for a new script, and says so before", async () => {
    const { visit, old, manager } = await made(exposed);
    await visit().up("nginx", { ...exposed, script: "#!/bin/sh\necho new\n" }, old);
    expect(manager.changes).toEqual([put, "POST /system/services/nginx/restart"]);
  });

  it("restarts them in the next run when the restart failed", async () => {
    const { visit, old, manager } = await made(exposed);
    const inputs = { ...exposed, script: "#!/bin/sh\necho new\n" };
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", path: /restart/ });
    expect(await failure(visit().up("nginx", inputs, old))).toBe(
      'service "nginx" is changed, but its pods are not restarted: POST /system/services/nginx/restart: 500: oops; run again',
    );
    manager.calls.length = 0;
    await visit().up("nginx", inputs, old);
    expect(manager.changes).toEqual(["POST /system/services/nginx/restart"]);
  });

  it("makes the smoke test again, and not for what does not concern it", async () => {
    const { visit, old, state, calls } = await made(plain);
    state.answers.set("nginx", { status: 200, body: "one" });
    const first = await visit().up("nginx", { ...plain, smokeTest: { body: "{}" } }, old);
    expect([first.state["smokeTestAnswer"], calls().includes("POST /run/nginx")]).toEqual(["one", true]);
    state.answers.set("nginx", { status: 200, body: "two" });
    const inputs = { ...plain, smokeTest: { body: "{}" }, allowBucketDeletion: true };
    const second = await visit().up("nginx", inputs, first);
    expect([second.state["smokeTestAnswer"], calls().includes("POST /run/nginx")]).toEqual(["one", false]);
    const third = await visit().up("nginx", { ...inputs, memory: "1Gi" }, second);
    expect(third.state["smokeTestAnswer"]).toBe("two");
  });

  it("keeps a node port that was chosen", async () => {
    const { visit, old } = await made({ ...plain, expose: { apiPort: 80, nodePort: 0 } });
    const next = await visit().up(
      "nginx",
      { ...plain, memory: "1Gi", expose: { apiPort: 80, nodePort: 0 } },
      old,
    );
    expect(next.state["nodePorts"]).toEqual(old.state["nodePorts"]);
    expect(old.state["nodePorts"]).toEqual([expect.any(Number)]);
  });

  it("that is not ready in time is a partial failure, and the change is in the state", async () => {
    const { visit, old, state } = await made(exposed);
    const deployment = state.deployment("nginx");
    Object.assign(deployment ?? {}, { stuck: true });
    const kept = await partial(
      visit().up("nginx", { ...exposed, memory: "1Gi", readyWithinSeconds: 1 }, old),
    );
    expect(kept.reasons[0]).toMatch(
      /^service "nginx" is not ready after 1 s: ready, 1 of 2 pods not ready: ReplicaSetUpdated/,
    );
    expect([kept.inputs["memory"], kept.state["memory"]]).toEqual(["1Gi", "1Gi"]);
  });
});

describe("an update is refused", () => {
  it("of a service that is gone", async () => {
    const { visit, old, state } = await made(plain);
    state.configMaps.clear();
    expect(await failure(visit().up("nginx", { ...plain, memory: "1Gi" }, old))).toBe(
      'service "nginx" is not there any more, or not for these credentials; run pulumi refresh, which finds that out, and then pulumi up, which makes it again',
    );
  });

  it("of one that is stopped, before OSCAR does the half of it", async () => {
    const { visit, old, manager } = await made(exposed);
    await fetch(
      `${old.state["url"] === undefined ? "" : String(old.state["url"]).replace("/exposed/", "/stop")}`,
      {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from("oscar:password").toString("base64")}` },
      },
    );
    manager.calls.length = 0;
    expect(await failure(visit().up("nginx", { ...exposed, memory: "1Gi" }, old))).toBe(
      'service "nginx" is stopped, and OSCAR fails halfway when it changes one that is; start it first: POST /system/services/nginx/start',
    );
    expect(manager.changes).toEqual([]);
  });

  it("of one that was changed outside so that it has to be replaced", async () => {
    const { visit, old, manager, state } = await made(plain);
    Object.assign(state.configMaps.get("oscar-svc/nginx")?.fdl ?? {}, { interlink_node_name: "far" });
    expect(await failure(visit().up("nginx", { ...plain, memory: "1Gi" }, old))).toBe(
      'service "nginx" was changed outside of Pulumi, so that it has to be replaced (interlinkNodeName: OSCAR cannot move a service that is there to a virtual node, or away from one); allowed: pulumi up --refresh, which plans that',
    );
    expect(manager.changes).toEqual([]);
  });

  it("that would take over a bucket, at preview and after", async () => {
    const { visit, old, manager, state } = await made(plain);
    state.plantBucket("precious", { a: 1 });
    const inputs = { ...plain, output: [place("precious/out")] };
    const fault = /^service "nginx": there is a bucket "precious" already, which holds 1 object;/;
    expect(await failure(visit().preview("nginx", inputs, old))).toMatch(fault);
    expect(await failure(visit().up("nginx", inputs, old))).toMatch(fault);
    expect([manager.changes, state.service("nginx")?.output]).toEqual([[], []]);
  });

  it("when the user has stopped", async () => {
    const { visit, old, manager } = await made(plain);
    const stop = new AbortController();
    stop.abort();
    expect(await failure(visit({}, stop.signal).up("nginx", { ...plain, memory: "1Gi" }, old))).toBe(
      "interrupted before anything was sent to OSCAR",
    );
    expect(manager.changes).toEqual([]);
  });
});

describe("a PUT that fails", () => {
  const inputs = { ...plain, memory: "1Gi" };

  it("after it stored the change is a success, as OSCAR's own failures at buckets are", async () => {
    const { visit, old, state } = await made({ ...plain, output: [place("nginx/out")] });
    const { up, told } = visit();
    const next = await up("nginx", { ...plain, output: [place("nginx/out"), place("more/out")] }, old);
    expect(next.state["buckets"]).toEqual(["nginx", "more"]);
    expect(state.minio.buckets.has("more")).toBe(true);
    expect(told).toEqual([
      "warning: more: OSCAR does not note whose they are, so that it signs no URLs for them",
      "info: with basic auth OSCAR often fails when a bucket is added, after it has made it; what it has stored is then read and compared",
      "warning: OSCAR failed after it had stored the change, which is as wanted: PUT /system/services: 500: Error creating the service: error setting MinIO policy for user/group cluster_admin: The specified user does not exist. (Specified user does not exist)",
    ]);
  });

  it.each(["cut", "hang"] as const)("without an answer, after it acted, is one, too: %s", async (kind) => {
    const { visit, old, manager } = await made(plain);
    manager.faults.plant({ kind, method: "PUT", acting: true });
    expect((await visit().up("nginx", inputs, old)).state["memory"]).toBe("1Gi");
    expect(manager.changes).toEqual([put]);
  });

  it("and did nothing is an error that tells what is not as wanted; the next run sends it again", async () => {
    const { visit, old, manager, state } = await made(plain);
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "PUT" });
    expect(await failure(visit().up("nginx", inputs, old))).toBe(
      'service "nginx" was not changed in memory: PUT /system/services: 500: oops',
    );
    await visit().up("nginx", inputs, old);
    expect([manager.changes, state.service("nginx")?.memory]).toEqual([[put, put], "1Gi"]);
  });

  it("and was to store secrets, which OSCAR does not tell, is not believed, whether or not it acted", async () => {
    const withKey = (API_KEY: string) => ({ ...plain, environment: { secrets: { API_KEY } } });
    const { visit, old, manager, state } = await made(withKey("old"));
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "PUT", acting: true });
    const fault = await failure(visit().up("nginx", withKey("new"), old));
    expect(fault).toBe(
      'nobody knows whether service "nginx" was changed in environment.secrets.API_KEY, which OSCAR does not tell: PUT /system/services: 500: oops; run again, which sends it again',
    );
    await visit().up("nginx", withKey("new"), old);
    expect(manager.changes).toEqual([put, put]);
    expect([...state.secrets.values()]).toEqual([{ API_KEY: "new" }]);
  });

  it("and stored what is told, has stored the secrets before it", async () => {
    const withKey = (API_KEY: string, memory: string) => ({
      ...plain,
      memory,
      environment: { secrets: { API_KEY } },
    });
    const { visit, old, manager, state } = await made(withKey("old", "1Gi"));
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "PUT", acting: true });
    const next = await visit().up("nginx", withKey("new", "2Gi"), old);
    expect(next.state["memory"]).toBe("2Gi");
    expect([...state.secrets.values()]).toEqual([{ API_KEY: "new" }]);
  });

  it("because the service went away says so", async () => {
    const { visit, old, manager, state } = await made(plain);
    when(manager, put, () => {
      state.configMaps.clear();
      state.knativeServices.clear();
    });
    expect(await failure(visit().up("nginx", inputs, old))).toMatch(/404/);
  });

  it("and cannot be read back is an error that says that nobody knows", async () => {
    const { visit, old, manager } = await made(plain);
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "PUT", acting: true });
    when(manager, put, () => manager.faults.plant({ kind: "answer", status: 503, method: "GET", times: 9 }));
    expect(await failure(visit().up("nginx", inputs, old))).toBe(
      'nobody knows whether service "nginx" was changed: PUT /system/services: 500: oops; and it cannot be read: GET /system/services/nginx: 503: what stands before the Manager does not reach it; when OSCAR answers again, run "pulumi up" again, which compares and sends what is missing',
    );
    manager.faults.clear();
    expect((await visit().up("nginx", inputs, old)).step).toBe("update");
    expect(manager.changes).toEqual([put]);
  });

  it("while the Manager starts again is read back", async () => {
    const { visit, old, manager } = await made(plain);
    manager.faults.plant({ kind: "answer", status: 503, method: "PUT", acting: true });
    expect((await visit().up("nginx", inputs, old)).state["memory"]).toBe("1Gi");
    expect(manager.changes).toEqual([put]);
  });
});

describe("a preview of an update", () => {
  it("changes nothing, keeps what stays, and tells of buckets", async () => {
    const { visit, old, manager } = await made({ ...plain, input: [place("in")] });
    const { preview, told } = visit();
    const { state, step } = await preview(
      "nginx",
      { ...plain, image: unknown, output: [place("more/out")] },
      old,
    );
    expect([step, state["image"], state["token"], state["owner"], state["buckets"]]).toEqual([
      "update",
      unknown,
      old.state["token"],
      "cluster_admin",
      ["more"],
    ]);
    expect(told.filter((line) => line.startsWith("info"))).toEqual([
      expect.stringContaining("OSCAR fails when a bucket is dropped"),
      'info: makes bucket "more"',
      'info: leaves bucket "nginx" behind, with what is in it',
    ]);
    expect(manager.changes).toEqual([]);
  });

  it("of what the provider alone heeds asks nothing", async () => {
    const { visit, old, calls } = await made(plain);
    const { state } = await visit().preview("nginx", { ...plain, allowBucketDeletion: true }, old);
    expect([state["commands"], calls()]).toEqual([old.state["commands"], []]);
  });
});

it("a version that lacks something refuses it before anything is sent", async () => {
  const { visit, old, manager } = await made(plain, { generation: "3.7" });
  const inputs = { ...plain, federation: { topology: "star" } };
  const fault = 'federation: got "star"; allowed: nothing, as OSCAR has it from 4.1 on, and this is 3.7.1';
  expect(await failure(visit().preview("nginx", inputs, old))).toBe(fault);
  expect(await failure(visit().up("nginx", inputs, old))).toBe(fault);
  expect(manager.changes).toEqual([]);
});
