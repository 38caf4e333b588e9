import type { GatewayRef } from "./gateway/platform";

/** How people reach a workload. */
export type Exposure =
  NoExposure | NodePortExposure | LoadBalancerExposure | IngressExposure | GatewayExposure;

/** From inside the cluster only, and by `kubectl port-forward`. */
export interface NoExposure {
  readonly kind: "none";
}

/** A port on every node. */
export interface NodePortExposure {
  readonly kind: "node-port";
  /** 30000 to 32767. @default the cluster picks one */
  readonly port?: number | undefined;
  /** The node with an address of its own that everyone can reach, which a host name stands for. @default none */
  readonly frontNode?: FrontNode | undefined;
}

/** A node by its name, whose addresses the cluster is asked for; or its addresses, and the cluster is not asked. */
export type FrontNode = { readonly name: string } | { readonly addresses: readonly string[] };

/** An address of its own, from the cluster's load balancer. */
export interface LoadBalancerExposure {
  readonly kind: "load-balancer";
}

/** A host name at the cluster's ingress controller. */
export interface IngressExposure {
  readonly kind: "ingress";
  readonly host: string;
  /** @default the cluster's `ingressClass` */
  readonly className?: string | undefined;
  /** @default "/" */
  readonly path?: string | undefined;
  /** HTTPS, by the certificate in a Secret; with an issuer, cert-manager puts it there. @default clear text */
  readonly tls?: { readonly secretName: string; readonly issuer?: string | undefined } | undefined;
  /** What the workload itself speaks. @default "HTTP" */
  readonly backendProtocol?: "HTTP" | "HTTPS" | undefined;
  /** How long an answer may take, in seconds; nginx gives up after 60 by itself. @default 300 */
  readonly requestTimeoutSeconds?: number | undefined;
  /** Annotations for the ingress controller; one that is given here takes the place of ours. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** False where the controller never tells an Ingress its address, as some on bare metal. @default true */
  readonly await?: boolean | undefined;
}

/** A host name at a gateway, which has the certificate too. */
export interface GatewayExposure {
  readonly kind: "gateway";
  /** Which; it serves the workload's host. */
  readonly gateway: GatewayRef;
  /** @default "/" */
  readonly path?: string | undefined;
  /**
   * How long an answer may take, in seconds: with Envoy and Google to its end, a stream's too, and Gradio's stream lasts
   * as long as what a person waits for, the queue included; with nginx, the longest silence in it; Traefik sets no bound.
   * Google gives up after 30 by itself.
   * @default 300
   */
  readonly requestTimeoutSeconds?: number | undefined;
}

/** What a Service is, by how it is reached. */
export const serviceType = {
  none: "ClusterIP",
  ingress: "ClusterIP",
  gateway: "ClusterIP",
  "node-port": "NodePort",
  "load-balancer": "LoadBalancer",
} as const satisfies Record<Exposure["kind"], string>;

/** How long a proxy may wait for an answer, in seconds: some models think for minutes. */
export const defaultRequestTimeoutSeconds = 300;

/** The name that a workload is reached under. */
export function hostOf(exposure: Exposure, host: string | undefined): string | undefined {
  return exposure.kind === "ingress" ? exposure.host : host;
}

/** Whether it is the cluster's own ingress controller: only that one can have an address that the cluster reserves. */
export function isOfCluster(
  exposure: Exposure,
  { ingressClass }: { readonly ingressClass?: string | undefined },
): boolean {
  return exposure.kind === "ingress" && (exposure.className ?? ingressClass) === ingressClass;
}
