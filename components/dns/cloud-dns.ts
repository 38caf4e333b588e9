import {
  DnsManagedZoneIamMember,
  getKeysOutput,
  getManagedZoneOutput,
  ManagedZone,
  RecordSet,
  type RecordSetArgs,
} from "@pulumi/gcp/dns";
import {
  mergeOptions,
  output,
  runtime,
  unknown,
  type CustomResourceOptions,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import {
  formerNames,
  logicalName,
  serverNames,
  zoneComment,
  type CloudZone,
  type ExistingCloudZone,
  type NewCloudZone,
  type PlacedRecord,
} from "./cloud-zone";
import { recordValues, spellName } from "./record-data";

/** A managed zone that is made; Google holds the keys that it is signed with. */
export function newCloudDnsZone(
  name: string,
  project: string,
  { domain, dnssec, labels }: NewCloudZone,
  options: CustomResourceOptions & { readonly parent: Resource },
): CloudZone {
  const zone = new ManagedZone(
    name,
    {
      project,
      dnsName: spellName(domain, "cloud-dns"),
      description: zoneComment,
      visibility: "public",
      // Records that others put there are not ours to delete: a zone that has some stays.
      forceDestroy: false,
      // NSEC3, so that nobody can list the zone's names.
      ...(dnssec && { dnssecConfig: { state: "on", nonExistence: "nsec3" } }),
      ...(labels && { labels }),
    },
    options,
  );
  const dsRecord = () => firstDsRecord(domain, project, zone.name, options.parent);
  return {
    ...inZone(zone.name, project),
    nameServers: serverNames(zone.nameServers),
    ...(dnssec && { signing: { dsRecord: dsRecord(), ready: [zone] } }),
  };
}

/** A managed zone that is there. */
export function existingCloudDnsZone(
  project: string,
  { id, verify }: ExistingCloudZone,
  options: { readonly parent: Resource },
): CloudZone {
  const found = getManagedZoneOutput({ name: id, project }, options).apply((zone) => {
    verify(zone.dnsName);
    return zone;
  });
  const zoneName = output([found, id] as const).apply(([, known]) => known);
  return { ...inZone(zoneName, project), nameServers: serverNames(found.nameServers) };
}

function inZone(id: Output<string>, project: string): Omit<CloudZone, "nameServers"> {
  return {
    id,
    acmeSolver: { cloudDNS: { project, hostedZoneName: id } },
    record: (record, options) =>
      new RecordSet(
        logicalName(record.name, record.data.type),
        cloudDnsInputs(id, project, record),
        mergeOptions(options, { aliases: formerNames(record.name, record.data.type) }),
      ),
    // Of Google's own roles this is the least that changes records; on the one zone, it lets at no other. A solver that is
    // told the zone's name lists none (cert-manager's `hostedZoneName`); listing is granted for a whole project only.
    grantChanges: (name, member, options) =>
      new DnsManagedZoneIamMember(
        name,
        { project, managedZone: id, role: "roles/dns.admin", member },
        options,
      ),
  };
}

/** What Google's provider is told of a record. */
export function cloudDnsInputs(
  managedZone: Output<string>,
  project: string,
  { name, actualName, data, ttlSeconds }: PlacedRecord,
): RecordSetArgs {
  const where = `record ${logicalName(name, data.type)}: data`;
  return {
    project,
    managedZone,
    name: output(actualName).apply((actual) => spellName(actual, "cloud-dns")),
    type: data.type,
    ttl: ttlSeconds,
    rrdatas:
      data.type === "ALIAS"
        ? [output(data.target).apply((target) => spellName(target, "cloud-dns"))]
        : output(data.values).apply((values) => recordValues(where, data.type, values, "cloud-dns")),
  };
}

/** What the parent vouches for. A zone that is about to be signed has no keys yet, and a preview does not know them. */
function firstDsRecord(
  domain: string,
  project: string,
  managedZone: Output<string>,
  parent: Resource,
): Output<string> {
  return getKeysOutput({ managedZone, project }, { parent }).apply(({ keySigningKeys }) => {
    // Google's provider answers with nothing where there are no keys.
    const key = (keySigningKeys ?? []).find(({ isActive }) => isActive) ?? keySigningKeys?.[0];
    if (key !== undefined) return key.dsRecord;
    if (runtime.isDryRun()) return unknown as never;
    throw new Error(`the zone ${domain} has no key to sign with; it may take a minute: run it again`);
  });
}
