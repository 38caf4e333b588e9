import type { Waiting } from "../cluster-view";
import type { Progress } from "../engine/progress";
import { waitingLine } from "./waiting";

/**
 * Turns the engine's progress into lines. In a terminal: one status line that is redrawn every second, with how
 * long each resource has been at it and what it last said. Elsewhere: a line for each thing that happens.
 */
export class Activity {
  private readonly running = new Map<string, { verb: string; since: number; said: string }>();
  private readonly timer: NodeJS.Timeout | undefined;
  private waiting: readonly string[] = [];
  private readonly told = new Set<string>();
  /** Errors and warnings in the order they came, for the end. */
  readonly problems: string[] = [];

  constructor(
    private readonly write: (line: string) => void,
    private readonly options: { readonly redraw: boolean; readonly now?: () => number },
  ) {
    if (options.redraw) {
      this.timer = setInterval(() => this.draw(), 1000);
      this.timer.unref();
    }
  }

  readonly report = (progress: Progress): void => {
    switch (progress.kind) {
      case "started":
        this.running.set(progress.resource, { verb: progress.verb, since: this.now(), said: "" });
        break;
      case "finished":
        this.running.delete(progress.resource);
        if (!this.options.redraw && progress.verb !== "read") {
          this.write(`${progress.verb} ${progress.resource}: done (${progress.seconds.toFixed(0)} s)`);
        }
        break;
      case "failed":
        this.running.delete(progress.resource);
        this.write(`${progress.verb} ${progress.resource}: failed`);
        break;
      case "message":
        this.hear(progress);
        break;
    }
    if (this.options.redraw) this.draw();
  };

  /** The pods that wait now. In a terminal they stand below the rest; elsewhere each cause is told once. */
  readonly reportWaiting = (waiting: readonly Waiting[]): void => {
    this.waiting = waiting.map(waitingLine);
    if (this.options.redraw) this.draw();
    else for (const line of this.waiting.filter((each) => !this.told.has(each))) this.write(line);
    for (const line of this.waiting) this.told.add(line);
  };

  close(): void {
    clearInterval(this.timer);
  }

  private hear({ severity, resource, text }: Extract<Progress, { kind: "message" }>): void {
    if (severity === "error" || severity === "warning") {
      // A component says itself whose faults they are.
      const isTold = resource === "" || text.startsWith(`${resource}:`);
      this.problems.push(isTold ? text : `${resource}: ${text}`);
      return;
    }
    const entry = this.running.get(resource);
    const line = text.split("\n")[0] ?? "";
    if (entry === undefined || entry.said === line) return;
    entry.said = line;
    if (!this.options.redraw) this.write(`${resource}: ${line}`);
  }

  private draw(): void {
    const lines = [...this.running].map(([resource, { verb, since, said }]) => {
      const seconds = Math.round((this.now() - since) / 1000);
      return `${verb} ${resource}${seconds < 2 ? "" : ` (${seconds} s)`}${said === "" ? "" : `: ${said}`}`;
    });
    if (lines.length > 0) this.write([...lines.slice(0, 4), ...this.waiting.slice(0, 4)].join("\n"));
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
