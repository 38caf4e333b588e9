import { request } from "node:http";

/** What a server said: nothing is followed, parsed or decoded. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

export interface Asking {
  /** A text goes as it is, all else as JSON. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** The `Authorization` header; null for none. @default oscar's basic auth */
  readonly as?: string | null;
}

export const basicAuth = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** Sends one request, given as `POST /system/services`, on a connection of its own. */
export function ask(url: string, line: string, { body, headers, as }: Asking = {}): Promise<Answer> {
  const [method = "GET", path = "/"] = line.split(" ");
  const { hostname, port } = new URL(url);
  const content = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const authorization = as === undefined ? basicAuth("oscar", "password") : as;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        method,
        // As it is written, with dots and all.
        path,
        agent: false,
        headers: { ...headers, ...(authorization === null ? {} : { authorization }) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(content);
  });
}
