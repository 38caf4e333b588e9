import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { catalogue, type ToolName } from "../catalogue";

const temporary = ".partial-";

export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  if (env["INFERENCE_INFRA_CACHE"] !== undefined && env["INFERENCE_INFRA_CACHE"] !== "") {
    return env["INFERENCE_INFRA_CACHE"];
  }
  const xdg = env["XDG_CACHE_HOME"];
  const base = xdg === undefined || xdg === "" ? join(env["HOME"] ?? homedir(), ".cache") : xdg;
  return join(base, "inference-infra");
}

/** Where the tool lies once it is there: whoever finds this name may run it, or read it. */
export function cachedPath(cacheDir: string, name: ToolName): string {
  const { version, build } = catalogue[name];
  const file = build.kind === "definitions" ? "definitions.json" : name;
  return join(cacheDir, "tools", `${name}-${version}`, file);
}

/**
 * Lets `make` write the program to a temporary name, then puts it in place in one step; whatever goes wrong, nothing
 * half is left. The caller holds the tool's lock, so what an earlier, killed run left behind is removed too.
 */
export async function putInPlace(
  path: string,
  make: (temporaryPath: string) => Promise<void>,
): Promise<void> {
  const dir = dirname(path);
  await mkdir(dir, { recursive: true });
  await removeLeftovers(dir);
  const workDir = await mkdtemp(join(dir, temporary));
  try {
    const made = join(workDir, "program");
    await make(made);
    await rename(made, path);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function removeLeftovers(dir: string): Promise<void> {
  const leftovers = (await readdir(dir)).filter((entry) => entry.startsWith(temporary));
  await Promise.all(leftovers.map((entry) => rm(join(dir, entry), { recursive: true, force: true })));
}
