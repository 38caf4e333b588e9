import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "../tools/cache/lock";
import type { ProcessName } from "./commands";
import { endProcess, readRecords } from "./processes";
import { restart, start, stop, type StartOptions } from "./start";
import { kubeconfigPath } from "./status";

export { processNames, toolNames, type ProcessName, type ToolPaths } from "./commands";
export { controlPlaneStatus, type ControlPlaneStatus } from "./status";

export interface ControlPlaneOptions extends StartOptions {
  /** Keeps its data, credentials and logs; a control plane that is stopped goes on from there. */
  readonly dir: string;
}

export interface ControlPlane {
  /** Path of its kubeconfig; always the same, so that it can stand in a stack's state. */
  readonly kubeconfig: string;
  readonly context: "sandbox";
  readonly server: string;
  /** Whether it ran already. */
  readonly reused: boolean;
  stop(): Promise<void>;
}

/**
 * Starts etcd, the API server, the controller manager, the scheduler, kwok and our keeper as processes on loopback, or
 * finds them running. What a crashed run left is replaced. They outlive this process.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { dir, signal } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  return locked(dir, signal, async () => {
    try {
      const started = await start(options);
      const kubeconfig = kubeconfigPath(dir);
      return { kubeconfig, context: "sandbox", ...started, stop: () => stopControlPlane(dir) };
    } catch (error) {
      await stop(dir);
      throw error;
    }
  });
}

/** Stops what runs of it; data and credentials stay. */
export async function stopControlPlane(dir: string): Promise<void> {
  if (existsSync(dir)) await locked(dir, undefined, () => stop(dir));
}

/** Stops one process, so that tests see what its loss does. */
export async function stopProcess(dir: string, name: ProcessName): Promise<void> {
  const record = (await readRecords(dir))[name];
  if (record !== undefined) await endProcess(record);
}

/** Starts it again, with the port and the arguments that it had; an API server is ready when this returns. */
export async function startProcess(dir: string, name: ProcessName): Promise<void> {
  await restart(dir, name);
}

/** One start or stop at a time in a folder, whichever processes ask for it. */
function locked<T>(dir: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  return withLock(join(dir, "lock"), { onWait: () => undefined, signal }, work);
}
