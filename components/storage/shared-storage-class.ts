import { storage } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Input, type Resource } from "@pulumi/pulumi";
import type { ClusterHandle, StorageClassRef } from "../host/cluster-handle";
import { checkName, type Check } from "../kubernetes/checks";
import { bytes } from "../kubernetes/container";
import { labelsFor } from "../kubernetes/labels";
import { refuseFaults } from "../refuse";

/**
 * Filestore's service tiers by the names that its driver takes: `standard` and `premium` are Basic HDD and Basic SSD
 * (https://cloud.google.com/filestore/docs/service-tiers).
 */
export type FilestoreTier = "standard" | "premium" | "zonal" | "regional" | "enterprise";

export interface SharedStorageClassArgs {
  readonly cluster: Pick<ClusterHandle, "provider">;
  readonly tier: FilestoreTier;
  /** The name of the cluster's VPC network. */
  readonly network: Input<string>;
  /**
   * Where Filestore's own addresses are, /29 for each volume (/26 with regional and enterprise): `10.9.0.0/24`. It must
   * not overlap what else is in the network.
   * @default what Google finds free
   */
  readonly reservedCidr?: string;
  /**
   * What becomes of the data when a claim goes.
   * @default "Delete"
   */
  readonly reclaimPolicy?: "Delete" | "Retain";
}

/**
 * Volumes that pods of many nodes mount at once, on Filestore: a file server for each claim.
 *
 * ```ts
 * const shared = new SharedStorageClass("shared", { cluster, tier: "standard", network: "my-network" });
 * ```
 *
 * Costs nothing by itself; each claim costs its tier's price from the least size on (`checkSharedSize`), used or not.
 * GKE's own classes (standard-rwx and so on) put the server into the network named `default`, where a cluster with a
 * network of its own does not reach it. It shares no server among claims (multishare), and takes no Shared VPC.
 */
export class SharedStorageClass extends ComponentResource {
  readonly ref: StorageClassRef;
  /** For claims to come after: while there is no such class, Pulumi waits for a claim in vain. */
  readonly resource: Resource;

  constructor(name: string, args: SharedStorageClassArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:storage:SharedStorageClass", name, {}, opts);
    refuseFaults(this, `SharedStorageClass ${name}`, validateSharedStorageClass(name, args));
    const { cluster, tier, network, reservedCidr, reclaimPolicy = "Delete" } = args;
    this.resource = new storage.v1.StorageClass(
      name,
      {
        // Named, because claims say the class by its name; with another one they would be other, empty volumes.
        metadata: { name, labels: labelsFor(name) },
        provisioner: "filestore.csi.storage.gke.io",
        parameters: {
          tier,
          network,
          ...(reservedCidr !== undefined && { "reserved-ipv4-cidr": reservedCidr }),
        },
        // In the zone of the first pod that mounts it, not in any: other zones reach it, slower and for money.
        volumeBindingMode: binding,
        allowVolumeExpansion: true,
        reclaimPolicy,
      },
      {
        parent: this,
        provider: cluster.provider,
        // The API changes neither. Volumes that are there keep what the class was when they were made.
        replaceOnChanges: ["reclaimPolicy", "volumeBindingMode"],
        deleteBeforeReplace: true,
      },
    );
    this.ref = {
      name,
      binding,
      ready: this.resource,
      checkSize: (where, size) => checkSharedSize(tier, size, where),
    };
    this.registerOutputs({});
  }
}

const binding = "WaitForFirstConsumer";

/** The faults of the arguments, all of them. */
export function validateSharedStorageClass(
  name: string,
  { reservedCidr }: Pick<SharedStorageClassArgs, "reservedCidr">,
): string[] {
  return [
    ...checkName(name, 63),
    ...(reservedCidr === undefined ? [] : checkCidr("reservedCidr", reservedCidr)),
  ];
}

const checkCidr: Check = (where, value) =>
  /^\d{1,3}(\.\d{1,3}){3}\/(1\d|2\d)$/.test(value)
    ? []
    : [`${where}: got "${value}"; allowed: a network of at least /29, such as 10.9.0.0/24`];

/**
 * The least that Filestore's driver makes, by tier (kubernetes-sigs/gcp-filestore-csi-driver, pkg/csi_driver/controller.go).
 * It makes no less than that: a smaller claim is made so big, and billed so. GKE before 1.33 makes at least 1Ti of
 * `standard`.
 */
const least: Readonly<Record<FilestoreTier, string>> = {
  standard: "100Gi",
  premium: "2560Gi",
  zonal: "1Ti",
  regional: "100Gi",
  enterprise: "1Ti",
};

/** Whether a claim's size is one that its tier has. */
export function checkSharedSize(tier: FilestoreTier, size: string, where: string): string[] {
  const smallest = least[tier];
  return bytes(size) >= bytes(smallest)
    ? []
    : [
        `${where}: got "${size}"; allowed: at least ${smallest}, which is what Filestore's tier ${tier} makes and bills ` +
          "for a smaller one too",
      ];
}
