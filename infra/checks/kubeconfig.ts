import { existsSync, readFileSync } from "node:fs";
import { delimiter } from "node:path";
import { parse } from "yaml";
import { nearMiss } from "../../components/near-miss";
import { got, isMapping, type Fault } from "../faults";
import { homePath } from "../paths";
import { SecretValue } from "../secrets";
import { either } from "../schema/fields";
import { faulty, type Draft } from "./draft";

/**
 * Whether the kubeconfig and the context that the document names are on this machine: else a preview would show a plan
 * for a cluster that no one can reach.
 */
export function kubeconfig({ host }: Draft, env: NodeJS.ProcessEnv = process.env): Fault[] {
  if (host?.kind !== "existing" || faulty(host, "kubeconfig") || host.kubeconfig instanceof SecretValue)
    return [];
  const given = host.kubeconfig;
  const files = (given ?? env["KUBECONFIG"] ?? "~/.kube/config").split(
    given === undefined ? delimiter : "\n",
  );
  const found = files.map(homePath).filter(existsSync);
  const path = ["host", "kubeconfig"];
  if (found.length === 0) {
    if (given !== undefined)
      return [{ path, message: `got ${JSON.stringify(given)}; there is no such file` }];
    // In a pod of the cluster, its service account is enough.
    if (env["KUBERNETES_SERVICE_HOST"] !== undefined) return [];
    return [{ path, message: `missing, and there is none at ${files.join(delimiter)} either` }];
  }
  const { context } = host;
  const contexts = found.flatMap(contextsIn);
  if (context === undefined || contexts.includes(context)) return [];
  const place = ["host", "context"];
  const allowed = contexts.length === 0 ? "none, because the kubeconfig has none" : either(contexts);
  const meant = nearMiss(context, contexts);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return [{ path: place, message: `${got(context, place)}; allowed: ${allowed}${hint}` }];
}

function contextsIn(file: string): string[] {
  const config: unknown = parse(readFileSync(file, "utf8"));
  const contexts: unknown = isMapping(config) ? config["contexts"] : undefined;
  if (!Array.isArray(contexts)) return [];
  return contexts.flatMap((each: unknown) =>
    isMapping(each) && typeof each["name"] === "string" ? [each["name"]] : [],
  );
}
