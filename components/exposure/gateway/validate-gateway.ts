import type { DnsZone } from "../../dns/dns";
import { isWithinZone } from "../../dns/names";
import { checkName } from "../../kubernetes/checks";
import type { CertManagerTls, SelfSignedTls, Tls } from "../tls/tls";
import { checkGatewayHost, isWildcard } from "./host-names";
import type { GatewayHost } from "./listeners";
import type { GatewayPlatform } from "./platform";
import type { SharedGatewayArgs } from "./shared-gateway";

/** A host whose certificate is got and put into a Secret. */
export function needsCertificate(tls: Tls): tls is CertManagerTls | SelfSignedTls {
  return tls.kind === "cert-manager" || tls.kind === "self-signed";
}

/** More do not fit into the one route that sends people on to HTTPS. */
const mostHosts = 16;

/**
 * The faults of the arguments, all of them. Google's names have 63 characters at most, of which a host's label and Pulumi
 * add 33.
 */
export function validateSharedGateway(name: string, args: SharedGatewayArgs): string[] {
  const { cluster, hosts, namespaces } = args;
  return [
    ...checkName(name, 30),
    ...(cluster.gateways === undefined
      ? ["cluster: got one without gateways; needed: GKE, or a host with gateway: a class or a controller"]
      : []),
    ...(hosts.length === 0 || hosts.length > mostHosts
      ? [`hosts: got ${hosts.length}; allowed: 1 to ${mostHosts}`]
      : []),
    ...(namespaces.length === 0
      ? ["namespaces: got none; needed: the namespaces whose routes it takes"]
      : []),
    ...hosts.flatMap((host, index) => hostFaults(`hosts[${index}]`, host, index, args)),
    ...mixtureFaults(hosts),
  ];
}

function hostFaults(
  where: string,
  { host, tls }: GatewayHost,
  index: number,
  args: SharedGatewayArgs,
): string[] {
  const first = args.hosts.findIndex((other) => other.host === host);
  if (first < index)
    return [`${where}.host: got "${host ?? "(any)"}", as hosts[${first}]; allowed: each host once`];
  if (host === undefined) {
    return tls.kind === "none"
      ? []
      : [`${where}.host: missing; needed: the host that the certificate is for, or tls: none`];
  }
  return [...checkGatewayHost(`${where}.host`, host), ...tlsFaults(where, host, tls, args)];
}

function tlsFaults(where: string, host: string, tls: Tls, args: SharedGatewayArgs): string[] {
  switch (tls.kind) {
    case "none":
      return [];
    case "google-managed":
      return googleFaults(where, host, args.cluster.gateways, args.zone);
    case "secret":
      return tls.namespace === undefined ? namespaceFaults(`${where}.tls.namespace`, args) : [];
    case "cert-manager":
    case "self-signed":
      return [
        ...(args.certificates === undefined
          ? [`${where}.tls.kind: got "${tls.kind}", but nothing gets certificates; needed: cert-manager`]
          : []),
        ...(isWildcard(host) && provesByPage(tls)
          ? [
              `${where}.host: got "${host}"; allowed: one host, because challenge http-01 proves no others; or challenge: dns-01`,
            ]
          : []),
      ];
  }
}

/** Of several namespaces it has to be said which one. */
function namespaceFaults(where: string, { namespaces }: Pick<SharedGatewayArgs, "namespaces">): string[] {
  if (namespaces !== "all" && namespaces.length < 2) return [];
  const many = namespaces === "all" ? "all namespaces" : namespaces.length;
  return [
    `${where}: missing; needed: the namespace of the Secret, because the gateway takes routes of ${many}`,
  ];
}

function provesByPage(tls: CertManagerTls | SelfSignedTls): boolean {
  return tls.kind === "cert-manager" && tls.issuer.kind === "acme" && tls.issuer.challenge === "http-01";
}

function googleFaults(
  where: string,
  host: string,
  platform: GatewayPlatform | undefined,
  zone: DnsZone | undefined,
): string[] {
  if (platform !== undefined && platform.certificates !== "google") {
    return [
      `${where}.tls.kind: got "google-managed", which only GKE's own gateways know; allowed: cert-manager, secret, self-signed or none`,
    ];
  }
  return zone === undefined || isWithinZone(host, zone.domain)
    ? []
    : [
        `${where}.host: got "${host}"; allowed: a name in the zone ${zone.domain}, where it is proved that it is yours`,
      ];
}

/** Google takes a map of certificates for the whole gateway, or Secrets. */
function mixtureFaults(hosts: readonly GatewayHost[]): string[] {
  const managed = hosts.find(({ tls }) => tls.kind === "google-managed");
  if (managed === undefined) return [];
  return hosts.flatMap(({ tls }, index) =>
    tls.kind === "google-managed" || tls.kind === "none"
      ? []
      : [
          `hosts[${index}].tls.kind: got "${tls.kind}" beside "google-managed" of ${managed.host ?? "another"}; allowed: one of the two at a gateway`,
        ],
  );
}
