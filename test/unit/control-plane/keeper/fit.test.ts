import { describe, expect, it } from "vitest";
import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { requestsOf, roomOn, thousandths, whyNot } from "../../../../sandbox/control-plane/keeper/fit";
import { container, pod } from "./objects";

it.each([
  ["0", 0],
  ["1", 1000],
  ["0.5", 500],
  ["1500m", 1500],
  ["1n", 1],
  ["250u", 1],
  ["2k", 2_000_000],
  ["1Ki", 1_024_000],
  ["1.5Gi", 1.5 * 1024 ** 3 * 1000],
  ["1e3", 1_000_000],
  ["2E", 2e21],
])("%s is %d thousandths", (text, amount) => expect(thousandths(text)).toBe(amount));

describe("what a pod takes of a node", () => {
  const gpu = "nvidia.com/gpu";
  it.each<[string, V1Pod, Record<string, number>]>([
    ["nothing but its place", pod("a"), { pods: 1000 }],
    [
      "its containers together",
      pod("a", { spec: { containers: [container({ cpu: "500m" }), container({ cpu: "1", [gpu]: "1" })] } }),
      { cpu: 1500, [gpu]: 1000, pods: 1000 },
    ],
    [
      "its largest init container, where that is more",
      pod("a", {
        requests: { cpu: "1" },
        spec: { initContainers: [container({ cpu: "3" }), container({ cpu: "2" })] },
      }),
      { cpu: 3000, pods: 1000 },
    ],
    [
      "a sidecar beside the containers",
      pod("a", {
        requests: { cpu: "1" },
        spec: { initContainers: [{ ...container({ cpu: "1" }), restartPolicy: "Always" }] },
      }),
      { cpu: 2000, pods: 1000 },
    ],
    [
      "its limits, where it says no more",
      pod("a", { spec: { containers: [{ name: "main", resources: { limits: { cpu: "2" } } }] } }),
      { cpu: 2000, pods: 1000 },
    ],
    [
      "its overhead",
      pod("a", { requests: { memory: "1k" }, spec: { overhead: { memory: "1k" } } }),
      { memory: 2_000_000, pods: 1000 },
    ],
  ])("%s", (_, subject, resources) => expect(requestsOf(subject)).toEqual(resources));
});

describe("a pod on a node", () => {
  const node: V1Node = {
    metadata: { name: "n", labels: { zone: "a", size: "8" } },
    status: { allocatable: { cpu: "2", pods: "2" } },
  };
  const tainted = (key: string, value?: string, effect = "NoSchedule"): V1Node => ({
    ...node,
    spec: { taints: [{ key, effect, ...(value !== undefined && { value }) }] },
  });
  const tolerating = (...tolerations: object[]) => pod("a", { spec: { tolerations } });
  const selecting = (...matchExpressions: { key: string; operator: string; values?: string[] }[]) =>
    pod("a", {
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
          },
        },
      },
    });
  const unselected = "node(s) didn't match Pod's node affinity/selector";
  const gpuTaint = "node(s) had untolerated taint {nvidia.com/gpu: present}";

  it.each<[string, V1Pod, V1Node, string | undefined]>([
    ["has room", pod("a", { requests: { cpu: "2" } }), node, undefined],
    ["asks for too much", pod("a", { requests: { cpu: "2001m" } }), node, "Insufficient cpu"],
    ["asks for what is not there", pod("a", { requests: { gpu: "1" } }), node, "Insufficient gpu"],
    ["asks for none of it", pod("a", { requests: { gpu: "0" } }), node, undefined],
    ["meets a cordon", pod("a"), { ...node, spec: { unschedulable: true } }, "node(s) were unschedulable"],
    ["meets a taint", pod("a"), tainted("nvidia.com/gpu", "present"), gpuTaint],
    ["meets a taint of no value", pod("a"), tainted("k"), "node(s) had untolerated taint {k}"],
    ["meets a taint that is a wish", pod("a"), tainted("k", "v", "PreferNoSchedule"), undefined],
    ["meets a node that is not ready yet", pod("a"), tainted("node.kubernetes.io/not-ready"), undefined],
    ["tolerates all", tolerating({ operator: "Exists" }), tainted("k", "v"), undefined],
    ["tolerates the key", tolerating({ key: "k", operator: "Exists" }), tainted("k", "v"), undefined],
    ["tolerates the value", tolerating({ key: "k", value: "v" }), tainted("k", "v"), undefined],
    [
      "tolerates another value",
      tolerating({ key: "k", value: "w" }),
      tainted("k", "v"),
      "node(s) had untolerated taint {k: v}",
    ],
    [
      "tolerates another effect",
      tolerating({ key: "k", operator: "Exists", effect: "NoExecute" }),
      tainted("k", "v"),
      "node(s) had untolerated taint {k: v}",
    ],
    ["selects it", pod("a", { spec: { nodeSelector: { zone: "a" } } }), node, undefined],
    ["selects another", pod("a", { spec: { nodeSelector: { zone: "b" } } }), node, unselected],
    ["is drawn to it", selecting({ key: "zone", operator: "In", values: ["a", "b"] }), node, undefined],
    ["is drawn elsewhere", selecting({ key: "zone", operator: "In", values: ["b"] }), node, unselected],
    ["is kept away", selecting({ key: "zone", operator: "NotIn", values: ["a"] }), node, unselected],
    ["wants a label", selecting({ key: "zone", operator: "Exists" }), node, undefined],
    ["wants no such label", selecting({ key: "zone", operator: "DoesNotExist" }), node, unselected],
    ["wants more", selecting({ key: "size", operator: "Gt", values: ["8"] }), node, unselected],
    ["wants less", selecting({ key: "size", operator: "Lt", values: ["9"] }), node, undefined],
    [
      "wants both",
      selecting({ key: "zone", operator: "Exists" }, { key: "other", operator: "Exists" }),
      node,
      unselected,
    ],
  ])("%s", (_, subject, on, cause) => expect(whyNot(subject, roomOn(on, []))).toBe(cause));

  it("finds what the pods before it have left", () => {
    const room = roomOn(node, [pod("b", { requests: { cpu: "500m" } })]);
    expect(whyNot(pod("a", { requests: { cpu: "1500m" } }), room)).toBeUndefined();
    expect(whyNot(pod("a", { requests: { cpu: "1600m" } }), room)).toBe("Insufficient cpu");
    expect(whyNot(pod("a"), roomOn(node, [pod("b"), pod("c")]))).toBe("Too many pods");
  });
});
