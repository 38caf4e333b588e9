import type { Input } from "@pulumi/pulumi";

/** Pure checks of single values; each gives the fault in the user's words, or nothing. */
export type Check<Value = string> = (where: string, value: Value) => string[];

const most32Bits = 2 ** 31 - 1;
/** What was given, as messages have it. */
export const got = (value: unknown): string => `got ${JSON.stringify(value)}`;

/** A size as Kubernetes writes it: `10Gi`, `500M`. A bare number is bytes, which no one means. */
export const checkSize: Check = (where, value) =>
  /^[1-9]\d*(\.\d+)?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: a size with a unit, such as 10Gi`];

/** CPUs: whole ones, fractions, or thousandths. */
export const checkCpu: Check = (where, value) =>
  /^([1-9]\d*m|\d*\.?\d*[1-9]\d*)$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: a number of CPUs, such as 2 or 500m`];

/** An image that says which one it is: a tag other than `latest`, or a digest. */
export const checkImage: Check = (where, value) => {
  const allowed = "an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0";
  const name = value.replace(/@sha256:[0-9a-f]{64}$/, "");
  const [, tag] = /:(\w[\w.-]{0,127})$/.exec(name) ?? [];
  const sound = /^[a-z0-9][a-z0-9._-]*(:\d+(?=\/))?(\/[a-z0-9][a-z0-9._-]*)*(:\w[\w.-]{0,127})?$/.test(name);
  const says = name !== value || (tag !== undefined && tag !== "latest");
  return sound && says ? [] : [`${where}: ${got(value)}; allowed: ${allowed}`];
};

/** A name that objects' names are made of: with what is added to it, it still fits into a DNS label (RFC 1035). */
export function checkName(value: string, most: number): string[] {
  return value.length <= most && /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(value)
    ? []
    : [
        `name: ${got(value)}; allowed: lower-case letters, digits and hyphens, a letter first, at most ${most} characters`,
      ];
}

export const checkDnsLabel: Check = (where, value) =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: lower-case letters, digits and hyphens, at most 63 characters`];

export const checkHostName: Check = (where, value) =>
  /^(?!.*\.?[0-9]+$)(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(
    value,
  )
    ? []
    : [`${where}: ${got(value)}; allowed: a host name, such as mnist.example.com`];

export const checkSecretKey: Check = (where, value) =>
  /^(?!\.\.?$)[\w.-]{1,253}$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: letters, digits, hyphens, underscores and dots`];

export const checkAbsolutePath: Check = (where, value) =>
  /^\/(?!.*(\/\/|\/\.\.?(\/|$)))/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: an absolute path, such as /models/model.pt`];

/** Where a volume may be: not in the place of what every container has mounted already. */
export const checkMountPath: Check = (where, value) =>
  /^\/(?!.*(\/\/|\/\.\.?(\/|$)|:))(?!(tmp|dev|proc|sys)(\/|$))./.test(value)
    ? []
    : [
        `${where}: ${got(value)}; allowed: an absolute path without a colon, outside /tmp, /dev, /proc and /sys, such as /models`,
      ];

/** A path in a folder that is mounted; elsewhere a pod would not find again what is written there. */
export function checkBelow(where: string, value: string, folder: string): string[] {
  const faults = checkAbsolutePath(where, value);
  if (faults.length > 0 || value.startsWith(`${folder.replace(/\/$/, "")}/`)) return faults;
  return [`${where}: ${got(value)}; allowed: a path below ${folder}, where the volume is`];
}

/** A whole number, within the 32 bits that Kubernetes keeps most of its numbers in. */
export function checkWhole(where: string, value: number, least: number, most = most32Bits): string[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  const allowed =
    most === most32Bits ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`;
  return [`${where}: ${got(value)}; allowed: ${allowed}`];
}

/** Not root, and no more than Linux has. */
export const checkUserId: Check<number> = (where, value) => checkWhole(where, value, 1);

export const checkPositive: Check<number> = (where, value) =>
  Number.isFinite(value) && value > 0 ? [] : [`${where}: ${got(value)}; allowed: a number above 0`];

/** Runs a check on a text; what is none is not known yet, missing, or of a wrong type, which is told elsewhere. */
export const ifText = (check: Check, where: string, value: unknown): string[] =>
  typeof value === "string" ? check(where, value) : [];

/** Runs a check where there is a value to check: optional ones may be missing, and outputs are not known yet. */
export function ifKnown<Value extends string | number>(
  check: Check<Value>,
  where: string,
  value: Input<Value> | undefined,
): string[] {
  return typeof value === "string" || typeof value === "number" ? check(where, value as Value) : [];
}
