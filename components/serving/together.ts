import type { GpuRequest } from "../kubernetes/container";

export interface Together {
  /** What the UI's pods ask for. */
  readonly own: GpuRequest | undefined;
  /** What the training asks for, with which they share a node. */
  readonly theirs: GpuRequest | undefined;
  /** Whether the nodes with what the training asks for can be told by their labels. */
  readonly isFound: boolean;
}

/**
 * Whether a UI and a training can be on one node. The first of the two to be scheduled decides on which, and that may
 * be the UI: it must be led to nodes that the training can use.
 */
export function togetherFaults({ own, theirs, isFound }: Together): { where: string; message: string }[] {
  if (own !== undefined && theirs === undefined) {
    const message = "got a GPU; allowed: none, because the training that it is placed with asks for none";
    return [{ where: "gpu", message: `${message}, or placement: anywhere` }];
  }
  if (own?.type !== undefined && own.type !== theirs?.type) {
    const allowed = theirs?.type ?? "no type";
    const message = `got "${own.type}"; allowed: ${allowed}, as the training that it is placed with has it, or placement: anywhere`;
    return [{ where: "gpu.type", message }];
  }
  if (theirs === undefined || isFound) return [];
  return [
    {
      where: "placement",
      message:
        'got "with-training", but nothing tells which nodes have the GPUs that the training asks for; ' +
        "needed: the host's gpu.nodeLabels, or a gpu.type for the training",
    },
  ];
}
