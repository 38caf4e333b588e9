import { describe, expect, it } from "vitest";
import type { GkeClusterArgs } from "../../../../components/host/gke/cluster-args";
import { GkeCluster } from "../../../../components/host/gke/gke-cluster";
import { gkeKubeconfig } from "../../../../components/host/gke/kubeconfig";
import { run, valueOf } from "../../../support/mocks";

const args: GkeClusterArgs = {
  project: "my-project",
  region: "europe-west4",
  zones: ["europe-west4-a"],
  deletionProtection: false,
  gpuPools: [
    {
      name: "l4",
      machineType: "g2-standard-8",
      gpu: { type: "nvidia-l4" },
      capacity: { kind: "spot" },
      max: 2,
    },
  ],
  labels: { environment: "development" },
};
const cluster = (more: Partial<GkeClusterArgs> = {}) => new GkeCluster("mnist", { ...args, ...more });

describe.each([false, true])("a GKE cluster, preview %s", (preview) => {
  const known = (value: unknown) => (preview ? "<unknown>" : value);

  it("is made of these parts", async () => {
    const { registered } = await run(preview, () => cluster());
    expect(registered.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).toEqual([
      "Account mnist-nodes",
      "Cluster mnist",
      "GkeCluster mnist",
      "GkeNetwork mnist",
      "GkeNodePool mnist-l4",
      "GkeNodePool mnist-system",
      "IAMMember mnist-nodes-images",
      "IAMMember mnist-nodes-streaming",
      "IAMMember mnist-nodes-system",
      "Network mnist",
      "NodeAccount mnist",
      "NodePool mnist-l4",
      "NodePool mnist-system",
      "RandomId mnist-nodes",
      "Router mnist-router",
      "RouterNat mnist-nat",
      "Subnetwork mnist-nodes",
      "kubernetes mnist",
    ]);
  });

  it("tells Google exactly this of the cluster", async () => {
    const { one } = await run(preview, () => cluster());
    expect(one("Cluster")).toMatchSnapshot();
  });

  it("has system nodes before GPU nodes, and a way to the images before either", async () => {
    const { registered } = await run(preview, () => cluster());
    const dependsOn = (name: string) =>
      registered.find((each) => each.type.endsWith(":NodePool") && each.name === name)?.dependsOn;
    expect(dependsOn("mnist-system")).toEqual(
      expect.arrayContaining([
        "Cluster mnist",
        "RouterNat mnist-nat",
        "IAMMember mnist-nodes-system",
        "IAMMember mnist-nodes-images",
      ]),
    );
    expect(dependsOn("mnist-l4")).toEqual(expect.arrayContaining(["NodePool mnist-system"]));
  });

  it("is reached when its pools are there, and while they are, as long as it is the same cluster", async () => {
    const { one } = await run(preview, () => cluster());
    const kubeconfig = gkeKubeconfig({ name: "mnist-1a2b3c4", server: "gke-1a2b.europe-west4.gke.goog" });
    expect(one("kubernetes").inputs).toEqual({
      kubeconfig: known({ secret: kubeconfig }),
      clusterIdentifier: known("mnist-id"),
    });
    expect(one("kubernetes").dependsOn).toEqual(
      expect.arrayContaining(["NodePool mnist-system", "NodePool mnist-l4"]),
    );
  });

  it("is reached another way where one is given", async () => {
    const { one } = await run(preview, () => cluster({ kubeconfig: "/tmp/kubeconfig", context: "proxy" }));
    expect(one("kubernetes").inputs).toMatchObject({ kubeconfig: "/tmp/kubeconfig", context: "proxy" });
  });

  it("waits for the services where they are to be enabled", async () => {
    const { registered, one } = await run(preview, () => cluster({ enableServices: true }));
    const services = registered
      .filter(({ type }) => type === "gcp:projects/service:Service")
      .map(({ name }) => `Service ${name}`);
    expect(services).toContain("Service mnist-container");
    for (const kind of ["Network", "Account", "Cluster"])
      expect(one(kind).dependsOn).toEqual(expect.arrayContaining(services));
  });

  it("is guarded by Google and by Pulumi where it is to be", async () => {
    const { one } = await run(preview, () => cluster({ deletionProtection: true }));
    expect(one("Cluster")).toMatchObject({
      inputs: { deletionProtection: true },
      options: { protect: true },
    });
  });

  it("takes what else Google knows", async () => {
    const { one } = await run(preview, () => cluster({ overrides: { enableKubernetesAlpha: true } }));
    expect(one("Cluster").inputs).toMatchObject({ enableKubernetesAlpha: true });
  });

  it("lets Google's agents use a key before anything is locked with it", async () => {
    const kmsKeyName = "projects/k/locations/europe-west4/keyRings/r/cryptoKeys/k";
    const { registered, one } = await run(preview, () => cluster({ kmsKeyName }));
    const grants = registered.filter(({ type }) => type.endsWith(":CryptoKeyIAMMember"));
    const agent = (name: string) => `serviceAccount:service-123456789012@${name}.iam.gserviceaccount.com`;
    expect(grants.map(({ name, inputs }) => [name, inputs])).toEqual([
      [
        "mnist-key-secrets",
        {
          cryptoKeyId: kmsKeyName,
          role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
          member: agent("container-engine-robot"),
        },
      ],
      [
        "mnist-key-disks",
        {
          cryptoKeyId: kmsKeyName,
          role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
          member: agent("compute-system"),
        },
      ],
    ]);
    expect(one("Cluster").dependsOn).toEqual(
      expect.arrayContaining(["CryptoKeyIAMMember mnist-key-secrets", "CryptoKeyIAMMember mnist-key-disks"]),
    );
    expect(one("Cluster").inputs).toMatchObject({
      databaseEncryption: { state: "ENCRYPTED", keyName: kmsKeyName },
      nodeConfig: { bootDiskKmsKey: kmsKeyName },
    });
  });

  it("has its nodes run as another account where one is given", async () => {
    const { registered } = await run(preview, () =>
      cluster({ nodeServiceAccount: "nodes@other.iam.gserviceaccount.com" }),
    );
    expect(registered.filter(({ type }) => /:(Account|IAMMember|NodeAccount)$/.test(type))).toEqual([]);
    const pool = registered.find(({ type, name }) => type.endsWith(":NodePool") && name === "mnist-l4");
    expect(pool?.inputs).toMatchObject({
      nodeConfig: { serviceAccount: "nodes@other.iam.gserviceaccount.com" },
    });
  });

  it("uses a network that is there already", async () => {
    const { registered, one } = await run(preview, () =>
      cluster({
        network: {
          kind: "existing",
          networkId: "projects/p/global/networks/n",
          subnetworkId: "projects/p/regions/europe-west4/subnetworks/s",
          podRange: "gke-pods",
          serviceRange: "gke-services",
        },
      }),
    );
    expect(registered.filter(({ type }) => type.startsWith("gcp:compute"))).toEqual([]);
    expect(one("Cluster").inputs).toMatchObject({
      subnetwork: "projects/p/regions/europe-west4/subnetworks/s",
      ipAllocationPolicy: {
        clusterSecondaryRangeName: "gke-pods",
        servicesSecondaryRangeName: "gke-services",
      },
    });
  });

  it("makes its classes and its shared volumes in the cluster, after it", async () => {
    const { one, result } = await run(preview, () =>
      cluster({
        filestore: { tier: "zonal" },
        computeClasses: [
          {
            name: "any-l4",
            gpu: { type: "nvidia-l4" },
            capacities: [{ kind: "on-demand" }, { kind: "spot" }],
          },
        ],
      }),
    );
    expect(one("ComputeClass").dependsOn).toContain("Cluster mnist");
    expect(one("StorageClass").inputs).toMatchObject({ parameters: { tier: "zonal" } });
    expect(result.storage.readWriteMany).toMatchObject({
      name: "mnist-shared",
      binding: "WaitForFirstConsumer",
    });
    expect(result.gpu("any-l4").nodeSelector).toEqual({ "cloud.google.com/compute-class": "any-l4" });
  });
});

it("is reached by its address, with its own certificate, where that is chosen", async () => {
  const authorizedCidrs = [{ cidr: "203.0.113.0/24", name: "office" }];
  const { one } = await run(false, () => cluster({ controlPlaneAccess: { kind: "ip", authorizedCidrs } }));
  expect(one("kubernetes").inputs["kubeconfig"]).toEqual({
    secret: gkeKubeconfig({ name: "mnist-1a2b3c4", server: "203.0.113.9", caData: "Q0E=" }),
  });
  expect(one("Cluster").inputs).toMatchObject({
    masterAuthorizedNetworksConfig: {
      cidrBlocks: [{ cidrBlock: "203.0.113.0/24", displayName: "office" }],
      gcpPublicCidrsAccessEnabled: false,
    },
    controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: true } },
  });
});

it("knows its pods by their namespace and account", async () => {
  const { result } = await run(false, () => cluster().workloadPrincipal("ml", "trainer"));
  expect(await valueOf(result)).toBe(
    "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/my-project.svc.id.goog/subject/ns/ml/sa/trainer",
  );
});

it("refuses all that is wrong at once, before anything is made", async () => {
  await expect(run(false, () => cluster({ project: "x", zones: ["us-central1-a"] }))).rejects.toThrow(
    /^GkeCluster mnist:\n {2}project: .*\n {2}zones\[0\]: /,
  );
});
