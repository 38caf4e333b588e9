import { machineNamed } from "../../../components/host/gke/machines/catalogue";
import type { Properties } from "../../../provider";
import { at, listAt, textAt } from "../kubernetes/objects";
import type { ClusterBackend } from "./backends";
import { googleError, type Behaviour, type Wanted } from "./behaviour";
import { acceleratorOf, defaultMachineType, nodeTemplate, type SimulatedPool } from "./nodes";
import { lastPart, locationOf, numberAt, projectOf, zonesOf, type Defaults } from "./places";
import type { ProjectState } from "./project";

export const nodePoolType = "gcp:container/nodePool:NodePool";

export function nodePool(clusters: ClusterBackend): Behaviour {
  return {
    naming: { property: "name", maxLength: 40 },
    id: (inputs, defaults) => `${clusterId(inputs, defaults)}/nodePools/${textAt(inputs, "name") ?? ""}`,
    exists: (id) => `resource - ${id} - already exists`,
    refuse: (wanted) => {
      refuseWithoutCluster(wanted);
      refuseCounts(wanted.inputs);
      refuseAccelerator(wanted.inputs);
    },
    outputs: ({ inputs, id, defaults, others }) => {
      const [, project = "", , location = ""] = id.split("/");
      const cluster = others[clusterId(inputs, defaults)]?.state;
      const ofCluster = listAt(cluster, "nodeLocations");
      return {
        project,
        location,
        nodeLocations: ofCluster.length > 0 ? ofCluster : zonesOf(location),
        maxPodsPerNode: numberAt(cluster, "defaultMaxPodsPerNode") ?? 110,
        version: textAt(cluster, "masterVersion") ?? "",
        operation: "",
      };
    },
    create: async ({ id, state }) => {
      const pool = poolOf(id, state);
      await clusters.setNodes(pool, pool.initial);
    },
    update: async ({ id, state }) => {
      const pool = poolOf(id, state);
      await clusters.setNodes(pool, pool.min);
    },
    delete: ({ id, state }) => clusters.setNodes({ ...poolOf(id, state), max: 0 }, 0),
  };
}

/** A pool names its cluster by id, or by name beside a location. */
function clusterId(inputs: Properties, defaults: Defaults): string {
  const cluster = textAt(inputs, "cluster") ?? "";
  const [id] = /projects\/[^/]+\/locations\/[^/]+\/clusters\/[^/]+/.exec(cluster) ?? [];
  return (
    id ??
    `projects/${projectOf(inputs, defaults)}/locations/${locationOf(inputs, defaults)}/clusters/${cluster}`
  );
}

function refuse(message: string): never {
  throw new Error(`error creating NodePool: ${googleError(400, message, "badRequest")}`);
}

function refuseWithoutCluster({ inputs, defaults, others }: Wanted): void {
  const id = clusterId(inputs, defaults);
  if (others[id] !== undefined) return;
  throw new Error(`error creating NodePool: ${googleError(404, `Not found: ${id}.`, "notFound")}`);
}

function refuseCounts(inputs: Properties): void {
  if ((numberAt(inputs, "initialNodeCount") ?? 0) !== 0 && (numberAt(inputs, "nodeCount") ?? 0) !== 0) {
    throw new Error(
      `Cannot set both initial_node_count and node_count on node pool ${textAt(inputs, "name")}`,
    );
  }
  const { total, perZone } = bounds(inputs);
  const [min, max] = total ?? perZone ?? [0, 0];
  if (min > max) refuse(`autoscaling: the minimum of ${min} nodes is above the maximum of ${max}.`);
}

/** Google's words for these are not known; the rules are those of its table of GPU machines. */
function refuseAccelerator(inputs: Properties): void {
  const config = at(inputs, "nodeConfig");
  const asked = listAt(config, "guestAccelerators");
  const machineType = textAt(config, "machineType") ?? defaultMachineType;
  const machine = machineNamed(machineType);
  const accelerator = acceleratorOf(config);
  if (asked.length === 0 || accelerator === undefined || machine === undefined) return;
  const { type, count } = accelerator;
  if (textAt(config, "machineType") === undefined) {
    refuse(`Cannot use default machine type (${machineType}) with GPUs; choose a different machine type.`);
  }
  const fixed = machine.gpu?.type === type;
  const counts = fixed
    ? [machine.gpu.count]
    : (machine.attachable?.find((each) => each.type === type)?.counts ?? []);
  if (counts.length === 0) {
    refuse(`Accelerator type "${type}" is not supported by machine type "${machineType}".`);
  }
  if (!counts.includes(count)) {
    refuse(
      `Machine type "${machineType}" takes ${counts.join(" or ")} accelerators of type "${type}", not ${count}.`,
    );
  }
}

/** The bounds that autoscaling has, over all zones or for each. */
function bounds(inputs: Properties) {
  const total = numberAt(inputs, "autoscaling", "totalMaxNodeCount");
  const perZone = numberAt(inputs, "autoscaling", "maxNodeCount");
  const least = (key: string) => numberAt(inputs, "autoscaling", key) ?? 0;
  return {
    ...(total !== undefined && { total: [least("totalMinNodeCount"), total] as const }),
    ...(perZone !== undefined && { perZone: [least("minNodeCount"), perZone] as const }),
  };
}

/** The pools of the project, for whoever plays the autoscaler. */
export function nodePoolsIn({ resources }: ProjectState): SimulatedPool[] {
  return Object.entries(resources).flatMap(([id, { type, state }]) =>
    type === nodePoolType ? [poolOf(id, state)] : [],
  );
}

function poolOf(id: string, state: Properties): SimulatedPool {
  const [cluster = "", name = ""] = id.split("/nodePools/");
  const zones = listAt(state, "nodeLocations").map(String);
  const inEach = numberAt(state, "nodeCount") ?? numberAt(state, "initialNodeCount") ?? 0;
  const { total, perZone = [inEach, inEach] as const } = bounds(state);
  const [min, max] = total ?? ([perZone[0] * zones.length, perZone[1] * zones.length] as const);
  return {
    cluster: lastPart(cluster),
    name,
    initial: Math.min(Math.max(inEach * zones.length, min), max),
    min,
    max,
    zones,
    node: nodeTemplate(name, state),
  };
}
