import type { CheckFailure, Properties } from "../../../provider";
import { bareName, isWithin, isZonesOwn, numberFor } from "../domain-names";
import { at, listAt, textAt } from "../kubernetes/objects";
import { googleError, type Behaviour, type Wanted } from "./behaviour";
import { lastPart, projectOf, type Defaults } from "./places";
import type { Resources, SimulatedResource } from "./project";

export const managedZoneType = "gcp:dns/managedZone:ManagedZone";
export const recordSetType = "gcp:dns/recordSet:RecordSet";

/** The four that Google gives a zone: of one letter, with dots at the end. */
export function googleNameServers(zoneId: string): string[] {
  const letter = "abcde"[numberFor(zoneId, 5)] ?? "a";
  return [1, 2, 3, 4].map((number) => `ns-cloud-${letter}${number}.googledomains.com.`);
}

/** What Google adds to a zone. */
export function zoneOutputs(id: string, project: string): Properties {
  return {
    project,
    managedZoneId: String(numberFor(id, 2 ** 31)).padStart(19, "1"),
    nameServers: googleNameServers(id),
    creationTime: "2026-01-01T00:00:00.000Z",
    description: "Managed by Pulumi",
    visibility: "public",
  };
}

export const managedZone: Behaviour = {
  naming: { property: "name", maxLength: 63, lowercase: true },
  id: (inputs, defaults) => `projects/${projectOf(inputs, defaults)}/managedZones/${textAt(inputs, "name")}`,
  exists: (id) => {
    const message = `The resource 'entity.managedZone' named '${lastPart(id)}' already exists`;
    return `Error creating ManagedZone: ${googleError(409, message, "alreadyExists")}`;
  },
  refuse: ({ inputs, others, id }) => {
    const dnsName = textAt(inputs, "dnsName") ?? "";
    if (!dnsName.endsWith(".") || dnsName.includes("..")) {
      const message = `Invalid value for 'entity.managedZone.dnsName': '${dnsName}'`;
      throw new Error(`Error creating ManagedZone: ${googleError(400, message, "invalid")}`);
    }
    const isSigned = textAt(inputs, "dnssecConfig", "state") === "on";
    if (isSigned && recordsIn(id, others).some(([, { state }]) => textAt(state, "type") === "ALIAS")) {
      const message = "DNSSEC cannot be enabled on a zone with ALIAS records.";
      throw new Error(
        `Error updating ManagedZone "${id}": ${googleError(400, message, "preconditionFailed")}`,
      );
    }
  },
  outputs: ({ id, inputs, defaults }) => zoneOutputs(id, projectOf(inputs, defaults)),
  derived: (inputs) => ({ effectiveLabels: at(inputs, "labels") ?? {} }),
  refuseDeletion: ({ id, state, others }) => {
    if (at(state, "forceDestroy") === true) return;
    const dnsName = textAt(state, "dnsName") ?? "";
    const rest = recordsIn(id, others).filter(
      ([, record]) => !isZonesOwn(textAt(record.state, "name") ?? "", textAt(record.state, "type"), dnsName),
    );
    if (rest.length === 0) return;
    const message = `The resource named '${lastPart(id)}' cannot be deleted because it contains one or more 'resource records'.`;
    throw new Error(
      `Error when reading or editing ManagedZone: ${googleError(400, message, "containerNotEmpty")}`,
    );
  },
  takesAlong: ({ id, others }) => recordsIn(id, others).map(([record]) => record),
};

function recordsIn(zoneId: string, resources: Resources): [id: string, record: SimulatedResource][] {
  return Object.entries(resources).filter(
    ([id, { type }]) => type === recordSetType && id.startsWith(`${zoneId}/rrsets/`),
  );
}

function zoneIdOf(inputs: Properties, defaults: Defaults): string {
  const zone = lastPart(textAt(inputs, "managedZone") ?? "");
  return `projects/${projectOf(inputs, defaults)}/managedZones/${zone}`;
}

const noZone = (name: string) =>
  googleError(404, `The 'parameters.managedZone' resource named '${name}' does not exist.`, "notFound");

export const recordSet: Behaviour = {
  validate: validateRecordSet,
  id: (inputs, defaults) =>
    `${zoneIdOf(inputs, defaults)}/rrsets/${textAt(inputs, "name")}/${textAt(inputs, "type")}`,
  // As Cloud DNS has it. Google's provider would delete the first in the change that makes the second, and no one would
  // notice: that two stacks make one record is better seen here.
  exists: (_id, inputs) => {
    const where = `entity.change.additions[${textAt(inputs, "name")}][${textAt(inputs, "type")}]`;
    return `Error creating DNS RecordSet: ${googleError(409, `The resource '${where}' already exists`, "alreadyExists")}`;
  },
  outputs: ({ inputs, defaults }) => ({ project: projectOf(inputs, defaults) }),
  refuse: (wanted) => {
    const zoneId = zoneIdOf(wanted.inputs, wanted.defaults);
    const zone = wanted.others[zoneId];
    const zoneName = lastPart(zoneId);
    if (zone === undefined)
      throw new Error(`Error retrieving record sets for "${zoneName}": ${noZone(zoneName)}`);
    const fault = faultIn(wanted, zoneId, zone);
    if (fault === undefined) return;
    throw new Error(`Error ${wanted.isNew ? "creating" : "changing"} DNS RecordSet: ${fault}`);
  },
};

function validateRecordSet(inputs: Properties): readonly CheckFailure[] {
  const name = textAt(inputs, "name");
  const misspelt =
    name !== undefined && !name.endsWith(".")
      ? `"name" ("${name}") doesn't end with ".", name field must end with trailing dot, for example test.example.com. (note the trailing dot)`
      : undefined;
  const given = ["routingPolicy", "rrdatas"].filter((property) => inputs[property] !== undefined);
  const missing =
    given.length === 1 ? undefined : "exactly one of `routing_policy,rrdatas` must be specified";
  return [
    ...(misspelt === undefined ? [] : [{ property: "name", reason: misspelt }]),
    ...(missing === undefined ? [] : [{ property: "rrdatas", reason: missing }]),
  ];
}

/** What Cloud DNS has against a record set, in its words. */
function faultIn({ inputs, others }: Wanted, zoneId: string, zone: SimulatedResource): string | undefined {
  const [name, type] = [textAt(inputs, "name") ?? "", textAt(inputs, "type") ?? ""];
  const dnsName = textAt(zone.state, "dnsName") ?? "";
  const where = `entity.change.additions[${name}][${type}]`;
  if (!isWithin(name, dnsName))
    return googleError(400, `Invalid value for '${where}.name': '${name}'`, "invalid");
  const isTop = bareName(name) === bareName(dnsName);
  const isSigned = textAt(zone.state, "dnssecConfig", "state") === "on";
  if (type === "ALIAS" && (!isTop || isSigned))
    return googleError(400, `Invalid value for '${where}.type': '${type}'`, "invalid");
  if (type === "CNAME" && listAt(inputs, "rrdatas").length > 1)
    return googleError(400, `Invalid value for '${where}.rrdata': more than one`, "invalid");
  const beside = besides(name, type, isTop, recordsIn(zoneId, others));
  if (beside === undefined) return undefined;
  const message =
    `The resource record set '${where}' is invalid because the DNS name '${name}' has a resource record set of the type ` +
    `'${beside}'. A DNS name may have either one CNAME resource record set or resource record sets of other types, but not both.`;
  return googleError(400, message, "cnameResourceRecordSetConflict");
}

/** The type of a record set of the same name that cannot be beside this one. */
function besides(
  name: string,
  type: string,
  isTop: boolean,
  records: readonly [string, SimulatedResource][],
): string | undefined {
  const types = records
    .filter(([, { state }]) => bareName(textAt(state, "name") ?? "") === bareName(name))
    .map(([, { state }]) => textAt(state, "type") ?? "")
    .filter((other) => other !== type);
  if (type === "CNAME") return types[0] ?? (isTop ? "SOA" : undefined);
  return types.find((other) => other === "CNAME");
}

/** The right to change one zone's records. */
export const zoneMember: Behaviour = {
  id: (inputs, defaults) => {
    const parts = [textAt(inputs, "role"), textAt(inputs, "member"), textAt(inputs, "condition", "title")];
    return [zoneIdOf(inputs, defaults), ...parts.filter((part) => part !== undefined)].join("/");
  },
  refuse: ({ inputs, defaults, others }) => {
    const zoneId = zoneIdOf(inputs, defaults);
    if (others[zoneId] !== undefined) return;
    throw new Error(
      `Error retrieving IAM policy for dns managedzone "${zoneId}": ${noZone(lastPart(zoneId))}`,
    );
  },
  outputs: ({ inputs, defaults }) => ({ project: projectOf(inputs, defaults), etag: "BwX=" }),
};
