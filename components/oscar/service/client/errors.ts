import { redact } from "./redact";

/** A request, as errors name it. The path has no credentials in it. */
export interface Request {
  readonly method: string;
  readonly path: string;
}

const meanings: Readonly<Record<number, string>> = {
  400: "the Manager refuses the request and does not say why",
  401: "the Manager does not accept these credentials",
  403: "the Manager does not allow this to these credentials",
  404: "not found",
  502: "what stands before the Manager does not reach it",
  503: "what stands before the Manager does not reach it",
  504: "what stands before the Manager got no answer from it in time",
};

/** The Manager answered, and not with success. */
export class ManagerError extends Error {
  override readonly name = "ManagerError";
  readonly method: string;
  readonly path: string;
  /** The Manager's own words, without secrets; they may be empty. */
  readonly text: string;
  // As it came: rules match on it, nobody is shown it.
  readonly #raw: string;

  constructor(
    request: Request,
    readonly status: number,
    raw: string,
    secrets: readonly string[] = [],
  ) {
    const text = redact(raw.trim(), secrets);
    const words = text === "" ? (meanings[status] ?? "the Manager does not say why") : text;
    super(`${request.method} ${request.path}: ${status}: ${words}`);
    this.method = request.method;
    this.path = request.path;
    this.text = text;
    this.#raw = raw;
  }

  /** Whether the Manager's words, as they came, have this in them. */
  says(part: string): boolean {
    return this.#raw.includes(part);
  }
}

export type NoAnswer = "refused" | "unknown-host" | "certificate" | "time-out" | "cut-off";

const noAnswers: Readonly<Record<NoAnswer, string>> = {
  refused: "nothing listens there; is the Manager running, and is this its address?",
  "unknown-host": "the name of the host is not known; is this the Manager's address?",
  certificate: "its certificate is not trusted; NODE_EXTRA_CA_CERTS names a file with a CA of your own",
  "time-out": "no answer in time",
  "cut-off": "the connection broke before the answer was there",
};

/** There was no answer. */
export class ManagerUnreachable extends Error {
  override readonly name = "ManagerUnreachable";
  readonly method: string;
  readonly path: string;
  /** Whether the request may have got there: the Manager may act on it still. */
  readonly mayHaveActed: boolean;

  constructor(
    request: Request,
    readonly origin: string,
    readonly reason: NoAnswer,
    detail: string,
  ) {
    super(`${request.method} ${request.path} at ${origin}: ${noAnswers[reason]} (${detail})`);
    this.method = request.method;
    this.path = request.path;
    this.mayHaveActed = reason === "time-out" || reason === "cut-off";
  }
}

/** The answer is no answer of a Manager: most often the address is that of something else. */
export class UnexpectedAnswer extends Error {
  override readonly name = "UnexpectedAnswer";

  constructor(request: Request, origin: string, what: string) {
    super(
      `${request.method} ${request.path} at ${origin}: ${what}; is this the address of an OSCAR Manager?`,
    );
  }
}

export type Failure = ManagerError | ManagerUnreachable;

/** Whether the Manager may have done, after all, what it was asked to do: a 5xx often comes after it acted. */
export function isDoubtful(error: unknown): error is Failure {
  if (error instanceof ManagerError) return error.status >= 500;
  return error instanceof ManagerUnreachable && error.mayHaveActed;
}

/** Whether nobody can know yet: the Manager may be working on it still. */
export function isPending(error: Failure): boolean {
  return error instanceof ManagerUnreachable || [502, 503, 504].includes(error.status);
}

/** Gives `undefined` for an error with one of these statuses, and throws any other. */
export function absentWhen(error: unknown, ...statuses: number[]): undefined {
  if (error instanceof ManagerError && statuses.includes(error.status)) return undefined;
  throw error;
}
