import type { Input } from "@pulumi/pulumi";
import { ifKnown, type Check } from "../../../kubernetes/checks";
import { addressesIn, checkCidr, overlap, parseCidr, prefixFor, type Cidr } from "./cidr";

/** The network that a cluster is in: one of its own, or one that is there. */
export type NetworkArgs = NewNetworkArgs | ExistingNetworkArgs;

/**
 * A network of the cluster's own. The ranges must be private, and overlap neither each other nor any network that this
 * one will ever be connected to. Another range of pods or of services is another subnet, and so another cluster.
 */
export interface NewNetworkArgs {
  readonly kind: "new";
  /**
   * The nodes' addresses. The range can grow in place, around what it has. To move or to shrink it, give pods and Services
   * other ranges too: that makes another network and another cluster. Alone, Google refuses it.
   * @default "10.0.0.0/20", for 4,091 nodes
   */
  readonly nodeCidr?: string | undefined;
  /**
   * The pods' addresses. Each node takes a piece of it, of twice as many as it can have pods, and a power of two.
   * @default "10.4.0.0/14", for 1,024 nodes of 110 pods or 2,048 of 64
   */
  readonly podCidr?: string | undefined;
  /**
   * The addresses of Kubernetes' Services, from a /16 to a /28.
   * @default "10.8.0.0/20", for 4,096 services
   */
  readonly serviceCidr?: string | undefined;
  /**
   * The addresses of Google's proxies in this region, a /26 or larger; a /23 is what Google advises, such as
   * 10.12.0.0/23. Gateways of a *regional* class need it, others do not. It can be added later.
   * @default none
   */
  readonly proxyCidr?: string | undefined;
  /**
   * Whether nodes, which have private addresses, reach the internet (Cloud NAT). Without it they pull images from Google's
   * own registries only.
   * @default true
   */
  readonly nat?: boolean | undefined;
  /**
   * Whether half of the connections are logged, which is charged by volume.
   * @default false
   */
  readonly flowLogs?: boolean | undefined;
}

/**
 * A network that is there already, and is left as it is. Its subnet has to be in the cluster's region, with Private
 * Google Access, and its nodes need a way to the registries that images come from, such as Cloud NAT. Whether the
 * ranges have room is not checked.
 */
export interface ExistingNetworkArgs {
  readonly kind: "existing";
  /** The network, whole: `projects/P/global/networks/N`. */
  readonly networkId: Input<string>;
  /** The subnet that the nodes are in, whole: `projects/P/regions/R/subnetworks/S`. */
  readonly subnetworkId: Input<string>;
  /** The name of the subnet's secondary range for pods. */
  readonly podRange: string;
  /** The name of the subnet's secondary range for services. */
  readonly serviceRange: string;
}

/** What a network must have room for. */
export interface NetworkRoom {
  /** The most nodes of all pools together, the spare ones of an upgrade included. */
  readonly maxNodes: number;
  /** How many pods a node can have. */
  readonly maxPodsPerNode: number;
}

/** The ranges that a network has where it names none; 10.12.0.0 and above are left for proxies and for other networks. */
export const defaultRanges = {
  nodeCidr: "10.0.0.0/20",
  podCidr: "10.4.0.0/14",
  serviceCidr: "10.8.0.0/20",
} as const;

/** Of every subnet Google keeps four addresses; the cluster's API takes one among the nodes (Private Service Connect). */
const keptByGoogle = 4;
const takenByApi = 1;

/** Docker's bridge, which the nodes' images have: what is there cannot be reached from a node. */
const dockerRange = "172.17.0.0/16";

/** The faults of a network for a cluster, all of them; of the room only where it is said what for. */
export function validateNetwork(args: NetworkArgs, room?: NetworkRoom): string[] {
  return args.kind === "new" ? validateNew(args, room) : validateExisting(args);
}

interface Range {
  readonly where: string;
  readonly value: string;
  /** How a fault begins. */
  readonly got: string;
  /** None where the range itself is at fault. */
  readonly cidr: Cidr | undefined;
}

function validateNew(args: NewNetworkArgs, room: NetworkRoom | undefined): string[] {
  const nodes = rangeOf(args, "nodeCidr", defaultRanges.nodeCidr);
  const pods = rangeOf(args, "podCidr", defaultRanges.podCidr);
  const services = rangeOf(args, "serviceCidr", defaultRanges.serviceCidr);
  const proxies = args.proxyCidr === undefined ? [] : [rangeOf(args, "proxyCidr", args.proxyCidr)];
  const ranges = [nodes, pods, services, ...proxies];
  return [
    ...ranges.flatMap(({ where, value }) => checkCidr(where, value)),
    ...ranges.flatMap(checkApartFromDocker),
    ...ranges.flatMap((range, index) => ranges.slice(0, index).flatMap((other) => checkApart(range, other))),
    ...(room === undefined ? [] : [...checkNodes(nodes, room), ...checkPods(pods, room)]),
    ...checkServices(services),
    ...proxies.flatMap(checkProxies),
  ];
}

function rangeOf(
  args: NewNetworkArgs,
  key: "nodeCidr" | "podCidr" | "serviceCidr" | "proxyCidr",
  otherwise: string,
): Range {
  const value = args[key] ?? otherwise;
  const where = `network.${key}`;
  const byDefault = args[key] === undefined ? " (the default)" : "";
  return { where, value, got: `${where}: got ${JSON.stringify(value)}${byDefault}`, cidr: parseCidr(value) };
}

function checkApartFromDocker({ got, cidr }: Range): string[] {
  const docker = parseCidr(dockerRange);
  return cidr !== undefined && docker !== undefined && overlap(cidr, docker)
    ? [
        `${got}, which overlaps ${dockerRange}, where every node has Docker's bridge; allowed: a range beside it`,
      ]
    : [];
}

function checkApart({ got, cidr }: Range, other: Range): string[] {
  return cidr !== undefined && other.cidr !== undefined && overlap(cidr, other.cidr)
    ? [`${got}, which overlaps ${other.where} ${JSON.stringify(other.value)}; allowed: a range beside it`]
    : [];
}

function checkNodes({ got, cidr }: Range, { maxNodes }: NetworkRoom): string[] {
  if (cidr === undefined) return [];
  const addresses = addressesIn(cidr.prefix);
  const room = addresses - keptByGoogle - takenByApi;
  if (maxNodes <= room) return [];
  return [
    `${got}, room for ${many(room, "node")} (${addresses} addresses, of which Google keeps ${keptByGoogle} and the ` +
      `cluster's API takes ${takenByApi}); the pools can grow to ${maxNodes}; ` +
      `allowed: a /${prefixFor(maxNodes + keptByGoogle + takenByApi)} or larger`,
  ];
}

/** https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr has the rule of twice as many, rounded up. */
function checkPods({ got, cidr }: Range, { maxNodes, maxPodsPerNode }: NetworkRoom): string[] {
  if (cidr === undefined) return [];
  const perNode = prefixFor(2 * maxPodsPerNode);
  const each = addressesIn(perNode);
  const room = Math.floor(addressesIn(cidr.prefix) / each);
  if (maxNodes <= room) return [];
  return [
    `${got}, room for ${many(room, "node")} (each takes a /${perNode}, ${each} addresses, for up to ` +
      `${many(maxPodsPerNode, "pod")}); the pools can grow to ${maxNodes}; ` +
      `allowed: a /${prefixFor(maxNodes * each)} or larger`,
  ];
}

function checkServices({ got, cidr }: Range): string[] {
  return cidr === undefined || (cidr.prefix >= 16 && cidr.prefix <= 28)
    ? []
    : [`${got}; allowed: a prefix from /16 (65536 services) to /28 (16 services)`];
}

function checkProxies({ got, cidr }: Range): string[] {
  return cidr === undefined || cidr.prefix <= 26
    ? []
    : [`${got}, ${addressesIn(cidr.prefix)} addresses; allowed: a /26 (64 addresses) or larger`];
}

function validateExisting({
  networkId,
  subnetworkId,
  podRange,
  serviceRange,
}: ExistingNetworkArgs): string[] {
  const same = podRange === serviceRange;
  return [
    ...ifKnown(checkNetworkId, "network.networkId", networkId),
    ...ifKnown(checkSubnetworkId, "network.subnetworkId", subnetworkId),
    ...checkRangeName("network.podRange", podRange),
    ...(same
      ? [`network.serviceRange: got ${JSON.stringify(serviceRange)}; allowed: another range than the pods'`]
      : checkRangeName("network.serviceRange", serviceRange)),
  ];
}

/** `europe-west4`; with a letter behind it, it would be a zone. */
export function isRegion(value: string): boolean {
  return /^[a-z]+-[a-z]+\d+$/.test(value);
}

/** A subnet's whole id says where it is. */
export function checkSubnetRegion(region: string, args: NetworkArgs | undefined): string[] {
  if (args?.kind !== "existing" || typeof args.subnetworkId !== "string") return [];
  const [, found = region] = /\/regions\/([^/]+)\//.exec(args.subnetworkId) ?? [];
  const got = `network.subnetworkId: got ${JSON.stringify(args.subnetworkId)}`;
  return found === region ? [] : [`${got}; allowed: a subnet in ${region}, where the cluster is`];
}

const label = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?";
const api = "(https://[a-z.]+/compute/[a-z0-9]+/)?";
const project = "projects/[a-z0-9.:-]+";

const checkNetworkId = checkForm(`${api}${project}/global/networks/${label}`, "projects/P/global/networks/N");

const checkSubnetworkId = checkForm(
  `${api}${project}/regions/[a-z0-9-]+/subnetworks/${label}`,
  "projects/P/regions/R/subnetworks/S",
);

const checkRangeName = checkForm(label, "the name of a secondary range of the subnet, such as pods");

function checkForm(pattern: string, allowed: string): Check {
  const form = new RegExp(`^${pattern}$`);
  return (where, value) =>
    form.test(value) ? [] : [`${where}: got ${JSON.stringify(value)}; allowed: ${allowed}`];
}

function many(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
