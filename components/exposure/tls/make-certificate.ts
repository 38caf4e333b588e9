import type { Resource } from "@pulumi/pulumi";
import type { DnsZone } from "../../dns/dns";
import type { ClusterHandle } from "../../host/cluster-handle";
import type { HostCertificate, MakeCertificate } from "../gateway/host-certificate";
import { hostCertificate, secretNameFor } from "./certificate";
import { acmeAccount, acmeIssuer, shortHash, type MadeIssuer } from "./issuer";
import { issuerRef } from "./kinds";
import { selfSignedIssuer } from "./self-signed";
import { dnsSolver, gatewaySolver, ingressSolver, type MadeSolver } from "./solver";
import type { CertificateIssuer, CertManagerRef } from "./tls";

export interface CertificateMakerArgs {
  /** What the logical names of issuers and certificates begin with. */
  readonly name: string;
  readonly cluster: Pick<ClusterHandle, "provider" | "cloud" | "workloadPrincipal">;
  readonly certManager: CertManagerRef;
  /** The hosts' zone, for dns-01. */
  readonly zone?: DnsZone | undefined;
  /** Whether browsers are to trust what Let's Encrypt signs; its limits are strict there. */
  readonly production: boolean;
  /** What serves the page of http-01: the gateway that a certificate is asked for, or an ingress controller. */
  readonly solver: { readonly kind: "gateway" } | { readonly kind: "ingress"; readonly className: string };
  /** Of the issuers, which hosts share. */
  readonly parent: Resource;
}

type GatewayRequest = Parameters<MakeCertificate>[0];
/** A certificate that is asked for; without a gateway where an Ingress shows it. */
export type CertificateRequest = Omit<GatewayRequest, "gatewayName"> & Partial<GatewayRequest>;

/**
 * Gets certificates by cert-manager, and makes the issuers they need when first they are needed: one for each account and
 * challenge (and gateway, with http-01), one authority for all that are self-signed.
 *
 * With http-01 the issuer names the Gateway, and the Gateway's listener names the certificate's Secret. That is no
 * circle: both names are known before either is there (`secretNameFor`), and the Gateway waits for no certificate.
 */
export function certificateMaker(
  args: CertificateMakerArgs,
): (request: CertificateRequest) => HostCertificate {
  const { name, cluster, certManager, parent } = args;
  const issuers = once<MadeIssuer>();
  const solvers = once<MadeSolver>();
  const solverFor = (challenge: string, request: CertificateRequest): MadeSolver => {
    if (challenge === "dns-01") return solvers("dns-01", () => dnsSolver(name, args));
    if (args.solver.kind === "ingress") return ingressSolver(args.solver.className);
    if (request.gatewayName === undefined)
      throw new Error(`${request.host}: http-01 through a gateway needs the gateway's name`);
    return gatewaySolver({ name: request.gatewayName, namespace: request.namespace });
  };
  const acme = (issuer: Extract<CertificateIssuer, { kind: "acme" }>, request: CertificateRequest) => {
    const account = acmeAccount(issuer, args.production);
    const byGateway = issuer.challenge === "http-01" && args.solver.kind === "gateway";
    const place = byGateway ? (request.gatewayName ?? "") : "";
    const issuerName = `${name}-${issuer.challenge}-${shortHash(account.email, account.server, place)}`;
    return issuers(issuerName, () =>
      acmeIssuer(issuerName, { ...args, account, solver: solverFor(issuer.challenge, request), owner: name }),
    );
  };
  const issuerFor = (request: CertificateRequest): MadeIssuer => {
    const { tls } = request;
    if (tls.kind === "self-signed")
      return issuers("self-signed", () => selfSignedIssuer(name, { cluster, certManager, parent }));
    if (tls.issuer.kind === "acme") return acme(tls.issuer, request);
    return { ref: issuerRef(tls.issuer.name), ready: certManager.ready };
  };
  return (request) => {
    const { host, tls, namespace } = request;
    const { ref, ready } = issuerFor(request);
    const certificate = hostCertificate(
      name,
      { host, namespace, issuer: ref, await: tls.kind === "self-signed" },
      {
        parent: request.parent,
        provider: cluster.provider,
        dependsOn: [...ready, ...(args.zone?.ready ?? [])],
      },
    );
    return { secretName: secretNameFor(host), ready: [certificate] };
  };
}

/** Makes what has a name at its first use, and gives the same from then on. */
function once<Made>(): (name: string, make: () => Made) => Made {
  const all = new Map<string, Made>();
  return (name, make) => {
    const made = all.get(name) ?? make();
    all.set(name, made);
    return made;
  };
}
