import type { ClusterArgs } from "@pulumi/gcp/container";
import type { Input } from "@pulumi/pulumi";
import type { ControlPlaneAccess, GkeClusterArgs, Maintenance } from "./cluster-args";

export interface ClusterSurroundings {
  readonly network: Input<string>;
  readonly subnetwork: Input<string>;
  readonly podRange: string;
  readonly serviceRange: string;
  /** Of the nodes. */
  readonly serviceAccount: Input<string>;
}

/**
 * What Google is told of the cluster. The names are those of its API
 * (https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters).
 */
export function clusterProperties(args: GkeClusterArgs, surroundings: ClusterSurroundings): ClusterArgs {
  const { network, subnetwork, podRange, serviceRange, serviceAccount } = surroundings;
  return {
    project: args.project,
    location: args.region,
    ...(args.zones !== undefined && { nodeLocations: [...args.zones] }),
    network,
    subnetwork,
    ipAllocationPolicy: {
      clusterSecondaryRangeName: podRange,
      servicesSecondaryRangeName: serviceRange,
      stackType: "IPV4",
    },
    defaultMaxPodsPerNode: args.maxPodsPerNode ?? defaultMaxPodsPerNode,
    deletionProtection: args.deletionProtection,
    resourceLabels: { ...args.labels },
    // Google makes no cluster without nodes; these go as soon as it is there, and ours come.
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    // Where a policy keeps Compute Engine's own account from being used, even they need another.
    nodeConfig: {
      serviceAccount,
      shieldedInstanceConfig: { enableSecureBoot: true },
      // By default 100 GB of SSD in each zone, which is more than a new project's quota has
      // (https://github.com/terraform-google-modules/terraform-google-kubernetes-engine/issues/1795).
      diskType: "pd-standard",
      diskSizeGb: 20,
      ...(args.kmsKeyName !== undefined && { bootDiskKmsKey: args.kmsKeyName }),
    },
    ...access(args.controlPlaneAccess ?? { kind: "dns" }),
    ...identity(args),
    ...upgrades(args),
    ...networking,
    gatewayApiConfig: { channel: args.gatewayScope === "none" ? "CHANNEL_DISABLED" : "CHANNEL_STANDARD" },
    ...observability,
    ...security(args),
    addonsConfig: {
      gcePersistentDiskCsiDriverConfig: { enabled: true },
      gcsFuseCsiDriverConfig: { enabled: true },
      gcpFilestoreCsiDriverConfig: { enabled: args.filestore !== undefined },
      httpLoadBalancing: { disabled: false },
      horizontalPodAutoscaling: { disabled: false },
    },
    // Gives GPU nodes back soon.
    clusterAutoscaling: { autoscalingProfile: "OPTIMIZE_UTILIZATION" },
    verticalPodAutoscaling: { enabled: true },
    podAutoscaling: { hpaProfile: "PERFORMANCE" },
    nodePoolDefaults: {
      nodeConfigDefaults: {
        gcfsConfig: { enabled: true },
        insecureKubeletReadonlyPortEnabled: "FALSE",
      },
    },
    ...args.overrides,
  };
}

/** GPU nodes run a few big pods; a smaller number leaves more of the pods' range to further nodes. */
export const defaultMaxPodsPerNode = 64;

function access(kind: ControlPlaneAccess): Partial<ClusterArgs> {
  if (kind.kind === "dns") {
    return {
      // What Google makes of it by itself where no address answers.
      privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: true },
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: true },
        ipEndpointsConfig: { enabled: false },
      },
    };
  }
  return {
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: false,
      masterGlobalAccessConfig: { enabled: true },
    },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: false },
      ipEndpointsConfig: { enabled: true },
    },
    masterAuthorizedNetworksConfig: {
      cidrBlocks: kind.authorizedCidrs.map(({ cidr, name }) => ({ cidrBlock: cidr, displayName: name })),
      gcpPublicCidrsAccessEnabled: false,
    },
  };
}

function identity({ project }: GkeClusterArgs): Partial<ClusterArgs> {
  return {
    workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    // Without a login, only the health checks answer.
    anonymousAuthenticationConfig: { mode: "LIMITED" },
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
  };
}

function upgrades({ releaseChannel, maintenance }: GkeClusterArgs): Partial<ClusterArgs> {
  return {
    releaseChannel: { channel: releaseChannel ?? "REGULAR" },
    ...(maintenance !== undefined && { maintenancePolicy: maintenancePolicy(maintenance) }),
  };
}

function maintenancePolicy({ start, end, recurrence, exclusions = [] }: Maintenance) {
  return {
    recurringWindow: { startTime: start, endTime: end, recurrence },
    ...(exclusions.length > 0 && {
      maintenanceExclusions: exclusions.map(({ name, start: from, end: to, scope }) => ({
        exclusionName: name,
        startTime: from,
        endTime: to,
        exclusionOptions: { scope: scope ?? "NO_MINOR_OR_NODE_UPGRADES" },
      })),
    }),
  };
}

const networking: Partial<ClusterArgs> = {
  // Dataplane V2. It enforces NetworkPolicies by itself; `networkPolicy` must not be set beside it.
  datapathProvider: "ADVANCED_DATAPATH",
  dnsConfig: { clusterDns: "CLOUD_DNS", clusterDnsScope: "CLUSTER_SCOPE" },
};

const observability: Partial<ClusterArgs> = {
  loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
  monitoringConfig: {
    // DCGM: the GPUs. JOBSET, from GKE 1.32.1: trainings on several nodes.
    enableComponents: [
      "SYSTEM_COMPONENTS",
      "DCGM",
      "JOBSET",
      "POD",
      "DEPLOYMENT",
      "HPA",
      "STORAGE",
      "CADVISOR",
      "KUBELET",
    ],
    managedPrometheus: { enabled: true },
    advancedDatapathObservabilityConfig: { enableMetrics: true, enableRelay: false },
  },
  costManagementConfig: { enabled: true },
};

function security({ kmsKeyName, binaryAuthorization, secretManager }: GkeClusterArgs): Partial<ClusterArgs> {
  return {
    enableShieldedNodes: true,
    // Google has shut its scanning of images down
    // (https://cloud.google.com/kubernetes-engine/docs/deprecations/vulnerability-scanning-gkee).
    securityPostureConfig: { mode: "BASIC", vulnerabilityMode: "VULNERABILITY_DISABLED" },
    binaryAuthorization: {
      evaluationMode: binaryAuthorization === true ? "PROJECT_SINGLETON_POLICY_ENFORCE" : "DISABLED",
    },
    secretManagerConfig: { enabled: secretManager ?? true },
    ...(kmsKeyName !== undefined && { databaseEncryption: { state: "ENCRYPTED", keyName: kmsKeyName } }),
  };
}
