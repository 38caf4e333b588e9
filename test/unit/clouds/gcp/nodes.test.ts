import { describe, expect, it } from "vitest";
import { nodePoolsIn, nodePoolType } from "../../../../sandbox/clouds/gcp/node-pools";
import { makeNode, partitionsPerGpu } from "../../../../sandbox/clouds/gcp/nodes";
import type { Properties } from "../../../../provider";

const zones = ["europe-west4-a", "europe-west4-b"];

function poolWith(state: Properties, name = "gpu") {
  const id = `projects/p/locations/europe-west4/clusters/ml/nodePools/${name}`;
  const [pool] = nodePoolsIn({
    resources: {
      [id]: { type: nodePoolType, name, state: { nodeLocations: zones, ...state } },
      bucket: { type: "gcp:storage/bucket:Bucket", name: "bucket", state: {} },
    },
  });
  if (pool === undefined) throw new Error("no pool");
  return pool;
}

const l4: Properties = {
  autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 4 },
  nodeConfig: {
    machineType: "g2-standard-8",
    diskType: "pd-balanced",
    diskSizeGb: 200,
    spot: true,
    labels: { team: "vision" },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    guestAccelerators: [
      {
        type: "nvidia-l4",
        count: 1,
        gpuDriverInstallationConfig: { gpuDriverVersion: "LATEST" },
        gpuSharingConfig: { gpuSharingStrategy: "TIME_SHARING", maxSharedClientsPerGpu: 4 },
      },
    ],
  },
};

describe("a node", () => {
  it("of g2-standard-8 with a shared L4", () => {
    const node = makeNode(poolWith(l4), 3);
    const name = node.metadata?.name;
    expect(name).toMatch(/^gke-ml-gpu-[0-9a-f]{4}$/);
    expect(node).toEqual({
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name,
        annotations: { "kwok.x-k8s.io/node": "fake" },
        labels: {
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": "amd64",
          "kubernetes.io/hostname": name,
          "node.kubernetes.io/instance-type": "g2-standard-8",
          "topology.kubernetes.io/region": "europe-west4",
          "topology.kubernetes.io/zone": "europe-west4-b",
          "iam.gke.io/gke-metadata-server-enabled": "true",
          "cloud.google.com/machine-family": "g2",
          "cloud.google.com/gke-boot-disk": "pd-balanced",
          "cloud.google.com/gke-os-distribution": "cos",
          "cloud.google.com/gke-provisioning": "spot",
          "cloud.google.com/gke-spot": "true",
          "cloud.google.com/gke-accelerator": "nvidia-l4",
          "cloud.google.com/gke-accelerator-count": "1",
          "cloud.google.com/gke-gpu-driver-version": "latest",
          "cloud.google.com/gke-gpu-sharing-strategy": "time-sharing",
          "cloud.google.com/gke-max-shared-clients-per-gpu": "4",
          "cloud.google.com/gke-nodepool": "gpu",
          team: "vision",
        },
      },
      spec: { taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }] },
      status: {
        capacity: {
          cpu: "8",
          memory: "32Gi",
          "ephemeral-storage": "200Gi",
          pods: "110",
          "nvidia.com/gpu": "4",
        },
        allocatable: {
          cpu: "7900m",
          memory: "29491Mi",
          "ephemeral-storage": "200Gi",
          pods: "110",
          "nvidia.com/gpu": "4",
        },
      },
    });
  });

  it("of e2-standard-4", () => {
    const { spec, metadata, status } = makeNode(
      poolWith({ nodeConfig: { machineType: "e2-standard-4" } }, "cpu"),
      0,
    );
    expect(spec).toBeUndefined();
    expect(metadata?.labels).toEqual({
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      "kubernetes.io/hostname": metadata?.name,
      "node.kubernetes.io/instance-type": "e2-standard-4",
      "topology.kubernetes.io/region": "europe-west4",
      "topology.kubernetes.io/zone": "europe-west4-a",
      "cloud.google.com/machine-family": "e2",
      "cloud.google.com/gke-boot-disk": "pd-balanced",
      "cloud.google.com/gke-os-distribution": "cos",
      "cloud.google.com/gke-provisioning": "standard",
      "cloud.google.com/gke-nodepool": "cpu",
    });
    expect(status?.capacity).toEqual({ cpu: "4", memory: "16Gi", "ephemeral-storage": "100Gi", pods: "110" });
  });

  it("of a queue has its label and its taint, and is made for whoever waits", () => {
    const { node } = poolWith({ queuedProvisioning: { enabled: true }, nodeConfig: { flexStart: true } });
    expect(node.labels).toMatchObject({
      "cloud.google.com/gke-queued": "true",
      "cloud.google.com/gke-flex-start": "true",
    });
    expect(node.taints).toEqual([
      { key: "cloud.google.com/gke-queued", value: "true", effect: "NoSchedule" },
    ]);
  });

  it("has the GPUs that its machine comes with, local disks, and what a machine's name says", () => {
    const capacity = (nodeConfig: Properties) => poolWith({ nodeConfig }).node.capacity;
    expect(capacity({ machineType: "g2-standard-24" })).toMatchObject({ "nvidia.com/gpu": "2" });
    expect(
      capacity({ machineType: "g2-standard-8", ephemeralStorageLocalSsdConfig: { localSsdCount: 2 } }),
    ).toMatchObject({ "ephemeral-storage": "750Gi" });
    expect(capacity({ machineType: "x9-standard-16" })).toMatchObject({ cpu: "16", memory: "64Gi" });
  });

  it("has a name that a label can have, however long the cluster's and the pool's are", () => {
    const pool = { ...poolWith({}), cluster: "c".repeat(40), name: "p".repeat(40) };
    expect(makeNode(pool, 0).metadata?.name?.length).toBeLessThanOrEqual(63);
  });

  it.each<[string, string, number]>([
    ["nvidia-tesla-a100", "1g.5gb", 7],
    ["nvidia-tesla-a100", "1g.10gb", 4],
    ["nvidia-tesla-a100", "3g.20gb", 2],
    ["nvidia-h100-80gb", "1g.10gb", 7],
    ["nvidia-h100-80gb", "1g.20gb", 4],
    ["nvidia-h100-80gb", "4g.40gb", 1],
    ["nvidia-h200-141gb", "3g.71gb", 2],
    ["nvidia-b200", "1g.45gb", 4],
    ["nvidia-rtx-pro-6000", "1g.24gb", 4],
  ])("of %s is cut into pieces of %s", (type, size, count) =>
    expect(partitionsPerGpu(type, size)).toBe(count),
  );
});

describe("a pool's counts", () => {
  it.each<[Properties, { initial: number; min: number; max: number }]>([
    [{ nodeCount: 2 }, { initial: 4, min: 4, max: 4 }],
    [{ initialNodeCount: 1 }, { initial: 2, min: 2, max: 2 }],
    [{}, { initial: 0, min: 0, max: 0 }],
    [
      { initialNodeCount: 0, autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 4 } },
      { initial: 1, min: 1, max: 4 },
    ],
    [
      { initialNodeCount: 1, autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 1 } },
      { initial: 1, min: 0, max: 1 },
    ],
    [{ autoscaling: { minNodeCount: 1, maxNodeCount: 2 } }, { initial: 2, min: 2, max: 4 }],
  ])("of %j are over all zones %j", (state, counts) =>
    expect(poolWith(state)).toMatchObject({ cluster: "ml", name: "gpu", zones, ...counts }),
  );
});
