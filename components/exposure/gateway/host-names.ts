import { createHash } from "node:crypto";
import { checkHostName, type Check } from "../../kubernetes/checks";

/**
 * A host in the name of an object of its own: `*.example.com` is `any-example-com-1a2b3c`. Readable as far as it goes, and
 * another one for every host: a host that is renamed gets new objects before the old ones go. At most 24 characters.
 */
export function hostLabel(host: string): string {
  const readable = host.replace(/^\*/, "any").replaceAll(".", "-").slice(0, 17).replace(/-+$/, "");
  return `${readable}-${createHash("sha256").update(host).digest("hex").slice(0, 6)}`;
}

export function isWildcard(host: string): boolean {
  return host.startsWith("*.");
}

/** What a wildcard stands below: certificates and proofs of ownership go by this name. */
export function withoutWildcard(host: string): string {
  return isWildcard(host) ? host.slice(2) : host;
}

/** Whether what is made for one name serves a host: a wildcard stands for one label, as in certificates. */
export function serves(name: string, host: string): boolean {
  return name === host || (isWildcard(name) && host.slice(host.indexOf(".") + 1) === withoutWildcard(name));
}

/** A host name, or all names below one. */
export const checkGatewayHost: Check = (where, value) =>
  checkHostName(where, withoutWildcard(value)).length === 0
    ? []
    : [
        `${where}: got ${JSON.stringify(value)}; allowed: a host name, such as mnist.example.com, or *.example.com`,
      ];
