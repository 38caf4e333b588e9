import { core, storage } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Input, type Resource } from "@pulumi/pulumi";
import type { ClusterHandle, StorageClassRef } from "../host/cluster-handle";
import { checkDnsLabel, checkName, checkSize } from "../kubernetes/checks";
import { bytes } from "../kubernetes/container";
import { helmRelease } from "../kubernetes/helm-release";
import { labelsFor } from "../kubernetes/labels";
import { podSecurity } from "../kubernetes/security";
import { refuseFaults } from "../refuse";
import { charts } from "../versions";
import { claimOf } from "./claim";

export interface NfsStorageArgs {
  readonly cluster: Pick<ClusterHandle, "provider" | "storage" | "privilegedPods" | "chartsFolder">;
  /**
   * Of the disk that all volumes share, with a unit: `100Gi`. It can grow later, in place, where its class allows it; it
   * cannot shrink. A volume is made while so much is free, and then may take more than it asked for, up to the whole disk.
   */
  readonly size: string;
  /** What makes the disk. @default the cluster's class for the pods of one node */
  readonly storageClass?: StorageClassRef | undefined;
  /**
   * The name of its StorageClass, by which claims ask for its volumes. Those of an earlier name are still served, but do not
   * go with their claims.
   * @default "nfs"
   */
  readonly className?: string | undefined;
  /**
   * Whether the disk stays when the stack goes, and on it what is in volumes whose claims went. Volumes that are there keep
   * what it was when they were made.
   * @default false
   */
  readonly retain?: boolean | undefined;
  /** Whether Pulumi refuses to delete or to replace the disk, until `pulumi state unprotect`. @default false */
  readonly protect?: boolean | undefined;
}

const defaultClass = "nfs";
const binding = "Immediate";

/**
 * Volumes that pods of many nodes mount at once, by an NFS server in the cluster (NFS-Ganesha), which has them on one disk.
 *
 * ```ts
 * const shared = new NfsStorage("lab", { cluster, size: "100Gi" });
 * ```
 *
 * Costs the disk, used or not, and a pod, which reserves 0.1 CPU and 256 MiB of memory. There is one server: while its node
 * is renewed, whoever reads and writes waits. The nodes mount the volumes, so each needs a client of NFS: GKE's and kind's
 * have it, on others it is `nfs-common` (Debian, Ubuntu) or `nfs-utils` (Red Hat); k3d's have none. It makes no backups.
 *
 * What uses its volumes goes before it (`ref.ready`). Once it is gone, pods that have one mounted hang, and so does their
 * end; and the PersistentVolumes stay, though nothing serves them. They say the address of their own server, so a new one
 * does not bring them back. With `retain` the disk, in its namespace, has what was in them: a folder for each.
 */
export class NfsStorage extends ComponentResource {
  readonly ref: StorageClassRef;
  /** What comes after it. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: NfsStorageArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:storage:NfsStorage", name, {}, opts);
    refuseFaults(this, `NfsStorage ${name}`, validateNfsStorage(name, args));
    const { cluster, size, className = defaultClass, retain = false, protect = false } = args;
    const diskClass = args.storageClass ?? cluster.storage.readWriteOnce;
    const self = { parent: this, provider: cluster.provider };
    // The namespace's end is the disk's.
    const kept = { ...self, retainOnDelete: retain, protect };
    const home = new core.v1.Namespace(
      name,
      {
        metadata: {
          labels: {
            ...labelsFor(name),
            // For the server's capabilities, where the cluster asks for less by itself.
            ...podSecurity("privileged"),
          },
        },
      },
      kept,
    );
    // Not the chart's own, which could not grow, and which Helm leaves behind.
    const disk = claimOf(
      name,
      { namespace: home.metadata.name, storageClass: diskClass, accessMode: "ReadWriteOnce", size },
      kept,
    );
    // By the class alone, for volumes say it: whoever serves the class is who may delete them.
    const provisioner = `inference-infra/${className}`;
    const server = helmRelease(
      name,
      {
        chart: charts.nfsServerProvisioner,
        chartsFolder: cluster.chartsFolder,
        namespace: home.metadata.name,
        values: { ...serverValues(disk.metadata.name, provisioner) },
      },
      self,
    );
    const volumeClass = new storage.v1.StorageClass(
      name,
      {
        // Named, because claims say the class by its name.
        metadata: { name: className, labels: labelsFor(name) },
        provisioner,
        // The chart's: NFS 3 bears it better that the server is started again than NFS 4
        // (https://github.com/helm/charts/pull/19260).
        mountOptions: ["vers=3", "retrans=2", "timeo=30"],
        volumeBindingMode: binding,
        // A bigger claim would wait for ever: nothing makes volumes bigger, nor keeps them small.
        allowVolumeExpansion: false,
        reclaimPolicy: retain ? "Retain" : "Delete",
      },
      {
        ...self,
        dependsOn: [server],
        // The API does not change it. With a class of the chart's, Helm would try to, and fail.
        replaceOnChanges: ["reclaimPolicy"],
        deleteBeforeReplace: true,
      },
    );
    this.ready = [volumeClass];
    this.ref = {
      name: className,
      binding,
      ready: volumeClass,
      checkSize: (where, volume) => checkVolumeSize(size, volume, where),
    };
    this.registerOutputs({});
  }
}

/** https://github.com/kubernetes-sigs/nfs-ganesha-server-and-external-provisioner/tree/nfs-server-provisioner-1.8.0/charts */
interface ServerValues {
  readonly nameOverride: string;
  readonly persistence: { readonly enabled: true; readonly existingClaim: Input<string> };
  readonly storageClass: { readonly create: false; readonly provisionerName: string };
  readonly extraArgs: { readonly "device-based-fsids": false };
  readonly resources: { readonly requests: Readonly<Record<"cpu" | "memory", string>> };
}

function serverValues(claimName: Input<string>, provisionerName: string): ServerValues {
  return {
    // A shorter one than the chart's: a StatefulSet whose name has more than 52 characters gets no pods.
    nameOverride: "nfs",
    persistence: { enabled: true, existingClaim: claimName },
    storageClass: { create: false, provisionerName },
    // By the number of the disk's device, which is another one on another node, mounts there are would go stale
    // (https://github.com/kubernetes-sigs/nfs-ganesha-server-and-external-provisioner/issues/142).
    extraArgs: { "device-based-fsids": false },
    // By itself it asks for nothing, and where a node runs short such pods are the first to go.
    resources: { requests: { cpu: "100m", memory: "256Mi" } },
  };
}

type CheckedArgs = Omit<NfsStorageArgs, "cluster"> & {
  readonly cluster: Pick<ClusterHandle, "storage" | "privilegedPods">;
};

/** The faults of the arguments, all of them. */
export function validateNfsStorage(
  name: string,
  { cluster, size, storageClass = cluster.storage.readWriteOnce, className = defaultClass }: CheckedArgs,
): string[] {
  const sizeFaults = checkSize("size", size);
  return [
    // Pulumi adds 9 characters, and the chart 4, of which a StatefulSet's name has 52.
    ...checkName(name, 39),
    ...(cluster.privilegedPods === false
      ? [
          "cluster: got one whose pods may not be privileged; allowed: one whose may, because the server needs the " +
            "capabilities DAC_READ_SEARCH and SYS_RESOURCE",
        ]
      : []),
    ...(sizeFaults.length > 0 ? sizeFaults : (storageClass.checkSize?.("size", size) ?? [])),
    ...checkDnsLabel("className", className),
  ];
}

/** The server makes none that is bigger than what is free on its disk, of which the file system takes a little. */
function checkVolumeSize(disk: string, size: string, where: string): string[] {
  return bytes(size) < bytes(disk)
    ? []
    : [`${where}: got "${size}"; allowed: less than ${disk}, which is all of the NFS server's disk`];
}
