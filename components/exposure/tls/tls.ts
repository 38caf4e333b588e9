import type { Input, Resource } from "@pulumi/pulumi";

/** Where the certificate of a host comes from. */
export type Tls = NoTls | GoogleManagedTls | CertManagerTls | SecretTls | SelfSignedTls;

/** Clear text. */
export interface NoTls {
  readonly kind: "none";
}

/**
 * Google's Certificate Manager, which proves by a record in the zone that the host is yours. Only for a gateway on GKE;
 * the zone may be in any cloud.
 */
export interface GoogleManagedTls {
  readonly kind: "google-managed";
}

/** cert-manager in the cluster gets it, and renews it. */
export interface CertManagerTls {
  readonly kind: "cert-manager";
  readonly issuer: CertificateIssuer;
}

export type CertificateIssuer =
  | {
      /** Let's Encrypt, or another that speaks ACME. */
      readonly kind: "acme";
      /** Whom it writes to when a certificate is about to expire. */
      readonly email: string;
      /**
       * How it sees that the host is yours: by a page on port 80, which it must reach; or by a record in the host's
       * zone, which the cluster's own cloud must have.
       */
      readonly challenge: "http-01" | "dns-01";
      /** The directory's address. @default Let's Encrypt's; its staging one, which browsers do not trust, outside production */
      readonly server?: string | undefined;
    }
  /** A ClusterIssuer that is there. */
  | { readonly kind: "existing"; readonly name: string };

/** A Secret of type `kubernetes.io/tls` that is there. */
export interface SecretTls {
  readonly kind: "secret";
  readonly secretName: string;
  /** Where it is. @default the workload's namespace */
  readonly namespace?: Input<string> | undefined;
}

/** By a certificate authority of the cluster's own, which cert-manager makes and no browser knows. */
export interface SelfSignedTls {
  readonly kind: "self-signed";
}

/** Let's Encrypt's directories (https://letsencrypt.org/docs/acme-protocol-updates/). */
export const acmeServers = {
  production: "https://acme-v02.api.letsencrypt.org/directory",
  staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
} as const;

/** cert-manager, as far as what asks it for certificates has to know it. */
export interface CertManagerRef {
  /** The namespace it is in, where its ClusterIssuers look for their Secrets. */
  readonly namespace: Input<string>;
  /** The ServiceAccount that it runs as. */
  readonly serviceAccount: Input<string>;
  /** What brings it, where the stack does. */
  readonly ready: readonly Resource[];
}
