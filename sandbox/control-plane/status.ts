import { join } from "node:path";
import { processNames, type ProcessName } from "./commands";
import { isRunning, memoryOf, readRecords } from "./processes";

export interface ControlPlaneStatus {
  /** Whether anything of it runs; a whole one has all of `processNames`. */
  readonly running: boolean;
  /** Path of its kubeconfig, whether it runs or not. */
  readonly kubeconfig: string;
  /** Those that run. */
  readonly processes: readonly {
    readonly name: ProcessName;
    readonly pid: number;
    readonly rssBytes: number;
    readonly address?: string;
  }[];
}

/** What runs of the control plane of a folder. */
export async function controlPlaneStatus(dir: string): Promise<ControlPlaneStatus> {
  const records = await readRecords(dir);
  const processes = processNames.flatMap((name) => {
    const record = records[name];
    if (record === undefined || !isRunning(record)) return [];
    const { pid } = record;
    const { address } = record.command;
    return [{ name, pid, rssBytes: memoryOf(pid), ...(address !== undefined && { address }) }];
  });
  return { running: processes.length > 0, kubeconfig: kubeconfigPath(dir), processes };
}

/** Always the same, so that it can stand in a stack's state. */
export function kubeconfigPath(dir: string): string {
  return join(dir, "kubeconfig");
}
