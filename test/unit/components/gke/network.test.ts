import type { ResourceTransformation } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  GkeNetwork,
  validateGkeNetwork,
  type GkeNetworkArgs,
} from "../../../../components/host/gke/network/gke-network";
import type {
  ExistingNetworkArgs,
  NewNetworkArgs,
} from "../../../../components/host/gke/network/validate-network";
import { run, valueOf } from "../../../support/mocks";

const fresh = (args: Omit<NewNetworkArgs, "kind"> = {}): NewNetworkArgs => ({ kind: "new", ...args });

const existing: ExistingNetworkArgs = {
  kind: "existing",
  networkId: "projects/ml/global/networks/shared",
  subnetworkId: "projects/ml/regions/europe-west4/subnetworks/nodes",
  podRange: "gke-pods",
  serviceRange: "gke-services",
};

const region = "europe-west4";

/**
 * Makes one, and notes how long the deletion of each resource may take, which the requests' summary leaves out. It has
 * names as Google's provider gives them: the mocks give none, and nothing depends on what is not there.
 */
function make(args: Omit<NewNetworkArgs, "kind"> | ExistingNetworkArgs = {}) {
  const deletions: Record<string, string> = {};
  const look: ResourceTransformation = ({ name, type, props, opts }) => {
    if (opts.customTimeouts?.delete !== undefined) deletions[name] = opts.customTimeouts.delete;
    return /:(Network|Router)$/.test(type)
      ? { props: { ...props, name: `${name}-1a2b3c4` }, opts }
      : undefined;
  };
  const network = new GkeNetwork(
    "lab",
    { region, ...("kind" in args ? args : fresh(args)) },
    { transformations: [look] },
  );
  return { network, deletions };
}

describe.each([false, true])("the component, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);
  const nodes = {
    type: "gcp:compute/subnetwork:Subnetwork",
    name: "lab-nodes",
    inputs: {
      network: known("lab-id"),
      region,
      ipCidrRange: "10.0.0.0/20",
      secondaryIpRanges: [
        { rangeName: "pods", ipCidrRange: "10.4.0.0/14" },
        { rangeName: "services", ipCidrRange: "10.8.0.0/20" },
      ],
      privateIpGoogleAccess: true,
    },
    parent: "GkeNetwork lab",
    dependsOn: ["Network lab"],
    options: {},
  };

  it("is a VPC, a subnet and a way out", async () => {
    const { registered } = await run(preview, () => make());
    // Each comes when its inputs are there, so in no certain order.
    expect(registered).toHaveLength(5);
    expect(registered).toEqual(
      expect.arrayContaining([
        {
          type: "inference-infra:host:GkeNetwork",
          name: "lab",
          inputs: {},
          parent: "Stack test-test",
          dependsOn: [],
          options: {},
        },
        {
          type: "gcp:compute/network:Network",
          name: "lab",
          inputs: { name: "lab-1a2b3c4", autoCreateSubnetworks: false },
          parent: "GkeNetwork lab",
          dependsOn: [],
          // Other ranges, or another region, are another network.
          options: { replacementTrigger: [region, "10.4.0.0/14", "10.8.0.0/20"] },
        },
        nodes,
        {
          type: "gcp:compute/router:Router",
          name: "lab-router",
          inputs: { name: "lab-router-1a2b3c4", network: known("lab-id"), region },
          parent: "GkeNetwork lab",
          dependsOn: ["Network lab"],
          options: {},
        },
        {
          type: "gcp:compute/routerNat:RouterNat",
          name: "lab-nat",
          inputs: {
            router: known("lab-router-1a2b3c4"),
            region,
            natIpAllocateOption: "AUTO_ONLY",
            sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
            logConfig: { enable: true, filter: "ERRORS_ONLY" },
          },
          parent: "GkeNetwork lab",
          dependsOn: ["Router lab-router"],
          options: {},
        },
      ]),
    );
  });

  it("has a subnet for proxies where it is asked for, and waits for it as for the way out", async () => {
    const { registered, result } = await run(preview, () => make({ proxyCidr: "10.12.0.0/23" }));
    expect(registered.find(({ name }) => name === "lab-proxies")).toEqual({
      ...nodes,
      name: "lab-proxies",
      inputs: {
        network: known("lab-id"),
        region,
        ipCidrRange: "10.12.0.0/23",
        purpose: "REGIONAL_MANAGED_PROXY",
        role: "ACTIVE",
      },
      options: { deleteBeforeReplace: true },
    });
    expect(await readiness(result.network)).toEqual(["lab-proxies", "lab-nat"]);
  });

  it("logs the traffic where it is asked to, and takes other ranges", async () => {
    const ranges = { nodeCidr: "10.16.0.0/24", podCidr: "10.20.0.0/16", serviceCidr: "10.24.0.0/24" };
    const { one } = await run(preview, () => make({ ...ranges, flowLogs: true }));
    expect(one("Subnetwork")).toEqual({
      ...nodes,
      inputs: {
        ...nodes.inputs,
        ipCidrRange: "10.16.0.0/24",
        secondaryIpRanges: [
          { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
          { rangeName: "services", ipCidrRange: "10.24.0.0/24" },
        ],
        logConfig: {
          aggregationInterval: "INTERVAL_10_MIN",
          flowSampling: 0.5,
          metadata: "INCLUDE_ALL_METADATA",
        },
      },
      options: {},
    });
  });

  it("has no way out where it is to have none", async () => {
    const { registered, result } = await run(preview, () => make({ nat: false }));
    expect(registered.map(({ name }) => name)).toEqual(["lab", "lab", "lab-nodes"]);
    expect(result.network.ready).toEqual([]);
  });

  it("waits on the way down for what GKE leaves behind", async () => {
    const { result } = await run(preview, () => make({ proxyCidr: "10.12.0.0/23" }));
    expect(result.deletions).toEqual({ lab: "20m", "lab-nodes": "20m", "lab-proxies": "20m" });
  });

  it("makes nothing of a network that is there, and hands its names on", async () => {
    const { registered, result } = await run(preview, () => make(existing).network);
    expect(registered.map(({ type }) => type)).toEqual(["inference-infra:host:GkeNetwork"]);
    expect(await valueOf(result.networkId)).toBe(existing.networkId);
    expect(await valueOf(result.networkName)).toBe("shared");
    expect(await valueOf(result.subnetworkId)).toBe(existing.subnetworkId);
    expect([result.podRange, result.serviceRange, result.ready]).toEqual(["gke-pods", "gke-services", []]);
  });
});

it("tells the cluster the names of what it made", async () => {
  const { result } = await run(false, () => make().network);
  expect(await valueOf(result.networkId)).toBe("lab-id");
  expect(await valueOf(result.networkName)).toBe("lab-1a2b3c4");
  expect(await valueOf(result.subnetworkId)).toBe("lab-nodes-id");
  expect([result.podRange, result.serviceRange]).toEqual(["pods", "services"]);
  expect(await readiness(result)).toEqual(["lab-nat"]);
});

describe("the component's faults", () => {
  const faultsOf = (args: Partial<NewNetworkArgs & Pick<GkeNetworkArgs, "region" | "room">>, name = "lab") =>
    validateGkeNetwork(name, { ...fresh(), region, ...args });

  it("are none of a name that fits into Google's with what is added", () => {
    expect(`${"a".repeat(47)}-proxies-1a2b3c4`).toHaveLength(63);
    expect(faultsOf({}, "a".repeat(47))).toEqual([]);
  });

  it("come all at once", () => {
    expect(
      faultsOf(
        { region: "europe-west4-a", room: { maxNodes: 40, maxPodsPerNode: 110 }, podCidr: "10.4.0.0/20" },
        "a".repeat(48),
      ),
    ).toEqual([
      `name: got "${"a".repeat(48)}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 47 characters`,
      'region: got "europe-west4-a"; allowed: a region, such as europe-west4',
      'network.podCidr: got "10.4.0.0/20", room for 16 nodes (each takes a /24, 256 addresses, for up to 110 pods); ' +
        "the pools can grow to 40; allowed: a /18 or larger",
    ]);
  });

  it("count a subnet elsewhere", () => {
    expect(validateGkeNetwork("lab", { ...existing, region: "us-central1" })).toEqual([
      'network.subnetworkId: got "projects/ml/regions/europe-west4/subnetworks/nodes"; allowed: a subnet in us-central1, ' +
        "where the cluster is",
    ]);
  });

  it("are told when it is made", async () => {
    await expect(run(false, () => make({ podCidr: "10.0.0.0/14" }))).rejects.toThrow(
      'GkeNetwork lab:\n  network.podCidr: got "10.0.0.0/14", which overlaps network.nodeCidr "10.0.0.0/20"; ' +
        "allowed: a range beside it",
    );
  });
});

/** The names of what a cluster waits for. */
async function readiness({ ready }: GkeNetwork): Promise<string[]> {
  const urns = await Promise.all(ready.map(({ urn }) => valueOf(urn)));
  return urns.map((urn) => urn.slice(urn.lastIndexOf(":") + 1));
}
