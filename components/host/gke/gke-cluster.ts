import { Cluster } from "@pulumi/gcp/container";
import { getProjectOutput } from "@pulumi/gcp/organizations";
import { Provider } from "@pulumi/kubernetes";
import {
  all,
  ComponentResource,
  output,
  secret,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { googleGateways } from "../../exposure/gateway/google";
import type { GatewayPlatform } from "../../exposure/gateway/platform";
import { refuseFaults } from "../../refuse";
import { SharedStorageClass } from "../../storage/shared-storage-class";
import type { AddressReservation, ClusterHandle, GpuScheduling, ReservationArgs } from "../cluster-handle";
import { reserveGkeAddress, type AddressPlace } from "./addresses";
import { bucketVolumes } from "./bucket-volumes";
import type { ControlPlaneAccess, GkeClusterArgs } from "./cluster-args";
import { clusterProperties } from "./cluster-properties";
import { GpuComputeClass } from "./compute-class/gpu-compute-class";
import { gkeGpuScheduling, type OfferedGpus } from "./gpu-scheduling";
import { workloadPrincipal } from "./identity";
import { grantKey } from "./key-grants";
import { gkeKubeconfig } from "./kubeconfig";
import { GkeNetwork } from "./network/gke-network";
import { NodeAccount } from "./node-account";
import { GkeNodePool } from "./pools/node-pool";
import { systemPool } from "./pools/pool-args";
import { enableServices } from "./services";
import { validateGkeCluster } from "./validate-cluster";

/** Google takes ten minutes for a cluster as a rule, and now and then much longer. */
const timeouts = { create: "45m", update: "60m", delete: "45m" };

/**
 * A cluster on Google Kubernetes Engine with pools of GPU nodes, in a network of its own: regional, its nodes without
 * public addresses, upgraded by Google, its pods with identities that Google's IAM knows and no keys.
 *
 * ```ts
 * const cluster = new GkeCluster("mnist", {
 *   project: "my-project", region: "europe-west4", deletionProtection: false,
 *   gpuPools: [{ name: "l4", machineType: "g2-standard-8", gpu: { type: "nvidia-l4" }, capacity: { kind: "spot" }, max: 2 }],
 * });
 * ```
 *
 * Costs at rest GKE's fee for the cluster, the system pool's nodes, and Cloud NAT; GPU nodes only while pods ask for
 * them (README.md has the prices). It has no Autopilot, no Windows nodes, no TPUs; what else Google knows of clusters
 * and pools goes through `overrides`.
 */
export class GkeCluster extends ComponentResource implements ClusterHandle {
  readonly provider: Provider;
  readonly nodes = "many";
  readonly storage: ClusterHandle["storage"];
  /** GKE's own, with an external load balancer. */
  readonly ingressClass = "gce";
  readonly gateways?: GatewayPlatform;
  readonly cloud = "google";
  /** By the admission controller ExtendedResourceToleration (https://cloud.google.com/kubernetes-engine/docs/how-to/gpus). */
  readonly toleratesGpuTaint = true;
  readonly cloudReady: readonly Resource[];
  readonly chartsFolder?: string;
  readonly access: { readonly clusterName: Output<string>; readonly kubeconfig: Output<string> };
  private readonly offered: OfferedGpus;
  private readonly project: { readonly id: string; readonly number: Output<string> };
  private readonly place: AddressPlace;

  constructor(name: string, args: GkeClusterArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:host:GkeCluster", name, {}, opts);
    refuseFaults(this, `GkeCluster ${name}`, validateGkeCluster(name, args));
    const { project, region, zones, labels = {}, gpuPools = [], cpuPools = [], computeClasses = [] } = args;
    const services =
      args.enableServices === true ? enableServices(name, neededBy(args), { parent: this }) : [];
    const self = { parent: this, dependsOn: services };

    const network = new GkeNetwork(name, { region, ...(args.network ?? { kind: "new" }) }, self);
    const account =
      args.nodeServiceAccount === undefined
        ? new NodeAccount(name, { project }, self)
        : { email: output(args.nodeServiceAccount), ready: [] };
    // Asked for when the services are on that answer it.
    const { number } = getProjectOutput({ projectId: project }, self);
    const key = args.kmsKeyName;
    const keyGrants = key === undefined ? [] : grantKey(name, { key, projectNumber: number }, self);
    const cluster = new Cluster(
      name,
      clusterProperties(args, {
        network: network.networkId,
        subnetwork: network.subnetworkId,
        podRange: network.podRange,
        serviceRange: network.serviceRange,
        serviceAccount: account.email,
      }),
      {
        parent: this,
        dependsOn: [...services, ...keyGrants],
        // Named by Pulumi, so that a cluster in this one's place is another one to all that is in it (clusterIdentifier).
        protect: args.deletionProtection,
        // Of the first pool, which is gone; pools are resources of their own.
        ignoreChanges: ["nodeConfig", "nodePools", "initialNodeCount"],
        customTimeouts: timeouts,
      },
    );

    const context = {
      cluster: cluster.id,
      location: region,
      zones,
      serviceAccount: account.email,
      imageStreaming: true,
      kmsKey: key,
      resourceLabels: labels,
    };
    const system = new GkeNodePool(
      `${name}-system`,
      { pool: systemPool(args.systemPool), context },
      { parent: this, dependsOn: [...network.ready, ...account.ready] },
    );
    // GKE leaves out the taint of GPU nodes where there are no others yet; and someone must run DNS.
    const after = { parent: this, dependsOn: [system.pool] };
    const pools = [
      system,
      ...[...cpuPools, ...gpuPools].map(
        (pool) => new GkeNodePool(`${name}-${pool.name}`, { pool, context }, after),
      ),
    ];

    this.access = {
      clusterName: cluster.name,
      kubeconfig: secret(kubeconfigOf(cluster, args.controlPlaneAccess ?? { kind: "dns" })),
    };
    this.provider = new Provider(
      name,
      {
        kubeconfig: args.kubeconfig ?? this.access.kubeconfig,
        ...(args.context !== undefined && { context: args.context }),
        // While it stays, no new certificate or version replaces anything in the cluster.
        clusterIdentifier: cluster.id,
      },
      // What is in the cluster goes while there are nodes: finalizers need them.
      { parent: this, dependsOn: pools.map(({ pool }) => pool) },
    );
    this.project = { id: project, number };
    this.cloudReady = services;
    const google = this.getProvider("gcp:storage/bucket:Bucket");
    this.place = { project, region, after: services, provider: google };
    const { gatewayScope: scope = "global" } = args;
    if (scope !== "none") this.gateways = googleGateways({ ...this.place, scope, ready: [cluster] });
    if (args.chartsFolder !== undefined) this.chartsFolder = args.chartsFolder;
    this.offered = { pools: gpuPools, classes: computeClasses };
    for (const each of computeClasses) {
      new GpuComputeClass(
        `${name}-${each.name}`,
        {
          ...each,
          cluster: this,
          crdsFrom: [cluster, ...account.ready],
          serviceAccount: account.email,
          kmsKeyName: key,
        },
        { parent: this },
      );
    }
    this.storage = {
      // GKE's own class of balanced Persistent Disks.
      readWriteOnce: { name: "standard-rwo", binding: "WaitForFirstConsumer" },
      ...(args.filestore !== undefined && {
        readWriteMany: new SharedStorageClass(
          `${name}-shared`,
          { cluster: this, tier: args.filestore.tier, network: network.networkName },
          { parent: this },
        ).ref,
      }),
      buckets: bucketVolumes({
        provider: google,
        after: services,
        region,
        labels,
        undeleteDays: args.undeleteDays ?? 7,
        principal: (namespace, serviceAccount) => this.workloadPrincipal(namespace, serviceAccount),
      }),
    };
    this.registerOutputs(this.access);
  }

  reserveAddress(name: string, args: ReservationArgs): AddressReservation {
    return reserveGkeAddress(name, args, this.place);
  }

  gpu(type?: string): GpuScheduling {
    return gkeGpuScheduling(this.offered, type);
  }

  /** What Google's IAM calls the pods of a service account: no Google account and no key is between them. */
  workloadPrincipal(namespace: Input<string>, serviceAccount: Input<string>): Output<string> {
    const { id, number } = this.project;
    return all([number, output(namespace), output(serviceAccount)]).apply(
      ([projectNumber, inNamespace, account]) =>
        workloadPrincipal({ projectId: id, projectNumber, namespace: inNamespace, serviceAccount: account }),
    );
  }
}

function neededBy({ project, filestore, secretManager = true, binaryAuthorization = false }: GkeClusterArgs) {
  return { project, filestore: filestore !== undefined, secretManager, binaryAuthorization };
}

/** By the name that Google's IAM guards, whose certificate everyone trusts; or by the address, with the cluster's own. */
function kubeconfigOf(cluster: Cluster, { kind }: ControlPlaneAccess): Output<string> {
  if (kind === "dns") {
    const server = cluster.controlPlaneEndpointsConfig.apply(
      ({ dnsEndpointConfig }) => dnsEndpointConfig?.endpoint ?? "",
    );
    return all([cluster.name, server]).apply(([name, host]) => gkeKubeconfig({ name, server: host }));
  }
  return all([cluster.name, cluster.endpoint, cluster.masterAuth]).apply(
    ([name, server, { clusterCaCertificate }]) =>
      gkeKubeconfig({ name, server, caData: clusterCaCertificate }),
  );
}
