import { describe, expect, it } from "vitest";
import { Secret, unknown, type Properties } from "../../../../provider";
import { memoryProject } from "../../../../sandbox/clouds/gcp/project";
import { google, NotingClusters, types, withCluster } from "./support";

describe("names", () => {
  const seed = [0xab, 0xcd, 0xef, 0x01];
  const made = { name: "net-abcdef0", __defaults: ["name"] };

  it.each<[string, Parameters<Awaited<ReturnType<typeof google>>["check"]>[2], Properties]>([
    ["the logical one and seven digits", {}, made],
    ["in small letters, where Google wants them", { name: "Net" }, made],
    [
      "the one that it had",
      { oldInputs: { name: "net-1234567", __defaults: ["name"] } },
      { ...made, name: "net-1234567" },
    ],
    ["not one that the program gave before", { oldInputs: { name: "given" } }, made],
    [
      "the proposed one",
      { autonaming: { mode: "PROPOSE", name: "Proposed" } },
      { ...made, name: "proposed" },
    ],
    [
      "the enforced one",
      { autonaming: { mode: "ENFORCE", name: "Enforced" } },
      { ...made, name: "Enforced" },
    ],
  ])("are %s", async (_, options, inputs) =>
    expect(await (await google()).check(types.network, {}, { name: "net", seed, ...options })).toEqual({
      inputs,
      failures: [],
    }),
  );

  it("are left alone where they are given, or not known yet", async () => {
    const client = await google();
    for (const name of ["mine", unknown])
      expect(await client.check(types.network, { name })).toEqual({ inputs: { name }, failures: [] });
  });

  it("are made for service accounts too, and not for grants", async () => {
    const client = await google();
    expect((await client.check(types.account, {}, { name: "nodes", seed })).inputs).toEqual({
      accountId: "nodes-abcdef0",
      __defaults: ["accountId"],
    });
    expect((await client.check(types.member, { role: "r" })).inputs).toEqual({ role: "r" });
  });

  it("are refused where they are too long, or switched off", async () => {
    const client = await google();
    const long = "a".repeat(33);
    expect((await client.check(types.cluster, {}, { name: long })).failures).toEqual([
      'name: "name" cannot be longer than 40 characters',
    ]);
    expect((await client.check(types.cluster, {}, { autonaming: { mode: "DISABLE" } })).failures).toEqual([
      'name: Missing required argument. The argument "name" is required, but no definition was found.',
    ]);
  });
});

describe("ids and outputs", () => {
  it.each<[keyof typeof types, Properties, string, Properties]>([
    ["network", { name: "n" }, "projects/p/global/networks/n", { project: "p" }],
    [
      "subnetwork",
      { name: "s", network: "n", region: "us-east1", ipCidrRange: "10.1.0.0/20" },
      "projects/p/regions/us-east1/subnetworks/s",
      { gatewayAddress: "10.1.0.1", region: "us-east1" },
    ],
    [
      "router",
      { name: "r", network: "n" },
      "projects/p/regions/europe-west4/routers/r",
      { region: "europe-west4" },
    ],
    [
      "account",
      { accountId: "gke-nodes" },
      "projects/p/serviceAccounts/gke-nodes@p.iam.gserviceaccount.com",
      {
        email: "gke-nodes@p.iam.gserviceaccount.com",
        member: "serviceAccount:gke-nodes@p.iam.gserviceaccount.com",
        uniqueId: expect.stringMatching(/^1\d{20}$/),
      },
    ],
    [
      "bucket",
      { name: "b", location: "EU" },
      "b",
      { url: "gs://b", selfLink: "https://www.googleapis.com/storage/v1/b/b" },
    ],
    [
      "member",
      { project: "q", role: "roles/viewer", member: "user:a" },
      "q/roles/viewer/user:a",
      { project: "q" },
    ],
    ["bucketMember", { bucket: "b", role: "roles/x", member: "user:a" }, "b/b/roles/x/user:a", {}],
    ["service", { service: "container.googleapis.com" }, "p/container.googleapis.com", { project: "p" }],
  ])("of a %s are Google's", async (type, inputs, id, outputs) => {
    const { id: got, state } = await (await google()).create(types[type], inputs);
    expect(got).toBe(id);
    expect(state).toMatchObject({ ...inputs, ...outputs });
  });

  it("of a cluster are in the blocks that the program gave, and a preview knows none of them", async () => {
    const client = await google();
    const { cluster } = await withCluster(client);
    expect(cluster.id).toBe("projects/p/locations/europe-west4/clusters/ml");
    expect(cluster.state).toMatchObject({
      nodeLocations: ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
      endpoint: expect.stringMatching(/^203\.0\.113\.\d+$/),
      masterVersion: "1.34.4-gke.1047000",
      masterAuth: { clusterCaCertificate: expect.stringMatching(/^[A-Za-z0-9+/=]+$/) },
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: {
          allowExternalTraffic: true,
          endpoint: expect.stringMatching(/^gke-[0-9a-f]{36}\.europe-west4\.gke\.goog$/),
        },
      },
    });
    const inputs = { controlPlaneEndpointsConfig: { dnsEndpointConfig: {} }, network: unknown };
    const preview = await client.create(types.cluster, inputs, { preview: true });
    expect(preview).toMatchObject({
      id: "",
      state: { controlPlaneEndpointsConfig: { dnsEndpointConfig: { endpoint: unknown } }, network: unknown },
    });
  });

  it("of addresses are all different", async () => {
    const client = await google();
    const addresses = [];
    for (const name of ["a", "b", "c"])
      addresses.push((await client.create(types.globalAddress, { name })).state["address"]);
    expect(addresses).toEqual(["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
  });

  it("stay when the inputs change, secrets are marked still, and what was added in a preview is there", async () => {
    const client = await google();
    const known = await client.create(types.account, {
      accountId: "gke-nodes",
      displayName: new Secret("x"),
    });
    expect(known.state["displayName"]).toEqual(new Secret("x"));
    const inputs = { accountId: "gke-nodes", displayName: new Secret("y") };
    for (const preview of [true, false]) {
      expect(await client.update(types.account, known, inputs, { preview })).toMatchObject({
        state: { displayName: new Secret("y"), email: "gke-nodes@p.iam.gserviceaccount.com" },
      });
    }
  });

  it("need a project and a place", async () => {
    const client = await google({ config: {} });
    await expect(client.create(types.network, { name: "n" })).rejects.toThrow(
      "project: required field is not set",
    );
    await expect(client.create(types.router, { project: "p" })).rejects.toThrow(
      "Cannot determine region: set in this resource, or set provider-level 'region' or 'zone'.",
    );
  });
});

describe("the project", () => {
  it("holds what was made, forgets what was deleted, and nothing of a preview", async () => {
    const store = memoryProject();
    const client = await google({ store });
    await client.create(types.network, { name: "n" }, { preview: true });
    const known = await client.create(types.network, { name: "n" });
    expect((await store.read()).resources).toEqual({
      "projects/p/global/networks/n": { type: types.network, name: "n", state: known.state },
    });
    expect(await client.read(types.network, known)).toEqual(known);
    await client.delete(types.network, known);
    expect((await store.read()).resources).toEqual({});
    expect(await client.read(types.network, known)).toBeUndefined();
    // A second time, it is gone already.
    await client.delete(types.network, known);
  });

  it("is the same to a second provider", async () => {
    const store = memoryProject();
    const known = await (await google({ store })).create(types.network, { name: "n" });
    expect(await (await google({ store })).read(types.network, known)).toEqual(known);
  });

  it("keeps the inputs of types that it knows nothing of, and no more", async () => {
    const store = memoryProject();
    const client = await google({ store });
    const type = "gcp:pubsub/topic:Topic";
    const known = await client.create(type, { kmsKeyName: "k" });
    expect(known).toMatchObject({ id: "it-simulated", state: { kmsKeyName: "k" } });
    expect(await client.read(type, known)).toEqual(known);
    expect((await store.read()).resources).toEqual({});
  });

  it("answers what the program asks", async () => {
    const client = await google();
    expect(await client.invoke("gcp:organizations/getProject:getProject", {})).toMatchObject({
      projectId: "p",
      number: "123456789012",
    });
    expect(await client.invoke("gcp:organizations/getClientConfig:getClientConfig", {})).toMatchObject({
      project: "p",
      region: "europe-west4",
    });
    expect(await client.invoke("gcp:compute/getZones:getZones", { region: "us-east1" })).toMatchObject({
      names: ["us-east1-b", "us-east1-c", "us-east1-d"],
    });
  });
});

describe("what stands behind a cluster", () => {
  it("comes and goes with it, and has the nodes of its pools", async () => {
    const clusters = new NotingClusters();
    const store = memoryProject();
    const client = await google({ clusters, store });
    const { cluster } = await withCluster(client);
    const inputs = {
      name: "l4",
      cluster: cluster.id,
      autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 4 },
    };
    const pool = await client.create(types.pool, inputs);
    expect(pool.id).toBe("projects/p/locations/europe-west4/clusters/ml/nodePools/l4");
    expect(pool.state["nodeLocations"]).toEqual(cluster.state["nodeLocations"]);
    await client.update(types.pool, pool, { ...inputs, autoscaling: { totalMaxNodeCount: 2 } });
    // A pool by the name of its cluster, with nodes in each zone.
    await client.create(types.pool, { name: "cpu", cluster: "ml", location: "europe-west4", nodeCount: 2 });
    await client.delete(types.pool, pool);
    await client.delete(types.cluster, cluster);
    expect(clusters.asked).toEqual([
      `attach ${cluster.id} of dev`,
      "ml/l4: from 1 to 4",
      "ml/l4: from 0 to 2",
      "ml/cpu: from 6 to 6",
      "ml/l4: from 0 to 0",
      `detach ${cluster.id}`,
    ]);
    expect(Object.keys((await store.read()).resources)).toEqual([
      "projects/p/global/networks/net",
      "projects/p/regions/europe-west4/subnetworks/nodes",
    ]);
  });

  it("keeps a cluster out of the project where it has no room", async () => {
    const store = memoryProject();
    const attach = () => Promise.reject(new Error("no room"));
    const client = await google({ store, clusters: Object.assign(new NotingClusters(), { attach }) });
    await expect(withCluster(client)).rejects.toThrow("no room");
    expect(Object.keys((await store.read()).resources)).toHaveLength(2);
  });
});
