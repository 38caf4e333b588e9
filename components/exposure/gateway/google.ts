import { Address, GlobalAddress, RegionSslPolicy, SSLPolicy } from "@pulumi/gcp/compute";
import type { CustomResourceOptions, Output, ProviderResource, Resource } from "@pulumi/pulumi";
import { customResource } from "../../kubernetes/custom-resource";
import { labelsFor } from "../../kubernetes/labels";
import { googleCertificates } from "./google-certificates";
import type { GcpBackendPolicy, GcpGatewayPolicy, HealthCheckPolicy } from "./google-policies";
import type {
  GatewayPlatform,
  GatewayPolicyArgs,
  ReservedAddress,
  ServicePolicyArgs,
  TlsPolicy,
} from "./platform";

export interface GoogleGatewaysArgs {
  readonly project: string;
  /** The cluster's. */
  readonly region: string;
  /** Where gateways are: everywhere at once, or in the region, whose network then needs a subnet for proxies. */
  readonly scope: "global" | "regional";
  /** By which the cluster was made. @default Pulumi's default one */
  readonly provider?: ProviderResource | undefined;
  /** What enables the services that make addresses and certificates. @default nothing */
  readonly after?: readonly Resource[] | undefined;
  /** What brings the Gateway API and Google's policies: the cluster. */
  readonly ready: readonly Resource[];
}

/** Where what a gateway needs of Google's cloud is made. */
export interface GooglePlace extends Pick<GoogleGatewaysArgs, "project" | "region" | "scope"> {
  readonly options: Pick<CustomResourceOptions, "provider" | "dependsOn">;
}

/** https://cloud.google.com/kubernetes-engine/docs/concepts/gateway-api#gatewayclass */
const classNames = {
  global: "gke-l7-global-external-managed",
  regional: "gke-l7-regional-external-managed",
} as const;

/**
 * The gateways that GKE has itself: each is an external Application Load Balancer, which sends requests straight to the
 * pods. It is charged by the hour while it is there, and by what goes through it.
 */
export function googleGateways(args: GoogleGatewaysArgs): GatewayPlatform {
  const { project, region, scope, provider, after = [], ready } = args;
  const options = { dependsOn: [...after], ...(provider !== undefined && { provider }) };
  const place: GooglePlace = { project, region, scope, options };
  return {
    className: classNames[scope],
    ready,
    sessions: { kind: "kept" },
    certificates: "google",
    routeTimeouts: "refused",
    reserveAddress: (name, { parent }) => reserveAddress(name, parent, place),
    googleCertificates: (name, given) => googleCertificates(name, given, place),
    tlsPolicy: (name, { parent }) => makeTlsPolicy(name, parent, place),
    servicePolicies: (policies, args) => {
      makeServicePolicies(policies, args);
      // Google's hold for a Service, not for the route.
      const { splitServiceName: serviceName } = args;
      if (serviceName !== undefined) makeServicePolicies(`${policies}-split`, { ...args, serviceName });
    },
  };
}

function reserveAddress(
  name: string,
  parent: Resource,
  { project, region, scope, options }: GooglePlace,
): ReservedAddress {
  const self = { parent, ...options };
  const address =
    scope === "global"
      ? new GlobalAddress(`${name}-gateway`, { project }, self)
      : // Of the network's better tier, as the forwarding rule that GKE makes is by itself: they must agree.
        new Address(`${name}-gateway`, { project, region, networkTier: "PREMIUM" }, self);
  return { ip: address.address, name: address.name };
}

/** By itself a load balancer of Google's speaks TLS 1.0, too. */
function makeTlsPolicy(name: string, parent: Resource, place: GooglePlace): TlsPolicy {
  const { project, region, scope, options } = place;
  const tls = { project, profile: "MODERN", minTlsVersion: "TLS_1_2" };
  const self = { parent, ...options };
  const resource =
    scope === "global" ? new SSLPolicy(name, tls, self) : new RegionSslPolicy(name, { ...tls, region }, self);
  return { resource, attach: (gateway) => attachTlsPolicy(name, resource.name, gateway) };
}

function attachTlsPolicy(name: string, sslPolicy: Output<string>, args: GatewayPolicyArgs): void {
  const { parent, provider, namespace, gatewayName, gateway } = args;
  customResource<GcpGatewayPolicy>(
    name,
    {
      apiVersion: "networking.gke.io/v1",
      kind: "GCPGatewayPolicy",
      metadata: { namespace, labels: labelsFor(name) },
      spec: {
        default: { sslPolicy },
        targetRef: { group: "gateway.networking.k8s.io", kind: "Gateway", name: gatewayName },
      },
    },
    { parent, provider, dependsOn: [gateway] },
  );
}

/** How long requests that run may go on at a pod that goes, in seconds. */
const drainingSeconds = 60;

/**
 * A pod that thinks may be late with its answer: it gets no more requests only after a minute without one.
 * GKE takes over neither path nor port from the pods' own readiness probe, and asks for `/`.
 */
const patience = { checkIntervalSec: 15, timeoutSec: 10, healthyThreshold: 1, unhealthyThreshold: 4 };

function makeServicePolicies(name: string, args: ServicePolicyArgs): void {
  const { parent, provider, workload, namespace, serviceName, health, sticky, dependsOn } = args;
  const metadata = { namespace, labels: labelsFor(workload) };
  const targetRef = { group: "", kind: "Service", name: serviceName } as const;
  const self = { parent, provider, dependsOn: [...dependsOn] };
  customResource<GcpBackendPolicy>(
    name,
    {
      apiVersion: "networking.gke.io/v1",
      kind: "GCPBackendPolicy",
      metadata,
      spec: {
        default: {
          timeoutSec: args.requestTimeoutSeconds,
          // Without a lifetime, the cookie goes with the browser.
          ...(sticky && { sessionAffinity: { type: "GENERATED_COOKIE" } }),
          connectionDraining: { drainingTimeoutSec: drainingSeconds },
        },
        targetRef,
      },
    },
    self,
  );
  customResource<HealthCheckPolicy>(
    name,
    {
      apiVersion: "networking.gke.io/v1",
      kind: "HealthCheckPolicy",
      metadata,
      spec: {
        default: {
          ...patience,
          config: {
            type: "HTTP",
            httpHealthCheck: {
              requestPath: health.path,
              portSpecification: "USE_FIXED_PORT",
              port: health.port,
            },
          },
        },
        targetRef,
      },
    },
    self,
  );
}
