import type { DiffRequest, DiffResult, Properties, Value } from "../../../provider";
import { isList, isProperties, Unknown } from "../../../provider";
import { differences } from "../differences";
import { textAt } from "../kubernetes/objects";
import { contains, lookUp, parsePath } from "../kubernetes/paths";
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
const table: Record<string, readonly string[]> = {
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
};

/** What an update would change, leaf by leaf, and whether it needs a new resource. */
export function diffInputs({
  type,
  oldInputs,
  inputs,
  ignoreChanges,
  autonamed,
}: Pick<DiffRequest, "type" | "oldInputs" | "inputs" | "ignoreChanges"> & {
  /** The property with the name, where that is made up: the old and the new one can be side by side. */
  readonly autonamed: string | undefined;
}): DiffResult {
  const found = differences(oldInputs, inputs, { absent: empty, byItem: true });
  const ignored = ignoreChanges.map(parsePath);
  const detailed = Object.fromEntries(
    [...found]
      .filter(([path]) => !path.startsWith("__"))
      .filter(([path]) => !ignored.some((outer) => contains(outer, parsePath(path))))
      .map(([path, kind]) => [path, { kind, replaces: replaces(type, path, oldInputs, inputs) }]),
  );
  const replaced = Object.values(detailed).some((change) => change.replaces);
  return {
    changes: Object.keys(detailed).length > 0,
    detailed,
    deleteBeforeReplace: replaced && nameStays(oldInputs, inputs, autonamed),
  };
}

/** Two of one name cannot be side by side. */
function nameStays(oldInputs: Properties, inputs: Properties, autonamed: string | undefined): boolean {
  return ["name", "accountId"]
    .filter((property) => property !== autonamed)
    .some((property) => {
      const name = textAt(inputs, property);
      return name !== undefined && name === textAt(oldInputs, property);
    });
}

/** What is not there, as something of the same kind with nothing in it: Terraform sees no difference. */
function empty(other: Value | undefined): Value | undefined {
  return isList(other) ? [] : isProperties(other) ? {} : undefined;
}

function replaces(type: string, path: string, oldInputs: Properties, inputs: Properties): boolean {
  const changed = parsePath(path);
  // A subnet's range can grow, not shrink or move.
  if (type === "gcp:compute/subnetwork:Subnetwork" && path === "ipCidrRange") {
    const [old, now] = [textAt(oldInputs, path), textAt(inputs, path)];
    return old !== undefined && now !== undefined && !withinRange(old, now);
  }
  const isUnknown = lookUp(inputs, changed) instanceof Unknown;
  return (table[type] ?? [])
    .map(parsePath)
    .some((field) => contains(field, changed) || (isUnknown && contains(changed, field)));
}
