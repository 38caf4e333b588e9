import { describe, expect, it } from "vitest";
import type { Properties } from "../../../../../provider";
import { failure, here, plain, when, type Kept } from "./provider-here";

const place = (path: string) => ({ storageProvider: "minio", path });
const gone = "DELETE /system/services/nginx";

async function made(inputs: Properties) {
  const all = await here({ backend: "knative", knativeReadyMs: 0 });
  const old: Kept = await all.visit().up("nginx", inputs);
  all.calls();
  const fill = (bucket: string): void => {
    all.state.minio.buckets.get(bucket)?.objects.set("in/a", { size: 1, modified: new Date() });
  };
  return { ...all, old, fill };
}

describe("a deletion", () => {
  it("takes the service with its empty buckets", async () => {
    const { visit, old, manager, state } = await made({ ...plain, input: [place("in")] });
    const { remove, told } = visit();
    await remove("nginx", old);
    expect([manager.changes, state.service("nginx"), state.minio.buckets.size, told]).toEqual([
      [gone],
      undefined,
      0,
      [],
    ]);
  });

  it("is refused while buckets hold data", async () => {
    const { visit, old, manager, state, fill } = await made({ ...plain, input: [place("in")] });
    fill("nginx");
    expect(await failure(visit().remove("nginx", old))).toBe(
      'service "nginx": its bucket "nginx" holds 1 object, and OSCAR would delete it; allowed: an empty bucket, or allowBucketDeletion: true, which has to be deployed first',
    );
    expect([manager.changes, state.service("nginx")?.name]).toEqual([[], "nginx"]);
  });

  it("goes by what was deployed, when that allows it", async () => {
    const { visit, old, state, fill } = await made({
      ...plain,
      input: [place("in")],
      allowBucketDeletion: true,
    });
    fill("nginx");
    await visit().remove("nginx", { ...old, inputs: { ...old.inputs, allowBucketDeletion: false } });
    expect([state.service("nginx"), state.minio.buckets.size]).toEqual([undefined, 0]);
  });

  it("does not take one that someone else has made under its name", async () => {
    const { visit, old, state, manager } = await made(plain);
    const token = "0".repeat(64);
    Object.assign(state.configMaps.get("oscar-svc/nginx")?.fdl ?? {}, { token });
    expect(await failure(visit().remove("nginx", old))).toBe(
      'service "nginx" is not the one that this stack made, since it has another token: someone has made it anew, or the provider is pointed at another cluster; allowed: pulumi refresh, which takes it for the stack\'s own, or another name',
    );
    const found = await visit().refresh("nginx", old);
    if (found === undefined) throw new Error("it is not there");
    await visit().remove("nginx", found);
    expect(manager.changes).toEqual([gone]);
  });

  it("does not take what came to it since then, whatever is allowed", async () => {
    const { visit, old, state } = await made({ ...plain, input: [place("in")], allowBucketDeletion: true });
    state.plantBucket("precious", { "data.bin": 5 });
    const output = [{ storage_provider: "minio.default", path: "precious/out", suffix: [], prefix: [] }];
    Object.assign(state.configMaps.get("oscar-svc/nginx")?.fdl ?? {}, { output });
    expect(await failure(visit().remove("nginx", old))).toBe(
      'service "nginx": bucket "precious", which holds 1 object, came to it outside of Pulumi, and OSCAR would delete it; allowed: a service without it, or pulumi refresh, after which allowBucketDeletion covers it, too',
    );
    const found = await visit().refresh("nginx", old);
    if (found === undefined) throw new Error("it is not there");
    await visit().remove("nginx", found);
    expect(state.minio.buckets.size).toBe(0);
  });

  it("does not take what another resource has just imported", async () => {
    const { visit, old, manager, state } = await made(plain);
    const run = visit();
    await run.import("renamed", "nginx");
    expect(await failure(run.remove("nginx", old))).toBe(
      'service "nginx": it is not deleted, because another resource of this program has just imported or read it; allowed: the option aliases on the new resource, instead of import, or pulumi state delete of the old one, which leaves the service as it is',
    );
    expect([manager.changes, state.service("nginx")?.name]).toEqual([[], "nginx"]);
  });

  it("of what is not there is done, and sends nothing", async () => {
    const { visit, old, manager, state } = await made(plain);
    state.configMaps.clear();
    state.knativeServices.clear();
    await visit().remove("nginx", old);
    expect(manager.changes).toEqual([]);
  });

  it("says what it left behind", async () => {
    const { visit, old, state } = await made({
      ...plain,
      input: [place("in")],
      output: [place("results/out")],
    });
    state.minio.buckets.delete("nginx");
    const { remove, told } = visit();
    await remove("nginx", old);
    expect(told).toEqual([
      'warning: service "nginx" is deleted, but OSCAR has left its buckets behind: "results", which is empty; a service that makes them again is refused until they are deleted',
    ]);
  });

  it("that fails after it acted is done, with a warning", async () => {
    const { visit, old, manager } = await made(plain);
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "DELETE", acting: true });
    const { remove, told } = visit();
    await remove("nginx", old);
    expect(told).toEqual([
      "warning: OSCAR failed after it had deleted it: DELETE /system/services/nginx: 500: oops",
    ]);
  });

  it("that fails and did nothing is an error", async () => {
    const { visit, old, manager } = await made(plain);
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "DELETE" });
    expect(await failure(visit().remove("nginx", old))).toBe(
      'service "nginx" was not deleted: DELETE /system/services/nginx: 500: oops',
    );
  });

  it("that cannot be read back says that nobody knows", async () => {
    const { visit, old, manager } = await made(plain);
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "DELETE", acting: true });
    when(manager, gone, () => manager.faults.plant({ kind: "answer", status: 503, method: "GET", times: 9 }));
    expect(await failure(visit().remove("nginx", old))).toBe(
      'nobody knows whether service "nginx" was deleted: DELETE /system/services/nginx: 500: oops; and it cannot be read: GET /system/services/nginx: 503: what stands before the Manager does not reach it; when OSCAR answers again, run again: one that is gone is done',
    );
  });

  it("is not sent when the user has stopped", async () => {
    const { visit, old, manager } = await made(plain);
    const stop = new AbortController();
    stop.abort();
    expect(await failure(visit({}, stop.signal).remove("nginx", old))).toBe(
      "interrupted before anything was sent to OSCAR",
    );
    expect(manager.changes).toEqual([]);
  });
});
