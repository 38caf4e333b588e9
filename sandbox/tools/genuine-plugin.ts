import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { sdkVersion } from "../clouds/versions";
import { cacheDir } from "./cache";
import { candidates, isProgram } from "./locate";
import type { Tool, ToolReporter } from "./tool";

export interface GenuinePluginOptions {
  readonly pulumi: Tool;
  readonly report?: ToolReporter;
  readonly env?: NodeJS.ProcessEnv;
  readonly now?: () => number;
}

const program = "pulumi-resource-kubernetes";
const day = 24 * 3600 * 1000;
const installTimeoutMs = 60_000;

/**
 * The folder of Pulumi's own Kubernetes plugin: on PATH, in Pulumi's plugin folder, or installed there now. Where it
 * cannot be installed, that is remembered for a day.
 */
export async function getGenuineKubernetesPlugin(options: GenuinePluginOptions): Promise<string | undefined> {
  const { pulumi, report = () => undefined, env = process.env, now = Date.now } = options;
  const version = sdkVersion("kubernetes");
  const [onPath] = candidates(program, env);
  if (onPath !== undefined) return dirname(onPath);
  const folder = join(
    env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"),
    "plugins",
    `resource-kubernetes-v${version}`,
  );
  if (isProgram(join(folder, program))) return folder;
  const failure = join(cacheDir(env), `no-kubernetes-plugin-${version}`);
  const failedAt = Number(await readFile(failure, "utf8").catch(() => "0"));
  if (now() - failedAt < day) return undefined;
  report({ kind: "downloading", name: program, from: "Pulumi's plugins" });
  const result = await execa(pulumi.path, ["plugin", "install", "resource", "kubernetes", `v${version}`], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    extendEnv: false,
    reject: false,
    timeout: installTimeoutMs,
    stdin: "ignore",
  });
  const installed = result.failed ? undefined : findGenuineKubernetesPlugin(env);
  if (installed !== undefined) return installed;
  const reason = result.timedOut
    ? `no answer within ${installTimeoutMs / 1000} s`
    : (result.stderr ?? "").trim().split("\n")[0];
  report({
    kind: "not-downloaded",
    name: program,
    reason: `${reason ?? ""}; the simulated one is used, and this is tried again tomorrow`,
  });
  await mkdir(dirname(failure), { recursive: true });
  await writeFile(failure, String(now()));
  return undefined;
}

/** Its folder where it is here already: on PATH, or in Pulumi's plugin folder. */
export function findGenuineKubernetesPlugin(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const [onPath] = candidates(program, env);
  if (onPath !== undefined) return dirname(onPath);
  const plugins = join(env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"), "plugins");
  const folder = join(plugins, `resource-kubernetes-v${sdkVersion("kubernetes")}`);
  return isProgram(join(folder, program)) ? folder : undefined;
}
