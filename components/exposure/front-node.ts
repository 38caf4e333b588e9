import { core, type Provider } from "@pulumi/kubernetes";
import { RunError, type Input, type Resource } from "@pulumi/pulumi";
import { isIPv4 } from "node:net";
import { checkPublicAddress, publicAddress } from "../dns/public-address";
import { messageOf } from "../messages";
import type { FrontNode } from "./exposure";

export interface FrontNodeOptions {
  readonly parent: Resource;
  readonly provider: Provider;
  /** Where it stands in the arguments. @default "exposure.frontNode" */
  readonly where?: string;
  /**
   * Whether a private address will do where the node has no other, as in a network of one's own. A name in the DNS must
   * not point at it.
   * @default false
   */
  readonly orPrivate?: boolean;
}

/** Where a front node is reached: its first public address. Of a node that is known by its name, the first of IPv4. */
export function frontNodeAddress(
  name: string,
  frontNode: FrontNode,
  { where = "exposure.frontNode", orPrivate = false, ...options }: FrontNodeOptions,
): Input<string> {
  if ("addresses" in frontNode) return publicAddress(frontNode.addresses).address;
  const node = core.v1.Node.get(`${name}-front-node`, frontNode.name, options);
  return node.status.apply((status) =>
    addressOfNode(frontNode.name, status?.addresses ?? [], { where, orPrivate }),
  );
}

/** The faults of what is said of a front node. */
export function frontNodeFaults(where: string, frontNode: FrontNode): string[] {
  if ("addresses" in frontNode) return checkPublicAddress(`${where}.addresses`, frontNode.addresses);
  return frontNode.name === "" ? [`${where}.name: got ""; needed: a node (kubectl get nodes -o wide)`] : [];
}

interface NodeAddress {
  readonly type: string;
  readonly address: string;
}

/**
 * Its names are not for us; and whether a record is of IPv4 or IPv6 has to be said before a cluster is asked.
 *
 * @throws where it has none that everyone can reach, or none at all where a private one will do
 */
export function addressOfNode(
  name: string,
  addresses: readonly NodeAddress[],
  { where = "exposure.frontNode", orPrivate = false }: Pick<FrontNodeOptions, "where" | "orPrivate"> = {},
): string {
  const candidates = addresses
    .filter(({ type, address }) => /IP$/.test(type) && isIPv4(address))
    .map(({ address }) => address);
  const [first] = candidates;
  if (orPrivate && first !== undefined && checkPublicAddress("addresses", candidates).length > 0)
    return first;
  try {
    return publicAddress(candidates).address;
  } catch (error) {
    throw new RunError(`${where}.name: node ${name}: ${messageOf(error)}`);
  }
}
