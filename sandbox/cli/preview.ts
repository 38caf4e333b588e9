import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { ConfigurationError } from "../../infra/faults";
import { offlineEnvironment } from "../offline-program";
import { stackNames } from "../project";
import { openOffline } from "../session";
import type { PreviewDigest } from "../engine/stack";
import { digestLines, problemLines } from "./changes";
import { ExitCode, runCommand } from "./run";
import { ToolDisplay } from "./tool-display";

interface Options {
  readonly all?: boolean;
  readonly json?: boolean;
  readonly expectNoChanges?: boolean;
}

const cli = new Command("npm run preview --")
  .description(
    "Previews stacks offline by the real Pulumi engine: no account, no cluster, no network, no secrets.\n" +
      "It starts from an empty state. Against a real stack's state: npx pulumi preview -s STACK",
  )
  .argument("[stacks...]", `stacks of stacks/: ${stackNames().join(", ")}`)
  .option("--all", "every stack")
  .option("--json", "one object on stdout: stack name to Pulumi's own preview digest")
  .option("--expect-no-changes", "exit with 7 where anything would change, as Pulumi does")
  .showHelpAfterError()
  .action((stacks: string[], options: Options) => runCommand((signal) => preview(stacks, options, signal)));

async function preview(named: readonly string[], options: Options, signal: AbortSignal): Promise<void> {
  const stacks = options.all === true ? stackNames() : named;
  if (stacks.length === 0)
    cli.error(`error: name a stack (${stackNames().join(", ")}) or --all`, { exitCode: 2 });
  // Every stack's configuration is checked before the first is previewed; a faulty one is no reason to keep the others back.
  const faults = faultsOf(stacks);
  for (const message of Object.values(faults)) process.stderr.write(`${message}\n`);
  const sound = stacks.filter((name) => faults[name] === undefined);
  const dir = await mkdtemp(join(tmpdir(), "inference-infra-preview-"));
  const display = new ToolDisplay((line) => process.stderr.write(`${line}\n`), false);
  const offline = await openOffline({ dir, reportTools: display.report, signal });
  const digests: Record<string, unknown> = Object.fromEntries(
    Object.entries(faults).map(([name, message]) => [
      name,
      { diagnostics: [{ severity: "error", message }] },
    ]),
  );
  let worst = sound.length < stacks.length ? 1 : 0;
  try {
    for (const name of sound) {
      const begun = Date.now();
      const stack = await offline.stack(name);
      const { code, digest } = await stack.preview({
        signal,
        ...(options.expectNoChanges !== undefined && { expectNoChanges: options.expectNoChanges }),
      });
      digests[name] = digest;
      worst = code === 1 ? 1 : worst === 1 ? 1 : Math.max(worst, code);
      show(name, digest, options);
      process.stderr.write(`previewed ${name} in ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
    }
  } finally {
    await offline.close();
    await rm(dir, { recursive: true, force: true });
  }
  if (options.json === true) await write(`${JSON.stringify(digests, undefined, 2)}\n`);
  if (worst !== 0) throw new ExitCode(worst);
}

/** What is wrong with each document that is not sound. */
function faultsOf(stacks: readonly string[]): Record<string, string> {
  const faults = stacks.flatMap((stack): [string, string][] => {
    try {
      offlineEnvironment(stack);
      return [];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return [[stack, error.message]];
    }
  });
  return Object.fromEntries(faults);
}

function show(name: string, digest: PreviewDigest, options: Options): void {
  if (options.json !== true) for (const line of digestLines(name, digest)) console.log(line);
  for (const line of problemLines(digest)) process.stderr.write(`${name}: ${line}\n`);
}

/** `process.exit` cuts off what a pipe has not taken yet; this waits for it. */
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) =>
    process.stdout.write(text, (error) =>
      error && !("code" in error && error.code === "EPIPE") ? reject(error) : resolve(),
    ),
  );
}

cli.parse();
