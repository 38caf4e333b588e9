import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressesIn,
  checkCidr,
  formatCidr,
  overlap,
  parseCidr,
  prefixFor,
  type Cidr,
} from "../../../../components/host/gke/network/cidr";

const privately = "a range within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 or 240.0.0.0/4";
const anyRange = "a range of private IPv4 addresses, such as 10.4.0.0/14";

describe("a range", () => {
  it.each([
    ["10.0.0.0/8", { first: 0x0a000000, prefix: 8 }],
    ["10.4.0.0/14", { first: 0x0a040000, prefix: 14 }],
    ["172.31.255.0/24", { first: 0xac1fff00, prefix: 24 }],
    ["192.168.255.248/29", { first: 0xc0a8fff8, prefix: 29 }],
    ["100.64.0.0/10", { first: 0x64400000, prefix: 10 }],
    ["240.0.0.0/8", { first: 0xf0000000, prefix: 8 }],
  ])("%s is read and written", (text, cidr) => {
    expect(checkCidr("podCidr", text)).toEqual([]);
    expect(parseCidr(text)).toEqual(cidr);
    expect(formatCidr(cidr)).toBe(text);
  });

  it.each([
    ["", anyRange],
    ["10.4.0.0", anyRange],
    ["10.4.0/14", anyRange],
    ["10.4.0.0/14/2", anyRange],
    ["10.4.0.0/", anyRange],
    ["10.4.0.0/014", anyRange],
    ["10.4.0.0/33", anyRange],
    ["10.4.0.0/-1", anyRange],
    ["10.04.0.0/14", anyRange],
    ["10.4.0.256/24", anyRange],
    [" 10.4.0.0/14", anyRange],
    ["fd00::/64", anyRange],
    ["8.8.8.0/24", privately],
    ["172.32.0.0/16", privately],
    ["172.16.0.0/11", privately],
    ["192.168.0.0/15", privately],
    ["0.0.0.0/0", privately],
    ["127.0.0.0/8", privately],
    ["10.0.0.0/7", "a prefix from /8 to /29, such as 10.0.0.0/8"],
    ["10.1.2.3/32", "a prefix from /8 to /29, such as 10.1.2.0/29"],
    ["10.5.0.0/14", "10.4.0.0/14, which is where the /14 with that address begins"],
    ["10.0.0.1/20", "10.0.0.0/20, which is where the /20 with that address begins"],
  ])("%j is none", (text, allowed) => {
    expect(checkCidr("podCidr", text)).toEqual([`podCidr: got ${JSON.stringify(text)}; allowed: ${allowed}`]);
    expect(parseCidr(text)).toBeUndefined();
  });

  it("has the addresses that its prefix leaves", () => {
    expect([8, 14, 24, 29].map(addressesIn)).toEqual([2 ** 24, 262144, 256, 8]);
  });
});

const bits = ({ first, prefix }: Cidr) => first.toString(2).padStart(32, "0").slice(0, prefix);

const anyCidr = fc
  .record({
    first: fc.integer({ min: 0x0a000000, max: 0x0affffff }),
    prefix: fc.integer({ min: 8, max: 29 }),
  })
  .map(({ first, prefix }) => ({ first: first - (first % 2 ** (32 - prefix)), prefix }));

describe("properties", () => {
  it("what is written is read again", () => {
    fc.assert(
      fc.property(anyCidr, (cidr) => {
        expect(parseCidr(formatCidr(cidr))).toEqual(cidr);
      }),
    );
  });

  it("what a fault suggests instead is right, and has the address", () => {
    const address = fc.integer({ min: 0x0a000000, max: 0x0affffff });
    fc.assert(
      fc.property(address, fc.integer({ min: 8, max: 32 }), (first, prefix) => {
        const [, suggested] =
          /(10[.\d]+\/\d+)(, which.*)?$/.exec(checkCidr("x", formatCidr({ first, prefix })).join()) ?? [];
        if (suggested === undefined) return;
        const right = parseCidr(suggested);
        expect(right?.prefix).toBe(Math.min(prefix, 29));
        expect(right !== undefined && overlap(right, { first, prefix: 32 })).toBe(true);
      }),
    );
  });

  it("two overlap exactly where the one's bits begin with the other's", () => {
    const pair = fc.tuple(anyCidr, anyCidr);
    const nested = fc
      .tuple(anyCidr, fc.integer({ min: 8, max: 29 }))
      .map(([cidr, prefix]): [Cidr, Cidr] => [
        cidr,
        { first: cidr.first - (cidr.first % 2 ** (32 - prefix)), prefix },
      ]);
    fc.assert(
      fc.property(fc.oneof(pair, nested), ([one, other]) => {
        const shared = bits(one).startsWith(bits(other)) || bits(other).startsWith(bits(one));
        expect(overlap(one, other)).toBe(shared);
        expect(overlap(other, one)).toBe(shared);
      }),
    );
  });

  it("the prefix for a number of addresses has room for them, and half of it has not", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 24 }), (addresses) => {
        const prefix = prefixFor(addresses);
        expect(addressesIn(prefix)).toBeGreaterThanOrEqual(addresses);
        expect(addressesIn(prefix + 1)).toBeLessThan(addresses);
      }),
    );
  });
});
