import { Network, Router, RouterNat, Subnetwork } from "@pulumi/gcp/compute";
import {
  ComponentResource,
  output,
  type ComponentResourceOptions,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { checkName, type Check } from "../../../kubernetes/checks";
import { refuseFaults } from "../../../refuse";
import {
  checkSubnetRegion,
  defaultRanges,
  isRegion,
  validateNetwork,
  type ExistingNetworkArgs,
  type NetworkArgs,
  type NetworkRoom,
  type NewNetworkArgs,
} from "./validate-network";

/** Which network it is, and where. */
export type GkeNetworkArgs = NetworkArgs & {
  /** Where the cluster is: `europe-west4`. */
  readonly region: string;
  /**
   * What it must have room for.
   * @default not checked
   */
  readonly room?: NetworkRoom | undefined;
};

/** What a cluster has to know of its network. */
export interface NetworkRef {
  readonly networkId: Output<string>;
  /** The last part of the id. */
  readonly networkName: Output<string>;
  /** The subnet that the nodes are in. */
  readonly subnetworkId: Output<string>;
  /** The names of the subnet's secondary ranges. */
  readonly podRange: string;
  readonly serviceRange: string;
  /** What else has to be there before the nodes, and to stay until they are gone: they pull their images through it. */
  readonly ready: readonly Resource[];
}

/**
 * The network that a GKE cluster is in: a VPC with a subnet for nodes, pods and services, and a way out for nodes that
 * have private addresses only. Or one that is there already, of which it makes nothing.
 *
 * ```ts
 * const network = new GkeNetwork("lab", { kind: "new", region: "europe-west4" });
 * ```
 *
 * Network and subnets cost nothing. Cloud NAT is charged by the hour, by the address and by the GB even where no node
 * runs, flow logs by volume: see the README for prices. It makes no firewall rules beside those that GKE makes, no VPN, no
 * peering and no Shared VPC.
 */
export class GkeNetwork extends ComponentResource implements NetworkRef {
  readonly networkId: Output<string>;
  readonly networkName: Output<string>;
  readonly subnetworkId: Output<string>;
  readonly podRange: string;
  readonly serviceRange: string;
  readonly ready: readonly Resource[];

  /** `dependsOn` holds for the network itself: Google may have to enable a service before it. */
  constructor(name: string, args: GkeNetworkArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:host:GkeNetwork", name, {}, opts);
    refuseFaults(this, `GkeNetwork ${name}`, validateGkeNetwork(name, args));
    const made = args.kind === "new" ? makeNetwork(name, args, this, opts?.dependsOn) : existingNetwork(args);
    this.networkId = made.networkId;
    this.networkName = made.networkName;
    this.subnetworkId = made.subnetworkId;
    this.podRange = made.podRange;
    this.serviceRange = made.serviceRange;
    this.ready = made.ready;
    this.registerOutputs({ networkId: this.networkId, subnetworkId: this.subnetworkId });
  }
}

/** The faults of the arguments, all of them. Google's names have 63 characters at most, of which `-proxies` and Pulumi add 16. */
export function validateGkeNetwork(name: string, args: GkeNetworkArgs): string[] {
  const { region, room } = args;
  return [
    ...checkName(name, 47),
    ...checkRegion("region", region),
    ...validateNetwork(args, room),
    ...checkSubnetRegion(region, args),
  ];
}

const checkRegion: Check = (where, value) =>
  isRegion(value) ? [] : [`${where}: got ${JSON.stringify(value)}; allowed: a region, such as europe-west4`];

/** GKE deletes what it made for load balancers some minutes after the cluster; till then the network cannot go. */
const patient = { customTimeouts: { delete: "20m" } };

type NewArgs = NewNetworkArgs & Pick<GkeNetworkArgs, "region">;

function makeNetwork(
  name: string,
  args: NewArgs,
  parent: Resource,
  dependsOn: ComponentResourceOptions["dependsOn"] = [],
): NetworkRef {
  const { region, proxyCidr, nat = true } = args;
  const ranges = rangesOf(args);
  const network = new Network(
    name,
    { autoCreateSubnetworks: false },
    {
      parent,
      dependsOn,
      ...patient,
      // What the subnet cannot be changed to makes another network, with a cluster in it, before the old one goes: two
      // subnets of one network cannot have the same addresses. (For other ranges the provider would plan an update, which
      // Google refuses: https://github.com/hashicorp/terraform-provider-google/issues/2570.)
      replacementTrigger: [region, ranges.podCidr, ranges.serviceCidr],
    },
  );
  const nodes = makeNodeSubnet(name, network, args, parent);
  const ready: Resource[] = [];
  if (proxyCidr !== undefined) {
    ready.push(
      new Subnetwork(
        `${name}-proxies`,
        {
          network: network.id,
          region,
          ipCidrRange: proxyCidr,
          purpose: "REGIONAL_MANAGED_PROXY",
          role: "ACTIVE",
        },
        // Of these, Google lets only one be active in a network and region.
        { parent, ...patient, deleteBeforeReplace: true },
      ),
    );
  }
  if (nat) ready.push(makeNat(name, region, network, parent));
  return {
    networkId: network.id,
    networkName: network.name,
    subnetworkId: nodes.id,
    podRange: "pods",
    serviceRange: "services",
    ready,
  };
}

function makeNodeSubnet(name: string, network: Network, args: NewArgs, parent: Resource): Subnetwork {
  const { region, flowLogs = false } = args;
  const { nodeCidr, podCidr, serviceCidr } = rangesOf(args);
  return new Subnetwork(
    `${name}-nodes`,
    {
      network: network.id,
      region,
      ipCidrRange: nodeCidr,
      secondaryIpRanges: [
        { rangeName: "pods", ipCidrRange: podCidr },
        { rangeName: "services", ipCidrRange: serviceCidr },
      ],
      // Google's own APIs and registries are reached without Cloud NAT, and without its price.
      privateIpGoogleAccess: true,
      ...(flowLogs && {
        logConfig: {
          aggregationInterval: "INTERVAL_10_MIN",
          flowSampling: 0.5,
          metadata: "INCLUDE_ALL_METADATA",
        },
      }),
    },
    { parent, ...patient },
  );
}

function rangesOf(args: NewArgs) {
  return {
    nodeCidr: args.nodeCidr ?? defaultRanges.nodeCidr,
    podCidr: args.podCidr ?? defaultRanges.podCidr,
    serviceCidr: args.serviceCidr ?? defaultRanges.serviceCidr,
  };
}

function makeNat(name: string, region: string, network: Network, parent: Resource): RouterNat {
  const router = new Router(`${name}-router`, { network: network.id, region }, { parent });
  return new RouterNat(
    `${name}-nat`,
    {
      router: router.name,
      region,
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
      logConfig: { enable: true, filter: "ERRORS_ONLY" },
    },
    { parent },
  );
}

function existingNetwork(args: ExistingNetworkArgs): NetworkRef {
  const { subnetworkId, podRange, serviceRange } = args;
  const networkId = output(args.networkId);
  return {
    networkId,
    networkName: networkId.apply((id) => id.slice(id.lastIndexOf("/") + 1)),
    subnetworkId: output(subnetworkId),
    podRange,
    serviceRange,
    ready: [],
  };
}
