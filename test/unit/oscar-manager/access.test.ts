import { describe, expect, it } from "vitest";

import { basicAuth } from "../../support/oscar-manager/ask.js";
import { exposed, from, golden, managed, service, to } from "./playing.js";

const post = "POST /system/services";
const put = "PUT /system/services";
const jwt = (issuer: string): string =>
  `Bearer a.${Buffer.from(JSON.stringify({ iss: issuer })).toString("base64url")}.c`;
const ann = { token: "ann", uid: "aaaaaaaaaaaa1111@egi.eu", name: "Ann Onym" };
const bob = { token: "bob", uid: "bbbbbbbbbbbb2222@egi.eu", name: "Bob" };
const users = [ann, bob, { token: "late", uid: "late@egi.eu", name: "Late", refused: true }];
const asAnn = "Bearer ann";
const asBob = "Bearer bob";

describe("basic auth", () => {
  it.each([null, basicAuth("oscar", "wrong"), basicAuth("oscar2", "password"), "Bearer abc"])(
    "refuses %s",
    async (as) => {
      const { raw } = await managed();
      const { status, headers, body } = await raw("GET /system/info", { as });
      expect([status, body, headers["content-length"], headers["www-authenticate"]]).toEqual([
        401,
        "",
        "0",
        'Basic realm="Authorization Required"',
      ]);
    },
  );

  it("writes lengths as the Manager does", async () => {
    const { raw } = await managed();
    expect((await raw(post, { body: service("one") })).headers).toMatchObject({ "content-length": "0" });
    expect((await raw(put, { body: service("one") })).headers).not.toHaveProperty("content-length");
    for (const name of ["two", "three"]) await raw(post, { body: service(name) });
    expect((await raw("GET /system/services")).headers).toMatchObject({ "transfer-encoding": "chunked" });
    expect((await raw("POST /system/services/", { body: "{}" })).headers).toMatchObject({
      location: "/system/services",
    });
  });
});

describe("users with a token", () => {
  it("have services of their own, in a namespace of their own", async () => {
    const { say } = await managed({ backend: "knative", users });
    const oa = service("oa", { ...from("oab/in"), ...to("oab/out"), ...exposed() });
    expect(await say(post, oa, asAnn)).toBe("201");
    const shown = golden("oa", {
      ...from("oab/in"),
      ...to("oab/out"),
      vo: "vo.test",
      owner: ann.uid,
      namespace: "oscar-svc-aaaaaaaa",
    });
    const [head = "", tail = ""] = shown.split(/"expose":\{.*?\}/);
    const found = await say("GET /system/services/oa", undefined, asAnn);
    expect(
      found
        .split(/"expose":\{.*?\}/)
        .map((part) => part.replace('"Ann_Onym"', '"oscar"').replace(',"vo":"vo.test"}', "}")),
    ).toEqual([`200 J ${head}`, tail]);

    const forbidden: [string, unknown, string][] = [
      [
        "GET /system/services/oa",
        undefined,
        `403 T User ${bob.uid} doesn't have permision to get this service`,
      ],
      ["GET /system/services", undefined, "200 J []"],
      [put, oa, `403 T User ${bob.uid} doesn't have permision to modify this service`],
      [
        "DELETE /system/services/oa",
        undefined,
        '500 T the service "oa" does not have a registered ConfigMap',
      ],
      [
        "DELETE /system/services/nope",
        undefined,
        '500 T the service "nope" does not have a registered ConfigMap',
      ],
      [
        "GET /system/services/oa/deployment",
        undefined,
        "403 T You do not have permission to access this service",
      ],
      ["GET /system/logs/oa", undefined, "200"],
      [
        "POST /system/services/oa/restart",
        undefined,
        `403 T User ${bob.uid} doesn't have permission to manage this service`,
      ],
      ["GET /system/services/oa/auth", undefined, "403"],
      ["GET /system/federation/oa", undefined, '200 J {"topology":"none","members":null}'],
      ["POST /job/oa", "x", "404"],
      [post, service("oa"), "400 T A service with the provided name already exists"],
    ];
    for (const [line, body, answer] of forbidden)
      expect([line, await say(line, body, asBob)]).toEqual([line, answer]);
  });

  it("add buckets, drop them with an error, and share them", async () => {
    const { say, state } = await managed({ backend: "knative", users });
    const oa = (...inputs: string[]): object =>
      service("oa", { ...from(...inputs), ...to("oab/out"), ...exposed() });
    await say(post, oa("oab/in"), asAnn);

    expect(await say(put, oa("oab/in", "oac/in"), asAnn)).toBe("204");
    expect(await say(put, oa("oab/in"), asAnn)).toBe(
      "500 T error setting new policies: error creating/adding MinIO policy for user/group : Invalid arguments " +
        "specified. (Invalid arguments specified)",
    );
    const shared = { visibility: "restricted", allowed_users: [bob.uid] };
    expect(await say(put, { ...oa("oab/in"), visibility: "public" }, asAnn)).toBe("204");
    expect(await say(put, { ...oa("oab/in"), ...shared }, asAnn)).toBe("204");
    expect(state.service("oa")).toMatchObject({ vo: "", owner: ann.uid });
    expect(await say("GET /system/services/oa", undefined, asBob)).toMatch(/^200 J/);

    const usage =
      '"storage_quota":{"source":"unset"},"storage_usage":{"used":"0","used_bytes":0},"attribution":"partial"}';
    const oab =
      `{"bucket_name":"oab","visibility":"restricted","allowed_users":["${bob.uid}"],"owner":"${ann.uid}",` +
      `"metadata":{"from_service":"oa","owner_name":"Ann Onym"},${usage}`;
    const oac = `{"bucket_name":"oac","visibility":"private","allowed_users":null,"owner":"${ann.uid}","metadata":{},${usage}`;
    expect(await say("GET /system/buckets", undefined, asAnn)).toBe(`200 J [${oab},${oac}]`);
    expect(await say("GET /system/buckets", undefined, asBob)).toBe(`200 J [${oab}]`);
    expect(await say("GET /system/buckets/nope", undefined, asAnn)).toBe(
      `403 T User '${ann.uid}' is not authorised`,
    );
    expect(await say("DELETE /system/services/oa", undefined, asAnn)).toBe("204");
    expect([...state.minio.buckets.keys()]).toEqual(["oac"]);
  });

  it("may not do what is the administrator's", async () => {
    const { say } = await managed({ users });
    expect(await say("PUT /system/config", {}, asAnn)).toBe('401 J ""');
    expect(await say("GET /system/quotas/user/u1", undefined, asAnn)).toBe("403 T forbidden");
    expect(await say("GET /system/logs", undefined, asAnn)).toBe(
      "403 T OIDC tokens are not allowed for system logs",
    );
    expect(await say("GET /system/config", undefined, asAnn)).toContain(`"access_key":"${ann.uid}"`);
    expect(await say("GET /system/quotas/user", undefined, asAnn)).toBe(
      `200 J {"user_id":"${ann.uid}","volumes":{"disk":{"max":"5Gi","used":"0"},"volumes":{"max":"4","used":"0"},` +
        '"max_disk_per_volume":"5Gi","min_disk_per_volume":"200Mi"},"minio":{"buckets":{"max":0,"used":0},' +
        '"storage_per_bucket":{"max":"0"},"storage_total":{"used":"0"}}}',
    );
    expect(await say("GET /system/quotas/user")).toBe(
      "401 T missing user identificator: missing user identificator",
    );
  });

  it("refuses tokens with the text of what is wrong, and the handler's after it", async () => {
    const { say } = await managed({ users });
    expect(await say("GET /system/info", undefined, "Bearer late")).toBe("401");
    expect(await say("GET /system/info", undefined, jwt("http://evil"))).toMatch(
      /^401 T 'http:\/\/evil' is not listed as an authorized issuer\{"version":"4\.1\.2",/,
    );
    expect(await say("GET /system/services", undefined, "Bearer nonsense")).toBe(
      "400 T token is malformed: token contains an invalid number of segmentsmissing user identificator",
    );
  });

  it("quotas change one by one", async () => {
    const { say } = await managed({ users });
    await say("GET /system/info", undefined, asAnn);
    const line = `PUT /system/quotas/user/${ann.uid}`;
    expect(await say(line, {})).toBe(
      "400 T cpu, memory, ephemeral_storage, volumes or minio must be provided",
    );
    expect(await say(line, { volumes: { disk: "9Gi" } })).toContain(
      '"volumes":{"disk":{"max":"9Gi","used":"0"},"volumes":{"max":"4","used":"0"}',
    );
    expect(await say("GET /system/quotas/user/u1")).toBe(
      '500 T getting volume quotas for user u1: resourcequotas "u1" not found',
    );
  });
});

describe("a service's own token", () => {
  it("calls it, and opens its page in four ways", async () => {
    const { raw, say, state } = await managed({ backend: "knative" });
    await say(post, service("kn-2"));
    const token = state.service("kn-2")?.token ?? "";
    const wrong = "0".repeat(64);

    expect(await say("POST /job/kn-2", "hello", `Bearer ${token}`)).toBe("201");
    expect(await say("POST /job/kn-2", "hello", `Bearer ${wrong}`)).toBe("401");
    expect(await say("POST /job/kn-2", "hello")).toBe("401");
    expect(await say("GET /system/logs/kn-2")).toBe(
      '200 J {"jobs":{"kn-2-<uuid>":{"status":"Succeeded","creation_time":"<time>","start_time":"<time>",' +
        '"finish_time":"<time>"}}}',
    );
    expect(await say("GET /system/logs/kn-2/nope")).toBe("500");
    expect(await say("DELETE /system/logs/kn-2?all=true")).toBe("204");
    expect(await say("GET /system/logs/kn-2")).toBe('200 J {"jobs":{}}');
    expect(await say("POST /run/kn-2", "x", `Bearer ${token}`)).toBe("502");
    state.answers.set("kn-2", { status: 200, body: "done" });
    expect(await say("POST /run/kn-2", "x", `Bearer ${token}`)).toBe("200 T done");

    const path = "GET /system/services/kn-2/auth";
    const ways: [string, object][] = [
      [path, { as: `Bearer ${token}` }],
      [`${path}?token=${token}`, { as: null }],
      [path, { as: null, headers: { "x-forwarded-uri": `/x?token=${token}` } }],
      [path, { as: null, headers: { cookie: `oscar_service_kn_2_auth=${token}` } }],
    ];
    for (const [line, asking] of ways) {
      const { status, body, headers } = await raw(line, asking);
      expect([status, body, headers["set-cookie"]]).toEqual([
        200,
        "",
        [`oscar_service_kn_2_auth=${token}; Path=/system/services/kn-2/exposed; HttpOnly; SameSite=Lax`],
      ]);
    }
    expect(await say(path)).toBe("200");
    expect(await say(path, undefined, `Bearer ${wrong}`)).toBe("401");
    expect(await say(path, undefined, null)).toBe("401");
    expect(await say("GET /system/services/nope/auth")).toBe("404");
    expect(await say("GET /system/services/nope/auth", undefined, `Bearer ${wrong}`)).toBe("500");
  });

  it("finds no route for calls on the plain back end", async () => {
    const { say } = await managed();
    expect(await say("POST /run/nope", {})).toBe("404 text/plain 404 page not found");
  });
});
