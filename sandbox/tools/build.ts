import { rename, rm } from "node:fs/promises";
import { execa } from "execa";
import { catalogue, type ToolName } from "./catalogue";
import { candidates } from "./locate";

export interface BuildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Told every second. */
  readonly onProgress?: (seconds: number) => void;
}

export function hasGo(env: NodeJS.ProcessEnv): boolean {
  return candidates("go", env).length > 0;
}

/** Builds a tool with Go from the module that pins it. An interrupted build leaves nothing behind. */
export async function build(
  name: ToolName,
  target: string,
  { env, signal, onProgress }: BuildOptions,
): Promise<void> {
  const entry = catalogue[name];
  const unfinished = `${target}.unfinished`;
  const begun = Date.now();
  const timer = setInterval(() => onProgress?.(Math.round((Date.now() - begun) / 1000)), 1000);
  onProgress?.(0);
  const child = execa(
    "go",
    ["build", "-trimpath", "-ldflags", `-s -w ${entry.ldflags}`, "-o", unfinished, entry.package],
    {
      cwd: entry.module,
      env: { ...env, CGO_ENABLED: "0" },
      extendEnv: false,
      reject: false,
      all: true,
      stdin: "ignore",
      // A group of its own: `go` starts compilers, which are to end with it.
      detached: true,
    },
  );
  const stop = () => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    if (signal?.aborted === true) stop();
    const result = await child;
    signal?.throwIfAborted();
    if (result.failed) throw new Error(`${name} could not be built:\n${lastLines(result.all ?? "")}`);
    await rename(unfinished, target);
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", stop);
    await rm(unfinished, { force: true });
  }
}

function lastLines(text: string, count = 12): string {
  return text
    .trimEnd()
    .split("\n")
    .slice(-count)
    .map((line) => `  ${line}`)
    .join("\n");
}
