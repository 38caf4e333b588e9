import { describe, expect, it } from "vitest";
import { unknown, type Properties } from "../../../../provider";
import { google, types } from "./support";

type Client = Awaited<ReturnType<typeof google>>;

/** A zone `example.com.`, and what makes a record set in it. */
async function withZone(client: Client, inputs: Properties = {}) {
  const zone = await client.create(types.zone, { name: "zone", dnsName: "example.com.", ...inputs });
  const record = (name: string, type: string, more: Properties = {}) =>
    client.create(types.record, { managedZone: "zone", name, type, ttl: 300, rrdatas: ["x."], ...more });
  return { client, zone, record };
}
type Zone = Awaited<ReturnType<typeof withZone>>;

const zoneId = "projects/p/managedZones/zone";

describe("a managed zone", () => {
  it("has a name of its own, and four name servers of one letter", async () => {
    const client = await google();
    const { inputs } = await client.check(
      types.zone,
      { dnsName: "example.com." },
      { name: "Zone", seed: [0xab, 0xcd, 0xef, 1] },
    );
    expect(inputs["name"]).toBe("zone-abcdef0");
    const { zone } = await withZone(client, { labels: { a: "b" } });
    expect(zone.id).toBe(zoneId);
    expect(zone.state).toMatchObject({
      project: "p",
      creationTime: "2026-01-01T00:00:00.000Z",
      effectiveLabels: { a: "b" },
    });
    expect(zone.state["managedZoneId"]).toMatch(/^\d{19}$/);
    const [, letter] = /^ns-cloud-([a-e])1/.exec(JSON.stringify(zone.state["nameServers"]).slice(2)) ?? [];
    expect(zone.state["nameServers"]).toEqual(
      [1, 2, 3, 4].map((n) => `ns-cloud-${letter}${n}.googledomains.com.`),
    );
    const answer = await client.invoke("gcp:dns/getManagedZone:getManagedZone", { name: "zone" });
    expect(answer).toMatchObject({
      id: zoneId,
      dnsName: "example.com.",
      nameServers: zone.state["nameServers"],
      visibility: "public",
    });
  });

  it("is found only where it is", async () => {
    const client = await google();
    await expect(client.invoke("gcp:dns/getManagedZone:getManagedZone", { name: "z" })).rejects.toThrow(
      "Error when reading or editing dataSourceDnsManagedZone: googleapi: Error 404: " +
        "The 'parameters.managedZone' resource named 'z' does not exist., notFound",
    );
  });

  it("is not deleted with record sets in it, but for its own, or where that is wanted", async () => {
    const client = await google();
    const { zone, record } = await withZone(client);
    await record("example.com.", "NS");
    const www = await record("www.example.com.", "A");
    await expect(client.delete(types.zone, zone)).rejects.toThrow(
      "Error when reading or editing ManagedZone: googleapi: Error 400: The resource named 'zone' cannot be deleted because " +
        "it contains one or more 'resource records'., containerNotEmpty",
    );
    await client.delete(types.record, www);
    await client.delete(types.zone, zone);

    const forced = await withZone(client, { forceDestroy: true });
    const inIt = await forced.record("www.example.com.", "A");
    await client.delete(types.zone, forced.zone);
    expect(await client.read(types.record, inIt)).toBeUndefined();
  });

  it("has keys where it is signed", async () => {
    const client = await google();
    const { zone } = await withZone(client);
    const keys = (managedZone: string) => client.invoke("gcp:dns/getKeys:getKeys", { managedZone });
    expect(await keys(zone.id)).toMatchObject({ keySigningKeys: [], zoneSigningKeys: [] });
    await client.update(types.zone, zone, { ...zone.inputs, dnssecConfig: { state: "on" } });
    const dsRecord: unknown = expect.stringMatching(/^\d{1,5} 8 2 [0-9A-F]{64}$/);
    expect(await keys("zone")).toMatchObject({
      id: zoneId,
      keySigningKeys: [{ algorithm: "rsasha256", isActive: true, dsRecord }],
    });
    expect(await keys(zone.id)).toEqual(await keys("zone"));
  });
});

describe("a record set", () => {
  it("has an id of its zone, name and type", async () => {
    const { record, zone } = await withZone(await google());
    const id = `${zoneId}/rrsets/www.example.com./A`;
    expect(await record("www.example.com.", "A")).toMatchObject({ id, state: { project: "p" } });
    expect((await record("a.example.com.", "A", { managedZone: zone.id })).id).toBe(
      `${zoneId}/rrsets/a.example.com./A`,
    );
  });

  const conflict = (type: string, beside: string, name = "www.example.com.") =>
    `Error creating DNS RecordSet: googleapi: Error 400: The resource record set 'entity.change.additions[${name}][${type}]' is ` +
    `invalid because the DNS name '${name}' has a resource record set of the type '${beside}'. A DNS name may have either one ` +
    "CNAME resource record set or resource record sets of other types, but not both., cnameResourceRecordSetConflict";
  const invalid = (field: string, value: string) =>
    `Error creating DNS RecordSet: googleapi: Error 400: Invalid value for 'entity.change.additions${field}': '${value}', invalid`;

  it.each<[what: string, attempt: (zone: Zone) => Promise<unknown>, message: string]>([
    [
      "a second of its name and type",
      async ({ record }) => {
        await record("www.example.com.", "A");
        await record("www.example.com.", "A", { rrdatas: ["192.0.2.2"] });
      },
      "Error creating DNS RecordSet: googleapi: Error 409: The resource 'entity.change.additions[www.example.com.][A]' " +
        "already exists, alreadyExists",
    ],
    [
      "a CNAME beside another",
      async ({ record }) => {
        await record("www.example.com.", "TXT");
        await record("www.example.com.", "CNAME");
      },
      conflict("CNAME", "TXT"),
    ],
    [
      "another beside a CNAME",
      async ({ record }) => {
        await record("www.example.com.", "CNAME");
        await record("www.example.com.", "A");
      },
      conflict("A", "CNAME"),
    ],
    [
      "a CNAME at the top",
      ({ record }) => record("example.com.", "CNAME"),
      conflict("CNAME", "SOA", "example.com."),
    ],
    [
      "an ALIAS below the top",
      ({ record }) => record("www.example.com.", "ALIAS"),
      invalid("[www.example.com.][ALIAS].type", "ALIAS"),
    ],
    [
      "an ALIAS in a zone that is signed",
      async ({ client, zone, record }) => {
        await client.update(types.zone, zone, { ...zone.inputs, dnssecConfig: { state: "on" } });
        await record("example.com.", "ALIAS");
      },
      invalid("[example.com.][ALIAS].type", "ALIAS"),
    ],
    [
      "a name outside the zone",
      ({ record }) => record("myexample.com.", "A"),
      invalid("[myexample.com.][A].name", "myexample.com."),
    ],
    [
      "a zone that is not there",
      ({ record }) => record("www.example.com.", "A", { managedZone: "z" }),
      `Error retrieving record sets for "z": googleapi: Error 404: The 'parameters.managedZone' resource named 'z' does not exist., notFound`,
    ],
    [
      "a zone that is not there, for a right",
      ({ client }) => client.create(types.zoneMember, { managedZone: "z", role: "r", member: "m" }),
      `Error retrieving IAM policy for dns managedzone "projects/p/managedZones/z": googleapi: Error 404: ` +
        "The 'parameters.managedZone' resource named 'z' does not exist., notFound",
    ],
    [
      "a second zone of a name",
      ({ client, zone }) => client.create(types.zone, zone.inputs),
      "Error creating ManagedZone: googleapi: Error 409: The resource 'entity.managedZone' named 'zone' already exists, alreadyExists",
    ],
    [
      "a zone's domain without a dot at the end",
      ({ client }) => client.create(types.zone, { name: "z", dnsName: "example.com" }),
      "Error creating ManagedZone: googleapi: Error 400: Invalid value for 'entity.managedZone.dnsName': 'example.com', invalid",
    ],
  ])("is refused: %s", async (_, attempt, message) => {
    await expect(attempt(await withZone(await google()))).rejects.toThrow(message);
  });

  it("at the top may be an ALIAS, beside what the zone has", async () => {
    const { client, zone, record } = await withZone(await google());
    await record("example.com.", "ALIAS");
    await record("example.com.", "TXT");
    await expect(
      client.update(types.zone, zone, { ...zone.inputs, dnssecConfig: { state: "on" } }),
    ).rejects.toThrow("DNSSEC cannot be enabled on a zone with ALIAS records.");
  });

  it.each<[what: string, inputs: Properties, failures: string[]]>([
    [
      "a name without a dot at the end",
      { name: "www.example.com", rrdatas: ["a"] },
      [
        'name: "name" ("www.example.com") doesn\'t end with ".", name field must end with trailing dot, for example ' +
          "test.example.com. (note the trailing dot)",
      ],
    ],
    [
      "nothing to answer",
      { name: "www.example.com." },
      ["rrdatas: exactly one of `routing_policy,rrdatas` must be specified"],
    ],
    ["what is not known yet", { name: unknown, rrdatas: unknown }, []],
  ])("with %s is checked at preview", async (_, inputs, failures) => {
    const client = await google();
    expect((await client.check(types.record, { type: "A", managedZone: "z", ...inputs })).failures).toEqual(
      failures,
    );
  });

  it("is changed in place", async () => {
    const { client, record } = await withZone(await google());
    const made = await record("www.example.com.", "A");
    await client.update(types.record, made, { ...made.inputs, ttl: 60 });
    expect((await client.read(types.record, made))?.state["ttl"]).toBe(60);
    await record("www.example.com.", "TXT");
    await expect(client.update(types.record, made, { ...made.inputs, type: "CNAME" })).rejects.toThrow(
      "Error changing DNS RecordSet: googleapi: Error 400",
    );
  });

  it("can be changed by who has the right to the zone", async () => {
    const { client } = await withZone(await google());
    const inputs = { managedZone: "zone", role: "roles/dns.admin", member: "serviceAccount:a" };
    expect((await client.create(types.zoneMember, inputs)).id).toBe(
      `${zoneId}/roles/dns.admin/serviceAccount:a`,
    );
  });
});

describe("a change of", () => {
  it.each<
    [type: keyof typeof types, before: Properties, after: Properties, changed: string[], replaces: string[]]
  >([
    ["zone", { dnsName: "a." }, { dnsName: "b." }, ["dnsName"], ["dnsName"]],
    ["zone", { visibility: "public" }, { visibility: "private" }, ["visibility"], ["visibility"]],
    ["zone", { description: "a" }, { description: "b" }, ["description"], []],
    [
      "zone",
      { dnssecConfig: { state: "off" } },
      { dnssecConfig: { state: "on" } },
      ["dnssecConfig.state"],
      [],
    ],
    ["record", { managedZone: "a" }, { managedZone: "b" }, ["managedZone"], ["managedZone"]],
    ["record", { managedZone: "a" }, { managedZone: "projects/p/managedZones/a" }, [], []],
    ["record", { name: "a." }, { name: "b." }, ["name"], ["name"]],
    ["record", { type: "A" }, { type: "AAAA" }, ["type"], []],
    ["record", { ttl: 300 }, { ttl: 60 }, ["ttl"], []],
    ["record", { type: "A", rrdatas: ["a", "b"] }, { type: "A", rrdatas: ["b", "a"] }, [], []],
    ["record", { type: "TXT", rrdatas: ['"A"'] }, { type: "TXT", rrdatas: ["a"] }, [], []],
    ["record", { type: "A", rrdatas: ["a"] }, { type: "A", rrdatas: ["b"] }, ["rrdatas[0]"], []],
    ["zoneMember", { role: "a" }, { role: "b" }, ["role"], ["role"]],
    ["authorization", { domain: "a" }, { domain: "b" }, ["domain"], ["domain"]],
    ["authorization", { description: "a" }, { description: "b" }, ["description"], []],
    [
      "certificate",
      { managed: { domains: ["a"] } },
      { managed: { domains: ["a", "b"] } },
      ["managed.domains[1]"],
      ["managed.domains[1]"],
    ],
    ["certificate", { labels: { a: "b" } }, { labels: { a: "c" } }, ["labels.a"], []],
    ["certificateMap", { project: "a" }, { project: "b" }, ["project"], ["project"]],
    ["mapEntry", { certificates: ["a"] }, { certificates: ["b"] }, ["certificates[0]"], []],
    ["mapEntry", { hostname: "a" }, { hostname: "b" }, ["hostname"], ["hostname"]],
    ["sslPolicy", { minTlsVersion: "TLS_1_0" }, { minTlsVersion: "TLS_1_2" }, ["minTlsVersion"], []],
    ["sslPolicy", { description: "a" }, { description: "b" }, ["description"], ["description"]],
  ])("%s: %j to %j", async (type, before, after, changed, replaces) => {
    const known = { id: "id", inputs: before, state: before };
    const diff = await (await google()).diff(types[type], known, after);
    expect(Object.keys(diff.detailed)).toEqual(changed);
    expect(diff.replaces).toEqual(replaces);
  });
});
