import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { RecordArgs } from "../../../../components/dns/dns";
import { checkFound } from "../../../../components/dns/validate-zone";
import { Zone, type ZoneArgs, type ZoneCloud } from "../../../../components/dns/zone";
import { runOnClouds } from "./clouds";

const google: ZoneCloud = { kind: "cloud-dns", project: "my-project" };
const aws: ZoneCloud = { kind: "route53" };
const dev = (cloud: ZoneCloud, args: Partial<ZoneArgs> = {}) =>
  new Zone("mnist", { cloud, zone: { kind: "new", domain: "Dev.Example.com." }, ...args });
const company = (cloud: ZoneCloud, id = "Z1") =>
  new Zone("company", { cloud, zone: { kind: "existing", domain: "example.com", id } });

const record = { parent: "Zone company", options: { deleteBeforeReplace: true } };

describe.each([false, true])("records, preview %s", (preview) => {
  const made = async (
    cloud: ZoneCloud,
    args: RecordArgs,
    id = cloud.kind === "route53" ? "Z1" : "example-com",
  ) => {
    const ran = await runOnClouds(preview, () => void company(cloud, id).record(args, { protect: true }));
    return { ...ran, records: ran.registered.slice(1) };
  };
  const inRoute53 = {
    ...record,
    type: "aws:route53/record:Record",
    options: { ...record.options, protect: true },
  };
  const inCloudDns = { ...inRoute53, type: "gcp:dns/recordSet:RecordSet" };

  it.each<[name: string, logical: string, whole: string]>([
    ["Mnist.Example.com.", "mnist.example.com/A", "mnist.example.com"],
    ["*.oscar.example.com", "*.oscar.example.com/A", "*.oscar.example.com"],
    ["@", "example.com/A", "example.com"],
  ])("%s", async (name, logical, whole) => {
    const data = { type: "A", values: ["203.0.113.7"] } as const;
    const route53 = await made(aws, { name, data });
    expect(route53.records).toEqual([
      {
        ...inRoute53,
        name: logical,
        inputs: { zoneId: "Z1", name: whole, type: "A", ttl: 300, records: ["203.0.113.7"] },
        dependsOn: [],
      },
    ]);
    const cloudDns = await made(google, { name, data, ttlSeconds: 60 });
    expect(cloudDns.records).toEqual([
      {
        ...inCloudDns,
        name: logical,
        inputs: {
          project: "my-project",
          managedZone: "example-com",
          name: `${whole}.`,
          type: "A",
          ttl: 60,
          rrdatas: ["203.0.113.7"],
        },
        dependsOn: [],
      },
    ]);
  });

  it("change their type in place of the old one", async () => {
    const data = { type: "CNAME", values: ["lb.example.org"] } as const;
    for (const cloud of [aws, google]) {
      const cname = await made(cloud, { name: "mnist.example.com", data });
      expect(cname.aliases("mnist.example.com/CNAME")).toEqual([
        "mnist.example.com/A",
        "mnist.example.com/ALIAS",
      ]);
      const a = await made(cloud, {
        name: "mnist.example.com",
        data: { type: "A", values: ["203.0.113.7"] },
      });
      expect(a.aliases("mnist.example.com/A")).toEqual([
        "mnist.example.com/CNAME",
        "mnist.example.com/ALIAS",
      ]);
      const txt = await made(cloud, { name: "mnist.example.com", data: { type: "TXT", values: ["a"] } });
      expect(txt.aliases("mnist.example.com/TXT")).toEqual([]);
    }
  });

  it("stand where only the cloud knows, and overwrite only what proves whose a name is", async () => {
    const proof = (name: string, type: "CNAME" | "TXT"): RecordArgs => ({
      name,
      actualName: "_acme-challenge_x7.mnist.example.com.",
      data: { type, values: ["a.authorize.certificatemanager.goog."] },
    });
    const one = await made(aws, proof("_acme-challenge.mnist.example.com", "CNAME"));
    expect(one.records[0]?.name).toBe("_acme-challenge.mnist.example.com/CNAME");
    expect(one.records[0]?.inputs).toEqual({
      zoneId: "Z1",
      name: "_acme-challenge_x7.mnist.example.com",
      type: "CNAME",
      ttl: 300,
      records: ["a.authorize.certificatemanager.goog"],
      allowOverwrite: true,
    });
    const overwrites = async (name: string, type: "CNAME" | "TXT" = "CNAME") =>
      (await made(aws, proof(name, type))).records[0]?.inputs["allowOverwrite"];
    expect(await overwrites(`_${"0a".repeat(16)}.mnist.example.com`)).toBe(true);
    expect(await overwrites("mnist.example.com")).toBeUndefined();
    expect(await overwrites("_dmarc.example.com")).toBeUndefined();
    // cert-manager's own.
    expect(await overwrites("_acme-challenge.mnist.example.com", "TXT")).toBeUndefined();
  });

  it("are two for an alias in Route 53", async () => {
    const name = "mnist.example.com";
    const data = { type: "ALIAS", target: "LB.elb.amazonaws.com.", targetZoneId: "Z35" } as const;
    const { records } = await made(aws, { name, data });
    const inputs = {
      zoneId: "Z1",
      name,
      aliases: [{ name: "lb.elb.amazonaws.com", zoneId: "Z35", evaluateTargetHealth: false }],
    };
    expect(records).toEqual([
      { ...inRoute53, name: `${name}/A`, inputs: { ...inputs, type: "A" }, dependsOn: [] },
      {
        ...inRoute53,
        name: `${name}/AAAA`,
        inputs: { ...inputs, type: "AAAA" },
        dependsOn: [`Record ${name}/A`],
      },
    ]);
  });

  it("are one for an alias in Cloud DNS", async () => {
    const { records } = await made(google, { name: "@", data: { type: "ALIAS", target: "lb.example.org" } });
    expect(records).toEqual([
      {
        ...inCloudDns,
        name: "example.com/ALIAS",
        inputs: {
          project: "my-project",
          managedZone: "example-com",
          name: "example.com.",
          type: "ALIAS",
          ttl: 300,
          rrdatas: ["lb.example.org."],
        },
        dependsOn: [],
      },
    ]);
  });
});

describe("what is refused", () => {
  const refusal = async (program: () => unknown, instead?: Record<string, unknown>) => {
    try {
      await runOnClouds(false, program, instead);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    throw new Error("nothing was refused");
  };

  it("of a new zone", async () => {
    const parent: ZoneArgs = { cloud: aws, zone: { kind: "existing", domain: "example.org", id: "Z1" } };
    const program = () =>
      new Zone("Mnist", {
        cloud: { kind: "cloud-dns", project: "My" },
        zone: { kind: "new", domain: "example.com" },
        parent: new Zone("company", parent),
        labels: { Team: "ml" },
        ttlSeconds: 0,
      });
    expect(await refusal(program, { "aws:route53/getZone:getZone": { name: "example.org" } })).toBe(
      [
        "Zone Mnist:",
        '  name: got "Mnist"; allowed: lower-case letters, digits and hyphens, a letter first, at most 55 characters',
        '  cloud.project: got "My"; allowed: a project\'s id, such as my-project',
        '  zone.domain: got "example.com"; allowed: a name that ends in .example.org, the parent zone',
        '  labels.Team: got "ml"; allowed: lower-case letters, digits, hyphens and underscores, at most 63 of each, the ' +
          "name with a letter first",
        "  ttlSeconds: got 0; allowed: a whole number from 1 to 604800",
      ].join("\n"),
    );
  });

  it("of a zone that is there", async () => {
    const program = () =>
      new Zone("mnist", {
        cloud: aws,
        zone: { kind: "existing", domain: "com", id: "/hostedzone/Z1" },
        parent: company(aws),
        dnssec: true,
        protect: true,
        labels: { "aws:team": "ml" },
      });
    expect(await refusal(program)).toBe(
      [
        "Zone mnist:",
        '  zone.domain: got "com"; allowed: a domain, such as example.com',
        '  zone.id: got "/hostedzone/Z1"; allowed: the id of a hosted zone, such as Z0123456789ABCDEFGHIJ',
        "  dnssec: got true; allowed: for a new zone; one that is there is signed where it was made",
        "  protect: got true; allowed: for a new zone; one that is there is never deleted",
        "  labels: got aws:team; allowed: for a new zone",
        "  parent: got example.com; allowed: for a new zone; one that is there is delegated already",
        '  labels.aws:team: got "ml"; allowed: letters, digits, spaces and _.:/=+@-, the name at most 128 characters and ' +
          "without aws: in front, the value at most 256",
      ].join("\n"),
    );
  });

  it("of a managed zone's name, and of a zone that is its own parent", async () => {
    expect(await refusal(() => company(google, "Z1"))).toBe(
      'Zone company:\n  zone.id: got "Z1"; allowed: the name of a managed zone, such as example-com',
    );
    const same = () =>
      new Zone("mnist", { cloud: aws, zone: { kind: "new", domain: "Example.com" }, parent: company(aws) });
    expect(await refusal(same)).toBe(
      'Zone mnist:\n  zone.domain: got "Example.com"; allowed: a name that ends in .example.com, the parent zone',
    );
  });

  it("of another domain's zone", () => {
    expect(checkFound("Z1", "Example.com.", "example.com")).toEqual([]);
    expect(checkFound("Z1", "", "example.com")).toEqual([]);
    expect(checkFound("Z1", undefined, "example.com")).toEqual([]);
    expect(checkFound("Z1", "example.org.", "example.com")).toEqual([
      "zone: the zone Z1 is example.org, not example.com",
    ]);
    expect(checkFound(output("Z1"), "example.org", "example.com")).toEqual([
      "zone: the zone is example.org, not example.com",
    ]);
  });

  it.each<[string, ZoneCloud, RecordArgs, string[]]>([
    [
      "outside the zone",
      aws,
      { name: "mnist.example.org", data: { type: "A", values: ["10.0.0"] }, ttlSeconds: 0.5 },
      [
        'record mnist.example.org/A: name: got "mnist.example.org"; allowed: dev.example.com, or a name that ends in ' +
          ".dev.example.com, the zone",
        'record mnist.example.org/A: data.values[0]: got "10.0.0"; allowed: an IPv4 address, such as 203.0.113.7',
        "record mnist.example.org/A: ttlSeconds: got 0.5; allowed: a whole number from 1 to 604800",
      ],
    ],
    [
      "a CNAME at the top",
      google,
      { name: "@", data: { type: "CNAME", values: ["lb.example.com"] } },
      [
        'record dev.example.com/CNAME: data.type: got "CNAME"; allowed: another type at the zone\'s top, or CNAME below it',
      ],
    ],
    [
      "a wildcard that delegates",
      aws,
      { name: "*.dev.example.com", data: { type: "NS", values: ["ns.example.com"] } },
      ['record *.dev.example.com/NS: name: got "*.dev.example.com"; allowed: a name without a wildcard'],
    ],
    [
      "an alias in a signed zone of Google's",
      google,
      { name: "@", data: { type: "ALIAS", target: "lb.example.com" } },
      [
        'record dev.example.com/ALIAS: data.type: got "ALIAS"; allowed: A or AAAA, in a zone of Cloud DNS that is signed',
      ],
    ],
  ])("of a record, %s", async (_, cloud, args, faults) => {
    const program = () => dev(cloud, { dnssec: cloud.kind === "cloud-dns" }).record(args);
    expect(await refusal(program)).toBe(["Zone mnist:", ...faults.map((fault) => `  ${fault}`)].join("\n"));
  });
});
