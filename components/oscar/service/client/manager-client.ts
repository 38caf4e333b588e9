import type { SystemConfig, SystemInfo } from "../wire";
import { Buckets } from "./buckets";
import { segment } from "./endpoint";
import { isPending, ManagerError } from "./errors";
import { oneAtATime } from "./one-at-a-time";
import { Quotas } from "./quotas";
import { readList, readSure } from "./read-answer";
import { Services, type Patience } from "./services";
import { areStrings, isConfig, isInfo } from "./shapes";
import { Transport, type Answer, type TransportOptions } from "./transport";
import { Volumes } from "./volumes";

/** What the Manager's router says, with 404. */
const unknownPath = "404 page not found";

export type ManagerClientOptions = TransportOptions & Patience;

/** What a service is called with: a body as it is, and the type it is sent as. */
export interface Call {
  readonly body: string | Uint8Array;
  /** @default "application/json" */
  readonly contentType?: string;
  /** The service's token. Without it, the client's own bearer token is sent; basic auth is refused by the Manager. */
  readonly token?: string;
}

/**
 * OSCAR's Manager over its REST API, of versions 3.7 to 4.2.
 *
 *     const client = new ManagerClient({
 *       endpoint: "https://oscar.example.com",
 *       credentials: { kind: "basic", username: "oscar", password },
 *     });
 *     const service = await client.services.get("nginx");
 *
 * Errors are `ManagerError` (it answered, with a status that is no success), `ManagerUnreachable` (no answer) and
 * `UnexpectedAnswer` (the address is of something else); none has a secret in its message. Changes of one cluster go
 * one at a time in a process, since each restarts MinIO. Readings are tried again; changes only when they certainly
 * had no effect. It does not decide: what to change, and what a doubtful outcome means, is the caller's to say.
 */
export class ManagerClient {
  readonly services: Services;
  readonly buckets: Buckets;
  readonly volumes: Volumes;
  readonly quotas: Quotas;
  private readonly transport: Transport;

  constructor(options: ManagerClientOptions) {
    this.transport = new Transport(options);
    this.services = new Services(this.transport, options);
    this.buckets = new Buckets(this.transport);
    this.volumes = new Volumes(this.transport);
    this.quotas = new Quotas(this.transport);
  }

  /** The address without a slash at its end. */
  get base(): string {
    return this.transport.base;
  }

  info(): Promise<SystemInfo> {
    return readSure(this.transport, { method: "GET", path: "/system/info" }, isInfo);
  }

  /** With MinIO's keys in it: the root's for basic auth, the user's own for a token. */
  config(): Promise<SystemConfig> {
    return readSure(this.transport, { method: "GET", path: "/system/config" }, isConfig);
  }

  /** From 4.0, by basic auth only. Replaces the list of what images' names must contain; an empty one allows all. */
  setConfig(config: { allowed_image_repositories: string[] }): Promise<string[]> {
    const sent = { method: "PUT", path: "/system/config", json: config } as const;
    return oneAtATime(this.transport.base, () => readList(this.transport, sent, areStrings));
  }

  /**
   * Whether the Manager has a route for reading, which tells its version where its number does not. A refusal
   * in other words than those for a path that it does not know means that it has.
   */
  async hasRoute(path: string): Promise<boolean> {
    try {
      await this.transport.send({ method: "GET", path });
      return true;
    } catch (error) {
      if (!(error instanceof ManagerError) || isPending(error)) throw error;
      return error.text !== unknownPath;
    }
  }

  /** Calls the service and waits for what it says. Knative back end only; elsewhere the route is missing: 404. */
  run(service: string, call: Call): Promise<Answer> {
    return this.call(`/run/${segment("service", service)}`, call);
  }

  /** Hands the service a job; its number is not told. */
  async job(service: string, call: Call): Promise<void> {
    await this.call(`/job/${segment("service", service)}`, call);
  }

  private call(path: string, { body, contentType, token }: Call): Promise<Answer> {
    return this.transport.send({
      method: "POST",
      path,
      raw: { body, contentType: contentType ?? "application/json" },
      ...(token === undefined ? {} : { token }),
    });
  }
}
