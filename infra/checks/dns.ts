import { checkDomain, checkHostInZone, isWithinZone } from "../../components/dns/names";
import { zoneIdShapes } from "../../components/dns/validate-zone";
import { ifKnown } from "../../components/kubernetes/checks";
import { got, type Fault } from "../faults";
import type { Draft } from "./draft";
import { exposedAs } from "./exposure";
import { oscarNames } from "./oscar";
import { at } from "./told";

/** The zone, and whether the names of the stack are in it. */
export function dns(draft: Draft): Fault[] {
  const { dns: zone, host } = draft;
  if (zone === undefined) return [];
  const faults: Fault[] = [
    ...at(["dns", "domain"], (where) => ifKnown(checkDomain, where, zone.domain)),
    ...at(["dns", "parent", "domain"], (where) => ifKnown(checkDomain, where, zone.parent?.domain)),
    ...idFaults(draft),
    ...parentFaults(draft),
    ...hostFaults(draft),
  ];
  const adopted = zone.zone?.kind === "existing";
  if (adopted && zone.dnssec === true) {
    const message =
      "got true (a boolean); allowed: only for a new zone, because one that is there is signed or not already";
    faults.push({ path: ["dns", "dnssec"], message });
  }
  if (host?.kind === "existing") {
    const message = "missing; needed: the id of the Google Cloud project that the zone is in";
    if (zone.kind === "cloud-dns" && !("project" in zone)) faults.push({ path: ["dns", "project"], message });
    if (zone.parent?.kind === "cloud-dns" && !("project" in zone.parent))
      faults.push({ path: ["dns", "parent", "project"], message });
  }
  return faults;
}

const allowedIds = {
  route53: "a hosted zone's id, without /hostedzone/ (aws route53 list-hosted-zones)",
  "cloud-dns": "the zone's name in Cloud DNS (gcloud dns managed-zones list)",
};

/** What a cloud knows a zone by, where it is there already. */
function idFaults({ dns: zone }: Draft): Fault[] {
  return [
    {
      path: ["dns", "zone", "id"],
      kind: zone?.kind,
      id: zone?.zone?.kind === "existing" ? zone.zone.id : undefined,
    },
    { path: ["dns", "parent", "id"], kind: zone?.parent?.kind, id: zone?.parent?.id },
  ].flatMap(({ path, kind, id }) => {
    if (kind === undefined || id === undefined || zoneIdShapes[kind].test(id)) return [];
    return [{ path, message: `${got(id, path)}; allowed: ${allowedIds[kind]}` }];
  });
}

function parentFaults({ dns: zone }: Draft): Fault[] {
  const parent = zone?.parent;
  if (zone === undefined || parent === undefined) return [];
  if (zone.zone?.kind === "existing") {
    const message = "given, but the zone is there already, and delegated to; allowed: only for a new zone";
    return [{ path: ["dns", "parent"], message }];
  }
  const path = ["dns", "domain"];
  const { domain } = zone;
  if (domain === undefined || parent.domain === undefined) return [];
  if (domain !== parent.domain && isWithinZone(domain, parent.domain)) return [];
  const message = `${got(domain, path)}; allowed: a name that ends in .${parent.domain}, the zone above it (dns.parent)`;
  return [{ path, message }];
}

function hostFaults(draft: Draft): Fault[] {
  const domain = draft.dns?.domain;
  const exposed = exposedAs(draft);
  const host = exposed?.host;
  if (domain === undefined || exposed === undefined || host === undefined) return [];
  return at(exposed.hostPath, (where) => checkHostInZone(where, host, domain, { wildcard: false }));
}

/** `example.com` and the like are reserved (RFC 2606): no one can have them. */
export function dnsPlaceholders(draft: Draft): Fault[] {
  const names = [
    { path: ["dns", "domain"], name: draft.dns?.domain },
    { path: ["dns", "parent", "domain"], name: draft.dns?.parent?.domain },
    { path: ["ui", "host"], name: draft.ui?.host },
    { path: ["modelServer", "host"], name: draft.modelServer?.host },
    ...oscarNames(draft),
  ];
  return names.flatMap(({ path, name }) =>
    name !== undefined && /(^|\.)(example\.(com|net|org)|example|invalid|test)$/.test(name)
      ? [{ path, message: `${got(name, path)}, a placeholder; needed: your own` }]
      : [],
  );
}
