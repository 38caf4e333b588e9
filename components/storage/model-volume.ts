import { core, type types } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { ClusterHandle, StorageClassRef } from "../host/cluster-handle";
import type { Workspace } from "../host/workspace";
import { skipAwait } from "../kubernetes/annotations";
import { checkName, checkSize, refuseFaults } from "../kubernetes/checks";
import { metadataFor } from "../kubernetes/labels";
import { checkVolumeUse, type AccessMode, type VolumeConsumer } from "./volume-use";

export interface ModelVolumeArgs {
  readonly cluster: ClusterHandle;
  readonly workspace: Workspace;
  /** How big, with a unit: `10Gi`. It can grow later, in place, where the class allows it; it cannot shrink. */
  readonly size: string;
  /**
   * `ReadWriteOnce`: the pods of one node. `ReadWriteMany`: all pods.
   * @default "ReadWriteOnce"
   */
  readonly accessMode?: AccessMode;
  /** @default the cluster's class for the access mode */
  readonly storageClass?: StorageClassRef;
  /**
   * Whether the data stays when the stack goes. The workspace must stay too.
   * @default false
   */
  readonly retain?: boolean;
  /**
   * Whether Pulumi refuses to delete or to replace it, until `pulumi state unprotect`.
   * @default false
   */
  readonly protect?: boolean;
}

/**
 * The volume that the training writes the model to and the UI reads it from: a PersistentVolumeClaim.
 *
 * ```ts
 * const volume = new ModelVolume("mnist-model-pvc", { cluster, workspace, size: "10Gi" });
 * ```
 *
 * Costs what the class's disk costs, used or not. It makes no backups. Another access mode or class makes another,
 * empty volume: the API cannot change them (`protect` refuses that).
 */
export class ModelVolume extends ComponentResource {
  /** The claim's name, for pods. Known once the claim exists, so whoever uses it is made after it. */
  readonly claimName: Output<string>;
  readonly accessMode: AccessMode;
  /** Whether all pods that mount it have to be on one node. */
  readonly oneNode: boolean;
  private readonly nodes: "single" | "many";
  private readonly label: string;
  private readonly consumers: VolumeConsumer[] = [];

  constructor(name: string, args: ModelVolumeArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:storage:ModelVolume", name, {}, opts);
    refuseFaults(this, `ModelVolume ${name}`, validateModelVolume(name, args));
    const { cluster, workspace, size, accessMode = "ReadWriteOnce", retain = false, protect = false } = args;
    const storageClass = args.storageClass ?? classFor(cluster, accessMode);
    const claim = new core.v1.PersistentVolumeClaim(
      name,
      {
        metadata: metadataFor(name, workspace.namespace, awaitAnnotations(storageClass)),
        spec: {
          accessModes: [accessMode],
          // Always by name: the default class may change, and then the claim would be replaced, data and all.
          storageClassName: storageClass.name,
          resources: { requests: { storage: size } },
        },
      },
      { parent: this, provider: cluster.provider, retainOnDelete: retain, protect },
    );
    this.claimName = claim.metadata.name;
    this.accessMode = accessMode;
    this.oneNode = accessMode === "ReadWriteOnce" && cluster.nodes === "many";
    this.nodes = cluster.nodes;
    this.label = name;
    this.registerOutputs({ claimName: this.claimName });
  }

  /**
   * Notes who mounts the volume, and gives what its pods need for it. That depends on the volume alone: a consumer that
   * comes later changes nothing of the others, and does not train anew.
   * @throws where the volume cannot bear one more consumer, with the reason
   */
  attach(consumer: VolumeConsumer): VolumeAttachment {
    this.consumers.push(consumer);
    const { accessMode, nodes, consumers } = this;
    refuseFaults(this, `ModelVolume ${this.label}`, checkVolumeUse({ accessMode, nodes, consumers }));
    return { claimName: this.claimName, ...(this.oneNode ? placeTogether(this.label) : { labels: {} }) };
  }
}

export interface VolumeAttachment {
  readonly claimName: Output<string>;
  readonly labels: Readonly<Record<string, string>>;
  readonly affinity?: types.input.core.v1.Affinity;
}

/** The faults of the arguments, all of them. */
export function validateModelVolume(
  name: string,
  {
    size,
    accessMode,
    storageClass,
    cluster,
    retain,
    workspace,
  }: Pick<ModelVolumeArgs, "size" | "accessMode" | "storageClass" | "retain"> & {
    readonly cluster: Pick<ClusterHandle, "storage">;
    readonly workspace: Pick<Workspace, "retained">;
  },
): string[] {
  const faults = [...checkName(name, 54), ...checkSize("size", size)];
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
 * Pulumi waits at most 5 minutes for a claim, whatever `customTimeouts` say, and a shared file system takes longer
 * to make. So only a class that waits for the first pod anyway is awaited, which Pulumi takes as ready while Pending.
 * (pulumi-kubernetes, provider/pkg/await: the claim's awaiter.)
 */
export function awaitAnnotations({ binding }: StorageClassRef): Record<string, string> {
  return binding === "Immediate" ? skipAwait : {};
}

/**
 * Pods that carry the label and ask to be where it is already are put on one node; the first goes where it likes,
 * because it meets its own wish. Pods that have ended do not count.
 */
export function placeTogether(volume: string): Omit<VolumeAttachment, "claimName"> {
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

function classFor({ storage }: ClusterHandle, accessMode: AccessMode): StorageClassRef {
  return accessMode === "ReadWriteMany"
    ? (storage.readWriteMany ?? storage.readWriteOnce)
    : storage.readWriteOnce;
}
