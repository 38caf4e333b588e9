import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Listr, type ListrTaskWrapper } from "listr2";
import { stopControlPlane } from "../control-plane";
import { withoutStaleLocks } from "../engine/recovery";
import type { EngineStack, OperationOptions, PreviewDigest } from "../engine/stack";
import { offlineEnvironment } from "../offline-program";
import { recover } from "../recover";
import {
  getSandboxTools,
  openSession,
  recoveryContext,
  type KubernetesProvider,
  type SandboxTools,
  type Session,
} from "../session";
import { Activity } from "./activity";
import { describeChanges, printDigest } from "./changes";
import { sandboxCommand } from "./command-line";
import { explainFailure, podsWaiting } from "./failure";
import { ExitCode } from "./run";
import { printSummary } from "./summary";
import { ToolDisplay } from "./tool-display";
import { waitingLine, WaitingWatcher } from "./waiting";

export interface StackCommandOptions {
  readonly dir: string;
  readonly kubernetes?: KubernetesProvider;
  readonly stack: string;
  readonly signal: AbortSignal;
}

export type StackCommand = (options: StackCommandOptions) => Promise<void>;

interface Context {
  tools?: SandboxTools;
  session?: Session;
}

type Operation = (
  stack: EngineStack,
  options: OperationOptions,
  done: (title: string) => void,
) => Promise<void>;

export const up: StackCommand = (options) =>
  onSandbox(options, `Stack ${options.stack}`, {
    work: async (stack, operation, done) => {
      const { changes } = await stack.up(operation);
      done(`Stack ${options.stack}: ${describeChanges(changes)}`);
    },
    after: (session, stack) => printSummary(session, stack, options.dir),
    watched: true,
  });

export const refresh: StackCommand = (options) =>
  onSandbox(options, `Stack ${options.stack}: reading the cluster`, {
    work: async (stack, operation, done) =>
      done(`Stack ${options.stack}: ${describeChanges(await stack.refresh(operation))}`),
  });

export const destroy: StackCommand = (options) =>
  onSandbox(options, `Stack ${options.stack}: taking it down`, {
    work: async (stack, operation, done) =>
      done(`Stack ${options.stack}: ${describeChanges(await stack.destroy(operation))}`),
  });

export const preview: StackCommand = async (options) => {
  let digest: PreviewDigest | undefined;
  try {
    await onSandbox(options, `Stack ${options.stack}: preview`, {
      // No progress: what a preview does would read as if it were done.
      work: async (stack, { signal }) => {
        const result = await stack.preview({ ...(signal && { signal }) });
        digest = result.digest;
        if (result.code !== 0) throw new ExitCode(result.code);
      },
    });
  } finally {
    if (digest !== undefined) printDigest(options.stack, digest);
  }
};

/** Checks the configuration, gets the tools, starts the control plane, mends what an earlier run left, works. */
async function onSandbox(
  options: StackCommandOptions,
  title: string,
  steps: {
    readonly work: Operation;
    readonly after?: (session: Session, stack: EngineStack) => Promise<void>;
    /** Whether it waits for pods, and should say what those wait for. */
    readonly watched?: boolean;
  },
): Promise<void> {
  offlineEnvironment(options.stack);
  const redraw = process.stdout.isTTY;
  const context: Context = {};
  const activity = { current: undefined as Activity | undefined };
  let stack: EngineStack | undefined;
  const quietly = <Task>(work: (ctx: Context, task: Task) => Promise<void>) =>
    toldBelow(options.signal, work);
  const tasks = new Listr<Context>(
    [
      {
        title: "Tools",
        task: quietly(async (ctx, task) => {
          const display = new ToolDisplay(lineWriter(task), redraw);
          ctx.tools = await getSandboxTools({
            ...(options.kubernetes && { kubernetes: options.kubernetes }),
            report: display.report,
            signal: options.signal,
          });
          task.title = `Tools: ${display.summary()}`;
        }),
      },
      {
        title: "Control plane",
        task: quietly(async (ctx, task) => {
          const begun = Date.now();
          ctx.session = await openSession({
            dir: options.dir,
            tools: given(ctx.tools),
            signal: options.signal,
          });
          const { reused, server } = ctx.session.controlPlane;
          const how = reused ? "runs already" : `ready in ${((Date.now() - begun) / 1000).toFixed(0)} s`;
          task.title = `Control plane: ${how}, ${server}`;
        }),
      },
      {
        title,
        task: quietly(async (ctx, task) => {
          const session = given(ctx.session);
          const write = lineWriter(task);
          const shown = new Activity(write, { redraw });
          activity.current = shown;
          stack = await session.stack(options.stack);
          const recovery = {
            ...recoveryContext(stack, session),
            unlock: `\`${sandboxCommand(options.dir, "down", "--delete")}\` starts over`,
          };
          await recover(recovery, write);
          const opened = stack;
          const watcher =
            steps.watched === true
              ? new WaitingWatcher((signal) => podsWaiting(opened, session, signal), shown.reportWaiting)
              : undefined;
          await withoutStaleLocks(recovery, () =>
            steps.work(opened, { onProgress: shown.report, signal: options.signal }, (text) => {
              task.title = text;
            }),
          ).finally(() => {
            watcher?.close();
            shown.close();
          });
        }),
      },
    ],
    {
      exitOnError: true,
      registerSignalListeners: false,
      rendererOptions: { collapseErrors: false, showErrorMessage: false, collapseSubtasks: false },
      fallbackRenderer: "simple",
    },
  );
  try {
    await tasks.run(context);
    if (context.session !== undefined && stack !== undefined) await steps.after?.(context.session, stack);
  } catch (thrown) {
    const error = thrown instanceof ToldBelow ? thrown.cause : thrown;
    if (
      error instanceof ExitCode ||
      options.signal.aborted ||
      context.session === undefined ||
      stack === undefined
    )
      throw error;
    await explainFailure(error, {
      stack,
      session: context.session,
      problems: activity.current?.problems ?? [],
      dir: options.dir,
    });
    throw new ExitCode(1);
  } finally {
    if (options.signal.aborted && steps.watched === true && context.session !== undefined && stack)
      process.stderr.write(await lastWaiting(stack, context.session));
    await context.session?.close();
    // Ctrl-C leaves nothing running that did not run before; the state and the cluster's data stay.
    if (options.signal.aborted) {
      const others = context.session?.controlPlane.reused === true;
      if (!others) await stopControlPlane(join(options.dir, "control-plane"));
      const controlPlane = others ? "the control plane goes on, as before" : "the control plane too";
      process.stderr.write(`Stopped; ${controlPlane}. The next run goes on from here.\n`);
    }
  }
}

/** What the list of tasks says of a failure, where the failure itself is told in full below it. */
class ToldBelow extends Error {
  constructor(
    override readonly cause: unknown,
    signal: AbortSignal,
  ) {
    super(signal.aborted ? "stopped" : "failed; see below");
  }
}

function toldBelow<Task>(signal: AbortSignal, work: (ctx: Context, task: Task) => Promise<void>) {
  return async (ctx: Context, task: Task): Promise<void> => {
    try {
      await work(ctx, task);
    } catch (error) {
      throw new ToldBelow(error, signal);
    }
  };
}

/** After Ctrl-C: what the pods waited for. A person who wants to leave does not wait long for that. */
async function lastWaiting(stack: EngineStack, session: Session): Promise<string> {
  const signal = AbortSignal.timeout(5000);
  const late = sleep(5000, [], { ref: false });
  const waiting = await Promise.race([podsWaiting(stack, session, signal), late]).catch(() => []);
  return waiting.map((each) => `${waitingLine(each)}\n`).join("");
}

function lineWriter<
  C,
  R extends typeof import("listr2").ListrRenderer,
  F extends typeof import("listr2").ListrRenderer,
>(task: ListrTaskWrapper<C, R, F>) {
  return (line: string) => {
    task.output = line;
  };
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a step ran before the one that it stands on");
  return value;
}
