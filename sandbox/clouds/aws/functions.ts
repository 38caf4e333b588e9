import type { Properties } from "../../../provider";
import { bareName } from "../domain-names";
import { at, listAt, textAt } from "../kubernetes/objects";
import type { Resources, SimulatedResource } from "../resource-store";
import { accountId } from "./account";
import type { AwsPlace } from "./behaviour";
import { bareZoneId, domainOf, inZone, noSuchZone, recordType, zoneIn, zoneType } from "./zones";

/** What the account is asked. An unknown function answers nothing. */
export function answer(
  token: string,
  args: Properties,
  { region }: AwsPlace,
  resources: Resources,
): Properties {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return {
        id: accountId,
        accountId,
        arn: `arn:aws:iam::${accountId}:user/simulated`,
        userId: "AIDASIMULATED",
      };
    case "aws:index/getRegion:getRegion": {
      const name = textAt(args, "region") ?? textAt(args, "name") ?? region;
      return {
        id: name,
        name,
        region: name,
        description: name,
        endpoint: `ec2.${name}.amazonaws.com`,
      };
    }
    case "aws:index/getPartition:getPartition":
      return {
        id: "aws",
        partition: "aws",
        dnsSuffix: "amazonaws.com",
        reverseDnsPrefix: "com.amazonaws",
      };
    case "aws:route53/getZone:getZone":
      return zoneAnswer(...findZone(args, resources), resources);
    default:
      return {};
  }
}

/** By its id, or the one public zone of its name. */
function findZone(args: Properties, resources: Resources): [id: string, zone: SimulatedResource] {
  const asked = textAt(args, "zoneId");
  if (asked !== undefined) {
    const id = bareZoneId(asked);
    const zone = zoneIn(resources, id);
    if (zone !== undefined) return [id, zone];
    throw new Error(noSuchZone(id));
  }
  const name = bareName(textAt(args, "name") ?? "");
  const isPrivate = at(args, "privateZone") === true;
  const found = Object.entries(resources).filter(
    ([, each]) => each.type === zoneType && domainOf(each) === name && isPrivateZone(each) === isPrivate,
  );
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const which = found.length === 0 ? "no matching Route 53 Hosted Zone" : "multiple Route 53 Hosted Zones";
  throw new Error(`reading Route 53 Hosted Zone (${name}): ${which} found`);
}

const isPrivateZone = ({ state }: SimulatedResource) => listAt(state, "vpcs").length > 0;

function zoneAnswer(zoneId: string, zone: SimulatedResource, resources: Resources): Properties {
  const { arn, comment, nameServers, primaryNameServer, tags } = zone.state;
  return {
    id: zoneId,
    zoneId,
    name: domainOf(zone),
    arn: arn ?? "",
    comment: comment ?? "",
    nameServers: nameServers ?? [],
    primaryNameServer: primaryNameServer ?? "",
    privateZone: isPrivateZone(zone),
    enableAcceleratedRecovery: false,
    callerReference: `simulated-${zoneId}`,
    linkedServiceDescription: "",
    linkedServicePrincipal: "",
    // The NS and SOA records that every zone has, and the others.
    resourceRecordSetCount: 2 + inZone(resources, zoneId, recordType, "zoneId").length,
    tags: tags ?? {},
  };
}
