import { isIPv4 } from "node:net";
import type { CheckFailure, Properties } from "../../../provider";
import { isWithin, isZonesOwn } from "../domain-names";
import { at, listAt, textAt } from "../kubernetes/objects";
import type { Resources, SimulatedResource } from "../resource-store";
import { awsError, type Behaviour, type Wanted } from "./behaviour";
import { bareZoneId, domainOf, inZone, noSuchZone, recordType, wholeName, zoneIn } from "./zones";

export const record: Behaviour = {
  validate: validateRecord,
  id: (inputs) => {
    const name = (textAt(inputs, "name") ?? "").replace(/\.$/, "").toLowerCase();
    const parts = [bareZoneId(textAt(inputs, "zoneId")), name, textAt(inputs, "type")];
    const set = textAt(inputs, "setIdentifier");
    return [...parts, ...(set === undefined ? [] : [set])].join("_");
  },
  exists: (_, inputs, others) => {
    const zone = zoneIn(others, textAt(inputs, "zoneId"));
    if (at(inputs, "allowOverwrite") === true || zone === undefined) return undefined;
    return refusal(true, alreadyThere(inputs, wholeName(textAt(inputs, "name") ?? "", domainOf(zone))));
  },
  outputs: ({ inputs, others }) => {
    const zone = zoneIn(others, textAt(inputs, "zoneId"));
    const name = textAt(inputs, "name") ?? "";
    return { allowOverwrite: false, fqdn: zone === undefined ? name : wholeName(name, domainOf(zone)) };
  },
  refuse: (wanted) => {
    const zoneId = bareZoneId(textAt(wanted.inputs, "zoneId"));
    const zone = zoneIn(wanted.others, zoneId);
    if (zone === undefined) throw new Error(noSuchZone(zoneId));
    const incomplete = incompleteIn(wanted, zone);
    if (incomplete !== undefined) throw new Error(refusal(wanted.isNew, incomplete, "InvalidInput"));
    const fault = faultIn(wanted, zone);
    if (fault !== undefined) throw new Error(refusal(wanted.isNew, fault));
  },
};

function refusal(isNew: boolean, message: string, code = "InvalidChangeBatch"): string {
  const text = code === "InvalidChangeBatch" ? `[${message}]` : message;
  const error = awsError("Route 53", "ChangeResourceRecordSets", 400, code, text);
  return `${isNew ? "creating" : "updating"} Route53 Record: ${error}`;
}

function alreadyThere(inputs: Properties, name: string): string {
  return `Tried to create resource record set [name='${name}.', type='${textAt(inputs, "type")}'] but it already exists`;
}

/** What the provider sees by itself. */
function validateRecord(inputs: Properties): readonly CheckFailure[] {
  const has = (property: string) => inputs[property] !== undefined;
  const both = has("aliases") && has("records");
  const neither = !has("aliases") && !has("records");
  return [
    ...(both || neither
      ? [{ property: "records", reason: "exactly one of `aliases,records` must be specified" }]
      : []),
    ...(has("aliases") && has("ttl")
      ? [{ property: "ttl", reason: "`ttl` conflicts with `aliases`: an alias has its target's" }]
      : []),
    ...(has("ttl") && neither ? [{ property: "ttl", reason: "all of `records,ttl` must be specified" }] : []),
  ];
}

function incompleteIn({ inputs, isNew }: Wanted, zone: SimulatedResource): string | undefined {
  if (inputs["aliases"] !== undefined || inputs["ttl"] !== undefined) return undefined;
  const parts = [
    `Action=${isNew ? "CREATE" : "UPSERT"}`,
    `Name=${wholeName(textAt(inputs, "name") ?? "", domainOf(zone))}`,
    `Type=${textAt(inputs, "type")}`,
    `SetIdentifier=${textAt(inputs, "setIdentifier") ?? "null"}`,
  ];
  return (
    "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or " +
    `TrafficPolicyInstanceId], but found none in Change with [${parts.join(", ")}]`
  );
}

/** What Route 53 has against a record, in its words. */
function faultIn({ inputs, others, isNew }: Wanted, zone: SimulatedResource): string | undefined {
  const domain = domainOf(zone);
  const name = wholeName(textAt(inputs, "name") ?? "", domain);
  const type = textAt(inputs, "type") ?? "";
  if (!isWithin(name, domain)) return `RRSet with DNS name ${name}. is not permitted in zone ${domain}.`;
  if (type === "CNAME" && name === domain)
    return `RRSet of type CNAME with DNS name ${name}. is not permitted at apex in zone ${domain}.`;
  const beside = besides(bareZoneId(textAt(inputs, "zoneId")), name, domain, others);
  const isSame = (other: Properties) =>
    textAt(other, "type") === type && textAt(other, "setIdentifier") === textAt(inputs, "setIdentifier");
  const isTaken = beside.some(isSame) || isZonesOwn(name, type, domain);
  if (isNew && isTaken && at(inputs, "allowOverwrite") !== true) return alreadyThere(inputs, name);
  const types = beside.map((other) => textAt(other, "type")).filter((other) => other !== type);
  if (type === "CNAME" && types.length > 0)
    return `RRSet of type CNAME with DNS name ${name}. is not permitted as it conflicts with other records with the same DNS name in zone ${domain}.`;
  if (types.includes("CNAME"))
    return `RRSet of type ${type} with DNS name ${name}. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${domain}.`;
  const wrong = type === "A" ? listAt(inputs, "records").find((value) => !isAddress(value)) : undefined;
  return wrong === undefined
    ? undefined
    : `Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '${String(wrong)}''`;
}

const isAddress = (value: unknown) => typeof value === "string" && isIPv4(value);

/** The other records of the same name. */
function besides(zoneId: string, name: string, domain: string, others: Resources): readonly Properties[] {
  return inZone(others, zoneId, recordType, "zoneId")
    .map(([, { state }]) => state)
    .filter((state) => wholeName(textAt(state, "name") ?? "", domain) === name);
}
