import type { Resource } from "@pulumi/pulumi";
import type { DnsZone } from "../components/dns/dns";
import { CertManager, existingCertManager } from "../components/exposure/tls/cert-manager";
import { acmeAccount } from "../components/exposure/tls/issuer";
import { certificateMaker, type CertificateMakerArgs } from "../components/exposure/tls/make-certificate";
import type { CertManagerRef, Tls } from "../components/exposure/tls/tls";
import type { ClusterHandle } from "../components/host/cluster-handle";
import type { Environment } from "./environment";
import { tiers, type TierName } from "./tiers";

/** cert-manager, one for all that the stack has certificates for. `gateways`: what brings the Gateway API. */
export function certManagerOf(
  { name, host, ui, modelServer, oscar }: Environment,
  cluster: ClusterHandle,
  gateways: readonly Resource[],
): CertManagerRef | undefined {
  if (host.kind === "none" || host.certManager === undefined) return undefined;
  if (host.certManager === "existing") return existingCertManager({});
  const gatewayApi =
    ui?.exposure.kind === "gateway" || modelServer?.exposure?.kind === "gateway" || oscar !== undefined;
  return new CertManager(`${name}-cert-manager`, {
    cluster,
    gatewayApi,
    after: gatewayApi ? gateways : [],
  });
}

/** The same with the ACME directory said, where the tier decides it. */
export function inFull(tls: Tls, tier: TierName): Tls {
  if (tls.kind !== "cert-manager" || tls.issuer.kind !== "acme") return tls;
  return { ...tls, issuer: { ...tls.issuer, ...acmeAccount(tls.issuer, tiers[tier].trustedCertificates) } };
}

export interface CertificatesArgs {
  /** What the issuers' names begin with. */
  readonly name: string;
  readonly environment: Environment;
  readonly cluster: ClusterHandle;
  readonly certManager: CertManagerRef | undefined;
  readonly zone: DnsZone | undefined;
  readonly solver: CertificateMakerArgs["solver"];
  readonly parent: Resource;
}

/** Certificates by cert-manager, where the cluster has it. */
export function certificates({ environment, certManager, ...rest }: CertificatesArgs) {
  if (certManager === undefined) return undefined;
  const production = tiers[environment.tier].trustedCertificates;
  return certificateMaker({ ...rest, certManager, production });
}
