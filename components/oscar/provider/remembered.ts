export interface Remembered<Value> {
  /** The value that was got last, or the one that is just being got, or a new one. */
  get(): Promise<Value>;
  /** What is got from now on is asked for anew. */
  forget(): void;
}

export interface Lasting {
  /** Milliseconds. */
  readonly lastsMs: number;
  /** Milliseconds that a failure is believed, so that it is not run into again for each of many resources. */
  readonly failureLastsMs: number;
}

/** Something that is asked for once, however many want it at the same time. */
export function remembered<Value>(
  ask: () => Promise<Value>,
  { lastsMs, failureLastsMs }: Lasting,
): Remembered<Value> {
  let last: { readonly value: Promise<Value>; until: number } | undefined;
  return {
    get() {
      if (last !== undefined && Date.now() < last.until) return last.value;
      const value = ask();
      const mine = { value, until: Infinity };
      last = mine;
      value.then(
        () => (mine.until = Date.now() + lastsMs),
        () => (mine.until = Date.now() + failureLastsMs),
      );
      return value;
    },
    forget() {
      last = undefined;
    },
  };
}
