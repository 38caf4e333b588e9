import type { Properties, Provider } from "../../../provider";
import { cloudProvider } from "../cloud-provider";
import { textAt } from "../kubernetes/objects";
import type { ClusterBackend } from "./backends";
import { googleError, type Behaviour } from "./behaviour";
import { bucket } from "./buckets";
import { certificate, certificateMap, certificateMapEntry, dnsAuthorization } from "./certificates";
import { cluster } from "./clusters";
import { managedZone, managedZoneType, recordSet, recordSetType, zoneMember } from "./dns";
import { googleDiffs } from "./force-new";
import { answer } from "./functions";
import { account, bucketMember, projectMember, service } from "./identity";
import { address, globalAddress, network, router, routerNat, sslPolicy, subnetwork } from "./networks";
import { nodePool, nodePoolType } from "./node-pools";
import type { Defaults } from "./places";
import type { ProjectStore } from "./project";

function behavioursOn(clusters: ClusterBackend): Readonly<Record<string, Behaviour>> {
  return {
    "gcp:compute/network:Network": network,
    "gcp:compute/subnetwork:Subnetwork": subnetwork,
    "gcp:compute/router:Router": router,
    "gcp:compute/routerNat:RouterNat": routerNat,
    "gcp:compute/globalAddress:GlobalAddress": globalAddress,
    "gcp:compute/address:Address": address,
    "gcp:compute/sSLPolicy:SSLPolicy": sslPolicy,
    "gcp:container/cluster:Cluster": cluster(clusters),
    [nodePoolType]: nodePool(clusters),
    "gcp:serviceaccount/account:Account": account,
    "gcp:projects/iAMMember:IAMMember": projectMember,
    "gcp:projects/service:Service": service,
    "gcp:storage/bucket:Bucket": bucket,
    "gcp:storage/bucketIAMMember:BucketIAMMember": bucketMember,
    [managedZoneType]: managedZone,
    [recordSetType]: recordSet,
    "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember": zoneMember,
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": dnsAuthorization,
    "gcp:certificatemanager/certificate:Certificate": certificate,
    "gcp:certificatemanager/certificateMap:CertificateMap": certificateMap,
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": certificateMapEntry,
  };
}

export interface GcpOptions {
  readonly store: ProjectStore;
  readonly clusters: ClusterBackend;
  readonly version: string;
}

/** A Google Cloud project that is not there. */
export function gcpProvider({ store, clusters, version }: GcpOptions): Provider {
  return cloudProvider({
    name: "gcp",
    version,
    store,
    behaviours: behavioursOn(clusters),
    diffs: googleDiffs,
    place: placeOf,
    notFound: (id) => googleError(404, `The resource '${id}' was not found`, "notFound"),
    abandons,
    answer,
  });
}

function placeOf(config: Properties): Defaults {
  const [project, region, zone] = ["project", "region", "zone"].map((key) => textAt(config, key));
  return { ...(project && { project }), ...(region && { region }), ...(zone && { zone }) };
}

function abandons(id: string, state: Properties): boolean {
  const policy = textAt(state, "deletionPolicy");
  if (policy === "PREVENT") {
    throw new Error(
      `cannot destroy "${id}" without setting deletion_policy="DELETE" and running \`terraform apply\``,
    );
  }
  return policy === "ABANDON";
}
