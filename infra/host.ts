import type { ClusterHandle } from "../components/host/cluster-handle";
import { ExistingCluster } from "../components/host/existing-cluster";
import type { Environment } from "./environment";
import { SecretValue } from "./secrets";

/** Puts another cluster in place of the one that a stack names: the sandbox's. */
export interface ClusterOverride {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/**
 * The cluster that the document describes. Its identifier is always the document's, whatever stands in for the
 * cluster: the sandbox's context and address say nothing about which cluster a stack is for.
 */
export function hostCluster({ name, host }: Environment, override: ClusterOverride = {}): ClusterHandle {
  const { storage, gpu, nodes, ingressClass } = host;
  const kubeconfig =
    override.kubeconfig ??
    (host.kubeconfig instanceof SecretValue ? host.kubeconfig.output() : host.kubeconfig);
  const context = override.context ?? host.context;
  const clusterIdentifier = host.clusterIdentifier ?? host.context;
  return new ExistingCluster(`${name}-host`, {
    storage,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    clusterIdentifier: clusterIdentifier ?? "current-context",
    ...(nodes !== undefined && { nodes }),
    ...(gpu !== undefined && { gpu }),
    ...(ingressClass !== undefined && { ingressClass }),
  });
}
