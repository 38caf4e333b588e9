import type { Input } from "@pulumi/pulumi";
import type { ListenerPorts } from "./platform";

/*
 * The Gateway API's kinds, the fields that we use (https://gateway-api.sigs.k8s.io/reference/spec/). All are in its
 * standard channel of v1.4.0; a ReferenceGrant is v1beta1 there.
 */

/** Whose gateways they are. Belongs to no namespace. */
export interface GatewayClass {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: "GatewayClass";
  readonly spec: { readonly controllerName: string };
}

/** Where requests come in. */
export interface Gateway {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: "Gateway";
  readonly spec: GatewaySpec;
}

export interface GatewaySpec {
  readonly gatewayClassName: string;
  readonly listeners: readonly GatewayListener[];
  /** Addresses that are reserved, by their names. */
  readonly addresses?: readonly { readonly type: "NamedAddress"; readonly value: Input<string> }[];
}

export interface GatewayListener {
  readonly name: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** @default every host */
  readonly hostname?: string;
  readonly allowedRoutes: { readonly namespaces: RouteNamespaces };
  readonly tls?: ListenerTls;
}

/** Whose routes a listener takes: those of every namespace, of the Gateway's own, or of some. */
export type RouteNamespaces =
  | { readonly from: "All" | "Same" }
  | {
      readonly from: "Selector";
      readonly selector: {
        readonly matchExpressions: readonly {
          readonly key: string;
          readonly operator: "In";
          readonly values: readonly Input<string>[];
        }[];
      };
    };

export interface ListenerTls {
  readonly mode: "Terminate";
  readonly certificateRefs?: readonly SecretRef[];
  /** What only its own controller knows. */
  readonly options?: Readonly<Record<string, Input<string>>>;
}

export interface SecretRef {
  readonly kind: "Secret";
  readonly name: string;
  /** @default the gateway's */
  readonly namespace?: Input<string>;
}

/** Which requests go where. */
export interface HttpRoute {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: "HTTPRoute";
  readonly spec: HttpRouteSpec;
}

export interface HttpRouteSpec {
  readonly parentRefs: readonly RouteParent[];
  readonly hostnames: readonly string[];
  readonly rules: readonly HttpRouteRule[];
}

export interface RouteParent {
  readonly name: Input<string>;
  /** @default the route's */
  readonly namespace?: Input<string>;
  /** The listener. @default all that fit */
  readonly sectionName?: string;
}

export type HttpRouteRule =
  | {
      readonly filters: readonly {
        readonly type: "RequestRedirect";
        readonly requestRedirect: { readonly scheme: "https"; readonly statusCode: 301 };
      }[];
    }
  | {
      readonly matches: readonly {
        readonly path: { readonly type: "PathPrefix"; readonly value: string };
      }[];
      readonly backendRefs: readonly RouteBackend[];
      readonly timeouts?: { readonly request: string };
    };

/** A Service that requests go to, and its share of them. */
export interface RouteBackend {
  readonly name: Input<string>;
  readonly port: number;
  /** In proportion to the others' weights. @default 1 */
  readonly weight?: number;
}

/** Lets the gateways of a namespace read a Secret of another. */
export interface ReferenceGrant {
  readonly apiVersion: "gateway.networking.k8s.io/v1beta1";
  readonly kind: "ReferenceGrant";
  readonly spec: {
    readonly from: readonly {
      readonly group: "gateway.networking.k8s.io";
      readonly kind: "Gateway";
      readonly namespace: Input<string>;
    }[];
    readonly to: readonly { readonly group: ""; readonly kind: "Secret"; readonly name: string }[];
  };
}

/** What the listeners have in common. */
export interface ListenerArgs {
  /** The namespaces whose routes they take; `own` is the Gateway's. */
  readonly namespaces: readonly Input<string>[] | "all" | "own";
  /** @default 80 and 443 */
  readonly ports?: ListenerPorts | undefined;
}

const usualPorts: ListenerPorts = { http: 80, https: 443 };

/** Where clear text comes in, of every host. */
export function httpListener({ namespaces, ports = usualPorts }: ListenerArgs): GatewayListener {
  return { name: "http", port: ports.http, protocol: "HTTP", allowedRoutes: routesOf(namespaces) };
}

/** Where TLS comes in: of one host, or of every host whose certificate the controller has by other ways. */
export function httpsListener({
  name,
  hostname,
  tls,
  namespaces,
  ports = usualPorts,
}: ListenerArgs & {
  readonly name: string;
  readonly hostname?: string;
  readonly tls?: ListenerTls;
}): GatewayListener {
  return {
    name,
    port: ports.https,
    protocol: "HTTPS",
    ...(hostname !== undefined && { hostname }),
    allowedRoutes: routesOf(namespaces),
    ...(tls !== undefined && { tls }),
  };
}

/** Some by the label that Kubernetes itself gives each namespace. */
function routesOf(namespaces: ListenerArgs["namespaces"]): GatewayListener["allowedRoutes"] {
  if (namespaces === "all") return { namespaces: { from: "All" } };
  if (namespaces === "own") return { namespaces: { from: "Same" } };
  const key = "kubernetes.io/metadata.name";
  return {
    namespaces: {
      from: "Selector",
      selector: { matchExpressions: [{ key, operator: "In", values: namespaces }] },
    },
  };
}

/**
 * Sends whoever comes in clear text to the same address with TLS. Where a scheme is named and no port, it is the scheme's
 * own, 443, whatever the listener's (https://gateway-api.sigs.k8s.io/reference/spec/#httprequestredirectfilter).
 */
export function redirectSpec(gatewayName: Input<string>, hostnames: readonly string[]): HttpRouteSpec {
  return {
    parentRefs: [{ name: gatewayName, sectionName: "http" }],
    hostnames,
    rules: [
      {
        filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
      },
    ],
  };
}

/** Another Service, such as a new version's, that some of the requests go to. */
export interface RouteSplit {
  readonly serviceName: Input<string>;
  readonly port: number;
  /** How many of a hundred requests it gets. */
  readonly percent: number;
}

export interface WorkloadRouteArgs {
  readonly parent: RouteParent;
  readonly host: string;
  readonly path: string;
  readonly service: { readonly name: Input<string>; readonly port: number };
  readonly split?: RouteSplit | undefined;
  /** In seconds. @default the controller's own way */
  readonly requestTimeoutSeconds?: number;
}

/** Leads a host's requests, from a path on, to a Service, or some of them to another. */
export function workloadRouteSpec(args: WorkloadRouteArgs): HttpRouteSpec {
  const { parent, host, path, service, split, requestTimeoutSeconds } = args;
  return {
    parentRefs: [parent],
    hostnames: [host],
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: path } }],
        backendRefs: backends(service, split),
        ...(requestTimeoutSeconds !== undefined && { timeouts: { request: `${requestTimeoutSeconds}s` } }),
      },
    ],
  };
}

function backends(service: WorkloadRouteArgs["service"], split: RouteSplit | undefined): RouteBackend[] {
  const { name, port } = service;
  if (split === undefined) return [{ name, port }];
  return [
    { name, port, weight: 100 - split.percent },
    { name: split.serviceName, port: split.port, weight: split.percent },
  ];
}

export function referenceGrantSpec(
  gatewayNamespace: Input<string>,
  secretName: string,
): ReferenceGrant["spec"] {
  return {
    from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: gatewayNamespace }],
    to: [{ group: "", kind: "Secret", name: secretName }],
  };
}
