import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { metadataFor } from "../kubernetes/labels";
import { webAddress } from "./addresses";
import { defaultRequestTimeoutSeconds, type Exposure, type IngressExposure } from "./exposure";

/** How big an upload may be. nginx stops at 1 MB, less than many a photo. */
const proxyBodySize = "64m";

/**
 * GKE's controllers know an Ingress by an annotation, and leave one with an `ingressClassName` alone
 * (https://cloud.google.com/kubernetes-engine/docs/concepts/ingress#controller_summary).
 */
export const gkeClasses = ["gce", "gce-internal"];

/** Why more than one pod will not do behind them. */
export const lostAtGkeIngress =
  "an Ingress of GKE's own class does not see to that; or take exposure: gateway, which does";

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
  const timeout = String(exposure.requestTimeoutSeconds ?? defaultRequestTimeoutSeconds);
  return {
    ...(exposure.tls?.issuer !== undefined && { "cert-manager.io/cluster-issuer": exposure.tls.issuer }),
    ...(exposure.backendProtocol !== undefined && {
      [`${nginx}/backend-protocol`]: exposure.backendProtocol,
    }),
    [`${nginx}/proxy-read-timeout`]: timeout,
    [`${nginx}/proxy-send-timeout`]: timeout,
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
  /** What Pulumi waits for, and which address it is to have. */
  readonly annotations: Readonly<Record<string, Input<string>>>;
}

export function ingressManifest(args: IngressManifestArgs): types.input.networking.v1.Ingress {
  const { exposure, className, workload, namespace, serviceName, sticky } = args;
  const { host, path = "/", tls } = exposure;
  const backend = { service: { name: serviceName, port: { name: "web" } } };
  return {
    metadata: {
      ...metadataFor(workload, namespace),
      annotations: { ...ingressAnnotations(exposure, className, sticky), ...args.annotations },
    },
    spec: {
      ...(gkeClasses.includes(className) ? {} : { ingressClassName: className }),
      ...(tls !== undefined && { tls: [{ hosts: [host], secretName: tls.secretName }] }),
      rules: [{ host, http: { paths: [{ path, pathType: "Prefix", backend }] } }],
    },
  };
}

/** The address of an Ingress, which is known before it exists. */
export function ingressAddress({ host, path, tls }: IngressExposure): string {
  return webAddress(tls === undefined ? "http" : "https", host, path === undefined ? {} : { path });
}
