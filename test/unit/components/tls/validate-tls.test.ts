import { describe, expect, it } from "vitest";
import type { CertManagerTls, Tls } from "../../../../components/exposure/tls/tls";
import { tlsFaults, type TlsGround } from "../../../../components/exposure/tls/validate-tls";

const where = "ui.exposure.tls";
const ground: TlsGround = {
  host: "mnist.dev.acme.org",
  certManager: true,
  cloud: "google",
  zone: "cloud-dns",
  certificates: "google",
};
const acme = (
  challenge: "http-01" | "dns-01",
  more: { email?: string; server?: string } = {},
): CertManagerTls => ({
  kind: "cert-manager",
  issuer: { kind: "acme", email: "ml@acme.org", challenge, ...more },
});
const existing = (name: string): CertManagerTls => ({
  kind: "cert-manager",
  issuer: { kind: "existing", name },
});
const gateway = { certificates: "secrets", cloud: undefined, zone: undefined } as const;

describe("no fault", () => {
  it.each<[string, Tls, Partial<TlsGround>]>([
    ["clear text, even without a host", { kind: "none" }, { host: undefined, certManager: false }],
    ["Google's certificate at GKE's gateway", { kind: "google-managed" }, { certManager: false }],
    ["Google's certificate, the zone in Route 53", { kind: "google-managed" }, { zone: "route53" }],
    ["a Secret without cert-manager", { kind: "secret", secretName: "own.tls" }, { certManager: false }],
    ["self-signed", { kind: "self-signed" }, gateway],
    ["http-01 without a zone or a cloud", acme("http-01"), gateway],
    ["http-01 by an ingress controller", acme("http-01"), { ...gateway, ingressClass: "nginx" }],
    ["dns-01 of a wildcard", acme("dns-01"), { host: "*.acme.org" }],
    ["dns-01 with GKE's Ingress", acme("dns-01"), { ingressClass: "gce" }],
    ["dns-01 in AWS", acme("dns-01"), { cloud: "aws", zone: "route53" }],
    ["another ACME server", acme("dns-01", { server: "https://dv.acme-v02.api.pki.goog/directory" }), {}],
    ["an issuer that is there", existing("corp.ca-1"), gateway],
  ])("%s", (_, tls, more) => expect(tlsFaults(where, tls, { ...ground, ...more })).toEqual([]));
});

const names = "lower-case letters, digits, hyphens and dots, at most 253 characters";

describe("faults", () => {
  it.each<[string, Tls, Partial<TlsGround>, string[]]>([
    [
      "no host, and no cert-manager",
      { kind: "self-signed" },
      { host: undefined, certManager: false },
      [
        `${where}: got "self-signed"; needed: a host, which the certificate is for`,
        `${where}: got "self-signed"; needed: cert-manager on the cluster (host.certManager: install; or existing, where it is there)`,
      ],
    ],
    [
      "an issuer that is there needs cert-manager too",
      existing("corp"),
      { certManager: false },
      [
        `${where}: got "cert-manager"; needed: cert-manager on the cluster (host.certManager: install; or existing, where it is there)`,
      ],
    ],
    [
      "Google's certificate elsewhere",
      { kind: "google-managed" },
      gateway,
      [
        `${where}: got "google-managed", which only a gateway on GKE has; allowed here: cert-manager, self-signed, secret, none`,
      ],
    ],
    [
      "Google's certificate without a zone, for which records are made by hand",
      { kind: "google-managed" },
      { zone: undefined },
      [],
    ],
    [
      "a Secret's name",
      { kind: "secret", secretName: "Own_TLS" },
      {},
      [`${where}.secretName: got "Own_TLS"; allowed: ${names}`],
    ],
    ["an issuer's name", existing("-corp"), {}, [`${where}.issuer.name: got "-corp"; allowed: ${names}`]],
    [
      "everything about an account at once",
      acme("http-01", { email: "ml.acme.org", server: "http://acme.local/directory" }),
      { host: "*.acme.org", certificates: "secrets" },
      [
        `${where}.issuer.email: got "ml.acme.org"; allowed: an e-mail address, such as you@your-company.com`,
        `${where}.issuer.server: got "http://acme.local/directory"; allowed: the https address of an ACME directory`,
        `${where}.issuer.challenge: got "http-01" for *.acme.org; allowed: dns-01, by which alone wildcards are proved`,
      ],
    ],
    [
      "http-01 with GKE's Ingress",
      acme("http-01"),
      { ingressClass: "gce", certificates: "secrets" },
      [
        `${where}.issuer.challenge: got "http-01" with the IngressClass "gce", which gives the page an address of its own; allowed: dns-01, or a gateway`,
      ],
    ],
    [
      "http-01 at GKE's gateway, which would wait for what waits for it",
      acme("http-01"),
      { certificates: "google" },
      [
        `${where}.issuer.challenge: got "http-01" at a gateway on GKE, which is not made before the certificate is there; allowed: dns-01, or tls: google-managed`,
      ],
    ],
    [
      "dns-01 on a cluster of no cloud",
      acme("dns-01"),
      { cloud: undefined },
      [
        `${where}.issuer.challenge: got "dns-01", for which the cluster must be in the zone's cloud, and it is in none; allowed: http-01, or a certificate of your own (tls: secret)`,
      ],
    ],
    [
      "dns-01 without a zone",
      acme("dns-01"),
      { zone: undefined },
      [
        `${where}.issuer.challenge: got "dns-01"; needed: a zone that the host is in, where the record is written`,
      ],
    ],
    [
      "dns-01 on GKE, the zone in Route 53",
      acme("dns-01"),
      { zone: "route53" },
      [
        `${where}.issuer.challenge: got "dns-01", but the zone is in Route 53 and the cluster in Google Cloud, whose identities cannot change it; allowed: http-01, or at a gateway tls: google-managed, whose record may be in any zone`,
      ],
    ],
    [
      "dns-01 on EKS, the zone in Cloud DNS",
      acme("dns-01"),
      { cloud: "aws" },
      [
        `${where}.issuer.challenge: got "dns-01", but the zone is in Cloud DNS and the cluster in AWS, whose identities cannot change it; allowed: http-01`,
      ],
    ],
  ])("%s", (_, tls, more, faults) => expect(tlsFaults(where, tls, { ...ground, ...more })).toEqual(faults));
});
