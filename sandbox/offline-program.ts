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
export function offlineProgram(stack: string, standIns: StandIns): PulumiFn {
  return programFor(() => offlineEnvironment(stack), standIns);
}

/** The same for an environment that comes from elsewhere than a stack file. */
export function programFor(environment: () => Environment, { cluster, assume }: StandIns): PulumiFn {
  return async () => {
    const document = environment();
    await assume(document);
    return program(nothingImported(document), cluster);
  };
}

/** A simulated OSCAR has none of the services that a document takes over: there they are made. */
function nothingImported(environment: Environment): Environment {
  const { oscarServices } = environment;
  if (oscarServices?.import === undefined) return environment;
  return { ...environment, oscarServices: { ...oscarServices, import: [] } };
}

/** What stands in for what is elsewhere. */
export interface StandIns {
  /** The cluster in place of whatever host a stack names; without it, none is asked. */
  readonly cluster?: {
    readonly kubeconfig: string;
    readonly context: string;
    /** Charts in place of the published ones. */
    readonly chartsFolder: string;
  };
  /** Sees to it that what a document says is there already, is there: the zones of others. */
  assume(environment: Environment): Promise<void>;
}
