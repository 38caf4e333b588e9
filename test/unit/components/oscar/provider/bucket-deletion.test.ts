import { describe, expect, it } from "vitest";
import { bucketKind } from "../../../../../components/oscar/provider/bucket-kind";
import { ana, asking, byToken, cluster, thrownBy, type Kept } from "./kinds";
import type { Properties } from "../../../../../provider";

const kept = (inputs: Properties, state: Properties = inputs): Kept => ({ id: "models", inputs, state });
const models = kept({ name: "models" }, { name: "models", owner: "oscar" });

const object = { size: 5, modified: new Date() };

const holding = (more = ""): string =>
  `bucket "models": it is not deleted, because it holds ${more}; allowed: an empty bucket, or allowDeletion: true, which has to be deployed first`;

describe("the deletion of a bucket", () => {
  it("takes an empty one, and one that is gone", async () => {
    const { create, delete: remove, state, manager } = await cluster(bucketKind);
    const made = await create({ name: "models" });
    state.minio.makeFolder("models", "empty-folder");
    await remove(made);
    expect(state.minio.buckets.size).toBe(0);
    const before = manager.changes;
    await remove(made);
    expect(manager.changes).toEqual(before);
  });

  it.each([1, 3, 100, 300])("is refused with %i objects in it, and nothing is sent", async (objects) => {
    const { create, delete: remove, state, manager } = await cluster(bucketKind);
    const made = await create({ name: "models" });
    for (let index = 0; index < objects; index += 1)
      state.minio.buckets.get("models")?.objects.set(`${index}`, object);
    const before = manager.changes;
    const count =
      objects === 1 ? "1 object" : objects === 300 ? "at least 140 objects" : `${objects} objects`;
    expect((await thrownBy(remove(made))).message).toBe(holding(count));
    expect(manager.changes).toEqual(before);
    expect(state.minio.buckets.get("models")?.objects.size).toBe(objects);
  });

  it("heeds what was deployed, not what is asked for now", async () => {
    const { delete: remove, state } = await cluster(bucketKind);
    state.plantBucket("models", { "a.bin": 5 });
    const allowing = { name: "models", allowDeletion: true };
    expect((await thrownBy(remove(kept(allowing, { name: "models" })))).message).toBe(holding("1 object"));
    await remove(kept({ name: "models" }, allowing));
    expect(state.minio.buckets.size).toBe(0);
  });

  it.each<[string, object]>([
    ["input", { input: [{ storage_provider: "minio.default", path: "models/in" }] }],
    ["output", { output: [{ storage_provider: "minio", path: "/models/out/" }] }],
    ["mount", { mount: { storage_provider: "minio.default", path: "models" } }],
    [
      "mount and output",
      {
        mount: { storage_provider: "minio.default", path: "models/a" },
        output: [{ storage_provider: "minio.default", path: "models/out" }],
      },
    ],
    ["user's", { isolation_level: "USER", bucket_list: ["models"] }],
  ])("is refused while it is a service's %s, whatever is allowed", async (_, place) => {
    const { delete: remove, state, manager } = await cluster(bucketKind);
    state.plantBucket("models", {});
    state.plantRecord({ name: "llm", image: "nginx:1.27", script: "#!/bin/sh\n", ...place });
    const error = await thrownBy(remove(kept({ name: "models", allowDeletion: true })));
    expect(error.message).toBe(
      'bucket "models": it is not deleted, because service "llm" uses it; allowed: a bucket that is no service\'s input, output or mount (a service that has the name from this resource goes first)',
    );
    expect(manager.changes).toEqual([]);
    expect(state.minio.buckets.has("models")).toBe(true);
  });

  it("does not mind services with buckets of other names, or elsewhere", async () => {
    const { delete: remove, state } = await cluster(bucketKind);
    state.plantBucket("models", {});
    state.plantRecord({
      name: "llm",
      image: "nginx:1.27",
      script: "#!/bin/sh\n",
      input: [{ storage_provider: "minio.default", path: "others/models" }],
      output: [{ storage_provider: "onedata.mine", path: "models/out" }],
    });
    await remove(models);
    expect(state.minio.buckets.size).toBe(0);
  });

  it("is refused where OSCAR does not tell of its services", async () => {
    const { delete: remove, state, manager } = await cluster(bucketKind);
    state.plantBucket("models", {});
    manager.faults.plant({
      kind: "answer",
      path: "/system/services",
      status: 500,
      text: 'the FDL of the service "hz" cannot be read',
    });
    expect((await thrownBy(remove(models))).message).toBe(
      'bucket "models": it is not deleted, because OSCAR does not tell which services use it (GET /system/services: 500: the FDL of the service "hz" cannot be read)',
    );
    expect(manager.changes).toEqual([]);
  });

  it("is refused to a user who may not see what it holds", async () => {
    const { create, manager, url } = await cluster(bucketKind, { users: [ana] });
    const made = await create({ name: "models" });
    const mine = asking(bucketKind, byToken(url, ana));
    expect((await thrownBy(mine.delete(made))).message).toBe(
      'bucket "models": it is not deleted, because it holds what these credentials may not see; allowed: an empty bucket, or allowDeletion: true, which has to be deployed first',
    );
    expect(manager.changes.filter((line) => line.startsWith("DELETE"))).toEqual([]);
  });

  it("believes what it sees, not what OSCAR says", async () => {
    const { create, delete: remove, manager, said } = await cluster(bucketKind);
    const made = await create({ name: "models" });
    manager.faults.plant({ kind: "answer", method: "DELETE", status: 204 });
    expect((await thrownBy(remove(made))).message).toBe(
      'bucket "models": OSCAR says that it is deleted, and it is empty',
    );
    manager.faults.plant({ kind: "answer", method: "DELETE", status: 500, text: "oh dear" });
    expect((await thrownBy(remove(made))).message).toBe("DELETE /system/buckets/models: 500: oh dear");
    manager.faults.plant({ kind: "cut", method: "DELETE", acting: true });
    await remove(made);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^bucket "models" is deleted, although OSCAR failed: /);
  });
});
