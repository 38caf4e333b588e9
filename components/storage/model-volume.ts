import type { types } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Output, type Resource } from "@pulumi/pulumi";
import type { ClusterHandle, StorageClassRef } from "../host/cluster-handle";
import type { Workspace } from "../host/workspace";
import { checkName, checkSize } from "../kubernetes/checks";
import { refuseFaults } from "../refuse";
import { makeBucketClaim } from "./bucket-claim";
import { classFor, makeClaim } from "./claim";
import { bucketInstead, checkVolumeUse, type AccessMode, type VolumeConsumer } from "./volume-use";

interface CommonArgs {
  readonly cluster: ClusterHandle;
  readonly workspace: Workspace;
  /**
   * Whether the data stays when the stack goes. Of a claim, the workspace must stay too.
   * @default false
   */
  readonly retain?: boolean;
  /**
   * Whether Pulumi refuses to delete or to replace what holds the data, until `pulumi state unprotect`.
   * @default false
   */
  readonly protect?: boolean;
}

/** A volume that a StorageClass makes. */
export interface ClaimVolumeArgs extends CommonArgs {
  readonly kind?: "claim";
  /** How big, with a unit: `10Gi`. It can grow later, in place, where the class allows it; it cannot shrink. */
  readonly size: string;
  /**
   * `ReadWriteOnce`: the pods of one node. `ReadWriteMany`: all pods.
   * @default "ReadWriteOnce"
   */
  readonly accessMode?: AccessMode;
  /** @default the cluster's class for the access mode */
  readonly storageClass?: StorageClassRef;
}

/** A bucket that pods mount, on a cluster that has a driver for it. All pods can, from whatever node; it has no size. */
export interface BucketVolumeArgs extends CommonArgs {
  readonly kind: "bucket";
}

export type ModelVolumeArgs = ClaimVolumeArgs | BucketVolumeArgs;

/**
 * The volume that the training writes the model to and the UI reads it from: a PersistentVolumeClaim, on a disk or a
 * file system that a StorageClass makes, or on a bucket.
 *
 * ```ts
 * const volume = new ModelVolume("mnist-model-pvc", { cluster, workspace, size: "10Gi" });
 * ```
 *
 * Costs what the class's disk costs, used or not; a bucket, what is in it. It makes no backups. Another kind, access
 * mode or class makes another, empty volume: the API cannot change them (`protect` refuses that).
 */
export class ModelVolume extends ComponentResource {
  /** The claim's name, for pods. Known once the claim exists, so whoever uses it is made after it. */
  readonly claimName: Output<string>;
  /** The bucket behind it, where there is one. */
  readonly bucketName: Output<string> | undefined;
  readonly accessMode: AccessMode;
  /** Whether all pods that mount it have to be on one node. */
  readonly oneNode: boolean;
  private readonly cluster: ClusterHandle;
  private readonly workspace: Workspace;
  private readonly label: string;
  private readonly consumers: VolumeConsumer[] = [];

  constructor(name: string, args: ModelVolumeArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:storage:ModelVolume", name, {}, opts);
    refuseFaults(this, `ModelVolume ${name}`, validateModelVolume(name, args));
    const { cluster, workspace } = args;
    const made = args.kind === "bucket" ? makeBucketClaim(name, args, this) : makeClaim(name, args, this);
    this.claimName = made.claimName;
    this.bucketName = made.bucketName;
    this.accessMode = args.kind === "bucket" ? "ReadWriteMany" : (args.accessMode ?? "ReadWriteOnce");
    this.oneNode = this.accessMode === "ReadWriteOnce" && cluster.nodes === "many";
    this.cluster = cluster;
    this.workspace = workspace;
    this.label = name;
    this.registerOutputs({
      claimName: this.claimName,
      ...(this.bucketName !== undefined && { bucketName: this.bucketName }),
    });
  }

  /**
   * Notes who mounts the volume, and gives what its pods need for it. That depends on the volume alone: a consumer that
   * comes later changes nothing of the others, and does not train anew.
   * @throws where the volume cannot bear one more consumer, with the reason
   */
  attach(consumer: VolumeConsumer, identity: ConsumerIdentity): VolumeAttachment {
    this.consumers.push(consumer);
    const { accessMode, cluster, consumers, claimName, bucketName } = this;
    const { nodes } = cluster;
    const driver = cluster.storage.buckets;
    const wayOut = driver && { wayOut: bucketInstead };
    refuseFaults(
      this,
      `ModelVolume ${this.label}`,
      checkVolumeUse({ accessMode, nodes, consumers, ...wayOut }),
    );
    if (bucketName !== undefined && driver !== undefined) {
      const { namespace } = this.workspace;
      const grant = driver.grant(`${identity.name}-model-access`, {
        ...identity,
        namespace,
        bucket: bucketName,
      });
      return { claimName, labels: {}, annotations: driver.podAnnotations, ready: [grant] };
    }
    const together = this.oneNode ? placeTogether(this.label) : { labels: {} };
    return { claimName, ...together, annotations: {}, ready: [] };
  }
}

/** What a kind of volume comes to. */
export interface MadeVolume {
  readonly claimName: Output<string>;
  readonly bucketName?: Output<string>;
}

/** Who mounts the volume, for where it has to be let at the data. */
export interface ConsumerIdentity {
  /** The component's name, for the grant's. */
  readonly name: string;
  readonly parent: Resource;
  readonly serviceAccount: Output<string>;
  readonly access: "read" | "write";
}

/** What a consumer's pods carry. */
export interface VolumeAttachment {
  readonly claimName: Output<string>;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly affinity?: types.input.core.v1.Affinity;
  /** What has to be there before the pods. */
  readonly ready: readonly Resource[];
}

type CheckedArgs<Args> = Omit<Args, "cluster" | "workspace"> & {
  readonly cluster: Pick<ClusterHandle, "storage">;
  readonly workspace: Pick<Workspace, "retained">;
};

/** The faults of the arguments, all of them. */
export function validateModelVolume(
  name: string,
  args: CheckedArgs<ClaimVolumeArgs> | CheckedArgs<BucketVolumeArgs>,
): string[] {
  if (args.kind === "bucket") {
    // Google's names have 63 characters at most, of which Pulumi adds 8.
    const faults = checkName(name, 54);
    if (args.cluster.storage.buckets !== undefined) return faults;
    return [...faults, 'kind: got "bucket"; allowed: claim, because the cluster has no driver for buckets'];
  }
  const { size, accessMode, storageClass, cluster, retain, workspace } = args;
  const faults = [...checkName(name, 54), ...checkSize("size", size)];
  const used = storageClass ?? classFor(cluster, accessMode ?? "ReadWriteOnce");
  if (checkSize("size", size).length === 0) faults.push(...(used.checkSize?.("size", size) ?? []));
  if (
    accessMode === "ReadWriteMany" &&
    storageClass === undefined &&
    cluster.storage.readWriteMany === undefined
  ) {
    faults.push(
      "accessMode: got ReadWriteMany; allowed: ReadWriteOnce, because the cluster has no class for it (storage.readWriteMany)",
    );
  }
  if (retain === true && !workspace.retained) {
    faults.push(
      "retain: got true; allowed: false, unless the workspace is retained too, for its end is the volume's",
    );
  }
  return faults;
}

/**
 * Pods that carry the label and ask to be where it is already are put on one node; the first goes where it likes,
 * because it meets its own wish. Pods that have ended do not count.
 */
export function placeTogether(volume: string): Pick<VolumeAttachment, "labels" | "affinity"> {
  const labels = { "inference-infra/volume": volume };
  return {
    labels,
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: labels }, topologyKey: "kubernetes.io/hostname" },
        ],
      },
    },
  };
}
