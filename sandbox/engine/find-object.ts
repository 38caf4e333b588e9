import { KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import type { PendingCreate } from "./recovery";

/**
 * Looks a pending create up in the cluster that its provider points at, by the kind and the name recorded in its
 * inputs (Pulumi's auto-naming has put the name there before the create went out). Gives Pulumi's id for it,
 * `namespace/name` or `name`. What is not a Kubernetes object is never found here.
 */
export async function findKubernetesObject(pending: PendingCreate): Promise<string | undefined> {
  const { apiVersion, kind, metadata } = pending.inputs;
  if (!pending.type.startsWith("kubernetes:") || typeof apiVersion !== "string" || typeof kind !== "string")
    return undefined;
  const { name, namespace } = namesIn(metadata);
  if (name === undefined) return undefined;
  const client = KubernetesObjectApi.makeApiClient(kubeConfig(pending.provider));
  try {
    const found = await client.read({
      apiVersion,
      kind,
      metadata: { name, ...(namespace !== undefined && { namespace }) },
    });
    const at = found.metadata?.namespace;
    return at === undefined ? name : `${at}/${name}`;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The kubeconfig a provider was given: a path, the contents, or none, which means the ambient one. */
function kubeConfig(provider: Readonly<Record<string, unknown>>): KubeConfig {
  const config = new KubeConfig();
  const { kubeconfig, context } = provider;
  if (typeof kubeconfig !== "string") config.loadFromDefault();
  else if (/^\s*\{|\n/.test(kubeconfig)) config.loadFromString(kubeconfig);
  else config.loadFromFile(kubeconfig);
  if (typeof context === "string") config.setCurrentContext(context);
  return config;
}

function namesIn(metadata: unknown): { name?: string; namespace?: string } {
  if (typeof metadata !== "object" || metadata === null) return {};
  return {
    ...("name" in metadata && typeof metadata.name === "string" && { name: metadata.name }),
    ...("namespace" in metadata &&
      typeof metadata.namespace === "string" && { namespace: metadata.namespace }),
  };
}

function isNotFound(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === 404;
}
