import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../messages";
import { ManagerError, ManagerUnreachable } from "./client/errors";
import type { ManagerClient } from "./client/manager-client";
import { redact, secretsIn } from "./client/redact";
import { describe, isExposed, isHeldByOldPods, judge, type Waited } from "./readiness";
import type { DeploymentSummary, WireService } from "./wire";

export interface AwaitOptions {
  /** What was done: after an update, the Manager says for a moment how it was before. */
  readonly after: "create" | "update";
  /** Whether OSCAR runs on Knative: `serverless_backend` of its info. */
  readonly knative: boolean;
  /** Whether this OSCAR tells how a service is deployed (4.0 and later). */
  readonly features: { readonly deployment: boolean };
  /**
   * Milliseconds at most. Pulling an image and loading a model count; the container itself has 180 s to open its port.
   * @default 900000
   */
  readonly budgetMs?: number;
  /**
   * Milliseconds between two readings. The Manager itself may ask Kubernetes five times a second, for all it does.
   * @default 1000
   */
  readonly pollMs?: number;
  /**
   * Milliseconds before the first reading after an update.
   * @default 2000
   */
  readonly settleMs?: number;
  /** Ends the waiting; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Told whenever something is new, in one line. */
  readonly onProgress?: (line: string) => void;
}

/**
 *   - `ready`: all its pods are those of the last change, and ready; on Knative it may have none.
 *   - `stopped`: it has no pods, because someone has stopped it.
 *   - `untold`: there is nothing to wait for, or this OSCAR does not tell.
 */
export type Readiness = "ready" | "stopped" | "untold";

/** A service that is there, and does not work: its state, what may help, and the last lines of its pods. */
export class ServiceNotReady extends Error {
  override readonly name = "ServiceNotReady";
}

/** How many readings may fail in a row, each of them after tries of the client's own. */
const mostErrors = 3;
/** Right after a change a failure may be the last one's: it is believed when it is read twice. */
const failuresBelieved = 2;

/** Waits until a service runs as it was last sent. Throws `ServiceNotReady` when it fails, or time is up. */
export async function awaitReady(
  client: ManagerClient,
  service: WireService,
  options: AwaitOptions,
): Promise<Readiness> {
  if (!options.features.deployment) return "untold";
  const { budgetMs = 900_000, pollMs = 1000, settleMs = 2000, signal } = options;
  const waited: Waited = {
    exposed: isExposed(service),
    kserve: service.kserve !== undefined,
    knative: options.knative,
  };
  const until = Date.now() + budgetMs;
  const tell = teller(service, options);
  let last: DeploymentSummary | undefined;
  let failures = 0;
  let errors = 0;

  signal?.throwIfAborted();
  if (options.after === "update") await pause(settleMs, signal);
  do {
    const status = await reading(client, service.name, until, signal);
    if (status instanceof Error) {
      errors += 1;
      if (errors >= mostErrors) throw status;
      tell(`its state cannot be read: ${status.message}`);
    } else if (status !== "late") {
      errors = 0;
      last = status;
      const verdict = judge(status, waited);
      failures = verdict.kind === "failed" ? failures + 1 : 0;
      if (verdict.kind === "ready") return "ready";
      if (verdict.kind === "stopped") return "stopped";
      if (verdict.kind === "nothing to wait for") return "untold";
      if (failures >= failuresBelieved) throw await notReady(client, service, "does not run", status);
      tell(describe(status) + (isHeld(service, status) ? `; ${heldBriefly}` : ""));
    }
    await pause(Math.max(0, Math.min(pollMs, until - Date.now())), signal);
  } while (Date.now() < until);
  throw await notReady(client, service, `is not ready after ${budgetMs / 1000} s`, last);
}

/** Says a line once, until there is another one. */
function teller(
  service: WireService,
  { onProgress }: Pick<AwaitOptions, "onProgress">,
): (line: string) => void {
  let said: string | undefined;
  return (line) => {
    if (line !== said) onProgress?.(clean(service, line));
    said = line;
  };
}

/** A state; an error that may pass; or nothing in time. */
async function reading(
  client: ManagerClient,
  name: string,
  until: number,
  signal: AbortSignal | undefined,
): Promise<DeploymentSummary | Error | "late"> {
  const over = new AbortController();
  // Requests cannot be called off: what comes late is not listened to.
  const late = pause(Math.max(1, until - Date.now()), any(signal, over.signal)).then(() => "late" as const);
  try {
    const status = await Promise.race([client.services.deployment(name), late]);
    if (status === undefined) {
      throw new ServiceNotReady(`service ${JSON.stringify(name)} is not there, or not for these credentials`);
    }
    return status;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ManagerUnreachable || (error instanceof ManagerError && error.status >= 500)) {
      return error;
    }
    throw error;
  } finally {
    late.catch(() => undefined);
    over.abort();
  }
}

const any = (given: AbortSignal | undefined, own: AbortSignal): AbortSignal =>
  given === undefined ? own : AbortSignal.any([given, own]);

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

const isHeld = (service: WireService, status: DeploymentSummary): boolean =>
  service.enable_gpu === true && isHeldByOldPods(status);

const heldBriefly = "the new pod may be waiting for the GPU that the old one has";

async function notReady(
  client: ManagerClient,
  service: WireService,
  what: string,
  status: DeploymentSummary | undefined,
): Promise<ServiceNotReady> {
  const name = JSON.stringify(service.name);
  const state = status === undefined ? "the Manager did not tell its state" : describe(status);
  const advice =
    status === undefined
      ? []
      : isHeld(service, status)
        ? [
            "Its old pod runs still and has the GPU that the new one waits for, and it is kept until the new one is ready.",
            `Stop the service and start it again, which frees the GPU: POST /system/services/${service.name}/stop, then …/start (from OSCAR 4.1; before, delete the old pod).`,
          ]
        : status.state === "unavailable"
          ? ["Someone has deleted it in Kubernetes; replacing the service makes it again."]
          : [];
  return new ServiceNotReady(
    [
      clean(service, `service ${name} ${what}: ${state}`),
      ...advice,
      ...(await lastLines(client, service)),
    ].join("\n"),
  );
}

const shown = 20;

/** Who has waited for the service does not wait long for its logs. */
async function tooLate(): Promise<never> {
  await sleep(15_000, undefined, { ref: false });
  throw new Error("no answer in 15 s");
}

/** What its pods wrote last; more is asked for, since lines may be empty. */
async function lastLines(client: ManagerClient, service: WireService): Promise<string[]> {
  try {
    const read = client.services.deploymentLogs(service.name, 3 * shown);
    const logs = await Promise.race([read, tooLate()]);
    const lines = (logs?.entries ?? [])
      .flatMap(({ message }) => clean(service, message).split(/\r?\n/))
      .filter((line) => line.trim() !== "")
      .slice(-shown);
    if (lines.length === 0) return ["Its pods have written nothing."];
    return ["The last lines of its pods:", ...lines.map((line) => `  ${line}`)];
  } catch (error) {
    return [`What its pods wrote cannot be read: ${messageOf(error)}`];
  }
}

/** Logs come line by line, so that a secret of several lines has to be looked for by its lines. */
function clean(service: WireService, text: string): string {
  const secrets = secretsIn(service);
  return redact(text, [...secrets, ...secrets.flatMap((secret) => secret.split(/\r?\n/))]);
}
