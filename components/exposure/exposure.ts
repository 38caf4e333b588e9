import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { metadataFor } from "../kubernetes/labels";

/** How people reach a workload. */
export type Exposure = NoExposure | NodePortExposure | LoadBalancerExposure | IngressExposure;

/** From inside the cluster only, and by `kubectl port-forward`. */
export interface NoExposure {
  readonly kind: "none";
}

/** A port on every node. */
export interface NodePortExposure {
  readonly kind: "node-port";
  /** 30000 to 32767. @default the cluster picks one */
  readonly port?: number | undefined;
}

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
  /** Annotations for the ingress controller; one that is given here takes the place of ours. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** False where the controller never tells an Ingress its address, as some on bare metal. @default true */
  readonly await?: boolean | undefined;
}

export const serviceType = {
  none: "ClusterIP",
  ingress: "ClusterIP",
  "node-port": "NodePort",
  "load-balancer": "LoadBalancer",
} as const satisfies Record<Exposure["kind"], string>;

/** How long a proxy may wait for an answer: some models think for minutes. nginx gives up after 60 s by itself. */
const proxyTimeoutSeconds = 300;
/** How big an upload may be. nginx stops at 1 MB, less than many a photo. */
const proxyBodySize = "64m";

/**
 * GKE's controllers know an Ingress by an annotation, and leave one with an `ingressClassName` alone
 * (https://cloud.google.com/kubernetes-engine/docs/concepts/ingress#controller_summary).
 */
const gkeClasses = ["gce", "gce-internal"];

/**
 * What the Service tells the controller that leads to it: Traefik goes to the pods by itself, and reads it here.
 * (https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/)
 */
export function ingressServiceAnnotations(exposure: Exposure, sticky: boolean): Record<string, string> {
  if (exposure.kind !== "ingress") return {};
  const traefik = "traefik.ingress.kubernetes.io/service";
  return {
    ...(sticky && { [`${traefik}.sticky.cookie`]: "true" }),
    ...(exposure.backendProtocol === "HTTPS" && { [`${traefik}.serversscheme`]: "https" }),
  };
}

/** The Ingress's annotations: for cert-manager, and for nginx; a controller that is another one does not read them. */
export function ingressAnnotations(
  exposure: IngressExposure,
  className: string,
  sticky: boolean,
): Record<string, string> {
  const nginx = "nginx.ingress.kubernetes.io";
  return {
    ...(exposure.tls?.issuer !== undefined && { "cert-manager.io/cluster-issuer": exposure.tls.issuer }),
    ...(exposure.backendProtocol !== undefined && {
      [`${nginx}/backend-protocol`]: exposure.backendProtocol,
    }),
    [`${nginx}/proxy-read-timeout`]: String(proxyTimeoutSeconds),
    [`${nginx}/proxy-send-timeout`]: String(proxyTimeoutSeconds),
    [`${nginx}/proxy-body-size`]: proxyBodySize,
    ...(sticky && { [`${nginx}/affinity`]: "cookie", [`${nginx}/session-cookie-name`]: "inference-ui" }),
    ...(gkeClasses.includes(className) && { "kubernetes.io/ingress.class": className }),
    ...exposure.annotations,
  };
}

export interface IngressManifestArgs {
  readonly exposure: IngressExposure;
  readonly className: string;
  /** Whether a person's requests must all reach the same pod. */
  readonly sticky: boolean;
  readonly workload: string;
  readonly namespace: Input<string>;
  readonly serviceName: Input<string>;
  /** What Pulumi waits for. */
  readonly annotations: Readonly<Record<string, string>>;
}

export function ingressManifest(args: IngressManifestArgs): types.input.networking.v1.Ingress {
  const { exposure, className, workload, namespace, serviceName, sticky } = args;
  const { host, path = "/", tls } = exposure;
  const backend = { service: { name: serviceName, port: { name: "web" } } };
  return {
    metadata: metadataFor(workload, namespace, {
      ...ingressAnnotations(exposure, className, sticky),
      ...args.annotations,
    }),
    spec: {
      ...(gkeClasses.includes(className) ? {} : { ingressClassName: className }),
      ...(tls !== undefined && { tls: [{ hosts: [host], secretName: tls.secretName }] }),
      rules: [{ host, http: { paths: [{ path, pathType: "Prefix", backend }] } }],
    },
  };
}

/** The address of an Ingress, which is known before it exists. */
export function ingressAddress({ host, path = "/", tls }: IngressExposure): string {
  return `${tls === undefined ? "http" : "https"}://${host}${path === "/" ? "" : path}`;
}

/** The address of a load balancer, from its Service's status. */
export function loadBalancerAddress(
  serviceName: string,
  port: number,
  ingress: readonly { readonly ip?: string; readonly hostname?: string }[] | undefined,
): string {
  const host = ingress?.[0]?.ip ?? ingress?.[0]?.hostname;
  // An address that is not there must not look like one, nor keep `up` from mending what is wrong.
  if (host === undefined) return `(no address yet; kubectl get service ${serviceName} shows it)`;
  return `http://${host.includes(":") ? `[${host}]` : host}${port === 80 ? "" : `:${port}`}`;
}

/** A port on every node: which node's address a person can reach, they know better. */
export function nodePortAddress(serviceName: string, port: number | undefined): string {
  if (port === undefined) return `(no port yet; kubectl get service ${serviceName} shows it)`;
  return `http://<any node>:${port}`;
}

/** Where nobody outside has an address for it: how to reach it all the same. */
export function portForward(namespace: string, serviceName: string, port: number): string {
  return `kubectl port-forward -n ${namespace} service/${serviceName} 8080:${port}`;
}
