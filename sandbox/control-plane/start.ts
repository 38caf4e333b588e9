import { isDeepStrictEqual } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { furnish } from "./cluster";
import {
  commandsFor,
  idleSecondsOf,
  portNames,
  portsOf,
  processNames,
  programNames,
  serverOf,
  type Commands,
  type Ports,
  type ProcessName,
  type ToolPaths,
} from "./commands";
import { dropExpiringCertificate, openCredentials, writeKubeconfig } from "./credentials";
import { installDefinitions } from "./definitions";
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
  /**
   * How long a node of a simulated cloud stays with nothing on it, in seconds.
   * @default INFERENCE_INFRA_IDLE_SECONDS of the environment, else 60
   */
  readonly idleSeconds?: number;
}

/** Starts what there is to start; the caller holds the lock, and stops everything where this throws. */
export async function start(options: StartOptions): Promise<{ server: string; reused: boolean }> {
  const { dir, tools, signal } = options;
  signal?.throwIfAborted();
  const credentials = await openCredentials(dir);
  const before = await readRecords(dir);
  const earlier = portsOf(before);
  const idleSeconds = options.idleSeconds ?? idleSecondsOf(process.env);
  const commandsAt = (ports: Ports) => commandsFor(dir, tools, ports, credentials, idleSeconds);
  const reused =
    earlier !== undefined &&
    programNames.every((name) => runs(before, name)) &&
    // Other tools, or other arguments since an update of this repository, are for a new start.
    programNames.every((name) => isDeepStrictEqual(before[name]?.command, commandsAt(earlier)[name])) &&
    (await isReady(serverOf(earlier), credentials));
  const wait = new Wait(dir, signal);
  /** Also where all runs: the run that started it may have been killed before this, or had older ones. */
  const install = () =>
    installDefinitions(kubeconfigPath(dir), tools, () =>
      wait.on("kube-apiserver", ["etcd", "kube-apiserver"]),
    );
  const ready = () => furnish(kubeconfigPath(dir), () => wait.on("kube-controller-manager", processNames));
  if (reused) {
    await install();
    await renewKeeper(dir, before, commandsAt(earlier));
    await ready();
    return { server: serverOf(earlier), reused };
  }
  await stop(dir);
  await dropExpiringCertificate(credentials);
  const ports = await choosePorts(portNames, earlier ?? {});
  const commands = commandsAt(ports);
  const server = serverOf(ports);
  const begin = async (...names: readonly ProcessName[]) => {
    for (const name of names) await startRecorded(dir, name, commands[name]);
  };
  await begin("etcd", "kube-apiserver");
  while (!(await isReady(server, credentials))) await wait.on("kube-apiserver", ["etcd", "kube-apiserver"]);
  await writeKubeconfig(kubeconfigPath(dir), server, credentials);
  await begin("kube-controller-manager", "kube-scheduler");
  // kwok ends where a kind of its stages is not there.
  await install();
  await begin("kwok", "cluster-keeper");
  await ready();
  return { server, reused };
}

/** The keeper keeps nothing of its own: it alone is started anew where it is gone, or is to be run another way. */
async function renewKeeper(dir: string, records: Records, commands: Commands): Promise<void> {
  const name = "cluster-keeper";
  const record = records[name];
  if (runs(records, name) && isDeepStrictEqual(record?.command, commands[name])) return;
  if (record !== undefined) await endProcess(record);
  await startRecorded(dir, name, commands[name]);
}

/** Stops what runs, those first that lean on the others. */
export async function stop(dir: string): Promise<void> {
  const records = await readRecords(dir);
  for (const name of [...processNames].reverse()) {
    const record = records[name];
    if (record !== undefined) await endProcess(record);
  }
}

/** Starts one process again, with the port and the arguments that it had. */
export async function restart(dir: string, name: ProcessName): Promise<void> {
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

  /** A moment's wait for one process, while these run. */
  async on(awaited: ProcessName, running: readonly ProcessName[]): Promise<void> {
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

async function startRecorded(dir: string, name: ProcessName, command: Command): Promise<void> {
  const record = await startDetached(dir, name, command);
  await writeRecords(dir, { ...(await readRecords(dir)), [name]: record });
}

function runs(records: Records, name: ProcessName): boolean {
  const record = records[name];
  return record !== undefined && isRunning(record);
}
