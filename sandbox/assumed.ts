import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import type { Environment } from "../infra/environment";
import type { AssumedZone } from "./clouds";
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

/** The GatewayClass that a document says is there, by a controller that the sandbox plays. */
export async function assumeGatewayClass(kubeconfig: string, { host }: Environment): Promise<void> {
  const gateway = host.kind === "existing" ? host.gateway : undefined;
  if (gateway?.kind !== "class") return;
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const body = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    metadata: { name: gateway.className },
    spec: { controllerName: `inference-infra/${gateway.controller ?? "sandbox"}` },
  };
  const api = config.makeApiClient(CustomObjectsApi);
  const kind = { group: "gateway.networking.k8s.io", version: "v1", plural: "gatewayclasses" };
  await unless(409, api.createClusterCustomObject({ ...kind, body }));
}
