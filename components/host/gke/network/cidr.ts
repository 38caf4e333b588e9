import { isIPv4 } from "node:net";
import type { Check } from "../../../kubernetes/checks";

/** A range of IPv4 addresses, as its first one and the number of leading bits that all of them share. */
export interface Cidr {
  readonly first: number;
  readonly prefix: number;
}

/** The largest and the smallest range that a Google subnet can have of the private addresses. */
const largest = 8;
const smallest = 29;

/** What Google routes inside a network: RFC 1918, the shared addresses of RFC 6598, and the reserved class E. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "240.0.0.0/4"];

/** A range that a subnet can have; the fault says which one was probably meant. */
export const checkCidr: Check = (where, value) => {
  const refused = (allowed: string) => [`${where}: got ${JSON.stringify(value)}; allowed: ${allowed}`];
  const cidr = read(value);
  if (cidr === undefined) return refused("a range of private IPv4 addresses, such as 10.4.0.0/14");
  const right = nearest(cidr);
  if (!privateRanges.some((range) => isWithinRange(right, range))) {
    return refused(`a range within ${privateRanges.slice(0, -1).join(", ")} or ${privateRanges.at(-1)}`);
  }
  if (right.prefix !== cidr.prefix) {
    return refused(`a prefix from /${largest} to /${smallest}, such as ${formatCidr(right)}`);
  }
  if (right.first !== cidr.first) {
    return refused(`${formatCidr(right)}, which is where the /${right.prefix} with that address begins`);
  }
  return [];
};

/** A range that `checkCidr` has no fault of; nothing of others. */
export function parseCidr(value: string): Cidr | undefined {
  return checkCidr("", value).length === 0 ? read(value) : undefined;
}

export function formatCidr({ first, prefix }: Cidr): string {
  return `${formatAddress(first)}/${prefix}`;
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

/** How many addresses a range of this prefix has. */
export function addressesIn(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** The prefix of the smallest range with that many addresses, 1 or more. */
export function prefixFor(addresses: number): number {
  return Math.clz32(addresses - 1);
}

export function overlap(one: Cidr, other: Cidr): boolean {
  return one.first < end(other) && other.first < end(one);
}

/** Whether it is a range by its own first address, public or private, of one address or of many. */
export function isNetwork(value: string): boolean {
  const cidr = read(value);
  return cidr !== undefined && cidr.first === networkOf(value)?.first;
}

/** The range that an address with a prefix is in, public or private, of one address or of many. */
export function networkOf(value: string): Cidr | undefined {
  const cidr = read(value);
  return cidr && { ...cidr, first: cidr.first - (cidr.first % addressesIn(cidr.prefix)) };
}

function read(value: string): Cidr | undefined {
  const [address = "", prefix = "", ...rest] = value.split("/");
  if (!isIPv4(address) || !/^(3[0-2]|[12]?\d)$/.test(prefix) || rest.length > 0) return undefined;
  const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { first, prefix: Number(prefix) };
}

/** The range that has the address, at its own first one. */
function nearest({ first, prefix }: Cidr): Cidr {
  const right = Math.min(Math.max(prefix, largest), smallest);
  return { first: first - (first % addressesIn(right)), prefix: right };
}

export function isWithin(inner: Cidr, outer: Cidr): boolean {
  return outer.first <= inner.first && end(inner) <= end(outer);
}

function isWithinRange(inner: Cidr, range: string): boolean {
  const outer = networkOf(range);
  return outer !== undefined && isWithin(inner, outer);
}

function end({ first, prefix }: Cidr): number {
  return first + addressesIn(prefix);
}
