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
  oscar: {
    name: "oscar",
    version: "4.1.2",
    repository: "https://grycap.github.io/helm-charts",
  },
  minio: {
    name: "minio",
    version: "5.4.0",
    repository: "https://charts.min.io",
  },
  nfsServerProvisioner: {
    name: "nfs-server-provisioner",
    version: "1.8.0",
    repository: "https://kubernetes-sigs.github.io/nfs-ganesha-server-and-external-provisioner",
  },
  knativeOperator: {
    name: "knative-operator",
    version: "v1.18.3",
    repository: "https://knative.github.io/operator",
  },
  metricsServer: {
    name: "metrics-server",
    version: "3.13.1",
    repository: "https://kubernetes-sigs.github.io/metrics-server",
  },
} as const satisfies Record<string, PinnedChart>;

/** Images that this project says itself, beside those that the charts have. */
export const images = {
  kubectl: "registry.k8s.io/kubectl:v1.36.3",
  /**
   * The last ones that MinIO published: it has published none since, and Docker Hub has none of them any more
   * (https://github.com/zilliztech/milvus-helm/issues/315).
   */
  minio: "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z",
  minioClient: "quay.io/minio/mc:RELEASE.2025-08-13T08-35-41Z",
  /** By which models are copied from buckets. */
  googleCloudCli: "gcr.io/google.com/cloudsdktool/google-cloud-cli:573.0.0-stable",
  awsCli: "docker.io/amazon/aws-cli:2.37.0",
} as const;

/** Knative Serving, as its operator installs it: of the release that OSCAR's own installer takes. */
export const knativeServingVersion = "1.18.0";

/** The Gateway API's definitions, its standard channel: of the version that the controllers above are made for. */
export const gatewayApiManifest =
  "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.5.1/standard-install.yaml";
