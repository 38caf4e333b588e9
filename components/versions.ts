/** A chart of Helm's, of one version. */
export interface PinnedChart {
  readonly name: string;
  readonly version: string;
  /** Where it is published: the address of a repository, or `oci://` and the path before the chart's name. */
  readonly repository: string;
}

/*
 * Every version of what others publish and this project installs. A test keeps `latest` out.
 */

export const charts = {
  certManager: {
    name: "cert-manager",
    version: "v1.21.2",
    repository: "https://charts.jetstack.io",
  },
  traefik: {
    name: "traefik",
    version: "41.3.0",
    repository: "https://traefik.github.io/charts",
  },
  envoyGateway: {
    name: "gateway-helm",
    version: "v1.9.1",
    repository: "oci://docker.io/envoyproxy",
  },
  nginxGatewayFabric: {
    name: "nginx-gateway-fabric",
    version: "2.6.7",
    repository: "oci://ghcr.io/nginx/charts",
  },
} as const satisfies Record<string, PinnedChart>;

/** The project's own images of its commands. */
export const images = { kubectl: "registry.k8s.io/kubectl:v1.36.3" } as const;

/** The Gateway API's definitions, its standard channel: of the version that the controllers above are made for. */
export const gatewayApiManifest =
  "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.5.1/standard-install.yaml";
