import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  accountFile,
  assumeZones,
  fileAccount,
  memoryAccount,
  memoryProject,
  startClouds,
  type AssumedZone,
} from "../../../sandbox/clouds";
import { ProviderClient } from "../../support/provider-client";
import { amazon, types as aws } from "./aws/support";
import { google, types as gcp } from "./gcp/support";

const route53: AssumedZone = { kind: "route53", domain: "example.com", id: "Z0123456789" };
const cloudDns: AssumedZone = { kind: "cloud-dns", project: "p", domain: "example.com", id: "example" };

describe("a zone that is said to be there", () => {
  it("is there, with its name servers, and takes records", async () => {
    const [project, account] = [memoryProject(), memoryAccount()];
    await assumeZones({ project, account }, [route53, cloudDns]);
    const [amazonClient, googleClient] = [await amazon({ store: account }), await google({ store: project })];

    const hosted = await amazonClient.read(aws.zone, { id: "Z0123456789" });
    expect(hosted?.state).toMatchObject({ name: "example.com", zoneId: "Z0123456789" });
    expect(hosted?.state["nameServers"]).toHaveLength(4);
    const record = { name: "www.example.com", type: "A", ttl: 60, records: ["192.0.2.1"] };
    await amazonClient.create(aws.record, { zoneId: "Z0123456789", ...record });

    const managed = await googleClient.read(gcp.zone, { id: "projects/p/managedZones/example" });
    expect(managed?.state).toMatchObject({ name: "example", dnsName: "example.com.", project: "p" });
    expect(managed?.state["nameServers"]).toHaveLength(4);
    await googleClient.create(gcp.record, {
      managedZone: "example",
      name: "www.example.com.",
      type: "A",
      rrdatas: ["192.0.2.1"],
    });
  });

  it("stays as it is where it really is", async () => {
    const [project, account] = [memoryProject(), memoryAccount()];
    await assumeZones({ project, account }, [route53, cloudDns]);
    const before = [await project.read(), await account.read()];
    const whole = { ...cloudDns, domain: "example.org", id: "projects/p/managedZones/example" };
    await assumeZones({ project, account }, [{ ...route53, domain: "example.org" }, whole]);
    expect([await project.read(), await account.read()]).toEqual(before);
  });
});

describe("the account's file", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "aws-account-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is not written for nothing", async () => {
    const path = accountFile(folder);
    await assumeZones({ project: memoryProject(), account: fileAccount(path) }, [cloudDns]);
    await expect(stat(path)).rejects.toThrow("ENOENT");
  });

  it("has the zone for the next process, and for nobody else to read", async () => {
    const path = accountFile(folder);
    expect(path).toBe(join(folder, "aws", "account.json"));
    const made = await (await amazon({ store: fileAccount(path) })).create(aws.zone, { name: "example.com" });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
      resources: { [made.id]: { type: aws.zone, name: "example.com" } },
    });
    expect(await (await amazon({ store: fileAccount(path) })).read(aws.zone, made)).toEqual(made);
  });
});

it("the engine is pointed at the simulated AWS, with the account that it is given", async () => {
  const account = memoryAccount();
  const clouds = await startClouds({ kubernetes: { kind: "genuine" }, aws: { store: account } });
  const port = /aws:(\d+)/.exec(clouds.env["PULUMI_DEBUG_PROVIDERS"] ?? "")?.[1];
  const client = new ProviderClient(Number(port));
  try {
    await client.handshake();
    await client.configure({ region: "us-east-1" });
    const { id } = await client.create(aws.zone, { name: "example.com" });
    expect(Object.keys((await account.read()).resources)).toEqual([id]);
  } finally {
    client.close();
    await clouds.close();
  }
});
