import { CoreV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import type { Environment } from "../infra/environment";
import type { AssumedZone } from "./clouds";
import { gatewayClass } from "./control-plane/cluster";
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

/** What a document says is in the cluster: a GatewayClass, by a controller that the sandbox plays, and cert-manager. */
export async function assumeInCluster(kubeconfig: string, { host }: Environment): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const gateway = host.kind === "existing" ? host.gateway : undefined;
  if (gateway?.kind === "class") {
    const controller = `inference-infra/${gateway.controller ?? "sandbox"}`;
    const body = gatewayClass(gateway.className, controller);
    const kind = { group: "gateway.networking.k8s.io", version: "v1", plural: "gatewayclasses" };
    const api = config.makeApiClient(CustomObjectsApi);
    await unless(409, api.createClusterCustomObject({ ...kind, body }));
  }
  if (host.certManager === "existing") {
    // Where its ClusterIssuers look for their Secrets.
    const body = { metadata: { name: "cert-manager" } };
    await unless(409, config.makeApiClient(CoreV1Api).createNamespace({ body }));
  }
}
