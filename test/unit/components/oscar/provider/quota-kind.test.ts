import { describe, expect, it } from "vitest";
import { actual, asked, inputsOf, wireOf } from "../../../../../components/oscar/provider/quota-inputs";
import { quotaKind } from "../../../../../components/oscar/provider/quota-kind";
import { bytesText, cpusText, quantity } from "../../../../../components/oscar/provider/quantities";
import { Secret, unknown, type Properties } from "../../../../../provider";
import { ana, asking, away, byToken, cluster, thrownBy, unknownYet, type Kept } from "./kinds";

const kept = (inputs: Properties): Kept => ({ id: "ana", inputs, state: inputs });
const disk = { user: "ana", volumes: { disk: "50Gi", volumes: "5" } };
/** A user who came, with the Manager's defaults. */
const defaults = { disk: "7Gi", volumes: "5", max: "5Gi", min: "200Mi" };

describe("quantities", () => {
  it.each<[string, number | undefined]>([
    ["500m", 0.5],
    [".5", 0.5],
    ["2", 2],
    ["0.1Gi", 107374182.4],
    ["1Gi", 2 ** 30],
    ["1024Mi", 2 ** 30],
    ["1e3", 1000],
    ["3k", 3000],
    ["", undefined],
    ["Gi", undefined],
    ["1 Gi", undefined],
    ["-1", undefined],
    ["NotFound", undefined],
  ])("%j", (text, number) => expect(quantity(text)).toBe(number));

  it.each([
    [2 ** 31, "2Gi"],
    [1536 * 2 ** 20, "1536Mi"],
    [1000, "1000"],
    [0, "0"],
  ])("%i bytes", (bytes, text) => expect(bytesText(bytes)).toBe(text));

  it.each([
    [2000, "2"],
    [2500, "2500m"],
    [0, "0"],
  ])("%i thousandths of a CPU", (amount, text) => expect(cpusText(amount)).toBe(text));
});

describe("check", () => {
  it.each<[Properties, string[]]>([
    [{ user: "62bb@egi.eu", cpu: "4", memory: "16Gi", ephemeralStorage: "20Gi", gpu: "1" }, []],
    [disk, []],
    [{ user: "ana", minio: { buckets: "3", storagePerBucket: "5Gi" } }, []],
    [{ user: unknown, cpu: unknown, volumes: unknown, minio: { buckets: unknown } }, []],
    [
      { user: "ana" },
      ["user: got no bounds for it; allowed: at least one of cpu, memory, ephemeralStorage, volumes, minio"],
    ],
    [
      { user: "ana", volumes: {} },
      ["user: got no bounds for it; allowed: at least one of cpu, memory, ephemeralStorage, volumes, minio"],
    ],
    [
      { user: "ana", gpu: "1", volumes: { disk: "1Gi" } },
      [
        "gpu: got it alone; allowed: with cpu, memory or ephemeralStorage, since OSCAR leaves it out of account otherwise",
      ],
    ],
    [
      { user: "../ana", cpu: "0", memory: "10", volumes: { volumes: "5.5" }, minio: { buckets: "-1" } },
      [
        'user: got "../ana"; allowed: a user\'s id: letters, digits and . _ @ -, a letter or digit first',
        'cpu: got "0"; allowed: a number of CPUs, such as 2 or 500m',
        'memory: got "10"; allowed: a size with a unit, such as 2Gi',
        'volumes.volumes: got "5.5"; allowed: a whole number, such as "5"',
        'minio.buckets: got "-1"; allowed: a whole number, such as "5"',
      ],
    ],
    [
      { user: "ana", cpu: new Secret("x") },
      ["cpu: got a secret; allowed: a number of CPUs, such as 2 or 500m"],
    ],
  ])("of %j", async (inputs, faults) => {
    expect(await asking(quotaKind, away()).faults(inputs)).toEqual(faults);
  });

  it("says which property was meant", async () => {
    const [fault = ""] = await asking(quotaKind, away()).faults({
      user: "ana",
      cpu: "1",
      volumes: { disc: "1Gi" },
    });
    expect(fault).toMatch(/^volumes\.disc: .*did you mean "disk"\?$/);
  });

  it("is refused to a user", async () => {
    const { faults } = asking(quotaKind, byToken("http://127.0.0.1:1", ana));
    expect(await faults(disk)).toEqual([
      "user: got a quota from a user with a token; allowed: a provider with the administrator's password",
    ]);
  });
});

describe("the words of OSCAR", () => {
  const quota = {
    user_id: "ana",
    cluster_queue: "ana",
    resources: {
      cpu: { max: 2500, used: 0 },
      memory: { max: 4 * 2 ** 30, used: 0 },
      "ephemeral-storage": { max: 0, used: 0 },
      gpu: { max: 1, used: 0 },
    },
    volumes: {
      disk: { max: "7Gi", used: "0" },
      volumes: { max: "5", used: "0" },
      max_disk_per_volume: "5Gi",
      min_disk_per_volume: "200Mi",
    },
    minio: { buckets: { max: 0, used: 2 }, storage_per_bucket: { max: "0" }, storage_total: { used: "0" } },
  };
  const all = {
    user: "ana",
    cpu: "2500m",
    memory: "4Gi",
    gpu: "1",
    volumes: { disk: "7Gi", volumes: "5", maxDiskPerVolume: "5Gi", minDiskPerVolume: "200Mi" },
  };

  it("are read in ours, without what is not bounded", () => {
    expect(inputsOf("ana", actual(quota, {}))).toEqual(all);
    expect(inputsOf("ana", actual(quota, { cpu: "2.5", memory: "4096Mi" }))).toMatchObject({
      cpu: "2.5",
      memory: "4096Mi",
    });
    // As 3.7 has them.
    const resources = { cpu: { max: "2500m", used: "" }, memory: { max: "", used: "" } };
    expect(actual({ user_id: "ana", resources }, {})).toEqual({ cpu: "2500m" });
  });

  it("are said, and nothing that was not asked for", () => {
    expect(wireOf({ ...all, minio: { buckets: "3", storagePerBucket: "5Gi" } })).toEqual({
      cpu: "2500m",
      memory: "4Gi",
      gpu: "1",
      volumes: { disk: "7Gi", volumes: "5", max_disk_per_volume: "5Gi", min_disk_per_volume: "200Mi" },
      minio: { buckets: "3", storage_per_bucket: "5Gi" },
    });
    expect(wireOf({ user: "ana", ephemeralStorage: "1Gi" })).toEqual({ ephemeral_storage: "1Gi" });
    expect(asked(disk)).toEqual({ "volumes.disk": "50Gi", "volumes.volumes": "5" });
  });
});

describe("diff", () => {
  it.each<[string, Properties, object]>([
    [
      "the same in another way",
      { user: "ana", volumes: { disk: "51200Mi", volumes: "5" } },
      { changes: false, detailed: {} },
    ],
    [
      "a part of the volumes' bounds",
      { user: "ana", volumes: { disk: "50Gi" } },
      { changes: true, detailed: { volumes: { kind: "update" } } },
    ],
    [
      "what is not known yet",
      { ...disk, volumes: { disk: unknown, volumes: "5" } },
      { changes: true, detailed: { volumes: { kind: "update" } } },
    ],
    ["more", { ...disk, cpu: "4" }, { changes: true, detailed: { cpu: { kind: "add" } } }],
    [
      "the user",
      { ...disk, user: "ben" },
      { changes: true, detailed: { user: { kind: "update", replaces: true } } },
    ],
  ])("of %s", async (_, after, expected) => {
    expect(await asking(quotaKind, unknownYet()).diff(kept(disk), after)).toEqual(expected);
  });
});

describe("create", () => {
  it("sets what is asked for, and leaves the rest", async () => {
    const { create, state, manager, said } = await cluster(quotaKind);
    state.quotas.set("ana", defaults);
    expect(await create(disk)).toEqual(kept(disk));
    expect(state.quotas.get("ana")).toEqual({ ...defaults, disk: "50Gi", volumes: "5" });
    expect(manager.changes).toEqual(["PUT /system/quotas/user/ana"]);
    expect(said).toEqual([]);
  });

  it("in a preview asks for no user, since that makes bounds", async () => {
    const { create, manager } = await cluster(quotaKind);
    expect(await create(disk, { preview: true })).toEqual({ id: "", inputs: disk, state: disk });
    expect(manager.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /system/info",
      "GET /system/quotas/user",
    ]);
    for (const connection of [away(), unknownYet()]) {
      const absent = asking(quotaKind, connection);
      await absent.create(disk, { preview: true });
      expect(absent.said).toEqual([]);
    }
  });

  it("says that a user never came", async () => {
    const { create } = await cluster(quotaKind);
    expect((await thrownBy(create(disk))).message).toBe(
      'quota of "ana": OSCAR does not know this user (getting volume quotas for user ana: resourcequotas "ana" not found); allowed: the id of a user who has logged in to OSCAR once',
    );
  });

  it.each([
    [{ generation: "3.7", version: "3.6.5" }, "quotas: this OSCAR is 3.6.5; allowed: 3.7 or later"],
    [
      { volumes: false },
      "quotas: this OSCAR has none; allowed: one installed with Kueue or volumes (KUEUE_ENABLE=true or VOLUME_ENABLE=true in its Manager's environment)",
    ],
  ] as const)("of an OSCAR with %j says what is missing", async (options, message) => {
    const { create, read, said, manager } = await cluster(quotaKind, options);
    await create(disk, { preview: true });
    expect(said).toEqual([message]);
    expect((await thrownBy(create(disk))).message).toBe(message);
    expect((await thrownBy(read("ana"))).message).toBe(message);
    expect(manager.changes).toEqual([]);
  });

  it("does not believe a success that set nothing", async () => {
    const { create, state } = await cluster(quotaKind);
    state.quotas.set("ana", defaults);
    expect((await thrownBy(create({ ...disk, cpu: "4" }))).message).toBe(
      [
        'quota of "ana": cpu is not bounded, not 4',
        "OSCAR says that it is set: does this OSCAR bound it (by Kueue, volumes or MinIO)?",
      ].join("\n"),
    );
  });

  it("believes what it sees, not a failure", async () => {
    const { create, state, manager, said } = await cluster(quotaKind);
    state.quotas.set("ana", defaults);
    manager.faults.plant({ kind: "answer", method: "PUT", status: 500, text: "oh dear" });
    expect((await thrownBy(create(disk))).message).toBe(
      'quota of "ana": volumes.disk is 7Gi, not 50Gi\nPUT /system/quotas/user/ana: 500: oh dear',
    );
    manager.faults.plant({ kind: "answer", method: "PUT", status: 500, text: "oh dear", acting: true });
    await create(disk);
    expect(said).toEqual([
      'quota of "ana" is as it should be, although OSCAR failed: PUT /system/quotas/user/ana: 500: oh dear',
    ]);
  });
});

describe("read", () => {
  it("imports all bounds, and watches those asked for", async () => {
    const { read, state } = await cluster(quotaKind);
    expect(await read("ana")).toBeUndefined();
    state.quotas.set("ana", defaults);
    expect((await read("ana"))?.inputs).toEqual({
      user: "ana",
      volumes: { disk: "7Gi", volumes: "5", maxDiskPerVolume: "5Gi", minDiskPerVolume: "200Mi" },
    });
    expect(await read("ana", kept({ user: "ana", volumes: { disk: "7168Mi" } }))).toEqual(
      kept({ user: "ana", volumes: { disk: "7168Mi" } }),
    );
    expect((await read("ana", kept(disk)))?.inputs).toEqual({
      user: "ana",
      volumes: { disk: "7Gi", volumes: "5" },
    });
  });
});

describe("update", () => {
  it("says which bounds stay", async () => {
    const { update, state, said } = await cluster(quotaKind);
    state.quotas.set("ana", defaults);
    const after = { user: "ana", volumes: { disk: "9Gi" } };
    expect(await update(kept(disk), after, { preview: true })).toEqual(after);
    expect(state.quotas.get("ana")).toEqual(defaults);
    expect(await update(kept(disk), after)).toEqual(after);
    expect(state.quotas.get("ana")).toEqual({ ...defaults, disk: "9Gi" });
    expect(said).toEqual([
      'quota of "ana": OSCAR cannot take a bound away: volumes.volumes 5 stays as it is',
    ]);
  });
});

it("delete leaves it, asks nobody, and says so", async () => {
  const { delete: remove, said } = asking(quotaKind, away());
  await remove(kept(disk));
  expect(said).toEqual([
    'quota of "ana": OSCAR cannot delete it: volumes.disk 50Gi, volumes.volumes 5 stays as it is',
  ]);
});
