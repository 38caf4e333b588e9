import { describe, expect, it } from "vitest";
import type { Properties } from "../../../../provider";
import { findInProject, memoryAccount } from "../../../../sandbox/clouds";
import { amazon, route53, signing, types, withZone, type Client } from "./support";

const notEmpty = (id: string, words: string) =>
  `deleting Route53 Hosted Zone (${id}): ${route53("DeleteHostedZone", 400, `HostedZoneNotEmpty: ${words}`)}`;

/** A zone that is signed, and what signs it. */
async function signed(client: Client) {
  const { zone } = await withZone(client);
  const key = await client.create(types.key, signing);
  const signingKey = await client.create(types.signingKey, {
    name: "ksk",
    hostedZoneId: zone.id,
    keyManagementServiceArn: key.state["arn"] ?? "",
  });
  const dnssec = await client.create(types.dnssec, { hostedZoneId: zone.id });
  return { zone, key, signingKey, dnssec };
}

describe("a zone", () => {
  it("has an id, an ARN and four name servers of its own", async () => {
    const client = await amazon();
    const { zone } = await withZone(client, { tags: { a: "b" } });
    expect(zone.id).toMatch(/^Z[0-9A-Z]{20}$/);
    expect(zone.state).toMatchObject({
      zoneId: zone.id,
      arn: `arn:aws:route53:::hostedzone/${zone.id}`,
      comment: "Managed by Pulumi",
      tagsAll: { a: "b" },
    });
    const { nameServers, primaryNameServer } = zone.state;
    const server = (domain: string) =>
      expect.stringMatching(new RegExp(`^ns-\\d{1,4}\\.awsdns-\\d\\d\\.${domain}$`));
    expect(nameServers).toHaveLength(4);
    expect(nameServers).toEqual(expect.arrayContaining(["com", "net", "org", "co\\.uk"].map(server)));
    expect(primaryNameServer).toEqual(server("com"));
  });

  it("may be the second one of its name", async () => {
    const client = await amazon();
    const [one, other] = [await withZone(client), await withZone(client)];
    expect(one.zone.id).not.toBe(other.zone.id);
    const getZone = (args: Properties) => client.invoke("aws:route53/getZone:getZone", args);
    await expect(getZone({ name: "example.com" })).rejects.toThrow(
      "reading Route 53 Hosted Zone (example.com): multiple Route 53 Hosted Zones found",
    );
    await client.delete(types.zone, other.zone);
    expect(await getZone({ name: "example.com." })).toMatchObject({
      zoneId: one.zone.id,
      name: "example.com",
      nameServers: one.zone.state["nameServers"],
      resourceRecordSetCount: 2,
      privateZone: false,
    });
    await expect(getZone({ name: "example.org" })).rejects.toThrow(
      "reading Route 53 Hosted Zone (example.org): no matching Route 53 Hosted Zone found",
    );
    await expect(getZone({ zoneId: "Z0" })).rejects.toThrow(
      "reading Route 53 Hosted Zone (Z0): couldn't find resource",
    );
  });

  it("changes its comment and its tags in place", async () => {
    const client = await amazon();
    const { zone } = await withZone(client, { tags: { a: "b" } });
    const inputs = { ...zone.inputs, comment: "ours", tags: { a: "c" } };
    await client.update(types.zone, zone, inputs);
    expect((await client.read(types.zone, zone))?.state).toEqual({
      ...zone.state,
      comment: "ours",
      tags: { a: "c" },
      tagsAll: { a: "c" },
    });
    await expect(client.update(types.zone, zone, { ...inputs, name: "example.org" })).rejects.toThrow(
      `${zone.id}: name cannot be changed in place; it takes a new resource`,
    );
  });

  it("is not deleted with records in it, but for its own, or where that is wanted", async () => {
    const client = await amazon();
    const { zone, record } = await withZone(client);
    await record("example.com", "NS", { allowOverwrite: true });
    const www = await record("www.example.com", "A");
    await expect(client.delete(types.zone, zone)).rejects.toThrow(
      notEmpty(
        zone.id,
        "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
      ),
    );
    await client.delete(types.record, www);
    await client.delete(types.zone, zone);
    expect(await client.read(types.zone, zone)).toBeUndefined();

    const forced = await withZone(client, { forceDestroy: true });
    const inIt = await forced.record("www.example.com", "A");
    await client.delete(types.zone, forced.zone);
    expect(await client.read(types.record, inIt)).toBeUndefined();
  });
});

describe("a zone that is signed", () => {
  it("has a DS record for its parent", async () => {
    const { zone, signingKey, dnssec } = await signed(await amazon());
    expect(dnssec).toMatchObject({ id: zone.id, state: { signingStatus: "SIGNING" } });
    expect(signingKey.id).toBe(`${zone.id},ksk`);
    const { keyTag, digestValue, publicKey } = signingKey.state;
    expect(digestValue).toMatch(/^[0-9A-F]{64}$/);
    expect(signingKey.state).toMatchObject({
      dsRecord: `${String(keyTag)} 13 2 ${String(digestValue)}`,
      dnskeyRecord: `257 3 13 ${String(publicKey)}`,
      status: "ACTIVE",
    });
  });

  it("goes in order: signing, key, zone", async () => {
    const client = await amazon();
    const { zone, signingKey, dnssec } = await signed(client);
    await expect(client.delete(types.zone, zone)).rejects.toThrow(
      notEmpty(
        zone.id,
        "The specified hosted zone contains DNSSEC Key Signing Keys and so cannot be deleted.",
      ),
    );
    const inUse =
      `deactivating Route 53 Key Signing Key (${zone.id},ksk): ` +
      route53(
        "DeactivateKeySigningKey",
        400,
        "KeySigningKeyInUse: The key-signing key (KSK) that you specified can't be deactivated because it's the only KSK " +
          "for a currently-enabled DNSSEC. Disable DNSSEC signing, or add or enable another KSK.",
      );
    await expect(client.delete(types.signingKey, signingKey)).rejects.toThrow(inUse);
    await expect(
      client.update(types.signingKey, signingKey, { ...signingKey.inputs, status: "INACTIVE" }),
    ).rejects.toThrow(inUse);
    expect((await client.read(types.zone, zone))?.id).toBe(zone.id);
    await client.delete(types.dnssec, dnssec);
    await client.delete(types.signingKey, signingKey);
    await client.delete(types.zone, zone);
  });

  it("needs an active key", async () => {
    const client = await amazon();
    const { zone } = await withZone(client);
    await expect(client.create(types.dnssec, { hostedZoneId: zone.id })).rejects.toThrow(
      `enabling Route 53 Hosted Zone DNSSEC (${zone.id}): ` +
        route53(
          "EnableHostedZoneDNSSEC",
          400,
          `KeySigningKeyWithActiveStatusNotFound: Hosted zone with ID '${zone.id}' does not have a Key Signing Key in ACTIVE status.`,
        ),
    );
  });

  it.each<[what: string, key: Properties, message: string]>([
    [
      "for encryption",
      { ...signing, customerMasterKeySpec: "SYMMETRIC_DEFAULT", keyUsage: "ENCRYPT_DECRYPT" },
      "has key spec 'SYMMETRIC_DEFAULT' and key usage 'ENCRYPT_DECRYPT'. DNSSEC needs an ECC_NIST_P256 key for SIGN_VERIFY.",
    ],
    [
      "that Route 53 may not use",
      { ...signing, policy: "{}" },
      "did not grant all required permissions for DNSSEC usage. Please review your key-policy, and verify that you and " +
        "Route 53 have permissions to perform the following actions: DescribeKey, GetPublicKey, and Sign.",
    ],
    ["in another region", { ...signing, region: "eu-west-1" }, "is not in the US East (N. Virginia) Region."],
  ])("takes no key %s", async (_, inputs, message) => {
    const client = await amazon();
    const { zone } = await withZone(client);
    const key = await client.create(types.key, inputs);
    const arn = String(key.state["arn"]);
    await expect(
      client.create(types.signingKey, {
        name: "ksk",
        hostedZoneId: zone.id,
        keyManagementServiceArn: arn,
      }),
    ).rejects.toThrow(
      `creating Route 53 Key Signing Key (${zone.id},ksk): ` +
        route53("CreateKeySigningKey", 400, `InvalidKMSArn: The CMK with ARN '${arn}' ${message}`),
    );
  });
});

describe("the account", () => {
  it("gives keys and policies their ids, and keeps the inputs of any other type", async () => {
    const store = memoryAccount();
    const client = await amazon({ store, config: { region: "eu-west-1" } });
    const key = await client.create(types.key, {});
    expect(key.state).toMatchObject({
      keyId: key.id,
      arn: `arn:aws:kms:eu-west-1:123456789012:key/${key.id}`,
      keyUsage: "ENCRYPT_DECRYPT",
      multiRegion: false,
    });
    const policy = await client.create(types.rolePolicy, { name: "dns", role: "cert-manager", policy: "{}" });
    expect(policy.id).toBe("cert-manager:dns");
    const bucket = await client.create("aws:s3/bucket:Bucket", { acl: "private" });
    expect(bucket).toMatchObject({ id: "it-simulated", state: { acl: "private" } });
    expect(Object.keys((await store.read()).resources)).toEqual([key.id, policy.id]);
  });

  it("says who and where one is", async () => {
    const client = await amazon({ config: { region: "eu-west-1" } });
    const ask = (name: string) => client.invoke(`aws:index/${name}:${name}`, {});
    expect(await ask("getCallerIdentity")).toMatchObject({ accountId: "123456789012" });
    expect(await ask("getRegion")).toMatchObject({ region: "eu-west-1" });
    expect(await ask("getPartition")).toMatchObject({ partition: "aws", dnsSuffix: "amazonaws.com" });
    expect(await ask("getSomething")).toEqual({});
  });

  it("is searched for what an interrupted run asked for: the record of that type, in that zone", async () => {
    const store = memoryAccount();
    const { zone, record } = await withZone(await amazon({ store }));
    await record("www.example.com", "A");
    const aaaa = await record("www.example.com", "TXT");
    const pending = (inputs: Record<string, unknown>) => ({
      urn: `urn:pulumi:dev::p::${types.record}::r`,
      type: types.record,
      provider: {},
      inputs,
    });
    const asked = { zoneId: zone.id, name: "www.example.com" };
    expect(await findInProject(store, pending({ ...asked, type: "TXT" }))).toBe(aaaa.id);
    expect(await findInProject(store, pending({ ...asked, type: "CNAME" }))).toBeUndefined();
  });
});

describe("a change of", () => {
  it.each<
    [type: keyof typeof types, before: Properties, after: Properties, changed: string[], replaces: string[]]
  >([
    ["zone", { name: "example.com" }, { name: "example.com." }, [], []],
    ["zone", { name: "example.com" }, { name: "example.org" }, ["name"], ["name"]],
    ["zone", { comment: "a" }, { comment: "b" }, ["comment"], []],
    ["zone", { delegationSetId: "a" }, { delegationSetId: "b" }, ["delegationSetId"], ["delegationSetId"]],
    ["record", { name: "www.example.com" }, { name: "WWW.example.com." }, [], []],
    ["record", { name: "www.example.com" }, { name: "web.example.com" }, ["name"], ["name"]],
    ["record", { zoneId: "a" }, { zoneId: "b" }, ["zoneId"], ["zoneId"]],
    ["record", { type: "A" }, { type: "CNAME" }, ["type"], []],
    ["record", { setIdentifier: "a" }, { setIdentifier: "b" }, ["setIdentifier"], []],
    ["record", { records: ["a", "b"] }, { records: ["b", "a"] }, [], []],
    ["record", { records: ["a"] }, { records: ["b"] }, ["records[0]"], []],
    ["record", { ttl: 300 }, { ttl: 60 }, ["ttl"], []],
    ["signingKey", { hostedZoneId: "a" }, { hostedZoneId: "b" }, ["hostedZoneId"], ["hostedZoneId"]],
    ["signingKey", { status: "ACTIVE" }, { status: "INACTIVE" }, ["status"], []],
    ["dnssec", { hostedZoneId: "a" }, { hostedZoneId: "b" }, ["hostedZoneId"], ["hostedZoneId"]],
    ["key", { keyUsage: "a" }, { keyUsage: "b" }, ["keyUsage"], ["keyUsage"]],
    ["key", { policy: "a" }, { policy: "b" }, ["policy"], []],
    ["rolePolicy", { role: "a" }, { role: "b" }, ["role"], ["role"]],
    ["rolePolicy", { policy: "a" }, { policy: "b" }, ["policy"], []],
  ])("%s: %j to %j", async (type, before, after, changed, replaces) => {
    const known = { id: "id", inputs: before, state: before };
    const diff = await (await amazon()).diff(types[type], known, after);
    expect(Object.keys(diff.detailed)).toEqual(changed);
    expect(diff.replaces).toEqual(replaces);
  });

  it("a record's zone makes the new one first: two of one name can be in two zones", async () => {
    const inputs = { zoneId: "a", name: "www.example.com" };
    const known = { id: "id", inputs, state: inputs };
    const diff = await (await amazon()).diff(types.record, known, { ...inputs, zoneId: "b" });
    expect(diff.deleteBeforeReplace).toBe(false);
  });
});
