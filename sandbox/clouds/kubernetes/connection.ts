import { Agent, type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import got, { type Got, HTTPError, type Method, RequestError } from "got";
import type { Properties, Value } from "../../../provider";
import { textAt } from "./objects";
import { KubernetesError } from "./store";

export interface ApiRequest {
  readonly method: Method;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Properties | readonly Properties[];
  /** @default application/json */
  readonly contentType?: string;
  /** False where doing it twice would not be the same as once: then a connection that broke is an error. */
  readonly repeatable: boolean;
}

/** How long an API server that does not answer is tried again, at 1, 2, 4, 5, 5… s; a restart takes some seconds. */
const patienceMs = 30_000;
const maxDelayMs = 5000;
/** A request that was refused has had no effect. */
const refused = ["ECONNREFUSED"];
const broken = [...refused, "ECONNRESET", "EPIPE", "ETIMEDOUT"];

/** The HTTP side of a Kubernetes API server: authentication, patience, and errors in its own words. */
export class Connection {
  readonly server: string;
  private http: Promise<Got> | undefined;
  /** It was waited for in vain: whoever asks next is told at once, until it answers again. */
  private down = false;

  constructor(private readonly config: KubeConfig) {
    this.server = config.getCurrentCluster()?.server ?? "";
  }

  async send({ method, path, query = {}, body, contentType, repeatable }: ApiRequest): Promise<Properties> {
    const http = await (this.http ??= this.connect());
    const deadline = Date.now() + (this.down ? 0 : patienceMs);
    try {
      const text = await http(path, {
        method,
        searchParams: query,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { "content-type": contentType ?? "application/json" },
        }),
        retry: {
          // The deadline ends it; this only has to be more than fit before it.
          limit: 20,
          methods: [method],
          statusCodes: [429, 503],
          errorCodes: repeatable ? broken : refused,
          backoffLimit: maxDelayMs,
          maxRetryAfter: maxDelayMs,
          calculateDelay: ({ computedValue }) => (Date.now() + computedValue > deadline ? 0 : computedValue),
        },
      }).text();
      this.down = false;
      return JSON.parse(text);
    } catch (error) {
      throw this.explain(error);
    }
  }

  private async connect(): Promise<Got> {
    const tls = await this.credentials();
    const agent = new Agent({
      keepAlive: true,
      maxSockets: 32,
      ca: tls.ca,
      cert: tls.cert,
      key: tls.key,
      servername: tls.servername,
      ...(tls.rejectUnauthorized !== undefined && { rejectUnauthorized: tls.rejectUnauthorized }),
    });
    const proxied = this.config.getCurrentCluster()?.proxyUrl !== undefined;
    return got.extend({
      prefixUrl: this.server,
      agent: { https: proxied && tls.agent instanceof Agent ? tls.agent : agent },
      timeout: { connect: 5000, request: 60_000 },
      hooks: {
        // Anew for each request: a token may come from a file or a command, and run out.
        beforeRequest: [
          async (options) => {
            const { headers, auth } = await this.credentials();
            for (const [name, value] of Object.entries(headers)) options.headers[name.toLowerCase()] = value;
            if (typeof auth === "string")
              options.headers["authorization"] = `Basic ${Buffer.from(auth).toString("base64")}`;
          },
        ],
      },
    });
  }

  private async credentials(): Promise<RequestOptions & { headers: Record<string, string> }> {
    const options: RequestOptions & { headers: Record<string, string> } = { headers: {} };
    await this.config.applyToHTTPSOptions(options);
    return options;
  }

  private explain(error: unknown): unknown {
    if (error instanceof HTTPError) {
      this.down = false;
      const { message, reason } = statusOf(error.response.body);
      return new KubernetesError(error.response.statusCode, reason, message);
    }
    if (error instanceof RequestError) {
      if (refused.includes(error.code)) this.down = true;
      return new KubernetesError(
        0,
        "Unreachable",
        `the Kubernetes API server at ${this.server} does not answer: ${error.message || error.code}`,
      );
    }
    return error;
  }
}

/** The API server answers an error with a Status object. */
function statusOf(body: unknown): { message: string; reason: string } {
  const text = String(body);
  try {
    const status: Value = JSON.parse(text);
    return { message: textAt(status, "message") ?? text, reason: textAt(status, "reason") ?? "" };
  } catch {
    return { message: text.trim(), reason: "" };
  }
}
