import { describe, expect, it } from "vitest";
import { accelerators } from "../../../../components/host/gke/machines/accelerators";
import { zonesWith } from "../../../../components/host/gke/machines/accelerator-zones";
import {
  countsOf,
  gpuCount,
  machineNamed,
  machines,
  machinesWith,
} from "../../../../components/host/gke/machines/catalogue";
import { checkMachine, type WantedMachine } from "../../../../components/host/gke/machines/check-machine";
import { nearestGpus } from "../../../../components/host/gke/machines/nearest";
import { roomOn } from "../../../../components/host/gke/machines/room";

describe("the catalogue", () => {
  it("has every machine once, each with a disk to boot from, and GPUs that are known", () => {
    const names = machines.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, cpu, memoryGb, bootDisks, gpu, attachable = [] } of machines) {
      expect([name, cpu > 0, memoryGb > 0, bootDisks.length > 0]).toEqual([name, true, true, true]);
      const types = [...(gpu === undefined ? [] : [gpu.type]), ...attachable.map(({ type }) => type)];
      expect(types.filter((type) => !Object.hasOwn(accelerators, type))).toEqual([]);
    }
  });

  it("has a machine for every GPU", () => {
    expect(Object.keys(accelerators).filter((type) => countsOf(type).length === 0)).toEqual([]);
  });

  // What the tables of Google say, one of each family.
  it.each([
    ["g2-standard-8", 8, 32, "1 × nvidia-l4"],
    ["g2-standard-32", 32, 128, "1 × nvidia-l4"],
    ["g2-standard-96", 96, 384, "8 × nvidia-l4"],
    ["g4-standard-192", 192, 720, "4 × nvidia-rtx-pro-6000"],
    ["a2-highgpu-2g", 24, 170, "2 × nvidia-tesla-a100"],
    ["a2-megagpu-16g", 96, 1360, "16 × nvidia-tesla-a100"],
    ["a2-ultragpu-8g", 96, 1360, "8 × nvidia-a100-80gb"],
    ["a3-highgpu-4g", 104, 936, "4 × nvidia-h100-80gb"],
    ["a3-megagpu-8g", 208, 1872, "8 × nvidia-h100-mega-80gb"],
    ["a3-ultragpu-8g", 224, 2952, "8 × nvidia-h200-141gb"],
    ["a4-highgpu-8g", 224, 3968, "8 × nvidia-b200"],
    ["n1-standard-1", 1, 3.75, undefined],
    ["n1-highcpu-32", 32, 28.8, undefined],
    ["e2-standard-4", 4, 16, undefined],
    ["e2-medium", 2, 4, undefined],
    ["n2-highmem-96", 96, 768, undefined],
    ["n2d-standard-224", 224, 896, undefined],
    ["n4-standard-80", 80, 320, undefined],
    ["t2d-standard-60", 60, 240, undefined],
    ["c3-standard-22", 22, 88, undefined],
    ["c4-standard-2", 2, 7, undefined],
    ["c4-highmem-4", 4, 31, undefined],
  ])("%s has %d CPUs, %d GB and %s", (name, cpu, memoryGb, gpus) => {
    const { gpu, ...machine } = machineNamed(name) ?? {};
    expect(machine).toMatchObject({ name, cpu, memoryGb, family: name.split("-")[0] });
    expect(gpu && `${gpu.count} × ${gpu.type}`).toBe(gpus);
  });

  it("does not know what is no machine", () => {
    expect([machineNamed("g2-standard-6"), machineNamed("toString")]).toEqual([undefined, undefined]);
  });

  it.each([
    [
      "n1-standard-8",
      [
        "nvidia-tesla-t4 1,2,4",
        "nvidia-tesla-v100 1,2,4,8",
        "nvidia-tesla-p100 1,2,4",
        "nvidia-tesla-p4 1,2,4",
      ],
    ],
    [
      "n1-standard-64",
      ["nvidia-tesla-t4 4", "nvidia-tesla-v100 8", "nvidia-tesla-p100 4", "nvidia-tesla-p4 4"],
    ],
  ])("%s can be given %s", (name, attachable) => {
    expect(machineNamed(name)?.attachable?.map(({ type, counts }) => `${type} ${counts.join(",")}`)).toEqual(
      attachable,
    );
  });

  it("finds the machines of a GPU", () => {
    expect(machinesWith({ type: "nvidia-l4", count: 2 }).map(({ name }) => name)).toEqual(["g2-standard-24"]);
    expect(countsOf("nvidia-tesla-t4")).toEqual([1, 2, 4]);
  });

  it.each([
    ["as said", "g2-standard-8", { type: "nvidia-l4", count: 2 }, 2],
    ["as built in", "g2-standard-96", { type: "nvidia-l4" }, 8],
    ["one, where they are attached", "n1-standard-8", { type: "nvidia-tesla-t4" }, 1],
  ])("counts GPUs %s", (_, machineType, gpu, count) => {
    expect(gpuCount(machineType, gpu)).toBe(count);
  });

  it("knows the zones of a GPU, or that it does not", () => {
    expect(zonesWith("nvidia-l4", "us-east4")).toEqual(["us-east4-a", "us-east4-c"]);
    expect(zonesWith("nvidia-l4", "us-east")).toBeUndefined();
    expect(zonesWith("nvidia-rtx-pro-6000", "us-east4")).toBeUndefined();
    expect(zonesWith("toString", "us-east4")).toBeUndefined();
  });
});

describe("a GPU's name that is almost right", () => {
  const known = Object.keys(accelerators);
  it.each<[string, string[]]>([
    ["nvidia-a100", ["nvidia-tesla-a100", "nvidia-a100-80gb"]],
    ["A100-80GB", ["nvidia-a100-80gb"]],
    ["nvidia-h100", ["nvidia-h100-80gb", "nvidia-h100-mega-80gb"]],
    ["h100", ["nvidia-h100-80gb", "nvidia-h100-mega-80gb"]],
    ["h100-mega", ["nvidia-h100-mega-80gb"]],
    ["nvidia-t4", ["nvidia-tesla-t4"]],
    ["T4", ["nvidia-tesla-t4"]],
    ["l4", ["nvidia-l4"]],
    ["nvidia-L4", ["nvidia-l4"]],
    ["NVIDIA Tesla L4", ["nvidia-l4"]],
    ["nvidia-v100", ["nvidia-tesla-v100"]],
    ["p100", ["nvidia-tesla-p100"]],
    ["nvidia-p4", ["nvidia-tesla-p4"]],
    ["nvidia-h200", ["nvidia-h200-141gb"]],
    ["b200", ["nvidia-b200"]],
    ["rtx-6000", ["nvidia-rtx-pro-6000"]],
    ["nvidia-h10", ["nvidia-h100-80gb", "nvidia-h100-mega-80gb"]],
    ["nvidia-l40", ["nvidia-l4"]],
    ["nvidia-80gb", []],
    ["nvidia", []],
    ["", []],
    ["radeon", []],
  ])("%s is %s", (written, meant) => expect(nearestGpus(written, known)).toEqual(meant));
});

describe("what a node has for pods", () => {
  // Memory by hand: 16 GiB keep 2.6 and 0.098; 32 GiB 3.56; 85 GiB 6.74; 1360 GiB 33.96.
  it.each([
    ["n1-standard-1", 0.5, 2.7],
    ["g2-standard-4", 3.5, 13.3],
    ["g2-standard-8", 7.5, 28.3],
    ["a2-highgpu-1g", 11.5, 78.1],
    ["a2-ultragpu-8g", 95.5, 1325.9],
  ])("of %s is %d CPUs and %d GB", (name, cpu, memoryGb) => {
    const machine = machineNamed(name);
    expect(machine && roomOn(machine)).toEqual({ cpu, memoryGb });
  });
});

const l4 = { type: "nvidia-l4" };
const t4 = { type: "nvidia-tesla-t4" };
const a100 = { type: "nvidia-tesla-a100" };

describe("a machine and what is on it", () => {
  it.each<[string, Omit<WantedMachine, "where">]>([
    ["one L4", { machineType: "g2-standard-8", gpu: { ...l4, count: 1 } }],
    ["what is built in", { machineType: "g2-standard-48", gpu: l4 }],
    ["four T4", { machineType: "n1-standard-96", gpu: { ...t4, count: 4 } }],
    ["no GPU", { machineType: "e2-standard-4" }],
    ["N1 without GPUs", { machineType: "n1-standard-4", localSsd: 24 }],
    [
      "local SSDs that are always there",
      { machineType: "a2-ultragpu-2g", gpu: { type: "nvidia-a100-80gb" }, localSsd: 2 },
    ],
    ["pieces", { machineType: "a2-highgpu-1g", gpu: a100, sharing: { kind: "mig", partition: "1g.5gb" } }],
    ["time-sharing", { machineType: "g2-standard-8", gpu: l4, sharing: { kind: "time-sharing" } }],
    ["its zones", { machineType: "g2-standard-8", gpu: l4, zones: ["europe-west4-a", "europe-west4-c"] }],
    ["a region that is not known", { machineType: "g2-standard-8", gpu: l4, zones: ["mars-north1-a"] }],
    ["a zone for AI alone", { machineType: "g2-standard-8", gpu: l4, zones: ["us-central1-ai1a"] }],
    [
      "close together",
      { machineType: "a3-megagpu-8g", gpu: { type: "nvidia-h100-mega-80gb" }, placement: "compact" },
    ],
    ["a disk", { machineType: "c3-standard-8", diskType: "hyperdisk-balanced" }],
  ])("may be %s", (_, wanted) => {
    expect(checkMachine({ where: "gpuPools[0]", ...wanted })).toEqual([]);
  });

  it.each<[string, Omit<WantedMachine, "where">, string]>([
    [
      "another count than is built in",
      { machineType: "g2-standard-8", gpu: { ...l4, count: 2 } },
      'gpuPools[0].machineType: got "g2-standard-8" with 2 × nvidia-l4; it has 1 × nvidia-l4; allowed: g2-standard-24 for 2 × nvidia-l4',
    ],
    [
      "a count that no machine has",
      { machineType: "g2-standard-8", gpu: { ...l4, count: 3 } },
      'gpuPools[0].machineType: got "g2-standard-8" with 3 × nvidia-l4; it has 1 × nvidia-l4; allowed: 1, 2, 4 or 8 × nvidia-l4',
    ],
    [
      "another GPU than is built in",
      { machineType: "g2-standard-8", gpu: t4 },
      'gpuPools[0].machineType: got "g2-standard-8" with 1 × nvidia-tesla-t4; it has 1 × nvidia-l4; allowed: an n1 machine of at most 48 CPUs, such as n1-standard-8, for 1 × nvidia-tesla-t4',
    ],
    [
      "a GPU on a machine that takes none",
      { machineType: "e2-standard-4", gpu: a100 },
      'gpuPools[0].machineType: got "e2-standard-4" with 1 × nvidia-tesla-a100; it takes no GPUs; allowed: a2-highgpu-1g for 1 × nvidia-tesla-a100',
    ],
    [
      "a GPU on N1 that is built in elsewhere",
      { machineType: "n1-standard-4", gpu: { type: "nvidia-b200", count: 8 } },
      'gpuPools[0].machineType: got "n1-standard-4" with 8 × nvidia-b200; it takes nvidia-tesla-t4, nvidia-tesla-v100, nvidia-tesla-p100 or nvidia-tesla-p4; allowed: a4-highgpu-8g for 8 × nvidia-b200',
    ],
    [
      "more CPUs than so few GPUs allow",
      { machineType: "n1-standard-96", gpu: t4 },
      'gpuPools[0].machineType: got "n1-standard-96" with 1 × nvidia-tesla-t4; with its 96 CPUs it takes 4 of them; allowed: an n1 machine of at most 48 CPUs, such as n1-standard-8, for 1 × nvidia-tesla-t4, or 4 × nvidia-tesla-t4 on this one',
    ],
    [
      "a machine that does not exist",
      { machineType: "g2-standard-80", gpu: l4 },
      'gpuPools[0].machineType: got "g2-standard-80"; did you mean g2-standard-32?; allowed: g2-standard-4, g2-standard-8, g2-standard-12, g2-standard-16 or g2-standard-32 for 1 × nvidia-l4',
    ],
    [
      "a machine of a size between two",
      { machineType: "g2-standard-9", gpu: l4 },
      'gpuPools[0].machineType: got "g2-standard-9"; did you mean g2-standard-8?; allowed: g2-standard-4, g2-standard-8, g2-standard-12, g2-standard-16 or g2-standard-32 for 1 × nvidia-l4',
    ],
    [
      "a machine that does not exist, without GPUs",
      { machineType: "e2-standart-4" },
      'gpuPools[0].machineType: got "e2-standart-4"; did you mean e2-standard-4?; allowed: a machine of n1, e2, n2, n2d, n4, t2d, c2, c3, c3d or c4',
    ],
    [
      "nothing like a machine",
      { machineType: "p4d.24xlarge", gpu: a100 },
      'gpuPools[0].machineType: got "p4d.24xlarge"; allowed: a2-highgpu-1g for 1 × nvidia-tesla-a100',
    ],
    [
      "a GPU by a part of its name",
      { machineType: "g2-standard-8", gpu: { type: "l4" } },
      'gpuPools[0].gpu.type: got "l4"; did you mean nvidia-l4?; allowed: nvidia-b200, nvidia-h200-141gb, nvidia-h100-mega-80gb, nvidia-h100-80gb, nvidia-a100-80gb, nvidia-tesla-a100, nvidia-rtx-pro-6000, nvidia-l4, nvidia-tesla-t4, nvidia-tesla-v100, nvidia-tesla-p100 or nvidia-tesla-p4',
    ],
    [
      "a GPU by a slip",
      { machineType: "n1-standard-8", gpu: { type: "nvidia-telsa-t4" } },
      'gpuPools[0].gpu.type: got "nvidia-telsa-t4"; did you mean nvidia-tesla-t4?; allowed: nvidia-b200, nvidia-h200-141gb, nvidia-h100-mega-80gb, nvidia-h100-80gb, nvidia-a100-80gb, nvidia-tesla-a100, nvidia-rtx-pro-6000, nvidia-l4, nvidia-tesla-t4, nvidia-tesla-v100, nvidia-tesla-p100 or nvidia-tesla-p4',
    ],
    [
      "no GPU at all",
      { machineType: "g2-standard-8", gpu: { type: "radeon" } },
      'gpuPools[0].gpu.type: got "radeon"; allowed: nvidia-b200, nvidia-h200-141gb, nvidia-h100-mega-80gb, nvidia-h100-80gb, nvidia-a100-80gb, nvidia-tesla-a100, nvidia-rtx-pro-6000, nvidia-l4, nvidia-tesla-t4, nvidia-tesla-v100, nvidia-tesla-p100 or nvidia-tesla-p4',
    ],
    [
      "GPUs where none are wanted",
      { machineType: "g2-standard-8" },
      'gpuPools[0].machineType: got "g2-standard-8", which has 1 × nvidia-l4; allowed: a machine without GPUs, or the pool among gpuPools',
    ],
    [
      "pieces of a GPU that cannot be cut",
      { machineType: "g2-standard-8", gpu: l4, sharing: { kind: "mig", partition: "1g.5gb" } },
      'gpuPools[0].gpu.sharing.kind: got "mig" with nvidia-l4, which cannot be cut; allowed: time-sharing or mps, or a GPU that can: nvidia-b200, nvidia-h200-141gb, nvidia-h100-mega-80gb, nvidia-h100-80gb, nvidia-a100-80gb, nvidia-tesla-a100 or nvidia-rtx-pro-6000',
    ],
    [
      "pieces of another GPU",
      { machineType: "a2-highgpu-1g", gpu: a100, sharing: { kind: "mig", partition: "1g.18gb" } },
      'gpuPools[0].gpu.sharing.partition: got "1g.18gb"; allowed: 1g.5gb, 1g.10gb, 2g.10gb, 3g.20gb, 4g.20gb or 7g.40gb of nvidia-tesla-a100',
    ],
    [
      "a zone without the GPU",
      { machineType: "g2-standard-8", gpu: l4, zones: ["us-east4-a", "us-east4-b"] },
      'gpuPools[0].zones: got "us-east4-b", where there is no nvidia-l4 as of 2026-11; allowed: us-east4-a or us-east4-c',
    ],
    [
      "a zone of the cluster without the GPU",
      {
        machineType: "g2-standard-8",
        gpu: l4,
        zones: ["us-east4-b"],
        zonesOf: { where: "zones", poolName: "l4" },
      },
      'zones: got "us-east4-b", where there is no nvidia-l4 as of 2026-11, which gpuPools[0] (l4) wants; allowed: us-east4-a or us-east4-c, or gpuPools[0].zones for this pool alone',
    ],
    [
      "local SSDs where there are none",
      { machineType: "e2-standard-4", localSsd: 1 },
      "gpuPools[0].localSsd: got 1; allowed: none: leave it out, for e2-standard-4 takes no local SSDs",
    ],
    [
      "other local SSDs than are always there",
      { machineType: "a3-highgpu-8g", gpu: { type: "nvidia-h100-80gb" }, localSsd: 8 },
      "gpuPools[0].localSsd: got 8; allowed: 16, which a3-highgpu-8g always has",
    ],
    [
      "a wrong count of local SSDs",
      { machineType: "a2-highgpu-2g", gpu: a100, localSsd: 1 },
      "gpuPools[0].localSsd: got 1; allowed: 2, 4 or 8 on a2-highgpu-2g",
    ],
    [
      "too many local SSDs beside T4",
      { machineType: "n1-standard-8", gpu: t4, localSsd: 24 },
      "gpuPools[0].localSsd: got 24; allowed: 1, 2, 3, 4, 5, 6, 7, 8 or 16 on n1-standard-8",
    ],
    [
      "a disk of another age",
      { machineType: "a4-highgpu-8g", gpu: { type: "nvidia-b200" }, diskType: "pd-balanced" },
      'gpuPools[0].disk.type: got "pd-balanced"; allowed: hyperdisk-balanced on a4-highgpu-8g',
    ],
    [
      "closeness that the family does not know",
      { machineType: "n1-standard-8", gpu: t4, placement: "compact" },
      'gpuPools[0].placement: got "compact" with n1-standard-8; allowed: spread, or a machine of g2, g4, a2, a3, a4, n2, n2d, c2, c3, c3d or c4',
    ],
  ])("may not be %s", (_, wanted, fault) => {
    expect(checkMachine({ where: "gpuPools[0]", ...wanted })).toEqual([fault]);
  });

  it("has all its faults told at once", () => {
    const wanted = {
      machineType: "g2-standard-8",
      gpu: { ...l4, count: 2 },
      localSsd: 9,
      diskType: "floppy",
    };
    expect(
      checkMachine({ where: "pool", ...wanted, zones: ["us-east4-b"] }).map((fault) => fault.split(":")[0]),
    ).toEqual(["pool.zones", "pool.machineType", "pool.localSsd", "pool.disk.type"]);
  });
});
