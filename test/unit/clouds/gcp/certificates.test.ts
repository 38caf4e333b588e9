import { describe, expect, it } from "vitest";
import { google, types } from "./support";

type Client = Awaited<ReturnType<typeof google>>;

/** An authorisation, a certificate by it, a map and an entry with it. */
async function chain(client: Client) {
  const authorization = await client.create(types.authorization, { name: "auth", domain: "example.com" });
  const certificate = await client.create(types.certificate, {
    name: "cert",
    managed: { domains: ["example.com", "*.example.com"], dnsAuthorizations: [authorization.id] },
  });
  const map = await client.create(types.certificateMap, { name: "map" });
  const entry = await client.create(types.mapEntry, {
    name: "entry",
    map: "map",
    hostname: "example.com",
    certificates: [certificate.id],
  });
  return { authorization, certificate, map, entry };
}

const invalid = (kind: string, message: string, field: string, description: string) =>
  `Error creating ${kind}: googleapi: Error 400: ${message}\nDetails:\n` +
  JSON.stringify(
    [{ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ description, field }] }],
    undefined,
    2,
  );

describe("Certificate Manager", () => {
  it("gives a certificate for a domain and all below it, and a map for the load balancer", async () => {
    const { authorization, certificate, map, entry } = await chain(await google());
    const global = "projects/p/locations/global";
    expect(authorization.id).toBe(`${global}/dnsAuthorizations/auth`);
    expect(certificate).toMatchObject({
      id: `${global}/certificates/cert`,
      state: { managed: { state: "PROVISIONING" }, sanDnsnames: ["example.com", "*.example.com"] },
    });
    expect(map.id).toBe(`${global}/certificateMaps/map`);
    expect(entry).toMatchObject({
      id: `${global}/certificateMaps/map/certificateMapEntries/entry`,
      state: { state: "ACTIVE" },
    });
  });

  it.each([
    ["global", undefined, "FIXED_RECORD", /^_acme-challenge\.example\.com\.$/],
    ["global", "PER_PROJECT_RECORD", "PER_PROJECT_RECORD", /^_acme-challenge_[0-9a-f]{16}\.example\.com\.$/],
    ["europe-west4", undefined, "PER_PROJECT_RECORD", /^_acme-challenge_[0-9a-f]{16}\.example\.com\.$/],
  ])("asks for a record, in %s, of type %s", async (location, type, becomes, name) => {
    const client = await google();
    const { id, state } = await client.create(types.authorization, {
      name: "auth",
      domain: "example.com",
      location,
      ...(type !== undefined && { type }),
    });
    expect(id).toBe(`projects/p/locations/${location}/dnsAuthorizations/auth`);
    expect(state).toMatchObject({
      type: becomes,
      dnsResourceRecords: [
        {
          name: expect.stringMatching(name),
          type: "CNAME",
          data: expect.stringMatching(
            /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.\d+\.authorize\.certificatemanager\.goog\.$/,
          ),
        },
      ],
    });
  });

  it("deletes nothing that is in use, and then in order", async () => {
    const client = await google();
    const { authorization, certificate, map, entry } = await chain(client);
    await expect(client.delete(types.authorization, authorization)).rejects.toThrow(
      "Error when reading or editing DnsAuthorization: googleapi: Error 400: can't delete DNS authorization that is " +
        `referenced by ${certificate.id}, failedPrecondition`,
    );
    await expect(client.delete(types.certificate, certificate)).rejects.toThrow(
      "Error when reading or editing Certificate: googleapi: Error 400: can't delete certificate that is referenced by " +
        `${entry.id}, failedPrecondition`,
    );
    await expect(client.delete(types.certificateMap, map)).rejects.toThrow(
      `Error when reading or editing CertificateMap: googleapi: Error 400: Resource '"${map.id}"' has nested resources.`,
    );
    await client.delete(types.mapEntry, entry);
    await client.delete(types.certificateMap, map);
    await client.delete(types.certificate, certificate);
    await client.delete(types.authorization, authorization);
  });

  it.each<[what: string, attempt: (client: Client) => Promise<unknown>, message: string]>([
    [
      "an authorisation by its name alone",
      async (client) => {
        await chain(client);
        return client.create(types.certificate, {
          name: "c",
          managed: { domains: [], dnsAuthorizations: ["auth"] },
        });
      },
      invalid("Certificate", "Validation failed", "managed.dns_authorizations[0]", "invalid name"),
    ],
    [
      "an authorisation that is not there",
      (client) =>
        client.create(types.certificate, {
          name: "c",
          managed: { domains: [], dnsAuthorizations: ["projects/p/locations/global/dnsAuthorizations/a"] },
        }),
      invalid(
        "Certificate",
        "Validation failed",
        "managed.dns_authorizations[0]",
        '"projects/p/locations/global/dnsAuthorizations/a" was not found',
      ),
    ],
    [
      "a domain that is not authorised",
      async (client) => {
        const { authorization } = await chain(client);
        return client.create(types.certificate, {
          name: "c",
          managed: { domains: ["example.com", "www.example.com"], dnsAuthorizations: [authorization.id] },
        });
      },
      invalid(
        "Certificate",
        "Validation failed",
        "managed.domains[1]",
        'domain "www.example.com" is not covered by any DNS authorization',
      ),
    ],
    [
      "a wildcard that no record proves",
      (client) => client.create(types.certificate, { name: "c", managed: { domains: ["*.example.com"] } }),
      invalid(
        "Certificate",
        "Validation failed",
        "managed.domains[0]",
        'domain "*.example.com" is not covered by any DNS authorization',
      ),
    ],
    [
      "an authorisation of a wildcard",
      (client) => client.create(types.authorization, { name: "a", domain: "*.example.com" }),
      invalid("DnsAuthorization", "Validation failed", "domain", 'invalid domain name "*.example.com"'),
    ],
    [
      "a second authorisation of a name",
      async (client) => {
        const { authorization } = await chain(client);
        return client.create(types.authorization, authorization.inputs);
      },
      "Error creating DnsAuthorization: googleapi: Error 409: Resource 'projects/p/locations/global/dnsAuthorizations/auth' already exists, alreadyExists",
    ],
    [
      "a map that is not there",
      (client) => client.create(types.mapEntry, { name: "e", map: "m", hostname: "a", certificates: [] }),
      "Error creating CertificateMapEntry: googleapi: Error 404: Resource 'projects/p/locations/global/certificateMaps/m' was not found, notFound",
    ],
    [
      "a certificate that is not there",
      async (client) => {
        const { map } = await chain(client);
        const certificates = ["projects/other/locations/global/certificates/cert"];
        return client.create(types.mapEntry, { name: "e", map: map.id, hostname: "a", certificates });
      },
      invalid(
        "CertificateMapEntry",
        'invalid certificate name "projects/other/locations/global/certificates/cert"',
        "certificates",
        'invalid certificate name "projects/other/locations/global/certificates/cert"',
      ),
    ],
    [
      "a second entry of a host",
      async (client) => {
        const { entry } = await chain(client);
        return client.create(types.mapEntry, { ...entry.inputs, name: "e" });
      },
      'Error creating CertificateMapEntry: googleapi: Error 409: CertificateMapEntry with hostname "example.com" already exists: ' +
        "'projects/p/locations/global/certificateMaps/map/certificateMapEntries/entry', alreadyExists",
    ],
  ])("refuses %s", async (_, attempt, message) => {
    await expect(attempt(await google())).rejects.toThrow(message);
  });

  it("wants a host or a matcher of an entry", async () => {
    const client = await google();
    expect((await client.check(types.mapEntry, { name: "e", map: "m" })).failures).toEqual([
      "hostname: exactly one of `hostname,matcher` must be specified",
    ]);
  });
});

it("a TLS policy is one of the project's", async () => {
  const client = await google();
  const policy = await client.create(types.sslPolicy, { name: "modern", minTlsVersion: "TLS_1_2" });
  expect(policy).toMatchObject({
    id: "projects/p/global/sslPolicies/modern",
    state: { minTlsVersion: "TLS_1_2", profile: "COMPATIBLE" },
  });
});
