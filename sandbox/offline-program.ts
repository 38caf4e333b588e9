import type { PulumiFn } from "@pulumi/pulumi/automation";
import { parseEnvironment, type Environment } from "../infra/environment";
import { program } from "../infra/program";
import { displayPath, readStackFile } from "../infra/stack-file";
import { stackFile } from "./project";

/** Reads and checks a stack's document with every secret stood in for; throws with all faults at once. */
export function offlineEnvironment(stack: string, file: string = stackFile(stack)): Environment {
  const { document } = readStackFile(file);
  return parseEnvironment(document, { where: displayPath(file), allowPlaceholders: true });
}

/** The program of `infra/`, run in this process instead of by a language host. */
export function offlineProgram(stack: string, cluster?: SandboxCluster): PulumiFn {
  return programFor(() => offlineEnvironment(stack), cluster);
}

/** The same for an environment that comes from elsewhere than a stack file. */
export function programFor(environment: () => Environment, cluster?: SandboxCluster): PulumiFn {
  return async () =>
    program(environment(), cluster && { kubeconfig: cluster.kubeconfig, context: cluster.context });
}

/** The cluster that stands in for whatever host a stack names. */
export interface SandboxCluster {
  readonly kubeconfig: string;
  readonly context: string;
}
