import { afterEach } from "vitest";
import { serve, type Properties } from "../../../../provider";
import { memoryAccount, type ResourceStore } from "../../../../sandbox/clouds";
import { awsProvider } from "../../../../sandbox/clouds/aws/provider";
import { ProviderClient } from "../../../support/provider-client";

export const types = {
  zone: "aws:route53/zone:Zone",
  record: "aws:route53/record:Record",
  signingKey: "aws:route53/keySigningKey:KeySigningKey",
  dnssec: "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec",
  key: "aws:kms/key:Key",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
} as const;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A client of the simulated AWS, whose provider is configured with a region. */
export async function amazon({
  store = memoryAccount(),
  config = { region: "us-east-1" },
}: { store?: ResourceStore; config?: Properties } = {}) {
  const server = await serve(() => awsProvider({ store, version: "7.48.0" }));
  closing.push(() => server.close());
  const client = new ProviderClient(server.port);
  closing.push(() => client.close());
  await client.handshake();
  await client.configure(config);
  return client;
}

export type Client = Awaited<ReturnType<typeof amazon>>;

/** A zone `example.com`, and what makes a record in it. */
export async function withZone(client: Client, inputs: Properties = {}) {
  const zone = await client.create(types.zone, { name: "example.com", ...inputs });
  const record = (name: string, type: string, more: Properties = {}) =>
    client.create(types.record, { zoneId: zone.id, name, type, ttl: 300, ...recordsOf(type), ...more });
  return { client, zone, record };
}

const recordsOf = (type: string) => ({ records: [type === "A" ? "192.0.2.1" : "target.example.org"] });

/** A key that Route 53 can sign with. */
export const signing = {
  customerMasterKeySpec: "ECC_NIST_P256",
  keyUsage: "SIGN_VERIFY",
  policy: '{"Statement":[{"Principal":{"Service":"dnssec-route53.amazonaws.com"}}]}',
};

/** An error of Route 53's as the provider shows it. */
export const route53 = (operation: string, status: number, words: string) =>
  `operation error Route 53: ${operation}, https response error StatusCode: ${status}, ` +
  `RequestID: 00000000-0000-0000-0000-000000000000, ${words}`;
