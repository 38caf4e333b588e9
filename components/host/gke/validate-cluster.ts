import { projectIdShape } from "../../google-project";
import { checkName } from "../../kubernetes/checks";
import type { GkeClusterArgs } from "./cluster-args";
import { defaultMaxPodsPerNode } from "./cluster-properties";
import { validateComputeClasses } from "./compute-class/gpu-compute-class";
import { checkMaintenance } from "./maintenance";
import { isNetwork } from "./network/cidr";
import { checkSubnetRegion, isRegion, validateNetwork } from "./network/validate-network";
import { mostNodes, systemPool } from "./pools/pool-args";
import { validatePools } from "./pools/validate-pools";

/**
 * The faults of a cluster, all of them, before anything is made: what Google would say after twenty minutes, or not at
 * all.
 */
export function validateGkeCluster(name: string, args: GkeClusterArgs): string[] {
  const { project, region, zones, maxPodsPerNode = defaultMaxPodsPerNode } = args;
  const pools = [systemPool(args.systemPool), ...(args.cpuPools ?? []), ...(args.gpuPools ?? [])];
  return [
    // A cluster's name has 40 characters at most, of which Pulumi adds 8.
    ...checkName(name, 32),
    ...checkProject(project),
    ...checkRegion(region),
    ...checkZones(region, zones),
    ...checkMaxPods(maxPodsPerNode),
    ...checkAccess(args),
    ...checkLabels(args.labels ?? {}),
    ...(args.maintenance === undefined ? [] : checkMaintenance(args.maintenance)),
    ...checkUndelete(args.undeleteDays),
    ...checkKey(args),
    ...validatePools({ ...args, clusterName: name }),
    ...validateComputeClasses(args.computeClasses ?? []),
    ...validateNetwork(args.network ?? { kind: "new" }, { maxNodes: mostNodes(pools), maxPodsPerNode }),
    ...checkSubnetRegion(region, args.network),
  ];
}

function checkProject(project: string): string[] {
  return projectIdShape.test(project)
    ? []
    : [
        `project: got "${project}"; allowed: a project's id, 6 to 30 lower-case letters, digits and hyphens ` +
          "(gcloud projects list)",
      ];
}

function checkRegion(region: string): string[] {
  if (isRegion(region)) return [];
  const meant = /^([a-z]+-[a-z]+\d+)-[a-z]$/.exec(region)?.[1];
  const hint = meant === undefined ? "" : `; "${region}" is a zone: region: ${meant}, zones: [${region}]`;
  return [
    `region: got "${region}"; allowed: a region, such as europe-west4 (gcloud compute regions list)${hint}`,
  ];
}

function checkZones(region: string, zones: readonly string[] | undefined): string[] {
  if (zones === undefined || !isRegion(region)) return [];
  if (zones.length === 0)
    return ["zones: got none; allowed: one or more, or leave it out for all that GKE picks"];
  return zones.flatMap((zone, index) => {
    const where = `zones[${index}]`;
    if (zones.indexOf(zone) !== index) return [`${where}: got "${zone}" twice; allowed: once`];
    if (zone.startsWith(`${region}-`) && /^[a-z]$/.test(zone.slice(region.length + 1))) return [];
    return [`${where}: got "${zone}"; allowed: a zone of ${region}, such as ${region}-a`];
  });
}

/** https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr */
function checkMaxPods(count: number): string[] {
  return Number.isInteger(count) && count >= 8 && count <= 256
    ? []
    : [`maxPodsPerNode: got ${count}; allowed: a whole number from 8 to 256`];
}

function checkAccess({ controlPlaneAccess }: GkeClusterArgs): string[] {
  if (controlPlaneAccess?.kind !== "ip") return [];
  const where = "controlPlaneAccess.authorizedCidrs";
  const { authorizedCidrs } = controlPlaneAccess;
  if (authorizedCidrs.length === 0)
    return [`${where}: got none; allowed: one or more, for else no one reaches the cluster`];
  return authorizedCidrs.flatMap(({ cidr }, index) => {
    const got = `${where}[${index}].cidr: got "${cidr}"`;
    if (cidr.endsWith("/0")) return [`${got}, which is everyone; allowed: the networks that you come from`];
    return isNetwork(cidr)
      ? []
      : [`${got}; allowed: a network by its first address, such as 203.0.113.0/24, or 203.0.113.7/32`];
  });
}

/** https://cloud.google.com/compute/docs/labeling-resources */
function checkLabels(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).flatMap(([key, value]) =>
    /^[a-z][a-z0-9_-]{0,62}$/.test(key) && /^[a-z0-9_-]{0,63}$/.test(value)
      ? []
      : [
          `labels.${key}: got "${value}"; allowed: lower-case letters, digits, hyphens and underscores, ` +
            "at most 63 of each, the name with a letter first",
        ],
  );
}

/** https://cloud.google.com/storage/docs/soft-delete */
function checkUndelete(days = 7): string[] {
  return days === 0 || (Number.isInteger(days) && days >= 7 && days <= 90)
    ? []
    : [`undeleteDays: got ${days}; allowed: 0, or a whole number from 7 to 90`];
}

function checkKey({ kmsKeyName, region }: GkeClusterArgs): string[] {
  if (typeof kmsKeyName !== "string") return [];
  const shape = "projects/P/locations/L/keyRings/R/cryptoKeys/K";
  const location = /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/.exec(
    kmsKeyName,
  )?.[1];
  if (location === undefined)
    return [`kmsKeyName: got "${kmsKeyName}"; allowed: a key's whole name, ${shape}`];
  return location === region
    ? []
    : [`kmsKeyName: got a key in ${location}; allowed: one in ${region}, where the cluster is`];
}
