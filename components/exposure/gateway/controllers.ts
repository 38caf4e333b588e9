import type { Input, Resource } from "@pulumi/pulumi";
import { keepSessions, relaxNginx } from "./controller-policies";
import type { GatewayPlatform, ListenerPorts } from "./platform";

/** Controllers of whom it is known what they can do beside what all can. */
export const controllers = ["traefik", "envoy-gateway", "nginx-gateway-fabric"] as const;
export type Controller = (typeof controllers)[number];

export interface ClassGatewaysArgs {
  /** The GatewayClass: `kubectl get gatewayclass`. */
  readonly className: string;
  /** Whose it is. @default not known, and nothing is asked of it that not all can */
  readonly controller?: Controller | undefined;
  /** The ports of its Gateways' listeners. @default 8000 and 8443 of Traefik, 80 and 443 of the others */
  readonly ports?: ListenerPorts | undefined;
  /** Where its gateways are reached. @default not known, or the cluster's `publicAddress` */
  readonly address?: Input<string> | undefined;
  /** What brings the Gateway API and the class, where the stack does. */
  readonly ready: readonly Resource[];
}

/**
 * Traefik finds a listener by the port of its own entry points, not by its Service's
 * (https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/gateway-api/, as of 3.7). These are its
 * chart's, and k3s'; the Service has 80 and 443, which is where people and ACME servers come.
 */
const traefikPorts: ListenerPorts = { http: 8000, https: 8443 };

/**
 * The gateways of a controller in the cluster, whose load balancer is a Service. Certificates are in Secrets; a pod gets
 * requests as long as its own readiness probe says so.
 */
export function classGateways({
  className,
  controller,
  ports,
  address,
  ready,
}: ClassGatewaysArgs): GatewayPlatform {
  const listenerPorts = ports ?? (controller === "traefik" ? traefikPorts : undefined);
  return {
    className,
    ...(controller !== undefined && { controller }),
    ...(address !== undefined && { address }),
    ready,
    ...(listenerPorts !== undefined && { listenerPorts }),
    ...(controller === "nginx-gateway-fabric" && { routeTimeouts: "refused" }),
    sessions: sessionsOf(controller),
    certificates: "secrets",
    servicePolicies: (name, args) => {
      // None for Traefik, which passes over a route's time: answers have all the time there is. It bounds by itself only
      // how long a request may take to come in, by 60 s
      // (https://doc.traefik.io/traefik/reference/install-configuration/entrypoints/, transport.respondingTimeouts;
      // https://doc.traefik.io/traefik/reference/routing-configuration/http/load-balancing/serverstransport/).
      if (controller === "envoy-gateway") keepSessions(name, args);
      if (controller === "nginx-gateway-fabric") relaxNginx(name, args);
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
