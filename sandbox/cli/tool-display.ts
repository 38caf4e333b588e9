import type { ToolEvent } from "../tools";

/** Tells how the tools come along: in a terminal by redrawing a line, elsewhere by a line now and then. */
export class ToolDisplay {
  private readonly origins = new Map<string, number>();
  private lastSeconds = 0;

  constructor(
    private readonly write: (line: string) => void,
    private readonly redraw: boolean,
  ) {}

  readonly report = (event: ToolEvent): void => {
    switch (event.kind) {
      case "found":
        this.count(event.tool.origin);
        break;
      case "passed-over":
        this.write(`${event.path} is passed over: ${event.reason}`);
        break;
      case "downloading":
        this.write(`downloading ${event.name} from ${event.from}`);
        break;
      case "not-downloaded":
        this.write(`${event.name} was not downloaded: ${event.reason}`);
        break;
      case "waiting":
        this.write(`another process is getting ${event.name}; waiting for it`);
        break;
      case "building":
        this.building(event);
        break;
      case "done":
        this.count(event.tool.origin);
        this.write(
          `${event.tool.name} ${event.tool.version} is ready (${event.tool.origin}, ${event.seconds.toFixed(0)} s)`,
        );
        break;
    }
  };

  /** `6 ready (5 from the cache, 1 built)` */
  summary(): string {
    const words: Record<string, string> = {
      path: "on PATH",
      cache: "from the cache",
      download: "downloaded",
      build: "built",
    };
    const parts = [...this.origins].map(([origin, count]) => `${count} ${words[origin] ?? origin}`);
    const total = [...this.origins.values()].reduce((sum, count) => sum + count, 0);
    return `${total} ready (${parts.join(", ")})`;
  }

  private count(origin: string): void {
    this.origins.set(origin, (this.origins.get(origin) ?? 0) + 1);
  }

  private building({ name, seconds, expectedSeconds }: Extract<ToolEvent, { kind: "building" }>): void {
    // Without a terminal, every half minute is enough to show that it lives.
    if (!this.redraw && seconds !== 0 && seconds - this.lastSeconds < 30) return;
    this.lastSeconds = seconds;
    this.write(
      `building ${name} with Go, once only: ${seconds} s so far, about ${expectedSeconds} s on two cores`,
    );
  }
}
