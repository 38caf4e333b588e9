import { acmeServers } from "../../../../components/exposure/tls/tls";
import type { ClusterHandle } from "../../../../components/host/cluster-handle";
import type { OscarClusterArgs } from "../../../../components/oscar/platform/oscar-args";
import { OscarCluster } from "../../../../components/oscar/platform/oscar-cluster";
import { classGateways } from "../../../../components/exposure/gateway/controllers";
import type { Registered } from "../../../support/mocks";
import { testCluster } from "../fixtures";
import { sharedGateway } from "../exposure/support";
import { certificates } from "../gateway/support";

/** The least that can be said. */
export const smallest = () =>
  ({
    cluster: testCluster(),
    host: "oscar.example.com",
    exposure: { kind: "gateway", gateway: sharedGateway() },
    sharedStorage: { kind: "class" },
    objectStorage: {
      kind: "external",
      endpoint: "https://minio.example.net",
      accessKey: "oscar",
      secretKey: "given-key",
    },
    metricsServer: "existing",
    knative: "none",
  }) satisfies OscarClusterArgs;

/** By an authority that everyone knows. */
const trusted = {
  kind: "cert-manager",
  issuer: { kind: "acme", email: "ops@example.com", challenge: "dns-01", server: acmeServers.production },
} as const;

/** All that can be said, and all that can be made. */
export const fullest = () =>
  ({
    cluster: testCluster(),
    host: "oscar.example.com",
    exposure: { kind: "traefik", traefik: "install", tls: trusted, certificates },
    sharedStorage: { kind: "nfs", size: "50Gi" },
    objectStorage: {
      kind: "managed",
      size: "20Gi",
      layout: "four-drives",
      host: "minio.example.com",
      consoleHost: "console.example.com",
    },
    knative: "install",
    metricsServer: "install",
    oidc: {
      issuers: ["https://aai.example.org/realms/a", "https://iam.example.org"],
      groups: ["vo.a", "/vo/b"],
      subject: "owner",
      admins: ["ada", "grace"],
    },
    quotas: { buckets: 7, storage: "9Gi" },
    userVolumes: { total: "20Gi", count: 4, largest: "10Gi", smallest: "1Gi" },
    kueue: { cpu: "4", memory: "8Gi", gpus: 2, ephemeralStorage: "3Gi", flavor: "spot" },
    kserve: true,
    allowedImages: ["ghcr.io/acme/", "docker.io/library/python:3.12"],
    imagePullSecrets: { acme: { registry: "ghcr.io", username: "robot", password: "pull-key" } },
    allowedOrigins: ["https://app.example.com", "http://localhost:5173"],
    metrics: { prometheusUrl: "http://prometheus.lab:9090", lokiUrl: "http://loki.lab:3100" },
    tolerateGpuTaint: true,
    version: "4.2.0",
    retain: true,
    protect: true,
  }) satisfies OscarClusterArgs;

export const oscar = (args: OscarClusterArgs) => new OscarCluster("lab", args);

/** A cluster with other properties than those that are told where it is made. */
export const clusterThat = (more: Partial<ClusterHandle>): ClusterHandle =>
  Object.assign(testCluster(), more);

export const traefik = (address?: string) =>
  classGateways({ className: "traefik", controller: "traefik", address, ready: [] });

/** What is made by one that has a parent, as `Kind name`. */
export const children = (registered: readonly Registered[], parent: string) =>
  registered
    .filter((each) => each.parent === parent)
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
    .sort();
