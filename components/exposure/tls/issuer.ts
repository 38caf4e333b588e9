import { createHash } from "node:crypto";
import type { Resource } from "@pulumi/pulumi";
import type { ClusterHandle } from "../../host/cluster-handle";
import { customResource } from "../../kubernetes/custom-resource";
import { labelsFor } from "../../kubernetes/labels";
import { certManagerApi, issuerRef, type ClusterIssuer, type IssuerRef } from "./kinds";
import type { MadeSolver } from "./solver";
import { acmeServers, type CertificateIssuer, type CertManagerRef } from "./tls";

/** An issuer, and what certificates come after. */
export interface MadeIssuer {
  readonly ref: IssuerRef;
  readonly ready: readonly Resource[];
}

/** An account at an ACME server: an e-mail address and the directory's address. */
export interface AcmeAccount {
  readonly email: string;
  readonly server: string;
}

/** The account of an issuer: outside production at the staging server, which lets one try as often as one likes. */
export function acmeAccount(
  { email, server }: Extract<CertificateIssuer, { kind: "acme" }>,
  production: boolean,
): AcmeAccount {
  return { email, server: server ?? (production ? acmeServers.production : acmeServers.staging) };
}

export interface AcmeIssuerArgs {
  readonly account: AcmeAccount;
  readonly solver: MadeSolver;
  readonly cluster: Pick<ClusterHandle, "provider">;
  readonly certManager: CertManagerRef;
  /** The component that it is made for, for labels. */
  readonly owner: string;
  readonly parent: Resource;
}

/**
 * Let's Encrypt, or another that speaks ACME, as an issuer for the whole cluster. It is ready once the account is made:
 * an e-mail address that the server does not take shows here.
 */
export function acmeIssuer(
  name: string,
  { account, solver, cluster, certManager, owner, parent }: AcmeIssuerArgs,
): MadeIssuer {
  const issuer = customResource<ClusterIssuer>(
    name,
    {
      apiVersion: certManagerApi,
      kind: "ClusterIssuer",
      metadata: { labels: labelsFor(owner) },
      spec: {
        acme: {
          ...account,
          // Known before it is there: an issuer that is made anew finds the same account again.
          privateKeySecretRef: { name: `acme-account-${shortHash(account.email, account.server)}` },
          solvers: [solver.solver],
        },
      },
      waitFor: "condition=Ready",
    },
    {
      parent,
      provider: cluster.provider,
      dependsOn: [...certManager.ready, ...solver.ready],
      // An account is made in seconds, or not at all.
      customTimeouts: { create: "3m", update: "3m" },
    },
  );
  return { ref: issuerRef(issuer.metadata.name), ready: [issuer] };
}

/** Eight hex digits that no other texts have. */
export function shortHash(...texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 8);
}
