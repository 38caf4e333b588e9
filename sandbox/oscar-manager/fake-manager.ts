import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { authenticate } from "./authentication.js";
import { Exchange } from "./exchange.js";
import { Faults } from "./faults.js";
import { withDefaults, type FakeManagerOptions } from "./options.js";
import { routesOf } from "./routes.js";
import { find, type Route } from "./routing.js";
import { World } from "./world.js";

export type { FakeManagerOptions, FakeUser } from "./options.js";
export type { Fault } from "./faults.js";

/** One request, as it came in. */
export interface Call {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
  readonly authorization: string;
}

/**
 * An OSCAR Manager that is played, for tests and for the sandbox, on a free port of this machine: its routes, texts, codes and order of steps, and its
 * traps, as a real one of version 4.1.2 was seen to have them. Nothing runs in it; what would be in Kubernetes and
 * MinIO is in `state`. Kueue, KServe, federation's other members and real S3 are not there.
 *
 *     const manager = new FakeManager({ backend: "knative" });
 *     const { url } = await manager.start();
 */
export class FakeManager {
  readonly state: World;
  readonly faults = new Faults();
  readonly calls: Call[] = [];
  private readonly changed: () => Promise<void>;
  private routes: readonly Route[];
  private server: Server | undefined;
  private port = 0;
  private slot = 0;

  constructor(options: FakeManagerOptions = {}) {
    this.state = new World(withDefaults(options));
    this.routes = routesOf(this.state.options);
    this.changed = options.changed ?? (async () => undefined);
  }

  /** Goes on with other settings, and with all that it holds. */
  upgrade(options: FakeManagerOptions): void {
    this.state.upgrade(withDefaults(options));
    this.routes = routesOf(this.state.options);
  }

  /** Listens, after a stop on the same port as before. */
  async start(): Promise<{ url: string }> {
    const server = createServer((request, response) => {
      void this.answer(request, response);
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    this.server = server;
    this.port = address.port;
    return { url: `http://127.0.0.1:${this.port}` };
  }

  /** Cuts what is under way; connections are refused from then on. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** The calls that change something, as `POST /system/services`. */
  get changes(): string[] {
    return this.calls.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
  }

  /** One request; `url` is its path and query as the Manager would see them. */
  async answer(request: IncomingMessage, response: ServerResponse, url = request.url ?? "/"): Promise<void> {
    try {
      await this.respond(request, response, url);
    } catch (error) {
      response.statusCode = 599;
      response.end(`the fake itself failed: ${error instanceof Error ? (error.stack ?? error.message) : ""}`);
    }
  }

  private async respond(request: IncomingMessage, response: ServerResponse, url: string): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
    const { method = "GET", headers } = request;
    const [path = "/", query = ""] = url.split("?");
    const body = Buffer.concat(chunks).toString("utf8");
    this.calls.push({ method, path: url, body, authorization: headers.authorization ?? "" });
    await this.throttle();
    const exchange = new Exchange({ method, path, query: new URLSearchParams(query), headers, body });
    const fault = this.faults.take(method, path);
    if (fault === undefined || fault.acting === true) {
      await this.handle(exchange);
      if (method !== "GET") await this.changed();
    }
    switch (fault?.kind) {
      case "hang":
        return;
      case "cut":
        response.destroy();
        return;
      case "answer":
        exchange.replace(fault.status, fault.text ?? "");
        break;
      case undefined:
        break;
    }
    send(exchange, response);
  }

  private async handle(exchange: Exchange): Promise<void> {
    const { method, path } = exchange.request;
    const found = find(this.routes, method, path);
    if (found.kind === "redirect") exchange.redirect(method === "GET" ? 301 : 307, found.to);
    if (found.kind === "nothing") exchange.write(404, "404 page not found", "text/plain");
    if (found.kind !== "route") return;
    exchange.params = found.params;
    if (found.route.guard === "credential") authenticate(exchange, this.state);
    if (!exchange.aborted) await found.route.handler(exchange, this.state);
  }

  /** The Manager's limit towards Kubernetes: a burst of ten is free. */
  private async throttle(): Promise<void> {
    const { requestsPerSecond: rate } = this.state.options;
    if (rate === undefined) return;
    const now = Date.now();
    this.slot = Math.max(this.slot, now - 10_000 / rate) + 1000 / rate;
    await sleep(Math.max(0, this.slot - now));
  }
}

/** Long texts go in chunks; a 204 has no length. */
function send(exchange: Exchange, response: ServerResponse): void {
  const { statusCode, headers, body } = exchange;
  const length = Buffer.byteLength(body);
  response.writeHead(statusCode, {
    ...headers,
    ...(statusCode === 204 || length > 2048 ? {} : { "Content-Length": String(length) }),
  });
  response.end(statusCode === 204 ? undefined : body);
}
