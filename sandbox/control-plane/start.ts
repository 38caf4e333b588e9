import { isDeepStrictEqual } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { furnish } from "./cluster";
import {
  commandsFor,
  componentNames,
  portNames,
  portsOf,
  serverOf,
  type ComponentName,
  type ToolPaths,
} from "./commands";
import { dropExpiringCertificate, openCredentials, writeKubeconfig } from "./credentials";
import { choosePorts } from "./ports";
import {
  endProcess,
  faultOf,
  isRunning,
  readRecords,
  startDetached,
  writeRecords,
  type Command,
  type Records,
} from "./processes";
import { isReady } from "./ready";
import { kubeconfigPath } from "./status";

/** A start takes five seconds on two idle cores. */
const startTimeoutMs = 60_000;

export interface StartOptions {
  readonly dir: string;
  readonly tools: ToolPaths;
  readonly signal?: AbortSignal;
}

/** Starts what there is to start; the caller holds the lock, and stops everything where this throws. */
export async function start(options: StartOptions): Promise<{ server: string; reused: boolean }> {
  const { dir, tools, signal } = options;
  signal?.throwIfAborted();
  const credentials = await openCredentials(dir);
  const before = await readRecords(dir);
  const earlier = portsOf(before);
  const reused =
    earlier !== undefined &&
    componentNames.every((name) => runs(before, name)) &&
    // Other tools, or other arguments since an update of this repository, are for a new start.
    isDeepStrictEqual(commandsOf(before), commandsFor(dir, tools, earlier, credentials)) &&
    (await isReady(serverOf(earlier), credentials));
  const wait = new Wait(dir, signal);
  if (reused) {
    // The run that started it may have been killed before this.
    await furnish(kubeconfigPath(dir), () => wait.on("kube-controller-manager", componentNames));
    return { server: serverOf(earlier), reused };
  }
  await stop(dir);
  await dropExpiringCertificate(credentials);
  const ports = await choosePorts(portNames, earlier ?? {});
  const commands = commandsFor(dir, tools, ports, credentials);
  const server = serverOf(ports);
  const begin = async (...names: readonly ComponentName[]) => {
    for (const name of names) await startRecorded(dir, name, commands[name]);
  };
  await begin("etcd", "kube-apiserver");
  while (!(await isReady(server, credentials))) await wait.on("kube-apiserver", ["etcd", "kube-apiserver"]);
  await writeKubeconfig(kubeconfigPath(dir), server, credentials);
  await begin("kube-controller-manager", "kube-scheduler", "kwok");
  await furnish(kubeconfigPath(dir), () => wait.on("kube-controller-manager", componentNames));
  return { server, reused };
}

/** Stops what runs, those first that lean on the others. */
export async function stop(dir: string): Promise<void> {
  const records = await readRecords(dir);
  for (const name of [...componentNames].reverse()) {
    const record = records[name];
    if (record !== undefined) await endProcess(record);
  }
}

/** Starts one component again, with the port and the arguments that it had. */
export async function restart(dir: string, name: ComponentName): Promise<void> {
  const records = await readRecords(dir);
  const record = records[name];
  const ports = portsOf(records);
  if (record === undefined || ports === undefined) throw new Error(`${name} has never run in ${dir}`);
  if (!isRunning(record)) await startRecorded(dir, name, record.command);
  if (name !== "kube-apiserver") return;
  const credentials = await openCredentials(dir);
  const wait = new Wait(dir);
  while (!(await isReady(serverOf(ports), credentials))) await wait.on(name, [name]);
}

/** Waiting that ends where it has no more sense. */
class Wait {
  private readonly deadline = Date.now() + startTimeoutMs;

  constructor(
    private readonly dir: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** A moment's wait for one component, while these run. */
  async on(awaited: ComponentName, running: readonly ComponentName[]): Promise<void> {
    const records = await readRecords(this.dir);
    const ended = running.find((name) => !runs(records, name));
    if (ended !== undefined) throw new Error(await faultOf(this.dir, ended, "ended"));
    if (Date.now() > this.deadline) {
      const what = `was not ready within ${startTimeoutMs / 1000} s`;
      throw new Error(await faultOf(this.dir, awaited, what));
    }
    this.signal?.throwIfAborted();
    await sleep(100);
    this.signal?.throwIfAborted();
  }
}

async function startRecorded(dir: string, name: ComponentName, command: Command): Promise<void> {
  const record = await startDetached(dir, name, command);
  await writeRecords(dir, { ...(await readRecords(dir)), [name]: record });
}

function runs(records: Records, name: ComponentName): boolean {
  const record = records[name];
  return record !== undefined && isRunning(record);
}

function commandsOf(records: Records): Record<string, Command> {
  return Object.fromEntries(Object.entries(records).map(([name, { command }]) => [name, command]));
}
