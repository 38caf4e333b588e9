import { describe, expect, it } from "vitest";
import { acquisition, type ClassCapacity } from "../../../../components/host/gke/compute-class/class-spec";
import type { Value } from "../../../../provider";
import { makeNode, type SimulatedPool } from "../../../../sandbox/clouds/gcp/nodes";
import { classPools, type ComputeClass } from "../../../../sandbox/control-plane/keeper/compute-classes";
import { orphanNodes } from "../../../../sandbox/control-plane/keeper/scale-down";
import { planGrowth } from "../../../../sandbox/control-plane/keeper/scale-up";
import { pending } from "./objects";

const cluster = { name: "gke", zones: ["z-a", "z-b"] };
const l4 = { type: "nvidia-l4", count: 1 };

function classOf(priorities: Value, enabled = true): ComputeClass {
  return { metadata: { name: "fast" }, spec: { priorities, nodePoolAutoCreation: { enabled } } };
}

function poolsOf(...priorities: Value[]): SimulatedPool[] {
  return classPools([classOf(priorities)], cluster);
}

describe("a compute class has pools", () => {
  it.each<[string, readonly ComputeClass[], readonly string[]]>([
    ["none, where there is no class", [], []],
    ["none, where GKE is not to make them", [classOf([{ machineType: "n2-standard-2" }], false)], []],
    ["none, where nothing is said", [{ metadata: { name: "fast" } }], []],
    ["none, where what is said makes no sense", [classOf("first")], []],
    ["none of a rule that names no machine", [classOf([{ nodepools: ["l4"] }, { machineFamily: "n2" }])], []],
    ["none of a GPU that no machine has", [classOf([{ gpu: { type: "nvidia-l4", count: 3 } }])], []],
    [
      "one for each way, in order",
      [
        classOf([
          { gpu: l4, machineType: "g2-standard-8" },
          { gpu: l4, machineType: "g2-standard-8", spot: true },
          { machineType: "n2-standard-2" },
        ]),
      ],
      ["1 nap-fast-1-g2-standard-8", "2 nap-fast-2-g2-standard-8", "3 nap-fast-3-n2-standard-2"],
    ],
    [
      "one for each machine with the GPUs, where none is said",
      [
        classOf([
          { gpu: { type: "nvidia-a100-80gb", count: 2 } },
          { gpu: { type: "nvidia-b200", count: 8 } },
        ]),
      ],
      ["1 nap-fast-1-a2-ultragpu-2g", "2 nap-fast-2-a4-highgpu-8g"],
    ],
    [
      "of names that fit into a label",
      [{ ...classOf([{ machineType: "a2-ultragpu-8g" }]), metadata: { name: "c".repeat(63) } }],
      [`1 nap-${"c".repeat(35)}-1-a2-ultragpu-8g`],
    ],
  ])("%s", (_, classes, names) => {
    expect(classPools(classes, cluster).map(({ rank, name }) => `${rank} ${name}`)).toEqual(names);
  });

  it("whose nodes say the class, the GPU and how they are had, and keep others away", () => {
    const [pool] = poolsOf({ gpu: l4, machineType: "g2-standard-8", spot: true });
    expect(pool).toMatchObject({ cluster: "gke", initial: 0, min: 0, max: 1000, zones: ["z-a", "z-b"] });
    expect(pool?.node.labels).toMatchObject({
      "cloud.google.com/compute-class": "fast",
      "cloud.google.com/gke-accelerator": "nvidia-l4",
      "cloud.google.com/gke-nodepool": "nap-fast-1-g2-standard-8",
      "cloud.google.com/gke-spot": "true",
      "node.kubernetes.io/instance-type": "g2-standard-8",
    });
    expect(pool?.node.taints).toEqual([
      { key: "cloud.google.com/compute-class", value: "fast", effect: "NoSchedule" },
      { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" },
    ]);
    expect(pool?.node.capacity).toMatchObject({ cpu: "8", memory: "32Gi", "nvidia.com/gpu": "1" });
  });

  it("of nodes without GPUs, with the class' taint alone, where it asks for none", () => {
    const [pool] = poolsOf({ machineType: "n2-standard-2" });
    expect(pool?.node.taints.map(({ key }) => key)).toEqual(["cloud.google.com/compute-class"]);
    expect(pool?.node.capacity).not.toHaveProperty("nvidia.com/gpu");
  });

  it("in the zones that the rule says", () => {
    const [pool] = poolsOf({ machineType: "n2-standard-2", location: { zones: ["z-c"] } });
    expect(pool?.zones).toEqual(["z-c"]);
  });
});

it("a class' nodes go with it, as a pool's do", () => {
  const classes = [classOf([{ machineType: "n2-standard-2" }])];
  const nodes = classPools(classes, cluster).map((pool) => makeNode(pool, 0));
  expect(nodes).toHaveLength(1);
  expect(orphanNodes(nodes, classPools(classes, cluster))).toEqual([]);
  expect(orphanNodes(nodes, classPools([], cluster))).toEqual(nodes);
});

/** What the component makes is what the keeper reads. */
describe("a pod that asks for a class of ours gets a node", () => {
  const pools = (type: string, capacities: readonly ClassCapacity[]) => {
    const rules = capacities.map((capacity) => ({ gpu: { type, count: 1 }, ...acquisition(capacity) }));
    const priorities: Value = JSON.parse(JSON.stringify(rules));
    return classPools([classOf(priorities)], cluster);
  };
  const pod = (cpu: string) =>
    pending(
      "a",
      { "nvidia.com/gpu": "1", cpu },
      {
        nodeSelector: { "cloud.google.com/compute-class": "fast" },
        tolerations: [
          { key: "nvidia.com/gpu", operator: "Exists" },
          { key: "cloud.google.com/compute-class", operator: "Equal", value: "fast" },
        ],
      },
    );
  const spot = { kind: "spot" } as const;
  const onDemand = { kind: "on-demand" } as const;
  const week = { kind: "flex-start" } as const;
  it.each<[string, string, readonly ClassCapacity[], string, string]>([
    ["by the first way", "nvidia-l4", [onDemand, spot], "1", "1 standard g2-standard-4"],
    ["by the first way, if it is spot", "nvidia-l4", [spot, onDemand], "1", "1 spot g2-standard-4"],
    ["of the smallest machine that it fits", "nvidia-l4", [onDemand, spot], "9", "1 standard g2-standard-12"],
    [
      "of a machine that GPUs are attached to",
      "nvidia-tesla-t4",
      [onDemand],
      "1",
      "1 standard n1-standard-2",
    ],
    ["by flex-start", "nvidia-l4", [week], "1", "1 standard g2-standard-4 flex-start"],
  ])("%s", (_, type, capacities, cpu, expected) => {
    const { add } = planGrowth({
      pods: [pod(cpu)],
      nodes: [],
      pools: pools(type, capacities),
      newNode: makeNode,
    });
    const said = add.map(({ metadata: { labels = {} } = {} }) => {
      const [, way] = /-fast-(\d)-/.exec(labels["cloud.google.com/gke-nodepool"] ?? "") ?? [];
      const flex = labels["cloud.google.com/gke-flex-start"] === "true" ? ["flex-start"] : [];
      const keys = ["cloud.google.com/gke-provisioning", "node.kubernetes.io/instance-type"];
      return [way, ...keys.map((key) => labels[key]), ...flex].join(" ");
    });
    expect(said).toEqual([expected]);
  });
});
