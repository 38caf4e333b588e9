import { afterEach } from "vitest";
import { serve, type Properties } from "../../../../provider";
import type { ClusterBackend } from "../../../../sandbox/clouds/gcp/backends";
import { memoryProject, type ProjectStore } from "../../../../sandbox/clouds/gcp/project";
import { gcpProvider } from "../../../../sandbox/clouds/gcp/provider";
import { ProviderClient } from "../../../support/provider-client";

export const types = {
  network: "gcp:compute/network:Network",
  subnetwork: "gcp:compute/subnetwork:Subnetwork",
  router: "gcp:compute/router:Router",
  nat: "gcp:compute/routerNat:RouterNat",
  globalAddress: "gcp:compute/globalAddress:GlobalAddress",
  cluster: "gcp:container/cluster:Cluster",
  pool: "gcp:container/nodePool:NodePool",
  account: "gcp:serviceaccount/account:Account",
  member: "gcp:projects/iAMMember:IAMMember",
  bucketMember: "gcp:storage/bucketIAMMember:BucketIAMMember",
  service: "gcp:projects/service:Service",
  bucket: "gcp:storage/bucket:Bucket",
  sslPolicy: "gcp:compute/sSLPolicy:SSLPolicy",
  zone: "gcp:dns/managedZone:ManagedZone",
  record: "gcp:dns/recordSet:RecordSet",
  zoneMember: "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember",
  authorization: "gcp:certificatemanager/dnsAuthorization:DnsAuthorization",
  certificate: "gcp:certificatemanager/certificate:Certificate",
  certificateMap: "gcp:certificatemanager/certificateMap:CertificateMap",
  mapEntry: "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry",
} as const;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Notes what is asked of it. */
export class NotingClusters implements ClusterBackend {
  readonly asked: string[] = [];
  async attach({ id, stack }: Parameters<ClusterBackend["attach"]>[0]) {
    this.asked.push(`attach ${id} of ${stack}`);
  }
  async detach(id: string) {
    this.asked.push(`detach ${id}`);
  }
  async setNodes(...[pool, atLeast]: Parameters<ClusterBackend["setNodes"]>) {
    this.asked.push(`${pool.cluster}/${pool.name}: from ${atLeast} to ${pool.max}`);
  }
}

/** A client of the simulated Google Cloud, whose provider is configured with a project and a region. */
export async function google({
  store = memoryProject(),
  clusters = new NotingClusters(),
  config = { project: "p", region: "europe-west4" },
}: { store?: ProjectStore; clusters?: ClusterBackend; config?: Properties } = {}) {
  const server = await serve(() => gcpProvider({ store, clusters, version: "9.37.0" }));
  closing.push(() => server.close());
  const client = new ProviderClient(server.port);
  closing.push(() => client.close());
  await client.handshake();
  await client.configure(config);
  return client;
}

/** A network with a subnetwork and a cluster in it. */
export async function withCluster(client: ProviderClient, changes: Properties = {}) {
  const network = await client.create(types.network, { name: "net", autoCreateSubnetworks: false });
  const subnetwork = await client.create(types.subnetwork, {
    name: "nodes",
    network: network.id,
    ipCidrRange: "10.0.0.0/20",
    secondaryIpRanges: [
      { rangeName: "pods", ipCidrRange: "10.4.0.0/14" },
      { rangeName: "services", ipCidrRange: "10.8.0.0/20" },
    ],
  });
  const cluster = await client.create(types.cluster, {
    name: "ml",
    location: "europe-west4",
    network: network.id,
    subnetwork: subnetwork.id,
    initialNodeCount: 1,
    deletionProtection: false,
    ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
    controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: true } },
    ...changes,
  });
  return { network, subnetwork, cluster };
}
