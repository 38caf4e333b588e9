import { describe, expect, it } from "vitest";
import { volumeKind } from "../../../../../components/oscar/provider/volume-kind";
import { Secret, unknown, type Properties } from "../../../../../provider";
import { asking, away, cluster, thrownBy, unknownYet, type Kept } from "./kinds";

const data = { name: "data", size: "1Gi" };
const kept = (inputs: Properties = data): Kept => ({
  id: "data",
  inputs,
  state: { ...inputs, phase: "ready" },
});
const taken =
  'volume "data": there is one already; allowed: a name that is not taken, or the resource option import: "data", by which this program takes it over';

const mounting = (name: string) => ({
  name,
  image: "nginx:1.27",
  script: "#!/bin/sh\n",
  volume: { name: "data", mount_path: "/data" },
});

describe("check", () => {
  it.each<[Properties, string[]]>([
    [data, []],
    [{ name: unknown, size: unknown }, []],
    [{}, ["name: got nothing; allowed: a value", "size: got nothing; allowed: a value"]],
    [
      { name: "V_1", size: "10" },
      [
        'name: got "V_1"; allowed: lower-case letters, digits and hyphens, at most 63 characters',
        'size: got "10"; allowed: a size with a unit, such as 2Gi',
      ],
    ],
    [
      { name: "data", size: new Secret("x") },
      ["size: got a secret; allowed: a size with a unit, such as 2Gi"],
    ],
    [{ ...data, size: 10 }, ["size: got a number; allowed: a text"]],
  ])("of %j", async (inputs, faults) => {
    expect(await asking(volumeKind, away()).faults(inputs)).toEqual(faults);
  });

  it("says which property was meant", async () => {
    const [fault = ""] = await asking(volumeKind, away()).faults({ ...data, sizes: "1Gi" });
    expect(fault).toMatch(/^sizes: .*did you mean "size"\?$/);
  });
});

describe("diff", () => {
  it.each<[string, Properties, object]>([
    ["nothing", data, { changes: false, detailed: {} }],
    ["the same size", { ...data, size: "1024Mi" }, { changes: false, detailed: {} }],
    [
      "the size",
      { ...data, size: "2Gi" },
      { changes: true, detailed: { size: { kind: "update", replaces: true } } },
    ],
    [
      "a name not known yet",
      { ...data, name: unknown },
      { changes: true, detailed: { name: { kind: "update", replaces: true } } },
    ],
  ])("of %s, the old one goes first", async (_, after, expected) => {
    const { diff, said } = asking(volumeKind, unknownYet());
    expect(await diff(kept(), after)).toEqual({ ...expected, deleteBeforeReplace: true });
    expect(said).toEqual(
      "changes" in expected && expected.changes === true
        ? [
            'volume "data" is replaced by another, empty one, since OSCAR changes neither name nor size; what is on it goes',
          ]
        : [],
    );
  });
});

describe("create", () => {
  it("makes it, and does not wait for storage", async () => {
    const { create, manager, state } = await cluster(volumeKind);
    expect(await create(data)).toEqual(kept());
    expect(state.volumes.get("oscar-svc/data")?.size).toBe("1Gi");
    expect(manager.changes).toEqual(["POST /system/volumes"]);
    // One that waits for its first pod is taken as it is.
    const read = await thrownBy(create(data));
    expect(read.message).toBe(taken);
  });

  it("takes one that is pending as made", async () => {
    const { create, manager } = await cluster(volumeKind);
    const pending = { name: "data", size: "1Gi", status: { phase: "pending" } };
    manager.faults.plant({ kind: "answer", method: "GET", path: "/system/volumes/data", status: 404 });
    manager.faults.plant({
      kind: "answer",
      method: "GET",
      path: "/system/volumes/data",
      status: 200,
      text: JSON.stringify(pending),
    });
    expect((await create(data)).state).toEqual({ ...data, phase: "pending" });
  });

  it("makes nothing in a preview", async () => {
    const { create, manager, said } = await cluster(volumeKind);
    expect(await create(data, { preview: true })).toEqual({ id: "", inputs: data, state: data });
    expect(manager.changes).toEqual([]);
    for (const connection of [away(), unknownYet()]) {
      const absent = asking(volumeKind, connection);
      expect((await absent.create({ name: unknown, size: unknown }, { preview: true })).id).toBe("");
      expect([...absent.said, ...said]).toEqual([]);
    }
  });

  it.each([
    [{ generation: "3.7" }, "volumes: this OSCAR is 3.7.1; allowed: 4.0 or later"],
    [
      { volumes: false },
      "volumes: this OSCAR has them switched off; allowed: one installed with them (VOLUME_ENABLE=true in its Manager's environment)",
    ],
  ] as const)("of an OSCAR with %j says what is missing", async (options, message) => {
    const { create, manager, said, read, delete: remove } = await cluster(volumeKind, options);
    await create(data, { preview: true });
    expect(said).toEqual([message]);
    expect((await thrownBy(create(data))).message).toBe(message);
    // What it does not know is not gone.
    expect((await thrownBy(read("data"))).message).toBe(message);
    expect((await thrownBy(remove(kept()))).message).toBe(message);
    expect(manager.changes).toEqual([]);
  });

  it("does not take over one that is there", async () => {
    const { create, manager, state } = await cluster(volumeKind);
    state.volumes.set("oscar-svc/data", { size: "1Gi", owner: "cluster_admin", mode: "api" });
    expect((await thrownBy(create(data))).message).toBe(taken);
    expect(manager.changes).toEqual([]);
    state.volumes.clear();
    manager.faults.plant({
      kind: "answer",
      method: "POST",
      status: 409,
      text: "volume already exists in caller namespace",
    });
    expect((await thrownBy(create(data))).message).toBe(taken);
  });

  it("waits for the end of one that is being deleted", async () => {
    const { create, state } = await cluster(volumeKind, { volumeDeleteMs: 300 });
    state.volumes.set("oscar-svc/data", {
      size: "9Gi",
      owner: "cluster_admin",
      mode: "api",
      deletedAt: Date.now(),
    });
    expect(await create(data)).toEqual(kept());
    expect(state.volumes.get("oscar-svc/data")?.size).toBe("1Gi");
  });

  it("believes what it sees, not a failure", async () => {
    const { create, manager, said } = await cluster(volumeKind);
    manager.faults.plant({ kind: "answer", method: "POST", status: 500, text: "oh dear", acting: true });
    expect(await create(data)).toEqual(kept());
    expect(said).toEqual([
      'volume "data" is as it should be, although OSCAR failed: POST /system/volumes: 500: oh dear',
    ]);
    manager.faults.plant({ kind: "cut", method: "POST" });
    expect((await thrownBy(create({ ...data, name: "other" }))).message).toContain("POST /system/volumes");
  });
});

describe("read", () => {
  it("imports by its name, and knows what is gone, or going", async () => {
    const { read, state } = await cluster(volumeKind, { volumeDeleteMs: 10_000 });
    expect(await read("data")).toBeUndefined();
    state.volumes.set("oscar-svc/data", { size: "1Gi", owner: "cluster_admin", mode: "api" });
    expect(await read("data")).toEqual(kept());
    state.volumes.set("oscar-svc/data", {
      size: "1Gi",
      owner: "cluster_admin",
      mode: "api",
      deletedAt: Date.now(),
    });
    expect(await read("data")).toBeUndefined();
  });

  it("says the size as the program does, where it is the same", async () => {
    const { read, state } = await cluster(volumeKind);
    state.volumes.set("oscar-svc/data", { size: "1Gi", owner: "cluster_admin", mode: "api" });
    const inputs = { name: "data", size: new Secret("1024Mi") };
    expect((await read("data", { inputs, state: inputs }))?.inputs).toEqual(inputs);
    expect((await read("data", kept({ name: "data", size: "2Gi" })))?.inputs).toEqual(data);
  });
});

describe("update", () => {
  it("sends nothing", async () => {
    const after = { ...data, size: "1024Mi" };
    expect(await asking(volumeKind, away()).update(kept(), after)).toEqual({ ...after, phase: "ready" });
  });
});

describe("delete", () => {
  it("waits until it is gone, and takes one that is", async () => {
    const { create, delete: remove, state, manager } = await cluster(volumeKind, { volumeDeleteMs: 250 });
    const made = await create(data);
    const start = Date.now();
    await remove(made);
    expect(Date.now() - start).toBeGreaterThanOrEqual(250);
    expect(state.volumes.size).toBe(0);
    await remove(made);
    expect(manager.changes).toEqual(["POST /system/volumes", "DELETE /system/volumes/data"]);
  });

  it("does not wait for ever", async () => {
    const { create, delete: remove } = await cluster(volumeKind, { volumeDeleteMs: 10_000 });
    expect((await thrownBy(remove(await create(data), 0.2))).message).toBe(
      'volume "data": it is being deleted, and not gone after 0.2 s; a pod that uses it keeps it: look for one in the cluster, and try again',
    );
  });

  it("is refused while services mount it, by their names", async () => {
    const { create, delete: remove, state, manager } = await cluster(volumeKind);
    const made = await create(data);
    state.plantRecord(mounting("llm"));
    expect((await thrownBy(remove(made))).message).toBe(
      'volume "data": it is not deleted, because service "llm" mounts it at /data; allowed: a volume that no service mounts (a service that has the name from this resource goes first)',
    );
    expect(manager.changes).toEqual(["POST /system/volumes"]);
  });

  it("is refused where a service comes to mount it at the same moment", async () => {
    const { create, delete: remove, manager } = await cluster(volumeKind);
    const made = await create(data);
    const text = "managed volume is still attached to one or more services";
    manager.faults.plant({ kind: "answer", method: "DELETE", status: 400, text });
    expect((await thrownBy(remove(made))).message).toMatch(
      /^volume "data": it is not deleted, because a service mounts it; allowed: /,
    );
  });

  it("believes what it sees, not what OSCAR says", async () => {
    const { create, delete: remove, manager, state } = await cluster(volumeKind);
    const made = await create(data);
    manager.faults.plant({ kind: "answer", method: "DELETE", status: 204 });
    expect((await thrownBy(remove(made))).message).toBe(
      'volume "data": OSCAR says that it is deleted, and it is there; try again',
    );
    manager.faults.plant({ kind: "answer", method: "DELETE", status: 500, text: "oh dear" });
    expect((await thrownBy(remove(made))).message).toBe("DELETE /system/volumes/data: 500: oh dear");
    manager.faults.plant({ kind: "answer", method: "DELETE", status: 500, text: "oh dear", acting: true });
    await remove(made);
    expect(state.volumes.size).toBe(0);
  });
});
