import type { Resource } from "@pulumi/pulumi";
import { customResource } from "../../kubernetes/custom-resource";
import { labelsFor } from "../../kubernetes/labels";
import type { GatewayPlatform, ServicePolicyArgs } from "./platform";

/** Controllers of whom it is known what they can do beside what all can. */
export const controllers = ["traefik", "envoy-gateway", "nginx-gateway-fabric"] as const;
export type Controller = (typeof controllers)[number];

export interface ClassGatewaysArgs {
  /** The GatewayClass: `kubectl get gatewayclass`. */
  readonly className: string;
  /** Whose it is. @default not known, and nothing is asked of it that not all can */
  readonly controller?: Controller | undefined;
  /** What brings the Gateway API and the class, where the stack does. */
  readonly ready: readonly Resource[];
}

/**
 * The gateways of a controller in the cluster, whose load balancer is a Service. Certificates are in Secrets; a pod gets
 * requests as long as its own readiness probe says so.
 */
export function classGateways({ className, controller, ready }: ClassGatewaysArgs): GatewayPlatform {
  return {
    className,
    ready,
    sessions: sessionsOf(controller),
    certificates: "secrets",
    gatewayPolicies: () => undefined,
    servicePolicies: (name, args) => {
      if (controller === "envoy-gateway" && args.sticky) keepSessions(name, args);
    },
  };
}

/** The Gateway API's own sessions are experimental, and none of these has them without being paid for. */
function sessionsOf(controller: Controller | undefined): GatewayPlatform["sessions"] {
  switch (controller) {
    case "envoy-gateway":
      return { kind: "kept" };
    case "traefik":
      return notKept(
        "Traefik's gateways do not see to that; or take exposure: ingress of Traefik's class, which does by a cookie",
      );
    case "nginx-gateway-fabric":
      return notKept(
        "NGINX Gateway Fabric's gateways see to that with NGINX Plus only; or take Envoy Gateway, which does by a cookie",
      );
    case undefined:
      return notKept(
        `nothing says whose the gateway's class is; or name its controller (${controllers.join(", ")}), of which ` +
          "Envoy Gateway sees to that",
      );
  }
}

function notKept(reason: string): GatewayPlatform["sessions"] {
  return { kind: "not-kept", reason };
}

/** https://gateway.envoyproxy.io/docs/api/extension_types/#backendtrafficpolicy, as of 1.9.1 */
interface BackendTrafficPolicy {
  readonly apiVersion: "gateway.envoyproxy.io/v1alpha1";
  readonly kind: "BackendTrafficPolicy";
  readonly spec: {
    readonly targetRefs: readonly {
      readonly group: "gateway.networking.k8s.io";
      readonly kind: "HTTPRoute";
      readonly name: ServicePolicyArgs["routeName"];
    }[];
    readonly loadBalancer: {
      readonly type: "ConsistentHash";
      readonly consistentHash: {
        readonly type: "Cookie";
        /** Envoy makes the cookie only where it is told how long it lasts. */
        readonly cookie: { readonly name: string; readonly ttl: string };
      };
    };
  };
}

/** Goes to the pod that a cookie's hash falls on. Where pods come or go, a few people change theirs. */
function keepSessions(name: string, args: ServicePolicyArgs): void {
  const { parent, provider, workload, namespace, routeName, dependsOn } = args;
  customResource<BackendTrafficPolicy>(
    name,
    {
      apiVersion: "gateway.envoyproxy.io/v1alpha1",
      kind: "BackendTrafficPolicy",
      metadata: { namespace, labels: labelsFor(workload) },
      spec: {
        targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: routeName }],
        loadBalancer: {
          type: "ConsistentHash",
          consistentHash: { type: "Cookie", cookie: { name: "inference-ui", ttl: "24h" } },
        },
      },
    },
    { parent, provider, dependsOn: [...dependsOn] },
  );
}
