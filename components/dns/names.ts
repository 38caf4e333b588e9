import { domainToASCII } from "node:url";
import { got } from "../kubernetes/checks";

/** Which names a place takes. */
export interface NameRules {
  /** Whether `*` may stand for the first label. */
  readonly wildcard: boolean;
}

/** Of a label and of a whole name, in characters (https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4). */
const longestLabel = 63;
const longestName = 253;

/** Labels of host names; records' may have underscores in front, so that no host can have their names. */
const hostLabel = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const recordLabel = /^_?[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/;

/**
 * The one spelling of a name: in lower case, in ASCII (`bücher.example` is `xn--bcher-kva.example`), without the dot at
 * the end, and whole: `@` is the domain itself. What is no name stays one that the checks refuse.
 */
export function normalName(name: string, domain?: string): string {
  if (name === "@" && domain !== undefined) return normalName(domain);
  const lower = name.toLowerCase().replace(/\.$/, "");
  if (/^[\x20-\x7e]*$/.test(lower)) return lower;
  const ascii = domainToASCII(lower);
  return ascii === "" ? lower : ascii;
}

/** Whether a name is the domain, or below it. */
export function isWithinZone(name: string, domain: string): boolean {
  const whole = normalName(name, domain);
  const zone = normalName(domain);
  return whole === zone || whole.endsWith(`.${zone}`);
}

/** A domain that a zone can be for. */
export function checkDomain(where: string, value: string): string[] {
  const labels = normalName(value).split(".");
  const sound = labels.length > 1 && labels.every(isHostLabel) && isShort(labels) && !isNumber(labels.at(-1));
  return sound ? [] : [`${where}: ${got(value)}; allowed: a domain, such as example.com`];
}

/** A host that a zone can have a record of. */
export function checkHostInZone(where: string, host: string, domain: string, rules: NameRules): string[] {
  return checkName(where, host, domain, rules, isHostLabel, "letters, digits and hyphens");
}

/** A name that a zone can have a record of: a host's, or one such as `_acme-challenge.example.com`. */
export function checkRecordName(where: string, name: string, domain: string, rules: NameRules): string[] {
  const isRecordLabel = (label: string) => isLabel(label, recordLabel);
  return checkName(where, name, domain, rules, isRecordLabel, "letters, digits, hyphens and underscores");
}

/** What a record can point to: a host, or a name with underscores such as certificate authorities give. */
export function isTarget(name: string): boolean {
  const labels = normalName(name).split(".");
  return labels.every((label) => isLabel(label, recordLabel)) && isShort(labels) && !isNumber(labels.at(-1));
}

function checkName(
  where: string,
  name: string,
  domain: string,
  { wildcard }: NameRules,
  isAllowed: (label: string) => boolean,
  characters: string,
): string[] {
  const refused = (allowed: string) => [`${where}: ${got(name)}; allowed: ${allowed}`];
  const zone = normalName(domain);
  const labels = normalName(name, domain).split(".");
  const below = labels[0] === "*" ? labels.slice(1) : labels;
  if (below.some((label) => label.includes("*"))) {
    return refused(`a wildcard as the whole first label only, such as *.${zone}`);
  }
  if (!below.every(isAllowed) || !isShort(labels)) {
    return refused(
      `a name of labels with ${characters}, at most ${longestLabel} characters each and ${longestName} in all`,
    );
  }
  if (!isWithinZone(name, domain)) return refused(`${zone}, or a name that ends in .${zone}, the zone`);
  if (labels.length > below.length && !wildcard) return refused(`a name without a wildcard`);
  return [];
}

const isLabel = (label: string, shape: RegExp): boolean => label.length <= longestLabel && shape.test(label);
const isHostLabel = (label: string): boolean => isLabel(label, hostLabel);
const isShort = (labels: readonly string[]): boolean => labels.join(".").length <= longestName;
/** The last label of an IP address, which looks like a name. */
const isNumber = (label = ""): boolean => /^\d+$/.test(label);
