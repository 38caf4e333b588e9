import { describe, expect, it } from "vitest";
import type { GkeClusterArgs } from "../../../../components/host/gke/cluster-args";
import { validateGkeCluster } from "../../../../components/host/gke/validate-cluster";

const sound: GkeClusterArgs = {
  project: "my-project",
  region: "europe-west4",
  deletionProtection: false,
  gpuPools: [{ name: "l4", machineType: "g2-standard-8", gpu: { type: "nvidia-l4" }, max: 2 }],
};
const key = (location: string) => `projects/p/locations/${location}/keyRings/r/cryptoKeys/k`;

describe("a GKE cluster", () => {
  const fine: [what: string, args: Partial<GkeClusterArgs>][] = [
    ["as it is by default", {}],
    ["zones of its region", { zones: ["europe-west4-a", "europe-west4-b"] }],
    ["a project of a domain", { project: "example.com:my-project" }],
    [
      "its API for an office",
      { controlPlaneAccess: { kind: "ip", authorizedCidrs: [{ cidr: "203.0.113.0/24", name: "office" }] } },
    ],
    ["a key of its region", { kmsKeyName: key("europe-west4") }],
    ["nothing that can be had back", { undeleteDays: 0 }],
  ];
  it.each(fine)("may have %s", (_what, args) =>
    expect(validateGkeCluster("mnist", { ...sound, ...args })).toEqual([]),
  );

  const faulty: [what: string, args: Partial<GkeClusterArgs>, faults: string[]][] = [
    [
      "a project's name for its id",
      { project: "My Project" },
      [
        'project: got "My Project"; allowed: a project\'s id, 6 to 30 lower-case letters, digits and hyphens (gcloud projects list)',
      ],
    ],
    [
      "a zone for its region",
      { region: "europe-west4-a" },
      [
        'region: got "europe-west4-a"; allowed: a region, such as europe-west4 (gcloud compute regions list); "europe-west4-a" is a zone: region: europe-west4, zones: [europe-west4-a]',
      ],
    ],
    [
      "zones of other regions, and one twice",
      { zones: ["us-central1-a", "europe-west4-b", "europe-west4-b"] },
      [
        'zones[0]: got "us-central1-a"; allowed: a zone of europe-west4, such as europe-west4-a',
        'zones[2]: got "europe-west4-b" twice; allowed: once',
      ],
    ],
    [
      "no zone",
      { zones: [] },
      ["zones: got none; allowed: one or more, or leave it out for all that GKE picks"],
    ],
    [
      "more pods than a node can have",
      { maxPodsPerNode: 300 },
      ["maxPodsPerNode: got 300; allowed: a whole number from 8 to 256"],
    ],
    [
      "its API for everyone",
      {
        controlPlaneAccess: {
          kind: "ip",
          authorizedCidrs: [
            { cidr: "0.0.0.0/0", name: "all" },
            { cidr: "office", name: "office" },
          ],
        },
      },
      [
        'controlPlaneAccess.authorizedCidrs[0].cidr: got "0.0.0.0/0", which is everyone; allowed: the networks that you come from',
        'controlPlaneAccess.authorizedCidrs[1].cidr: got "office"; allowed: a network by its first address, such as 203.0.113.0/24, or 203.0.113.7/32',
      ],
    ],
    [
      "its API for a network by another than its first address",
      {
        controlPlaneAccess: {
          kind: "ip",
          authorizedCidrs: [
            { cidr: "203.0.113.5/24", name: "office" },
            { cidr: "999.1.1.1/32", name: "none" },
            { cidr: "203.0.113.5/32", name: "home" },
          ],
        },
      },
      ["203.0.113.5/24", "999.1.1.1/32"].map(
        (cidr, index) =>
          `controlPlaneAccess.authorizedCidrs[${index}].cidr: got "${cidr}"; allowed: a network by its first address, such as 203.0.113.0/24, or 203.0.113.7/32`,
      ),
    ],
    [
      "a subnet elsewhere",
      {
        network: {
          kind: "existing",
          networkId: "projects/p/global/networks/n",
          subnetworkId: "projects/p/regions/us-central1/subnetworks/s",
          podRange: "pods",
          serviceRange: "services",
        },
      },
      [
        'network.subnetworkId: got "projects/p/regions/us-central1/subnetworks/s"; allowed: a subnet in europe-west4, where the cluster is',
      ],
    ],
    [
      "its API for no one",
      { controlPlaneAccess: { kind: "ip", authorizedCidrs: [] } },
      [
        "controlPlaneAccess.authorizedCidrs: got none; allowed: one or more, for else no one reaches the cluster",
      ],
    ],
    [
      "labels that Google does not take",
      { labels: { Team: "ML" } },
      [
        'labels.Team: got "ML"; allowed: lower-case letters, digits, hyphens and underscores, at most 63 of each, the name with a letter first',
      ],
    ],
    [
      "a key elsewhere",
      { kmsKeyName: key("us-central1") },
      ["kmsKeyName: got a key in us-central1; allowed: one in europe-west4, where the cluster is"],
    ],
    [
      "half a key",
      { kmsKeyName: "k" },
      ['kmsKeyName: got "k"; allowed: a key\'s whole name, projects/P/locations/L/keyRings/R/cryptoKeys/K'],
    ],
    [
      "three days to have things back",
      { undeleteDays: 3 },
      ["undeleteDays: got 3; allowed: 0, or a whole number from 7 to 90"],
    ],
  ];
  it.each(faulty)("is refused: %s", (_what, args, faults) =>
    expect(validateGkeCluster("mnist", { ...sound, ...args })).toEqual(faults),
  );

  it("has a name that Google and Pulumi can add to", () => {
    expect(validateGkeCluster("a".repeat(33), { ...sound, gpuPools: [] })).toContain(
      `name: got "${"a".repeat(33)}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 32 characters`,
    );
  });

  it("is told all that is wrong at once, pools and network too", () => {
    const faults = validateGkeCluster("mnist", {
      ...sound,
      project: "x",
      network: { kind: "new", podCidr: "10.8.0.0/14" },
      gpuPools: [{ name: "l4", machineType: "g2-standard-9", gpu: { type: "nvidia-l4" }, max: 2 }],
      maintenance: { start: "x", end: "y", recurrence: "z" },
    });
    for (const where of ["project", "network", "gpuPools[0].machineType", "maintenance.start"])
      expect(faults.filter((fault) => fault.startsWith(where))).not.toEqual([]);
  });
});
