import type { V1Container, V1Node, V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import type { SimulatedPool } from "../../../../sandbox/clouds/gcp/nodes";

/** A pod of the namespace `default`; `claims` are mounted, `requests` are its one container's. */
export function pod(
  name: string,
  rest: {
    readonly node?: string;
    readonly phase?: "Pending" | "Running" | "Succeeded" | "Failed";
    readonly claims?: readonly string[];
    readonly requests?: Readonly<Record<string, string>>;
    readonly metadata?: V1Pod["metadata"];
    readonly spec?: Partial<V1Pod["spec"]>;
    readonly unschedulable?: boolean;
  } = {},
): V1Pod {
  const { node, phase = "Pending", claims = [], requests, metadata, spec, unschedulable } = rest;
  return {
    metadata: { name, namespace: "default", uid: name, ...metadata },
    spec: {
      containers: [container(requests)],
      volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
      ...(node !== undefined && { nodeName: node }),
      ...spec,
    },
    status: {
      phase,
      ...(unschedulable === true && {
        conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }],
      }),
    },
  };
}

/** A pod that the scheduler has no place for. */
export function pending(
  name: string,
  requests: Readonly<Record<string, string>> = {},
  spec: Partial<V1Pod["spec"]> = {},
): V1Pod {
  return pod(name, { requests, spec, unschedulable: true });
}

export function container(requests: Readonly<Record<string, string>> = {}): V1Container {
  return { name: "main", resources: { requests: { ...requests } } };
}

export function claim(
  name: string,
  { mode = "ReadWriteOnce", phase = "Bound" }: { readonly mode?: string; readonly phase?: string } = {},
): V1PersistentVolumeClaim {
  return {
    metadata: { name, namespace: "default" },
    spec: { accessModes: [mode], ...(phase === "Bound" && { volumeName: `pvc-${name}` }) },
    status: { phase, ...(phase === "Bound" && { accessModes: [mode] }) },
  };
}

/** A pool in one zone, of nodes with 4 cores, 16 GiB and these GPUs. */
export function pool(
  name: string,
  rest: Partial<Omit<SimulatedPool, "node">> & { readonly gpus?: number; readonly cpu?: string } & Partial<
      SimulatedPool["node"]
    > = {},
): SimulatedPool {
  const { gpus = 0, cpu = "4", labels = {}, taints = [], ...others } = rest;
  return {
    cluster: "gke",
    name,
    initial: 0,
    min: 0,
    max: 2,
    zones: ["z-a"],
    ...others,
    node: {
      labels: { "cloud.google.com/gke-nodepool": name, ...labels },
      taints,
      capacity: { cpu, memory: "16Gi", pods: "110", ...(gpus > 0 && { "nvidia.com/gpu": String(gpus) }) },
    },
  };
}

/** A node of a pool as the simulated cloud makes it, with a name that tells the pool and the index. */
export function nodeOf({ name, zones, node }: SimulatedPool, index: number): V1Node {
  return {
    metadata: {
      name: `${name}-${index}`,
      labels: { ...node.labels, "topology.kubernetes.io/zone": zones[index % zones.length] ?? "" },
    },
    spec: { taints: node.taints.map((taint) => ({ ...taint })) },
    status: { allocatable: { ...node.capacity } },
  };
}

export function namesOf(objects: readonly { readonly metadata?: { readonly name?: string } }[]) {
  return objects.map(({ metadata }) => metadata?.name);
}
