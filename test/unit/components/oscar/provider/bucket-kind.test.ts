import { describe, expect, it } from "vitest";
import { bucketKind } from "../../../../../components/oscar/provider/bucket-kind";
import { PartialFailure, Secret, unknown, type Properties } from "../../../../../provider";
import type { FakeManagerOptions } from "../../../../support/oscar-manager/fake-manager.js";
import { ana, asking, away, ben, byToken, cluster, thrownBy, unknownYet, type Kept } from "./kinds";

const kept = (inputs: Properties, state: Properties = inputs): Kept => ({ id: "models", inputs, state });
const models = kept({ name: "models" }, { name: "models", owner: "oscar" });

/** A user's cluster, and their own view of it. */
async function ofUser(options: FakeManagerOptions = {}) {
  const whole = await cluster(bucketKind, { users: [ana, ben], ...options });
  return { ...whole, mine: asking(bucketKind, byToken(whole.url, ana)) };
}

describe("check", () => {
  it.each<[Properties, string[]]>([
    [{ name: "models" }, []],
    [{ name: "models", visibility: "private", allowedUsers: [], allowDeletion: true }, []],
    [{}, ["name: got nothing; allowed: a value"]],
    [
      { name: "My_Bad" },
      ['name: got "My_Bad"; allowed: 3 to 63 lower-case letters, digits, hyphens and dots'],
    ],
    [
      { name: "10.0.0.1" },
      ['name: got "10.0.0.1"; allowed: 3 to 63 lower-case letters, digits, hyphens and dots'],
    ],
    [
      { name: new Secret("Hidden") },
      ["name: got a secret; allowed: 3 to 63 lower-case letters, digits, hyphens and dots"],
    ],
    [{ name: "models", visibility: "zzz" }, ['visibility: got "zzz"; allowed: private, public, restricted']],
    [
      { name: "models", allowedUsers: ["ana"] },
      ['allowedUsers: got some; allowed: with visibility: "restricted"'],
    ],
    [
      { name: "models", visibility: "public" },
      [
        'visibility: got "public"; allowed: private, since OSCAR ignores what the administrator asks for here, or a provider with a user\'s token',
      ],
    ],
    [
      { name: 5, allowDeletion: "yes" },
      ["name: got a number; allowed: a text", "allowDeletion: got a text; allowed: true or false"],
    ],
    [{ name: unknown, visibility: unknown, allowedUsers: unknown }, []],
  ])("of %j", async (inputs, faults) => {
    const { faults: check } = await cluster(bucketKind);
    expect(await check(inputs)).toEqual(faults);
  });

  it("says which property was meant", async () => {
    const { faults } = await cluster(bucketKind);
    expect((await faults({ name: "models", allowDeletoin: true })).join()).toContain("allowDeletoin");
    expect((await faults({ name: "models", allowDeletoin: true })).join()).toContain(
      'did you mean "allowDeletion"?',
    );
  });

  it("lets a user share, and asks nobody", async () => {
    const { mine, manager } = await ofUser();
    expect(await mine.faults({ name: "models", visibility: "restricted", allowedUsers: ["ben"] })).toEqual(
      [],
    );
    expect(await mine.faults({ name: "models", visibility: "public" }, unknownYet())).toEqual([]);
    expect(await mine.faults({ name: "models", visibility: "public" }, undefined)).toEqual([]);
    expect(manager.calls).toEqual([]);
  });
});

describe("diff", () => {
  it.each<[string, Properties, Properties, object]>([
    ["nothing", { name: "models" }, { name: "models" }, { changes: false, detailed: {} }],
    [
      "what is a default",
      { name: "models" },
      { name: "models", visibility: "private", allowDeletion: false, allowedUsers: [] },
      { changes: false, detailed: {} },
    ],
    [
      "the order of users",
      { name: "models", visibility: "restricted", allowedUsers: ["a", "b"] },
      { name: "models", visibility: "restricted", allowedUsers: ["b", "a"] },
      { changes: false, detailed: {} },
    ],
    [
      "users, one of them not known yet",
      { name: "models", visibility: "restricted", allowedUsers: ["a"] },
      { name: "models", visibility: "restricted", allowedUsers: ["a", unknown] },
      { changes: true, detailed: { allowedUsers: { kind: "update" } } },
    ],
    [
      "visibility and deletion",
      { name: "models", allowDeletion: true },
      { name: "models", visibility: "public" },
      { changes: true, detailed: { visibility: { kind: "add" }, allowDeletion: { kind: "delete" } } },
    ],
    [
      "the name",
      { name: "models" },
      { name: "other" },
      { changes: true, detailed: { name: { kind: "update", replaces: true } } },
    ],
  ])("of %s", async (_, before, after, expected) => {
    const { diff } = await cluster(bucketKind);
    expect(await diff(kept(before), after)).toEqual(expected);
  });

  it("foretells that a bucket with objects will not go for another name", async () => {
    const { diff, said, state } = await cluster(bucketKind);
    state.plantBucket("models", { "a.bin": 5 });
    await diff(models, { name: "other" });
    expect(said).toEqual([
      'bucket "models": it is not deleted, because it holds 1 object; allowed: an empty bucket, or allowDeletion: true, which has to be deployed first',
    ]);
  });

  it("does without OSCAR", async () => {
    for (const connection of [away(), unknownYet()]) {
      const { diff, said } = asking(bucketKind, connection);
      expect((await diff(models, { name: "other" })).changes).toBe(true);
      expect(said).toEqual([]);
    }
  });
});

describe("create", () => {
  it("makes it, with its owner", async () => {
    const { create, manager, state, said } = await cluster(bucketKind);
    expect(await create({ name: "models" })).toEqual(models);
    expect(manager.changes).toEqual(["POST /system/buckets"]);
    expect([...state.minio.buckets.keys()]).toEqual(["models"]);
    expect(said).toEqual([]);
  });

  it("makes nothing in a preview, and warns of one that is there", async () => {
    const { create, manager, state, said } = await cluster(bucketKind);
    expect(await create({ name: "models" }, { preview: true })).toMatchObject({
      id: "",
      state: { name: "models" },
    });
    expect(said).toEqual([]);
    state.plantBucket("models", { "a.bin": 5, "b.bin": 6 });
    await create({ name: "models" }, { preview: true });
    expect(said).toEqual([
      'bucket "models": there is one already, which holds 2 objects; allowed: a name that is not taken, or the resource option import: "models", by which this program takes it over',
    ]);
    expect(manager.changes).toEqual([]);
  });

  it("asks nobody in a preview where OSCAR is not there, or not known", async () => {
    for (const connection of [away(), unknownYet()]) {
      const { create, said } = asking(bucketKind, connection);
      expect((await create({ name: "models" }, { preview: true })).id).toBe("");
      expect((await create({ name: unknown }, { preview: true })).state).toEqual({ name: unknown });
      expect(said).toEqual([]);
    }
  });

  it("does not take over one that is there", async () => {
    const { create, manager, state } = await cluster(bucketKind);
    state.plantBucket("models", {});
    expect((await thrownBy(create({ name: "models" }))).message).toBe(
      'bucket "models": there is one already, which is empty; allowed: a name that is not taken, or the resource option import: "models", by which this program takes it over',
    );
    expect(manager.changes).toEqual([]);
  });

  it("does not take over one that someone makes at the same moment", async () => {
    const { create, manager } = await cluster(bucketKind);
    manager.faults.plant({
      kind: "answer",
      method: "POST",
      status: 400,
      text: "Error creating bucket with name 'models': the bucket \"models\" already exists\n",
    });
    expect((await thrownBy(create({ name: "models" }))).message).toMatch(
      /^bucket "models": there is one already; allowed: /,
    );
  });

  it.each<["cut" | 500]>([["cut"], [500]])("believes what it sees, not %s", async (kind) => {
    const { create, manager, said } = await cluster(bucketKind);
    const how =
      kind === "cut" ? ({ kind } as const) : ({ kind: "answer", status: 500, text: "oh dear" } as const);
    manager.faults.plant({ ...how, method: "POST", acting: true });
    expect(await create({ name: "models" })).toEqual(models);
    expect(manager.changes).toEqual(["POST /system/buckets"]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^bucket "models" is as it should be, although OSCAR failed: POST \/system\/buckets/,
    );

    manager.faults.plant({ ...how, method: "POST" });
    expect((await thrownBy(create({ name: "others" }))).message).toContain("POST /system/buckets");
  });

  it("of a user's is shared as asked for", async () => {
    const { mine, state } = await ofUser();
    await mine.create({ name: "models", visibility: "restricted", allowedUsers: [ben.uid] });
    expect(state.minio.policies.members("models")).toEqual([ben.uid]);
    expect(state.minio.policies.visibility("models", ana.uid)).toBe("restricted");
  });

  it("keeps one that was made with another visibility in the state", async () => {
    const { mine, state, manager } = await ofUser();
    manager.faults.plant({ kind: "cut", method: "POST", path: "/system/buckets", acting: true });
    const making = mine.create({ name: "models", visibility: "public" });
    // As if the policies had failed half-way.
    const { set } = state.minio.policies;
    state.minio.policies.set = (access) =>
      set.call(state.minio.policies, { ...access, visibility: "private" });
    const error = await thrownBy(making);
    expect(error).toBeInstanceOf(PartialFailure);
    expect(error instanceof PartialFailure && error.made.id).toBe("models");
    expect(error.message).toMatch(/^bucket "models": its visibility is private, not public\n/);

    // The next `up` puts it right, although no input has changed.
    state.minio.policies.set = set;
    const inputs = { name: "models", visibility: "public" };
    await mine.update({ id: "models", inputs, state: inputs }, inputs);
    expect(state.minio.policies.visibility("models", ana.uid)).toBe("public");
  });
});

describe("read", () => {
  it("imports by its name, and knows what is gone", async () => {
    const { read, state } = await cluster(bucketKind);
    expect(await read("models")).toBeUndefined();
    state.plantBucket("models", {}, { owner: "oscar" });
    expect(await read("models")).toEqual(models);
  });

  it("keeps what OSCAR does not know", async () => {
    const { read, state } = await cluster(bucketKind);
    state.plantBucket("models", {}, { owner: "oscar" });
    const inputs = { name: new Secret("models"), visibility: "private", allowDeletion: true };
    expect(await read("models", { inputs, state: inputs })).toEqual({
      id: "models",
      inputs,
      state: { ...inputs, owner: "oscar" },
    });
  });

  it("sees that it was shared, and leaves that alone for the administrator", async () => {
    const { mine, state, read } = await ofUser();
    const made = await mine.create({ name: "models" });
    state.minio.policies.unset({ bucket: "models", owner: ana.uid, visibility: "private", users: [] });
    state.minio.policies.set({ bucket: "models", owner: ana.uid, visibility: "public", users: [] });
    const found = await mine.read("models", made);
    expect(found?.inputs).toEqual({ name: "models", visibility: "public" });
    expect(await mine.diff({ ...made, inputs: found?.inputs ?? {} }, { name: "models" })).toEqual({
      changes: true,
      detailed: { visibility: { kind: "delete" } },
    });
    expect((await read("models"))?.inputs).toEqual({ name: "models" });
    // Said to be private, it is not.
    expect((await read("models", kept({ name: "models", visibility: "private" })))?.inputs).toEqual({
      name: "models",
      visibility: "public",
    });
  });

  it("does not take one that is hidden for gone", async () => {
    const { mine, create } = await ofUser();
    await create({ name: "models" });
    expect(await mine.read("nothing")).toBeUndefined();
    expect((await thrownBy(mine.read("models"))).message).toBe(
      'bucket "models": it is there, and OSCAR does not show it to these credentials',
    );
  });

  it("does not take a Manager without the route for one without the bucket", async () => {
    const { read, manager } = await cluster(bucketKind);
    manager.faults.plant({ kind: "answer", status: 404, text: "404 page not found", times: 9 });
    expect((await thrownBy(read("models"))).message).toContain(
      "this OSCAR does not tell whether it is there",
    );
  });
});

describe("update", () => {
  it("sends nothing for what OSCAR does not know", async () => {
    const { update, create, manager } = await cluster(bucketKind);
    const made = await create({ name: "models" });
    const after = { name: "models", allowDeletion: true };
    expect(await update(made, after)).toEqual({ ...after, owner: "oscar" });
    expect(await update(made, after, { preview: true })).toEqual({ ...after, owner: "oscar" });
    expect(manager.changes).toEqual(["POST /system/buckets"]);
  });

  it("changes who may use it, and sees that it did", async () => {
    const { mine, state, manager } = await ofUser();
    const made = await mine.create({ name: "models" });
    const shared = { name: "models", visibility: "restricted", allowedUsers: [ben.uid] };
    await mine.update(made, shared);
    expect(state.minio.policies.members("models")).toEqual([ben.uid]);
    await mine.update({ ...made, inputs: shared }, { ...shared, allowedUsers: [ana.uid] });
    expect(state.minio.policies.members("models")).toEqual([ana.uid]);

    manager.faults.plant({ kind: "answer", method: "PUT", status: 204 });
    expect((await thrownBy(mine.update(made, shared))).message).toBe(
      `bucket "models": its users are ${ana.uid}, not those of allowedUsers`,
    );
    manager.faults.plant({ kind: "answer", method: "PUT", status: 500, text: "oh dear", acting: true });
    await mine.update(made, shared);
    expect(mine.said).toEqual([
      'bucket "models" is as it should be, although OSCAR failed: PUT /system/buckets: 500: oh dear',
    ]);
  });

  it("is refused to the administrator, whom OSCAR would not heed", async () => {
    const { mine, update, manager } = await ofUser();
    const made = await mine.create({ name: "models", visibility: "public" });
    const before = manager.changes;
    expect((await thrownBy(update(made, { name: "models", visibility: "private" }))).message).toBe(
      'bucket "models": its visibility is public, and OSCAR lets only its owner change that; allowed: no visibility, which leaves it as it is, or a provider with its owner\'s token',
    );
    expect(manager.changes).toEqual(before);
    // Unasked for, it may be any.
    await update(made, { name: "models", allowDeletion: true });
  });
});
