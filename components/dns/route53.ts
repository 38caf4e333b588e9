import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { RolePolicy } from "@pulumi/aws/iam";
import { Key } from "@pulumi/aws/kms";
import {
  getZoneOutput,
  HostedZoneDnsSec,
  KeySigningKey,
  Record as Route53Record,
  Zone,
  type RecordArgs,
} from "@pulumi/aws/route53";
import {
  interpolate,
  jsonStringify,
  mergeOptions,
  output,
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
  type Signing,
} from "./cloud-zone";
import { normalName } from "./names";
import { recordValues, spellName } from "./record-data";

/** A hosted zone that is made, and the key that it is signed with. */
export function newRoute53Zone(
  name: string,
  { domain, dnssec, labels }: NewCloudZone,
  options: CustomResourceOptions & { readonly parent: Resource },
): CloudZone {
  const tags = labels && { tags: labels };
  const zone = new Zone(
    name,
    // Records that others put there are not ours to delete: a zone that has some stays.
    { name: domain, comment: zoneComment, forceDestroy: false, ...tags },
    options,
  );
  return {
    ...inZone(zone.zoneId),
    nameServers: serverNames(zone.nameServers),
    ...(dnssec && { signing: sign(name, domain, zone, tags, options.parent) }),
  };
}

/** A hosted zone that is there. */
export function existingRoute53Zone(
  { id, verify }: ExistingCloudZone,
  options: { readonly parent: Resource },
): CloudZone {
  const found = getZoneOutput({ zoneId: id }, options).apply((zone) => {
    verify(zone.name);
    return zone;
  });
  const zoneId = output([found, id] as const).apply(([, known]) => known);
  return { ...inZone(zoneId), nameServers: serverNames(found.nameServers) };
}

function inZone(id: Output<string>): Omit<CloudZone, "nameServers"> {
  return {
    id,
    acmeSolver: { route53: { hostedZoneID: id } },
    record: (record, options) => makeRecord(id, record, options),
    grantChanges: (name, role, options) => new RolePolicy(name, { role, policy: changePolicy(id) }, options),
  };
}

/**
 * An alias is two records, since a load balancer of AWS's may have addresses of both families; where it has none of one,
 * Route 53 says that there are none.
 */
function makeRecord(zoneId: Output<string>, record: PlacedRecord, options: CustomResourceOptions): Resource {
  const { name, data } = record;
  const type = data.type === "ALIAS" ? "A" : data.type;
  const first = new Route53Record(
    logicalName(name, type),
    route53Inputs(zoneId, record, type),
    mergeOptions(options, { aliases: formerNames(name, type) }),
  );
  if (data.type === "ALIAS") {
    // After the first one, in whose place a CNAME may have been.
    new Route53Record(
      logicalName(name, "AAAA"),
      route53Inputs(zoneId, record, "AAAA"),
      mergeOptions(options, { dependsOn: [first] }),
    );
  }
  return first;
}

/** What the AWS provider is told of a record; an alias is remembered for as long as what it leads to. */
export function route53Inputs(
  zoneId: Output<string>,
  { name, actualName, data, ttlSeconds }: PlacedRecord,
  type: string,
): RecordArgs {
  const record = { zoneId, name: output(actualName).apply((actual) => spellName(actual, "route53")), type };
  if (data.type === "ALIAS") {
    const { target, targetZoneId = "" } = data;
    const targetName = output(target).apply(normalName);
    return { ...record, aliases: [{ name: targetName, zoneId: targetZoneId, evaluateTargetHealth: false }] };
  }
  const where = `record ${logicalName(name, type)}: data`;
  return {
    ...record,
    ttl: ttlSeconds,
    records: output(data.values).apply((values) => recordValues(where, data.type, values, "route53")),
    ...(isValidation(name, type) && { allowOverwrite: true }),
  };
}

/**
 * Whether it is by such a record that a certificate authority sees whose the name is: of Certificate Manager's, or of
 * ACM's. Two certificates for a name share one, with the same value, and whoever comes second would find it in the way.
 */
function isValidation(name: string, type: string): boolean {
  return type === "CNAME" && /^_(acme-challenge[.\w-]*|[0-9a-f]{32})\./.test(name);
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html */
function sign(
  name: string,
  domain: string,
  zone: Zone,
  tags: { readonly tags: Record<string, string> } | undefined,
  parent: Resource,
): Signing {
  const options = { parent };
  const account = getCallerIdentityOutput({}, options).accountId;
  const key = new Key(
    `${name}-dnssec`,
    {
      description: `Signs the DNS zone ${domain}`,
      // Route 53 takes keys from there only, wherever the provider is; and it signs in no partition but AWS's main one.
      region: "us-east-1",
      customerMasterKeySpec: "ECC_NIST_P256",
      keyUsage: "SIGN_VERIFY",
      policy: signingPolicy(account, zone.zoneId),
      ...tags,
    },
    options,
  );
  const keySigningKey = new KeySigningKey(
    `${name}-dnssec`,
    {
      hostedZoneId: zone.zoneId,
      keyManagementServiceArn: key.arn,
      // Route 53 takes letters, digits and underscores, 3 to 128, which auto-naming does not keep to.
      name: domain.replace(/[^a-z0-9]/g, "_").slice(0, 128),
    },
    options,
  );
  const signed = new HostedZoneDnsSec(
    `${name}-dnssec`,
    { hostedZoneId: keySigningKey.hostedZoneId },
    { ...options, dependsOn: [keySigningKey] },
  );
  return { dsRecord: keySigningKey.dsRecord, ready: [signed] };
}

function signingPolicy(account: Output<string>, zoneId: Output<string>): Output<string> {
  const route53 = { Service: "dnssec-route53.amazonaws.com" };
  return jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "SignTheZone",
        Effect: "Allow",
        Principal: route53,
        Action: ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
        Resource: "*",
        Condition: {
          StringEquals: { "aws:SourceAccount": account },
          ArnEquals: { "aws:SourceArn": arnOf(zoneId) },
        },
      },
      {
        Sid: "GrantItToItself",
        Effect: "Allow",
        Principal: route53,
        Action: "kms:CreateGrant",
        Resource: "*",
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
      {
        // Without it nobody could administer the key any more.
        Sid: "LeaveItToTheAccount",
        Effect: "Allow",
        Principal: { AWS: interpolate`arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}

/**
 * What cert-manager needs, and not a record more: it writes the texts that it is asked for, and waits until they are
 * published. It need not list the zones, since it is told which one it is (https://cert-manager.io/docs/configuration/acme/dns01/route53/).
 */
function changePolicy(zoneId: Output<string>): Output<string> {
  const zone = arnOf(zoneId);
  return jsonStringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "route53:GetChange", Resource: "arn:aws:route53:::change/*" },
      { Effect: "Allow", Action: "route53:ListResourceRecordSets", Resource: zone },
      {
        Effect: "Allow",
        Action: "route53:ChangeResourceRecordSets",
        Resource: zone,
        Condition: {
          "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] },
          "ForAllValues:StringLike": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.*"],
          },
        },
      },
    ],
  });
}

/** In AWS's main partition; those of China and of governments have other names. */
function arnOf(zoneId: Output<string>): Output<string> {
  return interpolate`arn:aws:route53:::hostedzone/${zoneId}`;
}
