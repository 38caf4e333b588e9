import type { Provider, types } from "@pulumi/kubernetes";
import type { Input, Output } from "@pulumi/pulumi";

/** A StorageClass, and when it makes a volume: with the claim, or with the first pod that uses it. */
export interface StorageClassRef {
  readonly name: string;
  /** Its `volumeBindingMode`: `kubectl get storageclass` shows it. */
  readonly binding: "WaitForFirstConsumer" | "Immediate";
}

/** How a pod asks for a GPU. */
export interface GpuScheduling {
  /** The extended resource, such as `nvidia.com/gpu`. */
  readonly resource: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly types.input.core.v1.Toleration[];
}

/**
 * A cluster, as far as workloads need it. GKE, EKS and a kubeconfig each make one; a workload never asks which.
 */
export interface ClusterHandle {
  readonly provider: Provider;
  /** Whether two pods can ever be on different nodes, which a ReadWriteOnce volume does not bear. */
  readonly nodes: "single" | "many";
  readonly storage: {
    readonly readWriteOnce: StorageClassRef;
    readonly readWriteMany?: StorageClassRef;
  };
  /** The IngressClass of Ingresses that name none. */
  readonly ingressClass?: string;
  /**
   * How a GPU is asked for, of a type or of any.
   * @throws where the cluster does not offer it; the message says what it offers
   */
  gpu(type?: string): GpuScheduling;
  /** The identity that cloud permissions are granted to, where the cluster gives pods one. */
  workloadPrincipal?(namespace: Input<string>, serviceAccount: Input<string>): Output<string>;
}
