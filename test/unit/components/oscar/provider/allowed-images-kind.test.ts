import { describe, expect, it } from "vitest";
import { allowedImagesKind } from "../../../../../components/oscar/provider/allowed-images-kind";
import { Secret, unknown, type Properties } from "../../../../../provider";
import { ana, asking, away, byToken, cluster, thrownBy, unknownYet, type Kept } from "./kinds";

const id = "allowed-images";
const acme = { repositories: ["ghcr.io/acme/"] };
const kept = (inputs: Properties = acme): Kept => ({ id, inputs, state: inputs });

describe("check", () => {
  it.each<[Properties, string[]]>([
    [acme, []],
    [{ repositories: unknown }, []],
    [{ repositories: ["a/", unknown] }, []],
    [{}, ["repositories: got nothing; allowed: a value"]],
    [
      { repositories: [] },
      [
        "repositories: got an empty list; allowed: at least one; without this resource every image is allowed",
      ],
    ],
    [
      { repositories: ["a/", "", "b c"] },
      [
        'repositories[1]: got ""; allowed: a part of images\' names, such as ghcr.io/acme/',
        'repositories[2]: got "b c"; allowed: a part of images\' names, such as ghcr.io/acme/',
      ],
    ],
    [
      { repositories: new Secret([" "]) },
      ["repositories[0]: got a secret; allowed: a part of images' names, such as ghcr.io/acme/"],
    ],
    [{ repositories: "a/" }, ["repositories: got a text; allowed: a list"]],
  ])("of %j", async (inputs, faults) => {
    expect(await asking(allowedImagesKind, away()).faults(inputs)).toEqual(faults);
  });

  it("is refused to a user", async () => {
    const { faults } = asking(allowedImagesKind, byToken("http://127.0.0.1:1", ana));
    expect(await faults(acme)).toEqual([
      "repositories: got a list from a user with a token; allowed: a provider with the administrator's password",
    ]);
    expect(await faults(acme, unknownYet())).toEqual([]);
  });
});

it("diff does not mind the order", async () => {
  const { diff } = asking(allowedImagesKind, unknownYet());
  const two = { repositories: ["a/", "b/"] };
  expect(await diff(kept(two), { repositories: ["b/", "a/"] })).toEqual({ changes: false, detailed: {} });
  for (const repositories of [["a/"], ["a/", unknown], unknown]) {
    expect(await diff(kept(two), { repositories })).toEqual({
      changes: true,
      detailed: { repositories: { kind: "update" } },
    });
  }
});

const inTheWay =
  'the list of allowed images: there is one already, "quay.io/"; allowed: an OSCAR without one, or the resource option import: "allowed-images", by which this program takes it over; where it is that of an OscarCluster (allowedImages), leave this resource out';

describe("create", () => {
  it("writes the list", async () => {
    const { create, state, manager } = await cluster(allowedImagesKind);
    expect(await create(acme)).toEqual(kept());
    expect(state.allowedImages).toEqual(["ghcr.io/acme/"]);
    expect(manager.changes).toEqual(["PUT /system/config"]);
  });

  it("writes nothing in a preview", async () => {
    const { create, state, manager, said } = await cluster(allowedImagesKind);
    expect((await create(acme, { preview: true })).state).toEqual(acme);
    expect(said).toEqual([]);
    state.allowedImages = ["quay.io/"];
    await create(acme, { preview: true });
    expect(said).toEqual([inTheWay]);
    expect(manager.changes).toEqual([]);
    for (const connection of [away(), unknownYet()]) {
      const absent = asking(allowedImagesKind, connection);
      await absent.create(acme, { preview: true });
      expect(absent.said).toEqual([]);
    }
  });

  it("does not replace another list", async () => {
    const { create, state, manager } = await cluster(allowedImagesKind);
    state.allowedImages = ["quay.io/"];
    expect((await thrownBy(create(acme))).message).toBe(inTheWay);
    expect(manager.changes).toEqual([]);
    state.allowedImages = ["ghcr.io/acme/"];
    expect(await create(acme)).toEqual(kept());
  });

  it("of an OSCAR without says so", async () => {
    const { create, read } = await cluster(allowedImagesKind, { generation: "3.7" });
    const message = "the list of allowed images: this OSCAR is 3.7.1; allowed: 4.0 or later";
    expect((await thrownBy(create(acme))).message).toBe(message);
    expect((await thrownBy(read(id))).message).toBe(message);
  });

  it("believes what it sees, not a failure", async () => {
    const { create, manager, said } = await cluster(allowedImagesKind);
    manager.faults.plant({ kind: "answer", method: "PUT", status: 500, text: "{}" });
    expect((await thrownBy(create(acme))).message).toBe("PUT /system/config: 500: {}");
    manager.faults.plant({ kind: "answer", method: "PUT", status: 500, text: "{}", acting: true });
    expect(await create(acme)).toEqual(kept());
    expect(said).toEqual([
      "the list of allowed images is as it should be, although OSCAR failed: PUT /system/config: 500: {}",
    ]);
  });
});

describe("read", () => {
  it("takes an empty list for none, and imports by the one id", async () => {
    const { read, state } = await cluster(allowedImagesKind);
    for (const none of [[], undefined]) {
      state.allowedImages = none;
      expect(await read(id)).toBeUndefined();
    }
    state.allowedImages = ["b/", "a/"];
    expect(await read(id)).toEqual(kept({ repositories: ["b/", "a/"] }));
    expect((await read(id, kept({ repositories: ["a/", "b/"] })))?.inputs).toEqual({
      repositories: ["a/", "b/"],
    });
    expect((await read(id, kept()))?.inputs).toEqual({ repositories: ["b/", "a/"] });
    expect((await thrownBy(read("images"))).message).toBe('id: got "images"; allowed: allowed-images');
  });

  it("keeps MinIO's keys to itself", async () => {
    const { read, state } = await cluster(allowedImagesKind);
    state.allowedImages = ["a/"];
    expect(JSON.stringify(await read(id))).not.toMatch(/minio/);
  });
});

it("update replaces the list, but not in a preview", async () => {
  const { update, state } = await cluster(allowedImagesKind);
  state.allowedImages = ["a/"];
  const after = { repositories: ["b/", "c/"] };
  expect(await update(kept(), after, { preview: true })).toEqual(after);
  expect(state.allowedImages).toEqual(["a/"]);
  expect(await update(kept(), after)).toEqual(after);
  expect(state.allowedImages).toEqual(["b/", "c/"]);
});

it("delete empties the list, and says what that means", async () => {
  const { delete: remove, state, said } = await cluster(allowedImagesKind);
  state.allowedImages = ["a/"];
  await remove(kept());
  expect(state.allowedImages).toEqual([]);
  expect(said).toEqual(["OSCAR now allows services with any image: the list of allowed ones is empty"]);
});
