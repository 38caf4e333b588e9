import type { IncomingHttpHeaders } from "node:http";

import { plain } from "./go-json.js";

/** Who asks: `nobody` got past the check of a token without being known, which the Manager lets happen. */
export type Caller =
  | { readonly kind: "admin" }
  | { readonly kind: "user"; readonly uid: string; readonly name: string }
  | { readonly kind: "nobody" };

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request and its answer, written as the Manager's web library does: the first text sets the status for good. */
export class Exchange {
  caller: Caller = { kind: "admin" };
  params: Record<string, string> = {};
  readonly headers: Record<string, string> = {};
  body = "";
  private code = 200;
  private written = false;
  /** Set by what ends the request before its handler. */
  aborted = false;

  constructor(readonly request: Request) {}

  get statusCode(): number {
    return this.code;
  }

  status(code: number): void {
    if (!this.written) this.code = code;
  }

  abort(code: number): void {
    this.status(code);
    this.aborted = true;
  }

  text(code: number, body: string): void {
    this.write(code, body, "text/plain; charset=utf-8");
  }

  /** JSON that is written already. */
  json(code: number, body: string): void {
    this.write(code, body, "application/json; charset=utf-8");
  }

  object(code: number, value: unknown): void {
    this.json(code, plain(value));
  }

  redirect(code: number, location: string): void {
    this.headers["Location"] = location;
    if (this.request.method === "GET")
      this.write(code, `<a href="${location}">Moved Permanently</a>.\n\n`, "text/html; charset=utf-8");
    else this.status(code);
  }

  write(code: number, body: string, type: string): void {
    if (!this.written) {
      this.code = code;
      this.headers["Content-Type"] ??= type;
      this.written = true;
    }
    this.body += body;
  }

  /** An answer made up by a test: what was written before is forgotten. */
  replace(code: number, body: string): void {
    for (const name of Object.keys(this.headers)) delete this.headers[name];
    this.written = false;
    this.body = "";
    if (body === "") this.status(code);
    else this.text(code, body);
  }

  /** The user's id; a request of nobody gets the Manager's error, whatever status it has by then. */
  uid(): string | undefined {
    if (this.caller.kind === "user") return this.caller.uid;
    this.text(500, "missing user identificator\n");
    return undefined;
  }
}
