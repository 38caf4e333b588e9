import { RunError } from "@pulumi/pulumi";
import { checkHostInZone } from "../../dns/names";
import { checkPublicAddress } from "../../dns/public-address";
import { frontNodeFaults } from "../../exposure/front-node";
import { needsCertificate } from "../../exposure/gateway/validate-gateway";
import type { GatewayPlatform, GatewayRef } from "../../exposure/gateway/platform";
import type { ClusterHandle } from "../../host/cluster-handle";
import { checkHostName, checkName } from "../../kubernetes/checks";
import { messageOf } from "../../messages";
import type { ExistingTraefik, InstalledTraefik, OscarExposure, OscarFrontArgs } from "./front";

/** The faults of the arguments, all of them. */
export function validateOscarFront(name: string, args: OscarFrontArgs): string[] {
  return [
    // Of the gateway's name.
    ...checkName(name, 30),
    ...hostFaults(args),
    ...exposureFaults(args),
    ...pointsNowhere(args),
  ];
}

/** How the gateways of a Traefik are had that is there. */
export function traefikOf(
  cluster: Pick<ClusterHandle, "gateways">,
  { platform }: ExistingTraefik,
): GatewayPlatform | undefined {
  return platform ?? cluster.gateways;
}

/**
 * An address that only a cluster or a cloud could tell, for records of a zone that everyone can ask.
 *
 * @throws where it is private: such a node does for a network of its own, and no one else finds it
 */
export function toldAddress(where: string, address: string): string {
  const faults = checkPublicAddress(where, [address]);
  if (faults.length > 0) throw new RunError(faults.join("\n"));
  return address;
}

function hostFaults({ hosts, zone }: OscarFrontArgs): string[] {
  if (hosts.length === 0) return ["hosts: got none; needed: the name that OSCAR is reached under, first"];
  return hosts.flatMap((host, index) => {
    const where = `hosts[${index}]`;
    const first = hosts.indexOf(host);
    if (first < index) return [`${where}: got "${host}", as hosts[${first}]; allowed: each host once`];
    const unsound = checkHostName(where, host);
    // What is no name is in no zone either.
    if (unsound.length > 0 || zone === undefined) return unsound;
    return checkHostInZone(where, host, zone.domain, { wildcard: false });
  });
}

function exposureFaults({ exposure, hosts, cluster }: OscarFrontArgs): string[] {
  if (exposure.kind === "gateway") return hosts.flatMap((host) => notServed(exposure.gateway, host, hosts));
  return [
    ...(exposure.traefik === "install" ? installFaults(exposure) : foundFaults(cluster, exposure)),
    ...tlsFaults(exposure),
  ];
}

function notServed(gateway: GatewayRef, host: string, hosts: readonly string[]): string[] {
  try {
    gateway.listenerFor(host);
    return [];
  } catch (error) {
    return [`hosts[${hosts.indexOf(host)}]: ${messageOf(error)}`];
  }
}

function installFaults({ gatewayApi, reach, tls }: InstalledTraefik): string[] {
  const byPage =
    tls.kind === "cert-manager" && tls.issuer.kind === "acme" && tls.issuer.challenge === "http-01";
  return [
    ...(gatewayApi === "install" && byPage
      ? [
          'exposure.gatewayApi: got "install"; allowed: existing, because for challenge http-01 cert-manager comes after ' +
            'the Gateway API and before this; or traefik: "existing", with the platform of a GatewayController',
        ]
      : []),
    ...(reach?.kind === "front-node" ? frontNodeFaults("exposure.reach.node", reach.node) : []),
  ];
}

/** Why other gateways do not do. */
const because =
  "because the services that OSCAR exposes are routes with Traefik's Middlewares, which no other controller takes, " +
  "Google's neither";

function foundFaults(cluster: OscarFrontArgs["cluster"], exposure: ExistingTraefik): string[] {
  const found = traefikOf(cluster, exposure);
  if (found?.controller === "traefik") return [];
  const whose = exposure.platform === undefined ? "the cluster's gateways" : "exposure.platform";
  const got =
    found === undefined
      ? "the cluster has no gateways"
      : `${whose} are those of GatewayClass ${found.className} (${found.controller ?? "nothing says whose it is"})`;
  return [
    `exposure.traefik: got "existing", but ${got}; allowed: install, or gateways with controller: traefik, ${because}`,
  ];
}

function tlsFaults({ tls, certificates }: Exclude<OscarExposure, { kind: "gateway" }>): string[] {
  if (tls.kind === "google-managed")
    return [
      "exposure.tls.kind: got \"google-managed\", which only GKE's own gateways know, and OSCAR needs Traefik's; " +
        "allowed: cert-manager, secret, self-signed or none",
    ];
  if (tls.kind === "secret" && tls.namespace === undefined)
    return [
      "exposure.tls.namespace: missing; needed: the namespace of the Secret, because the gateway takes routes of all namespaces",
    ];
  return needsCertificate(tls) && certificates === undefined
    ? [
        `exposure.certificates: missing; needed: what gets certificates from cert-manager (certificateMaker), because exposure.tls.kind is "${tls.kind}"`,
      ]
    : [];
}

/** Records that no one knows what to say in. */
function pointsNowhere({ cluster, exposure, zone }: OscarFrontArgs): string[] {
  if (zone === undefined || isAddressKnown(cluster, exposure)) return [];
  const needed =
    exposure.kind === "gateway"
      ? "exposure.gateway's address"
      : exposure.traefik === "install"
        ? "the cluster's publicAddress, or exposure.reach: front-node"
        : "the cluster's publicAddress";
  return [
    `zone: got ${zone.domain}, but nothing says what the hosts' records are to point at; needed: ${needed}`,
  ];
}

function isAddressKnown(cluster: OscarFrontArgs["cluster"], exposure: OscarExposure): boolean {
  if (exposure.kind === "gateway") return exposure.gateway.address !== undefined;
  if (cluster.publicAddress !== undefined) return true;
  return exposure.traefik === "install"
    ? exposure.reach?.kind === "front-node" || cluster.reserveAddress !== undefined
    : traefikOf(cluster, exposure)?.address !== undefined;
}
