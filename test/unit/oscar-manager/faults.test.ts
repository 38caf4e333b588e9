import { describe, expect, it } from "vitest";

import { exposed, managed, service } from "./playing.js";

const post = "POST /system/services";

describe("faults on demand", () => {
  it("answers as it is told, as often as it is told, and then as it should", async () => {
    const { manager, say, state } = await managed();
    manager.faults.plant({
      kind: "answer",
      method: "POST",
      path: "/system/services",
      status: 503,
      text: "busy",
      times: 2,
    });
    expect(await say("GET /system/services")).toBe("200 J []");
    expect(await say(post, service("one"))).toBe("503 T busy");
    expect(await say(post, service("one"))).toBe("503 T busy");
    expect(state.configMaps.size).toBe(0);
    expect(await say(post, service("one"))).toBe("201");
  });

  it("answers so after having done it", async () => {
    const { manager, say, state } = await managed();
    manager.faults.plant({ kind: "answer", path: /services$/, status: 500, acting: true });
    expect(await say(post, service("one"))).toBe("500");
    expect(state.configMaps.size).toBe(1);
  });

  it.each([
    ["before", false, 0],
    ["after", true, 1],
  ] as const)("closes the connection %s doing it", async (_, acting, services) => {
    const { manager, say, state } = await managed();
    manager.faults.plant({ kind: "cut", acting });
    await expect(say(post, service("one"))).rejects.toThrow("socket hang up");
    expect(state.configMaps.size).toBe(services);
  });

  it("says nothing until it is stopped, and refuses connections until it is started again", async () => {
    const { manager, url, say } = await managed();
    manager.faults.plant({ kind: "hang" });
    const waiting = say("GET /health");
    const ended = waiting.then(
      () => "answered",
      () => "cut",
    );
    await expect.poll(() => manager.calls.length).toBe(1);
    await manager.stop();
    expect(await ended).toBe("cut");
    await expect(say("GET /health")).rejects.toThrow("ECONNREFUSED");
    expect(await manager.start()).toEqual({ url });
    expect(await say("GET /health")).toBe("200 T Ok");
  });

  it("forgets what is yet to come", async () => {
    const { manager, say } = await managed();
    manager.faults.plant({ kind: "hang" });
    manager.faults.clear();
    expect(await say("GET /health")).toBe("200 T Ok");
  });
});

describe("what is kept of the calls", () => {
  it("tells method, path, body and credential, and the changes alone", async () => {
    const { manager, say } = await managed();
    await say("GET /system/services?include=deployment");
    await say(post, "{}", "Bearer x");
    expect(manager.calls).toMatchObject([
      { method: "GET", path: "/system/services?include=deployment", body: "" },
      { method: "POST", path: "/system/services", body: "{}", authorization: "Bearer x" },
    ]);
    expect(manager.changes).toEqual([post]);
  });
});

describe("delays", () => {
  it("holds what is beyond the burst", async () => {
    const { say } = await managed({ requestsPerSecond: 50 });
    const start = Date.now();
    await Promise.all(Array.from({ length: 20 }, () => say("GET /health")));
    expect(Date.now() - start).toBeGreaterThan(150);
  });

  it("lets Knative Services get ready, when it is told to", async () => {
    const { say } = await managed({ backend: "knative", knativeReadyMs: 0 });
    await say(post, service("one"));
    expect(await say("GET /system/services/one/deployment")).toContain('"state":"ready"');
  });

  it("lists a deleted volume for a while", async () => {
    const { say } = await managed({ volumeDeleteMs: 30 });
    await say("POST /system/volumes", { name: "v1", size: "1Gi" });
    await say("DELETE /system/volumes/v1");
    await expect.poll(() => say("GET /system/volumes")).toBe("200 J []");
  });
});

describe("what a test plants in a Deployment", () => {
  const line = "GET /system/services/one/deployment";

  it("makes its pods wait for ever, fail, and write", async () => {
    const { say, state } = await managed();
    await say(post, service("one", exposed()));
    const deployment = state.deployment("one");
    if (deployment === undefined) throw new Error("there is no Deployment");

    deployment.stuck = true;
    expect(await say(line)).toContain('"state":"pending"');
    deployment.failure = "ProgressDeadlineExceeded: it took too long.";
    expect(await say(line)).toContain(
      '"state":"failed","reason":"ProgressDeadlineExceeded: it took too long."',
    );
    deployment.logs.push("one", "two", "three");
    expect(await say(`${line}/logs?tailLines=2`)).toBe(
      '200 J {"service_name":"one","available":true,"entries":[{"message":"two"},{"message":"three"}]}',
    );
    expect(await say(`${line}/logs?timestamps=true&tailLines=1`)).toContain(
      '"entries":[{"timestamp":"<time>","message":"three"}]',
    );
  });
});
