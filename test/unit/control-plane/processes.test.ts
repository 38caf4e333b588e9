import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  endProcess,
  faultOf,
  isRunning,
  memoryOf,
  readRecords,
  startDetached,
  startTime,
  writeRecords,
  type ProcessRecord,
} from "../../../sandbox/control-plane/processes";

let dir: string;
const started: ProcessRecord[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "processes-"));
});

afterEach(async () => {
  for (const record of started.splice(0)) await endProcess(record, 0);
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(dir, { recursive: true, force: true });
});

async function run(script: string): Promise<ProcessRecord> {
  const record = await startDetached(dir, "it", { path: process.execPath, args: ["-e", script] });
  started.push(record);
  return record;
}

const idle = "setInterval(() => undefined, 1000)";

describe("a recorded process", () => {
  it("runs in a group of its own, and is known again from the file", async () => {
    const record = await run(idle);
    await writeRecords(dir, { it: record });
    const read = await readRecords(dir);
    expect(read).toEqual({ it: record });
    expect(isRunning(record)).toBe(true);
    // It has next to none until it has become the program that it is to be.
    await expect.poll(() => memoryOf(record.pid)).toBeGreaterThan(1_000_000);
    expect(statSync(join(dir, "processes.json")).mode & 0o777).toBe(0o600);
    expect(() => process.kill(-record.pid, 0)).not.toThrow();
  });

  it("is not taken for another one that has its id since, which is left alone", async () => {
    const foreign = spawn(process.execPath, ["-e", idle]);
    children.push(foreign);
    const pid = foreign.pid ?? expect.fail("it did not start");
    const stale = { pid, startedAt: "1", command: { path: "/bin/etcd", args: [] } };
    expect(isRunning(stale)).toBe(false);
    await endProcess(stale);
    expect(startTime(pid)).toBeDefined();
    expect(foreign.signalCode).toBeNull();
  });

  it("ends at SIGTERM", async () => {
    const record = await run(idle);
    await endProcess(record, 60_000);
    expect(isRunning(record)).toBe(false);
    expect(startTime(record.pid)).toBeUndefined();
    expect(memoryOf(record.pid)).toBe(0);
  });

  it("is killed where it does not heed SIGTERM", async () => {
    const record = await run(`process.on("SIGTERM", () => console.log("no")); console.log("up"); ${idle}`);
    await expect.poll(() => faultOf(dir, "it", "")).toContain("up");
    await endProcess(record, 300);
    expect(await faultOf(dir, "it", "")).toContain("no");
    expect(isRunning(record)).toBe(false);
  });
});

it.each([
  ["no file", undefined],
  ["a file cut off by a crash", '{"etcd": {"pid": 12'],
])("nothing is recorded by %s", async (_, text) => {
  if (text !== undefined) writeFileSync(join(dir, "processes.json"), text);
  expect(await readRecords(dir)).toEqual({});
});

it("a fault quotes the last 15 lines of the log", async () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);
  writeFileSync(join(dir, "etcd.log"), `${lines.join("\n")}\n`);
  expect(await faultOf(dir, "etcd", "ended")).toBe(
    [`the sandbox's etcd ended; its log (${join(dir, "etcd.log")}) says:`, ...lines.slice(25)].join("\n"),
  );
});

it("a program that is not there is named", async () => {
  const path = join(dir, "none");
  await expect(startDetached(dir, "kwok", { path, args: [] })).rejects.toThrow(
    `kwok could not be started: spawn ${path} ENOENT`,
  );
});
