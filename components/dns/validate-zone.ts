import type { Input } from "@pulumi/pulumi";
import { projectIdShape } from "../google-project";
import { checkName, ifKnown, type Check } from "../kubernetes/checks";
import { checkDomain, isWithinZone, normalName } from "./names";
import { checkTtl } from "./record-data";
import type { ZoneArgs } from "./zone";

/** The faults of a zone's arguments, all of them. Google's names have 63 characters at most, of which Pulumi adds 8. */
export function validateZone(name: string, args: ZoneArgs): string[] {
  const { cloud, zone, labels = {}, ttlSeconds } = args;
  return [
    ...checkName(name, 55),
    ...(cloud.kind === "cloud-dns" ? checkProject("cloud.project", cloud.project) : []),
    ...checkDomain("zone.domain", zone.domain),
    ...(zone.kind === "existing" ? ifKnown(checkId[cloud.kind], "zone.id", zone.id) : []),
    ...checkParent(args),
    ...checkNewOnly(args),
    ...Object.entries(labels).flatMap(([key, value]) => checkLabel[cloud.kind](key, value)),
    ...(ttlSeconds === undefined ? [] : checkTtl("ttlSeconds", ttlSeconds)),
  ];
}

/** The fault of a zone that was looked up and is another domain's. Simulated clouds may not know which it is. */
export function checkFound(id: Input<string>, found: string | undefined, domain: string): string[] {
  if (found === undefined || found === "" || normalName(found) === domain) return [];
  const which = typeof id === "string" ? `the zone ${id}` : "the zone";
  return [`zone: ${which} is ${normalName(found)}, not ${domain}`];
}

/** A zone that is there is as whoever made it wants it. */
function checkNewOnly({ zone, dnssec, protect, labels, parent }: ZoneArgs): string[] {
  if (zone.kind === "new") return [];
  const only = "allowed: for a new zone";
  return [
    ...(dnssec === true ? [`dnssec: got true; ${only}; one that is there is signed where it was made`] : []),
    ...(protect === true ? [`protect: got true; ${only}; one that is there is never deleted`] : []),
    ...(labels !== undefined && Object.keys(labels).length > 0
      ? [`labels: got ${Object.keys(labels).join(", ")}; ${only}`]
      : []),
    ...(parent !== undefined
      ? [`parent: got ${parent.domain}; ${only}; one that is there is delegated already`]
      : []),
  ];
}

function checkParent({ zone, parent }: ZoneArgs): string[] {
  if (parent === undefined || zone.kind === "existing") return [];
  const below = isWithinZone(zone.domain, parent.domain) && normalName(zone.domain) !== parent.domain;
  return below
    ? []
    : [`zone.domain: got "${zone.domain}"; allowed: a name that ends in .${parent.domain}, the parent zone`];
}

const checkProject: Check = (where, value) =>
  projectIdShape.test(value)
    ? []
    : [`${where}: got ${JSON.stringify(value)}; allowed: a project's id, such as my-project`];

/** What a cloud knows a zone by: Route 53 a hosted zone's id, Cloud DNS a managed zone's name. */
export const zoneIdShapes = {
  route53: /^Z[A-Z0-9]{1,31}$/,
  "cloud-dns": /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
} as const;

const checkId: Readonly<Record<"route53" | "cloud-dns", Check>> = {
  route53: (where, value) =>
    zoneIdShapes.route53.test(value)
      ? []
      : [
          `${where}: got ${JSON.stringify(value)}; allowed: the id of a hosted zone, such as Z0123456789ABCDEFGHIJ`,
        ],
  "cloud-dns": (where, value) =>
    zoneIdShapes["cloud-dns"].test(value)
      ? []
      : [`${where}: got ${JSON.stringify(value)}; allowed: the name of a managed zone, such as example-com`],
};

const checkLabel: Readonly<Record<"route53" | "cloud-dns", Check>> = {
  /** https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
  route53: (key, value) =>
    /^(?!aws:)[\w .:/=+@-]{1,128}$/i.test(key) && /^[\w .:/=+@-]{0,256}$/.test(value)
      ? []
      : [
          `labels.${key}: got ${JSON.stringify(value)}; allowed: letters, digits, spaces and _.:/=+@-, the name at most ` +
            "128 characters and without aws: in front, the value at most 256",
        ],
  /** https://cloud.google.com/compute/docs/labeling-resources */
  "cloud-dns": (key, value) =>
    /^[a-z][a-z0-9_-]{0,62}$/.test(key) && /^[a-z0-9_-]{0,63}$/.test(value)
      ? []
      : [
          `labels.${key}: got ${JSON.stringify(value)}; allowed: lower-case letters, digits, hyphens and underscores, ` +
            "at most 63 of each, the name with a letter first",
        ],
};
