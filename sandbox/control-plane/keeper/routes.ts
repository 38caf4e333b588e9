import type { V1Namespace, V1Service } from "@kubernetes/client-node";
import { conditions, stated, type Stated } from "./custom";
import {
  isGranted,
  type Gateway,
  type GatewayClass,
  type HttpRoute,
  type Listener,
  type ParentRef,
  type ParentStatus,
  type ReferenceGrant,
} from "./gateway-kinds";

export interface RouteScene {
  readonly classes: readonly GatewayClass[];
  readonly gateways: readonly Gateway[];
  readonly grants: readonly ReferenceGrant[];
  readonly namespaces: readonly V1Namespace[];
  readonly services: readonly V1Service[];
}

/** What the controllers of a route's gateways would say of it. Of a gateway that no controller has, nothing is said. */
export function routeParents(route: HttpRoute, scene: RouteScene, time: string): ParentStatus[] {
  return (route.spec.parentRefs ?? []).flatMap((parentRef) => {
    const gateway = gatewayOf(route, parentRef, scene);
    const { spec } =
      scene.classes.find(({ metadata }) => metadata.name === gateway?.spec.gatewayClassName) ?? {};
    if (gateway === undefined || spec === undefined) return [];
    const { controllerName } = spec;
    const before = route.status?.parents?.find(
      (each) => each.controllerName === controllerName && isSameParent(each.parentRef, parentRef),
    );
    const { accepted } = attachment(route, parentRef, gateway, scene);
    const now = [accepted, backends(route, scene)];
    const { generation } = route.metadata;
    return [{ parentRef, controllerName, conditions: conditions(now, before?.conditions, generation, time) }];
  });
}

/** How many routes a listener has. */
export function attachedRoutes(
  gateway: Gateway,
  listener: Listener,
  routes: readonly HttpRoute[],
  scene: RouteScene,
): number {
  return routes.filter((route) =>
    route.spec.parentRefs?.some(
      (parentRef) =>
        gatewayOf(route, parentRef, scene)?.metadata.uid === gateway.metadata.uid &&
        attachment(route, parentRef, gateway, scene).listeners.includes(listener),
    ),
  ).length;
}

function gatewayOf(
  { metadata }: HttpRoute,
  parentRef: ParentRef,
  { gateways }: RouteScene,
): Gateway | undefined {
  const { kind = "Gateway", namespace = metadata.namespace, name } = parentRef;
  if (kind !== "Gateway") return undefined;
  return gateways.find((each) => each.metadata.name === name && each.metadata.namespace === namespace);
}

interface Attachment {
  readonly listeners: readonly Listener[];
  readonly accepted: Stated;
}

/** The listeners that take the route: those that it means, that let its namespace in and that serve its hosts. */
function attachment(
  route: HttpRoute,
  { sectionName, port }: ParentRef,
  gateway: Gateway,
  scene: RouteScene,
): Attachment {
  const refused = (reason: string, message: string): Attachment => ({
    listeners: [],
    accepted: stated("Accepted", false, reason, message),
  });
  const meant = gateway.spec.listeners.filter(
    (listener) =>
      (sectionName === undefined || listener.name === sectionName) &&
      (port === undefined || listener.port === port),
  );
  if (meant.length === 0) return refused("NoMatchingParent", "the gateway has no such listener");
  const open = meant.filter((listener) => letsIn(listener, gateway, route.metadata.namespace, scene));
  if (open.length === 0)
    return refused("NotAllowedByListeners", "no listener allows routes of this namespace");
  const { hostnames = [] } = route.spec;
  const listeners = open.filter(
    ({ hostname = "" }) =>
      hostname === "" || hostnames.length === 0 || hostnames.some((each) => haveHostInCommon(each, hostname)),
  );
  if (listeners.length === 0)
    return refused("NoMatchingListenerHostname", "no listener serves one of the route's hosts");
  return { listeners, accepted: stated("Accepted", true, "Accepted") };
}

function letsIn(
  { allowedRoutes }: Listener,
  gateway: Gateway,
  namespace: string,
  { namespaces }: RouteScene,
): boolean {
  const { from = "Same", selector } = allowedRoutes?.namespaces ?? {};
  if (from === "All") return true;
  if (from === "Same") return gateway.metadata.namespace === namespace;
  const labels = namespaces.find(({ metadata }) => metadata?.name === namespace)?.metadata?.labels ?? {};
  return (
    from === "Selector" &&
    Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value)
  );
}

/** `*.example.com` stands for every name below `example.com`, at any depth, and not for itself. */
export function haveHostInCommon(one: string, other: string): boolean {
  if (one === other) return true;
  const covers = (wildcard: string, host: string) =>
    wildcard.startsWith("*.") && host.endsWith(wildcard.slice(1));
  return covers(one, other) || covers(other, one);
}

function backends({ metadata, spec }: HttpRoute, { services, grants }: RouteScene): Stated {
  const refused = (reason: string, message: string) => stated("ResolvedRefs", false, reason, message);
  for (const { kind = "Service", namespace = metadata.namespace, name } of (spec.rules ?? []).flatMap(
    ({ backendRefs = [] }) => backendRefs,
  )) {
    if (kind !== "Service") return refused("InvalidKind", `${kind} ${name}: allowed: Service`);
    const of = { kind, namespace, name } as const;
    if (!isGranted({ kind: "HTTPRoute", namespace: metadata.namespace }, of, grants))
      return refused(
        "RefNotPermitted",
        `no ReferenceGrant lets the route lead to Service ${namespace}/${name}`,
      );
    if (!services.some((each) => each.metadata?.name === name && each.metadata.namespace === namespace))
      return refused("BackendNotFound", `Service ${namespace}/${name} not found`);
  }
  return stated("ResolvedRefs", true, "ResolvedRefs");
}

function isSameParent(a: ParentRef, b: ParentRef): boolean {
  return (
    a.name === b.name && a.namespace === b.namespace && a.sectionName === b.sectionName && a.port === b.port
  );
}
