import { describe, expect, it } from "vitest";
import { gkeGpuScheduling } from "../../../../components/host/gke/gpu-scheduling";
import type { GpuPoolArgs } from "../../../../components/host/gke/pools/pool-args";

const pool = (args: Partial<GpuPoolArgs> = {}): GpuPoolArgs => ({
  name: "l4",
  machineType: "g2-standard-8",
  gpu: { type: "nvidia-l4" },
  max: 2,
  ...args,
});
const a100 = pool({ name: "a100", machineType: "a2-highgpu-1g", gpu: { type: "nvidia-tesla-a100" } });
const offered = (...pools: GpuPoolArgs[]) => ({ pools, classes: [] });
const tolerations = [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }];
const g2 = { cpu: 7.5, memoryGb: 28.3, nodes: ["g2-standard-8"] };
const scheduling = (nodeSelector: Record<string, string>) => ({
  resource: "nvidia.com/gpu",
  nodeSelector,
  tolerations,
  most: 1,
  mostPerNode: g2,
});
const l4 = { "cloud.google.com/gke-accelerator": "nvidia-l4" };

describe("a GPU on GKE", () => {
  it("is asked for by its type, which the autoscaler knows of pools without nodes", () =>
    expect(gkeGpuScheduling(offered(pool(), a100), "nvidia-l4")).toEqual(scheduling(l4)));
  it("is of the one type there is, where none is said", () =>
    expect(gkeGpuScheduling(offered(pool()))).toEqual(scheduling(l4)));
  it("is any of several types, where none is said", () =>
    expect(gkeGpuScheduling(offered(pool(), a100))).toEqual({
      ...scheduling({}),
      mostPerNode: { cpu: 11.5, memoryGb: 78.1, nodes: ["g2-standard-8", "a2-highgpu-1g"] },
    }));
  it("of flex-start alone has to be asked for as such", () =>
    expect(gkeGpuScheduling(offered(pool({ capacity: { kind: "flex-start" } })), "nvidia-l4")).toEqual(
      scheduling({ ...l4, "cloud.google.com/gke-flex-start": "true" }),
    ));
  it("of flex-start beside others is had by the others", () =>
    expect(
      gkeGpuScheduling(
        offered(pool({ name: "flex", capacity: { kind: "flex-start" } }), pool()),
        "nvidia-l4",
      ),
    ).toEqual(scheduling(l4)));
  it("may be as many as the biggest node of the type has", () => {
    const big = pool({ name: "big", machineType: "g2-standard-24" });
    expect(gkeGpuScheduling(offered(pool(), big), "nvidia-l4").most).toBe(2);
  });
  it("is on nodes of which nothing is known where a pool's overrides say what they are", () => {
    const overrides = { nodeConfig: { machineType: "g9-standard-8" } };
    expect(gkeGpuScheduling(offered(pool({ overrides }), pool())).mostPerNode).toBeUndefined();
  });

  const byClass = (more: { machineType?: string; count?: number }) => {
    const { count, ...others } = more;
    const gpu = { type: "nvidia-l4", ...(count !== undefined && { count }) };
    return gkeGpuScheduling({ ...offered(pool()), classes: [{ name: "any-l4", gpu, ...others }] }, "any-l4");
  };
  it("is asked for by a compute class, which GKE picks a machine for", () => {
    const { most, mostPerNode, nodeSelector } = byClass({});
    expect(nodeSelector).toEqual({ "cloud.google.com/compute-class": "any-l4" });
    expect([most, mostPerNode]).toEqual([1, undefined]);
    expect(byClass({ count: 4 }).most).toBe(4);
  });
  it("is asked for by a compute class of one machine type", () => {
    const { most, mostPerNode } = byClass({ machineType: "g2-standard-24" });
    expect(most).toBe(2);
    expect(mostPerNode).toEqual({ cpu: 23.5, memoryGb: 88.5, nodes: ["g2-standard-24"] });
  });

  const refused: [what: string, pools: GpuPoolArgs[], type: string | undefined, message: string][] = [
    ["none is there", [], undefined, "the cluster has no GPU nodes; add a pool to gpuPools, or ask for none"],
    [
      "another type is there",
      [pool()],
      "nvidia-h100-80gb",
      'the cluster offers no GPU of type "nvidia-h100-80gb"; allowed: nvidia-l4',
    ],
    [
      "all wait in a queue",
      [pool({ capacity: { kind: "queued" } })],
      "nvidia-l4",
      "the cluster's GPU nodes are all given out by a queue or to a class, which this workload does not use; add another pool",
    ],
    [
      "all belong to a class of someone else's",
      [pool({ computeClass: "theirs" })],
      "nvidia-l4",
      "the cluster's GPU nodes are all given out by a queue or to a class, which this workload does not use; add another pool",
    ],
  ];
  it.each(refused)("is refused where %s", (_what, pools, type, message) =>
    expect(() => gkeGpuScheduling(offered(...pools), type)).toThrow(message),
  );
});
