import { output } from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  validateNetwork,
  type ExistingNetworkArgs,
  type NewNetworkArgs,
} from "../../../../components/host/gke/network/validate-network";

const fresh = (args: Omit<NewNetworkArgs, "kind"> = {}): NewNetworkArgs => ({ kind: "new", ...args });
const room = { maxNodes: 40, maxPodsPerNode: 110 };

describe("a network of the cluster's own", () => {
  it.each([
    ["by default", {}],
    ["for a regional gateway", { proxyCidr: "10.12.0.0/23" }],
    [
      "elsewhere",
      {
        nodeCidr: "192.168.0.0/26",
        podCidr: "100.64.0.0/18",
        serviceCidr: "240.0.0.0/28",
        proxyCidr: "172.16.0.0/26",
      },
    ],
    ["side by side", { nodeCidr: "10.0.0.0/16", podCidr: "10.1.0.0/16", serviceCidr: "10.2.0.0/16" }],
  ])("is sound %s", (_, args) => expect(validateNetwork(fresh(args), room)).toEqual([]));

  it.each([
    [
      "pods in fewer pieces than nodes",
      { podCidr: "10.4.0.0/20" },
      room,
      'network.podCidr: got "10.4.0.0/20", room for 16 nodes (each takes a /24, 256 addresses, for up to 110 pods); ' +
        "the pools can grow to 40; allowed: a /18 or larger",
    ],
    [
      "not even a piece",
      { podCidr: "10.4.0.0/25" },
      { maxNodes: 1, maxPodsPerNode: 110 },
      'network.podCidr: got "10.4.0.0/25", room for 0 nodes (each takes a /24, 256 addresses, for up to 110 pods); ' +
        "the pools can grow to 1; allowed: a /24 or larger",
    ],
    [
      "the default that is too small",
      {},
      { maxNodes: 1025, maxPodsPerNode: 110 },
      'network.podCidr: got "10.4.0.0/14" (the default), room for 1024 nodes (each takes a /24, 256 addresses, for up ' +
        "to 110 pods); the pools can grow to 1025; allowed: a /13 or larger",
    ],
    [
      "fewer addresses than nodes",
      { nodeCidr: "10.0.0.0/27" },
      room,
      'network.nodeCidr: got "10.0.0.0/27", room for 27 nodes (32 addresses, of which Google keeps 4 and the cluster\'s ' +
        "API takes 1); the pools can grow to 40; allowed: a /26 or larger",
    ],
    [
      "no addresses to spare",
      { nodeCidr: "10.0.0.0/26" },
      { maxNodes: 60, maxPodsPerNode: 64 },
      'network.nodeCidr: got "10.0.0.0/26", room for 59 nodes (64 addresses, of which Google keeps 4 and the cluster\'s ' +
        "API takes 1); the pools can grow to 60; allowed: a /25 or larger",
    ],
    [
      "too few services",
      { serviceCidr: "10.8.0.0/29" },
      room,
      'network.serviceCidr: got "10.8.0.0/29"; allowed: a prefix from /16 (65536 services) to /28 (16 services)',
    ],
    [
      "too many services",
      { serviceCidr: "10.8.0.0/15" },
      room,
      'network.serviceCidr: got "10.8.0.0/15"; allowed: a prefix from /16 (65536 services) to /28 (16 services)',
    ],
    [
      "too few proxies",
      { proxyCidr: "10.12.0.0/27" },
      room,
      'network.proxyCidr: got "10.12.0.0/27", 32 addresses; allowed: a /26 (64 addresses) or larger',
    ],
    [
      "an overlap with a default",
      { podCidr: "10.8.0.0/14" },
      room,
      'network.serviceCidr: got "10.8.0.0/20" (the default), which overlaps network.podCidr "10.8.0.0/14"; ' +
        "allowed: a range beside it",
    ],
    [
      "proxies among the nodes",
      { proxyCidr: "10.0.8.0/23" },
      room,
      'network.proxyCidr: got "10.0.8.0/23", which overlaps network.nodeCidr "10.0.0.0/20"; allowed: a range beside it',
    ],
    [
      "Docker's range",
      { nodeCidr: "172.16.0.0/12" },
      room,
      'network.nodeCidr: got "172.16.0.0/12", which overlaps 172.17.0.0/16, where every node has Docker\'s bridge; ' +
        "allowed: a range beside it",
    ],
    [
      "a range that is none",
      { podCidr: "10.5.0.0/14" },
      room,
      'network.podCidr: got "10.5.0.0/14"; allowed: 10.4.0.0/14, which is where the /14 with that address begins',
    ],
  ])("is refused with %s", (_, args, needed, fault) => {
    expect(validateNetwork(fresh(args), needed)).toEqual([fault]);
  });

  it.each([
    [8, 28],
    [9, 27],
    [16, 27],
    [17, 26],
    [32, 26],
    [33, 25],
    [64, 25],
    [65, 24],
    [110, 24],
    [128, 24],
    [129, 23],
    [256, 23],
  ])("gives a node of %i pods a /%i", (maxPodsPerNode, prefix) => {
    expect(
      validateNetwork(fresh({ podCidr: `10.4.0.0/${prefix}` }), { maxNodes: 1, maxPodsPerNode }),
    ).toEqual([]);
    const [fault = ""] = validateNetwork(fresh({ podCidr: `10.4.0.0/${prefix}` }), {
      maxNodes: 2,
      maxPodsPerNode,
    });
    expect(fault).toContain(`room for 1 node (each takes a /${prefix}, `);
  });

  it("has its room checked only where it is said what for", () => {
    const tiny = fresh({ nodeCidr: "10.0.0.0/29", podCidr: "10.4.0.0/29" });
    expect(validateNetwork(tiny)).toEqual([]);
    expect(validateNetwork(tiny, room)).toHaveLength(2);
  });

  it("tells all faults at once", () => {
    const faults = validateNetwork(
      fresh({
        nodeCidr: "nodes",
        podCidr: "10.4.0.0/20",
        serviceCidr: "10.4.0.0/24",
        proxyCidr: "172.17.0.0/27",
      }),
      room,
    );
    expect(faults.map((fault) => fault.slice(0, fault.indexOf(":")))).toEqual([
      "network.nodeCidr",
      "network.proxyCidr",
      "network.serviceCidr",
      "network.podCidr",
      "network.proxyCidr",
    ]);
  });

  it("is sound with the range that the fault asks for, and not with half of it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 15000 }),
        fc.integer({ min: 8, max: 256 }),
        fc.constantFrom("nodeCidr" as const, "podCidr" as const),
        (maxNodes, maxPodsPerNode, key) => {
          const faultsOf = (prefix: number) => {
            const wide = { nodeCidr: "240.0.0.0/8", podCidr: "10.0.0.0/8", serviceCidr: "192.168.0.0/20" };
            return validateNetwork(fresh({ ...wide, [key]: `100.64.0.0/${prefix}` }), {
              maxNodes,
              maxPodsPerNode,
            });
          };
          const [, asked] = /allowed: a \/(\d+) or larger$/.exec(faultsOf(29).at(0) ?? "") ?? [];
          if (asked === undefined || Number(asked) < 10) return;
          expect(faultsOf(Number(asked))).toEqual([]);
          expect(faultsOf(Number(asked) + 1)).toHaveLength(1);
        },
      ),
    );
  });
});

const existing: ExistingNetworkArgs = {
  kind: "existing",
  networkId: "projects/ml/global/networks/shared",
  subnetworkId: "projects/ml/regions/europe-west4/subnetworks/nodes",
  podRange: "gke-pods",
  serviceRange: "gke-services",
};

describe("a network that is there", () => {
  const selfLinks = {
    networkId: `https://www.googleapis.com/compute/v1/${String(existing.networkId)}`,
    subnetworkId: `https://www.googleapis.com/compute/v1/${String(existing.subnetworkId)}`,
  };
  it.each([
    ["by ids", {}],
    ["by links", selfLinks],
    ["of a project with a domain", { networkId: "projects/example.com:ml/global/networks/default" }],
    ["by outputs, which are not known", { networkId: output("x"), subnetworkId: output("y") }],
  ])("is sound %s", (_, args) => expect(validateNetwork({ ...existing, ...args }, room)).toEqual([]));

  it("tells all faults at once", () => {
    const swapped = { networkId: existing.subnetworkId, subnetworkId: existing.networkId };
    expect(
      validateNetwork({ ...existing, ...swapped, podRange: "10.4.0.0/14", serviceRange: "" }, room),
    ).toEqual([
      'network.networkId: got "projects/ml/regions/europe-west4/subnetworks/nodes"; allowed: projects/P/global/networks/N',
      'network.subnetworkId: got "projects/ml/global/networks/shared"; allowed: projects/P/regions/R/subnetworks/S',
      'network.podRange: got "10.4.0.0/14"; allowed: the name of a secondary range of the subnet, such as pods',
      'network.serviceRange: got ""; allowed: the name of a secondary range of the subnet, such as pods',
    ]);
  });

  it("has a range each for pods and services", () => {
    expect(validateNetwork({ ...existing, serviceRange: "gke-pods" }, room)).toEqual([
      'network.serviceRange: got "gke-pods"; allowed: another range than the pods\'',
    ]);
  });
});
