import { setTimeout as sleep } from "node:timers/promises";
import type { Waiting } from "../cluster-view";

export function waitingLine({ pod, cause }: Waiting): string {
  return `… pod ${pod} waits: ${cause.replaceAll(/\s+/g, " ")}`;
}

/**
 * Looks now and then at which pods wait, and tells those that did so the last time too: a pod that has just been made
 * is no news. That a look fails is no fault of the run's.
 */
export class WaitingWatcher {
  private readonly stop = new AbortController();
  private before: ReadonlySet<string> = new Set();

  constructor(
    private readonly look: (signal: AbortSignal) => Promise<readonly Waiting[]>,
    private readonly tell: (waiting: readonly Waiting[]) => void,
    /** Milliseconds. */
    private readonly every = 10_000,
  ) {
    void this.watch();
  }

  /** Nothing is told after this; a look under way is broken off. */
  close(): void {
    this.stop.abort();
  }

  private async watch(): Promise<void> {
    const { signal } = this.stop;
    for (;;) {
      await sleep(this.every, undefined, { ref: false, signal }).catch(() => undefined);
      if (signal.aborted) return;
      const waiting = await this.look(signal).catch(() => undefined);
      if (signal.aborted) return;
      if (waiting === undefined) continue;
      this.tell(waiting.filter(({ pod }) => this.before.has(pod)));
      this.before = new Set(waiting.map(({ pod }) => pod));
    }
  }
}
