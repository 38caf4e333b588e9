import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { sdkVersion } from "../clouds/versions";
import { defaultCacheDir } from "./cache/folder";
import type { Tool } from "./catalogue";
import type { ToolReporter } from "./events";
import { isExecutable, onPath } from "./locate";

export interface GenuinePluginOptions {
  readonly pulumi: Tool;
  readonly report?: ToolReporter;
  /** Whether to try an installation where there is none. @default true */
  readonly install?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
}

const name = "pulumi-resource-kubernetes";
const dayMs = 24 * 60 * 60 * 1000;
/** Some 40 MB; where nothing answers at all, Pulumi gives up by itself after 10 s. */
const installLimitMs = 120_000;

/** The folder that holds Pulumi's own Kubernetes plugin, where it is here already: on PATH or in Pulumi's plugin folder. */
export function findGenuineKubernetesPlugin(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const [found] = onPath(name, env);
  if (found !== undefined) return dirname(found);
  const home = env["PULUMI_HOME"] ?? join(env["HOME"] ?? homedir(), ".pulumi");
  const folder = join(home, "plugins", `resource-kubernetes-v${sdkVersion("kubernetes")}`);
  return isExecutable(join(folder, name)) ? folder : undefined;
}

/** Finds that folder, or installs the plugin; an installation that failed is not tried again for a day. */
export async function getGenuineKubernetesPlugin(options: GenuinePluginOptions): Promise<string | undefined> {
  const { env = process.env, install = true, report = () => undefined, signal } = options;
  const found = findGenuineKubernetesPlugin(env);
  if (found !== undefined) return found;

  const version = sdkVersion("kubernetes");
  const memo = join(options.cacheDir ?? defaultCacheDir(env), `${name}-${version}.not-installed`);
  if (!install || (await isFresh(memo))) return undefined;
  report({ kind: "downloading", name, from: "Pulumi's plugin servers" });
  const result = await execa(options.pulumi.path, ["plugin", "install", "resource", "kubernetes", version], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: installLimitMs,
    killSignal: "SIGKILL",
    ...(signal && { signal }),
  });
  signal?.throwIfAborted();
  const installed = result.failed ? undefined : findGenuineKubernetesPlugin(env);
  if (installed !== undefined) {
    await rm(memo, { force: true });
    return installed;
  }
  const said = result.stderr.trim().split("\n").at(-1) ?? "";
  const reason = result.timedOut ? `no result within ${installLimitMs / 1000} s` : said;
  report({ kind: "not-downloaded", name, reason: `${reason} (tried again in a day)` });
  await mkdir(dirname(memo), { recursive: true });
  await writeFile(memo, `${reason}\n`);
  return undefined;
}

async function isFresh(file: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(file)).mtimeMs < dayMs;
  } catch {
    return false;
  }
}
