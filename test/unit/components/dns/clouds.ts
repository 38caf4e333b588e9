import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { vi } from "vitest";
import { run, type Run } from "../../../support/mocks";

/** What the providers add and answer, as far as zones read it. */
const computed: Record<string, Record<string, unknown>> = {
  "aws:route53/zone:Zone": { zoneId: "Z1NEW", nameServers: ["ns-1.awsdns-01.org", "ns-2.awsdns-02.com"] },
  "aws:kms/key:Key": { arn: "arn:aws:kms:us-east-1:123456789012:key/1a2b" },
  "aws:route53/keySigningKey:KeySigningKey": { dsRecord: "12345 13 2 AB12" },
  "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": {
    dnsResourceRecords: [
      { name: "_acme-challenge_1a2b.example.com.", type: "CNAME", data: "1a2b.authorize.example." },
    ],
  },
  "gcp:dns/managedZone:ManagedZone": { nameServers: ["ns-cloud-a1.googledomains.com."] },
};

const answers: Record<string, unknown> = {
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
  "aws:route53/getZone:getZone": { name: "example.com", nameServers: ["ns-9.awsdns-09.net"] },
  "gcp:dns/getManagedZone:getManagedZone": {
    dnsName: "example.com.",
    nameServers: ["ns-cloud-b1.googledomains.com."],
  },
  "gcp:dns/getKeys:getKeys": {
    keySigningKeys: [
      { isActive: false, dsRecord: "1 8 2 00" },
      { isActive: true, dsRecord: "54321 8 2 CD34" },
    ],
  },
};

export interface CloudRun<Result> extends Run<Result> {
  /** What the providers were asked. */
  readonly calls: readonly { readonly token: string; readonly inputs: unknown }[];
  /** The names that a resource may have had before. */
  aliases(name: string): string[];
}

/** Runs a program on both clouds; `instead` answers for a provider's function, or for a resource that is there. */
export async function runOnClouds<Result>(
  preview: boolean,
  program: () => Result,
  instead: Record<string, unknown> = {},
): Promise<CloudRun<Result>> {
  const calls: { token: string; inputs: unknown }[] = [];
  let requests: readonly (readonly [RegisterResourceRequest, ...unknown[]])[] = [];
  const ran = await run(preview, () => {
    const monitor = pulumi.runtime.getMonitor();
    if (monitor === undefined) throw new Error("there is no mock monitor");
    const mocks = Reflect.get(monitor, "mocks") as pulumi.runtime.Mocks;
    const { newResource, call } = mocks;
    mocks.call = (asked) => {
      const { token, inputs } = asked;
      calls.push({ token, inputs });
      const answer = { ...answers, ...instead }[token] as Record<string, unknown> | undefined;
      return answer ?? call(asked);
    };
    mocks.newResource = async (args) => {
      const made = await newResource(args);
      const added = {
        ...(preview ? {} : computed[args.type]),
        ...(instead[args.type] as object | undefined),
      };
      const id = args.type in instead ? `${args.name}-id` : made.id;
      return { id, state: { ...made.state, ...added } };
    };
    requests = vi.mocked(monitor.registerResource).mock.calls;
    return program();
  });
  const aliases = (name: string) =>
    requests
      .filter(([request]) => request.getName() === name)
      .flatMap(([request]) =>
        request.getAliasesList().map((alias) => alias.getSpec()?.getName() ?? alias.getUrn()),
      );
  return { ...ran, calls, aliases };
}
