import { describe, expect, it } from "vitest";
import type { Properties } from "../../../../provider";
import { google, types, withCluster } from "./support";

type Client = Awaited<ReturnType<typeof google>>;
type Refusal = readonly [what: string, attempt: (client: Client) => Promise<unknown>, message: string];

const clusterId = "projects/p/locations/europe-west4/clusters/ml";

async function twice(client: Client, type: string, inputs: Properties) {
  await client.create(type, inputs);
  return client.create(type, inputs);
}

async function pool(client: Client, inputs: Properties) {
  const { cluster } = await withCluster(client);
  return client.create(types.pool, { name: "gpu", cluster: cluster.id, ...inputs });
}

const gpus = (machineType: string | undefined, type: string, count: number) => ({
  nodeConfig: {
    ...(machineType !== undefined && { machineType }),
    guestAccelerators: [{ type, count }],
  },
});

const refusals: readonly Refusal[] = [
  [
    "a second network of a name",
    (client) => twice(client, types.network, { name: "n" }),
    "Error creating Network: googleapi: Error 409: The resource 'projects/p/global/networks/n' already exists, alreadyExists",
  ],
  [
    "a second cluster of a name",
    async (client) => {
      const { cluster } = await withCluster(client);
      return client.create(types.cluster, cluster.inputs);
    },
    `googleapi: Error 409: Already exists: ${clusterId}., alreadyExists`,
  ],
  [
    "a second pool of a name",
    async (client) => {
      await pool(client, {});
      return client.create(types.pool, { name: "gpu", cluster: clusterId });
    },
    `resource - ${clusterId}/nodePools/gpu - already exists`,
  ],
  [
    "a second service account of an id",
    (client) => twice(client, types.account, { accountId: "gke-nodes" }),
    "Error creating service account: googleapi: Error 409: Service account gke-nodes already exists within project projects/p., alreadyExists",
  ],
  [
    "a service account's id that is too short",
    (client) => client.create(types.account, { accountId: "gke" }),
    'Error creating service account: googleapi: Error 400: Invalid service account ID "gke": 6 to 30 lowercase letters, digits and hyphens., badRequest',
  ],
  [
    "a second bucket of a name",
    (client) => twice(client, types.bucket, { name: "b" }),
    "googleapi: Error 409: Your previous request to create the named bucket succeeded and you already own it., conflict",
  ],
  [
    "a range that another subnetwork has",
    async (client) => {
      const { network } = await withCluster(client);
      return client.create(types.subnetwork, { name: "s", network: network.id, ipCidrRange: "10.5.0.0/20" });
    },
    "Error creating Subnetwork: googleapi: Error 400: Invalid value for field 'resource.ipCidrRange': '10.5.0.0/20'. " +
      "Invalid IPCidrRange: 10.5.0.0/20 conflicts with existing subnetwork 'nodes' in region 'europe-west4'., invalid",
  ],
  [
    "a range that its own subnetwork has",
    (client) =>
      client.create(types.subnetwork, {
        name: "s",
        network: "n",
        ipCidrRange: "10.0.0.0/16",
        secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.0.128.0/20" }],
      }),
    "Error creating Subnetwork: googleapi: Error 400: Invalid value for field 'resource.secondaryIpRanges[0].ipCidrRange': " +
      "'10.0.128.0/20'. 10.0.128.0/20 overlaps with 10.0.0.0/16 of the same subnetwork., invalid",
  ],
  [
    "a NAT without its router",
    (client) => client.create(types.nat, { name: "nat", router: "r" }),
    "Error creating RouterNat: googleapi: Error 404: The resource 'projects/p/regions/europe-west4/routers/r' was not found, notFound",
  ],
  [
    "a cluster of no node",
    (client) => withCluster(client, { initialNodeCount: 0 }),
    "googleapi: Error 400: Cluster.initial_node_count must be greater than zero., badRequest",
  ],
  [
    "a cluster on a range that its subnetwork does not have",
    (client) => withCluster(client, { ipAllocationPolicy: { clusterSecondaryRangeName: "pod" } }),
    'googleapi: Error 400: Pod secondary range "pod" not found in subnetwork "nodes"., badRequest',
  ],
  [
    "a pool without its cluster",
    (client) => client.create(types.pool, { name: "gpu", cluster: clusterId }),
    `error creating NodePool: googleapi: Error 404: Not found: ${clusterId}., notFound`,
  ],
  [
    "a pool with two counts",
    (client) => pool(client, { initialNodeCount: 1, nodeCount: 1 }),
    "Cannot set both initial_node_count and node_count on node pool gpu",
  ],
  [
    "a GPU in a machine that takes none",
    (client) => pool(client, gpus("e2-standard-4", "nvidia-l4", 1)),
    'error creating NodePool: googleapi: Error 400: Accelerator type "nvidia-l4" is not supported by machine type "e2-standard-4"., badRequest',
  ],
  [
    "a GPU in a machine that is not said",
    (client) => pool(client, gpus(undefined, "nvidia-l4", 1)),
    "error creating NodePool: googleapi: Error 400: Cannot use default machine type (e2-medium) with GPUs; choose a different machine type., badRequest",
  ],
  [
    "more GPUs than the machine has",
    (client) => pool(client, gpus("g2-standard-8", "nvidia-l4", 2)),
    'error creating NodePool: googleapi: Error 400: Machine type "g2-standard-8" takes 1 accelerators of type "nvidia-l4", not 2., badRequest',
  ],
  [
    "the end of a protected cluster, of which nothing else was said",
    async (client) => {
      const known = await client.create(types.cluster, { name: "ml", initialNodeCount: 1 });
      return client.delete(types.cluster, known);
    },
    "Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with cluster deletion.",
  ],
  [
    "the end of what must not be deleted",
    async (client) => {
      const known = await client.create(types.network, { name: "n", deletionPolicy: "PREVENT" });
      return client.delete(types.network, known);
    },
    'cannot destroy "projects/p/global/networks/n" without setting deletion_policy="DELETE" and running `terraform apply`',
  ],
  [
    "the end of a network with a subnetwork",
    async (client) => client.delete(types.network, (await withCluster(client)).network),
    "Error waiting for Deleting Network: The network resource 'projects/p/global/networks/net' is already being used by 'projects/p/regions/europe-west4/subnetworks/nodes'",
  ],
  [
    "the end of a subnetwork with a cluster",
    async (client) => client.delete(types.subnetwork, (await withCluster(client)).subnetwork),
    "Error when reading or editing Subnetwork: googleapi: Error 400: The subnetwork resource 'projects/p/regions/europe-west4/subnetworks/nodes' " +
      `is already being used by '${clusterId}', resourceInUseByAnotherResource`,
  ],
  [
    "another initial count in place",
    async (client) => {
      const known = await pool(client, { initialNodeCount: 0 });
      return client.update(types.pool, known, { ...known.inputs, initialNodeCount: 1 });
    },
    `${clusterId}/nodePools/gpu: initialNodeCount cannot be changed in place; it takes a new resource`,
  ],
  [
    "a change of what is not there",
    async (client) => {
      const known = await client.create(types.bucket, { name: "b" });
      await client.delete(types.bucket, known);
      return client.update(types.bucket, known, { name: "b", labels: { a: "b" } });
    },
    "googleapi: Error 404: The resource 'b' was not found, notFound",
  ],
];

describe("the simulated Google Cloud refuses", () => {
  it.each(refusals)("%s", async (_, attempt, message) => {
    await expect(attempt(await google())).rejects.toMatchObject({ details: message });
  });
});

describe("the simulated Google Cloud takes", () => {
  it("a grant a second time", async () => {
    const client = await google();
    const { id } = await twice(client, types.member, { role: "roles/viewer", member: "user:a" });
    expect(id).toBe("p/roles/viewer/user:a");
  });

  it("a subnetwork that grows, and one of another network with the same range", async () => {
    const client = await google();
    const inputs = { name: "s", network: "n", ipCidrRange: "10.0.0.0/24" };
    const known = await client.create(types.subnetwork, inputs);
    await client.update(types.subnetwork, known, { ...inputs, ipCidrRange: "10.0.0.0/20" });
    await client.create(types.subnetwork, { ...inputs, name: "t", network: "m" });
  });

  it("GPUs that a machine takes", async () => {
    const client = await google();
    await pool(client, gpus("g2-standard-8", "nvidia-l4", 1));
    await client.create(types.pool, {
      name: "t4",
      cluster: clusterId,
      ...gpus("n1-standard-8", "nvidia-tesla-t4", 2),
    });
  });

  it("the end of a cluster whose protection was lifted, with its NATs' router, network and all", async () => {
    const client = await google();
    const { cluster, subnetwork, network } = await withCluster(client, { deletionProtection: true });
    const inputs = { ...cluster.inputs, deletionProtection: false };
    await client.delete(types.cluster, await client.update(types.cluster, cluster, inputs));
    const router = await client.create(types.router, { name: "r", network: network.id });
    const nat = await client.create(types.nat, { name: "nat", router: "r" });
    expect(nat.id).toBe("p/europe-west4/r/nat");
    await client.delete(types.router, router);
    expect(await client.read(types.nat, nat)).toBeUndefined();
    await client.delete(types.subnetwork, subnetwork);
    await client.delete(types.network, network);
  });
});
