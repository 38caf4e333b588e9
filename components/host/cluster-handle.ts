import type { Provider, types } from "@pulumi/kubernetes";
import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { GatewayPlatform } from "../exposure/gateway/platform";

/** A StorageClass, and when it makes a volume: with the claim, or with the first pod that uses it. */
export interface StorageClassRef {
  readonly name: string;
  /** Its `volumeBindingMode`: `kubectl get storageclass` shows it. */
  readonly binding: "WaitForFirstConsumer" | "Immediate";
  /** What makes it, where the stack does: Pulumi waits in vain for a claim that was there before its class. */
  readonly ready?: Resource;
  /** The faults of a claim's size, where the class does not make every size. */
  readonly checkSize?: (where: string, size: string) => string[];
}

/** How a pod asks for a GPU. */
export interface GpuScheduling {
  /** The extended resource, such as `nvidia.com/gpu`. */
  readonly resource: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly types.input.core.v1.Toleration[];
  /** The most that one node has, where that is known: a pod that asks for more finds none. */
  readonly most?: number;
  /** What pods of such nodes can ask for at most, where that is known. */
  readonly mostPerNode?: NodeRoom;
}

/** What the biggest nodes have for pods. */
export interface NodeRoom {
  readonly cpu: number;
  /** In units of `Gi`. */
  readonly memoryGb: number;
  /** What the nodes are, for messages: `g2-standard-8`. */
  readonly nodes: readonly string[];
}

/** How pods use buckets as volumes, where the cluster has a driver for it. */
export interface BucketDriver {
  /** Makes a bucket. Its objects go with it unless it is to stay. */
  makeBucket(name: string, args: BucketArgs): MadeBucket;
  /** What a PersistentVolume is that shows a bucket. */
  volumeSource(bucket: Input<string>): Pick<types.input.core.v1.PersistentVolumeSpec, "csi" | "mountOptions">;
  /** Annotations without which a pod cannot mount it. */
  readonly podAnnotations: Readonly<Record<string, string>>;
  /** Lets the pods of a service account at it. */
  grant(name: string, args: BucketGrant): Resource;
}

export interface BucketArgs {
  readonly parent: Resource;
  readonly retain: boolean;
  readonly protect: boolean;
}

export interface MadeBucket {
  readonly bucketName: Output<string>;
  readonly resource: Resource;
}

export interface BucketGrant {
  readonly parent: Resource;
  readonly bucket: Input<string>;
  readonly namespace: Input<string>;
  readonly serviceAccount: Input<string>;
  readonly access: "read" | "write";
}

export interface ReservationArgs {
  readonly parent: Resource;
  readonly use: "ingress" | "load-balancer";
}

/** An address, and what the Ingress that is to have it says for it; a load balancer asks for it by `loadBalancerIP`. */
export interface AddressReservation {
  readonly ip: Output<string>;
  readonly annotations: Readonly<Record<string, Input<string>>>;
}

/**
 * A cluster, as far as workloads need it. GKE, EKS and a kubeconfig each make one; a workload never asks which.
 */
export interface ClusterHandle {
  readonly provider: Provider;
  /** What a person reaches it by, where the stack has made it; the kubeconfig is a secret. */
  readonly access?: { readonly clusterName: Output<string>; readonly kubeconfig: Output<string> };
  /** Whether two pods can ever be on different nodes, which a ReadWriteOnce volume does not bear. */
  readonly nodes: "single" | "many";
  readonly storage: {
    readonly readWriteOnce: StorageClassRef;
    readonly readWriteMany?: StorageClassRef;
    readonly buckets?: BucketDriver;
  };
  /** The IngressClass of Ingresses that name none. */
  readonly ingressClass?: string;
  /** How it has gateways, where it has them. */
  readonly gateways?: GatewayPlatform;
  /** The cloud whose identities its pods have, so that they can be let at what is in it. */
  readonly cloud?: "google" | "aws";
  /** What has to be there before anything else is made in that cloud: the services that make it are enabled. */
  readonly cloudReady?: readonly Resource[];
  /** What names point at that lead to its ingress controller, gateway or load balancer: an address or a host name. */
  readonly publicAddress?: string;
  /** Reserves an address for an Ingress or a load balancer, before that is there. Without: `publicAddress`. */
  reserveAddress?(name: string, args: ReservationArgs): AddressReservation;
  /** Whether pods may be privileged. GKE Autopilot's may not. @default true */
  readonly privilegedPods?: boolean;
  /** Whether the cluster itself lets pods that ask for a GPU onto the nodes that have one. @default false */
  readonly toleratesGpuTaint?: boolean;
  /** A folder with charts that take the place of the published ones, where those cannot be reached. */
  readonly chartsFolder?: string;
  /**
   * How a GPU is asked for, of a type or of any.
   * @throws where the cluster does not offer it; the message says what it offers
   */
  gpu(type?: string): GpuScheduling;
  /** The identity that cloud permissions are granted to, where the cluster gives pods one. */
  workloadPrincipal?(namespace: Input<string>, serviceAccount: Input<string>): Output<string>;
}
