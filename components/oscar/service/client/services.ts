import { setTimeout as sleep } from "node:timers/promises";
import type { DeploymentLogs, DeploymentStatus, WireService } from "../wire";
import { segment } from "./endpoint";
import { absentWhen, isDoubtful, isPending, ManagerError, type Failure } from "./errors";
import { oneAtATime } from "./one-at-a-time";
import { read, readList, readSure } from "./read-answer";
import { areServices, isDeployment, isDeploymentLogs, isService } from "./shapes";
import type { Sent, Transport } from "./transport";

/**
 * What became of a change. The Manager often answers 5xx to what it did, and a connection may break; then the service
 * is read, and the caller compares: nothing is sent twice on a guess.
 *   - `done`: success; a warning is what the Manager said beside it.
 *   - `stored`: it failed with `error`, and the service is there as `service`: changed or not.
 *   - `absent`: it failed with `error`, and there is no such service.
 *   - `unknown`: it failed with `error`, and so did reading, with `because`.
 */
export type Outcome =
  | { kind: "done"; warning?: string }
  | { kind: "stored"; error: Failure; service: WireService }
  | { kind: "absent"; error: Failure }
  | { kind: "unknown"; error: Failure; because: unknown };

export interface Patience {
  /**
   * Milliseconds between readings, after no answer came: the Manager may be working on it still.
   * @default [1000, 3000, 6000, 10000]
   */
  readonly settleDelaysMs?: readonly number[];
  /**
   * Milliseconds before each further POST, when the last one met MinIO's restart.
   * @default [3000, 6000, 12000]
   */
  readonly restartDelaysMs?: readonly number[];
}

/**
 * Runs in a change's turn, right before it is sent: what it finds out cannot be changed by this process in between.
 * When it throws, nothing is sent.
 */
export type Guard = () => Promise<void>;

type Reached = (stored: WireService | undefined) => boolean;

interface Change {
  readonly name: string;
  readonly sent: Sent;
  readonly reached: Reached;
  readonly guard: Guard | undefined;
}

/** The services of a cluster. Changes go one at a time for the whole process; each may take minutes. */
export class Services {
  private readonly settleDelaysMs: readonly number[];
  private readonly restartDelaysMs: readonly number[];

  constructor(
    private readonly transport: Transport,
    patience: Patience,
  ) {
    this.settleDelaysMs = patience.settleDelaysMs ?? [1000, 3000, 6000, 10_000];
    this.restartDelaysMs = patience.restartDelaysMs ?? [3000, 6000, 12_000];
  }

  /** All of them, whole, by one request; how each is deployed costs the Manager a request more for each. */
  list(include?: "deployment"): Promise<WireService[]> {
    return readList(
      this.transport,
      { method: "GET", path: `/system/services${including(include)}` },
      areServices,
    );
  }

  /** One service; nothing when there is none, or none for these credentials. */
  async get(name: string, include?: "deployment"): Promise<WireService | undefined> {
    const path = `${one(name)}${including(include)}`;
    return read(this.transport, { method: "GET", path }, isService).catch((error) => absentWhen(error, 404));
  }

  /**
   * Creates. What the Manager refuses (4xx) is thrown as a `ManagerError`; a name that is taken is 400, and 409 before
   * 4.1. A POST that met MinIO's restart was rolled back: it is sent again, once the service is seen not to be there.
   */
  create(service: WireService, guard?: Guard): Promise<Outcome> {
    const change: Change = {
      name: service.name,
      sent: { method: "POST", path: "/system/services", json: service },
      reached: (stored) => stored !== undefined,
      guard,
    };
    return this.inTurn(async () => {
      for (const delay of this.restartDelaysMs) {
        const outcome = await this.make(change);
        if (outcome.kind !== "absent" || !metRestart(outcome.error)) return outcome;
        await sleep(delay);
      }
      return this.make(change);
    });
  }

  /**
   * Replaces the whole definition. `reached` tells by what is stored whether it is done; after a broken connection the
   * service is read until it is, or patience ends. A service that is missing is thrown as a `ManagerError` of 404.
   */
  update(service: WireService, reached: (stored: WireService) => boolean, guard?: Guard): Promise<Outcome> {
    const change: Change = {
      name: service.name,
      sent: { method: "PUT", path: "/system/services", json: service },
      reached: (stored) => stored === undefined || reached(stored),
      guard,
    };
    return this.inTurn(() => this.make(change));
  }

  /** Deletes, with the buckets it reads from and writes to. One that is not there is done. */
  delete(name: string, guard?: Guard): Promise<Outcome> {
    const change: Change = {
      name,
      sent: { method: "DELETE", path: one(name) },
      reached: (stored) => stored === undefined,
      guard,
    };
    return this.inTurn(() => this.make(change));
  }

  /** Reads until the condition holds or patience ends, and gives what was read last. */
  async settle(name: string, reached: Reached): Promise<WireService | undefined> {
    for (const delay of this.settleDelaysMs) {
      const stored = await this.get(name);
      if (reached(stored)) return stored;
      await sleep(delay);
    }
    return this.get(name);
  }

  /** From 4.0. Nothing when there is no such service: the Manager then answers 403. */
  deployment(name: string): Promise<DeploymentStatus | undefined> {
    const sent = { method: "GET", path: `${one(name)}/deployment` } as const;
    return read(this.transport, sent, isDeployment).catch((error) => absentWhen(error, 403, 404));
  }

  /** From 4.0. The last lines of the pods, 1 to 1000 of them; 200 when not said. */
  deploymentLogs(name: string, tailLines?: number): Promise<DeploymentLogs | undefined> {
    const query = tailLines === undefined ? "" : `?tailLines=${tailLines}`;
    const sent = { method: "GET", path: `${one(name)}/deployment/logs${query}` } as const;
    return read(this.transport, sent, isDeploymentLogs).catch((error) => absentWhen(error, 403, 404));
  }

  /** From 4.1, for exposed services: new pods for a new script or new secrets; none; as many as before. */
  control(name: string, what: "restart" | "stop" | "start"): Promise<DeploymentStatus> {
    const sent = { method: "POST", path: `${one(name)}/${what}` } as const;
    return this.inTurn(() => readSure(this.transport, sent, isDeployment));
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return oneAtATime(this.transport.base, work);
  }

  private async make({ name, sent, reached, guard }: Change): Promise<Outcome> {
    await guard?.();
    try {
      const { text } = await this.transport.send(sent);
      return text.trim() === "" ? { kind: "done" } : { kind: "done", warning: text.trim() };
    } catch (error) {
      if (sent.method === "DELETE" && wasMissing(error)) return { kind: "done" };
      if (!isDoubtful(error)) throw error;
      return this.readBack(name, error, reached);
    }
  }

  private async readBack(name: string, error: Failure, reached: Reached): Promise<Outcome> {
    try {
      const service = await (isPending(error) ? this.settle(name, reached) : this.get(name));
      if (service !== undefined) return { kind: "stored", error, service };
      return wasNotDeleted(error) ? { kind: "done" } : { kind: "absent", error };
    } catch (because) {
      return { kind: "unknown", error, because };
    }
  }
}

const one = (name: string): string => `/system/services/${segment("service", name)}`;
const including = (include: "deployment" | undefined): string =>
  include === undefined ? "" : `?include=${include}`;
const says = (error: Failure, part: string): boolean => error instanceof ManagerError && error.says(part);

const wasMissing = (error: unknown): boolean => error instanceof ManagerError && error.status === 404;

/** How the Knative back end says to the owner of a token who deletes that there is no such service. */
const wasNotDeleted = (error: Failure): boolean => says(error, "does not have a registered ConfigMap");

/** The texts of a POST that came while another one restarted MinIO, or just before; the Manager has rolled it back. */
function metRestart(error: Failure): boolean {
  const steps = ["error registering the service's webhook:", "error creating bucket "];
  return steps.some((step) => says(error, step)) && says(error, "connection refused");
}
