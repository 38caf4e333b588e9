/** Pure checks of single values; each gives the fault in the user's words, or nothing. */
export type Check = (where: string, value: string) => string[];

/** A size as Kubernetes writes it: `10Gi`, `500M`. A bare number is bytes, which no one means. */
export const checkSize: Check = (where, value) =>
  /^[1-9]\d*(\.\d+)?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)$/.test(value)
    ? []
    : [`${where}: got ${JSON.stringify(value)}; allowed: a size with a unit, such as 10Gi`];

/** An image that says which one it is: a tag other than `latest`, or a digest. */
export const checkImage: Check = (where, value) => {
  const [, tag] = /:([\w][\w.-]{0,127})$/.exec(value.replace(/@sha256:[0-9a-f]{64}$/, "")) ?? [];
  if (/\s/.test(value) || value === "")
    return [`${where}: got ${JSON.stringify(value)}; allowed: an image, such as ghcr.io/you/ui:1.4.0`];
  if (/@sha256:[0-9a-f]{64}$/.test(value)) return [];
  if (tag === undefined)
    return [
      `${where}: got ${JSON.stringify(value)}, without a tag; allowed: a tag or a digest, such as ${value}:1.4.0`,
    ];
  return tag === "latest"
    ? [`${where}: got ${JSON.stringify(value)}; allowed: a tag that stays what it is, not latest`]
    : [];
};

/** A name that fits into a DNS label (RFC 1123). */
export const checkDnsLabel: Check = (where, value) =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value)
    ? []
    : [
        `${where}: got ${JSON.stringify(value)}; allowed: lower-case letters, digits and -, at most 63, beginning and ending with a letter or digit`,
      ];

/** Throws all faults at once, with the component that has them. */
export function refuseFaults(component: string, faults: readonly string[]): void {
  if (faults.length > 0)
    throw new Error([`${component}:`, ...faults.map((fault) => `  ${fault}`)].join("\n"));
}
