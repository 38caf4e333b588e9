import { complete } from "./defaults";
import { EngineLog } from "./log";
import type { Provider } from "./provider";

/** One engine's use of a provider, over one connection: its configuration, its log, its wish to end. */
export interface Visit {
  readonly provider: Required<Provider>;
  readonly log: EngineLog;
  readonly cancelled: AbortController;
}

/**
 * An engine that starts plugins has a process for each provider resource of a program. Where it is pointed at one
 * server instead (PULUMI_DEBUG_PROVIDERS), each of them is a connection of its own, and so are those of a second
 * engine at the same time: they must not share configuration, and the end of one is not the end of another.
 */
export class Visits {
  private readonly byPeer = new Map<string, Visit>();
  private latest: Visit | undefined;

  constructor(private readonly make: () => Provider) {}

  /** A connection that was idle is opened anew under another address; it goes on where the latest one is. */
  of(peer: string): Visit {
    return this.byPeer.get(peer) ?? this.latest ?? this.begin(peer);
  }

  begin(peer: string): Visit {
    for (const [other, { cancelled, log }] of this.byPeer) {
      if (!cancelled.signal.aborted) continue;
      log.close();
      this.byPeer.delete(other);
    }
    const visit = { provider: complete(this.make()), log: new EngineLog(), cancelled: new AbortController() };
    this.byPeer.set(peer, visit);
    this.latest = visit;
    return visit;
  }

  close(): void {
    for (const { log } of this.byPeer.values()) log.close();
  }
}
