import { homedir } from "node:os";
import { join } from "node:path";
import { catalogue, type ToolName } from "./catalogue";

/** Where tools are kept between checkouts. INFERENCE_INFRA_CACHE puts it elsewhere. */
export function cacheDir(env: NodeJS.ProcessEnv): string {
  return (
    env["INFERENCE_INFRA_CACHE"] ??
    join(env["XDG_CACHE_HOME"] ?? join(env["HOME"] ?? homedir(), ".cache"), "inference-infra")
  );
}

/** Where a tool's program is in the cache; it is there only when it is whole. */
export function cachedPath(name: ToolName, cache: string): string {
  return join(cache, "tools", `${name}-${catalogue[name].version}`, name);
}
