import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { execa } from "execa";
import semver from "semver";
import { catalogue, type Tool, type ToolName } from "./catalogue";
import type { ToolReporter } from "./events";

/**
 * Every executable of this name on PATH, in PATH's order. What npm installed is left out, also where a link points to
 * it: npm's `pulumi` is no CLI but a downloader of one.
 */
export function onPath(name: string, env: NodeJS.ProcessEnv): string[] {
  const found = new Map<string, string>();
  for (const dir of (env["PATH"] ?? "").split(delimiter).filter((entry) => entry !== "")) {
    const path = join(dir, name);
    if (!isExecutable(path)) continue;
    const real = realpathSync(path);
    const fromNpm = `${dir}${sep}`.includes(`${sep}node_modules${sep}.bin${sep}`);
    if (fromNpm || real.includes(`${sep}node_modules${sep}`) || found.has(real)) continue;
    found.set(real, path);
  }
  return [...found.values()];
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** `etcd Version: 3.6.6` → `3.6.6`, `kwok version v0.8.0 go1.26.8` → `0.8.0`; undefined if there is none. */
export function parseVersion(output: string): string | undefined {
  const text = /(?<![\w.])v?(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)/.exec(output)?.[1];
  return semver.parse(text)?.version;
}

/** The first good enough one on PATH; each that is not is reported with what is wrong with it. */
export async function findOnPath(
  name: ToolName,
  { env, report, signal }: { env: NodeJS.ProcessEnv; report: ToolReporter; signal?: AbortSignal | undefined },
): Promise<Tool | undefined> {
  const { accepts, versionCommand } = catalogue[name];
  if (versionCommand === undefined) return undefined;
  for (const path of onPath(name, env)) {
    const { stdout, failed } = await execa(path, versionCommand, {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: 10_000,
      ...(signal && { signal }),
    });
    signal?.throwIfAborted();
    const version = failed ? undefined : parseVersion(stdout);
    if (version !== undefined && semver.satisfies(version, accepts.range, { includePrerelease: true })) {
      return { name, path, version, origin: "path" };
    }
    const reason =
      version === undefined
        ? `\`${name} ${versionCommand.join(" ")}\` tells no version`
        : `it is ${version}; needed: ${accepts.words}`;
    report({ kind: "passed-over", name, path, reason });
  }
  return undefined;
}
