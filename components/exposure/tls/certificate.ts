import type { Input, Resource } from "@pulumi/pulumi";
import { customResource, type CustomOptions } from "../../kubernetes/custom-resource";
import { labelsFor } from "../../kubernetes/labels";
import { certManagerApi, type Certificate, type IssuerRef } from "./kinds";

export interface HostCertificateArgs {
  /** May begin with `*.`, for every name directly below. */
  readonly host: string;
  /** Where the Secret is put: beside the Gateway or Ingress that shows it. */
  readonly namespace: Input<string>;
  readonly issuer: IssuerRef;
  /** Whether Pulumi waits until it is signed, which needs no one from outside. */
  readonly await: boolean;
}

/**
 * The Secret that a host's certificate is put into. A listener or an Ingress can name it before it is there, so that what
 * shows the certificate need not wait for what gets it by its help.
 */
export function secretNameFor(host: string): string {
  // No host's own name begins with the second one.
  return host.startsWith("*.") ? `wildcard-tls.${host.slice(2)}` : `tls-${host}`;
}

/** A fresh key with each renewal; P-256 is what every browser and Google's load balancers take. */
export const privateKey = { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" } as const;

/**
 * Asks for a host's certificate. Its Secret stays where the certificate goes, until its namespace goes: cert-manager
 * keeps it, so that a Gateway is not without one.
 */
export function hostCertificate(
  name: string,
  { host, namespace, issuer, await: wait }: HostCertificateArgs,
  options: CustomOptions,
): Resource {
  return customResource<Certificate>(
    `${name}-${host.replace("*", "wildcard")}`,
    {
      apiVersion: certManagerApi,
      kind: "Certificate",
      metadata: { namespace, labels: labelsFor(name) },
      spec: { secretName: secretNameFor(host), dnsNames: [host], privateKey, issuerRef: issuer },
      ...(wait && { waitFor: "condition=Ready" }),
    },
    options,
  );
}
