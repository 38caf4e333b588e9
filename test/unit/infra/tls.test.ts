import { describe, expect, it } from "vitest";
import { acme, byClass, existing, existingIssuer, gke, googleZone, host, stack, zone } from "./grounds";
import { faultsOf } from "./faults-of";

const gateway = { host, exposure: "gateway" };
const ingress = { exposure: { kind: "ingress", host } };
const withCertManager = gke({ certManager: "install" });
const lab = existing({
  gateway: byClass,
  ingressClass: "traefik",
  certManager: "existing",
  publicAddress: "203.0.113.7",
});
const sharedGateway = existing({
  gateway: { kind: "existing", name: "public", namespace: "infra" },
  certManager: "existing",
});
const inNamespace = { namespace: { kind: "existing", name: "ml" } };
const secret = { kind: "secret", secretName: "mnist-tls" };
const production = { tier: "production" };
const login = { credentials: { kind: "generated", username: "ada" } };

describe("nothing is wrong with", () => {
  const cases: [what: string, document: object][] = [
    [
      "Google's certificate, and a zone of Google's",
      stack(gke(), { ...gateway, tls: "google-managed" }, { dns: googleZone }),
    ],
    [
      "Google's certificate, and a zone of AWS's",
      stack(gke(), { ...gateway, tls: "google-managed" }, { dns: zone }),
    ],
    ["Google's certificate, and no zone", stack(gke(), { ...gateway, tls: "google-managed" })],
    [
      "dns-01 in the cluster's cloud",
      stack(withCertManager, { ...gateway, tls: acme("dns-01") }, { dns: googleZone }),
    ],
    ["http-01 at a class's gateway", stack(lab, { ...gateway, tls: acme("http-01") }, { dns: zone })],
    ["http-01 at an ingress", stack(lab, { ...ingress, tls: acme("http-01") })],
    ["an issuer that is there", stack(lab, { ...ingress, tls: existingIssuer })],
    ["an authority of the cluster's own", stack(lab, { ...gateway, tls: "self-signed" })],
    ["the same at GKE's gateway", stack(withCertManager, { ...gateway, tls: "self-signed" })],
    ["a Secret in a namespace that is there", stack(lab, { ...gateway, tls: secret }, inNamespace)],
    ["clear text in production, said", stack(lab, { ...gateway, ...login, tls: "none" }, production)],
    ["someone else's gateway in production", stack(sharedGateway, { ...gateway, ...login }, production)],
    ["someone else's gateway, and none", stack(sharedGateway, { ...gateway, tls: "none" })],
    ["clear text by a load balancer", stack(lab, { host, exposure: "load-balancer", tls: "none" })],
    [
      "an ingress's own short form",
      stack(lab, {
        exposure: { ...ingress.exposure, tls: { secretName: "mnist-tls", issuer: "letsencrypt" } },
      }),
    ],
  ];
  it.each(cases)("%s", (_what, document) => expect(faultsOf(document)).toEqual([]));
});

describe("a fault is", () => {
  const cases: [what: string, document: object, ...faults: string[]][] = [
    [
      "a certificate for no host",
      stack(gke(), { exposure: "gateway", tls: "google-managed" }),
      "environment.ui.host: missing; needed: the name that people reach it under, such as mnist.example.com",
      'environment.ui.tls: got "google-managed"; needed: a host, which the certificate is for',
    ],
    [
      "not to say where the certificate comes from",
      stack(lab, { ...gateway, ...login }),
      "environment.ui.tls: missing; needed: where the host's certificate comes from; or none, for clear text, logins included",
    ],
    [
      "a certificate that is given twice",
      stack(lab, { exposure: { ...ingress.exposure, tls: { secretName: "a" } }, tls: existingIssuer }),
      "environment.ui.tls: given twice; allowed: here or as ui.exposure.tls, not both",
    ],
    [
      "a certificate behind a load balancer",
      stack(lab, { host, exposure: "load-balancer", tls: "self-signed" }),
      'environment.ui.tls: got "self-signed"; allowed: none, because a load-balancer passes on what comes as it is; or take exposure: gateway',
    ],
    [
      "a certificate behind a node's port",
      stack(lab, { host, exposure: "node-port", tls: acme("http-01") }),
      'environment.ui.tls: got "cert-manager"; allowed: none, because a node-port passes on what comes as it is; or take exposure: gateway',
    ],
    [
      "a certificate that no one sees",
      stack(lab, { exposure: "none", tls: "self-signed" }),
      'environment.ui.tls: got "self-signed"; allowed: none, because exposure: none passes on what comes as it is; or take exposure: gateway',
    ],
    [
      "Google's certificate elsewhere",
      stack(lab, { ...gateway, tls: "google-managed" }),
      'environment.ui.tls: got "google-managed", which only a gateway on GKE has; allowed here: cert-manager, self-signed, secret, none',
    ],
    [
      "Google's certificate at an Ingress of GKE's",
      stack(gke(), { ...ingress, tls: "google-managed" }),
      'environment.ui.tls: got "google-managed", which only a gateway on GKE has; allowed here: cert-manager, self-signed, secret, none',
    ],
    [
      "a certificate of one's own at someone else's gateway",
      stack(sharedGateway, { ...gateway, tls: "self-signed" }),
      'environment.ui.tls: got "self-signed"; allowed: none, because the gateway is there already, with its certificates (host.gateway.scheme)',
    ],
    [
      "cert-manager that is not there",
      stack(existing({ gateway: byClass }), { ...gateway, tls: acme("http-01") }),
      'environment.ui.tls: got "cert-manager"; needed: cert-manager on the cluster (host.certManager: install; or existing, where it is there)',
    ],
    [
      "an authority of the cluster's own without cert-manager",
      stack(gke(), { ...gateway, tls: "self-signed" }),
      'environment.ui.tls: got "self-signed"; needed: cert-manager on the cluster (host.certManager: install; or existing, where it is there)',
    ],
    [
      "http-01 at GKE's gateway",
      stack(withCertManager, { ...gateway, tls: acme("http-01") }, { dns: googleZone }),
      'environment.ui.tls.issuer.challenge: got "http-01" at a gateway on GKE, which is not made before the certificate is there; allowed: dns-01, or tls: google-managed',
    ],
    [
      "http-01 at an Ingress of GKE's",
      stack(withCertManager, { ...ingress, tls: acme("http-01") }),
      'environment.ui.tls.issuer.challenge: got "http-01" with the IngressClass "gce", which gives the page an address of its own; allowed: dns-01, or a gateway',
    ],
    [
      "dns-01 without a zone",
      stack(withCertManager, { ...gateway, tls: acme("dns-01") }),
      'environment.ui.tls.issuer.challenge: got "dns-01"; needed: a zone that the host is in, where the record is written',
    ],
    [
      "dns-01 with a zone in the other cloud",
      stack(withCertManager, { ...gateway, tls: acme("dns-01") }, { dns: zone }),
      'environment.ui.tls.issuer.challenge: got "dns-01", but the zone is in Route 53 and the cluster in Google Cloud, whose identities cannot change it; allowed: http-01, or at a gateway tls: google-managed, whose record may be in any zone',
    ],
    [
      "dns-01 on a cluster in no cloud",
      stack(lab, { ...gateway, tls: acme("dns-01") }, { dns: zone }),
      'environment.ui.tls.issuer.challenge: got "dns-01", for which the cluster must be in the zone\'s cloud, and it is in none; allowed: http-01, or a certificate of your own (tls: secret)',
    ],
    [
      "a Secret in a namespace that is still to be made",
      stack(lab, { ...gateway, tls: secret }),
      "environment.ui.tls: needs a namespace that exists, with the Secret in it: namespace: {kind: existing, name: …}",
    ],
    [
      "a directory that is not reached safely, and no e-mail address",
      stack(lab, { ...gateway, tls: acme("http-01", { server: "http://ca.acme.dev", email: "ops" }) }),
      'environment.ui.tls.issuer.email: got "ops"; allowed: an e-mail address',
      'environment.ui.tls.issuer.server: got "http://ca.acme.dev"; allowed: the address of an ACME directory',
    ],
  ];
  it.each(cases)("%s", (_what, document, ...faults) => expect(faultsOf(document)).toEqual(faults));
});

describe("one fault is told, and not what follows from it:", () => {
  const cases: [what: string, document: object, fault: string][] = [
    [
      "a certificate of no kind, in production",
      stack(lab, { ...gateway, ...login, tls: "self-sigend" }, production),
      'environment.ui.tls: got "self-sigend"; allowed: none, google-managed, cert-manager, secret or self-signed; did you mean self-signed?',
    ],
    [
      "an issuer of no kind",
      stack(existing({ gateway: byClass }), {
        ...gateway,
        tls: { kind: "cert-manager", issuer: { kind: "acm" } },
      }),
      'environment.ui.tls.issuer.kind: got "acm"; allowed: acme or existing; did you mean acme?',
    ],
    [
      "a challenge that there is not",
      stack(withCertManager, { ...gateway, tls: acme("dns-01", { challenge: "tls-alpn-01" }) }),
      'environment.ui.tls.issuer.challenge: got "tls-alpn-01"; allowed: http-01 or dns-01',
    ],
    [
      "a cert-manager that is neither there nor installed",
      stack(existing({ gateway: byClass, certManager: "instal" }), { ...gateway, tls: acme("http-01") }),
      'environment.host.certManager: got "instal"; allowed: install or existing; did you mean install?',
    ],
    [
      "a zone that is none",
      stack(withCertManager, { ...gateway, tls: acme("dns-01") }, { dns: 7 }),
      "environment.dns: got 7 (a number); allowed: a mapping whose kind is cloud-dns or route53",
    ],
    [
      "a host of GKE without a project",
      stack(
        { kind: "gke", region: "europe-west4", certManager: "install" },
        { ...gateway, tls: "google-managed" },
      ),
      "environment.host.project: missing; needed: the id of a Google Cloud project (gcloud projects list)",
    ],
    [
      "an IngressClass that is none",
      stack(withCertManager, { exposure: { ...ingress.exposure, className: "NGINX" }, tls: acme("http-01") }),
      'environment.ui.exposure.className: got "NGINX"; allowed: the name of a Kubernetes object: lower-case letters, digits, hyphens and dots',
    ],
    [
      "a namespace of no kind",
      stack(lab, { ...gateway, tls: secret }, { namespace: "exists" }),
      'environment.namespace: got "exists"; allowed: new or existing',
    ],
  ];
  it.each(cases)("%s", (_what, document, fault) => expect(faultsOf(document)).toEqual([fault]));
});

describe("an e-mail address", () => {
  const to = (email: string) => stack(lab, { ...gateway, tls: acme("http-01", { email }) });
  it.each(["you@example.com", "a.b@ml.example.org"])("%s is no one's", (email) => {
    const fault = `environment.ui.tls.issuer.email: got "${email}", a placeholder; needed: your own`;
    expect(faultsOf(to(email))).toEqual([fault]);
    expect(faultsOf(to(email), true)).toEqual([]);
  });
  it.each(["you@myexample.com", "example.com@acme.dev"])("%s is someone's", (email) =>
    expect(faultsOf(to(email))).toEqual([]),
  );
});
