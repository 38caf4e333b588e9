import { isList, type Properties, type Value } from "../../../provider";
import { textAt } from "../kubernetes/objects";
import type { DiffRules } from "../replacement";
import { lastPart } from "./places";
import { withinRange } from "./ranges";

const under = (parent: string, fields: string) => fields.split(" ").map((field) => `${parent}.${field}`);

/**
 * What replaces a node pool, and with it the throw-away pool of a cluster: the accelerators with all that is in them,
 * the way the machines are come by. Machine type, disk, labels, taints, tags and metadata server change in place.
 */
const nodeConfig = under(
  "nodeConfig",
  "guestAccelerators localSsdCount ephemeralStorageLocalSsdConfig localNvmeSsdBlockConfig secondaryBootDisks " +
    "metadata minCpuPlatform oauthScopes preemptible spot flexStart maxRunDuration reservationAffinity " +
    "serviceAccount shieldedInstanceConfig sandboxConfig bootDiskKmsKey nodeGroup advancedMachineFeatures " +
    "soleTenantConfig hostMaintenancePolicy confidentialNodes.confidentialInstanceType " +
    "enableConfidentialStorage localSsdEncryptionMode",
);

const address =
  "name address addressType description ipVersion network networkTier prefixLength purpose subnetwork region project";

/**
 * The inputs that cannot be changed in place: the fields with `ForceNew` in terraform-provider-google, of the types
 * that the program uses.
 */
const replaced: DiffRules["replaced"] = {
  "gcp:compute/network:Network": [
    ..."name autoCreateSubnetworks description internalIpv6Range networkProfile params project".split(" "),
  ],
  "gcp:compute/subnetwork:Subnetwork": [
    ..."name network description region project externalIpv6Prefix internalIpv6Prefix".split(" "),
    ..."reservedInternalRange resolveSubnetMask params".split(" "),
  ],
  "gcp:compute/router:Router": "name encryptedInterconnectRouter network region project params".split(" "),
  "gcp:compute/routerNat:RouterNat": "name router region project type endpointTypes initialNatIps".split(" "),
  "gcp:compute/globalAddress:GlobalAddress": address.split(" "),
  "gcp:compute/address:Address": address.split(" "),
  "gcp:container/cluster:Cluster": [
    ..."name location project network subnetwork description initialNodeCount nodePools networkingMode".split(
      " ",
    ),
    ..."clusterIpv4Cidr confidentialNodes defaultMaxPodsPerNode datapathProvider enableAutopilot".split(" "),
    ..."enableKubernetesAlpha enableTpu masterAuth.clientCertificateConfig".split(" "),
    ...under(
      "ipAllocationPolicy",
      "clusterIpv4CidrBlock clusterSecondaryRangeName podCidrOverprovisionConfig",
    ),
    ...under("ipAllocationPolicy", "servicesIpv4CidrBlock servicesSecondaryRangeName"),
    ...under("privateClusterConfig", "masterIpv4CidrBlock privateEndpointSubnetwork"),
    ...nodeConfig,
  ],
  "gcp:container/nodePool:NodePool": [
    ..."name namePrefix cluster location project initialNodeCount maxPodsPerNode".split(" "),
    ..."placementPolicy queuedProvisioning".split(" "),
    ...under(
      "networkConfig",
      "createPodRange podRange podIpv4CidrBlock subnetwork podCidrOverprovisionConfig",
    ),
    ...under("networkConfig", "additionalNodeNetworkConfigs additionalPodNetworkConfigs"),
    ...nodeConfig,
  ],
  "gcp:serviceaccount/account:Account": ["accountId", "project"],
  "gcp:projects/iAMMember:IAMMember": ["project", "role", "member", "condition"],
  "gcp:storage/bucketIAMMember:BucketIAMMember": ["bucket", "role", "member", "condition"],
  "gcp:projects/service:Service": ["service", "project"],
  "gcp:storage/bucket:Bucket": [
    ..."name location project enableObjectRetention customPlacementConfig.dataLocations".split(" "),
    "hierarchicalNamespace",
  ],
  "gcp:compute/sSLPolicy:SSLPolicy": ["name", "description", "project"],
  "gcp:dns/managedZone:ManagedZone": "name dnsName visibility project reverseLookup".split(" "),
  // Its type can be changed: the old record set goes and the new one comes in one change of the zone.
  "gcp:dns/recordSet:RecordSet": ["managedZone", "name", "project", "routingPolicy.healthCheck"],
  "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember":
    "managedZone role member condition project".split(" "),
  "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": "name domain location type project".split(" "),
  "gcp:certificatemanager/certificate:Certificate": "name location project scope managed selfManaged".split(
    " ",
  ),
  "gcp:certificatemanager/certificateMap:CertificateMap": ["name", "project"],
  "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": "name map hostname matcher project".split(
    " ",
  ),
};

/** The records in any order, each as the type reads it. */
function recordData(rrdatas: Value, inputs: Properties): Value {
  const type = textAt(inputs, "type");
  const spell = (item: string) => {
    if (type === "TXT") return item.replace(/^"|"$/g, "").toLowerCase();
    return type === "MX" || type === "DS" ? item.toLowerCase() : item;
  };
  if (!isList(rrdatas)) return rrdatas;
  const texts = rrdatas.filter((item) => typeof item === "string");
  return texts.length === rrdatas.length ? texts.map(spell).sort() : rrdatas;
}

/** What Google's provider makes of changed inputs. */
export const googleDiffs: DiffRules = {
  replaced,
  spelling: {
    "gcp:dns/recordSet:RecordSet": { rrdatas: recordData, managedZone: byName },
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": { map: byName },
  },
  replaces: ({ type, path, oldInputs, inputs }) => {
    // A subnet's range can grow, not shrink or move.
    if (type !== "gcp:compute/subnetwork:Subnetwork" || path !== "ipCidrRange") return undefined;
    const [old, now] = [textAt(oldInputs, path), textAt(inputs, path)];
    return old !== undefined && now !== undefined && !withinRange(old, now);
  },
};

/** A reference by id, link or name. */
function byName(reference: Value): Value {
  return typeof reference === "string" ? lastPart(reference) : reference;
}
