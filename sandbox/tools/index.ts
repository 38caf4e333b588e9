import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { check, lock } from "proper-lockfile";
import { build, hasGo } from "./build";
import { cacheDir, cachedPath } from "./cache";
import { catalogue, platform, type ToolName } from "./catalogue";
import { download, DownloadError } from "./download";
import { findOnPath, isProgram } from "./locate";
import type { Tool, ToolReporter } from "./tool";

export type { ToolName } from "./catalogue";
export { findGenuineKubernetesPlugin, getGenuineKubernetesPlugin } from "./genuine-plugin";
export type { Tool, ToolEvent, ToolReporter } from "./tool";

export interface GetToolsOptions {
  readonly report: ToolReporter;
  /** @default ~/.cache/inference-infra */
  readonly cacheDir?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * Gets tools: from PATH, from the cache, by download, or by a build with Go; the last two only once. What is cached
 * needs no network. One after another: a build of these takes a machine's memory.
 */
export async function getTools<Name extends ToolName>(
  names: readonly Name[],
  options: GetToolsOptions,
): Promise<Record<Name, Tool>> {
  platform();
  const { report, env = process.env } = options;
  const cache = options.cacheDir ?? cacheDir(env);
  const tools: Partial<Record<Name, Tool>> = {};
  const missing: Name[] = [];
  for (const name of names) {
    const found = (await findOnPath(name, env, report)) ?? findInCache(name, cache);
    if (found === undefined) missing.push(name);
    else report({ kind: "found", tool: (tools[name] = found) });
  }
  const unreachable = new Set<string>();
  const left: Name[] = [];
  for (const name of missing) {
    const begun = Date.now();
    const tool = await obtain(name, cache, { ...options, env, unreachable });
    if (tool === undefined) left.push(name);
    else report({ kind: "done", tool: (tools[name] = tool), seconds: (Date.now() - begun) / 1000 });
  }
  if (!all(names, tools)) throw new Error(cures(left, cache));
  return tools;
}

function all<Name extends ToolName>(
  names: readonly Name[],
  tools: Partial<Record<Name, Tool>>,
): tools is Record<Name, Tool> {
  return names.every((name) => tools[name] !== undefined);
}

function findInCache(name: ToolName, cache: string): Tool | undefined {
  const path = cachedPath(name, cache);
  return isProgram(path) ? { name, path, version: catalogue[name].version, origin: "cache" } : undefined;
}

interface ObtainOptions extends GetToolsOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly unreachable: Set<string>;
}

/** Downloads or builds a tool into the cache; another process that does so already is waited for. */
async function obtain(
  name: ToolName,
  cache: string,
  { report, env, signal, unreachable }: ObtainOptions,
): Promise<Tool | undefined> {
  const path = cachedPath(name, cache);
  await mkdir(dirname(path), { recursive: true });
  const lockOptions = { stale: 15_000, realpath: false };
  if (await check(path, lockOptions)) report({ kind: "waiting", name });
  const release = await lock(path, {
    ...lockOptions,
    retries: { forever: true, minTimeout: 200, maxTimeout: 1000 },
  });
  try {
    // The process that was waited for may have got it.
    const found = findInCache(name, cache);
    if (found !== undefined) return found;
    const { version } = catalogue[name];
    try {
      const done = await download(name, path, {
        env,
        signal,
        unreachable,
        onStart: (from) => report({ kind: "downloading", name, from }),
      });
      if (done) return { name, path, version, origin: "download" };
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      report({ kind: "not-downloaded", name, reason: error.message });
    }
    if (!hasGo(env)) return undefined;
    const expectedSeconds = catalogue[name].buildSeconds;
    await build(name, path, {
      env,
      signal,
      onProgress: (seconds) => report({ kind: "building", name, seconds, expectedSeconds }),
    });
    return { name, path, version, origin: "build" };
  } finally {
    await release();
  }
}

function cures(names: readonly ToolName[], cache: string): string {
  return [
    `the sandbox needs ${names.join(", ")}, which could neither be found nor downloaded. Either`,
    "  - install Go (https://go.dev/dl) and run this again: they are built from source, once; or",
    `  - put them on PATH (${names.map((name) => `${name} ${catalogue[name].accepts}`).join(", ")}) or into ${cache}/tools.`,
  ].join("\n");
}
