import { z } from "zod";
import { customResource } from "../../kubernetes/custom-resource";
import { labelsFor } from "../../kubernetes/labels";
import type { ServicePolicyArgs } from "./platform";
import type { Policy, PolicyKind } from "./policy-kind";

const routeRef = z
  .object({
    group: z.enum(["gateway.networking.k8s.io"]),
    kind: z.enum(["HTTPRoute"]),
    name: z.string().min(1).max(253).describe("The route's name, in the policy's namespace."),
  })
  .describe("The route that it holds for.");

/** https://gateway.envoyproxy.io/docs/api/extension_types/#backendtrafficpolicy, as of 1.9.1 */
export const backendTrafficSpec = z.object({
  targetRefs: z.array(routeRef),
  loadBalancer: z.object({
    type: z.enum(["ConsistentHash"]),
    consistentHash: z.object({
      type: z.enum(["Cookie"]),
      cookie: z.object({
        name: z.string(),
        ttl: z.string().describe("How long it lasts: `24h`. Envoy makes the cookie only where this is said."),
      }),
    }),
  }),
});

/**
 * https://docs.nginx.com/nginx-gateway-fabric/reference/api/#gateway.nginx.org/v1alpha1.ProxySettingsPolicy, as of 2.6.7;
 * its timeouts came with 2.6.0.
 */
export const proxySettingsSpec = z.object({
  targetRefs: z.array(routeRef),
  timeout: z.object({ read: z.string().describe("At most four digits, and a unit.") }),
});

/** https://docs.nginx.com/nginx-gateway-fabric/reference/api/#gateway.nginx.org/v1alpha1.ClientSettingsPolicy, as of 2.6.7 */
export const clientSettingsSpec = z.object({
  targetRef: routeRef,
  body: z.object({ maxSize: z.string().describe("How big an upload may be: `64m`.") }),
});

const ofEnvoy = { group: "gateway.envoyproxy.io", version: "v1alpha1" } as const;
const ofNginx = { group: "gateway.nginx.org", version: "v1alpha1" } as const;

/** The kinds, as whoever installs them needs them. */
export const controllerPolicyKinds: readonly PolicyKind[] = [
  { ...ofEnvoy, kind: "BackendTrafficPolicy", plural: "backendtrafficpolicies", spec: backendTrafficSpec },
  { ...ofNginx, kind: "ProxySettingsPolicy", plural: "proxysettingspolicies", spec: proxySettingsSpec },
  { ...ofNginx, kind: "ClientSettingsPolicy", plural: "clientsettingspolicies", spec: clientSettingsSpec },
];

type EnvoyPolicy<Kind extends string, Spec> = Policy<"gateway.envoyproxy.io/v1alpha1", Kind, Spec>;
type NginxPolicy<Kind extends string, Spec> = Policy<"gateway.nginx.org/v1alpha1", Kind, Spec>;
type BackendTrafficPolicy = EnvoyPolicy<"BackendTrafficPolicy", z.infer<typeof backendTrafficSpec>>;
type ProxySettingsPolicy = NginxPolicy<"ProxySettingsPolicy", z.infer<typeof proxySettingsSpec>>;
type ClientSettingsPolicy = NginxPolicy<"ClientSettingsPolicy", z.infer<typeof clientSettingsSpec>>;

/** Envoy goes to the pod that a cookie's hash falls on. Where pods come or go, a few people change theirs. */
export function keepSessions(name: string, args: ServicePolicyArgs): void {
  if (!args.sticky) return;
  customResource<BackendTrafficPolicy>(
    name,
    {
      apiVersion: "gateway.envoyproxy.io/v1alpha1",
      kind: "BackendTrafficPolicy",
      metadata: metadataOf(args),
      spec: {
        targetRefs: [routeOf(args)],
        loadBalancer: {
          type: "ConsistentHash",
          consistentHash: { type: "Cookie", cookie: { name: "inference-ui", ttl: "24h" } },
        },
      },
    },
    optionsOf(args),
  );
}

/** nginx by itself gives up after 60 s without a byte, and takes uploads of 1 MB, less than many a photo. */
export function relaxNginx(name: string, args: ServicePolicyArgs): void {
  const { requestTimeoutSeconds } = args;
  const read =
    requestTimeoutSeconds > 9999 ? `${Math.ceil(requestTimeoutSeconds / 60)}m` : `${requestTimeoutSeconds}s`;
  customResource<ProxySettingsPolicy>(
    name,
    {
      apiVersion: "gateway.nginx.org/v1alpha1",
      kind: "ProxySettingsPolicy",
      metadata: metadataOf(args),
      spec: { targetRefs: [routeOf(args)], timeout: { read } },
    },
    optionsOf(args),
  );
  customResource<ClientSettingsPolicy>(
    name,
    {
      apiVersion: "gateway.nginx.org/v1alpha1",
      kind: "ClientSettingsPolicy",
      metadata: metadataOf(args),
      spec: { targetRef: routeOf(args), body: { maxSize: "64m" } },
    },
    optionsOf(args),
  );
}

const metadataOf = ({ namespace, workload }: ServicePolicyArgs) => ({
  namespace,
  labels: labelsFor(workload),
});

const routeOf = ({ routeName }: ServicePolicyArgs) =>
  ({ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: routeName }) as const;

const optionsOf = ({ parent, provider, dependsOn }: ServicePolicyArgs) => ({
  parent,
  provider,
  dependsOn: [...dependsOn],
});
