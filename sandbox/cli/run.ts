import { messageOf } from "../../components/messages";
import { ConfigurationError } from "../../infra/faults";

/** Exit codes are Pulumi's: 0, 1 for an error, 7 for changes where none were expected; 130 after Ctrl-C, as shells have it. */
export class ExitCode extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** Signals within this time are one press of the key. */
const sameKeyMs = 1000;

/**
 * Runs a command of ours. Ctrl-C (or SIGTERM, SIGHUP) asks it to stop, the second time at once. A fault of the
 * user's is told without a stack trace; INFERENCE_INFRA_DEBUG=1 shows one, for a fault of ours.
 *
 * package.json starts it by `node --import tsx` and not by `tsx`: that is a process in between, which kills this one
 * where it has not taken a Ctrl-C within 60 ms, busy as it may be.
 */
export function runCommand(command: (signal: AbortSignal) => Promise<void>): void {
  const stop = new AbortController();
  let since = 0;
  // A reader that has seen enough (`| head`) is no fault, and no reason to leave a stack halfway.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      // One Ctrl-C arrives more than once: from the terminal, and handed on by npm.
      if (stop.signal.aborted && Date.now() - since < sameKeyMs) return;
      if (stop.signal.aborted) process.exit(130);
      since = Date.now();
      process.stderr.write("\nStopping. What is under way is finished first; once more to leave at once.\n");
      stop.abort();
    });
  }
  command(stop.signal).then(
    () => process.exit(stop.signal.aborted ? 130 : 0),
    (error: unknown) => {
      if (error instanceof ExitCode) process.exit(stop.signal.aborted ? 130 : error.code);
      if (!stop.signal.aborted) tell(error);
      process.exit(stop.signal.aborted ? 130 : 1);
    },
  );
}

/** Pulumi's own messages begin with `error: ` already. */
export function plainMessage(error: unknown): string {
  return messageOf(error).replace(/^(error: )+/, "");
}

function tell(error: unknown): void {
  const message = plainMessage(error);
  process.stderr.write(`${error instanceof ConfigurationError ? message : `error: ${message}`}\n`);
  if (process.env["INFERENCE_INFRA_DEBUG"] !== undefined && error instanceof Error)
    process.stderr.write(`${error.stack ?? ""}\n`);
}
