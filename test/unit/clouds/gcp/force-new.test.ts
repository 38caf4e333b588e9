import { describe, expect, it } from "vitest";
import { unknown, type Properties } from "../../../../provider";
import { google, types } from "./support";

type Case = readonly [type: keyof typeof types, before: Properties, after: Properties, replaces: string[]];

const config = (nodeConfig: Properties): Properties => ({ nodeConfig });
const gpu = (more: Properties): Properties => config({ guestAccelerators: [{ type: "nvidia-l4", ...more }] });

describe("a change of", () => {
  it.each<Case>([
    ["network", { description: "a" }, { description: "b" }, ["description"]],
    ["network", { routingMode: "REGIONAL" }, { routingMode: "GLOBAL" }, []],
    ["subnetwork", { network: "a" }, { network: "b" }, ["network"]],
    ["subnetwork", { ipCidrRange: "10.0.0.0/24" }, { ipCidrRange: "10.0.0.0/20" }, []],
    ["subnetwork", { ipCidrRange: "10.0.0.0/20" }, { ipCidrRange: "10.0.0.0/24" }, ["ipCidrRange"]],
    ["subnetwork", { secondaryIpRanges: [] }, { secondaryIpRanges: [{ rangeName: "pods" }] }, []],
    ["router", { network: "a" }, { network: unknown }, ["network"]],
    ["nat", { router: "a" }, { router: "b" }, ["router"]],
    ["nat", { minPortsPerVm: 64 }, { minPortsPerVm: 128 }, []],
    ["globalAddress", { ipVersion: "IPV4" }, { ipVersion: "IPV6" }, ["ipVersion"]],
    ["globalAddress", { labels: { a: "b" } }, { labels: { a: "c" } }, []],
    ["cluster", { location: "a" }, { location: "b" }, ["location"]],
    [
      "cluster",
      { datapathProvider: "LEGACY_DATAPATH" },
      { datapathProvider: "ADVANCED_DATAPATH" },
      ["datapathProvider"],
    ],
    [
      "cluster",
      { ipAllocationPolicy: { clusterSecondaryRangeName: "a" } },
      { ipAllocationPolicy: { clusterSecondaryRangeName: "b" } },
      ["ipAllocationPolicy.clusterSecondaryRangeName"],
    ],
    [
      "cluster",
      { ipAllocationPolicy: { clusterSecondaryRangeName: "a" } },
      { ipAllocationPolicy: unknown },
      ["ipAllocationPolicy"],
    ],
    [
      "cluster",
      { privateClusterConfig: { enablePrivateEndpoint: true } },
      { privateClusterConfig: { enablePrivateEndpoint: false } },
      [],
    ],
    [
      "cluster",
      { masterAuth: { clientCertificateConfig: { issueClientCertificate: true } } },
      { masterAuth: { clientCertificateConfig: { issueClientCertificate: false } } },
      ["masterAuth.clientCertificateConfig.issueClientCertificate"],
    ],
    ["cluster", { releaseChannel: { channel: "REGULAR" } }, { releaseChannel: { channel: "STABLE" } }, []],
    ["cluster", { deletionProtection: true }, { deletionProtection: false }, []],
    ["pool", { initialNodeCount: 0 }, { initialNodeCount: 1 }, ["initialNodeCount"]],
    ["pool", { autoscaling: { totalMaxNodeCount: 1 } }, { autoscaling: { totalMaxNodeCount: 2 } }, []],
    ["pool", config({ machineType: "g2-standard-4" }), config({ machineType: "g2-standard-8" }), []],
    ["pool", config({ labels: { a: "b" } }), config({ labels: { a: "c" } }), []],
    ["pool", config({ taints: [{ key: "a" }] }), config({ taints: [] }), []],
    ["pool", config({ gcfsConfig: { enabled: true } }), config({}), []],
    ["pool", config({ spot: true }), config({}), ["nodeConfig.spot"]],
    ["pool", gpu({ count: 1 }), gpu({ count: 2 }), ["nodeConfig.guestAccelerators[0].count"]],
    [
      "pool",
      gpu({}),
      gpu({ gpuSharingConfig: { maxSharedClientsPerGpu: 2 } }),
      ["nodeConfig.guestAccelerators[0].gpuSharingConfig.maxSharedClientsPerGpu"],
    ],
    ["pool", config({}), gpu({}), ["nodeConfig.guestAccelerators[0].type"]],
    ["pool", {}, { placementPolicy: { type: "COMPACT" } }, ["placementPolicy.type"]],
    ["account", { accountId: "aaaaaa" }, { accountId: "bbbbbb" }, ["accountId"]],
    ["account", { displayName: "a" }, { displayName: "b" }, []],
    ["member", { role: "a" }, { role: "b" }, ["role"]],
    ["bucketMember", { member: "a" }, { member: "b" }, ["member"]],
    ["service", { service: "a" }, { service: "b" }, ["service"]],
    ["service", { disableOnDestroy: true }, { disableOnDestroy: false }, []],
    ["bucket", { location: "EU" }, { location: "US" }, ["location"]],
    ["bucket", { versioning: { enabled: true } }, { versioning: { enabled: false } }, []],
  ])("a %s from %j to %j replaces by %j", async (type, before, after, replaces) => {
    const client = await google();
    const diff = await client.diff(types[type], { id: "id", inputs: before, state: before }, after);
    expect(diff).toMatchObject({ changes: true, replaces });
  });

  it("nothing is none, and no more is an empty block or what is ignored", async () => {
    const client = await google();
    const inputs = { initialNodeCount: 1, nodeConfig: { labels: { a: "b" } } };
    const known = { id: "id", inputs, state: inputs };
    for (const same of [inputs, { ...inputs, autoscaling: {}, instanceGroupUrls: [] }])
      expect((await client.diff(types.pool, known, same)).changes).toBe(false);
    const other = { initialNodeCount: 2, nodeConfig: { labels: {} } };
    const ignoreChanges = ["initialNodeCount", "nodeConfig"];
    expect((await client.diff(types.pool, known, other, { ignoreChanges })).changes).toBe(false);
  });

  it("what replaces makes the new one first, unless it has the same name", async () => {
    const client = await google();
    const given = { name: "b", location: "EU" };
    const made = { ...given, __defaults: ["name"] };
    for (const [inputs, deleteBeforeReplace] of [
      [given, true],
      [made, false],
    ] as const) {
      const known = { id: "b", inputs, state: inputs };
      const diff = await client.diff(types.bucket, known, { ...inputs, location: "US" });
      expect(diff).toMatchObject({ replaces: ["location"], deleteBeforeReplace });
    }
  });
});
