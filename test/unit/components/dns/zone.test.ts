import { describe, expect, it } from "vitest";
import { Zone, type ZoneArgs, type ZoneCloud } from "../../../../components/dns/zone";
import { valueOf } from "../../../support/mocks";
import { runOnClouds } from "./clouds";

const google: ZoneCloud = { kind: "cloud-dns", project: "my-project" };
const aws: ZoneCloud = { kind: "route53" };
const dev = (cloud: ZoneCloud, args: Partial<ZoneArgs> = {}) =>
  new Zone("mnist", { cloud, zone: { kind: "new", domain: "Dev.Example.com." }, ...args });
const company = (cloud: ZoneCloud, id = "Z1") =>
  new Zone("company", { cloud, zone: { kind: "existing", domain: "example.com", id } });

const component = (name: string) => ({
  type: "inference-infra:dns:Zone",
  name,
  inputs: {},
  parent: "Stack test-test",
  dependsOn: [],
  options: {},
});
const mine = { parent: "Zone mnist", dependsOn: [], options: {} };
const record = { parent: "Zone company", options: { deleteBeforeReplace: true } };

describe.each([false, true])("a new zone, preview %s", (preview) => {
  const known = <Value>(value: Value) => (preview ? "<unknown>" : value);

  it("of Route 53 is a public hosted zone", async () => {
    const { registered, result } = await runOnClouds(preview, () =>
      dev(aws, { labels: { team: "ml" }, protect: true }),
    );
    expect(registered).toEqual([
      component("mnist"),
      {
        ...mine,
        type: "aws:route53/zone:Zone",
        name: "mnist",
        inputs: {
          name: "dev.example.com",
          comment: "Made by Pulumi, inference-infra",
          forceDestroy: false,
          tags: { team: "ml" },
        },
        options: { protect: true },
      },
    ]);
    expect([result.kind, result.domain, result.ttlSeconds, result.dsRecord]).toEqual([
      "route53",
      "dev.example.com",
      300,
      undefined,
    ]);
    if (preview) return;
    expect(await valueOf(result.nameServers)).toEqual(["ns-1.awsdns-01.org", "ns-2.awsdns-02.com"]);
    expect(await valueOf(result.zoneId)).toBe("Z1NEW");
  });

  it("of Cloud DNS is a public managed zone that Pulumi names", async () => {
    const { registered, result } = await runOnClouds(preview, () =>
      dev(google, { labels: {}, ttlSeconds: 60 }),
    );
    expect(registered).toEqual([
      component("mnist"),
      {
        ...mine,
        type: "gcp:dns/managedZone:ManagedZone",
        name: "mnist",
        inputs: {
          project: "my-project",
          dnsName: "dev.example.com.",
          description: "Made by Pulumi, inference-infra",
          visibility: "public",
          forceDestroy: false,
        },
      },
    ]);
    expect([result.kind, result.ttlSeconds]).toEqual(["cloud-dns", 60]);
    if (preview) return;
    expect(await valueOf(result.nameServers)).toEqual(["ns-cloud-a1.googledomains.com"]);
    expect(await valueOf(result.zoneId)).toBe("mnist-1a2b3c4");
  });

  it("of Route 53 is signed with a key in us-east-1, and the other cloud's zone vouches for it", async () => {
    const { registered } = await runOnClouds(preview, () =>
      dev(aws, { dnssec: true, labels: { team: "ml" }, parent: company(google, "example-com") }),
    );
    const made = (type: string) => registered.find((resource) => resource.type === type);
    const policy = made("aws:kms/key:Key")?.inputs["policy"];
    expect(made("aws:kms/key:Key")?.inputs).toEqual({
      description: "Signs the DNS zone dev.example.com",
      region: "us-east-1",
      customerMasterKeySpec: "ECC_NIST_P256",
      keyUsage: "SIGN_VERIFY",
      policy,
      tags: { team: "ml" },
    });
    if (!preview) {
      const service = { Service: "dnssec-route53.amazonaws.com" };
      expect(JSON.parse(policy as string)).toEqual({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "SignTheZone",
            Effect: "Allow",
            Principal: service,
            Action: ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
            Resource: "*",
            Condition: {
              StringEquals: { "aws:SourceAccount": "123456789012" },
              ArnEquals: { "aws:SourceArn": "arn:aws:route53:::hostedzone/Z1NEW" },
            },
          },
          {
            Sid: "GrantItToItself",
            Effect: "Allow",
            Principal: service,
            Action: "kms:CreateGrant",
            Resource: "*",
            Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
          },
          {
            Sid: "LeaveItToTheAccount",
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::123456789012:root" },
            Action: "kms:*",
            Resource: "*",
          },
        ],
      });
    }
    expect(made("aws:route53/keySigningKey:KeySigningKey")).toEqual({
      ...mine,
      type: "aws:route53/keySigningKey:KeySigningKey",
      name: "mnist-dnssec",
      inputs: {
        hostedZoneId: known("Z1NEW"),
        keyManagementServiceArn: known("arn:aws:kms:us-east-1:123456789012:key/1a2b"),
        name: "dev_example_com",
      },
      dependsOn: ["Zone mnist", "Key mnist-dnssec"],
    });
    expect(made("aws:route53/hostedZoneDnsSec:HostedZoneDnsSec")).toEqual({
      ...mine,
      type: "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec",
      name: "mnist-dnssec",
      inputs: { hostedZoneId: known("Z1NEW") },
      dependsOn: ["KeySigningKey mnist-dnssec"],
    });
    const inParent = { project: "my-project", managedZone: "example-com", name: "dev.example.com." };
    expect(registered.filter(({ type }) => type === "gcp:dns/recordSet:RecordSet")).toEqual([
      {
        ...record,
        type: "gcp:dns/recordSet:RecordSet",
        name: "dev.example.com/NS",
        inputs: {
          ...inParent,
          type: "NS",
          ttl: 300,
          rrdatas: known(["ns-1.awsdns-01.org.", "ns-2.awsdns-02.com."]),
        },
        dependsOn: ["Zone mnist"],
      },
      {
        ...record,
        type: "gcp:dns/recordSet:RecordSet",
        name: "dev.example.com/DS",
        inputs: { ...inParent, type: "DS", ttl: 300, rrdatas: known(["12345 13 2 AB12"]) },
        // Signed before the parent says so, and until it no longer does.
        dependsOn: [
          "RecordSet dev.example.com/NS",
          "HostedZoneDnsSec mnist-dnssec",
          "KeySigningKey mnist-dnssec",
        ],
      },
    ]);
  });

  it("of Cloud DNS is signed by Google, and the other cloud's zone vouches for it", async () => {
    const { registered, one, calls } = await runOnClouds(preview, () =>
      dev(google, { dnssec: true, parent: company(aws) }),
    );
    expect(one("ManagedZone").inputs["dnssecConfig"]).toEqual({ state: "on", nonExistence: "nsec3" });
    if (!preview) {
      expect(calls.at(-1)).toEqual({
        token: "gcp:dns/getKeys:getKeys",
        inputs: { managedZone: "mnist-1a2b3c4", project: "my-project" },
      });
    }
    const inParent = { zoneId: "Z1", name: "dev.example.com" };
    expect(registered.filter(({ type }) => type === "aws:route53/record:Record")).toEqual([
      {
        ...record,
        type: "aws:route53/record:Record",
        name: "dev.example.com/NS",
        inputs: { ...inParent, type: "NS", ttl: 300, records: known(["ns-cloud-a1.googledomains.com"]) },
        dependsOn: ["ManagedZone mnist"],
      },
      {
        ...record,
        type: "aws:route53/record:Record",
        name: "dev.example.com/DS",
        inputs: { ...inParent, type: "DS", ttl: 300, records: known(["54321 8 2 CD34"]) },
        dependsOn: ["Record dev.example.com/NS", "ManagedZone mnist"],
      },
    ]);
  });

  it("lets cert-manager at it, and tells it which one it is", async () => {
    const { one, result } = await runOnClouds(preview, () => {
      const zones = [dev(aws), new Zone("other", { cloud: google, zone: { kind: "new", domain: "b.org" } })];
      zones.forEach((zone, index) => zone.grantChanges(`grant-${index}`, "who", { protect: true }));
      return zones.map(({ acmeSolver }) => acmeSolver);
    });
    expect(one("DnsManagedZoneIamMember")).toEqual({
      type: "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember",
      name: "grant-1",
      inputs: {
        project: "my-project",
        managedZone: known("other-1a2b3c4"),
        role: "roles/dns.admin",
        member: "who",
      },
      parent: "Zone other",
      dependsOn: ["ManagedZone other"],
      options: { protect: true },
    });
    const { policy, ...rest } = one("RolePolicy").inputs;
    expect(rest).toEqual({ role: "who" });
    if (preview) return;
    const zone = "arn:aws:route53:::hostedzone/Z1NEW";
    expect(JSON.parse(policy as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "route53:GetChange", Resource: "arn:aws:route53:::change/*" },
        { Effect: "Allow", Action: "route53:ListResourceRecordSets", Resource: zone },
        {
          Effect: "Allow",
          Action: "route53:ChangeResourceRecordSets",
          Resource: zone,
          Condition: {
            "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] },
            "ForAllValues:StringLike": {
              "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.*"],
            },
          },
        },
      ],
    });
    const [route53, cloudDns] = result;
    if (route53 === undefined || !("route53" in route53)) throw new Error("not Route 53");
    if (cloudDns === undefined || !("cloudDNS" in cloudDns)) throw new Error("not Cloud DNS");
    expect(route53.route53.hostedZoneID).toBeDefined();
    expect(cloudDns.cloudDNS.project).toBe("my-project");
  });
});

describe.each([false, true])("a zone that is there, preview %s", (preview) => {
  it.each([
    [aws, "Z1", "aws:route53/getZone:getZone", { zoneId: "Z1" }, "ns-9.awsdns-09.net"],
    [
      google,
      "example-com",
      "gcp:dns/getManagedZone:getManagedZone",
      { name: "example-com", project: "my-project" },
      "ns-cloud-b1.googledomains.com",
    ],
  ] as const)("of $kind is looked up", async (cloud, id, token, inputs, nameServer) => {
    const { registered, result, calls } = await runOnClouds(preview, () => company(cloud, id));
    expect(registered).toEqual([component("company")]);
    expect(calls).toEqual([{ token, inputs }]);
    expect(await valueOf(result.nameServers)).toEqual([nameServer]);
    expect(await valueOf(result.zoneId)).toBe(id);
  });

  it.each([
    [aws, "Z1", { "aws:route53/getZone:getZone": { name: "" } }],
    [google, "example-com", { "gcp:dns/getManagedZone:getManagedZone": {} }],
  ] as const)("of $kind may be one that nothing is known of", async (cloud, id, instead) => {
    const { result } = await runOnClouds(preview, () => company(cloud, id), instead);
    expect(await valueOf(result.nameServers)).toEqual([]);
    expect(await valueOf(result.zoneId)).toBe(id);
  });
});

it("has no keys yet in a preview that turns signing on", async () => {
  const program = () => dev(google, { dnssec: true, parent: company(aws) });
  const { registered, calls } = await runOnClouds(true, program, {
    "gcp:dns/managedZone:ManagedZone": { name: "mnist-1a2b3c4" },
    "gcp:dns/getKeys:getKeys": {},
  });
  expect(calls.map(({ token }) => token)).toContain("gcp:dns/getKeys:getKeys");
  expect(registered.find(({ name }) => name === "dev.example.com/DS")?.inputs["records"]).toBe("<unknown>");
});
