import { setTimeout as sleep } from "node:timers/promises";
import type { V1ObjectMeta } from "@kubernetes/client-node";
import { ApiError, type Api } from "./api";

export interface KubernetesObject {
  readonly metadata?: Pick<V1ObjectMeta, "uid" | "resourceVersion">;
}

interface ListAnswer<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}

interface WatchLine<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

/** How long it waits after a connection that broke; an API server that restarts is away for some seconds. */
const retryMs = 300;

/**
 * All objects of one kind, as the API server's watch tells of them. An older version never takes the place of a newer
 * one, so that what we have just written can be put here before the watch brings it.
 */
export class Mirror<T extends KubernetesObject> {
  private readonly objects = new Map<string, T>();
  /** Whether it has been filled once. */
  filled = false;

  constructor(
    private readonly onChange: () => void,
    private readonly onTrouble: (error: unknown) => void = () => undefined,
  ) {}

  /** In the order in which they were first seen. */
  get items(): T[] {
    return [...this.objects.values()];
  }

  put(object: T): void {
    const { uid = "" } = object.metadata ?? {};
    const known = this.objects.get(uid);
    if (known === undefined || version(object) >= version(known)) this.objects.set(uid, object);
  }

  remove(object: T): void {
    this.objects.delete(object.metadata?.uid ?? "");
  }

  /** Takes a whole list over; what is newer than the list stays. */
  replace({ items, metadata }: ListAnswer<T>): void {
    const listed = new Set(items.map((item) => item.metadata?.uid));
    for (const known of this.items)
      if (!listed.has(known.metadata?.uid) && version(known) <= Number(metadata.resourceVersion))
        this.remove(known);
    for (const item of items) this.put(item);
    this.filled = true;
  }

  /**
   * Lists and watches for ever: again whenever the API server ends the watch, goes away, or has forgotten too much. Of a
   * kind that the API server does not know (yet), there are none.
   */
  async follow(api: Api, path: string): Promise<never> {
    for (;;) {
      try {
        const list = await api.send<ListAnswer<T>>({ path });
        this.replace(list);
        this.onChange();
        await api.watch(`${path}?watch=true&resourceVersion=${list.metadata.resourceVersion}`, (line) =>
          this.heed(JSON.parse(line)),
        );
      } catch (error) {
        if (error instanceof ApiError && error.code === 404) this.empty();
        else this.onTrouble(error);
      }
      await sleep(retryMs);
    }
  }

  private empty(): void {
    this.objects.clear();
    this.filled = true;
  }

  private heed({ type, object }: WatchLine<T>): void {
    if (type === "ERROR") throw new Error(`the watch ended: ${JSON.stringify(object)}`);
    if (type === "DELETED") this.remove(object);
    else this.put(object);
    this.onChange();
  }
}

function version({ metadata }: KubernetesObject): number {
  return Number(metadata?.resourceVersion ?? 0);
}
