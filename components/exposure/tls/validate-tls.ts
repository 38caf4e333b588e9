import type { DnsZone } from "../../dns/dns";
import type { ClusterHandle } from "../../host/cluster-handle";
import { gkeClasses } from "../ingress";
import type { CertificateIssuer, Tls } from "./tls";

/** What a host's certificate depends on, beside its own document. */
export interface TlsGround {
  /** May begin with `*.` */
  readonly host: string | undefined;
  /** Whether cert-manager is on the cluster, the stack's or another. */
  readonly certManager: boolean;
  readonly cloud: ClusterHandle["cloud"];
  /** Who serves the host's zone, where it has one. */
  readonly zone: DnsZone["kind"] | undefined;
  /** Whose certificates what serves the host can show: GKE's gateways have Google's too. */
  readonly certificates: "google" | "secrets";
  /** The IngressClass, where it is an Ingress. */
  readonly ingressClass?: string | undefined;
}

/** The faults of a host's TLS, all of them, each with where it is: `where` is the path of the choice itself. */
export function tlsFaults(where: string, tls: Tls, ground: TlsGround): string[] {
  if (tls.kind === "none") return [];
  return [
    ...(ground.host === undefined
      ? [`${where}: got "${tls.kind}"; needed: a host, which the certificate is for`]
      : []),
    ...(needsCertManager(tls) && !ground.certManager
      ? [
          `${where}: got "${tls.kind}"; needed: cert-manager on the cluster (host.certManager: install; or existing, where it is there)`,
        ]
      : []),
    ...faultsOf(where, tls, ground),
  ];
}

function needsCertManager({ kind }: Tls): boolean {
  return kind === "cert-manager" || kind === "self-signed";
}

function faultsOf(where: string, tls: Tls, ground: TlsGround): string[] {
  switch (tls.kind) {
    case "none":
    case "self-signed":
      return [];
    case "google-managed":
      return googleFaults(where, ground);
    case "secret":
      return checkObjectName(`${where}.secretName`, tls.secretName);
    case "cert-manager":
      return issuerFaults(`${where}.issuer`, tls.issuer, ground);
  }
}

function googleFaults(where: string, { certificates }: TlsGround): string[] {
  if (certificates === "secrets")
    return [
      `${where}: got "google-managed", which only a gateway on GKE has; allowed here: cert-manager, self-signed, secret, none`,
    ];
  return [];
}

function issuerFaults(where: string, issuer: CertificateIssuer, ground: TlsGround): string[] {
  if (issuer.kind === "existing") return checkObjectName(`${where}.name`, issuer.name);
  const challenge = `${where}.challenge`;
  return [
    ...(/^[^\s@]+@[^\s@]+$/.test(issuer.email)
      ? []
      : [`${where}.email: got "${issuer.email}"; allowed: an e-mail address, such as you@your-company.com`]),
    ...(issuer.server === undefined || issuer.server.startsWith("https://")
      ? []
      : [`${where}.server: got "${issuer.server}"; allowed: the https address of an ACME directory`]),
    ...(issuer.challenge === "dns-01"
      ? dnsChallengeFaults(challenge, ground)
      : pageChallengeFaults(challenge, ground)),
  ];
}

function pageChallengeFaults(where: string, { host, ingressClass, certificates }: TlsGround): string[] {
  // Google makes a gateway when its certificates are there, and the page is behind the gateway.
  if (certificates === "google")
    return [
      `${where}: got "http-01" at a gateway on GKE, which is not made before the certificate is there; allowed: dns-01, or tls: google-managed`,
    ];
  if (host?.startsWith("*."))
    return [`${where}: got "http-01" for ${host}; allowed: dns-01, by which alone wildcards are proved`];
  // Each of its Ingresses has an address of its own, the one with the page too.
  if (ingressClass !== undefined && gkeClasses.includes(ingressClass))
    return [
      `${where}: got "http-01" with the IngressClass "${ingressClass}", which gives the page an address of its own; allowed: dns-01, or a gateway`,
    ];
  return [];
}

/** The cloud that serves a zone, whose identities alone can change it. */
const cloudOfZone = { "cloud-dns": "google", route53: "aws" } as const;
const called = {
  "cloud-dns": "Cloud DNS",
  route53: "Route 53",
  google: "Google Cloud",
  aws: "AWS",
} as const;

/** Whether cert-manager can write the record by which a host is proved, as an identity of the cluster's own cloud. */
export function dnsChallengeFaults(
  where: string,
  { cloud, zone }: Pick<TlsGround, "cloud" | "zone">,
): string[] {
  if (cloud === undefined)
    return [
      `${where}: got "dns-01", for which the cluster must be in the zone's cloud, and it is in none; allowed: http-01, or a certificate of your own (tls: secret)`,
    ];
  if (zone === undefined)
    return [`${where}: got "dns-01"; needed: a zone that the host is in, where the record is written`];
  if (cloudOfZone[zone] === cloud) return [];
  const others = [
    "http-01",
    ...(cloud === "google" ? ["at a gateway tls: google-managed, whose record may be in any zone"] : []),
  ];
  return [
    `${where}: got "dns-01", but the zone is in ${called[zone]} and the cluster in ${called[cloud]}, whose identities cannot change it; allowed: ${others.join(", or ")}`,
  ];
}

/** An object of Kubernetes' that is named by its user: a DNS subdomain (RFC 1123). */
function checkObjectName(where: string, value: string): string[] {
  return value.length <= 253 &&
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(value)
    ? []
    : [
        `${where}: got "${value}"; allowed: lower-case letters, digits, hyphens and dots, at most 253 characters`,
      ];
}
