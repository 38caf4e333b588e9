import { ComponentResource, type ComponentResourceOptions, type Resource } from "@pulumi/pulumi";
import type { ClusterHandle } from "../../host/cluster-handle";
import { checkName } from "../../kubernetes/checks";
import { helmRelease } from "../../kubernetes/helm-release";
import { refuseFaults } from "../../refuse";
import { charts } from "../../versions";

export interface MetricsServerArgs {
  readonly cluster: Pick<ClusterHandle, "provider" | "chartsFolder">;
  /**
   * Whose certificate the nodes' kubelets show when they are asked how busy they are. `signed`: the cluster's authority's,
   * as on EKS, and then it is checked. `self-signed`: their own, as kind and kubeadm have it unless someone signs others
   * (https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#kubelet-serving-certs), and then anyone
   * between the two could give wrong numbers. With `signed` where they are not it never gets ready, and its log says `x509`.
   * @default "self-signed"
   */
  readonly kubeletCertificates?: "signed" | "self-signed" | undefined;
}

/**
 * metrics-server, by its own chart: tells how busy pods and nodes are, by which HorizontalPodAutoscalers scale and OSCAR
 * shows its status.
 *
 * ```ts
 * const metrics = new MetricsServer("lab", { cluster });
 * ```
 *
 * Costs a pod, which reserves 0.1 CPU and 200 MiB of memory. It keeps nothing. GKE and k3s have one already, and Helm
 * refuses a second one, for the API that it gives the cluster is there once (`kubectl get apiservice v1beta1.metrics.k8s.io`).
 */
export class MetricsServer extends ComponentResource {
  /** What comes after it. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: MetricsServerArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:oscar:MetricsServer", name, {}, opts);
    // Pulumi adds 9 characters to a release's name, of which Helm allows 53.
    refuseFaults(this, `MetricsServer ${name}`, checkName(name, 44));
    const { cluster, kubeletCertificates = "self-signed" } = args;
    const release = helmRelease(
      name,
      {
        chart: charts.metricsServer,
        chartsFolder: cluster.chartsFolder,
        // Its usual home, where it may be as critical as it says it is (system-cluster-critical): clusters can refuse that
        // elsewhere (https://kubernetes.io/docs/concepts/policy/resource-quotas/#limit-priority-class-consumption-by-default).
        namespace: "kube-system",
        values: kubeletCertificates === "self-signed" ? { args: ["--kubelet-insecure-tls"] } : {},
      },
      { parent: this, provider: cluster.provider },
    );
    this.ready = [release];
    this.registerOutputs({});
  }
}
