import { quoted } from "../../messages";
import { holds, isEmpty, lookAt, type Look } from "./bucket-look";
import { bucketsOfFormerUsers, bucketsOfUsers, bucketUse } from "./bucket-use";
import type { ManagerClient } from "./client/manager-client";
import type { WireService } from "./wire";

/** A change of a service; `service` as `serviceDocument` makes it. What a deletion takes is read from the cluster. */
export type Change =
  | { kind: "create"; service: WireService }
  | { kind: "update"; service: WireService }
  | { kind: "delete"; name: string }
  /** The service of that name goes, then the other one comes. */
  | { kind: "replace"; name: string; service: WireService };

export interface BucketRules {
  /**
   * Whether buckets with objects in them may go with their service. It does not cover buckets that are not its own.
   * @default false
   */
  readonly allowBucketDeletion?: boolean;
  /**
   * The buckets that the service had when it was deployed or refreshed last; what came to it since, by others, is not
   * allowed to go.
   * @default all that it has
   */
  readonly known?: readonly string[];
}

export interface Foreseen {
  /** Why the change must not be sent. */
  readonly faults: readonly string[];
  /** What becomes of buckets and volumes, for a preview: `deletes bucket "in", which holds 3 objects`. */
  readonly lines: readonly string[];
}

/** What a change would do to buckets and volumes. It reads, and changes nothing. */
export async function foresee(
  client: ManagerClient,
  change: Change,
  rules: BucketRules = {},
): Promise<Foreseen> {
  switch (change.kind) {
    case "create":
      return coming(client, change.service);
    case "update":
      return updating(client, change.service, rules);
    case "delete":
      return going(client, await client.services.get(change.name), rules);
    case "replace": {
      const stored = await client.services.get(change.name);
      const before = await going(client, stored, rules);
      const after = await coming(client, change.service, stored);
      const volume = rules.allowBucketDeletion === true ? undefined : volumeThatGoes(stored);
      return {
        faults: [
          ...before.faults,
          ...(volume === undefined ? [] : [emptied(change.name, volume)]),
          ...after.faults,
        ],
        lines: [...before.lines, ...after.lines],
      };
    }
  }
}

/** Also what OSCAR rolls back when a creation fails: it deletes all buckets named, whoever made them. */
async function coming(
  client: ManagerClient,
  service: WireService,
  replaced?: WireService,
): Promise<Foreseen> {
  const { made, foreign } = bucketUse(service);
  const freed = replaced === undefined ? [] : bucketUse(replaced).deleted;
  const faults: string[] = [];
  for (const bucket of [...made, ...bucketsOfUsers(service)].filter((each) => !freed.includes(each))) {
    const look = await lookAt(client, bucket);
    if (look.kind !== "missing") faults.push(exists(service.name, bucket, look));
  }
  faults.push(
    ...(await collisions(
      client,
      service.name,
      foreign.filter((each) => !freed.includes(each)),
    )),
  );
  const volume = await volumeInTheWay(client, service);
  if (volume !== undefined && volume !== volumeThatGoes(replaced)) {
    faults.push(
      `service ${quoted(service.name)}: volume: there is a volume ${quoted(volume)} already, which OSCAR would delete when it fails on it; allowed: a name that is not taken, or volume.name without volume.size, which uses the volume that is there`,
    );
  }
  return { faults, lines: made.map((bucket) => `makes bucket ${quoted(bucket)}`) };
}

async function updating(client: ManagerClient, service: WireService, rules: BucketRules): Promise<Foreseen> {
  const stored = await client.services.get(service.name);
  // The Manager refuses to update what it does not have.
  if (stored === undefined) return { faults: [], lines: [] };
  const [before, after] = [bucketUse(stored), bucketUse(service)];
  const added = after.made.filter((bucket) => !before.made.includes(bucket));
  const ofNewUsers = bucketsOfUsers(service).filter(
    (bucket) => !(stored.bucket_list ?? []).includes(bucket) && !before.made.includes(bucket),
  );
  const faults: string[] = [];
  for (const bucket of [...added, ...ofNewUsers]) {
    const look = await lookAt(client, bucket);
    if (look.kind !== "missing") faults.push(exists(service.name, bucket, look));
  }
  const foreign = after.foreign.filter((bucket) => !before.foreign.includes(bucket));
  faults.push(...(await collisions(client, service.name, foreign)));
  const gone = await removal(client, service.name, bucketsOfFormerUsers(stored, service), rules);
  const dropped = before.made.filter((bucket) => !after.made.includes(bucket));
  return {
    faults: [...faults, ...gone.faults],
    lines: [
      ...added.map((bucket) => `makes bucket ${quoted(bucket)}`),
      ...dropped.map((bucket) => `leaves bucket ${quoted(bucket)} behind, with what is in it`),
      ...gone.lines,
    ],
  };
}

async function going(
  client: ManagerClient,
  stored: WireService | undefined,
  rules: BucketRules,
): Promise<Foreseen> {
  if (stored === undefined) return { faults: [], lines: [] };
  const { made, deleted, foreign } = bucketUse(stored);
  const { faults, lines } = await removal(client, stored.name, deleted, rules);
  const kept = made.filter((bucket) => !deleted.includes(bucket));
  const volume = volumeThatGoes(stored);
  return {
    faults: [
      ...faults,
      ...(await collisions(client, stored.name, foreign)),
      ...(volume === undefined ? [] : await mountedElsewhere(client, stored.name, volume)),
    ],
    lines: [
      ...lines,
      ...kept.map((bucket) => `keeps bucket ${quoted(bucket)}, since it is mounted, too`),
      ...(volume === undefined ? [] : [`deletes volume ${quoted(volume)}`]),
    ],
  };
}

/** Buckets that go: with objects in them only when that is allowed. */
async function removal(
  client: ManagerClient,
  service: string,
  buckets: readonly string[],
  { allowBucketDeletion = false, known }: BucketRules,
): Promise<Foreseen> {
  const faults: string[] = [];
  const lines: string[] = [];
  for (const bucket of buckets) {
    const isKnown = known?.includes(bucket) ?? true;
    const mayGo = allowBucketDeletion && isKnown;
    // What may go anyway need not be known, and MinIO may be away.
    const look = await lookAt(client, bucket).catch((error: unknown) => {
      if (mayGo) return undefined;
      throw error;
    });
    if (look?.kind === "missing") continue;
    lines.push(
      look === undefined
        ? `deletes bucket ${quoted(bucket)}; what it holds cannot be told`
        : `deletes bucket ${quoted(bucket)}, which ${holds(look)}`,
    );
    if (look === undefined || mayGo || isEmpty(look)) continue;
    if (allowBucketDeletion) {
      faults.push(
        `service ${quoted(service)}: bucket ${quoted(bucket)}, which ${holds(look)}, came to it outside of Pulumi, and OSCAR would delete it; allowed: a service without it, or pulumi refresh, after which allowBucketDeletion covers it, too`,
      );
      continue;
    }
    faults.push(
      `service ${quoted(service)}: its bucket ${quoted(bucket)} ${holds(look)}, and OSCAR would delete it; allowed: an empty bucket, or allowBucketDeletion: true, which has to be deployed first`,
    );
  }
  return { faults, lines };
}

/** Buckets of the cluster's MinIO that bear the name of one elsewhere: no word of the user's allows to lose them. */
async function collisions(
  client: ManagerClient,
  service: string,
  foreign: readonly string[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const bucket of foreign) {
    const look = await lookAt(client, bucket);
    if (look.kind === "missing") continue;
    faults.push(
      `service ${quoted(service)}: it uses a bucket ${quoted(bucket)} outside the cluster, and the cluster's own MinIO has one of the same name, which ${holds(look)}, and which OSCAR would delete in its stead; allowed: a name that the cluster's MinIO does not have (of a service that is there: after an update that takes the bucket out of it)`,
    );
  }
  return faults;
}

function exists(service: string, bucket: string, look: Look): string {
  return `service ${quoted(service)}: there is a bucket ${quoted(bucket)} already, which ${holds(look)}; allowed: a bucket that is not there, since OSCAR makes it, and deletes it with the service (one left over from an earlier try has to be deleted first; one of others can be mounted)`;
}

/** OSCAR deletes a volume whoever else mounts it. */
async function mountedElsewhere(client: ManagerClient, service: string, volume: string): Promise<string[]> {
  const { attachments = [] } = (await client.volumes.get(volume)) ?? {};
  const others = attachments.filter((each) => each.service_name !== service);
  if (others.length === 0) return [];
  const names = others.map((each) => quoted(each.service_name)).join(", ");
  return [
    `service ${quoted(service)}: its volume ${quoted(volume)} would go with it, and is mounted by ${names}; allowed: a volume that no other service mounts`,
  ];
}

/** Nobody can tell what is on a volume. */
const emptied = (service: string, volume: string): string =>
  `service ${quoted(service)}: its replacement would delete volume ${quoted(volume)} with all that is on it; allowed: allowBucketDeletion: true, which has to be deployed first and covers the volume of a service that is replaced`;

/** The name of the volume that the service makes, when it is taken. */
async function volumeInTheWay(client: ManagerClient, service: WireService): Promise<string | undefined> {
  const name = volumeMade(service);
  if (name === undefined) return undefined;
  return (await client.volumes.get(name)) === undefined ? undefined : name;
}

/** The name of the volume that OSCAR makes with the service. */
export function volumeMade({ name, volume }: WireService): string | undefined {
  if ((volume?.size ?? "") === "") return undefined;
  return volume?.name === undefined || volume.name === "" ? name : volume.name;
}

const volumeThatGoes = (stored: WireService | undefined): string | undefined =>
  stored === undefined || stored.volume?.lifecycle_policy === "retain" ? undefined : volumeMade(stored);
