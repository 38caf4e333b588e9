import { core } from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { acquisition, type ClassCapacity } from "../../../../components/host/gke/compute-class/class-spec";
import {
  computeClassScheduling,
  GpuComputeClass,
  validateComputeClasses,
  type GpuComputeClassArgs,
  type PlacedComputeClassArgs,
} from "../../../../components/host/gke/compute-class/gpu-compute-class";
import { run } from "../../../support/mocks";
import { labels, testCluster } from "../fixtures";

const anyMachine: GpuComputeClassArgs = {
  name: "l4",
  gpu: { type: "nvidia-l4" },
  capacities: [
    { kind: "reservation", name: "r" },
    { kind: "on-demand" },
    { kind: "flex-start" },
    { kind: "spot" },
  ],
};

const l4 = { ...anyMachine, machineType: "g2-standard-24" };

const made = (args: Partial<PlacedComputeClassArgs> = {}) => {
  const cluster = testCluster();
  const definition = new core.v1.ConfigMap("definition", {}, { provider: cluster.provider });
  const placed = { cluster, crdsFrom: [definition], serviceAccount: "nodes@p.iam.gserviceaccount.com" };
  return new GpuComputeClass("lab-l4", { ...l4, ...placed, ...args });
};

describe.each([false, true])("a compute class, preview %s", (preview) => {
  it("is tried in the order that is said, and by nothing else", async () => {
    const node = {
      gpu: { type: "nvidia-l4", count: 2, driverVersion: "default" },
      machineType: "g2-standard-24",
    };
    const { one, result } = await run(preview, () => made());
    expect(one("ComputeClass")).toEqual({
      type: "kubernetes:cloud.google.com/v1:ComputeClass",
      name: "lab-l4",
      inputs: {
        apiVersion: "cloud.google.com/v1",
        kind: "ComputeClass",
        metadata: { name: "l4", labels: labels("l4") },
        spec: {
          priorities: [
            { ...node, reservations: { affinity: "Specific", specific: [{ name: "r" }] } },
            node,
            {
              ...node,
              flexStart: { enabled: true, nodeRecycling: { leadTimeSeconds: 3600 } },
              maxRunDurationSeconds: 604800,
            },
            { ...node, spot: true },
          ],
          nodePoolAutoCreation: { enabled: true },
          nodePoolConfig: {
            serviceAccount: "nodes@p.iam.gserviceaccount.com",
            imageStreaming: { enabled: true },
          },
          whenUnsatisfiable: "DoNotScaleUp",
          activeMigration: { optimizeRulePriority: false },
          autoscalingPolicy: { consolidationDelayMinutes: 10 },
        },
      },
      parent: "GpuComputeClass lab-l4",
      provider: "lab",
      dependsOn: ["ConfigMap definition"],
      options: {},
    });
    expect(result.scheduling).toEqual(computeClassScheduling("l4"));
  });

  it("says of its nodes what it is told", async () => {
    const { one } = await run(preview, () =>
      made({
        gpu: { type: "nvidia-l4", count: 1, driver: "latest" },
        machineType: "g2-standard-8",
        zones: ["europe-west4-a", "europe-west4-b"],
        kmsKeyName: "projects/p/locations/europe-west4/keyRings/r/cryptoKeys/k",
        capacities: [{ kind: "spot" }],
        consolidationDelayMinutes: 2,
      }),
    );
    expect(one("ComputeClass").inputs["spec"]).toMatchObject({
      priorities: [
        {
          gpu: { type: "nvidia-l4", count: 1, driverVersion: "latest" },
          machineType: "g2-standard-8",
          location: { zones: ["europe-west4-a", "europe-west4-b"] },
          storage: { bootDiskKMSKey: "projects/p/locations/europe-west4/keyRings/r/cryptoKeys/k" },
          spot: true,
        },
      ],
      autoscalingPolicy: { consolidationDelayMinutes: 2 },
    });
  });

  it("leaves the machine to GKE, with one GPU", async () => {
    const { one } = await run(preview, () => {
      const placed = { cluster: testCluster(), crdsFrom: [], serviceAccount: "nodes" };
      return new GpuComputeClass("any", { ...anyMachine, ...placed, capacities: [{ kind: "on-demand" }] });
    });
    expect(one("ComputeClass").inputs["spec"]).toHaveProperty("priorities", [
      { gpu: { type: "nvidia-l4", count: 1, driverVersion: "default" } },
    ]);
  });

  it("is refused with all its faults", async () => {
    await expect(run(preview, () => made({ capacities: [], zones: [] }))).rejects.toThrow(
      "GpuComputeClass lab-l4:\n  computeClass.zones: got none; allowed: one or more, or leave it out\n" +
        "  computeClass.capacities: got none; allowed: one or more of on-demand, spot, flex-start and reservation",
    );
  });
});

describe("a way to have a node", () => {
  it.each<[string, ClassCapacity, object]>([
    ["on demand says nothing", { kind: "on-demand" }, {}],
    ["spot", { kind: "spot" }, { spot: true }],
    ["of any reservation", { kind: "reservation" }, { reservations: { affinity: "AnyBestEffort" } }],
    [
      "of another project's reservation",
      { kind: "reservation", name: "projects/other/reservations/r" },
      { reservations: { affinity: "Specific", specific: [{ name: "r", project: "other" }] } },
    ],
    [
      "for a day",
      { kind: "flex-start", maxRunHours: 24 },
      {
        flexStart: { enabled: true, nodeRecycling: { leadTimeSeconds: 3600 } },
        maxRunDurationSeconds: 86400,
      },
    ],
    [
      "for an hour, of which half is left when another node is looked for",
      { kind: "flex-start", maxRunHours: 1 },
      { flexStart: { enabled: true, nodeRecycling: { leadTimeSeconds: 1800 } }, maxRunDurationSeconds: 3600 },
    ],
  ])("%s", (_, capacity, rule) => {
    expect(acquisition(capacity)).toEqual(rule);
  });
});

it("pods ask for a class by its name, and tolerate its nodes' taints", () => {
  expect(computeClassScheduling("l4")).toEqual({
    resource: "nvidia.com/gpu",
    nodeSelector: { "cloud.google.com/compute-class": "l4" },
    tolerations: [
      { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
      { key: "cloud.google.com/compute-class", operator: "Equal", value: "l4", effect: "NoSchedule" },
    ],
  });
});

describe("the faults of compute classes", () => {
  it.each<[string, Partial<GpuComputeClassArgs>, string[]]>([
    ["none", {}, []],
    [
      "the same kind with other values is none",
      {
        capacities: [
          { kind: "reservation", name: "a" },
          { kind: "reservation", name: "b" },
          { kind: "flex-start" },
          { kind: "flex-start", maxRunHours: 24 },
        ],
      },
      [],
    ],
    [
      "a name that is no label",
      { name: "L4" },
      [
        'computeClasses[0].name: got "L4"; allowed: lower-case letters, digits and hyphens, at most 63 characters',
      ],
    ],
    [
      "a name that GKE keeps",
      { name: "gke-l4" },
      [
        'computeClasses[0].name: got "gke-l4"; allowed: a name that begins neither with gke nor with autopilot, which GKE keeps',
      ],
    ],
    [
      "the name of the class for all",
      { name: "default" },
      [
        'computeClasses[0].name: got "default"; allowed: another name, for GKE gives that class to pods that ask for none',
      ],
    ],
    [
      "a machine that has other GPUs",
      { machineType: "g2-standard-8", gpu: { type: "nvidia-l4", count: 2 } },
      [
        'computeClasses[0].machineType: got "g2-standard-8" with 2 × nvidia-l4; it has 1 × nvidia-l4; allowed: g2-standard-24 for 2 × nvidia-l4',
      ],
    ],
    [
      "no capacity",
      { capacities: [] },
      [
        "computeClasses[0].capacities: got none; allowed: one or more of on-demand, spot, flex-start and reservation",
      ],
    ],
    [
      "a queue",
      { capacities: [{ kind: "spot" }, { kind: "queued" }] },
      [
        'computeClasses[0].capacities[1].kind: got "queued"; allowed: on-demand, spot, flex-start or reservation, because ' +
          "a queue asks for nodes by requests of its own, which a compute class does not heed; flex-start waits for GPUs too",
      ],
    ],
    [
      "one twice, if by its default",
      { capacities: [{ kind: "flex-start" }, { kind: "spot" }, { kind: "flex-start", maxRunHours: 168 }] },
      [
        "computeClasses[0].capacities[2]: got the same as computeClasses[0].capacities[0]; allowed: each once, in the order of trial",
      ],
    ],
    [
      "a run that Google does not grant",
      { capacities: [{ kind: "flex-start", maxRunHours: 200 }] },
      ["computeClasses[0].capacities[0].maxRunHours: got 200; allowed: a whole number from 1 to 168"],
    ],
    [
      "a delay that GKE does not have",
      { consolidationDelayMinutes: 0 },
      ["computeClasses[0].consolidationDelayMinutes: got 0; allowed: a whole number from 1 to 1440"],
    ],
  ])("%s", (_, change, faults) => {
    expect(validateComputeClasses([{ ...l4, ...change }])).toEqual(faults);
  });

  it("know GPUs without a machine too", () => {
    expect(
      validateComputeClasses([
        { ...anyMachine, gpu: { type: "nvidia-l4", count: 3 } },
        { ...anyMachine, name: "t5", gpu: { type: "nvidia-tesla-t4", count: 4 } },
        { ...anyMachine, name: "x", gpu: { type: "l4" } },
      ]),
    ).toEqual([
      "computeClasses[0].gpu.count: got 3; allowed: 1, 2, 4 or 8 × nvidia-l4",
      expect.stringMatching(
        /^computeClasses\[2\]\.gpu\.type: got "l4"; did you mean nvidia-l4\?; allowed: nvidia-b200, .*, nvidia-l4, .* or nvidia-/,
      ),
    ]);
  });

  it("are also names that two have", () => {
    expect(validateComputeClasses([l4, { ...l4, name: "other" }, l4])).toEqual([
      'computeClasses[2].name: got "l4", as computeClasses[0]; allowed: a name of its own',
    ]);
  });
});
