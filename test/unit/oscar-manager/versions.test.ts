import { describe, expect, it } from "vitest";

import { exposed, managed, script, service } from "./playing.js";

const post = "POST /system/services";
const put = "PUT /system/services";

describe("generations", () => {
  it.each([
    ["3.7", "3.7.1"],
    ["4.0", "4.0.0"],
    ["4.1", "4.1.2"],
    ["4.2", "4.2.0"],
  ] as const)("%s tells its version", async (generation, version) => {
    const { say } = await managed({ generation });
    expect(await say("GET /system/info")).toContain(`{"version":"${version}",`);
  });

  it("can be a build of a branch", async () => {
    const { say } = await managed({ generation: "4.0", version: "devel", backend: "knative" });
    expect(await say("GET /system/info")).toMatch(
      /^200 J \{"version":"devel",.*"serverless_backend":\{"name":"Knative"/,
    );
  });

  it.each(["3.7", "4.0"] as const)("%s has ports that are numbers", async (generation) => {
    const { say } = await managed({ generation });
    expect(await say(post, service("one", exposed()))).toBe(
      "400 T The service specification is not valid: json: cannot unmarshal array into Go struct field " +
        "Expose.expose.api_port of type int",
    );
    expect(await say(post, service("one", exposed({ api_port: 80, nodePort: 31000 })))).toBe("201");
    expect(await say(post, service("two"))).toBe("201");
    expect(await say("GET /system/services/one")).toContain(
      '"api_port":80,"cpu_threshold":50,"rewrite_target":false,"nodePort":31000,',
    );
    // api_port is left out when it is 0, nodePort is not.
    expect(await say("GET /system/services/two")).toContain(
      '"expose":{"min_scale":0,"max_scale":0,"cpu_threshold":0,"rewrite_target":false,"nodePort":0,',
    );
    expect(await say(post, service("one"))).toBe("409 T A service with the provided name already exists");
  });

  it.each([
    ["3.7", false],
    ["4.0", true],
  ] as const)("%s: an update keeps the token: %s", async (generation, keeps) => {
    const { say, state } = await managed({ generation });
    await say(post, service("one"));
    const before = state.service("one")?.token;
    await say(put, service("one"));
    expect(state.service("one")?.token === before).toBe(keeps);
  });

  const missing = "404 text/plain 404 page not found";
  it.each([
    ["GET /system/services/one/deployment", "3.7", "4.0"],
    ["GET /system/volumes", "3.7", "4.0"],
    ["PUT /system/config", "3.7", "4.0"],
    ["POST /system/services/one/stop", "4.0", "4.1"],
    ["GET /system/federation/one", "4.0", "4.1"],
    ["GET /system/services/one/auth", "4.0", "4.1"],
    ["GET /system/services/one/secrets", "4.1", "4.2"],
  ] as const)("%s is not in %s, and is in %s", async (line, without, withIt) => {
    const body = line.startsWith("GET") ? undefined : {};
    expect(await (await managed({ generation: without })).say(line, body)).toBe(missing);
    expect(await (await managed({ generation: withIt })).say(line, body)).not.toBe(missing);
  });

  it("3.7 tells its config flat", async () => {
    const { say } = await managed({ generation: "3.7" });
    expect(await say("GET /system/config")).toMatch(
      /^200 J \{"name":"oscar",.*"minio_provider":\{[^}]*\}\}$/,
    );
  });

  it("ignores fields that it does not know", async () => {
    const { say } = await managed({ generation: "4.0" });
    await say(post, service("one", { bogus: 1, kserve: { type: 3 }, volume: null }));
    expect(await say("GET /system/services/one")).not.toMatch(/bogus|kserve/);
  });

  it.each([
    ["4.1", { api_version: "v2" }, '"storage_uri":"s3://m","api_version":"v2"'],
    [
      "4.2",
      { inference: { model_format: "onnx", api_version: "v2" } },
      '"model_format":"onnx","api_version":"v2"',
    ],
  ] as const)(
    "%s has KServe's version in its place, and auth by default",
    async (generation, more, shown) => {
      const { say } = await managed({ generation, backend: "knative" });
      const kserve = { type: "inference", storage_uri: "s3://m", ...more };
      expect(await say(post, service("one", { kserve }))).toBe("201");
      const told = await say("GET /system/services/one");
      expect(told).toContain(shown);
      expect(told).toContain('"set_auth":true}}');
      expect(await say(post, service("two", { kserve: { type: "inference" } }))).toBe(
        "400 T The service specification is not valid: Kserve StorageUri is required",
      );
    },
  );

  it("4.2 reads and merges secrets", async () => {
    const { say } = await managed({ generation: "4.2" });
    await say(post, { ...service("one"), environment: { secrets: { A: "1" } }, script });
    expect(await say("PUT /system/services/one/secrets", { B: "2" })).toBe("204");
    expect(await say("GET /system/services/one/secrets?key=A")).toBe("200 T 1");
    expect(await say("GET /system/services/one/secrets?key=B")).toBe("200 T 2");
    expect(await say("GET /system/services/one/secrets?key=C")).toBe("404");
    expect(await say("PUT /system/services/one/secrets", { refresh_token: "x" })).toBe("400");
  });
});
