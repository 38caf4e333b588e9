import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { RecordData } from "../../../../components/dns/dns";
import {
  checkRecordData,
  checkTtl,
  recordValues,
  spellName,
  type ValueType,
} from "../../../../components/dns/record-data";

const text = (length: number) => "abcde".repeat(length / 5);

describe("values are spelt as each cloud has them", () => {
  const table: [type: ValueType, value: string, route53: string, cloudDns: string][] = [
    ["A", "203.0.113.7", "203.0.113.7", "203.0.113.7"],
    ["AAAA", "2001:DB8:0:0::7", "2001:db8::7", "2001:db8::7"],
    ["CNAME", "LB.example.com", "lb.example.com", "lb.example.com."],
    ["CNAME", "_x1.acm-validations.aws.", "_x1.acm-validations.aws", "_x1.acm-validations.aws."],
    ["NS", "ns-1.awsdns-01.org.", "ns-1.awsdns-01.org", "ns-1.awsdns-01.org."],
    ["DS", "12345  13 2 1f98 ABcd", "12345 13 2 1F98ABCD", "12345 13 2 1F98ABCD"],
    ["CAA", "0 Issue letsencrypt.org", '0 issue "letsencrypt.org"', '0 issue "letsencrypt.org"'],
    ["CAA", '128 issuewild ";"', '128 issuewild ";"', '128 issuewild ";"'],
    ["TXT", "v=spf1 -all", "v=spf1 -all", '"v=spf1 -all"'],
    ["TXT", 'a "b" \\c', 'a \\"b\\" \\\\c', '"a \\"b\\" \\\\c"'],
    ["TXT", text(255), text(255), `"${text(255)}"`],
    ["TXT", text(260), `${text(255)}""abcde`, `"${text(255)}" "abcde"`],
    [
      "TXT",
      `${text(250)}"""""""`,
      `${text(250)}${'\\"'.repeat(5)}""\\"\\"`,
      `"${text(250)}${'\\"'.repeat(5)}" "\\"\\""`,
    ],
  ];
  it.each(table)("%s %s", (type, value, route53, cloudDns) => {
    expect(recordValues("data", type, [value], "route53")).toEqual([route53]);
    expect(recordValues("data", type, [value], "cloud-dns")).toEqual([cloudDns]);
    const data: RecordData = { type, values: [value] };
    expect(checkRecordData("data", data, { kind: "route53", top: false })).toEqual([]);
  });

  it("names too", () => {
    expect(spellName("_acme-challenge.Example.com.", "route53")).toBe("_acme-challenge.example.com");
    expect(spellName("*.example.com", "cloud-dns")).toBe("*.example.com.");
  });
});

describe("values that are none of the type", () => {
  const ipv4 = "an IPv4 address, such as 203.0.113.7";
  const ipv6 = "an IPv6 address, such as 2001:db8::7";
  const host = "a host name, such as lb.example.com";
  const ds = "key tag, algorithm, digest type and digest, such as 12345 13 2 1F98…";
  const caa = "flags, tag and value, such as 0 issue letsencrypt.org";
  const txt = "1 to 4000 printable ASCII characters, without quotes around them";
  const table: [type: ValueType, value: string, allowed: string][] = [
    ["A", "2001:db8::7", ipv4],
    ["A", "lb.example.com", ipv4],
    ["A", " 203.0.113.7", ipv4],
    ["AAAA", "203.0.113.7", ipv6],
    ["AAAA", "fe80::1%eth0", ipv6],
    ["CNAME", "203.0.113.7", host],
    ["CNAME", "https://lb.example.com", host],
    ["NS", "", host],
    ["DS", "12345 13 2", ds],
    ["DS", "12345 13 2 XYZ", ds],
    ["CAA", "letsencrypt.org", caa],
    ["CAA", "256 issue letsencrypt.org", caa],
    ["TXT", "", txt],
    ["TXT", '"v=spf1 -all"', txt],
    ["TXT", "für", txt],
    ["TXT", text(4005), txt],
  ];
  it.each(table)("%s %j", (type, value, allowed) => {
    const fault = `data.values[0]: got ${JSON.stringify(value)}; allowed: ${allowed}`;
    expect(checkRecordData("data", { type, values: [value] }, { kind: "route53", top: false })).toEqual([
      fault,
    ]);
    expect(() => recordValues("data", type, [value], "route53")).toThrow(fault);
  });

  it("come all at once, of those that are known", () => {
    const data: RecordData = { type: "A", values: ["a", output("b"), "203.0.113.7", "c"] };
    expect(checkRecordData("data", data, { kind: "cloud-dns", top: false })).toEqual([
      `data.values[0]: got "a"; allowed: ${ipv4}`,
      `data.values[3]: got "c"; allowed: ${ipv4}`,
    ]);
    expect(
      checkRecordData("data", { type: "A", values: output(["a"]) }, { kind: "cloud-dns", top: false }),
    ).toEqual([]);
    expect(() => recordValues("data", "A", ["a", "b"], "route53")).toThrow(
      `data.values[0]: got "a"; allowed: ${ipv4}\ndata.values[1]: got "b"; allowed: ${ipv4}`,
    );
  });
});

describe("what a name can have", () => {
  const cname: RecordData = { type: "CNAME", values: ["lb.example.com"] };
  const alias: RecordData = { type: "ALIAS", target: "lb.example.com" };
  const table: [
    what: string,
    data: RecordData,
    kind: "route53" | "cloud-dns",
    top: boolean,
    faults: string[],
  ][] = [
    ["a CNAME below the top", cname, "route53", false, []],
    [
      "a CNAME at the top",
      cname,
      "route53",
      true,
      ['data.type: got "CNAME"; allowed: another type at the zone\'s top, or CNAME below it'],
    ],
    [
      "NS at the top",
      { type: "NS", values: ["ns.example.com"] },
      "cloud-dns",
      true,
      ['data.type: got "NS"; allowed: another type at the zone\'s top, or NS below it'],
    ],
    [
      "two CNAMEs",
      { type: "CNAME", values: ["a.example.com", "b.example.com"] },
      "route53",
      false,
      ["data.values: got 2 values; allowed: one, for a CNAME"],
    ],
    [
      "no value",
      { type: "A", values: [] },
      "route53",
      true,
      ["data.values: missing; needed: at least one value"],
    ],
    ["an alias at the top of a zone of Google's", alias, "cloud-dns", true, []],
    [
      "an alias below it",
      alias,
      "cloud-dns",
      false,
      ['data.type: got "ALIAS"; allowed: CNAME, below the top of a zone of Cloud DNS'],
    ],
    [
      "an alias with a zone of AWS's",
      { ...alias, targetZoneId: "Z35" },
      "cloud-dns",
      true,
      ["data.targetZoneId: got a value; allowed: none, for a zone of Cloud DNS"],
    ],
    ["an alias in Route 53", { ...alias, targetZoneId: "Z35" }, "route53", false, []],
    [
      "an alias in Route 53 to nowhere",
      { type: "ALIAS", target: "203.0.113.7" },
      "route53",
      false,
      [
        "data.targetZoneId: missing; needed: the id of the hosted zone that the target is in",
        'data.target: got "203.0.113.7"; allowed: a host name, such as lb.example.com',
      ],
    ],
  ];
  it.each(table)("%s", (_, data, kind, top, faults) => {
    expect(checkRecordData("data", data, { kind, top })).toEqual(faults);
  });
});

it.each([
  [1, true],
  [60, true],
  [604800, true],
  [0, false],
  [604801, false],
  [1.5, false],
])("answers are remembered for %j seconds: %j", (seconds, allowed) => {
  expect(checkTtl("ttlSeconds", seconds)).toEqual(
    allowed ? [] : [`ttlSeconds: got ${seconds}; allowed: a whole number from 1 to 604800`],
  );
});
