import type { Input, Resource } from "@pulumi/pulumi";
import { serves } from "./host-names";
import type { GatewayRef } from "./platform";

export interface ExistingGatewayArgs {
  readonly gatewayName: Input<string>;
  readonly namespace: Input<string>;
  /** The listener. @default all that fit a route's host */
  readonly sectionName?: string | undefined;
  /** What it speaks. */
  readonly scheme: "http" | "https";
  /** The hosts that it serves; `*.example.com` for all of a label below. @default any */
  readonly hosts?: readonly string[] | undefined;
  /** The cluster's `gateways`. */
  readonly platform: GatewayRef["platform"];
  /** What routes come after: that it was read, so that one that is not there is told at once. @default nothing */
  readonly ready?: readonly Resource[] | undefined;
  /** Where it is reached: an address or a host name. @default not known; names' records are made by hand */
  readonly address?: Input<string> | undefined;
}

/** A Gateway that someone else made, who must have it take routes of the workload's namespace. */
export function existingGateway(args: ExistingGatewayArgs): GatewayRef {
  const { gatewayName, namespace, sectionName, scheme, hosts, platform, address } = args;
  return {
    platform,
    gatewayName,
    namespace,
    address,
    ready: args.ready ?? [],
    listenerFor: (host) => {
      if (hosts !== undefined && !hosts.some((each) => serves(each, host))) throw notServed(host, hosts);
      return { scheme, ...(sectionName !== undefined && { sectionName }) };
    },
  };
}

/** What is told of a host that a gateway does not serve; whoever asked says where it stands. */
export function notServed(host: string, hosts: readonly string[]): Error {
  return new Error(`got "${host}", which the gateway does not serve; allowed: ${hosts.join(", ")}`);
}
