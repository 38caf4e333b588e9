import { describe, expect, it } from "vitest";
import {
  checkDomain,
  checkHostInZone,
  checkRecordName,
  isTarget,
  isWithinZone,
  normalName,
} from "../../../../components/dns/names";

const long = "a".repeat(63);

it.each([
  ["mnist.example.com", "mnist.example.com"],
  ["Mnist.Example.COM.", "mnist.example.com"],
  ["bücher.example.com", "xn--bcher-kva.example.com"],
  ["*.Bücher.example.com.", "*.xn--bcher-kva.example.com"],
  ["_acme-challenge.bücher.example.com", "_acme-challenge.xn--bcher-kva.example.com"],
  ["@", "example.com"],
  // What is no name stays none.
  [" mnist.example.com", " mnist.example.com"],
  ["mnist.example.com..", "mnist.example.com."],
  ["bü cher.example.com", "bü cher.example.com"],
])("%j is spelt %j", (name, normal) => {
  expect(normalName(name, "Example.com.")).toBe(normal);
});

it("knows no zone for @ where there is none", () => {
  expect(normalName("@")).toBe("@");
});

it.each([
  ["example.com", true],
  ["@", true],
  ["Mnist.EXAMPLE.com.", true],
  ["*.example.com", true],
  ["notexample.com", false],
  ["example.com.org", false],
  ["com", false],
])("%j is in the zone: %j", (name, within) => {
  expect(isWithinZone(name, "example.com")).toBe(within);
});

const labels = "a name of labels with letters, digits and hyphens, at most 63 characters each and 253 in all";
const recordLabels = labels.replace("digits and hyphens", "digits, hyphens and underscores");
const zone = "example.com, or a name that ends in .example.com, the zone";
const first = "a wildcard as the whole first label only, such as *.example.com";

describe("a host", () => {
  it.each([
    "example.com",
    "@",
    "mnist.example.com",
    "A.B.Example.com.",
    "bücher.example.com",
    "1.example.com",
  ])("%j can be in the zone", (host) => {
    expect(checkHostInZone("host", host, "example.com", { wildcard: false })).toEqual([]);
  });

  it.each([
    ["a.b.com", zone],
    ["badexample.com", zone],
    ["*.oscar.example.com", "a name without a wildcard"],
    ["*.b.com", zone],
    ["a.*.example.com", first],
    ["a*.example.com", first],
    ["**.example.com", first],
    ["", labels],
    [" mnist.example.com", labels],
    ["mnist.example.com ", labels],
    ["mnist..example.com", labels],
    [".example.com", labels],
    ["-a.example.com", labels],
    ["a-.example.com", labels],
    ["_a.example.com", labels],
    ["https://mnist.example.com", labels],
    [`${long}a.example.com`, labels],
    [`${`${long}.`.repeat(4)}example.com`, labels],
  ])("%j is refused", (host, allowed) => {
    expect(checkHostInZone("host", host, "example.com", { wildcard: false })).toEqual([
      `host: got ${JSON.stringify(host)}; allowed: ${allowed}`,
    ]);
  });

  it("can be a wildcard where one is allowed, and of the longest name", () => {
    const longest = `${`${long}.`.repeat(3)}${"a".repeat(49)}.example.com`;
    expect(longest).toHaveLength(253);
    expect(checkHostInZone("host", longest, "example.com", { wildcard: false })).toEqual([]);
    expect(checkHostInZone("host", "*.oscar.example.com", "example.com", { wildcard: true })).toEqual([]);
  });
});

describe("a record's name", () => {
  it.each(["_acme-challenge.mnist.example.com", "_acme-challenge_abc.example.com", "*.example.com", "@"])(
    "%j can be in the zone",
    (name) => {
      expect(checkRecordName("name", name, "example.com", { wildcard: true })).toEqual([]);
    },
  );

  it.each([
    ["__a.example.com", recordLabels],
    ["_.example.com", recordLabels],
    ["a_.example.com", recordLabels],
    ["_a.b.com", zone],
    ["*", zone],
  ])("%j is refused", (name, allowed) => {
    expect(checkRecordName("name", name, "example.com", { wildcard: true })).toEqual([
      `name: got "${name}"; allowed: ${allowed}`,
    ]);
  });

  it("is no wildcard where none is allowed", () => {
    expect(checkRecordName("name", "*.example.com", "example.com", { wildcard: false })).toEqual([
      'name: got "*.example.com"; allowed: a name without a wildcard',
    ]);
  });
});

describe("a domain", () => {
  it.each(["example.com", "Dev.Example.com.", "bücher.example", "4.example.com"])("%j is one", (domain) => {
    expect(checkDomain("domain", domain)).toEqual([]);
  });

  it.each(["", "@", "com", "*.example.com", "_a.example.com", "10.0.0.1", "example..com", " example.com"])(
    "%j is none",
    (domain) => {
      expect(checkDomain("domain", domain)).toEqual([
        `domain: got ${JSON.stringify(domain)}; allowed: a domain, such as example.com`,
      ]);
    },
  );
});

it.each([
  ["lb.example.com.", true],
  ["_a1b2.acm-validations.aws", true],
  ["localhost", true],
  ["203.0.113.7", false],
  ["*.example.com", false],
  ["", false],
  ["lb example", false],
])("%j can be pointed to: %j", (name, can) => {
  expect(isTarget(name)).toBe(can);
});
