import { setTimeout as sleep } from "node:timers/promises";
import { fetch, type Response } from "undici";
import { authorization, baseUrl, type Credentials } from "./endpoint";
import { ManagerError, ManagerUnreachable, UnexpectedAnswer, type NoAnswer } from "./errors";
import { connections } from "./loopback";
import { secretsIn } from "./redact";

export interface TransportOptions {
  /** The Manager's address; a path in it is kept: `https://host/oscar`. */
  readonly endpoint: string;
  readonly credentials: Credentials;
  /**
   * Milliseconds for one answer, body included. Every creation and deletion restarts MinIO and takes 6 seconds and
   * more; the Manager itself gives up after 300 seconds, as Node's fetch does, so that more has no effect.
   * @default 300000
   */
  readonly timeoutMs?: number;
  /**
   * Milliseconds to wait before each further try, where a further try does no harm.
   * @default [500, 2000, 5000]
   */
  readonly retryDelaysMs?: readonly number[];
}

export interface Sent {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** From the base on, with its query, every name in it made by `segment`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, instead of JSON. */
  readonly raw?: { readonly body: string | Uint8Array; readonly contentType: string };
  /** Instead of the client's own credentials: a service's token. */
  readonly token?: string;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Requests over HTTP: errors with names, and further tries where they are safe. */
export class Transport {
  readonly base: string;
  readonly retryDelaysMs: readonly number[];
  private readonly credentials: Credentials;
  private readonly timeoutMs: number;

  constructor(options: TransportOptions) {
    this.base = baseUrl(options.endpoint);
    this.credentials = options.credentials;
    this.timeoutMs = options.timeoutMs ?? 300_000;
    this.retryDelaysMs = options.retryDelaysMs ?? [500, 2000, 5000];
  }

  /** An answer of success; anything else is thrown. */
  async send(sent: Sent): Promise<Answer> {
    for (const delay of this.retryDelaysMs) {
      try {
        return await this.once(sent);
      } catch (error) {
        if (!isHarmless(sent, error)) throw error;
        await sleep(delay);
      }
    }
    return this.once(sent);
  }

  private async once(sent: Sent): Promise<Answer> {
    const own = sent.token === undefined ? this.credentials : bearer(sent.token);
    const { header, secrets } = await authorization(own);
    const { response, text } = await this.exchange(sent, header);
    if (response.status >= 300 && response.status < 400) {
      throw new UnexpectedAnswer(sent, this.base, `redirected to ${target(response)}`);
    }
    if (!response.ok)
      throw new ManagerError(sent, response.status, text, [...secrets, ...secretsIn(sent.json)]);
    return { status: response.status, contentType: response.headers.get("content-type") ?? "", text };
  }

  private async exchange(sent: Sent, header: string): Promise<{ response: Response; text: string }> {
    const contentType = sent.raw?.contentType ?? "application/json";
    const body = sent.raw?.body ?? (sent.json === undefined ? undefined : JSON.stringify(sent.json));
    try {
      const response = await fetch(`${this.base}${sent.path}`, {
        method: sent.method,
        headers: { authorization: header, ...(body === undefined ? {} : { "content-type": contentType }) },
        ...(body === undefined ? {} : { body }),
        // A redirect would be followed without the credentials, or with another method.
        redirect: "manual",
        dispatcher: connections,
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      return { response, text: await response.text() };
    } catch (error) {
      const [reason, detail] = whyNoAnswer(error, this.timeoutMs);
      throw new ManagerUnreachable(sent, this.base, reason, detail);
    }
  }
}

const bearer = (token: string): Credentials => ({ kind: "bearer", token: () => token });

/** Where it leads, without a query, which may hold secrets. */
function target(response: Response): string {
  return (response.headers.get("location") ?? "nowhere").replace(/[?#].*$/, "");
}

/**
 * Whether a further try can do no harm and may help: nothing got there; or it was a reading, and the Manager, or MinIO
 * behind it, is just starting again.
 */
function isHarmless(sent: Sent, error: unknown): boolean {
  if (error instanceof ManagerUnreachable) {
    const neverSent = error.reason === "refused" || error.reason === "unknown-host";
    return neverSent || (sent.method === "GET" && error.reason === "cut-off");
  }
  if (!(error instanceof ManagerError) || sent.method !== "GET") return false;
  return [502, 503, 504].includes(error.status) || (error.status === 500 && error.says("connection refused"));
}

/** The code of the innermost cause: fetch says only "fetch failed". */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return codeOf(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

function whyNoAnswer(error: unknown, timeoutMs: number): [NoAnswer, string] {
  const code = codeOf(error);
  if (code === "TimeoutError" || (error instanceof Error && error.name === "TimeoutError")) {
    return ["time-out", `waited ${timeoutMs / 1000} s`];
  }
  if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code)) return ["time-out", code];
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/.test(code))
    return ["refused", code];
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code)) return ["unknown-host", code];
  if (/CERT|SIGNATURE|ERR_TLS|ERR_SSL/.test(code)) return ["certificate", code];
  return ["cut-off", code];
}
