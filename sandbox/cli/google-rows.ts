import { nodePoolsIn } from "../clouds/gcp/node-pools";
import type { SimulatedPool } from "../clouds/gcp/nodes";
import type { Resources } from "../clouds/gcp/project";
import type { ComponentState } from "../cluster-view";

/**
 * The clusters and node pools among a simulated project's resources.
 *
 * @param nodes How many nodes there are, by the name of their pool.
 */
export function googleRows(
  resources: Resources,
  nodes: Readonly<Record<string, number>>,
): readonly ComponentState[] {
  const clusters = Object.values(resources).filter(({ type }) => type === "gcp:container/cluster:Cluster");
  return [
    ...clusters.map(({ name, state }) => ({
      component: "cluster",
      object: name,
      state: `${String(state["location"] ?? "")}${state["enableAutopilot"] === true ? ", Autopilot" : ""}`,
    })),
    ...nodePoolsIn({ resources }).map((pool) => ({
      component: "node pool",
      object: pool.name,
      state: poolState(pool, nodes[pool.name] ?? 0),
    })),
  ];
}

function poolState({ min, max, node: { labels } }: SimulatedPool, count: number): string {
  const among = min === max ? `${max}` : `${min}–${max}`;
  return [
    labels["node.kubernetes.io/instance-type"] ?? "",
    ...provisioning(labels),
    `${count} of ${among} ${among === "1" ? "node" : "nodes"}`,
  ].join(", ");
}

/** How the machines are come by, where not simply on demand. */
function provisioning(labels: SimulatedPool["node"]["labels"]): string[] {
  if (labels["cloud.google.com/gke-queued"] === "true") return ["queued"];
  if (labels["cloud.google.com/gke-flex-start"] === "true") return ["flex-start"];
  const kind = labels["cloud.google.com/gke-provisioning"] ?? "standard";
  return kind === "standard" ? [] : [kind];
}
