import { checkHostInZone } from "../dns/names";
import type { ClusterHandle } from "../host/cluster-handle";
import { checkAbsolutePath, checkHostName, checkPositive, checkWhole, ifKnown } from "../kubernetes/checks";
import { messageOf } from "../messages";
import { hostOf, isOfCluster, type Exposure, type GatewayExposure } from "./exposure";
import { frontNodeFaults } from "./front-node";
import { gkeClasses, lostAtGkeIngress } from "./ingress";

/** What is looked at: the workload's arguments, as far as they say how it is reached. */
export interface CheckedExposure {
  readonly exposure: Exposure;
  readonly host?: string | undefined;
  readonly zone?: { readonly domain: string } | undefined;
  readonly cluster: Pick<ClusterHandle, "ingressClass" | "publicAddress"> & {
    readonly reserveAddress?: unknown;
  };
  /** How many pods at most. */
  readonly replicas: number;
}

/** The faults of how a workload is to be reached, all of them. */
export function validateExposure(args: CheckedExposure): string[] {
  const { exposure, host, zone } = args;
  const name = hostOf(exposure, host);
  const where = exposure.kind === "ingress" ? "exposure.host" : "host";
  const unsound = ifKnown(checkHostName, where, name);
  return [
    ...unsound,
    // What is no name is in no zone either.
    ...(name === undefined || zone === undefined || unsound.length > 0
      ? []
      : checkHostInZone(where, name, zone.domain, { wildcard: false })),
    ...kindFaults(args),
    ...pointsNowhere(args),
    ...sessionFaults(args),
  ];
}

function kindFaults({ exposure, host, cluster }: CheckedExposure): string[] {
  switch (exposure.kind) {
    case "none":
      return host === undefined
        ? []
        : [
            `host: got "${host}"; allowed: none, because with exposure: none nothing leads there from outside`,
          ];
    case "load-balancer":
      return [];
    case "node-port":
      return [
        ...(exposure.port === undefined ? [] : checkWhole("exposure.port", exposure.port, 30000, 32767)),
        ...(exposure.frontNode === undefined
          ? []
          : frontNodeFaults("exposure.frontNode", exposure.frontNode)),
      ];
    case "ingress":
      return [
        ...(host === undefined || host === exposure.host
          ? []
          : [`host: got "${host}"; allowed: ${exposure.host}, as exposure.host has it, or none`]),
        ...ifKnown(checkAbsolutePath, "exposure.path", exposure.path),
        ...ifKnown(checkPositive, "exposure.requestTimeoutSeconds", exposure.requestTimeoutSeconds),
        ...((exposure.className ?? cluster.ingressClass) === undefined
          ? [
              "exposure.className: missing; needed: an IngressClass, here or as the cluster's ingressClass (kubectl get ingressclass)",
            ]
          : []),
      ];
    case "gateway":
      return gatewayFaults(exposure, host);
  }
}

function gatewayFaults(
  { gateway, path, requestTimeoutSeconds }: GatewayExposure,
  host: string | undefined,
): string[] {
  const faults = [
    ...ifKnown(checkAbsolutePath, "exposure.path", path),
    ...ifKnown(checkPositive, "exposure.requestTimeoutSeconds", requestTimeoutSeconds),
  ];
  if (host === undefined)
    return [...faults, "host: missing; needed: the name that the gateway is to know it by"];
  try {
    gateway.listenerFor(host);
    return faults;
  } catch (error) {
    return [...faults, `host: ${messageOf(error)}`];
  }
}

/** A record that no one knows what to say in. */
function pointsNowhere({ exposure, host, zone, cluster }: CheckedExposure): string[] {
  const name = hostOf(exposure, host);
  if (zone === undefined || name === undefined || exposure.kind === "none") return [];
  const known = {
    "node-port": exposure.kind === "node-port" && exposure.frontNode !== undefined,
    gateway: exposure.kind === "gateway" && exposure.gateway.address !== undefined,
    ingress: cluster.reserveAddress !== undefined && isOfCluster(exposure, cluster),
    "load-balancer": cluster.reserveAddress !== undefined,
  }[exposure.kind];
  if (known || cluster.publicAddress !== undefined) return [];
  const needed =
    exposure.kind === "node-port"
      ? "exposure.frontNode, or the cluster's publicAddress"
      : "the cluster's publicAddress";
  return [`host: got "${name}", but nothing says what its record is to point at; needed: ${needed}`];
}

/** Gradio keeps a session in one pod's memory. */
function sessionFaults({ exposure, cluster, replicas }: CheckedExposure): string[] {
  if (replicas < 2) return [];
  const because = (reason: string) => [
    `replicas: got up to ${replicas} pods, and each person has to stay with one of them; allowed: 1, because ${reason}`,
  ];
  if (exposure.kind === "gateway" && exposure.gateway.platform.sessions.kind === "not-kept")
    return because(exposure.gateway.platform.sessions.reason);
  if (exposure.kind === "ingress" && gkeClasses.includes(exposure.className ?? cluster.ingressClass ?? ""))
    return because(lostAtGkeIngress);
  return [];
}
