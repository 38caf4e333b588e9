import type { Input, Resource } from "@pulumi/pulumi";
import type { DnsZone } from "../../dns/dns";
import type { ClusterHandle } from "../../host/cluster-handle";
import type { AcmeSolver } from "./kinds";
import type { CertManagerRef } from "./tls";
import { dnsChallengeFaults } from "./validate-tls";

/** How it is shown that a host is ours, and what has to be there first. */
export interface MadeSolver {
  readonly solver: AcmeSolver;
  readonly ready: readonly Resource[];
}

export interface GatewayName {
  readonly name: string;
  readonly namespace: Input<string>;
}

/** By a page on port 80 that a Gateway serves, which need not be there yet. */
export function gatewaySolver({ name, namespace }: GatewayName): MadeSolver {
  const parentRef = { group: "gateway.networking.k8s.io", kind: "Gateway", name, namespace } as const;
  // Gateways send requests to the pods by themselves: no port of the nodes is needed.
  return {
    solver: { http01: { gatewayHTTPRoute: { serviceType: "ClusterIP", parentRefs: [parentRef] } } },
    ready: [],
  };
}

/** By a page on port 80 that an ingress controller serves. */
export function ingressSolver(className: string): MadeSolver {
  return { solver: { http01: { ingress: { ingressClassName: className } } }, ready: [] };
}

export interface DnsSolverArgs {
  readonly cluster: Pick<ClusterHandle, "cloud" | "workloadPrincipal">;
  readonly certManager: CertManagerRef;
  readonly zone?: DnsZone | undefined;
  readonly parent: Resource;
}

/**
 * By a record in the zone. cert-manager writes it as its pod's own identity, so that no key of the cloud's is in the
 * cluster.
 */
export function dnsSolver(name: string, { cluster, certManager, zone, parent }: DnsSolverArgs): MadeSolver {
  const [fault] = dnsChallengeFaults("dns-01", { cloud: cluster.cloud, zone: zone?.kind });
  if (fault !== undefined) throw new Error(fault);
  if (zone === undefined || cluster.workloadPrincipal === undefined)
    throw new Error("dns-01: the cluster gives pods no identity that could be let at a zone");
  const identity = cluster.workloadPrincipal(certManager.namespace, certManager.serviceAccount);
  const grant = zone.grantChanges(`${name}-dns-01`, identity, { parent });
  return { solver: { dns01: zone.acmeSolver }, ready: [grant] };
}
