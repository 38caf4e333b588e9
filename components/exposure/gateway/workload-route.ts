import type { Provider } from "@pulumi/kubernetes";
import { ResourceError, type Input, type Resource } from "@pulumi/pulumi";
import { customResource } from "../../kubernetes/custom-resource";
import { labelsFor } from "../../kubernetes/labels";
import { webAddress } from "../addresses";
import { workloadRouteSpec, type HttpRoute, type RouteSplit } from "./gateway-objects";
import { hostLabel } from "./host-names";
import type { GatewayRef, ServicePolicyArgs } from "./platform";
import { takeRoute } from "./routes-taken";

export interface RouteToArgs {
  readonly gateway: GatewayRef;
  readonly host: string;
  /** Requests from this path on. */
  readonly path: string;
  /** The workload's name, for labels. */
  readonly workload: string;
  /** The Service's, and the route's too. */
  readonly namespace: Input<string>;
  readonly service: { readonly name: Input<string>; readonly port: number };
  /** Where some of the requests go instead. @default all go to the Service */
  readonly split?: RouteSplit | undefined;
  /** How long an answer may take, in seconds: `ServicePolicyArgs` says what each controller makes of it. */
  readonly requestTimeoutSeconds: number;
  /** Whether a person's requests must all reach the same pod. */
  readonly sticky: boolean;
  readonly health: ServicePolicyArgs["health"];
  readonly parent: Resource;
  readonly provider: Provider;
  /** What must be there first: the Service. */
  readonly dependsOn: readonly Resource[];
}

/**
 * Leads a host's requests through a gateway to a Service.
 *
 * @throws where the gateway does not serve the host, or another workload has the host and path
 */
export function routeTo(name: string, args: RouteToArgs): { readonly route: Resource; readonly url: string } {
  const { gateway, host, path, workload, namespace, service, split, parent, provider } = args;
  const { platform, gatewayName } = gateway;
  const { sectionName, scheme } = gateway.listenerFor(host);
  const faults = takeRoute({ provider }, { host, path, workload });
  if (faults.length > 0) throw new ResourceError([`${name}:`, ...faults].join("\n  "), parent, true);
  // The Gateway API's durations have no fractions, and neither have Google's.
  const requestTimeoutSeconds = Math.ceil(args.requestTimeoutSeconds);
  const dependsOn = [...gateway.ready, ...args.dependsOn];
  const route = customResource<HttpRoute>(
    // Another host's is there before this one goes.
    `${name}-${hostLabel(host)}`,
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { namespace, labels: labelsFor(workload) },
      spec: workloadRouteSpec({
        parent: {
          name: gatewayName,
          namespace: gateway.namespace,
          ...(sectionName !== undefined && { sectionName }),
        },
        host,
        path,
        service,
        split,
        ...(platform.routeTimeouts !== "refused" && { requestTimeoutSeconds }),
      }),
    },
    { parent, provider, dependsOn },
  );
  platform.servicePolicies(name, {
    parent,
    provider,
    workload,
    namespace,
    serviceName: service.name,
    ...(split !== undefined && { splitServiceName: split.serviceName }),
    routeName: route.metadata.name,
    requestTimeoutSeconds,
    sticky: args.sticky,
    health: args.health,
    dependsOn,
  });
  return { route, url: webAddress(scheme, host, { path }) };
}
