import { mkdir } from "node:fs/promises";
import { get } from "node:https";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { furnish } from "./bootstrap";
import {
  commandsFor,
  componentNames,
  portNames,
  type ComponentName,
  type Ports,
  type ToolPaths,
} from "./commands";
import { openCredentials, writeKubeconfig, type Credentials } from "./credentials";
import { choosePorts } from "./ports";
import {
  endProcess,
  isRunning,
  logTail,
  memoryOf,
  readRecords,
  startDetached,
  writeRecords,
  type Records,
} from "./processes";

export interface ControlPlaneOptions {
  /** Keeps its data, credentials and logs; a control plane that is stopped goes on from there. */
  readonly dir: string;
  readonly tools: ToolPaths;
  readonly signal?: AbortSignal;
}

export interface ControlPlane {
  /** Path of its kubeconfig; always the same, so that it can stand in a stack's state. */
  readonly kubeconfig: string;
  readonly context: string;
  readonly server: string;
  /** Whether it ran already. */
  readonly reused: boolean;
  stop(): Promise<void>;
}

export interface ControlPlaneStatus {
  readonly running: boolean;
  readonly kubeconfig: string;
  readonly processes: readonly {
    readonly name: string;
    readonly pid: number;
    readonly rssBytes: number;
    readonly address?: string;
  }[];
}

const startTimeoutMs = 60_000;

/**
 * Starts etcd, the API server, the controller manager, the scheduler and kwok as processes on loopback, or finds them
 * running. What a crashed run left is replaced. Ready in about five seconds.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { dir } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const release = await lock(dir, {
    stale: 20_000,
    retries: { retries: 60, minTimeout: 500, maxTimeout: 1000 },
  });
  try {
    return await startLocked(options);
  } catch (error) {
    await stopRecorded(dir);
    throw error;
  } finally {
    await release();
  }
}

async function startLocked({ dir, tools, signal }: ControlPlaneOptions): Promise<ControlPlane> {
  const kubeconfig = join(dir, "kubeconfig");
  const credentials = await openCredentials(dir);
  const before = await readRecords(dir);
  const earlier = portsOf(before);
  const result = (ports: Ports, reused: boolean): ControlPlane => ({
    kubeconfig,
    context: "sandbox",
    server: serverOf(ports),
    reused,
    stop: () => stopControlPlane(dir),
  });
  if (
    earlier !== undefined &&
    componentNames.every((name) => runs(before, name)) &&
    (await isReady(earlier, credentials))
  ) {
    return result(earlier, true);
  }
  await stopRecorded(dir);
  const ports = await choosePorts(portNames, earlier ?? {});
  const commands = commandsFor(dir, tools, ports, credentials);
  const deadline = Date.now() + startTimeoutMs;
  const start = async (name: ComponentName) => {
    const record = await startDetached(dir, name, commands[name]);
    await writeRecords(dir, { ...(await readRecords(dir)), [name]: record });
  };
  const check = async (started: readonly ComponentName[]) => {
    signal?.throwIfAborted();
    const records = await readRecords(dir);
    const ended = started.find((name) => !runs(records, name));
    if (ended !== undefined)
      throw new Error(
        `the sandbox's ${ended} ended; its log (${join(dir, `${ended}.log`)}) says:\n${await logTail(dir, ended)}`,
      );
    if (Date.now() > deadline)
      throw new Error(`the sandbox was not ready within ${startTimeoutMs / 1000} s; its logs are in ${dir}`);
  };

  await start("etcd");
  await start("kube-apiserver");
  while (!(await isReady(ports, credentials))) {
    await check(["etcd", "kube-apiserver"]);
    await sleep(100);
  }
  await writeKubeconfig(kubeconfig, serverOf(ports), credentials);
  for (const name of ["kube-controller-manager", "kube-scheduler", "kwok"] as const) await start(name);
  const watch = { failure: undefined as unknown };
  const watcher = setInterval(
    () => void check(componentNames).catch((error: unknown) => (watch.failure = error)),
    500,
  );
  try {
    await furnish(kubeconfig, () => {
      if (watch.failure !== undefined) throw watch.failure;
    });
  } finally {
    clearInterval(watcher);
  }
  return result(ports, false);
}

/** Stops what runs of it; data and credentials stay. */
export async function stopControlPlane(dir: string): Promise<void> {
  await stopRecorded(dir);
}

export async function controlPlaneStatus(dir: string): Promise<ControlPlaneStatus> {
  const records = await readRecords(dir);
  const processes = componentNames.flatMap((name) => {
    const record = records[name];
    if (record === undefined || !isRunning(record)) return [];
    const { address } = record.command;
    return [
      { name, pid: record.pid, rssBytes: memoryOf(record.pid), ...(address !== undefined && { address }) },
    ];
  });
  return { running: processes.length > 0, kubeconfig: join(dir, "kubeconfig"), processes };
}

/** Stops one component, as a crash would; for tests. */
export async function stopProcess(dir: string, name: ComponentName): Promise<void> {
  const record = (await readRecords(dir))[name];
  if (record !== undefined) await endProcess(record);
}

/** Starts one component again, with the arguments and the port that it had. */
export async function startProcess(dir: string, name: ComponentName): Promise<void> {
  const records = await readRecords(dir);
  const record = records[name];
  if (record === undefined) throw new Error(`${name} has never run in ${dir}`);
  if (!isRunning(record))
    await writeRecords(dir, { ...records, [name]: await startDetached(dir, name, record.command) });
  const ports = portsOf(records);
  const credentials = await openCredentials(dir);
  while (name === "kube-apiserver" && ports !== undefined && !(await isReady(ports, credentials)))
    await sleep(100);
}

async function stopRecorded(dir: string): Promise<void> {
  const records = await readRecords(dir);
  for (const name of [...componentNames].reverse()) {
    const record = records[name];
    if (record !== undefined) await endProcess(record);
  }
}

function runs(records: Records, name: ComponentName): boolean {
  const record = records[name];
  return record !== undefined && isRunning(record);
}

/** The ports that the components were given before, as their addresses say. */
function portsOf(records: Records): Ports | undefined {
  const port = (text: string | undefined) => Number(/:(\d+)$/.exec(text ?? "")?.[1]);
  const etcd = port(records["etcd"]?.command.address);
  const etcdPeer = port(records["etcd"]?.command.args.find((arg) => arg.startsWith("--listen-peer-urls=")));
  const apiServer = port(records["kube-apiserver"]?.command.address);
  return [etcd, etcdPeer, apiServer].every(Number.isInteger) ? { etcd, etcdPeer, apiServer } : undefined;
}

function serverOf({ apiServer }: Ports): string {
  return `https://127.0.0.1:${apiServer}`;
}

/** Asks the API server whether it is ready, trusting its own certificate only. */
async function isReady(ports: Ports, { token, certDir }: Credentials): Promise<boolean> {
  const ca = await readFile(join(certDir, "apiserver.crt")).catch(() => undefined);
  if (ca === undefined) return false;
  return new Promise((resolve) => {
    const request = get(
      `${serverOf(ports)}/readyz`,
      { ca, headers: { authorization: `Bearer ${token}` }, timeout: 2000, agent: false },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
