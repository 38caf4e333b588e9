import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  StorageV1Api,
  type V1CSIDriver,
  type V1Node,
} from "@kubernetes/client-node";
import { gatewayClass, gatewayClasses, storageClass } from "../../control-plane/cluster";
import { defineKinds, removeKinds } from "../../control-plane/definitions";
import { Api } from "../../control-plane/keeper/api";
import { cordonOwnNode } from "../../control-plane/keeper/furniture";
import { unless } from "../../control-plane/unless";
import { computeClassDefinition } from "./compute-class";
import { makeNode, poolLabel, type SimulatedPool } from "./nodes";
import { lastPart } from "./places";
import { googleDefinitions } from "../../control-plane/policy-definitions";

/** A cluster by its id, and the stack that made it. */
export interface StandingCluster {
  readonly id: string;
  readonly stack: string;
}

/** What stands behind a simulated cluster. */
export interface ClusterBackend {
  /** Throws where the cluster cannot be had. */
  attach(cluster: StandingCluster & { readonly name: string }): Promise<void>;
  detach(id: string): Promise<void>;
  /** Makes the pool's nodes what it says, and as many as they are now, `atLeast` or its `max`. */
  setNodes(pool: SimulatedPool, atLeast: number): Promise<void>;
}

/** Clusters with nothing behind them, as many as one likes. */
export function memoryClusters(): ClusterBackend {
  return {
    attach: async () => undefined,
    detach: async () => undefined,
    setNodes: async () => undefined,
  };
}

/** Which cluster the API server plays, by its id; on the storage classes that GKE has and the sandbox does not. */
const playedAnnotation = "inference-infra.sandbox/cluster";
/** Beside it: the stack whose cluster it is. */
const stackAnnotation = "inference-infra.sandbox/stack";

const storageClasses = [
  storageClass("standard-rwo", "WaitForFirstConsumer", true),
  storageClass("premium-rwo", "WaitForFirstConsumer", false),
];

function csiDriver(name: string, spec: V1CSIDriver["spec"]): V1CSIDriver {
  return { apiVersion: "storage.k8s.io/v1", kind: "CSIDriver", metadata: { name }, spec };
}

const csiDrivers = [
  csiDriver("pd.csi.storage.gke.io", { attachRequired: true, podInfoOnMount: false }),
  csiDriver("gcsfuse.csi.storage.gke.io", {
    // Else the API server would wait for someone to attach the bucket.
    attachRequired: false,
    podInfoOnMount: true,
    volumeLifecycleModes: ["Persistent", "Ephemeral"],
  }),
  csiDriver("filestore.csi.storage.gke.io", { attachRequired: false, podInfoOnMount: true }),
];

/** Those of GKE's that the components take (components/exposure/gateway/google.ts). */
const googleClasses = ["gke-l7-global-external-managed", "gke-l7-regional-external-managed"].map((name) =>
  gatewayClass(name, "networking.gke.io/gateway"),
);

const definitions = [computeClassDefinition, ...googleDefinitions];
const definitionsTimeoutMs = 30_000;

/**
 * The sandbox's API server plays the cluster, one at a time: it gets what GKE brings with a cluster, and the pools'
 * nodes, which kwok plays.
 */
export function sandboxCluster({ kubeconfig }: { readonly kubeconfig: string }): ClusterBackend {
  /** Opened at each use: the control plane may have been started anew meanwhile. */
  const apis = () => {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    return {
      core: config.makeApiClient(CoreV1Api),
      storage: config.makeApiClient(StorageV1Api),
      custom: config.makeApiClient(CustomObjectsApi),
    };
  };
  const detach = async (id: string): Promise<void> => {
    const { core, storage, custom } = apis();
    if ((await playedCluster(storage))?.id !== id) return;
    const { items } = await core.listNode({ labelSelector: poolLabel });
    await removeNodes(core, items);
    await cordonOwnNode(kubeconfig, false);
    for (const name of googleClasses.map(nameOf))
      await unless(404, custom.deleteClusterCustomObject({ ...gatewayClasses, name }));
    await removeKinds(new Api(kubeconfig), definitions);
    for (const name of csiDrivers.map(nameOf)) await unless(404, storage.deleteCSIDriver({ name }));
    // Those that say which cluster it is go last, so that what fails on the way can be done again.
    for (const name of storageClasses.map(nameOf).reverse())
      await unless(404, storage.deleteStorageClass({ name }));
  };
  return {
    attach: async ({ id, stack }) => {
      const { storage, custom } = apis();
      const played = await playedCluster(storage);
      if (played !== undefined && played.id !== id) throw new Error(inTheWay(played, stack));
      try {
        for (const body of storageClasses) {
          const annotations = {
            ...body.metadata?.annotations,
            [playedAnnotation]: id,
            [stackAnnotation]: stack,
          };
          const metadata = { ...body.metadata, annotations };
          await unless(409, storage.createStorageClass({ body: { ...body, metadata } }));
        }
        for (const body of csiDrivers) await unless(409, storage.createCSIDriver({ body }));
        for (const body of googleClasses)
          await unless(409, custom.createClusterCustomObject({ ...gatewayClasses, body }));
        await defineKinds(new Api(kubeconfig), definitions, patience(definitionsTimeoutMs));
        await cordonOwnNode(kubeconfig, true);
      } catch (error) {
        // The next try is for a cluster of another name.
        await detach(id);
        throw error;
      }
    },
    detach,
    setNodes: async (pool, atLeast) => {
      const { core } = apis();
      const { items } = await core.listNode({ labelSelector: `${poolLabel}=${pool.name}` });
      const wanted = Math.min(Math.max(items.length, atLeast), pool.max);
      const alike = items.filter((node) => sameMachine(node, pool));
      const kept = alike.slice(0, wanted);
      await removeNodes(
        core,
        items.filter((node) => !kept.includes(node)),
      );
      for (const node of kept) await relabel(core, node, pool);
      for (let index = kept.length; index < wanted; index += 1)
        await core.createNode({ body: makeNode(pool, index) });
    },
  };
}

/** Why a stack cannot have a cluster while this one stands. */
export function inTheWay(standing: StandingCluster, stack: string): string {
  const cluster = lastPart(standing.id);
  if (standing.stack === stack) {
    // Google makes the new one before the old one goes, which takes room for two.
    return (
      `this sandbox has one API server, and this stack's own cluster ${cluster} still stands on it: the sandbox can ` +
      "show no replacement of a cluster; destroy the stack and bring it up again " +
      `(npm run sandbox -- destroy ${stack}, npm run sandbox -- up ${stack})`
    );
  }
  return (
    `this sandbox has one API server, and the simulated cluster ${cluster} of stack ${standing.stack} stands on it; ` +
    `destroy that stack first (npm run sandbox -- destroy ${standing.stack}), or use another folder (--dir)`
  );
}

/** A moment's wait each time, until all of them have taken too long. */
function patience(ms: number): () => Promise<void> {
  const deadline = Date.now() + ms;
  return async () => {
    if (Date.now() > deadline)
      throw new Error(`the API server did not take GKE's kinds within ${ms / 1000} s`);
    await sleep(100);
  };
}

function nameOf({ metadata }: { readonly metadata?: { readonly name?: string } }): string {
  return metadata?.name ?? "";
}

async function playedCluster(storage: StorageV1Api): Promise<StandingCluster | undefined> {
  const { items } = await storage.listStorageClass();
  return items
    .flatMap(({ metadata }) => {
      const { [playedAnnotation]: id, [stackAnnotation]: stack = "STACK" } = metadata?.annotations ?? {};
      return id === undefined ? [] : [{ id, stack }];
    })
    .at(0);
}

function sameMachine(node: V1Node, pool: SimulatedPool): boolean {
  return Object.entries(pool.node.capacity).every(([name, count]) => node.status?.capacity?.[name] === count);
}

/** Labels and taints, GKE changes on running nodes. */
async function relabel(core: CoreV1Api, node: V1Node, pool: SimulatedPool): Promise<void> {
  const { metadata, spec } = makeNode(pool, 0);
  const own = ["kubernetes.io/hostname", "topology.kubernetes.io/region", "topology.kubernetes.io/zone"];
  const labels = Object.fromEntries(own.map((key) => [key, node.metadata?.labels?.[key] ?? ""]));
  const { name = "", annotations = {} } = node.metadata ?? {};
  // Without its resource version: kwok writes to the node all the time, which must not make this a conflict.
  await core.replaceNode({
    name,
    body: {
      metadata: { name, annotations, labels: { ...metadata?.labels, ...labels } },
      spec: { ...node.spec, taints: spec?.taints ?? [] },
    },
  });
}

async function removeNodes(core: CoreV1Api, nodes: readonly V1Node[]): Promise<void> {
  for (const name of nodes.map(nameOf)) await unless(404, core.deleteNode({ name }));
}
