import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";

/** What the API server said no with. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export interface ApiRequest {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: object;
}

/** The parts of a kubeconfig that the sandbox writes itself, as JSON (credentials.ts). */
interface Kubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly "certificate-authority-data": string } },
  ];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

/**
 * The little of an API client that the keeper needs. The official one takes a second and 120 MB to load, which every
 * sandbox would pay for.
 */
export class Api {
  readonly server: string;
  private readonly token: string;
  private readonly agent: Agent;

  constructor(kubeconfig: string) {
    const { clusters, users }: Kubeconfig = JSON.parse(readFileSync(kubeconfig, "utf8"));
    const { server, "certificate-authority-data": ca } = clusters[0].cluster;
    this.server = server;
    this.token = users[0].user.token;
    this.agent = new Agent({ keepAlive: true, ca: Buffer.from(ca, "base64") });
  }

  /** One request and its answer; a PATCH is a JSON merge patch. */
  async send<T>(options: ApiRequest): Promise<T> {
    const response = await this.open(options, 10_000);
    const text = await textOf(response);
    if (response.statusCode === undefined || response.statusCode >= 300)
      throw new ApiError(response.statusCode ?? 0, messageIn(text));
    return JSON.parse(text);
  }

  /** Hands over line by line what a watch tells, until the API server ends it. */
  async watch(path: string, onLine: (line: string) => void): Promise<void> {
    const response = await this.open({ path });
    if (response.statusCode !== 200)
      throw new ApiError(response.statusCode ?? 0, messageIn(await textOf(response)));
    let rest = "";
    for await (const chunk of response.setEncoding("utf8")) {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(onLine);
    }
  }

  private open({ method = "GET", path, body }: ApiRequest, timeout?: number): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.server}${path}`,
        {
          method,
          agent: this.agent,
          ...(timeout !== undefined && { timeout }),
          headers: {
            authorization: `Bearer ${this.token}`,
            ...(text !== undefined && {
              "content-type": type,
              "content-length": String(Buffer.byteLength(text)),
            }),
          },
        },
        resolve,
      );
      sent.on("timeout", () => sent.destroy(new Error("the API server does not answer")));
      sent.on("error", reject);
      sent.end(text);
    });
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The API server answers an error with a Status object. */
function messageIn(text: string): string {
  try {
    const { message }: { message?: string } = JSON.parse(text);
    return message ?? text;
  } catch {
    return text.trim();
  }
}
