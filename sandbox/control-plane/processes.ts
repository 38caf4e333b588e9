import { execFileSync, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, closeSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

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
  const file = join(dir, recordsFile);
  await writeFile(`${file}.new`, JSON.stringify(records, undefined, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/**
 * When a process was started, by the system's own words; `undefined` where there is no such process (or only its
 * remains, which a parent has not collected yet). With the id it tells one process from a later one of the same id.
 */
export function startTime(pid: number): string | undefined {
  if (existsSync("/proc/self/stat")) {
    try {
      // The second field is the program's name in brackets, and may hold anything.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return fields[0] === "Z" ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return text.trim() === "" ? undefined : text.trim();
  } catch {
    return undefined;
  }
}

export function isRunning({ pid, startedAt }: ProcessRecord): boolean {
  return startTime(pid) === startedAt;
}

/** Resident memory in bytes. */
export function memoryOf(pid: number): number {
  try {
    const text = execFileSync("ps", ["-o", "rss=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number(text.trim()) * 1024;
  } catch {
    return 0;
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
      child.once("error", reject);
    });
    const { pid } = child;
    const startedAt = pid === undefined ? undefined : startTime(pid);
    child.unref();
    if (pid === undefined || startedAt === undefined)
      throw new Error(`${name} ended at once.\n${await logTail(dir, name)}`);
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
  } catch {
    // Gone in the meantime.
  }
}

/** The last lines that a component wrote, which say why it ended. */
export async function logTail(dir: string, name: string, lines = 15): Promise<string> {
  const text = await readFile(join(dir, `${name}.log`), "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}

/** The components need no variable of ours; a proxy would only come between them on loopback. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { ...(PATH && { PATH }), ...(HOME && { HOME }), ...(TMPDIR && { TMPDIR }) };
}
