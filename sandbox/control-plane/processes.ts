import { execFileSync, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, closeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writePrivate } from "./files";

/** A program to run and how; the same each time it is started. */
export interface Command {
  readonly path: string;
  readonly args: readonly string[];
  /** Where it listens, for people. */
  readonly address?: string;
}

/** A process as it was recorded: its id alone may since belong to another program. */
export interface ProcessRecord {
  readonly pid: number;
  readonly startedAt: string;
  readonly command: Command;
}

export type Records = Readonly<Record<string, ProcessRecord>>;

const recordsFile = "processes.json";

export async function readRecords(dir: string): Promise<Records> {
  const text = await readFile(join(dir, recordsFile), "utf8").catch(() => "{}");
  try {
    return JSON.parse(text);
  } catch {
    // Cut off in the middle by a crash of the machine. What ran then runs no more.
    return {};
  }
}

export async function writeRecords(dir: string, records: Records): Promise<void> {
  await writePrivate(join(dir, recordsFile), JSON.stringify(records, undefined, 2));
}

/**
 * When a process was started, by the system's own words; `undefined` where there is no such process (or only its
 * remains, which a parent has not collected yet). With the id it tells one process from a later one of the same id.
 */
export function startTime(pid: number): string | undefined {
  if (!existsSync("/proc/self/stat")) return ps("lstart=", pid);
  try {
    // The second field is the program's name in brackets, and may hold anything. Ours are counted after it, from the
    // third: the state, and the 22nd, the ticks from the machine's start to the program's.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

export function isRunning({ pid, startedAt }: ProcessRecord): boolean {
  return startTime(pid) === startedAt;
}

/** Resident memory in bytes; 0 where there is no such process. */
export function memoryOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return Number(ps("rss=", pid) ?? 0) * 1024;
  }
}

/** One column of what `ps` says about a process, in KiB where it is memory. */
function ps(column: string, pid: number): string | undefined {
  try {
    const text = execFileSync("ps", ["-o", column, "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    });
    return text.trim() === "" ? undefined : text.trim();
  } catch {
    return undefined;
  }
}

/**
 * Starts a program that goes on when we end, in a process group of its own, so that Ctrl-C in the terminal does not
 * reach it. What it writes goes to `NAME.log`.
 */
export async function startDetached(dir: string, name: string, command: Command): Promise<ProcessRecord> {
  const log = openSync(join(dir, `${name}.log`), "w", 0o600);
  try {
    const child = spawn(command.path, command.args, {
      cwd: dir,
      detached: true,
      stdio: ["ignore", log, log],
      env: plainEnvironment(),
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    });
    const { pid } = child;
    const startedAt = pid === undefined ? undefined : startTime(pid);
    child.unref();
    if (pid === undefined || startedAt === undefined) throw new Error(await faultOf(dir, name, "ended"));
    return { pid, startedAt, command };
  } finally {
    closeSync(log);
  }
}

/** Ends a process and waits until it is gone: SIGTERM, and after `graceMs` SIGKILL. */
export async function endProcess(record: ProcessRecord, graceMs = 5000): Promise<void> {
  if (!isRunning(record)) return;
  const signalled = Date.now();
  kill(record, "SIGTERM");
  while (isRunning(record)) {
    if (Date.now() - signalled > graceMs) kill(record, "SIGKILL");
    await sleep(50);
  }
}

function kill({ pid }: ProcessRecord, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone in the meantime.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** What went wrong with a component, with the last lines of its log, which say why. */
export async function faultOf(dir: string, name: string, what: string): Promise<string> {
  const path = join(dir, `${name}.log`);
  const text = await readFile(path, "utf8").catch(() => "");
  const lines = text.trimEnd().split("\n").slice(-15);
  return [`the sandbox's ${name} ${what}; its log (${path}) says:`, ...lines].join("\n");
}

/** The components need no variable of ours; a proxy would only come between them on loopback. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { ...(PATH && { PATH }), ...(HOME && { HOME }), ...(TMPDIR && { TMPDIR }) };
}
