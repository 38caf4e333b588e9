import type { Condition, Custom } from "./custom";
import type { KubernetesObject } from "./mirror";

const group = "/apis/gateway.networking.k8s.io/v1";
export const gatewayClassesPath = `${group}/gatewayclasses`;
export const gatewaysPath = `${group}/gateways`;
export const httpRoutesPath = `${group}/httproutes`;
export const grantsPath = "/apis/gateway.networking.k8s.io/v1beta1/referencegrants";

export interface GatewayClass extends KubernetesObject {
  readonly metadata: KubernetesObject["metadata"] & { readonly name: string };
  readonly spec: { readonly controllerName: string };
}

/** What points to another object; what is left out is filled in by the API server, but for the namespace. */
export interface Reference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostname?: string;
  readonly tls?: { readonly mode?: string; readonly certificateRefs?: readonly Reference[] };
  readonly allowedRoutes?: {
    readonly namespaces?: {
      readonly from?: string;
      readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    };
  };
}

export interface Address {
  readonly type?: string;
  readonly value?: string;
}

export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds: readonly { readonly group: string; readonly kind: string }[];
  readonly attachedRoutes: number;
  readonly conditions: readonly Condition[];
}

export type Gateway = Custom<
  {
    readonly gatewayClassName: string;
    readonly listeners: readonly Listener[];
    readonly addresses?: readonly Address[];
  },
  {
    readonly addresses?: readonly Address[];
    readonly conditions?: readonly Condition[];
    readonly listeners?: readonly ListenerStatus[];
  }
>;

export interface ParentRef extends Reference {
  readonly sectionName?: string;
  readonly port?: number;
}

export interface ParentStatus {
  readonly parentRef: ParentRef;
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}

export type HttpRoute = Custom<
  {
    readonly parentRefs?: readonly ParentRef[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly { readonly backendRefs?: readonly Reference[] }[];
  },
  { readonly parents?: readonly ParentStatus[] }
>;

/** Lets objects of other namespaces point to objects of its own. */
export interface ReferenceGrant extends KubernetesObject {
  readonly metadata: KubernetesObject["metadata"] & { readonly namespace: string };
  readonly spec: {
    readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
    readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
  };
}

/** Whether an object may point to one of another namespace. */
export function isGranted(
  from: { readonly kind: "Gateway" | "HTTPRoute"; readonly namespace: string },
  to: { readonly kind: "Secret" | "Service"; readonly namespace: string; readonly name: string },
  grants: readonly ReferenceGrant[],
): boolean {
  if (from.namespace === to.namespace) return true;
  return grants.some(
    ({ metadata, spec }) =>
      metadata.namespace === to.namespace &&
      spec.from.some(({ kind, namespace }) => kind === from.kind && namespace === from.namespace) &&
      spec.to.some(({ kind, name = to.name }) => kind === to.kind && name === to.name),
  );
}
