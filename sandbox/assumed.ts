import { CoreV1Api, CustomObjectsApi, KubeConfig, type V1Node } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../infra/environment";
import type { AssumedZone } from "./clouds";
import { gatewayClass, gatewayClasses, gpuNode } from "./control-plane/cluster";
import { unless } from "./control-plane/unless";

/** The zones that a document says are there already: the stack's own, and the one above it. */
export function zonesAssumedBy({ host, dns }: Environment): AssumedZone[] {
  if (dns === undefined) return [];
  const hostProject = host.kind === "gke" ? host.project : "";
  const adopted = dns.zone?.kind === "existing" ? [{ ...dns, id: dns.zone.id }] : [];
  return [...adopted, ...(dns.parent === undefined ? [] : [dns.parent])].map((zone) =>
    zone.kind === "route53"
      ? { kind: "route53", domain: zone.domain, id: zone.id }
      : { kind: "cloud-dns", domain: zone.domain, id: zone.id, project: zone.project ?? hostProject },
  );
}

/** On what is there only because a document says so. */
const assumed = { "inference-infra.sandbox/assumed": "true" };
const assumedSelector = Object.entries(assumed).flat().join("=");

/**
 * What a document says is in the cluster: a GatewayClass or a Gateway, by a controller that the sandbox plays,
 * cert-manager, and the node in front. What it is to install is out of its way.
 */
export async function assumeInCluster(kubeconfig: string, environment: Environment): Promise<void> {
  const { host, oscar } = environment;
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const custom = config.makeApiClient(CustomObjectsApi);
  const namespace = (name: string) =>
    unless(409, core.createNamespace({ body: { metadata: { name, labels: assumed } } }));
  const gateway = host.kind === "existing" ? host.gateway : undefined;
  switch (gateway?.kind) {
    case "class": {
      const { metadata, ...rest } = gatewayClass(
        gateway.className,
        `inference-infra/${gateway.controller ?? "sandbox"}`,
      );
      const body = { ...rest, metadata: { ...metadata, labels: assumed } };
      await unless(409, custom.createClusterCustomObject({ ...gatewayClasses, body }));
      break;
    }
    case "existing":
      await namespace(gateway.namespace);
      await assumeGateway(custom, gateway);
      break;
    case "install":
      await custom.deleteCollectionClusterCustomObject({ ...gatewayClasses, labelSelector: assumedSelector });
      break;
    case undefined:
      break;
  }
  const frontNode = oscar?.gateway?.kind === "install" ? oscar.gateway.frontNode?.name : undefined;
  if (frontNode !== undefined) await unless(409, core.createNode({ body: nodeInFront(frontNode) }));
  // Where its ClusterIssuers look for their Secrets.
  const certManager = host.kind === "none" ? undefined : host.certManager;
  if (certManager === "existing") await namespace(certManagerNamespace);
  if (certManager === "install") await removeAssumed(core, custom);
}

/** Beside the sandbox's own, and for what tolerates its taint alone: other pods stay where they are. */
function nodeInFront(name: string): V1Node {
  const capacity = { cpu: "4", memory: "8Gi", pods: "110" };
  return {
    ...gpuNode,
    metadata: {
      ...gpuNode.metadata,
      name,
      labels: { ...assumed, "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" },
    },
    spec: { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] },
    status: { capacity, allocatable: capacity },
  };
}

const gatewayApi = { group: "gateway.networking.k8s.io", version: "v1" };
const certManagerNamespace = "cert-manager";

async function assumeGateway(
  custom: CustomObjectsApi,
  gateway: { readonly name: string; readonly namespace: string; readonly listener?: string | undefined },
): Promise<void> {
  const { name, namespace, listener = "web" } = gateway;
  const body = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name, labels: assumed },
    spec: {
      gatewayClassName: "sandbox",
      listeners: [
        { name: listener, port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } } },
      ],
    },
  };
  const plural = "gateways";
  await unless(409, custom.createNamespacedCustomObject({ ...gatewayApi, namespace, plural, body }));
}

/** Not where certificates of a stack are in it that stands: of two cert-managers, the second is refused. */
async function removeAssumed(core: CoreV1Api, custom: CustomObjectsApi): Promise<void> {
  const labelSelector = assumedSelector;
  const fieldSelector = `metadata.name=${certManagerNamespace}`;
  const found = () => core.listNamespace({ labelSelector, fieldSelector });
  if ((await found()).items.length === 0) return;
  const used: { readonly items: readonly object[] } = await custom.listNamespacedCustomObject({
    ...{ group: "cert-manager.io", version: "v1", plural: "certificates" },
    namespace: certManagerNamespace,
  });
  if (used.items.length > 0) return;
  await unless(404, core.deleteNamespace({ name: certManagerNamespace }));
  for (let tries = 0; tries < 100 && (await found()).items.length > 0; tries += 1) await sleep(200);
}
