export type AccessMode = "ReadWriteOnce" | "ReadWriteMany";

/** Something whose pods mount a volume. */
export interface VolumeConsumer {
  /** For messages: `the training job`, `the UI`. */
  readonly name: string;
  /** The most pods there can be at a time. */
  readonly replicas: number;
  /** `together`: content with the node where the volume's other pods are. */
  readonly placement: "anywhere" | "together";
}

export interface VolumeUse {
  readonly accessMode: AccessMode;
  /** Whether the cluster's pods can be on different nodes. */
  readonly nodes: "single" | "many";
  readonly consumers: readonly VolumeConsumer[];
  /** What else would do on this cluster. @default "nodes: single where there is only one" */
  readonly wayOut?: string;
}

/** Where there are buckets. */
export const bucketInstead = "kind: bucket, which all nodes reach";

/**
 * A ReadWriteOnce volume is mounted on one node at a time. Pods on another node wait for it, often for ever, and
 * nothing but an event says why; so a use that may come to that is refused.
 */
export function checkVolumeUse(use: VolumeUse): string[] {
  const { accessMode, nodes, consumers, wayOut = "nodes: single where there is only one" } = use;
  if (accessMode !== "ReadWriteOnce" || nodes === "single") return [];
  const many = consumers.filter(({ replicas, placement }) => replicas > 1 && placement !== "together");
  if (many.length > 0) {
    return many.map(
      ({ name, replicas }) =>
        `${name} may have ${replicas} pods, on different nodes, but a ReadWriteOnce volume is mounted on one node at a time; ` +
        `allowed: 1 pod, accessMode: ReadWriteMany, placement: with-training, or ${wayOut}`,
    );
  }
  const apart = consumers.length > 1 && consumers.some(({ placement }) => placement !== "together");
  if (!apart) return [];
  return [
    `${consumers.map(({ name }) => name).join(" and ")} may run on different nodes, but a ReadWriteOnce volume is mounted on ` +
      `one node at a time; allowed: placement: with-training for the UI, accessMode: ReadWriteMany, or ${wayOut}`,
  ];
}
