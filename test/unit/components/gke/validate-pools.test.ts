import { describe, expect, it } from "vitest";
import type { CpuPoolArgs, GpuPoolArgs } from "../../../../components/host/gke/pools/pool-args";
import { validatePools, type Pools } from "../../../../components/host/gke/pools/validate-pools";

const l4: GpuPoolArgs = { name: "l4", machineType: "g2-standard-8", gpu: { type: "nvidia-l4" }, max: 4 };
const cpu: CpuPoolArgs = { name: "cpu", machineType: "n2-standard-8", max: 5 };
const surroundings = {
  clusterName: "mnist",
  region: "europe-west4",
  zones: ["europe-west4-a", "europe-west4-b"],
};
const gpuFaults = (args: Partial<GpuPoolArgs>, more: Partial<Pools> = {}) =>
  validatePools({ ...surroundings, gpuPools: [{ ...l4, ...args }], ...more });

describe("a cluster's pools", () => {
  it.each<[string, Partial<Pools>]>([
    ["the system's alone", {}],
    [
      "one of each",
      { gpuPools: [l4], cpuPools: [cpu], systemPool: { machineType: "e2-standard-2", max: 2 } },
    ],
    ["in a zone of its own", { gpuPools: [{ ...l4, zones: ["europe-west4-c"], placement: "compact" }] }],
    [
      "in a zone that is newer than the catalogue",
      {
        region: "us-east4",
        zones: ["us-east4-b"],
        gpuPools: [{ ...l4, overrides: { nodeLocations: ["us-east4-b"] } }],
      },
    ],
    ["for hours", { gpuPools: [{ ...l4, capacity: { kind: "flex-start", maxRunHours: 168 } }] }],
    ["with images", { gpuPools: [{ ...l4, preloadDisk: "global/images/weights-1" }] }],
    ["labelled", { gpuPools: [{ ...l4, labels: { "example.com/team": "ML_1", tier: "" } }] }],
    [
      "in a zonal cluster",
      { region: "europe-west4-a", gpuPools: [{ ...l4, placement: "compact" }], zones: undefined },
    ],
  ])("may be %s", (_, pools) => {
    expect(validatePools({ ...surroundings, ...pools })).toEqual([]);
  });

  it.each<[string, Partial<GpuPoolArgs>, string[]]>([
    [
      "a name",
      { name: "L4" },
      [
        'gpuPools[0].name: got "L4"; allowed: lower-case letters, digits and hyphens, a letter first, at most 20 characters',
      ],
    ],
    ["no nodes", { max: 0 }, ["gpuPools[0].max: got 0; allowed: a whole number from 1 to 2000"]],
    [
      "a fraction of a node",
      { min: 0.5 },
      ["gpuPools[0].min: got 0.5; allowed: a whole number of at least 0"],
    ],
    ["more at least than at most", { min: 5 }, ["gpuPools[0].min: got 5; allowed: at most max, which is 4"]],
    [
      "zones",
      { zones: ["europe-west1-b", "europe-west4-a", "europe-west4-a"] },
      [
        'gpuPools[0].zones[0]: got "europe-west1-b"; allowed: a zone of europe-west4, where the cluster is',
        'gpuPools[0].zones[2]: got "europe-west4-a" twice; allowed: once',
      ],
    ],
    [
      "no zones",
      { zones: [] },
      ["gpuPools[0].zones: got none; allowed: one or more, or leave it out for the cluster's"],
    ],
    [
      "closeness over two zones",
      { placement: "compact" },
      [
        'gpuPools[0].zones: got "europe-west4-a", "europe-west4-b"; allowed: one, because placement is compact',
      ],
    ],
    [
      "many close together",
      { placement: "compact", zones: ["europe-west4-a"], max: 1001 },
      ["gpuPools[0].max: got 1001; allowed: a whole number from 1 to 1000"],
    ],
    [
      "clients",
      { gpu: { type: "nvidia-l4", sharing: { kind: "time-sharing", clients: 1 } } },
      ["gpuPools[0].gpu.sharing.clients: got 1; allowed: a whole number from 2 to 48"],
    ],
    [
      "clients of MPS",
      { gpu: { type: "nvidia-l4", sharing: { kind: "mps", clients: 49 } } },
      ["gpuPools[0].gpu.sharing.clients: got 49; allowed: a whole number from 2 to 48"],
    ],
    [
      "what comes and goes, kept and upgraded",
      { capacity: { kind: "queued", maxRunHours: 169 }, min: 1, upgrade: { maxSurge: 1 } },
      [
        "gpuPools[0].min: got 1; allowed: 0, because capacity is queued: nodes come when pods ask",
        "gpuPools[0].capacity.maxRunHours: got 169; allowed: a number from 1 to 168, a week",
        "gpuPools[0].upgrade: got a setting; allowed: none, because capacity is queued: such nodes end before an upgrade",
      ],
    ],
    [
      "hours",
      { capacity: { kind: "flex-start", maxRunHours: Number.NaN } },
      ["gpuPools[0].capacity.maxRunHours: got NaN; allowed: a number from 1 to 168, a week"],
    ],
    [
      "a reservation",
      { capacity: { kind: "reservation", name: "projects/p/reservations/r" } },
      [
        'gpuPools[0].capacity.name: got "projects/p/reservations/r"; allowed: a reservation\'s name in this project, such as training-h100',
      ],
    ],
    [
      "an upgrade that can do nothing",
      { upgrade: { maxUnavailable: 0 } },
      ["gpuPools[0].upgrade: got maxSurge 0 and maxUnavailable 0; allowed: 1 to 20 of both together"],
    ],
    [
      "an upgrade of too many",
      { upgrade: { maxSurge: 21, maxUnavailable: -1 } },
      [
        "gpuPools[0].upgrade.maxSurge: got 21; allowed: a whole number from 0 to 20",
        "gpuPools[0].upgrade.maxUnavailable: got -1; allowed: a whole number from 0 to 20",
      ],
    ],
    [
      "a disk",
      { disk: { sizeGb: 5, type: "ssd" } },
      [
        'gpuPools[0].disk.type: got "ssd"; allowed: pd-balanced, pd-ssd or pd-standard on g2-standard-8',
        "gpuPools[0].disk.sizeGb: got 5; allowed: a whole number from 50 to 65536",
      ],
    ],
    [
      "an image",
      { preloadDisk: "weights" },
      ['gpuPools[0].preloadDisk: got "weights"; allowed: global/images/I or projects/P/global/images/I'],
    ],
    [
      "labels",
      {
        labels: { "a b": "x", "node.kubernetes.io/x": "y", team: "-", "cloud.google.com/compute-class": "c" },
      },
      [
        'gpuPools[0].labels: got the key "a b"; allowed: a label\'s key, such as team or example.com/team',
        'gpuPools[0].labels: got the key "node.kubernetes.io/x"; allowed: a prefix of your own, for this one is Kubernetes\'',
        'gpuPools[0].labels: got "-" for team; allowed: at most 63 letters, digits, hyphens, underscores and dots, a letter or digit at both ends',
        'gpuPools[0].labels: got the key "cloud.google.com/compute-class"; allowed: computeClass, which sets it',
      ],
    ],
    [
      "a compute class",
      { computeClass: "L4 first" },
      [
        'gpuPools[0].computeClass: got "L4 first"; allowed: lower-case letters, digits and hyphens, at most 63 characters',
      ],
    ],
    [
      "a machine",
      { gpu: { type: "nvidia-l4", count: 2 } },
      [
        'gpuPools[0].machineType: got "g2-standard-8" with 2 × nvidia-l4; it has 1 × nvidia-l4; allowed: g2-standard-24 for 2 × nvidia-l4',
      ],
    ],
  ])("may not have %s that cannot be", (_, args, faults) => {
    expect(gpuFaults(args)).toEqual(faults);
  });

  it("may not have names that Google has no room for", () => {
    expect(gpuFaults({ name: "inference-l4-spot" }, { clusterName: "recommendations" })).toEqual([
      'gpuPools[0].name: got "inference-l4-spot"; allowed: at most 16 characters, because ' +
        '"recommendations-inference-l4-spot" and the 8 that are added must fit into 40 (or a shorter name of the cluster)',
    ]);
  });

  it("may not have one name twice, nor the system's", () => {
    const pools = { gpuPools: [l4, { ...l4, name: "system" }], cpuPools: [{ ...cpu, name: "l4" }] };
    expect(validatePools({ ...surroundings, ...pools })).toEqual([
      'gpuPools[0].name: got "l4", which is cpuPools[0]\'s; allowed: another name',
      'gpuPools[1].name: got "system", which is systemPool\'s; allowed: another name',
    ]);
  });

  it("may not do without a node for the system, nor without image streaming where a disk needs it", () => {
    expect(
      gpuFaults(
        { preloadDisk: "global/images/w" },
        { imageStreaming: false, systemPool: { machineType: "e2-standard-2", min: 0, max: 1 } },
      ),
    ).toEqual([
      "systemPool.min: got 0; allowed: at least 1, because the cluster's own pods run there",
      'gpuPools[0].preloadDisk: got "global/images/w"; allowed: none without image streaming, which reads from it',
    ]);
  });

  it("may not be more than a cluster bears", () => {
    const gpuPools = Array.from({ length: 8 }, (_, index) => ({ ...l4, name: `l4-${index}`, max: 2000 }));
    expect(validatePools({ ...surroundings, gpuPools })).toEqual([
      "gpuPools: got a max of 16003 nodes in all pools together; allowed: at most 15000 in a cluster",
    ]);
  });

  it("may be in zones of the cluster that do not have the GPU only by zones of its own", () => {
    const zones = ["europe-west4-d"];
    expect(validatePools({ ...surroundings, zones, gpuPools: [l4] })).toEqual([
      'zones: got "europe-west4-d", where there is no nvidia-l4 as of 2026-11, which gpuPools[0] (l4) wants; allowed: ' +
        "europe-west4-a, europe-west4-b or europe-west4-c, or gpuPools[0].zones for this pool alone",
    ]);
    expect(validatePools({ ...surroundings, zones, gpuPools: [{ ...l4, zones }] })).toEqual([
      'gpuPools[0].zones: got "europe-west4-d", where there is no nvidia-l4 as of 2026-11; allowed: ' +
        "europe-west4-a, europe-west4-b or europe-west4-c",
    ]);
  });

  it("is told of a max that is missing, and of nothing that follows from it", () => {
    const max: unknown = undefined;
    expect(gpuFaults({ max: max as number })).toEqual([
      "gpuPools[0].max: got undefined; allowed: a whole number from 1 to 2000",
    ]);
  });

  it("may not have GPUs by the way", () => {
    const cpuPools = [{ ...cpu, machineType: "a2-highgpu-1g" }];
    expect(validatePools({ ...surroundings, cpuPools })).toEqual([
      'cpuPools[0].machineType: got "a2-highgpu-1g", which has 1 × nvidia-tesla-a100; allowed: a machine without GPUs, or the pool among gpuPools',
    ]);
  });
});
