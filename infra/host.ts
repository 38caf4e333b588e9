import type { Resource } from "@pulumi/pulumi";
import type { ClusterHandle } from "../components/host/cluster-handle";
import { ExistingCluster } from "../components/host/existing-cluster";
import { GkeCluster } from "../components/host/gke/gke-cluster";
import { providersOf, type Clouds } from "./clouds";
import type { Environment } from "./environment";
import { gkeArgs, type GkeHost } from "./gke";
import { SecretValue } from "./secrets";

/** Puts another cluster in place of the one that a stack names: the sandbox's. */
export interface ClusterOverride {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Charts that take the place of the published ones. */
  readonly chartsFolder?: string;
}

/** A cluster that can be the parent of what is made for all of it. */
export type Host = ClusterHandle & Resource;

/** The cluster that the document describes: one that is there, one that the stack makes, or none. */
export function hostCluster(
  environment: Environment,
  clouds: Clouds,
  override: ClusterOverride = {},
): Host | undefined {
  const { name, host } = environment;
  switch (host.kind) {
    case "none":
      return undefined;
    case "existing":
      return existingCluster(name, host, override);
    case "gke":
      return gkeCluster({ ...environment, host }, clouds, override);
  }
}

type ExistingHost = Extract<Environment["host"], { kind: "existing" }>;

/**
 * Its identifier is always the document's, whatever stands in for the cluster: the sandbox's context and address say
 * nothing about which cluster a stack is for.
 */
function existingCluster(name: string, host: ExistingHost, override: ClusterOverride): ExistingCluster {
  const { storage, gpu, nodes, ingressClass, gateway, publicAddress, privilegedPods } = host;
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
    ...(gateway !== undefined && gateway.kind !== "existing" && { gateway }),
    ...(publicAddress !== undefined && { publicAddress }),
    ...(privilegedPods !== undefined && { privilegedPods }),
    ...(override.chartsFolder !== undefined && { chartsFolder: override.chartsFolder }),
  });
}

/** Everything of Google's is made in the document's project, whichever one `gcloud` is set to. */
function gkeCluster(
  environment: Omit<Environment, "host"> & { readonly host: GkeHost },
  clouds: Clouds,
  override: ClusterOverride,
): GkeCluster {
  const providers = providersOf(clouds);
  return new GkeCluster(environment.name, { ...gkeArgs(environment), ...override }, { providers });
}
