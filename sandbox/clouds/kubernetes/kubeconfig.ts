import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { reveal, same, Unknown, type DiffRequest, type DiffResult, type Properties } from "../../../provider";

/** Which cluster, as a Kubernetes provider is told it. */
export interface ClusterChoice {
  /** A path or the contents. @default KUBECONFIG, else ~/.kube/config */
  readonly kubeconfig?: string;
  /** @default the current one */
  readonly context?: string;
  /** Another cluster of the kubeconfig than the context's. */
  readonly cluster?: string;
}

export function loadKubeconfig({ kubeconfig, context, cluster }: ClusterChoice): KubeConfig {
  const config = new KubeConfig();
  const from = kubeconfig === undefined ? ambient(config) : given(config, kubeconfig);
  const currentContext = context ?? config.getCurrentContext();
  const contexts = config.getContexts();
  if (!contexts.some(({ name }) => name === currentContext)) {
    const names = contexts.map(({ name }) => name).join(", ");
    throw new Error(
      `${from}: there is no context "${currentContext}"; it has ${names === "" ? "none" : names}`,
    );
  }
  config.loadFromOptions({
    clusters: config.getClusters(),
    users: config.getUsers(),
    contexts: contexts.map((each) =>
      cluster !== undefined && each.name === currentContext ? { ...each, cluster } : each,
    ),
    currentContext,
  });
  if (config.getCurrentCluster() === null)
    throw new Error(`${from}: there is no cluster "${config.getContextObject(currentContext)?.cluster}"`);
  return config;
}

function given(config: KubeConfig, text: string): string {
  const path = text.startsWith("~/") ? join(homedir(), text.slice(2)) : text;
  if (!text.includes("\n") && existsSync(path)) {
    config.loadFromString(readFileSync(path, "utf8"));
    return path;
  }
  if (!/[\n{]/.test(text)) throw new Error(`the kubeconfig ${path} does not exist`);
  config.loadFromString(text);
  return "the kubeconfig";
}

function ambient(config: KubeConfig): string {
  const paths = process.env["KUBECONFIG"] ?? join(homedir(), ".kube", "config");
  if (!paths.split(":").some((path) => existsSync(path)))
    throw new Error(`no kubeconfig was given, and there is none at ${paths}`);
  config.loadFromDefault();
  return paths;
}

/** The cluster that a provider's configuration names. */
export function clusterChoice(config: Properties): ClusterChoice {
  return Object.fromEntries(
    ["kubeconfig", "context", "cluster"].flatMap((key) => {
      const value = reveal(config[key] ?? null);
      return typeof value === "string" && value !== "" ? [[key, value]] : [];
    }),
  );
}

/**
 * Another cluster means other objects, so that all of them are replaced. Which cluster it is, is said by
 * `clusterIdentifier`; without one, by the cluster's entry in the kubeconfig. A new token is not a new cluster.
 */
export function diffClusters({ oldInputs, inputs }: Pick<DiffRequest, "oldInputs" | "inputs">): DiffResult {
  const changed = [...new Set([...Object.keys(oldInputs), ...Object.keys(inputs)])].filter(
    (key) => !same(oldInputs[key], inputs[key]),
  );
  const identifier = "clusterIdentifier";
  const identified = inputs[identifier] !== undefined && !changed.includes(identifier);
  const unknowns = ["kubeconfig", "context", "cluster"].filter((key) => inputs[key] instanceof Unknown);
  const moved = () =>
    unknowns.length > 0 || JSON.stringify(clusterEntry(oldInputs)) !== JSON.stringify(clusterEntry(inputs));
  const decisive = [
    // Setting an identifier where there was none changes no cluster.
    ...(oldInputs[identifier] !== undefined && inputs[identifier] !== undefined ? [identifier] : []),
    ...(!identified && moved() ? ["kubeconfig", "context", "cluster"] : []),
  ];
  return {
    changes: changed.length > 0,
    detailed: Object.fromEntries(
      changed.map((key) => [key, { kind: "update", replaces: decisive.includes(key) }]),
    ),
  };
}

function clusterEntry(config: Properties): unknown {
  try {
    return { ...loadKubeconfig(clusterChoice(config)).getCurrentCluster(), name: undefined };
  } catch {
    // A kubeconfig that cannot be read now names no cluster that could be compared.
    return clusterChoice(config);
  }
}
