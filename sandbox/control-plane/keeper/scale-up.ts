import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { poolLabel, type SimulatedPool } from "../../clouds/gcp/nodes";
import { requestsOf, roomOn, thousandths, whyNot, withPod } from "./fit";
import { isFinished, isLeaving } from "./pods";

export interface Scene {
  readonly pods: readonly V1Pod[];
  readonly nodes: readonly V1Node[];
  readonly pools: readonly SimulatedPool[];
  /** A node that the pool could make, under a new name; the index chooses among the pool's zones. */
  readonly newNode: (pool: SimulatedPool, index: number) => V1Node;
}

export interface Growth {
  readonly add: readonly V1Node[];
  /** What is to be told of pods. */
  readonly told: readonly { readonly pod: V1Pod; readonly reason: string; readonly message: string }[];
  /** Names of nodes that pods are about to be placed on. */
  readonly awaited: ReadonlySet<string>;
}

/**
 * Which nodes a cloud's autoscaler would add: to each pool up to its minimum, and for each pod that the scheduler has
 * no place for one of the cheapest pool that can take it, where no node that is there or about to come has room.
 * What pods want of one another's nodes does not count.
 */
export function planGrowth({ pods, nodes, pools, newNode }: Scene): Growth {
  const rooms = nodes.map((node) =>
    roomOn(
      node,
      pods.filter((pod) => isOn(pod, node)),
    ),
  );
  const sizes = new Map(pools.map((pool) => [pool, nodes.filter((node) => isOf(node, pool)).length]));
  const before = new Map(sizes);
  const sizeOf = (pool: SimulatedPool) => sizes.get(pool) ?? 0;
  const add: V1Node[] = [];
  const grow = (pool: SimulatedPool, node: V1Node, on: readonly V1Pod[]) => {
    add.push(node);
    rooms.push(roomOn(node, on));
    sizes.set(pool, sizeOf(pool) + 1);
  };
  for (const pool of pools) while (sizeOf(pool) < pool.min) grow(pool, newNode(pool, sizeOf(pool)), []);

  const awaited = new Set<string>();
  const triggers: { readonly pod: V1Pod; readonly pool: SimulatedPool }[] = [];
  const told: Growth["told"][number][] = [];
  for (const pod of pods.filter(isUnschedulable).sort(byDemand)) {
    const place = rooms.findIndex((room) => whyNot(pod, room) === undefined);
    const room = rooms[place];
    if (room !== undefined) {
      rooms[place] = withPod(room, pod);
      awaited.add(room.node.metadata?.name ?? "");
      continue;
    }
    const offers = [...pools].sort(byCost).map((pool) => offerOf(pool, sizeOf(pool), pod, newNode));
    const [offer] = offers.flatMap((each) => (each.kind === "node" ? [each] : []));
    if (offer === undefined) {
      const causes = offers.flatMap((each) => (each.kind === "none" ? [each.cause] : []));
      told.push({
        pod,
        reason: "NotTriggerScaleUp",
        message: `pod didn't trigger scale-up: ${counted(causes)}`,
      });
    } else {
      grow(offer.pool, offer.node, [pod]);
      triggers.push({ pod, pool: offer.pool });
    }
  }
  for (const { pod, pool } of triggers) {
    const change = `${pool.name} ${before.get(pool) ?? 0}->${sizeOf(pool)} (max: ${pool.max})`;
    told.push({ pod, reason: "TriggeredScaleUp", message: `pod triggered scale-up: [{${change}}]` });
  }
  return { add, told, awaited };
}

type Offer =
  | { readonly kind: "node"; readonly pool: SimulatedPool; readonly node: V1Node }
  | { readonly kind: "none"; readonly cause: string };

/** What a pool has for a pod: a node in one of its zones, or the cause why not. */
function offerOf(pool: SimulatedPool, size: number, pod: V1Pod, newNode: Scene["newNode"]): Offer {
  let cause = "";
  for (const offset of pool.zones.keys()) {
    const node = newNode(pool, size + offset);
    const lack = whyNot(pod, roomOn(node, []));
    if (lack === undefined && size < pool.max) return { kind: "node", pool, node };
    cause = lack ?? "max node group size reached";
    if (lack === undefined) break;
  }
  return { kind: "none", cause };
}

/** As the autoscaler has it: `1 Insufficient cpu, 2 max node group size reached`. */
function counted(causes: readonly string[]): string {
  if (causes.length === 0) return "the cluster has no node pool";
  return [...new Set(causes)]
    .map((cause) => `${causes.filter((each) => each === cause).length} ${cause}`)
    .join(", ");
}

export function isOf({ metadata }: V1Node, { name }: SimulatedPool): boolean {
  return metadata?.labels?.[poolLabel] === name;
}

/** Whether it takes room on the node. */
export function isOn(pod: V1Pod, { metadata }: V1Node): boolean {
  return pod.spec?.nodeName === metadata?.name && !isFinished(pod);
}

function isUnschedulable(pod: V1Pod): boolean {
  const refused = pod.status?.conditions?.some(
    ({ type, status, reason }) => type === "PodScheduled" && status === "False" && reason === "Unschedulable",
  );
  return refused === true && pod.spec?.nodeName === undefined && !isLeaving(pod);
}

/** Pods that want most come first: the others may find room beside them. */
function byDemand(a: V1Pod, b: V1Pod): number {
  const [one, other] = [requestsOf(a), requestsOf(b)];
  const more = (name: string) => (other[name] ?? 0) - (one[name] ?? 0);
  return more("nvidia.com/gpu") || more("cpu");
}

/** GPUs are what costs. The ways of a compute class are tried in its order, whatever they cost. */
function byCost(a: SimulatedPool, b: SimulatedPool): number {
  const more = (name: string) =>
    thousandths(a.node.capacity[name] ?? "0") - thousandths(b.node.capacity[name] ?? "0");
  return (a.rank ?? 0) - (b.rank ?? 0) || more("nvidia.com/gpu") || more("cpu");
}
