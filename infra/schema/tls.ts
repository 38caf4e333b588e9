import { z } from "zod";
import { choice, mapping, oneOf, text } from "./fields";
import { objectName } from "./words";

const issuer = choice([
  mapping({
    kind: z.literal("acme").describe("Let's Encrypt, or another that speaks ACME."),
    email: text("an e-mail address", /^[^@\s]+@[^@\s]+$/).describe(
      "Whom it writes to when a certificate is about to expire.",
    ),
    challenge: oneOf(["http-01", "dns-01"]).describe(
      "How it sees that the host is yours: http-01 by a page on port 80, dns-01 by a record in the zone.",
    ),
    server: text("the address of an ACME directory", /^https:\/\/\S+$/)
      .optional()
      .describe("Default: Let's Encrypt; outside production its staging one, which browsers do not trust."),
  }),
  mapping({
    kind: z.literal("existing").describe("A ClusterIssuer that is there."),
    name: objectName().describe("Its name: kubectl get clusterissuer."),
  }),
]);

export const noTls = mapping({ kind: z.literal("none").describe("Clear text.") });

export const certManagerTls = mapping({
  kind: z.literal("cert-manager").describe("cert-manager in the cluster (host.certManager)."),
  issuer: issuer.describe("Who signs it."),
});

export const selfSignedTls = mapping({
  kind: z
    .literal("self-signed")
    .describe("A certificate authority of the cluster's own, by cert-manager, which no browser knows."),
});

/** Where the certificate of a host comes from. */
export const tls = choice([
  noTls,
  mapping({
    kind: z
      .literal("google-managed")
      .describe("Google's Certificate Manager: for a gateway on GKE; the zone may be in any cloud."),
  }),
  certManagerTls,
  mapping({
    kind: z.literal("secret").describe("A Secret of type kubernetes.io/tls that is there."),
    secretName: objectName().describe("Its name, in the stack's namespace."),
  }),
  selfSignedTls,
]);
