import { describe, expect, it } from "vitest";
import { ManagerError } from "../../../../../../components/oscar/service/client/errors";
import type { Outcome } from "../../../../../../components/oscar/service/client/services";
import type { WireService } from "../../../../../../components/oscar/service/wire";
import { clientOf, serve, thrownBy, type Reply } from "./server";

const nginx: WireService = { name: "nginx", image: "nginx:1.27", script: "#!/bin/sh\n" };
const post = "POST /system/services";
const put = "PUT /system/services";
const get = "GET /system/services/nginx";
const del = "DELETE /system/services/nginx";

const absent: Reply = { status: 404 };
const stored: Reply = { status: 200, body: nginx };
const failed: Reply = { status: 500, body: "Error creating the service: boom" };
/** oscar-live D7. */
const restarting: Reply = {
  status: 500,
  body: `error registering the service's webhook: Put "http://minio.minio:9000/minio/admin/v3/set-config-kv": dial tcp 10.0.0.7:9000: connect: connection refused`,
};

/** An outcome without its error object, which has its message instead. */
function said(outcome: Outcome): unknown {
  return "error" in outcome ? { ...outcome, error: outcome.error.message } : outcome;
}

describe("creating", () => {
  it("sends the service once", async () => {
    const server = await serve({ status: 201 });
    expect(await clientOf(server.url).services.create(nginx)).toEqual({ kind: "done" });
    expect(server.calls).toMatchObject([{ line: post, contentType: "application/json" }]);
    expect(JSON.parse(server.calls[0]?.body ?? "")).toEqual(nginx);
  });

  it.each([400, 409])("a refusal of %i is thrown, and nothing is read", async (status) => {
    const server = await serve({ status, body: "A service with the provided name already exists" });
    const error = await thrownBy(clientOf(server.url).services.create(nginx));
    expect(error).toBeInstanceOf(ManagerError);
    expect(error).toMatchObject({ status, text: "A service with the provided name already exists" });
    expect(server.lines()).toEqual([post]);
  });

  it("met MinIO's restart, and is not there: sent again", async () => {
    const server = await serve(restarting, absent, restarting, absent, { status: 201 });
    expect(await clientOf(server.url).services.create(nginx)).toEqual({ kind: "done" });
    expect(server.lines()).toEqual([post, get, post, get, post]);
  });

  it("met the restart as its buckets were made, by which time its own was over: sent again", async () => {
    const refused = `Put "http://minio.minio:9000/nginx": dial tcp 10.0.0.7:9000: connect: connection refused`;
    const body = `error creating bucket nginx: RequestError: send request failed\ncaused by: ${refused}`;
    const server = await serve({ status: 500, body }, absent, { status: 201 });
    expect(await clientOf(server.url).services.create(nginx)).toEqual({ kind: "done" });
    expect(server.lines()).toEqual([post, get, post]);
  });

  it("met MinIO's restart, but is there: not sent again", async () => {
    const server = await serve(restarting, stored);
    const outcome = await clientOf(server.url).services.create(nginx);
    expect(outcome).toMatchObject({ kind: "stored", service: nginx });
    expect(server.lines()).toEqual([post, get]);
  });

  it("met MinIO's restart for ever", async () => {
    const server = await serve(...Array.from({ length: 4 }, () => [restarting, absent]).flat());
    expect(await clientOf(server.url).services.create(nginx)).toMatchObject({ kind: "absent" });
    expect(server.lines().filter((line) => line === post)).toHaveLength(3);
  });

  it("another 5xx is read back once, and never sent again", async () => {
    const server = await serve(failed, absent);
    expect(said(await clientOf(server.url).services.create(nginx))).toEqual({
      kind: "absent",
      error: "POST /system/services: 500: Error creating the service: boom",
    });
    expect(server.lines()).toEqual([post, get]);
  });

  it.each<[string, Reply]>([
    ["cut off", "cut off"],
    ["given up by a proxy", { status: 504, body: "<html>" }],
  ])("%s: read until it is there", async (_case, reply) => {
    const server = await serve(reply, absent, stored);
    expect(await clientOf(server.url).services.create(nginx)).toMatchObject({
      kind: "stored",
      service: nginx,
    });
    expect(server.lines()).toEqual([post, get, get]);
  });

  it("too late: read until patience ends", async () => {
    const server = await serve("hang", absent, absent, absent);
    const outcome = await clientOf(server.url, { timeoutMs: 100 }).services.create(nginx);
    expect(outcome).toMatchObject({ kind: "absent", error: { reason: "time-out" } });
    expect(server.lines()).toEqual([post, get, get, get]);
  });

  it("reading fails too: unknown, with both errors", async () => {
    const server = await serve(failed, { status: 500, body: "etcd is gone" });
    const outcome = await clientOf(server.url).services.create(nginx);
    expect(outcome).toMatchObject({
      kind: "unknown",
      error: { message: "POST /system/services: 500: Error creating the service: boom" },
      because: { message: `${get}: 500: etcd is gone` },
    });
  });
});

describe("updating", () => {
  const newer: Reply = { status: 200, body: { ...nginx, image: "nginx:1.28" } };
  const isNewer = ({ image }: WireService): boolean => image === "nginx:1.28";

  it("done, and with what the Manager said beside it", async () => {
    const server = await serve(
      { status: 204 },
      { status: 200, body: "Updated with federation warnings: x\n" },
    );
    const { services } = clientOf(server.url);
    expect(await services.update(nginx, isNewer)).toEqual({ kind: "done" });
    expect(await services.update(nginx, isNewer)).toEqual({
      kind: "done",
      warning: "Updated with federation warnings: x",
    });
    expect(server.lines()).toEqual([put, put]);
  });

  it("a 5xx is not believed: what is stored is told", async () => {
    const server = await serve(failed, newer);
    expect(said(await clientOf(server.url).services.update(nginx, isNewer))).toEqual({
      kind: "stored",
      error: "PUT /system/services: 500: Error creating the service: boom",
      service: { ...nginx, image: "nginx:1.28" },
    });
    expect(server.lines()).toEqual([put, get]);
  });

  it("a broken connection: read until the change is stored", async () => {
    const server = await serve("cut off", stored, newer);
    const outcome = await clientOf(server.url).services.update(nginx, isNewer);
    expect(outcome).toMatchObject({ kind: "stored", service: { image: "nginx:1.28" } });
    expect(server.lines()).toEqual([put, get, get]);
  });

  it("a service that is missing is thrown", async () => {
    const server = await serve(absent);
    const error = await thrownBy(clientOf(server.url).services.update(nginx, isNewer));
    expect(error.message).toBe("PUT /system/services: 404: not found");
  });
});

describe("deleting", () => {
  it.each([204, 404])("%i is done", async (status) => {
    const server = await serve({ status });
    expect(await clientOf(server.url).services.delete("nginx")).toEqual({ kind: "done" });
    expect(server.lines()).toEqual([del]);
  });

  it("gone, with buckets left", async () => {
    const text = "Error deleting service buckets: %!(EXTRA *errors.errorString=x)";
    const server = await serve({ status: 500, body: text }, absent);
    expect(said(await clientOf(server.url).services.delete("nginx"))).toEqual({
      kind: "absent",
      error: `${del}: 500: ${text}`,
    });
  });

  it("how Knative says to a token's owner that there is none", async () => {
    const text = 'the service "nginx" does not have a registered ConfigMap';
    const server = await serve({ status: 500, body: text }, absent);
    expect(await clientOf(server.url).services.delete("nginx")).toEqual({ kind: "done" });
    const there = await serve({ status: 500, body: text }, stored);
    expect(await clientOf(there.url).services.delete("nginx")).toMatchObject({ kind: "stored" });
  });

  it("cut off: read until it is gone", async () => {
    const server = await serve("cut off", stored, absent);
    expect(await clientOf(server.url).services.delete("nginx")).toMatchObject({ kind: "absent" });
    expect(server.lines()).toEqual([del, get, get]);
  });
});

describe("a guard", () => {
  const guard = (): Promise<void> =>
    Promise.reject(new ManagerError({ method: "GET", path: "/x" }, 404, "guard"));

  it("that throws keeps everything from being sent", async () => {
    const server = await serve();
    const { services } = clientOf(server.url);
    for (const change of [
      services.create(nginx, guard),
      services.update(nginx, () => true, guard),
      services.delete("nginx", guard),
    ]) {
      expect((await thrownBy(change)).message).toBe("GET /x: 404: guard");
    }
    expect(server.calls).toEqual([]);
  });

  it("is asked before each POST", async () => {
    const server = await serve(restarting, absent, { status: 201 });
    let asked = 0;
    await clientOf(server.url).services.create(nginx, () => Promise.resolve(void asked++));
    expect(asked).toBe(2);
  });
});

describe("changes of one cluster", () => {
  it("go one at a time, whoever asks, in their order; readings do not wait", async () => {
    const slow: Reply = { status: 500, body: "x", afterMs: 60 };
    const server = await serve(slow, stored, absent, { status: 204, afterMs: 30 }, { status: 201 });
    const one = clientOf(server.url);
    const other = clientOf(`${server.url}/`);
    const changes = [
      one.services.create(nginx),
      other.services.delete("nginx"),
      one.buckets.create({ bucket_name: "b" }),
    ];
    await new Promise((resolve) => setTimeout(resolve, 20));
    await other.services.get("other");
    expect(server.lines()).toEqual([post, "GET /system/services/other"]);
    await Promise.all(changes);
    expect(server.lines()).toEqual([post, "GET /system/services/other", get, del, "POST /system/buckets"]);
  });

  it("a failure does not stop those behind it", async () => {
    const server = await serve({ status: 400, body: "no" }, { status: 204 });
    const { services } = clientOf(server.url);
    const [first, second] = await Promise.allSettled([services.create(nginx), services.delete("nginx")]);
    expect(first.status).toBe("rejected");
    expect(second).toEqual({ status: "fulfilled", value: { kind: "done" } });
  });
});
