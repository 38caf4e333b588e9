import { core, type Provider } from "@pulumi/kubernetes";
import { RunError, type Input, type Resource } from "@pulumi/pulumi";
import { publicAddress } from "../dns/public-address";
import type { FrontNode } from "./exposure";

/** Where a front node is reached: its first public address. Of a node that is known by its name, the first of IPv4. */
export function frontNodeAddress(
  name: string,
  frontNode: FrontNode,
  options: { readonly parent: Resource; readonly provider: Provider },
): Input<string> {
  if ("addresses" in frontNode) return publicAddress(frontNode.addresses).address;
  const node = core.v1.Node.get(`${name}-front-node`, frontNode.name, options);
  return node.status.apply((status) => addressOfNode(frontNode.name, status?.addresses ?? []));
}

interface NodeAddress {
  readonly type: string;
  readonly address: string;
}

/**
 * Its names are not for us; and whether a record is of IPv4 or IPv6 has to be said before a cluster is asked.
 *
 * @throws where it has none that everyone can reach
 */
export function addressOfNode(name: string, addresses: readonly NodeAddress[]): string {
  const candidates = addresses
    .filter(({ type, address }) => /IP$/.test(type) && !address.includes(":"))
    .map(({ address }) => address);
  try {
    return publicAddress(candidates).address;
  } catch (error) {
    throw new RunError(
      `exposure.frontNode.name: node ${name}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
