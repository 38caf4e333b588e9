/** Tells what has been so for a while, from being told again and again what is so. */
export class Lasting {
  private since = new Map<string, number>();

  constructor(private readonly ms: number) {}

  /** Those of the names that were given each time for long enough; `now` is in milliseconds, of any clock. */
  among(names: readonly string[], now: number = performance.now()): Set<string> {
    this.since = new Map(names.map((name) => [name, this.since.get(name) ?? now]));
    return new Set(names.filter((name) => now - (this.since.get(name) ?? now) >= this.ms));
  }
}

/**
 * How long something must be gone from the simulated project before we believe it, in milliseconds: the simulated cloud
 * makes a cluster and its nodes a moment before it writes down that they are there.
 */
export const goneMs = 5000;
