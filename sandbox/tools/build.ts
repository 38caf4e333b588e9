import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import semver from "semver";
import { catalogue, type ToolName } from "./catalogue";
import { writeDefinitions, yamlTexts } from "./definitions";
import { onPath } from "./locate";

export interface BuildOptions {
  readonly env: NodeJS.ProcessEnv;
  /** At once, then every second, with the seconds so far. */
  readonly onProgress: (seconds: number) => void;
  readonly signal?: AbortSignal | undefined;
}

function moduleFolder(name: ToolName): string {
  return join(__dirname, catalogue[name].build.folder);
}

/** The oldest Go that can build all of them: the newest `go` line of their go.mod files. */
export async function neededGo(names: readonly ToolName[]): Promise<string> {
  const versions = await Promise.all(
    names.map(async (name) => {
      const file = join(moduleFolder(name), "go.mod");
      const version = /^go (\S+)$/m.exec(await readFile(file, "utf8"))?.[1];
      if (version === undefined) throw new Error(`${file} has no line \`go VERSION\``);
      return version;
    }),
  );
  return versions.reduce((newest, version) => (semver.gt(version, newest) ? version : newest));
}

/**
 * What is wrong with the Go on PATH, if anything. Asked in the module's folder, `go` tells the toolchain that it would
 * use there: since 1.21 it gets itself the one that go.mod asks for, unless GOTOOLCHAIN forbids that.
 */
export async function goFault(
  names: readonly ToolName[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const [name] = names;
  const [go] = onPath("go", env);
  if (name === undefined) return undefined;
  if (go === undefined) return "Go is not on PATH";
  const result = await execa(go, ["env", "GOVERSION"], {
    cwd: moduleFolder(name),
    env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: 180_000,
  });
  if (result.failed) return `${go} cannot be used: ${lastLines(result.stderr, 1)}`;
  const version = semver.coerce(result.stdout);
  const needed = await neededGo(names);
  return version !== null && semver.gte(version, needed)
    ? undefined
    : `${go} is ${result.stdout}, which is too old`;
}

/**
 * Builds the tool to the path, from the module version that its go.mod pins, or takes the definitions out of the module;
 * the caller removes the path's folder.
 */
export async function build(name: ToolName, path: string, options: BuildOptions): Promise<void> {
  const { build: recipe } = catalogue[name];
  // A killed `go` leaves its work folder; beside the program it is removed with the rest.
  const env = { ...options.env, CGO_ENABLED: "0", GOWORK: "off", GOTMPDIR: dirname(path) };
  if (recipe.kind === "program") {
    const { ldflags, package: goPackage } = recipe;
    await runGo(name, ["build", "-trimpath", "-ldflags", ldflags, "-o", path, goPackage], {
      ...options,
      env,
    });
    return;
  }
  const { module, yaml, sha256 } = recipe;
  const { Dir: folder }: { Dir: string } = JSON.parse(
    await runGo(name, ["mod", "download", "-json", module], { ...options, env }),
  );
  const from = join(folder, yaml);
  await writeDefinitions(await yamlTexts(from), { from, sha256, path });
}

/** Runs Go in the tool's folder, and gives what it wrote to its standard output. */
async function runGo(name: ToolName, args: readonly string[], options: BuildOptions): Promise<string> {
  const { env, onProgress, signal } = options;
  signal?.throwIfAborted();
  const begun = Date.now();
  const child = execa("go", args, {
    cwd: moduleFolder(name),
    env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    all: true,
    // A process group of its own, so that the compilers which `go` starts end with it.
    detached: true,
  });
  const killGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group has ended by itself.
    }
  };
  const progress = setInterval(() => onProgress(Math.round((Date.now() - begun) / 1000)), 1_000);
  signal?.addEventListener("abort", killGroup, { once: true });
  process.once("exit", killGroup);
  try {
    onProgress(0);
    const { failed, all, stdout, exitCode } = await child;
    signal?.throwIfAborted();
    if (!failed) return stdout;
    throw new Error(
      `${name} ${catalogue[name].version} could not be built with Go (exit code ${exitCode ?? "none"}):\n` +
        lastLines(all ?? "", 15),
    );
  } finally {
    clearInterval(progress);
    signal?.removeEventListener("abort", killGroup);
    process.removeListener("exit", killGroup);
  }
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
