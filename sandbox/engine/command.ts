import { PulumiCommand } from "@pulumi/pulumi/automation";
import { execa } from "execa";
import { parse } from "semver";
import type { Tool } from "../tools";

/** What a finished `pulumi` left behind. */
export interface EngineOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** A `pulumi` that ended with another exit code than 0; `code` is Pulumi's own (7: changes where none were expected). */
export class EngineError extends Error {
  constructor(readonly output: EngineOutput) {
    super(output.stderr.trim() === "" ? output.stdout.trim() : output.stderr.trim());
    this.name = "EngineError";
  }
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onOutput?: (text: string) => void;
  readonly onError?: (text: string) => void;
  /** Asks the engine to stop: it finishes the step under way, drops its lock and ends. */
  readonly signal?: AbortSignal;
}

/** Starts `pulumi` and gives its process id to those who ask, which a test needs in order to kill it. */
export class EngineProcesses {
  readonly running = new Set<number>();

  async run(executable: string, args: readonly string[], options: RunOptions): Promise<EngineOutput> {
    // A process group of its own: Ctrl-C in a terminal goes to every process of the group in front, and an
    // engine that hears it twice (from the terminal and from us) leaves without writing its state.
    const child = execa(executable, args, {
      cwd: options.cwd,
      env: options.env,
      extendEnv: false,
      detached: true,
      reject: false,
      stdin: "ignore",
      stripFinalNewline: false,
    });
    const { pid } = child;
    if (pid !== undefined) this.running.add(pid);
    const stop = () => child.kill("SIGINT");
    options.signal?.addEventListener("abort", stop, { once: true });
    child.stdout?.on("data", (data) => options.onOutput?.(String(data)));
    child.stderr?.on("data", (data) => options.onError?.(String(data)));
    try {
      if (options.signal?.aborted === true) stop();
      const result = await child;
      // A program that could not be started at all has no exit code; then the error says why.
      const unstarted = result instanceof Error && result.exitCode === undefined ? result.message : "";
      const output = {
        stdout: result.stdout,
        stderr: result.stderr === "" ? unstarted : result.stderr,
        code: result.exitCode ?? 255,
      };
      if (output.code !== 0) throw new EngineError(output);
      return output;
    } finally {
      options.signal?.removeEventListener("abort", stop);
      if (pid !== undefined) this.running.delete(pid);
    }
  }
}

/**
 * The Automation API's command, run in our way: with exactly the environment we give it, in a process group of
 * its own, `args` changed by `adjust`. The class keeps its constructor private, hence `Object.create`.
 */
export function pulumiCommand(
  tool: Tool,
  processes: EngineProcesses,
  env: NodeJS.ProcessEnv,
  adjust: (args: readonly string[]) => readonly string[] = (args) => args,
): PulumiCommand {
  type Run = (
    args: string[],
    cwd: string,
    extra: Record<string, string>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
    signal?: AbortSignal,
  ) => Promise<EngineOutput>;
  const run: Run = (args, cwd, extra, onOutput, onError, signal) =>
    processes.run(
      tool.path,
      [...adjust(args), ...(args.includes("--non-interactive") ? [] : ["--non-interactive"])],
      {
        cwd,
        env: { ...env, ...extra, PULUMI_AUTOMATION_API: "true" },
        ...(onOutput && { onOutput }),
        ...(onError && { onError }),
        ...(signal && { signal }),
      },
    );
  const command: PulumiCommand = Object.create(PulumiCommand.prototype, {
    command: { value: tool.path, enumerable: true },
    version: { value: parse(tool.version), enumerable: true },
    run: { value: run },
  });
  return command;
}
