import { createHash } from "node:crypto";

/** Without the dot at the end, in small letters: how two names are compared. */
export function bareName(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}

/** Whether a name is a zone's own, or below it. */
export function isWithin(name: string, zone: string): boolean {
  return bareName(name) === bareName(zone) || bareName(name).endsWith(`.${bareName(zone)}`);
}

/** Whether a zone has such a record from its first day. */
export function isZonesOwn(name: string, type: string | undefined, zone: string): boolean {
  return bareName(name) === bareName(zone) && (type === "NS" || type === "SOA");
}

/** Looks like chance, and is the same for the same text: 64 hexadecimal digits. */
export function hexDigits(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A number from 0 below `limit` that looks like chance, and is the same for the same text. */
export function numberFor(text: string, limit: number): number {
  return parseInt(hexDigits(text).slice(0, 8), 16) % limit;
}

/** A key's DS record (RFC 4034, 5): key tag, algorithm, SHA-256, digest. */
export function dsRecord(key: string, algorithm: number): { keyTag: number; digest: string; record: string } {
  const keyTag = numberFor(`${key} tag`, 65536);
  const digest = hexDigits(key).toUpperCase();
  return { keyTag, digest, record: `${keyTag} ${algorithm} 2 ${digest}` };
}
