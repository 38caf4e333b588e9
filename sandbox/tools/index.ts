import { existsSync } from "node:fs";
import { build, goFault, neededGo } from "./build";
import { cachedPath, defaultCacheDir, putInPlace } from "./cache/folder";
import { withLock } from "./cache/lock";
import { catalogue, thisPlatform, type Platform, type Tool, type ToolName } from "./catalogue";
import { download, NotDownloaded } from "./download";
import type { ToolReporter } from "./events";
import { findOnPath, isExecutable } from "./locate";

export type { Tool, ToolName } from "./catalogue";
export type { ToolEvent, ToolReporter } from "./events";
export { readDefinitions, type Definition } from "./definitions";
export { findGenuineKubernetesPlugin, getGenuineKubernetesPlugin } from "./genuine-plugin";

export interface GetToolsOptions {
  readonly report: ToolReporter;
  /** @default $INFERENCE_INFRA_CACHE, else inference-infra in $XDG_CACHE_HOME or ~/.cache */
  readonly cacheDir?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** @default this machine */
  readonly platform?: Platform;
  readonly signal?: AbortSignal;
}

/** One run: what every step needs. */
interface Run extends Required<Omit<GetToolsOptions, "signal">> {
  readonly signal: AbortSignal | undefined;
  readonly unreachable: Set<string>;
}

/**
 * Gets the tools: from PATH, the cache, the official downloads, or a build with Go, in this order. Touches no network
 * when PATH and cache have them all. Parallel calls, in other processes too, do not get a tool twice.
 */
export async function getTools<N extends ToolName>(
  names: readonly N[],
  options: GetToolsOptions,
): Promise<Record<N, Tool>> {
  const { env = process.env, platform = thisPlatform(), report, signal } = options;
  const cacheDir = options.cacheDir ?? defaultCacheDir(env);
  const run: Run = { env, platform, report, signal, cacheDir, unreachable: new Set() };
  const tools = new Map<ToolName, Tool>();
  await Promise.all(
    names.map(async (name) => {
      const tool = (await findOnPath(name, run)) ?? findInCache(name, run);
      if (tool === undefined) return;
      report({ kind: "found", tool });
      tools.set(name, tool);
    }),
  );
  await obtain(names, tools, (name) => downloaded(name, run), run);
  const toBuild = names.filter((name) => !tools.has(name));
  if (toBuild.length > 0) {
    const fault = await goFault(toBuild, env);
    if (fault !== undefined) throw await missing(toBuild, fault, cacheDir);
    await obtain(toBuild, tools, (name) => built(name, run), run);
  }
  return Object.fromEntries(names.map((name) => [name, tools.get(name)])) as Record<N, Tool>;
}

/** Goes through those that are missing still, one after another, each under its lock. */
async function obtain(
  names: readonly ToolName[],
  tools: Map<ToolName, Tool>,
  way: (name: ToolName) => Promise<Tool | undefined>,
  run: Run,
): Promise<void> {
  for (const name of names.filter((each) => !tools.has(each))) {
    const begun = Date.now();
    const onWait = () => run.report({ kind: "waiting", name });
    const lockPath = `${cachedPath(run.cacheDir, name)}.lock`;
    const tool = await withLock(lockPath, { onWait, signal: run.signal }, async () => {
      // Whoever held the lock before may have got it.
      return findInCache(name, run) ?? (await way(name));
    });
    if (tool === undefined) continue;
    run.report({ kind: "done", tool, seconds: (Date.now() - begun) / 1000 });
    tools.set(name, tool);
  }
}

function findInCache(name: ToolName, { cacheDir }: Run): Tool | undefined {
  const path = cachedPath(cacheDir, name);
  const { version } = catalogue[name];
  const isThere = catalogue[name].build.kind === "definitions" ? existsSync(path) : isExecutable(path);
  return isThere ? { name, path, version, origin: "cache" } : undefined;
}

async function downloaded(name: ToolName, run: Run): Promise<Tool | undefined> {
  const path = cachedPath(run.cacheDir, name);
  const onStart = (from: string) => run.report({ kind: "downloading", name, from });
  try {
    await putInPlace(path, (temporary) => download(name, temporary, { ...run, onStart }));
  } catch (error) {
    if (!(error instanceof NotDownloaded)) throw error;
    run.report({ kind: "not-downloaded", name, reason: error.message });
    return undefined;
  }
  return { name, path, version: catalogue[name].version, origin: "download" };
}

async function built(name: ToolName, { cacheDir, env, report, signal }: Run): Promise<Tool> {
  const path = cachedPath(cacheDir, name);
  const { expectedSeconds } = catalogue[name].build;
  const onProgress = (seconds: number) => report({ kind: "building", name, seconds, expectedSeconds });
  await putInPlace(path, (temporary) => build(name, temporary, { env, onProgress, signal }));
  return { name, path, version: catalogue[name].version, origin: "build" };
}

async function missing(names: readonly ToolName[], goFault: string, cacheDir: string): Promise<Error> {
  const lines = [
    `These tools are neither on PATH nor in the cache, could not be downloaded, and cannot be built (${goFault}):`,
    ...names.map((name) => `  ${name} (${catalogue[name].accepts.words})`),
    "Do one of these and run the command again:",
    `  - install Go ${await neededGo(names)} or later (https://go.dev/dl), which then builds them, once;`,
    "  - put them on PATH, or in the cache as:",
    ...names.map((name) => `      ${cachedPath(cacheDir, name)}`),
  ];
  return new Error(lines.join("\n"));
}
