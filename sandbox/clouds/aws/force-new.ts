import { isList, type Properties, type Value } from "../../../provider";
import { bareName } from "../domain-names";
import { textAt } from "../kubernetes/objects";
import type { DiffRules } from "../replacement";

const named = (value: Value): Value => (typeof value === "string" ? bareName(value) : value);

/** A set: any order. A text is quoted by the provider. */
const sorted = (records: Value, inputs: Properties): Value => {
  if (!isList(records)) return records;
  const texts = records.filter((item) => typeof item === "string");
  if (texts.length !== records.length) return records;
  const isText = textAt(inputs, "type") === "TXT";
  return texts.map((item) => (isText ? item.replace(/^"|"$/g, "") : item)).sort();
};

/** What AWS's provider makes of changed inputs: the fields with `ForceNew` in terraform-provider-aws. */
export const awsDiffs: DiffRules = {
  replaced: {
    "aws:route53/zone:Zone": ["name", "delegationSetId"],
    // Another type or set identifier is one change of the zone: the old record goes as the new one comes.
    "aws:route53/record:Record": ["zoneId", "name"],
    "aws:route53/keySigningKey:KeySigningKey": ["hostedZoneId", "name"],
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": ["hostedZoneId"],
    "aws:kms/key:Key": "customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId region".split(
      " ",
    ),
    "aws:iam/rolePolicy:RolePolicy": ["name", "namePrefix", "role"],
  },
  spelling: {
    "aws:route53/zone:Zone": { name: (name) => (typeof name === "string" ? name.replace(/\.$/, "") : name) },
    "aws:route53/record:Record": { name: named, records: sorted },
  },
};
