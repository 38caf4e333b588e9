import { describe, expect, it } from "vitest";
import { acme, byClass, existing, gke, googleZone, host, stack, zone } from "./grounds";
import { faultsOf, without } from "./faults-of";

const ui = { host, tls: "google-managed", exposure: "gateway" };
const onGke = (dns: object, more: object = {}) => stack(gke(), { ...ui, ...more }, { dns });
const elsewhere = (dns: object) =>
  stack(
    existing({ gateway: byClass, publicAddress: "203.0.113.7" }),
    { host, exposure: "gateway", tls: "none" },
    { dns },
  );
const parentInGoogle = { kind: "cloud-dns", domain: "acme.dev", id: "acme-dev" };
const parentInAws = { kind: "route53", domain: "acme.dev", id: "Z0123456789ABC" };
const below = (parent: object, more: object = {}) => ({
  kind: "cloud-dns",
  domain: "ml.acme.dev",
  parent,
  ...more,
});
const adopted = { kind: "existing", id: "Z0123456789ABC" };

describe("nothing is wrong with", () => {
  const cases: [what: string, document: object][] = [
    ["a new zone in the host's project", onGke(googleZone)],
    ["a new zone in the other cloud", onGke({ ...zone, dnssec: true, ttlSeconds: 30 })],
    ["a zone that is there", onGke({ ...zone, zone: adopted })],
    ["a managed zone that is there", onGke({ ...googleZone, zone: { kind: "existing", id: "acme-dev" } })],
    ["the zone's own name", onGke(googleZone, { host: "acme.dev" })],
    ["a zone below one of the other cloud", onGke(below(parentInAws), { host: "mnist.ml.acme.dev" })],
    ["a zone below one of the same", onGke(below(parentInGoogle), { host: "mnist.ml.acme.dev" })],
    ["a managed zone beside someone's cluster", elsewhere({ ...googleZone, project: "dns-project" })],
    ["a hosted zone beside someone's cluster", elsewhere(zone)],
    ["a zone, and a UI without a name", stack(existing(), { exposure: "none" }, { dns: zone })],
  ];
  it.each(cases)("%s", (_what, document) => expect(faultsOf(document)).toEqual([]));
});

describe("a fault is", () => {
  const cases: [what: string, document: object, ...faults: string[]][] = [
    [
      "a host outside the zone",
      onGke(googleZone, { host: "mnist.acme.org" }),
      'environment.ui.host: got "mnist.acme.org"; allowed: acme.dev, or a name that ends in .acme.dev, the zone',
    ],
    [
      "an ingress's host outside the zone",
      stack(gke(), { exposure: { kind: "ingress", host: "mnist.notacme.dev" } }, { dns: googleZone }),
      'environment.ui.exposure.host: got "mnist.notacme.dev"; allowed: acme.dev, or a name that ends in .acme.dev, the zone',
    ],
    [
      "a zone that is no domain",
      stack(gke(), { exposure: "none" }, { dns: { ...googleZone, domain: "localhost" } }),
      'environment.dns.domain: got "localhost"; allowed: a domain, such as example.com',
    ],
    [
      "a parent zone that is no domain",
      onGke(
        { ...googleZone, domain: "ml.dev", parent: { ...parentInAws, domain: "dev" } },
        { host: "mnist.ml.dev" },
      ),
      'environment.dns.parent.domain: got "dev"; allowed: a domain, such as example.com',
    ],
    [
      "a parent of a zone that is there",
      onGke({ ...zone, zone: adopted, parent: parentInGoogle }),
      "environment.dns.parent: given, but the zone is there already, and delegated to; allowed: only for a new zone",
    ],
    [
      "a zone beside its parent",
      onGke(below(parentInAws, { domain: "acme.org" }), { host: "mnist.acme.org" }),
      'environment.dns.domain: got "acme.org"; allowed: a name that ends in .acme.dev, the zone above it (dns.parent)',
    ],
    [
      "a zone that is its own parent",
      onGke(below(parentInAws, { domain: "acme.dev" })),
      'environment.dns.domain: got "acme.dev"; allowed: a name that ends in .acme.dev, the zone above it (dns.parent)',
    ],
    [
      "a zone that only looks like one below its parent",
      onGke(below(parentInAws, { domain: "notacme.dev" }), { host: "mnist.notacme.dev" }),
      'environment.dns.domain: got "notacme.dev"; allowed: a name that ends in .acme.dev, the zone above it (dns.parent)',
    ],
    [
      "to sign a zone that is there",
      onGke({ ...zone, zone: adopted, dnssec: true }),
      "environment.dns.dnssec: got true (a boolean); allowed: only for a new zone, because one that is there is signed or not already",
    ],
    [
      "a hosted zone by its name",
      onGke({ ...zone, zone: { kind: "existing", id: "acme.dev" } }),
      'environment.dns.zone.id: got "acme.dev"; allowed: a hosted zone\'s id, without /hostedzone/ (aws route53 list-hosted-zones)',
    ],
    [
      "a parent's hosted zone by its path",
      onGke(below({ ...parentInAws, id: "/hostedzone/Z01" }), { host: "mnist.ml.acme.dev" }),
      'environment.dns.parent.id: got "/hostedzone/Z01"; allowed: a hosted zone\'s id, without /hostedzone/ (aws route53 list-hosted-zones)',
    ],
    [
      "a managed zone by its domain",
      onGke({ ...googleZone, zone: { kind: "existing", id: "acme.dev" } }),
      'environment.dns.zone.id: got "acme.dev"; allowed: the zone\'s name in Cloud DNS (gcloud dns managed-zones list)',
    ],
    [
      "a parent's managed zone by its path",
      onGke(below({ ...parentInGoogle, id: "projects/p/managedZones/acme" }), { host: "mnist.ml.acme.dev" }),
      'environment.dns.parent.id: got "projects/p/managedZones/acme"; allowed: the zone\'s name in Cloud DNS (gcloud dns managed-zones list)',
    ],
    [
      "a managed zone in no project",
      elsewhere(googleZone),
      "environment.dns.project: missing; needed: the id of the Google Cloud project that the zone is in",
    ],
    [
      "a parent's managed zone in no project",
      elsewhere({ ...zone, parent: { ...parentInGoogle, domain: "dev" } }),
      'environment.dns.parent.domain: got "dev"; allowed: a domain, such as example.com',
      "environment.dns.parent.project: missing; needed: the id of the Google Cloud project that the zone is in",
    ],
    [
      "answers that are remembered for ever",
      onGke({ ...zone, ttlSeconds: 604_801 }),
      "environment.dns.ttlSeconds: got 604801 (a number); allowed: a whole number from 1 to 604800",
    ],
  ];
  it.each(cases)("%s", (_what, document, ...faults) => expect(faultsOf(document)).toEqual(faults));
});

describe("one fault is told, and not what follows from it:", () => {
  const cases: [what: string, document: object, fault: string][] = [
    [
      "a zone of no kind",
      stack(
        gke({ certManager: "install" }),
        { ...ui, tls: acme("dns-01") },
        { dns: { ...zone, kind: "azure" } },
      ),
      'environment.dns.kind: got "azure"; allowed: cloud-dns or route53',
    ],
    [
      "a domain that is none",
      onGke(below(parentInAws, { domain: "*.acme.dev" })),
      'environment.dns.domain: got "*.acme.dev"; allowed: a host name, such as mnist.example.com',
    ],
    [
      "a parent's domain that is none",
      onGke(below({ ...parentInAws, domain: "acme_dev" }), { host: "mnist.ml.acme.dev" }),
      'environment.dns.parent.domain: got "acme_dev"; allowed: a host name, such as mnist.example.com',
    ],
    [
      "a zone that is there or new, misspelt",
      onGke({ ...zone, zone: { kind: "exists", id: "acme" }, dnssec: true }),
      'environment.dns.zone.kind: got "exists"; allowed: new or existing',
    ],
    [
      "a zone that is there, without its id",
      onGke({ ...zone, zone: "existing" }),
      "environment.dns.zone.id: missing; needed: the zone's id",
    ],
    [
      "a project that is none",
      elsewhere({ ...googleZone, project: 7 }),
      "environment.dns.project: got 7 (a number); allowed: the id of a Google Cloud project (gcloud projects list)",
    ],
    [
      "no zone at all",
      stack(gke(), ui, { dns: "route53" }),
      "environment.dns.domain: missing; needed: a host name, such as mnist.example.com",
    ],
  ];
  it.each(cases)("%s", (_what, document, fault) => expect(faultsOf(document)).toEqual([fault]));
});

describe("names that no one can have", () => {
  const placeholders = stack(
    gke(),
    { ...ui, host: "mnist.dev.example.com", tls: acme("dns-01", { email: "you@example.com" }) },
    {
      dns: {
        kind: "cloud-dns",
        domain: "dev.example.com",
        parent: { ...parentInAws, domain: "example.com" },
      },
    },
  );
  const document = { ...placeholders, host: gke({ certManager: "install" }) };
  const fault = (where: string, name: string) =>
    `environment.${where}: got "${name}", a placeholder; needed: your own`;

  it("are told where something is made of them, all at once", () =>
    expect(faultsOf(document)).toEqual([
      fault("dns.domain", "dev.example.com"),
      fault("dns.parent.domain", "example.com"),
      fault("ui.host", "mnist.dev.example.com"),
      fault("ui.tls.issuer.email", "you@example.com"),
    ]));

  it("will do where nothing is", () => expect(faultsOf(document, true)).toEqual([]));

  it.each(["a.example.com", "example.net", "b.example.org", "ui.example", "ui.invalid", "ui.test"])(
    "%s is one",
    (name) => expect(faultsOf(stack(gke(), { ...ui, host: name }))).toEqual([fault("ui.host", name)]),
  );

  it.each(["myexample.com", "example.com.acme.dev", "mnist.localhost", "latest.dev"])("%s is none", (name) =>
    expect(faultsOf(stack(gke(), { ...ui, host: name }))).toEqual([]),
  );
});

it("all faults of a document come at once", () => {
  const document = stack(
    existing({ gateway: { kind: "class", className: "x" } }),
    { host: "mnist.acme.org", tls: "google-managed", exposure: "gateway", replicas: 2 },
    { dns: { ...googleZone, zone: { kind: "existing", id: "acme-dev" }, parent: parentInAws, dnssec: true } },
  );
  expect(faultsOf(document).map((line) => line.replace(/: .*/, ""))).toEqual([
    "environment.dns.dnssec",
    "environment.dns.parent",
    "environment.dns.project",
    "environment.host.publicAddress",
    "environment.ui.host",
    "environment.ui.replicas",
    "environment.ui.tls",
  ]);
  expect(faultsOf(without(document, "dns"))).toHaveLength(2);
});
