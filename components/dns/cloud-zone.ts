import type { CustomResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import type { AcmeDnsSolver, RecordData } from "./dns";
import { normalName } from "./names";

/** A zone as its cloud has it: what `Zone` is in front of. One file for each cloud makes it. */
export interface CloudZone {
  /** What the cloud knows it by: Route 53's id of the hosted zone, the name of Cloud DNS's managed zone. */
  readonly id: Output<string>;
  /** Without dots at the end. */
  readonly nameServers: Output<readonly string[]>;
  readonly acmeSolver: AcmeDnsSolver;
  /** How its answers are signed, where they are. */
  readonly signing?: Signing;
  /** Makes a record that has been checked. */
  record(record: PlacedRecord, options: CustomResourceOptions): Resource;
  grantChanges(name: string, identity: Input<string>, options: CustomResourceOptions): Resource;
}

export interface Signing {
  readonly dsRecord: Output<string>;
  /** What signs: there before the parent vouches for the zone, and for as long. */
  readonly ready: readonly Resource[];
}

/** What a new zone is. */
export interface NewCloudZone {
  readonly domain: string;
  readonly dnssec: boolean;
  /** None rather than empty ones: clouds give none back, which would look like a change. */
  readonly labels?: Record<string, string>;
}

/** What is looked up, and who judges the name that it is found to have. */
export interface ExistingCloudZone {
  readonly id: Input<string>;
  /** @throws where it is the zone of another domain */
  readonly verify: (found: string | undefined) => void;
}

export interface PlacedRecord {
  /** The whole name, in its one spelling; logical names begin with it. */
  readonly name: string;
  /** What stands in the zone. */
  readonly actualName: Input<string>;
  readonly data: RecordData;
  readonly ttlSeconds: number;
}

/** The logical name: no place in a list, so that nothing else moves it, and the name as people know it. */
export function logicalName(name: string, type: string): string {
  return `${name}/${type}`;
}

/**
 * The logical names that a record of the type may have had before. A CNAME bears nothing beside it: known by the old name,
 * a record of another type is one replacement, the old one deleted first, and not a new one that the old one is in the way
 * of. (AAAA is not among them: it stands beside A, and only one of them could be the one that is replaced.)
 */
export function formerNames(name: string, type: string): { name: string }[] {
  const exclusive = ["A", "CNAME", "ALIAS"];
  return exclusive.includes(type)
    ? exclusive.filter((other) => other !== type).map((other) => ({ name: logicalName(name, other) }))
    : [];
}

/** What people read beside the zone in the console. */
export const zoneComment = "Made by Pulumi, inference-infra";

/** Name servers' names in their one spelling; a simulated cloud may know of none. */
export function serverNames(names: Output<readonly string[] | undefined>): Output<readonly string[]> {
  return names.apply((known) => (known ?? []).map((name) => normalName(name)));
}
