import type { ClusterArgs } from "@pulumi/gcp/container";
import type { Input } from "@pulumi/pulumi";
import type { FilestoreTier } from "../../storage/shared-storage-class";
import type { GpuComputeClassArgs } from "./compute-class/gpu-compute-class";
import type { NetworkArgs } from "./network/validate-network";
import type { CpuPoolArgs, GpuPoolArgs } from "./pools/pool-args";

export interface GkeClusterArgs {
  /** The Google Cloud project's id. */
  readonly project: string;
  /** Where the cluster is: `europe-west4`. Its control plane is in three zones of it. */
  readonly region: string;
  /**
   * The zones that nodes can be in.
   * @default all that GKE picks
   */
  readonly zones?: readonly string[];
  /** @default a network of its own */
  readonly network?: NetworkArgs;
  /** How its API is reached. @default {kind: "dns"} */
  readonly controlPlaneAccess?: ControlPlaneAccess;
  /** The nodes that everything runs on which asks for no GPU. @default 1 to 3 of e2-standard-4 */
  readonly systemPool?: Omit<CpuPoolArgs, "name">;
  /** More nodes without GPUs. @default none */
  readonly cpuPools?: readonly CpuPoolArgs[];
  /** @default none */
  readonly gpuPools?: readonly GpuPoolArgs[];
  /** Ordered ways to get a GPU, which workloads ask for by the class's name. @default none */
  readonly computeClasses?: readonly GpuComputeClassArgs[];
  /** How many pods a node can have; the pods' range is cut into pieces of twice as many. @default 64 */
  readonly maxPodsPerNode?: number;
  /** @default "REGULAR" */
  readonly releaseChannel?: "RAPID" | "REGULAR" | "STABLE" | "EXTENDED";
  /** When Google may upgrade it. @default whenever it likes */
  readonly maintenance?: Maintenance;
  /** A class of volumes that many nodes mount, of Filestore. @default none; buckets do without */
  readonly filestore?: { readonly tier: FilestoreTier };
  /**
   * Where its gateways are: everywhere at once, or in the cluster's region, which takes `network.proxyCidr`. With none,
   * GKE keeps its hands off the Gateway API, for others to install it: GKE's definitions of it are older than some
   * controllers take, Traefik 3.7 among them (https://github.com/traefik/traefik/issues/12321).
   * @default "global"
   */
  readonly gatewayScope?: "global" | "regional" | "none";
  /** For how many days what was deleted from a model's bucket can be had back; 0, or 7 to 90. @default 7 */
  readonly undeleteDays?: number;
  /** Whether Google refuses to delete the cluster. A cluster that is so protected cannot be replaced either. */
  readonly deletionProtection: boolean;
  /** On all that has labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * A key of Cloud KMS for the API's secrets and the nodes' disks, whole:
   * `projects/P/locations/L/keyRings/R/cryptoKeys/K`. GKE's and Compute Engine's service agents get the right to use it.
   * @default Google's own
   */
  readonly kmsKeyName?: Input<string>;
  /**
   * The address of a Google service account that the nodes run as, where you may not make one or grant roles to it. It
   * needs what `NodeAccount` grants.
   * @default one of its own
   */
  readonly nodeServiceAccount?: Input<string>;
  /** Whether only images run that the project's policy admits. @default false */
  readonly binaryAuthorization?: boolean;
  /** Whether pods can mount secrets of Secret Manager. @default true */
  readonly secretManager?: boolean;
  /** Whether the Google services that it needs are enabled in the project; they stay so. @default false */
  readonly enableServices?: boolean;
  /**
   * Another way to reach the cluster than by its own endpoint, such as a proxy: a path or the contents of a kubeconfig.
   * @default one that is made from the cluster, with Google's own login
   */
  readonly kubeconfig?: Input<string>;
  /** A context of that kubeconfig. @default its current one */
  readonly context?: string;
  /**
   * A folder with the charts of what is installed, each in a folder of its name.
   * @default they come from where they are published
   */
  readonly chartsFolder?: string;
  /** Whatever else Google knows of clusters; it takes the place of what is set here. */
  readonly overrides?: Partial<ClusterArgs>;
}

export type ControlPlaneAccess =
  /** By a public name, for whoever Google's IAM lets; the cluster has no address that answers. */
  | { readonly kind: "dns" }
  /** By an address, from these networks only. */
  | {
      readonly kind: "ip";
      readonly authorizedCidrs: readonly { readonly cidr: string; readonly name: string }[];
    };

/** When Google may upgrade the cluster and its nodes. */
export interface Maintenance {
  /** The first window's begin and end, RFC 3339: `2026-01-03T02:00:00Z`. */
  readonly start: string;
  readonly end: string;
  /** How it comes again, RFC 5545: `FREQ=WEEKLY;BYDAY=SA,SU`. */
  readonly recurrence: string;
  /** Times without upgrades: a long training, a fair. @default none */
  readonly exclusions?: readonly MaintenanceExclusion[];
}

export interface MaintenanceExclusion {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  /** What is left out. @default "NO_MINOR_OR_NODE_UPGRADES" */
  readonly scope?: "NO_UPGRADES" | "NO_MINOR_UPGRADES" | "NO_MINOR_OR_NODE_UPGRADES";
}
