import { isIPv4 } from "node:net";
import { checkWhole } from "../kubernetes/checks";
import type { DnsZone, RecordData } from "./dns";
import { isTarget, normalName } from "./names";
import { normalIPv6 } from "./public-address";

/** The types of records whose values are given. */
export type ValueType = Exclude<RecordData["type"], "ALIAS">;

/** Where a record is to stand. */
export interface RecordPlace {
  readonly kind: DnsZone["kind"];
  /** Whether its name is the zone's own. */
  readonly top: boolean;
}

/** A week; what is remembered for longer cannot be mended when it is wrong. */
const longestTtl = 7 * 24 * 3600;

/** A time that answers are remembered for, in seconds. 0 is none: it sends every question to the name servers. */
export function checkTtl(where: string, seconds: number): string[] {
  return checkWhole(where, seconds, 1, longestTtl);
}

/** The faults of a record's data, as far as it is known: what is an output is checked by `recordValues`. */
export function checkRecordData(where: string, data: RecordData, place: RecordPlace): string[] {
  if (data.type === "ALIAS") return checkAlias(where, data, place);
  const { type, values } = data;
  // The cloud has put the first there itself; a CNAME bears nothing beside it, and there is always an SOA beside it.
  if (place.top && (type === "NS" || type === "DS" || type === "CNAME")) {
    return [`${where}.type: got "${type}"; allowed: another type at the zone's top, or ${type} below it`];
  }
  if (!Array.isArray(values)) return [];
  // `isArray` forgets what is in it.
  const items: readonly unknown[] = values;
  return [
    ...checkNumber(where, type, items.length),
    ...items.flatMap((value, index) =>
      typeof value === "string" ? checkValue(`${where}.values[${index}]`, type, value) : [],
    ),
  ];
}

/**
 * A record's values, as the cloud's provider takes them and the cloud gives them back.
 * @throws where one is none of the type
 */
export function recordValues(
  where: string,
  type: ValueType,
  values: readonly string[],
  kind: DnsZone["kind"],
): string[] {
  const faults = [
    ...checkNumber(where, type, values.length),
    ...values.flatMap((value, index) => checkValue(`${where}.values[${index}]`, type, value)),
  ];
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return values.map((value) => spell(type, value, kind));
}

/** A whole name, as the cloud's provider takes it: Cloud DNS wants the dot at the end, Route 53 needs none. */
export function spellName(name: string, kind: DnsZone["kind"]): string {
  return kind === "cloud-dns" ? `${normalName(name)}.` : normalName(name);
}

function checkAlias(
  where: string,
  { target, targetZoneId }: Extract<RecordData, { type: "ALIAS" }>,
  { kind, top }: RecordPlace,
): string[] {
  // An ALIAS of Cloud DNS is looked up as a CNAME is, where a CNAME cannot be
  // (https://cloud.google.com/dns/docs/records-overview#alias-records).
  if (kind === "cloud-dns" && !top) {
    return [`${where}.type: got "ALIAS"; allowed: CNAME, below the top of a zone of Cloud DNS`];
  }
  return [
    ...(kind === "route53" && targetZoneId === undefined
      ? [`${where}.targetZoneId: missing; needed: the id of the hosted zone that the target is in`]
      : []),
    ...(kind === "cloud-dns" && targetZoneId !== undefined
      ? [`${where}.targetZoneId: got a value; allowed: none, for a zone of Cloud DNS`]
      : []),
    ...(typeof target === "string" && !isTarget(target)
      ? [refused(`${where}.target`, target, "a host name, such as lb.example.com")]
      : []),
  ];
}

function checkNumber(where: string, type: ValueType, count: number): string[] {
  if (count === 0) return [`${where}.values: missing; needed: at least one value`];
  return type === "CNAME" && count > 1
    ? [`${where}.values: got ${count} values; allowed: one, for a CNAME`]
    : [];
}

const dsShape = /^(\d{1,5}) +(\d{1,3}) +(\d{1,3}) +([0-9a-f][0-9a-f ]*)$/i;
const caaShape = /^(\d{1,3}) +([a-z0-9]+) +("[^"\\]*"|[^\s"\\]*)$/i;

function checkValue(where: string, type: ValueType, value: string): string[] {
  const [sound, allowed] = judge(type, value);
  return sound ? [] : [refused(where, value, allowed)];
}

/** Whether a value is one of the type, and what one is. */
function judge(type: ValueType, value: string): readonly [sound: boolean, allowed: string] {
  switch (type) {
    case "A":
      return [isIPv4(value), "an IPv4 address, such as 203.0.113.7"];
    case "AAAA":
      return [normalIPv6(value) !== undefined, "an IPv6 address, such as 2001:db8::7"];
    case "CNAME":
    case "NS":
      return [isTarget(value), "a host name, such as lb.example.com"];
    case "DS":
      return [dsShape.test(value), "key tag, algorithm, digest type and digest, such as 12345 13 2 1F98…"];
    case "CAA": {
      const flags = Number(caaShape.exec(value)?.[1] ?? 256);
      return [flags < 256, "flags, tag and value, such as 0 issue letsencrypt.org"];
    }
    case "TXT":
      return [
        // 4000 is what Route 53 takes; other characters it would want as octal numbers.
        /^[\x20-\x7e]{1,4000}$/.test(value) && !/^".*"$/.test(value),
        "1 to 4000 printable ASCII characters, without quotes around them",
      ];
  }
}

function spell(type: ValueType, value: string, kind: DnsZone["kind"]): string {
  switch (type) {
    case "A":
      return value;
    case "AAAA":
      return normalIPv6(value) ?? value;
    case "CNAME":
    case "NS":
      return spellName(value, kind);
    case "DS": {
      const [, tag = "", algorithm = "", digestType = "", digest = ""] = dsShape.exec(value) ?? [];
      return `${tag} ${algorithm} ${digestType} ${digest.replaceAll(" ", "").toUpperCase()}`;
    }
    case "CAA": {
      const [, flags = "", tag = "", data = ""] = caaShape.exec(value) ?? [];
      return `${flags} ${tag.toLowerCase()} "${data.replaceAll('"', "")}"`;
    }
    case "TXT":
      return spellText(value, kind);
  }
}

/**
 * A text in strings of 255 characters, which is what one can have. The AWS provider puts the outer quotes itself
 * (`records` in https://www.pulumi.com/registry/packages/aws/api-docs/route53/record/), Google's wants them (`rrdatas` in
 * https://www.pulumi.com/registry/packages/gcp/api-docs/dns/recordset/).
 */
function spellText(text: string, kind: DnsZone["kind"]): string {
  const strings = (text.match(/.{1,255}/g) ?? []).map((part) => part.replace(/["\\]/g, "\\$&"));
  return kind === "cloud-dns" ? `"${strings.join('" "')}"` : strings.join('""');
}

function refused(where: string, value: string, allowed: string): string {
  return `${where}: got ${JSON.stringify(value)}; allowed: ${allowed}`;
}
