import type { Provider } from "../../../provider";
import { cloudProvider } from "../cloud-provider";
import type { ResourceStore } from "../resource-store";
import { placeOf, type Behaviour } from "./behaviour";
import { hostedZoneDnsSec, keySigningKey } from "./dnssec";
import { awsDiffs } from "./force-new";
import { answer } from "./functions";
import { kmsKey, rolePolicy } from "./keys";
import { record } from "./records";
import { recordType, signingKeyType, zone, zoneType } from "./zones";

const behaviours: Readonly<Record<string, Behaviour>> = {
  [zoneType]: zone,
  [recordType]: record,
  [signingKeyType]: keySigningKey,
  "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": hostedZoneDnsSec,
  "aws:kms/key:Key": kmsKey,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
};

export interface AwsOptions {
  readonly store: ResourceStore;
  readonly version: string;
}

/** An AWS account that is not there. */
export function awsProvider({ store, version }: AwsOptions): Provider {
  return cloudProvider({
    name: "aws",
    version,
    store,
    behaviours,
    diffs: awsDiffs,
    place: placeOf,
    notFound: (id) => `reading ${id}: couldn't find resource`,
    answer,
  });
}
