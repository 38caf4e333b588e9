import { NodePool } from "@pulumi/gcp/container";
import { describe, expect, it } from "vitest";
import { GkeNodePool } from "../../../../components/host/gke/pools/node-pool";
import {
  mostNodes,
  systemPool,
  type Capacity,
  type CpuPoolArgs,
  type GpuPoolArgs,
} from "../../../../components/host/gke/pools/pool-args";
import {
  cpuPoolProperties,
  gpuPoolProperties,
  type PoolContext,
} from "../../../../components/host/gke/pools/pool-properties";
import { run, valueOf } from "../../../support/mocks";

const context: PoolContext = {
  cluster: "projects/p/locations/europe-west4/clusters/c",
  location: "europe-west4",
  zones: ["europe-west4-a", "europe-west4-b"],
  serviceAccount: "nodes@p.iam.gserviceaccount.com",
  imageStreaming: true,
};

const l4: GpuPoolArgs = { name: "l4", machineType: "g2-standard-8", gpu: { type: "nvidia-l4" }, max: 4 };
const cpu: CpuPoolArgs = { name: "cpu", machineType: "n2-standard-8", max: 5 };

/** What every pool has. */
const pool = {
  cluster: context.cluster,
  location: "europe-west4",
  nodeLocations: ["europe-west4-a", "europe-west4-b"],
  initialNodeCount: 0,
  autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 4, locationPolicy: "ANY" },
  ignoreNodeCountChanges: true,
  management: { autoRepair: true, autoUpgrade: true },
  networkConfig: { enablePrivateNodes: true },
  nodeDrainConfigs: [{ respectPdbDuringNodePoolDeletion: true }],
};
const upgradeSettings = { strategy: "SURGE", maxSurge: 0, maxUnavailable: 1 };
const node = {
  machineType: "g2-standard-8",
  imageType: "COS_CONTAINERD",
  diskType: "pd-balanced",
  diskSizeGb: 100,
  serviceAccount: "nodes@p.iam.gserviceaccount.com",
  oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
  workloadMetadataConfig: { mode: "GKE_METADATA" },
  shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
  metadata: { "disable-legacy-endpoints": "true" },
  kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
  gcfsConfig: { enabled: true },
  gvnic: { enabled: true },
  guestAccelerators: [
    { type: "nvidia-l4", count: 1, gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" } },
  ],
  taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
};

const omit = (from: object, ...keys: string[]) =>
  Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key)));

describe("what Google is told of a pool with GPUs", () => {
  it.each<[string, Capacity | undefined, object]>([
    ["on demand", undefined, { ...pool, upgradeSettings, nodeConfig: node }],
    ["spot", { kind: "spot" }, { ...pool, upgradeSettings, nodeConfig: { ...node, spot: true } }],
    [
      "flex-start",
      { kind: "flex-start" },
      {
        ...pool,
        management: { autoRepair: false, autoUpgrade: true },
        nodeConfig: {
          ...node,
          flexStart: true,
          maxRunDuration: "604800s",
          reservationAffinity: { consumeReservationType: "NO_RESERVATION" },
        },
      },
    ],
    [
      "queued",
      { kind: "queued", maxRunHours: 12 },
      {
        ...pool,
        management: { autoRepair: false, autoUpgrade: true },
        queuedProvisioning: { enabled: true },
        nodeConfig: {
          ...node,
          flexStart: true,
          maxRunDuration: "43200s",
          reservationAffinity: { consumeReservationType: "NO_RESERVATION" },
        },
      },
    ],
    [
      "from any reservation",
      { kind: "reservation" },
      {
        ...pool,
        upgradeSettings,
        nodeConfig: { ...node, reservationAffinity: { consumeReservationType: "ANY_RESERVATION" } },
      },
    ],
    [
      "from one reservation",
      { kind: "reservation", name: "training-l4" },
      {
        ...pool,
        upgradeSettings,
        nodeConfig: {
          ...node,
          reservationAffinity: {
            consumeReservationType: "SPECIFIC_RESERVATION",
            key: "compute.googleapis.com/reservation-name",
            values: ["training-l4"],
          },
        },
      },
    ],
  ])("%s", (_, capacity, properties) => {
    expect(gpuPoolProperties({ ...l4, capacity }, context)).toEqual(properties);
  });

  it("with everything that can be said", () => {
    const all: GpuPoolArgs = {
      name: "h100",
      machineType: "a3-highgpu-8g",
      gpu: { type: "nvidia-h100-80gb", driver: "latest", sharing: { kind: "mig", partition: "1g.10gb" } },
      min: 3,
      max: 6,
      zones: ["europe-west4-b"],
      placement: "compact",
      disk: { type: "pd-ssd", sizeGb: 500 },
      preloadDisk: "projects/p/global/images/weights",
      fastNetwork: true,
      upgrade: { maxSurge: 2 },
      labels: { team: "ml" },
      computeClass: "h100-first",
    };
    const whole: PoolContext = {
      ...context,
      privateNodes: false,
      imageStreaming: false,
      kmsKey: "projects/p/locations/l/keyRings/r/cryptoKeys/k",
      resourceLabels: { environment: "prod" },
      tags: ["gke"],
    };
    expect(gpuPoolProperties(all, whole)).toEqual({
      ...pool,
      nodeLocations: ["europe-west4-b"],
      initialNodeCount: 3,
      autoscaling: { totalMinNodeCount: 3, totalMaxNodeCount: 6, locationPolicy: "ANY" },
      networkConfig: { enablePrivateNodes: false },
      upgradeSettings: { strategy: "SURGE", maxSurge: 2, maxUnavailable: 1 },
      placementPolicy: { type: "COMPACT" },
      nodeConfig: {
        ...omit(node, "gcfsConfig"),
        machineType: "a3-highgpu-8g",
        diskType: "pd-ssd",
        diskSizeGb: 500,
        bootDiskKmsKey: "projects/p/locations/l/keyRings/r/cryptoKeys/k",
        ephemeralStorageLocalSsdConfig: { localSsdCount: 16 },
        guestAccelerators: [
          {
            type: "nvidia-h100-80gb",
            count: 8,
            gpuDriverInstallationConfig: { gpuDriverVersion: "LATEST" },
            gpuPartitionSize: "1g.10gb",
          },
        ],
        taints: [
          { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" },
          { key: "cloud.google.com/compute-class", value: "h100-first", effect: "NO_SCHEDULE" },
        ],
        gvnic: { enabled: true },
        fastSocket: { enabled: true },
        secondaryBootDisks: [
          { diskImage: "projects/p/global/images/weights", mode: "CONTAINER_IMAGE_CACHE" },
        ],
        labels: { team: "ml", "cloud.google.com/compute-class": "h100-first" },
        resourceLabels: { environment: "prod" },
        tags: ["gke"],
      },
    });
  });

  it.each([
    [{ kind: "time-sharing", clients: 4 } as const, "TIME_SHARING"],
    [{ kind: "mps", clients: 4 } as const, "MPS"],
  ])("shared by %j", (sharing, gpuSharingStrategy) => {
    const { nodeConfig } = gpuPoolProperties({ ...l4, gpu: { ...l4.gpu, sharing } }, context);
    expect(nodeConfig.guestAccelerators).toEqual([
      { ...node.guestAccelerators[0], gpuSharingConfig: { gpuSharingStrategy, maxSharedClientsPerGpu: 4 } },
    ]);
  });

  it("never more nodes at the beginning than are wanted, and what the machine takes for a disk", () => {
    const unknownZones = { ...context, zones: undefined };
    expect(gpuPoolProperties({ ...l4, min: 2 }, unknownZones).initialNodeCount).toBe(0);
    expect(gpuPoolProperties({ ...l4, min: 2 }, unknownZones)).not.toHaveProperty("nodeLocations");
    const g4 = { ...l4, machineType: "g4-standard-48", gpu: { type: "nvidia-rtx-pro-6000" } };
    expect(gpuPoolProperties(g4, context).nodeConfig.diskType).toBe("hyperdisk-balanced");
  });

  it("overrides come last, those of its nodes one by one", () => {
    const overrides = {
      maxPodsPerNode: 16,
      nodeConfig: { minCpuPlatform: "Intel Ice Lake", diskSizeGb: 300 },
    };
    expect(gpuPoolProperties({ ...l4, overrides }, context)).toEqual({
      ...pool,
      upgradeSettings,
      maxPodsPerNode: 16,
      nodeConfig: { ...node, minCpuPlatform: "Intel Ice Lake", diskSizeGb: 300 },
    });
  });
});

describe("what Google is told of a pool without GPUs", () => {
  const plain = omit(node, "guestAccelerators", "taints", "gvnic");

  it.each<[string, Partial<CpuPoolArgs>, object, object]>([
    ["at rest", {}, {}, {}],
    ["spot", { capacity: { kind: "spot" } }, {}, { spot: true }],
    [
      "that starts with enough in every zone",
      { min: 3 },
      {
        initialNodeCount: 2,
        autoscaling: { totalMinNodeCount: 3, totalMaxNodeCount: 5, locationPolicy: "ANY" },
      },
      {},
    ],
    [
      "of a compute class, with local SSDs",
      { computeClass: "cheap", localSsd: 2 },
      {},
      {
        ephemeralStorageLocalSsdConfig: { localSsdCount: 2 },
        labels: { "cloud.google.com/compute-class": "cheap" },
        taints: [{ key: "cloud.google.com/compute-class", value: "cheap", effect: "NO_SCHEDULE" }],
      },
    ],
  ])("%s", (_, args, properties, nodeConfig) => {
    expect(cpuPoolProperties({ ...cpu, ...args }, context)).toEqual({
      ...pool,
      autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 5, locationPolicy: "ANY" },
      upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
      ...properties,
      nodeConfig: { ...plain, machineType: "n2-standard-8", ...nodeConfig },
    });
  });
});

it("the most nodes are those of upgrades too", () => {
  expect(mostNodes([l4, cpu, systemPool()])).toBe(4 + 6 + 4);
  expect(mostNodes([{ ...l4, upgrade: { maxSurge: 3 } }])).toBe(7);
});

describe.each([false, true])("a pool, preview %s", (preview) => {
  it("is made before another takes its place, after what it waits for, and its count left to the autoscaler", async () => {
    const { one, registered, result } = await run(preview, () => {
      const system = new NodePool("system", { cluster: "c" });
      return new GkeNodePool("mnist-l4", { pool: l4, context }, { dependsOn: [system] });
    });
    const made = registered.find(({ name, type }) => name === "mnist-l4" && type.endsWith(":NodePool"));
    expect(made).toEqual({
      type: "gcp:container/nodePool:NodePool",
      name: "mnist-l4",
      inputs: { ...pool, upgradeSettings, nodeConfig: node },
      parent: "GkeNodePool mnist-l4",
      dependsOn: ["NodePool system"],
      options: {
        ignoreChanges: ["initialNodeCount"],
        replaceOnChanges: [
          "placementPolicy",
          "queuedProvisioning",
          "nodeConfig.machineType",
          "nodeConfig.guestAccelerators",
          "nodeConfig.diskType",
          "nodeConfig.diskSizeGb",
          "nodeConfig.bootDiskKmsKey",
          "nodeConfig.ephemeralStorageLocalSsdConfig",
          "nodeConfig.secondaryBootDisks",
          "nodeConfig.spot",
          "nodeConfig.flexStart",
          "nodeConfig.maxRunDuration",
          "nodeConfig.reservationAffinity",
        ],
        customTimeouts: { create: "45m", update: "45m" },
      },
    });
    expect(one("GkeNodePool").type).toBe("inference-infra:host:GkeNodePool");
    // Named by the provider: the name is not among the inputs.
    if (!preview) expect(await valueOf(result.pool.id)).toBe("mnist-l4-id");
  });

  it("may be without GPUs", async () => {
    const { one } = await run(preview, () => new GkeNodePool("mnist-cpu", { pool: cpu, context }));
    expect(one("NodePool").inputs["nodeConfig"]).not.toHaveProperty("guestAccelerators");
    expect(one("NodePool").dependsOn).toEqual([]);
  });

  it("tells all faults at once", async () => {
    const faulty = { ...l4, max: 0, gpu: { type: "l4" } };
    await expect(run(preview, () => new GkeNodePool("Pool", { pool: faulty, context }))).rejects.toThrow(
      [
        "GkeNodePool Pool:",
        '  name: got "Pool"; allowed: lower-case letters, digits and hyphens, a letter first, at most 32 characters',
        "  pool.max: got 0; allowed: a whole number from 1 to 2000",
        '  pool.gpu.type: got "l4"; did you mean nvidia-l4?; allowed: nvidia-b200, nvidia-h200-141gb, nvidia-h100-mega-80gb, nvidia-h100-80gb, nvidia-a100-80gb, nvidia-tesla-a100, nvidia-rtx-pro-6000, nvidia-l4, nvidia-tesla-t4, nvidia-tesla-v100, nvidia-tesla-p100 or nvidia-tesla-p4',
      ].join("\n"),
    );
  });
});
