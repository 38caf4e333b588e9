import type { Input, Resource } from "@pulumi/pulumi";
import type { CertManagerTls, SelfSignedTls } from "../tls/tls";

/** A host's certificate, once it is there, in a Secret. */
export interface HostCertificate {
  /** Follows from the host alone, so that a gateway can name it before it is there. */
  readonly secretName: string;
  /** What brings it. A gateway must not wait for it: an ACME server may have to come through the gateway first. */
  readonly ready: readonly Resource[];
}

/** Sees to a host's certificate in a Secret of the namespace that its gateway is in. */
export type MakeCertificate = (args: {
  readonly host: string;
  readonly tls: CertManagerTls | SelfSignedTls;
  readonly namespace: Input<string>;
  /** The gateway, of the same namespace, that an issuer's solver answers through. It is not there yet. */
  readonly gatewayName: string;
  readonly parent: Resource;
}) => HostCertificate;
