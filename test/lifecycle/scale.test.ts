import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodePoolType } from "../../sandbox/clouds/gcp/node-pools";
import { fileProject, type SimulatedResource } from "../../sandbox/clouds/gcp/project";
import { cordonOwnNode } from "../../sandbox/control-plane/keeper/furniture";
import { namespace, patient, TestControlPlane } from "../support/control-plane";

const idleSeconds = 2;
const gpu = "nvidia.com/gpu";
const clusterId = "projects/p/locations/us-central1-a/clusters/gke";
const cluster: SimulatedResource = { type: "gcp:container/cluster:Cluster", name: "gke", state: {} };

describe("the autoscaler of a simulated cluster", () => {
  let plane: TestControlPlane;
  beforeAll(async () => {
    plane = await TestControlPlane.start({ idleSeconds });
  });
  afterAll(() => plane?.stop());

  /** The project holds the cluster with one pool of one L4 a node, or it is empty. */
  const writeProject = (max?: number, min = 0) =>
    fileProject(join(plane.dir, "gcp", "project.json")).change((resources) => {
      const id = `${clusterId}/nodePools/l4`;
      if (max === undefined) {
        delete resources[clusterId];
        delete resources[id];
        return;
      }
      resources[clusterId] = cluster;
      resources[id] = {
        type: nodePoolType,
        name: "l4",
        state: {
          name: "l4",
          nodeLocations: ["us-central1-a"],
          autoscaling: { totalMinNodeCount: min, totalMaxNodeCount: max },
          nodeConfig: {
            machineType: "g2-standard-8",
            guestAccelerators: [{ type: "nvidia-l4", count: 1 }],
          },
        },
      };
    });
  const makePod = (name: string, machine = "nvidia-l4") =>
    plane.makePod(name, {
      nodeSelector: { "cloud.google.com/gke-accelerator": machine },
      tolerations: [{ key: gpu, operator: "Exists" }],
      containers: [
        { name: "main", image: "placeholder.invalid/model:1", resources: { limits: { [gpu]: "1" } } },
      ],
    });
  const nodes = async () =>
    (await plane.api.core.listNode()).items.map(({ metadata, spec }) => ({
      pool: metadata?.labels?.["cloud.google.com/gke-nodepool"],
      closed: spec?.unschedulable === true,
    }));
  const own = (closed: boolean) => ({ pool: undefined, closed });
  const l4 = { pool: "l4", closed: false };
  const nodeOf = async (name: string) =>
    (await plane.api.core.readNamespacedPod({ namespace, name })).spec?.nodeName;

  it("leaves a sandbox without a project alone", async () => {
    await makePod("waiting", "nvidia-l4");
    await sleep(1500);
    expect(await plane.told("waiting", "NotTriggerScaleUp")).toEqual([]);
    expect(await nodes()).toEqual([own(false)]);
    await plane.deletePod("waiting");
  });

  it("keeps the sandbox's own node for nobody while there is a cluster", async () => {
    await writeProject(1);
    await expect.poll(nodes, patient).toEqual([own(true)]);
  });

  it("adds a node for a pod that has no place, and no more than the pool's most", async () => {
    await makePod("a");
    await plane.runs("a");
    expect(await nodeOf("a")).toMatch(/^gke-gke-l4-[0-9a-f]{4}$/);
    expect(await plane.told("a", "TriggeredScaleUp")).toEqual([
      "Normal cluster-autoscaler: pod triggered scale-up: [{l4 0->1 (max: 1)}]",
    ]);
    await makePod("b");
    await expect
      .poll(() => plane.told("b", "NotTriggerScaleUp"), patient)
      .toEqual(["Normal cluster-autoscaler: pod didn't trigger scale-up: 1 max node group size reached"]);
    await sleep(1000);
    expect(await nodes()).toEqual([l4, own(true)]);
  });

  it("tells why no pool can take a pod", async () => {
    await makePod("other", "nvidia-h100-80gb");
    await expect
      .poll(() => plane.told("other", "NotTriggerScaleUp"), patient)
      .toEqual([
        "Normal cluster-autoscaler: pod didn't trigger scale-up: 1 node(s) didn't match Pod's node affinity/selector",
      ]);
    await plane.deletePod("other");
  });

  it("uses the room that another pod leaves, and takes the node away when it is idle", async () => {
    await plane.deletePod("a");
    await plane.runs("b");
    await sleep(idleSeconds * 1000 + 1000);
    expect(await nodes()).toEqual([l4, own(true)]);
    await plane.deletePod("b");
    await expect.poll(nodes, patient).toEqual([own(true)]);
  });

  it("keeps as many nodes as the pool's least", async () => {
    await writeProject(3, 1);
    await expect.poll(nodes, patient).toEqual([l4, own(true)]);
    await sleep(idleSeconds * 1000 + 1000);
    expect(await nodes()).toEqual([l4, own(true)]);
  });

  it("takes all away when the cluster is gone, and opens the sandbox's own node", async () => {
    await makePod("c");
    await plane.runs("c");
    await writeProject();
    await expect.poll(nodes, patient).toEqual([own(false)]);
    await expect
      .poll(async () => (await plane.api.core.listNamespacedPod({ namespace })).items.length, patient)
      .toBe(0);
  });

  it("has the own node closed and opened at once by the simulated cloud", async () => {
    const { kubeconfig } = plane.controlPlane;
    await cordonOwnNode(kubeconfig, true);
    await cordonOwnNode(kubeconfig, true);
    expect(await nodes()).toEqual([own(true)]);
    await sleep(1000);
    expect(await nodes()).toEqual([own(true)]);
    await cordonOwnNode(kubeconfig, false);
    expect(await nodes()).toEqual([own(false)]);
  });
});
