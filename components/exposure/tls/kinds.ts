import type { Input } from "@pulumi/pulumi";
import type { AcmeDnsSolver } from "../../dns/dns";

/** What signs certificates, for the whole cluster; its Secrets are in cert-manager's namespace. */
export interface ClusterIssuer {
  readonly apiVersion: "cert-manager.io/v1";
  readonly kind: "ClusterIssuer";
  readonly spec:
    | { readonly acme: AcmeSpec }
    | { readonly selfSigned: Readonly<Record<string, never>> }
    | { readonly ca: { readonly secretName: string } };
}

export interface AcmeSpec {
  readonly email: string;
  readonly server: string;
  readonly privateKeySecretRef: { readonly name: string };
  readonly solvers: readonly AcmeSolver[];
}

/** How it is shown that a host is ours. */
export type AcmeSolver =
  | { readonly dns01: AcmeDnsSolver }
  | { readonly http01: { readonly ingress: { readonly ingressClassName: string } } }
  | {
      readonly http01: {
        readonly gatewayHTTPRoute: {
          readonly serviceType: "ClusterIP";
          readonly parentRefs: readonly {
            readonly group: "gateway.networking.k8s.io";
            readonly kind: "Gateway";
            readonly name: Input<string>;
            readonly namespace: Input<string>;
          }[];
        };
      };
    };

/** A certificate that is wanted, and the Secret that it is put into. */
export interface Certificate {
  readonly apiVersion: "cert-manager.io/v1";
  readonly kind: "Certificate";
  readonly spec: {
    readonly secretName: string;
    readonly issuerRef: IssuerRef;
    readonly privateKey: {
      readonly algorithm: "ECDSA";
      readonly size: 256;
      readonly rotationPolicy: "Always";
    };
    readonly dnsNames?: readonly string[];
    readonly isCA?: true;
    readonly commonName?: string;
    readonly duration?: string;
  };
}

export interface IssuerRef {
  readonly group: "cert-manager.io";
  readonly kind: "ClusterIssuer";
  readonly name: Input<string>;
}

/** The API's version of all of cert-manager's kinds that we use. */
export const certManagerApi = "cert-manager.io/v1";

export function issuerRef(name: Input<string>): IssuerRef {
  return { group: "cert-manager.io", kind: "ClusterIssuer", name };
}
