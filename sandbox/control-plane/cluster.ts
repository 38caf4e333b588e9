import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  NetworkingV1Api,
  StorageV1Api,
  type V1IngressClass,
  type V1Node,
  type V1StorageClass,
} from "@kubernetes/client-node";
import { ownNodeName } from "./keeper/furniture";
import { unless } from "./unless";

const capacity = {
  cpu: "8",
  memory: "32Gi",
  pods: "110",
  "ephemeral-storage": "100Gi",
  "nvidia.com/gpu": "1",
};

/** The sandbox's one node, with a GPU; its capacity must come with its creation. */
export const gpuNode: V1Node = {
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: ownNodeName,
    annotations: { "kwok.x-k8s.io/node": "fake" },
    labels: {
      "kubernetes.io/hostname": ownNodeName,
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      "nvidia.com/gpu.present": "true",
    },
  },
  status: { capacity, allocatable: capacity },
};

/** A class whose volumes are folders that no pod ever writes to (the controller manager makes them). */
export function storageClass(name: string, volumeBindingMode: string, isDefault: boolean): V1StorageClass {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } },
    provisioner: "kubernetes.io/host-path",
    volumeBindingMode,
    allowVolumeExpansion: true,
    reclaimPolicy: "Delete",
  };
}

export const storageClasses = [
  storageClass("standard", "WaitForFirstConsumer", true),
  storageClass("standard-immediate", "Immediate", false),
];

export const ingressClass: V1IngressClass = {
  apiVersion: "networking.k8s.io/v1",
  kind: "IngressClass",
  metadata: { name: "sandbox" },
  spec: { controller: "inference-infra/sandbox" },
};

/** A class of gateways; the keeper plays its controller. */
export function gatewayClass(name: string, controllerName: string) {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    metadata: { name },
    spec: { controllerName },
  };
}

/** Where the API server has them. */
export const gatewayClasses = {
  group: "gateway.networking.k8s.io",
  version: "v1",
  plural: "gatewayclasses",
} as const;

/**
 * Makes the cluster's furniture where it is missing, and waits until pods could be run: the node is ready, the service
 * account is made. `stillGood` throws where waiting has no more sense.
 */
export async function furnish(kubeconfig: string, stillGood: () => Promise<void>): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const storage = config.makeApiClient(StorageV1Api);
  await unless(409, core.createNode({ body: gpuNode }));
  for (const body of storageClasses) await unless(409, storage.createStorageClass({ body }));
  await unless(409, config.makeApiClient(NetworkingV1Api).createIngressClass({ body: ingressClass }));
  const body = gatewayClass("sandbox", "inference-infra/sandbox");
  await unless(
    409,
    config.makeApiClient(CustomObjectsApi).createClusterCustomObject({ ...gatewayClasses, body }),
  );
  for (;;) {
    await stillGood();
    const { items } = await core.listNode();
    const ready = items.every(({ status }) =>
      status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
    );
    if (ready && items.length > 0 && (await accountsAreMade(core))) return;
    await sleep(100);
  }
}

async function accountsAreMade(core: CoreV1Api): Promise<boolean> {
  const { items } = await core.listNamespacedServiceAccount({ namespace: "default" });
  return items.some(({ metadata }) => metadata?.name === "default");
}
