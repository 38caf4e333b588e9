import type { Provider } from "@pulumi/kubernetes";
import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { DnsZone } from "../../dns/dns";
import type { Controller } from "./controllers";

/**
 * How gateways are had on a cluster: the Gateway API's objects are the same everywhere, what stands beside them is not.
 * GKE has one of its own (google.ts), other clusters one by the controller that they run (controllers.ts).
 */
export interface GatewayPlatform {
  /** The GatewayClass. */
  readonly className: string;
  /** Whose it is, where that is known. */
  readonly controller?: Controller;
  /** Where its gateways are reached, where that is known before there is one. Without: the cluster's `publicAddress`. */
  readonly address?: Input<string>;
  /** What brings the Gateway API and the class, where the stack does. */
  readonly ready: readonly Resource[];
  /** Whether the requests of one person can be kept at one pod. Else: why not, and what to take. */
  readonly sessions: { readonly kind: "kept" } | { readonly kind: "not-kept"; readonly reason: string };
  /** Whose certificates its listeners show: Certificate Manager's too, or Secrets alone. */
  readonly certificates: "google" | "secrets";
  /**
   * The ports of its Gateways' listeners. People use 80 and 443 all the same; some controllers' load balancers send them
   * on to ports of other numbers.
   * @default 80 and 443
   */
  readonly listenerPorts?: ListenerPorts;
  /**
   * Whether a route may say how long an answer may take. Google's controller accepts no route that does
   * (https://github.com/kserve/kserve/issues/5311); NGINX Gateway Fabric leaves it out, and complains in the route's
   * status. Both have it from a policy.
   * @default "taken"
   */
  readonly routeTimeouts?: "taken" | "refused";
  /** Reserves what the gateway is reached at, before the gateway is there. Without: the cluster's `publicAddress`. */
  reserveAddress?(name: string, options: { readonly parent: Resource }): ReservedAddress;
  /** What a listener for HTTPS needs for hosts with Google's certificates, and the Gateway beside it. */
  googleCertificates?(name: string, args: GoogleCertificatesArgs): GatewayCertificates;
  /** Which TLS its gateways speak, where that is not the controller's own business. Made before the gateway. */
  tlsPolicy?(name: string, options: { readonly parent: Resource }): TlsPolicy;
  /** Objects beside a Service that a route leads to: how long to wait, whom to send where, what to ask for its health. */
  servicePolicies(name: string, args: ServicePolicyArgs): void;
}

export interface ListenerPorts {
  readonly http: number;
  readonly https: number;
}

/** An address that is there before what it leads to, and stays when that is replaced. */
export interface ReservedAddress {
  readonly ip: Output<string>;
  /** Its name in the cloud, by which a Gateway asks for it (`NamedAddress`). */
  readonly name: Output<string>;
}

export interface GoogleCertificatesArgs {
  readonly parent: Resource;
  readonly hosts: readonly string[];
  /** Where it is proved that the hosts are ours. Without it, someone makes the records by hand. */
  readonly zone: DnsZone | undefined;
}

export interface GatewayCertificates {
  /** On the Gateway. */
  readonly annotations: Readonly<Record<string, Input<string>>>;
  /** In the listener's `tls`, where it has one. */
  readonly listenerOptions?: Readonly<Record<string, Input<string>>>;
  /** What someone has to put into the hosts' zone by hand: name, type and value. Empty where the stack does it. */
  readonly recordsToMake: readonly Output<string>[];
  readonly ready: readonly Resource[];
}

/** Which TLS a gateway speaks. */
export interface TlsPolicy {
  /** There before the gateway, and until it is gone: it is not deleted while a load balancer uses it. */
  readonly resource: Resource;
  /** Tells the gateway of it, by an object beside it. */
  attach(args: GatewayPolicyArgs): void;
}

export interface GatewayPolicyArgs {
  readonly parent: Resource;
  readonly provider: Provider;
  readonly namespace: Input<string>;
  readonly gatewayName: Input<string>;
  readonly gateway: Resource;
}

export interface ServicePolicyArgs {
  readonly parent: Resource;
  readonly provider: Provider;
  /** The workload's name, for labels. */
  readonly workload: string;
  readonly namespace: Input<string>;
  readonly serviceName: Input<string>;
  /** The other Service that the route leads to, where it splits the requests. */
  readonly splitServiceName?: Input<string> | undefined;
  /** The HTTPRoute that leads there. */
  readonly routeName: Input<string>;
  /**
   * How long an answer may take, in seconds. Envoy and Google mean it to its end, a stream's too (server-sent events);
   * nginx means the longest silence in it; Traefik keeps to none.
   */
  readonly requestTimeoutSeconds: number;
  /** Whether a person's requests must all reach the same pod. */
  readonly sticky: boolean;
  /** The path that answers with 200 once a pod is ready, and the port that the pod listens on. */
  readonly health: { readonly path: string; readonly port: number };
  /** What must be there first: the Service. */
  readonly dependsOn: readonly Resource[];
}

/** A Gateway that routes are attached to: the stack's own, or one that is there. */
export interface GatewayRef {
  readonly platform: Pick<GatewayPlatform, "sessions" | "routeTimeouts" | "servicePolicies">;
  readonly gatewayName: Input<string>;
  readonly namespace: Input<string>;
  /**
   * The listener for a host, and whether it speaks TLS.
   * @throws where the gateway does not serve the host; the message says which ones it does
   */
  listenerFor(host: string): { readonly sectionName?: string; readonly scheme: "http" | "https" };
  /** What names of its hosts point at: an address or a host name. Undefined where no one has told. */
  readonly address: Input<string> | undefined;
  /** What routes come after. */
  readonly ready: readonly Resource[];
}
