import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import {
  ManagerClient,
  type ManagerClientOptions,
} from "../../../../../../components/oscar/service/client/manager-client";

/** What the server does next: an answer, the end of the connection, or nothing at all. */
export type Reply =
  { status: number; body?: unknown; type?: string; location?: string; afterMs?: number } | "cut off" | "hang";

export interface Call {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

export interface Server {
  readonly url: string;
  readonly calls: Call[];
  readonly lines: () => string[];
}

const text = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body));

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function answer(response: ServerResponse, reply: Reply): void {
  if (reply === "hang") return;
  if (reply === "cut off") {
    response.destroy();
    return;
  }
  const type = reply.type ?? (typeof reply.body === "string" ? "text/plain" : "application/json");
  const location = reply.location === undefined ? {} : { location: reply.location };
  setTimeout(() => {
    response.writeHead(reply.status, { "content-type": type, ...location });
    response.end(reply.body === undefined ? "" : text(reply.body));
  }, reply.afterMs ?? 0);
}

/** Gives the replies in their order, whatever is asked; more than there are is a 599. */
export async function serve(...replies: Reply[]): Promise<Server> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      calls.push({
        line: `${request.method} ${request.url}`,
        authorization: request.headers.authorization,
        contentType: request.headers["content-type"],
        body,
      });
      answer(response, replies.shift() ?? { status: 599, body: "no reply left" });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, calls, lines: () => calls.map(({ line }) => line) };
}

/** A client that does not wait between its tries. */
export function clientOf(endpoint: string, options: Partial<ManagerClientOptions> = {}): ManagerClient {
  return new ManagerClient({
    endpoint,
    credentials: { kind: "basic", username: "oscar", password: "pa55word" },
    retryDelaysMs: [1, 1],
    settleDelaysMs: [1, 1],
    restartDelaysMs: [1, 1],
    ...options,
  });
}

/** What was thrown; fails when nothing was. */
export async function thrownBy(work: Promise<unknown>): Promise<Error> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof Error) return thrown;
  throw new Error(`an error was expected, not ${JSON.stringify(thrown)}`);
}
