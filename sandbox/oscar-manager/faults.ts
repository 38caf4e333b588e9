/** Something that goes wrong with the requests that match. */
export type Fault = {
  /** @default every method */
  readonly method?: string;
  /** A whole path, or a part of one. @default every path */
  readonly path?: string | RegExp;
  /** How many requests it meets. @default 1 */
  readonly times?: number;
  /** Whether the Manager does what it was asked to do all the same. @default false */
  readonly acting?: boolean;
} & (
  | { readonly kind: "answer"; readonly status: number; readonly text?: string }
  /** No answer, until the caller goes or the Manager stops. */
  | { readonly kind: "hang" }
  /** The connection is closed without an answer. */
  | { readonly kind: "cut" }
);

/** The faults that are yet to come, in the order they were planted. */
export class Faults {
  private readonly planted: { readonly fault: Fault; left: number }[] = [];

  plant(fault: Fault): void {
    this.planted.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.planted.length = 0;
  }

  /** The fault for a request; it is used up. */
  take(method: string, path: string): Fault | undefined {
    const met = this.planted.find(({ fault, left }) => left > 0 && meets(fault, method, path));
    if (met !== undefined) met.left -= 1;
    return met?.fault;
  }
}

function meets({ method, path }: Fault, asked: string, at: string): boolean {
  if (method !== undefined && method !== asked) return false;
  return path === undefined || (typeof path === "string" ? path === at : path.test(at));
}
