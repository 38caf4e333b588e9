import { BlockList, isIP, isIPv4 } from "node:net";

/** What a host's record is made of. */
export interface PublicAddress {
  readonly address: string;
  readonly type: "A" | "AAAA";
}

/**
 * What the internet does not route (https://www.iana.org/assignments/iana-ipv4-special-registry,
 * https://www.iana.org/assignments/iana-ipv6-special-registry). The ranges for documentation are not among them: examples
 * and the sandbox have them stand for public ones.
 */
const notPublic: readonly (readonly [address: string, prefix: number])[] = [
  ["0.0.0.0", 8], // this network
  ["10.0.0.0", 8], // private
  ["100.64.0.0", 10], // shared behind a carrier's NAT
  ["127.0.0.0", 8], // loopback
  ["169.254.0.0", 16], // link-local
  ["172.16.0.0", 12], // private
  ["192.0.0.0", 24], // protocols' own
  ["192.168.0.0", 16], // private
  ["198.18.0.0", 15], // benchmarks
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, and broadcast
  ["::", 128], // unspecified
  ["::1", 128], // loopback
  ["fc00::", 7], // private
  ["fe80::", 10], // link-local
  ["ff00::", 8], // multicast
];

const blocked = new BlockList();
for (const [address, prefix] of notPublic) blocked.addSubnet(address, prefix, family(address));

/** The faults of a list of addresses that none of is public; a host name among them is one. */
export function checkPublicAddress(where: string, addresses: readonly string[]): string[] {
  const others = addresses.filter((address) => read(address) === undefined);
  if (others.length > 0) {
    return others.map(
      (other) => `${where}: got ${JSON.stringify(other)}; allowed: IP addresses, such as 203.0.113.7`,
    );
  }
  if (firstPublic(addresses) !== undefined) return [];
  const got = addresses.length === 0 ? "got no address" : `got ${addresses.join(", ")}`;
  return [`${where}: ${got}; needed: an address that is public, so that a name in the DNS leads to it`];
}

/**
 * The first of the addresses that is public, in the order given: whoever lists IPv6 first means it.
 * @throws where `checkPublicAddress` has a fault
 */
export function publicAddress(addresses: readonly string[], where = "addresses"): PublicAddress {
  const faults = checkPublicAddress(where, addresses);
  const found = firstPublic(addresses);
  if (faults.length > 0 || found === undefined) throw new Error(faults.join("\n"));
  return found;
}

function firstPublic(addresses: readonly string[]): PublicAddress | undefined {
  const found = addresses.flatMap((address) => read(address) ?? []);
  return found.find(({ address }) => !blocked.check(address, family(address)));
}

/** An address as records have it; an IPv4 address in IPv6's dress is the IPv4 address. */
function read(text: string): PublicAddress | undefined {
  if (isIPv4(text)) return { address: text, type: "A" };
  const address = normalIPv6(text);
  if (address === undefined) return undefined;
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return { address, type: "AAAA" };
  const octets = [high, low].flatMap((half) => [parseInt(half, 16) >> 8, parseInt(half, 16) & 255]);
  return { address: octets.join("."), type: "A" };
}

/** The one spelling of an IPv6 address (RFC 5952); none of other texts, nor of one with a network card's name. */
export function normalIPv6(text: string): string | undefined {
  if (isIP(text) !== 6 || text.includes("%")) return undefined;
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

function family(address: string): "ipv4" | "ipv6" {
  return isIPv4(address) ? "ipv4" : "ipv6";
}
