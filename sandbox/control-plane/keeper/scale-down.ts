import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { poolLabel, type SimulatedPool } from "../../clouds/gcp/nodes";
import { belongsToNode } from "./pods";
import { isOf, isOn } from "./scale-up";

/** Pods for whose sake a node stays. One that has finished does not count, whatever it says of eviction. */
export function holders(node: V1Node, pods: readonly V1Pod[]): V1Pod[] {
  return pods.filter((pod) => isOn(pod, node) && !belongsToNode(pod));
}

/** Nodes of pools that nothing is on, and that no pod is about to be placed on (`awaited`, by name). */
export function idleNodes(
  nodes: readonly V1Node[],
  pods: readonly V1Pod[],
  awaited: ReadonlySet<string>,
): V1Node[] {
  return nodes.filter(
    (node) => isPooled(node) && !awaited.has(node.metadata?.name ?? "") && holders(node, pods).length === 0,
  );
}

/** Those of them that may go: each pool keeps its minimum. */
export function superfluous(
  idle: readonly V1Node[],
  nodes: readonly V1Node[],
  pools: readonly SimulatedPool[],
): V1Node[] {
  return pools.flatMap((pool) => {
    const spare = nodes.filter((node) => isOf(node, pool)).length - pool.min;
    return idle.filter((node) => isOf(node, pool)).slice(0, Math.max(0, spare));
  });
}

/** Nodes of pools that the project does not have. */
export function orphanNodes(nodes: readonly V1Node[], pools: readonly SimulatedPool[]): V1Node[] {
  return nodes.filter((node) => isPooled(node) && !pools.some((pool) => isOf(node, pool)));
}

function isPooled({ metadata }: V1Node): boolean {
  return metadata?.labels?.[poolLabel] !== undefined;
}
