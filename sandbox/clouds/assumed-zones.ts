import { zoneOutputs as awsZone, bareZoneId, zoneType } from "./aws/zones";
import { bareName } from "./domain-names";
import { managedZoneType, zoneOutputs as googleZone } from "./gcp/dns";
import { lastPart } from "./gcp/places";
import type { ResourceStore, SimulatedResource } from "./resource-store";

/** A zone that a stack says is there already. */
export type AssumedZone =
  | {
      readonly kind: "route53";
      readonly domain: string;
      /** Route 53's: `Z0123456789ABCDEFGHIJ`. */
      readonly id: string;
    }
  | {
      readonly kind: "cloud-dns";
      readonly project: string;
      readonly domain: string;
      /** The managed zone's name, or its whole id. */
      readonly id: string;
    };

/** The simulated clouds' own, as a session has them. */
export interface CloudStores {
  readonly project: ResourceStore;
  readonly account: ResourceStore;
}

/** Puts zones into the simulated clouds where they are not there, so that a stack that adopts them can be tried. */
export async function assumeZones(
  { project, account }: CloudStores,
  zones: readonly AssumedZone[],
): Promise<void> {
  await put(
    account,
    zones.flatMap((zone) => (zone.kind === "route53" ? [route53Zone(zone)] : [])),
  );
  await put(
    project,
    zones.flatMap((zone) => (zone.kind === "cloud-dns" ? [cloudDnsZone(zone)] : [])),
  );
}

type Entry = readonly [id: string, zone: SimulatedResource];

async function put(store: ResourceStore, entries: readonly Entry[]): Promise<void> {
  const { resources: there } = await store.read();
  // A file is not written for nothing.
  if (entries.every(([id]) => there[id] !== undefined)) return;
  await store.change((resources) => {
    for (const [id, zone] of entries) resources[id] ??= zone;
  });
}

function route53Zone({ domain, id }: Extract<AssumedZone, { kind: "route53" }>): Entry {
  const [zoneId, name] = [bareZoneId(id), bareName(domain)];
  const state = { ...awsZone(zoneId), name, comment: "", tagsAll: {} };
  return [zoneId, { type: zoneType, name, state }];
}

function cloudDnsZone({ project, domain, id }: Extract<AssumedZone, { kind: "cloud-dns" }>): Entry {
  const name = lastPart(id);
  const key = `projects/${project}/managedZones/${name}`;
  const state = { ...googleZone(key, project), name, dnsName: `${bareName(domain)}.`, description: "" };
  return [key, { type: managedZoneType, name, state }];
}
