import { describe, expect, it } from "vitest";
import type { WireService } from "../../../../../../components/oscar/service/wire";
import { clientOf, serve, thrownBy, type Reply } from "./server";

const nginx: WireService = { name: "nginx", image: "nginx:1.27", script: "#!/bin/sh\n" };
const get = "GET /system/services/nginx";

const absent: Reply = { status: 404 };
const stored: Reply = { status: 200, body: nginx };

describe("reading", () => {
  it("one service, without what is null", async () => {
    const server = await serve({ status: 200, body: { ...nginx, allowed_users: null, mount: null } });
    expect(await clientOf(server.url).services.get("nginx")).toEqual(nginx);
    expect(server.lines()).toEqual([get]);
  });

  it("with how it is deployed", async () => {
    const server = await serve(stored, { status: 200, body: [] });
    await clientOf(server.url).services.get("nginx", "deployment");
    await clientOf(server.url).services.list("deployment");
    expect(server.lines()).toEqual([`${get}?include=deployment`, "GET /system/services?include=deployment"]);
  });

  it.each<[string, Reply]>([
    ["404", absent],
    ["200 with nothing in it", { status: 200 }],
  ])("none there: %s", async (_case, reply) => {
    const server = await serve(reply);
    expect(await clientOf(server.url).services.get("nginx")).toBeUndefined();
  });

  it("403 is not an absence", async () => {
    const text = "User u1 doesn't have permision to get this service";
    const server = await serve({ status: 403, body: text });
    expect((await thrownBy(clientOf(server.url).services.get("nginx"))).message).toBe(`${get}: 403: ${text}`);
  });

  it.each<[string, unknown]>([
    ["an output is not a list", { ...nginx, output: { path: "a" } }],
    ["a path is a number", { ...nginx, input: [{ storage_provider: "minio", path: 1 }] }],
    ["a port is a text", { ...nginx, expose: { api_port: "80" } }],
    ["it has no name", { image: "nginx" }],
  ])("another shape is refused: %s", async (_case, body) => {
    const server = await serve({ status: 200, body });
    expect((await thrownBy(clientOf(server.url).services.get("nginx"))).message).toContain(
      "answered JSON of another shape than the Manager's",
    );
  });

  it("all of them by one request; null is none", async () => {
    const server = await serve({ status: 200, body: [nginx, { name: "b" }] }, { status: 200, body: "null" });
    const { services } = clientOf(server.url);
    expect(await services.list()).toEqual([nginx, { name: "b" }]);
    expect(await services.list()).toEqual([]);
    expect(server.lines()).toEqual(["GET /system/services", "GET /system/services"]);
  });

  it.each<[string, Reply]>([
    ["nothing", { status: 200 }],
    ["an object", { status: 200, body: {} }],
    ["a list with a hole", { status: 200, body: [null] }],
  ])("a list that is %s does not make all seem gone", async (_case, reply) => {
    const server = await serve(reply);
    expect((await thrownBy(clientOf(server.url).services.list())).message).toContain(
      "answered success with what is not the Manager's list",
    );
  });
});

describe("deployment", () => {
  const status = { service_name: "nginx", state: "ready", active_instances: 1, affected_instances: 0 };

  it("is read", async () => {
    const logs = { service_name: "nginx", available: true, entries: [{ message: "hello" }] };
    const server = await serve({ status: 200, body: status }, { status: 200, body: logs });
    const { services } = clientOf(server.url);
    expect(await services.deployment("nginx")).toEqual(status);
    expect(await services.deploymentLogs("nginx", 50)).toEqual(logs);
    expect(server.lines()).toEqual([`${get}/deployment`, `${get}/deployment/logs?tailLines=50`]);
  });

  it("of a service that is missing is nothing", async () => {
    const missing: Reply = { status: 403, body: "You do not have permission to access this service" };
    const server = await serve(missing, missing);
    const { services } = clientOf(server.url);
    expect(await services.deployment("nginx")).toBeUndefined();
    expect(await services.deploymentLogs("nginx")).toBeUndefined();
  });

  it.each(["restart", "stop", "start"] as const)("%s", async (what) => {
    const server = await serve(
      { status: 200, body: status },
      { status: 400, body: 'service "nginx" is not exposed' },
    );
    const { services } = clientOf(server.url);
    expect(await services.control("nginx", what)).toEqual(status);
    expect((await thrownBy(services.control("nginx", what))).message).toBe(
      `POST /system/services/nginx/${what}: 400: service "nginx" is not exposed`,
    );
  });
});
