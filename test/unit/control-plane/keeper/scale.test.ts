import { describe, expect, it } from "vitest";
import type { V1Node, V1Pod } from "@kubernetes/client-node";
import type { SimulatedPool } from "../../../../sandbox/clouds/gcp/nodes";
import { idleNodes, orphanNodes, superfluous } from "../../../../sandbox/control-plane/keeper/scale-down";
import { planGrowth } from "../../../../sandbox/control-plane/keeper/scale-up";
import { namesOf, nodeOf, pending, pod, pool } from "./objects";

const gpu = "nvidia.com/gpu";
const small = pool("small", { cpu: "2" });
const large = pool("large", { cpu: "8" });
const l4 = pool("l4", { gpus: 1, cpu: "8", taints: [{ key: gpu, value: "present", effect: "NoSchedule" }] });
const tolerant = { tolerations: [{ key: gpu, operator: "Exists" }] };
const wantsGpu = (name: string, cpu = "1") => pending(name, { [gpu]: "1", cpu }, tolerant);
const triggered = (name: string, change: string) => `${name}: pod triggered scale-up: [{${change}}]`;
const refused = (name: string, why: string) => `${name}: pod didn't trigger scale-up: ${why}`;

interface Growth {
  readonly pools: readonly SimulatedPool[];
  readonly pods?: readonly V1Pod[];
  readonly nodes?: readonly V1Node[];
  readonly add?: readonly string[];
  readonly told?: readonly string[];
  readonly awaited?: readonly string[];
}

describe("the autoscaler adds", () => {
  it.each<[string, Growth]>([
    ["nothing where nobody waits", { pools: [small, l4], pods: [pod("a", { node: "n" })] }],
    ["nothing for a pod that has not been looked at by the scheduler", { pools: [small], pods: [pod("a")] }],
    [
      "nothing for a pod that is being deleted",
      {
        pools: [small],
        pods: [{ ...pending("a"), metadata: { name: "a", deletionTimestamp: new Date(0) } }],
      },
    ],
    [
      "a node of the cheapest pool that can take the pod: GPUs count first, then cores",
      {
        pools: [l4, large, small],
        pods: [pending("a", { cpu: "1" }, tolerant)],
        add: ["small-0"],
        told: [triggered("a", "small 0->1 (max: 2)")],
      },
    ],
    [
      "one of the next, where that is too small",
      {
        pools: [l4, small, large],
        pods: [pending("a", { cpu: "3" })],
        add: ["large-0"],
        told: [triggered("a", "large 0->1 (max: 2)")],
      },
    ],
    [
      "one of the next, where that is full",
      {
        pools: [{ ...small, max: 0 }, large],
        pods: [pending("a", { cpu: "1" })],
        add: ["large-0"],
        told: [triggered("a", "large 0->1 (max: 2)")],
      },
    ],
    [
      "a node by the first way of a compute class that can take the pod, whatever it costs",
      {
        pools: [
          { ...small, rank: 3 },
          { ...large, rank: 2 },
          { ...large, name: "full", max: 0, rank: 1 },
        ],
        pods: [pending("a", { cpu: "1" })],
        add: ["large-0"],
        told: [triggered("a", "large 0->1 (max: 2)")],
      },
    ],
    [
      "a node with GPUs, and puts beside it what has room there",
      {
        pools: [small, l4],
        pods: [pending("ui", { cpu: "1" }, tolerant), wantsGpu("training")],
        add: ["l4-0"],
        told: [triggered("training", "l4 0->1 (max: 2)")],
        awaited: ["l4-0"],
      },
    ],
    [
      "as many nodes as the pods need, up to the pool's most",
      {
        pools: [l4],
        pods: [wantsGpu("a"), wantsGpu("b"), wantsGpu("c")],
        add: ["l4-0", "l4-1"],
        told: [
          refused("c", "1 max node group size reached"),
          triggered("a", "l4 0->2 (max: 2)"),
          triggered("b", "l4 0->2 (max: 2)"),
        ],
      },
    ],
    [
      "nothing while a node, new or old, has room",
      { pools: [l4], pods: [wantsGpu("a")], nodes: [nodeOf(l4, 0)], awaited: ["l4-0"] },
    ],
    [
      "a node where that of another pod is taken",
      {
        pools: [l4],
        pods: [wantsGpu("a"), wantsGpu("b")],
        nodes: [nodeOf(l4, 0)],
        add: ["l4-1"],
        told: [triggered("b", "l4 1->2 (max: 2)")],
        awaited: ["l4-0"],
      },
    ],
    [
      "nothing where the pod there has finished",
      {
        pools: [l4],
        pods: [wantsGpu("a"), pod("b", { node: "l4-0", phase: "Succeeded", requests: { [gpu]: "1" } })],
        nodes: [nodeOf(l4, 0)],
        awaited: ["l4-0"],
      },
    ],
    [
      "a node in the zone that the pod asks for",
      {
        pools: [{ ...large, zones: ["z-a", "z-b", "z-c"] }],
        pods: [pending("a", {}, { nodeSelector: { "topology.kubernetes.io/zone": "z-c" } })],
        add: ["large-2"],
        told: [triggered("a", "large 0->1 (max: 2)")],
      },
    ],
    [
      "nothing for a pod that no pool can take, and says why",
      {
        pools: [small, large, l4],
        pods: [pending("a", { cpu: "100" })],
        told: [refused("a", `2 Insufficient cpu, 1 node(s) had untolerated taint {${gpu}: present}`)],
      },
    ],
    [
      "nothing where there is no pool",
      { pools: [], pods: [pending("a")], told: [refused("a", "the cluster has no node pool")] },
    ],
    [
      "to each pool up to its minimum",
      { pools: [{ ...small, min: 2 }, large], nodes: [nodeOf(small, 0)], add: ["small-1"] },
    ],
  ])("%s", (_, { pools, pods = [], nodes = [], add = [], told = [], awaited = [] }) => {
    const growth = planGrowth({ pods, nodes, pools, newNode: nodeOf });
    expect(namesOf(growth.add)).toEqual(add);
    expect(growth.told.map(({ pod, message }) => `${pod.metadata?.name}: ${message}`)).toEqual(told);
    expect([...growth.awaited]).toEqual(awaited);
  });
});

describe("a node is idle", () => {
  const nodes = [nodeOf(l4, 0), { metadata: { name: "sandbox-gpu-0" } }];
  const on = (rest: Parameters<typeof pod>[1]) => pod("a", { node: "l4-0", phase: "Running", ...rest });
  const safe = { annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } };
  it.each<[string, readonly V1Pod[], readonly string[], boolean]>([
    ["with nothing on it", [], [], true],
    ["with a pod elsewhere", [pod("a", { node: "other" })], [], true],
    ["not with a pod", [on({})], [], false],
    ["not with a pod that is about to be placed on it", [], ["l4-0"], false],
    ["with a pod that has finished", [on({ phase: "Succeeded" })], [], true],
    [
      "with one that has finished and must not be evicted",
      [on({ phase: "Failed", metadata: safe })],
      [],
      true,
    ],
    ["not with one that must not be evicted", [on({ metadata: safe })], [], false],
    [
      "with a DaemonSet's pod",
      [
        on({
          metadata: { ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "d", uid: "d" }] },
        }),
      ],
      [],
      true,
    ],
    ["with a pod of kube-system", [on({ metadata: { namespace: "kube-system" } })], [], true],
    [
      "with a mirror pod",
      [on({ metadata: { annotations: { "kubernetes.io/config.mirror": "x" } } })],
      [],
      true,
    ],
  ])("%s", (_, pods, awaited, idle) => {
    expect(namesOf(idleNodes(nodes, pods, new Set(awaited)))).toEqual(idle ? ["l4-0"] : []);
  });
});

describe("nodes that go", () => {
  const nodes = [nodeOf(l4, 0), nodeOf(l4, 1), nodeOf(small, 0), { metadata: { name: "sandbox-gpu-0" } }];
  it.each([
    ["all that are idle", 0, ["l4-0", "l4-1"]],
    ["down to the minimum", 1, ["l4-0"]],
    ["none, where the minimum is more", 3, []],
  ])("%s", (_, min, names) => {
    expect(namesOf(superfluous(nodes.slice(0, 2), nodes, [{ ...l4, min }, small]))).toEqual(names);
  });

  it("are those of pools that are gone", () => {
    expect(namesOf(orphanNodes(nodes, [small]))).toEqual(["l4-0", "l4-1"]);
    expect(namesOf(orphanNodes(nodes, []))).toEqual(["l4-0", "l4-1", "small-0"]);
  });
});
