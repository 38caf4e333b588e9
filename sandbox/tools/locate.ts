import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { execa } from "execa";
import { coerce, satisfies } from "semver";
import { catalogue, type ToolName } from "./catalogue";
import type { Tool, ToolReporter } from "./tool";

/** A tool on PATH that is new enough; one that is not is passed over, with a word. */
export async function findOnPath(
  name: ToolName,
  env: NodeJS.ProcessEnv,
  report: ToolReporter,
): Promise<Tool | undefined> {
  for (const path of candidates(name, env)) {
    const version = await versionOf(name, path);
    if (version !== undefined && satisfies(version, catalogue[name].accepts))
      return { name, path, version, origin: "path" };
    const reason =
      version === undefined
        ? "it does not tell its version"
        : `it is ${version}, and ${catalogue[name].accepts} is needed`;
    report({ kind: "passed-over", name, path, reason });
  }
  return undefined;
}

/** The programs of a name on PATH. npm's `node_modules/.bin` is left out: its `pulumi` is a downloader, not the CLI. */
export function candidates(program: string, env: NodeJS.ProcessEnv): string[] {
  return (env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !folder.replace(/[/\\]$/, "").endsWith(`node_modules${sep}.bin`))
    .map((folder) => join(folder, program))
    .filter(isProgram);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function versionOf(name: ToolName, path: string): Promise<string | undefined> {
  const result = await execa(path, catalogue[name].versionArgs, {
    reject: false,
    timeout: 20_000,
    stdin: "ignore",
  });
  return result.failed ? undefined : parseVersion(result.stdout);
}

/** The version in what a program prints: `v3.250.0`, `Kubernetes v1.36.3`, `etcd Version: 3.6.6`, `kwok version v0.8.0 go1.26`. */
export function parseVersion(text: string): string | undefined {
  const [, found] = /(?:^|[\s:])v?(\d+\.\d+\.\d+\S*)/.exec(text) ?? [];
  return coerce(found)?.version;
}
