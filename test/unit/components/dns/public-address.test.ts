import { describe, expect, it } from "vitest";
import { checkPublicAddress, normalIPv6, publicAddress } from "../../../../components/dns/public-address";

describe("a public address", () => {
  it.each([
    [["8.8.8.8"], "8.8.8.8", "A"],
    // Those of documentation stand for public ones.
    [["203.0.113.7"], "203.0.113.7", "A"],
    [["192.0.2.1"], "192.0.2.1", "A"],
    [["198.51.100.1"], "198.51.100.1", "A"],
    [["2001:db8::7"], "2001:db8::7", "AAAA"],
    // The first in the order given.
    [["10.0.0.5", "2001:DB8:0:0::7", "203.0.113.7"], "2001:db8::7", "AAAA"],
    [["fe80::1", "203.0.113.7", "203.0.113.8"], "203.0.113.7", "A"],
    [["::ffff:10.0.0.1", "::FFFF:203.0.113.7"], "203.0.113.7", "A"],
    // Beside those that are not.
    [["9.255.255.255"], "9.255.255.255", "A"],
    [["11.0.0.0"], "11.0.0.0", "A"],
    [["100.63.255.255"], "100.63.255.255", "A"],
    [["100.128.0.0"], "100.128.0.0", "A"],
    [["172.15.255.255"], "172.15.255.255", "A"],
    [["172.32.0.0"], "172.32.0.0", "A"],
    [["223.255.255.255"], "223.255.255.255", "A"],
  ])("of %j is %s", (addresses, address, type) => {
    expect(checkPublicAddress("addresses", addresses)).toEqual([]);
    expect(publicAddress(addresses)).toEqual({ address, type });
  });

  it.each([
    "0.0.0.0",
    "10.0.0.5",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.168.1.2",
    "198.19.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "febf::1",
    "ff02::1",
    "::ffff:192.168.1.2",
    "::ffff:7f00:1",
  ])("is none of %s", (address) => {
    expect(checkPublicAddress("node", [address])).toEqual([
      `node: got ${address}; needed: an address that is public, so that a name in the DNS leads to it`,
    ]);
  });

  it("is told all that was looked at", () => {
    const fault =
      "addresses: got 10.0.0.5, 192.168.1.2; needed: an address that is public, so that a name in the DNS leads to it";
    expect(checkPublicAddress("addresses", ["10.0.0.5", "192.168.1.2"])).toEqual([fault]);
    expect(() => publicAddress(["10.0.0.5", "192.168.1.2"])).toThrow(fault);
  });

  it("is none of nothing", () => {
    expect(() => publicAddress([], "nodes")).toThrow(
      "nodes: got no address; needed: an address that is public, so that a name in the DNS leads to it",
    );
  });

  it("is no other text, even beside one", () => {
    const addresses = ["203.0.113.7", "lb.example.com", "fe80::1%eth0", "10.0.0.0/8", ""];
    expect(checkPublicAddress("addresses", addresses)).toEqual(
      addresses
        .slice(1)
        .map((text) => `addresses: got "${text}"; allowed: IP addresses, such as 203.0.113.7`),
    );
    expect(() => publicAddress(addresses)).toThrow('got "lb.example.com"');
  });
});

it.each([
  ["2001:0DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["::", "::"],
  ["fe80::1%eth0", undefined],
  ["203.0.113.7", undefined],
  ["2001:db8", undefined],
])("IPv6 %j is spelt %j", (text, normal) => {
  expect(normalIPv6(text)).toBe(normal);
});
