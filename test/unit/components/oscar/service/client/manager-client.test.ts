import { describe, expect, it } from "vitest";
import { clientOf, serve, thrownBy, type Reply } from "./server";

describe("configuration", () => {
  it("is read, and the list of images replaced", async () => {
    const config = { config: { name: "oscar", oidc_groups: [""] }, allowed_image_repositories: null };
    const server = await serve(
      { status: 200, body: config },
      { status: 200, body: ["ghcr.io/"] },
      { status: 200, body: "null" },
    );
    const client = clientOf(server.url);
    expect(await client.config()).toEqual({ config: { name: "oscar", oidc_groups: [""] } });
    expect(await client.setConfig({ allowed_image_repositories: ["ghcr.io/"] })).toEqual(["ghcr.io/"]);
    expect(await client.setConfig({ allowed_image_repositories: [] })).toEqual([]);
    expect(server.lines()).toEqual(["GET /system/config", "PUT /system/config", "PUT /system/config"]);
    expect(server.calls[1]?.body).toBe('{"allowed_image_repositories":["ghcr.io/"]}');
  });

  it("a token may not", async () => {
    const server = await serve({ status: 401, body: '""', type: "application/json" });
    const error = await thrownBy(clientOf(server.url).setConfig({ allowed_image_repositories: [] }));
    expect(error.message).toBe('PUT /system/config: 401: ""');
  });
});

describe("a route", () => {
  it.each<[string, Reply, boolean]>([
    ["is not known", { status: 404, body: "404 page not found" }, false],
    ["knows no such service", { status: 404 }, true],
    ["does not allow it", { status: 403, body: "You do not have permission to access this service" }, true],
    ["wants other credentials", { status: 401, body: "missing user identificator" }, true],
    ["fails", { status: 500, body: "getting volume quotas" }, true],
    ["answers", { status: 200, body: {} }, true],
  ])("that %s", async (_case, reply, has) => {
    const server = await serve(reply);
    expect(await clientOf(server.url).hasRoute("/system/x")).toBe(has);
  });

  it("of a Manager that is not reached is not said to be there", async () => {
    const server = await serve({ status: 503 }, { status: 503 }, { status: 503 });
    expect((await thrownBy(clientOf(server.url).hasRoute("/system/x"))).message).toContain("503");
  });
});

describe("buckets", () => {
  const bucket = { bucket_name: "data", metadata: { from_service: "a" } };

  it("are read", async () => {
    const server = await serve(
      { status: 200, body: [{ ...bucket, allowed_users: null }] },
      { status: 200, body: "null" },
      { status: 200, body: { ...bucket, objects: [{ object_name: "in/", size_bytes: 0 }] } },
    );
    const { buckets } = clientOf(server.url);
    expect(await buckets.list()).toEqual([bucket]);
    expect(await buckets.list()).toEqual([]);
    expect((await buckets.get("data", "a/b="))?.objects).toEqual([{ object_name: "in/", size_bytes: 0 }]);
    expect(server.lines()[2]).toBe("GET /system/buckets/data?page=a%2Fb%3D");
  });

  it("one that is missing, and one that is not seen", async () => {
    const missing = "Error listing objects in bucket 'b': NoSuchBucket: The specified bucket does not exist";
    const server = await serve(
      { status: 500, body: missing },
      { status: 403, body: "User 'u' is not authorised" },
      { status: 500, body: "Error listing objects in bucket 'b': AccessDenied" },
    );
    const { buckets } = clientOf(server.url);
    expect(await buckets.get("data")).toBeUndefined();
    expect((await thrownBy(buckets.get("data"))).message).toContain("403: User 'u' is not authorised");
    expect((await thrownBy(buckets.get("data"))).message).toContain("AccessDenied");
  });

  it("are made, changed and deleted", async () => {
    const server = await serve(
      { status: 201 },
      { status: 204 },
      { status: 204 },
      { status: 404, body: "no" },
    );
    const { buckets } = clientOf(server.url);
    await buckets.create({ bucket_name: "data", visibility: "private", allowed_users: [] });
    await buckets.update({ bucket_name: "data", visibility: "public" });
    expect(await buckets.delete("data")).toBe(true);
    expect(await buckets.delete("data")).toBe(false);
    expect(server.calls.map(({ line, body }) => [line, body])).toEqual([
      ["POST /system/buckets", '{"bucket_name":"data","visibility":"private","allowed_users":[]}'],
      ["PUT /system/buckets", '{"bucket_name":"data","visibility":"public"}'],
      ["DELETE /system/buckets/data", ""],
      ["DELETE /system/buckets/data", ""],
    ]);
  });

  it("give URLs to objects", async () => {
    const url = {
      object_key: "in/x",
      operation: "upload",
      method: "PUT",
      url: "http://m/x",
      expires_at: "…",
    };
    const server = await serve({ status: 200, body: url });
    const asked = { object_key: "in/x", operation: "upload", expires_in: 60 } as const;
    expect(await clientOf(server.url).buckets.presign("data", asked)).toEqual(url);
    expect(server.calls[0]).toMatchObject({
      line: "POST /system/buckets/data/presign",
      body: JSON.stringify(asked),
    });
  });
});

describe("volumes", () => {
  const volume = { name: "v1", size: "1Gi", status: { phase: "pending" } };

  it("are made, read and deleted", async () => {
    const server = await serve(
      { status: 201, body: volume },
      { status: 200, body: volume },
      { status: 404 },
      { status: 200, body: [volume] },
      { status: 204 },
      { status: 404 },
    );
    const { volumes } = clientOf(server.url);
    expect(await volumes.create({ name: "v1", size: "1Gi" })).toEqual(volume);
    expect(await volumes.get("v1")).toEqual(volume);
    expect(await volumes.get("v1")).toBeUndefined();
    expect(await volumes.list()).toEqual([volume]);
    await volumes.delete("v1");
    await volumes.delete("v1");
    expect(server.lines()).toEqual([
      "POST /system/volumes",
      "GET /system/volumes/v1",
      "GET /system/volumes/v1",
      "GET /system/volumes",
      "DELETE /system/volumes/v1",
      "DELETE /system/volumes/v1",
    ]);
  });

  it("one in use is kept", async () => {
    const text = "managed volume is still attached to one or more services";
    const server = await serve({ status: 400, body: text });
    expect((await thrownBy(clientOf(server.url).volumes.delete("v1"))).message).toBe(
      `DELETE /system/volumes/v1: 400: ${text}`,
    );
  });
});

it("quotas", async () => {
  const quota = { user_id: "u@egi.eu", resources: { cpu: { max: 2000, used: 0 } } };
  const server = await serve(
    { status: 200, body: quota },
    { status: 200, body: quota },
    { status: 200, body: quota },
  );
  const { quotas } = clientOf(server.url);
  expect(await quotas.own()).toEqual(quota);
  expect(await quotas.get("u@egi.eu")).toEqual(quota);
  expect(await quotas.set("u@egi.eu", { cpu: "2" })).toEqual(quota);
  expect(server.lines()).toEqual([
    "GET /system/quotas/user",
    "GET /system/quotas/user/u%40egi.eu",
    "PUT /system/quotas/user/u%40egi.eu",
  ]);
});

describe("calling a service", () => {
  const token = "0f".repeat(32);

  it("with its token, as it is", async () => {
    const server = await serve({ status: 200, body: "a daisy" }, { status: 201 });
    const client = clientOf(server.url);
    const image = new Uint8Array([65, 66]);
    expect(await client.run("plants", { body: image, contentType: "image/png", token })).toEqual({
      status: 200,
      contentType: "text/plain",
      text: "a daisy",
    });
    await client.job("plants", { body: "{}", token });
    expect(server.calls).toEqual([
      { line: "POST /run/plants", authorization: `Bearer ${token}`, contentType: "image/png", body: "AB" },
      {
        line: "POST /job/plants",
        authorization: `Bearer ${token}`,
        contentType: "application/json",
        body: "{}",
      },
    ]);
  });

  it("a failure does not show the token, and it is not called twice", async () => {
    const server = await serve({ status: 502, body: `bad token ${token}` });
    expect((await thrownBy(clientOf(server.url).run("plants", { body: "", token }))).message).toBe(
      "POST /run/plants: 502: bad token [secret]",
    );
    expect(server.calls).toHaveLength(1);
  });
});
