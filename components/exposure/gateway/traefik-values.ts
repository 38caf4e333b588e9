import type { Input } from "@pulumi/pulumi";
import type { AddressReservation } from "../../host/cluster-handle";
import type { FrontNode } from "../exposure";

/** Where requests come in to Traefik from outside. */
export type GatewayReach =
  /** By the cluster's load balancer, at an address of its own. */
  | { readonly kind: "load-balancer" }
  /**
   * By ports 80 and 443 of a node with an address of its own, where the cluster has no load balancers: of that node
   * alone where it is known by its name, and else of every node.
   */
  | { readonly kind: "front-node"; readonly node: FrontNode };

/**
 * What differs from the chart's own (https://github.com/traefik/traefik-helm-chart/blob/v41.3.0/traefik/VALUES.md).
 * Traefik's own kinds, of which OSCAR makes Middlewares, it looks for by itself, in all namespaces.
 */
export interface TraefikValues {
  readonly providers: { readonly kubernetesGateway: { readonly enabled: true } };
  readonly gateway: { readonly enabled: false };
  readonly ingressClass: { readonly isDefaultClass: false };
  readonly ports?: { readonly web: EntryPoint; readonly websecure: EntryPoint };
  readonly service?: {
    readonly spec: { readonly type: "ClusterIP" } | { readonly loadBalancerIP: Input<string> };
    readonly annotations?: AddressReservation["annotations"];
  };
  readonly deployment?: { readonly kind: "DaemonSet" };
  readonly updateStrategy?:
    | { readonly type: "Recreate" }
    | {
        readonly type: "RollingUpdate";
        readonly rollingUpdate: { readonly maxUnavailable: 1; readonly maxSurge: 0 };
      };
  readonly affinity?: { readonly nodeAffinity: NodeByName };
  readonly tolerations?: readonly {
    readonly key: string;
    readonly operator: "Exists";
    readonly effect: "NoSchedule";
  }[];
}

interface EntryPoint {
  readonly hostPort?: number;
  readonly transport?: { readonly respondingTimeouts: { readonly readTimeout: string } };
}

interface NodeByName {
  readonly requiredDuringSchedulingIgnoredDuringExecution: {
    readonly nodeSelectorTerms: readonly {
      readonly matchFields: readonly {
        readonly key: "metadata.name";
        readonly operator: "In";
        readonly values: readonly string[];
      }[];
    }[];
  };
}

export interface TraefikValuesArgs {
  readonly reach: GatewayReach;
  /** The load balancer's address, where the cluster's cloud has addresses to reserve. */
  readonly reservation?: AddressReservation | undefined;
  /** How long a request may take to come in whole. @default 60, which is Traefik's own */
  readonly uploadSeconds?: number | undefined;
}

/** Traefik as a controller of gateways, reached as is said. */
export function traefikValues({ reach, reservation, uploadSeconds }: TraefikValuesArgs): TraefikValues {
  const onHost = reach.kind === "front-node";
  const entryPoint = (hostPort: number): EntryPoint => ({
    ...(onHost && { hostPort }),
    ...(uploadSeconds !== undefined && {
      transport: { respondingTimeouts: { readTimeout: `${uploadSeconds}s` } },
    }),
  });
  return {
    providers: { kubernetesGateway: { enabled: true } },
    // Gateways are made beside it.
    gateway: { enabled: false },
    // Ingresses that name no class stay with whoever has them.
    ingressClass: { isDefaultClass: false },
    ...((onHost || uploadSeconds !== undefined) && {
      ports: { web: entryPoint(80), websecure: entryPoint(443) },
    }),
    ...(onHost ? onNode(reach.node) : balanced(reservation)),
  };
}

function balanced(reservation: AddressReservation | undefined): Pick<TraefikValues, "service"> {
  if (reservation === undefined) return {};
  const { ip, annotations } = reservation;
  return {
    service: {
      spec: { loadBalancerIP: ip },
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
  };
}

/** A node's port is one pod's: the old pod goes before the new one comes, or the new one waits for it for ever. */
function onNode(node: FrontNode): Partial<TraefikValues> {
  const common = {
    service: { spec: { type: "ClusterIP" } },
    // The one with the public address is often the one that runs the cluster, which keeps others' pods off.
    tolerations: [
      { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" } as const,
    ],
  } as const;
  if ("addresses" in node) {
    return {
      ...common,
      deployment: { kind: "DaemonSet" },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    };
  }
  return {
    ...common,
    // Of one pod that may be missing, Helm would wait for none.
    updateStrategy: { type: "Recreate" },
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          // Not by the label `kubernetes.io/hostname`, which can be another than the node's name.
          nodeSelectorTerms: [
            { matchFields: [{ key: "metadata.name", operator: "In", values: [node.name] }] },
          ],
        },
      },
    },
  };
}
