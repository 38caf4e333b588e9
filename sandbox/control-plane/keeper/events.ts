import { createHash } from "node:crypto";
import type { V1Pod } from "@kubernetes/client-node";
import { ApiError, type Api } from "./api";

export interface PodEvent {
  readonly pod: V1Pod;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** What it is about: of one pod, reason and matter there is one event. @default the message */
  readonly matter?: string;
  /** The program that says so on a real cluster. */
  readonly component: string;
}

/** Writes Events, none of them twice: an event's name is made of what it is about, so that a restart repeats none. */
export class EventWriter {
  private readonly told = new Set<string>();

  constructor(private readonly api: Api) {}

  async write({ pod, type, reason, message, matter = message, component }: PodEvent): Promise<void> {
    const { name = "", namespace = "", uid = "", resourceVersion } = pod.metadata ?? {};
    const key = createHash("sha256").update(`${uid}\n${reason}\n${matter}`).digest("hex").slice(0, 16);
    if (this.told.has(key)) return;
    const now = new Date().toISOString();
    const body = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.${key}`, namespace },
      involvedObject: { apiVersion: "v1", kind: "Pod", name, namespace, uid, resourceVersion },
      type,
      reason,
      message,
      source: { component },
      reportingComponent: component,
      reportingInstance: "",
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    };
    try {
      await this.api.send({ method: "POST", path: `/api/v1/namespaces/${namespace}/events`, body });
      console.log(`${reason} for pod ${namespace}/${name}: ${message}`);
    } catch (error) {
      // There already, or the namespace is on its way out.
      if (!(error instanceof ApiError && [403, 404, 409].includes(error.code))) throw error;
    }
    this.told.add(key);
  }
}
