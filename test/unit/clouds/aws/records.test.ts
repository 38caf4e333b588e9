import { describe, expect, it } from "vitest";
import { unknown, type Properties } from "../../../../provider";
import { amazon, route53, types, withZone } from "./support";

type Zone = Awaited<ReturnType<typeof withZone>>;

const batch = (message: string) =>
  `creating Route53 Record: ${route53("ChangeResourceRecordSets", 400, `InvalidChangeBatch: [${message}]`)}`;

const address = { name: "www.example.com", type: "A", records: ["192.0.2.1"] };

describe("a record", () => {
  it.each<[name: string, type: string, more: Properties, id: string, fqdn: string]>([
    ["www.example.com", "A", {}, "www.example.com_A", "www.example.com"],
    ["WWW.Example.com.", "A", {}, "www.example.com_A", "www.example.com"],
    ["www", "A", {}, "www_A", "www.example.com"],
    ["www.example.org", "A", {}, "www.example.org_A", "www.example.org.example.com"],
    ["", "TXT", {}, "_TXT", "example.com"],
    ["*.example.com", "CNAME", {}, "*.example.com_CNAME", "*.example.com"],
    ["a.example.com", "A", { setIdentifier: "eu" }, "a.example.com_A_eu", "a.example.com"],
    ["example.com", "NS", { allowOverwrite: true }, "example.com_NS", "example.com"],
  ])("%j %s is %j of the zone", async (name, type, more, id, fqdn) => {
    const { zone, record } = await withZone(await amazon());
    const made = await record(name, type, more);
    expect(made.id).toBe(`${zone.id}_${id}`);
    expect(made.state["fqdn"]).toBe(fqdn);
  });

  it.each<[what: string, attempt: (zone: Zone) => Promise<unknown>, message: string]>([
    [
      "a second one of a name and type",
      async ({ record }) => {
        await record("www.example.com", "A");
        await record("www.example.com", "A");
      },
      batch("Tried to create resource record set [name='www.example.com.', type='A'] but it already exists"),
    ],
    [
      "a second one in another spelling",
      async ({ record }) => {
        await record("www.example.com", "A");
        await record("www", "A");
      },
      batch("Tried to create resource record set [name='www.example.com.', type='A'] but it already exists"),
    ],
    [
      "the name servers that the zone has by itself",
      ({ record }) => record("example.com", "NS"),
      batch("Tried to create resource record set [name='example.com.', type='NS'] but it already exists"),
    ],
    [
      "a CNAME at the top",
      ({ record }) => record("example.com", "CNAME"),
      batch("RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com."),
    ],
    [
      "a CNAME beside another",
      async ({ record }) => {
        await record("www.example.com", "TXT");
        await record("www.example.com", "CNAME");
      },
      batch(
        "RRSet of type CNAME with DNS name www.example.com. is not permitted as it conflicts with other records with the " +
          "same DNS name in zone example.com.",
      ),
    ],
    [
      "another beside a CNAME, whatever may be overwritten",
      async ({ record }) => {
        await record("www.example.com", "CNAME");
        await record("www.example.com", "A", { allowOverwrite: true });
      },
      batch(
        "RRSet of type A with DNS name www.example.com. is not permitted because a conflicting RRSet of type CNAME with " +
          "the same DNS name already exists in zone example.com.",
      ),
    ],
    [
      "a name that only ends like the zone's",
      ({ record }) => record("myexample.com", "A"),
      batch("RRSet with DNS name myexample.com. is not permitted in zone example.com."),
    ],
    [
      "a host name for an address",
      ({ record }) => record("www.example.com", "A", { records: ["lb.example.org"] }),
      batch(
        "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) " +
          "encountered with 'lb.example.org''",
      ),
    ],
    [
      "no time to live",
      ({ client, zone }) => client.create(types.record, { zoneId: zone.id, ...address }),
      `creating Route53 Record: ${route53(
        "ChangeResourceRecordSets",
        400,
        "InvalidInput: Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or " +
          "TrafficPolicyInstanceId], but found none in Change with [Action=CREATE, Name=www.example.com, Type=A, SetIdentifier=null]",
      )}`,
    ],
    [
      "a zone that is not there",
      ({ record }) => record("www.example.com", "A", { zoneId: "Z0" }),
      "reading Route 53 Hosted Zone (Z0): couldn't find resource",
    ],
  ])("is refused: %s", async (_, attempt, message) => {
    await expect(attempt(await withZone(await amazon()))).rejects.toThrow(message);
  });

  it("is taken over where that is allowed, and beside others of its name and type where each has an identifier", async () => {
    const client = await amazon();
    const { zone, record } = await withZone(client);
    const first = await record("www.example.com", "A");
    const second = await record("www.example.com", "A", { allowOverwrite: true, records: ["192.0.2.2"] });
    expect(second.id).toBe(first.id);
    expect((await client.read(types.record, { id: first.id }))?.state["records"]).toEqual(["192.0.2.2"]);
    for (const setIdentifier of ["eu", "us"]) await record("api.example.com", "A", { setIdentifier });
    const answer = await client.invoke("aws:route53/getZone:getZone", { zoneId: zone.id });
    expect(answer["resourceRecordSetCount"]).toBe(5);
  });

  it("can be an alias, at the top too", async () => {
    const client = await amazon();
    const { zone } = await withZone(client);
    const aliases = [{ name: "lb.amazonaws.com", zoneId: "Z32O12XQLNTSW2", evaluateTargetHealth: true }];
    const made = await client.create(types.record, {
      zoneId: `/hostedzone/${zone.id}`,
      name: "example.com",
      type: "A",
      aliases,
    });
    expect(made.id).toBe(`${zone.id}_example.com_A`);
  });

  it.each<[what: string, inputs: Properties, failures: string[]]>([
    ["nothing to answer", {}, ["records: exactly one of `aliases,records` must be specified"]],
    [
      "two answers",
      { records: ["a"], aliases: [{}] },
      ["records: exactly one of `aliases,records` must be specified"],
    ],
    [
      "a time to live of an alias",
      { aliases: [{}], ttl: 60 },
      ["ttl: `ttl` conflicts with `aliases`: an alias has its target's"],
    ],
    ["records, not known yet", { records: unknown, ttl: 60 }, []],
  ])("with %s is checked at preview", async (_, inputs, failures) => {
    const client = await amazon();
    expect(
      (await client.check(types.record, { name: "a", type: "A", zoneId: "Z", ...inputs })).failures,
    ).toEqual(failures);
  });

  it("is changed in place, and refused as a new one is", async () => {
    const client = await amazon();
    const { record } = await withZone(client);
    const made = await record("www.example.com", "A");
    await client.update(types.record, made, { ...made.inputs, ttl: 60 });
    expect((await client.read(types.record, made))?.state).toMatchObject({
      ttl: 60,
      fqdn: "www.example.com",
    });
    await record("www.example.com", "TXT");
    await expect(
      client.update(types.record, made, { ...made.inputs, type: "CNAME", records: ["a.example.org"] }),
    ).rejects.toThrow("updating Route53 Record: operation error Route 53: ChangeResourceRecordSets");
  });
});
