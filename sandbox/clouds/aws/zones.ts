import { randomInt } from "node:crypto";
import type { Properties } from "../../../provider";
import { bareName, isZonesOwn, numberFor } from "../domain-names";
import { at, textAt } from "../kubernetes/objects";
import type { Resources, SimulatedResource } from "../resource-store";
import { awsError, tagsAll, type Behaviour } from "./behaviour";

export const zoneType = "aws:route53/zone:Zone";
export const recordType = "aws:route53/record:Record";
export const signingKeyType = "aws:route53/keySigningKey:KeySigningKey";

/** An id such as Route 53 makes: a Z and 20 capitals and digits. */
function newZoneId(): string {
  const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return `Z${Array.from({ length: 20 }, () => letters[randomInt(letters.length)]).join("")}`;
}

/** The four that Route 53 gives a zone: of four top-level domains, without dots at the end. */
export function awsNameServers(zoneId: string): string[] {
  return ["com", "net", "org", "co.uk"].map((domain, index) => {
    const host = index * 512 + numberFor(`${zoneId} host ${index}`, 512);
    const group = String(numberFor(`${zoneId} group ${index}`, 64)).padStart(2, "0");
    return `ns-${host}.awsdns-${group}.${domain}`;
  });
}

/** What Route 53 adds to a zone. */
export function zoneOutputs(zoneId: string): Properties {
  const nameServers = awsNameServers(zoneId);
  return {
    zoneId,
    arn: `arn:aws:route53:::hostedzone/${zoneId}`,
    comment: "Managed by Pulumi",
    // The provider sorts them, but takes the first before it does.
    nameServers: [...nameServers].sort(),
    primaryNameServer: nameServers[0] ?? "",
    enableAcceleratedRecovery: false,
  };
}

/** The zone that a record or a key is to be in, by its id with or without `/hostedzone/`. */
export function zoneIn(resources: Resources, zoneId: string | undefined): SimulatedResource | undefined {
  const zone = resources[bareZoneId(zoneId)];
  return zone?.type === zoneType ? zone : undefined;
}

/** The provider does not show Route 53's own NoSuchHostedZone here. */
export function noSuchZone(zoneId: string): string {
  return `reading Route 53 Hosted Zone (${zoneId}): couldn't find resource`;
}

/** An id without `/hostedzone/`, as the API writes it. */
export function bareZoneId(zoneId: string | undefined): string {
  return (zoneId ?? "").replace(/^\/hostedzone\//, "");
}

/** A zone's domain, without a dot at the end. */
export function domainOf(zone: SimulatedResource): string {
  return bareName(textAt(zone.state, "name") ?? "");
}

/** The whole name of a record: the provider appends the zone's where the name does not end in it. */
export function wholeName(name: string, domain: string): string {
  const bare = bareName(name);
  if (bare.endsWith(domain)) return bare;
  return bare === "" ? domain : `${bare}.${domain}`;
}

/** The entries of a type that belong to a zone. */
export function inZone(
  resources: Resources,
  zoneId: string,
  type: string,
  property: string,
): [key: string, resource: SimulatedResource][] {
  return Object.entries(resources).filter(
    ([, each]) => each.type === type && bareZoneId(textAt(each.state, property)) === zoneId,
  );
}

/** Two of one name are two zones, as in Route 53. */
export const zone: Behaviour = {
  naming: { property: "name", maxLength: 1024 },
  id: newZoneId,
  outputs: ({ id }) => zoneOutputs(id),
  derived: tagsAll,
  refuseDeletion: ({ id, state, others }) => {
    const refuse = (message: string) => {
      const error = awsError("Route 53", "DeleteHostedZone", 400, "HostedZoneNotEmpty", message);
      throw new Error(`deleting Route53 Hosted Zone (${id}): ${error}`);
    };
    const domain = bareName(textAt(state, "name") ?? "");
    const records = inZone(others, id, recordType, "zoneId").filter(
      ([, { state: record }]) =>
        !isZonesOwn(wholeName(textAt(record, "name") ?? "", domain), textAt(record, "type"), domain),
    );
    if (at(state, "forceDestroy") !== true && records.length > 0)
      refuse(
        "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
      );
    if (inZone(others, id, signingKeyType, "hostedZoneId").length > 0)
      refuse("The specified hosted zone contains DNSSEC Key Signing Keys and so cannot be deleted.");
  },
  takesAlong: ({ id, others }) => [
    ...inZone(others, id, recordType, "zoneId").map(([key]) => key),
    ...inZone(others, id, "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec", "hostedZoneId").map(
      ([key]) => key,
    ),
  ],
};
