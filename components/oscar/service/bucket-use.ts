import { bucketOf, canonicalProvider, hasBuckets, isOwnMinio, providerOf, trimPath } from "./storage-paths";
import type { WireService, WireStorage } from "./wire";

/** What a service has to do with buckets. Each bucket stands once, those of inputs first. */
export interface BucketUse {
  /** In the cluster's own MinIO: those that OSCAR makes with the service. */
  readonly made: readonly string[];
  /** Of those, and of its users' own ones, the buckets that go with the service. One that it mounts stays. */
  readonly deleted: readonly string[];
  /**
   * Buckets elsewhere, in Amazon S3 or another MinIO. When the service goes, or fails to come, OSCAR deletes those of
   * the cluster's own MinIO that bear their names.
   */
  readonly foreign: readonly string[];
}

/** Reads what the Manager holds, or what `serviceDocument` made: paths that have their buckets in them. */
export function bucketUse({ input = [], output = [], mount, ...service }: WireService): BucketUse {
  const places = [...input, ...output].filter(({ storage_provider }) => hasBuckets(storage_provider));
  const isOwn = ({ storage_provider }: WireStorage): boolean => isOwnMinio(storage_provider);
  const isMounted = (place: WireStorage): boolean =>
    mount !== undefined &&
    canonicalProvider(mount.storage_provider) === canonicalProvider(place.storage_provider) &&
    bucketIn(mount.path) === bucketIn(place.path);
  const made = buckets(places.filter(isOwn));
  const users = service.isolation_level?.toUpperCase() === "USER" ? (service.bucket_list ?? []) : [];
  return {
    made,
    deleted: [
      ...new Set([...buckets(places.filter((place) => isOwn(place) && !isMounted(place))), ...users]),
    ],
    foreign: buckets(places.filter((place) => !isOwn(place) && !isMounted(place))).filter(
      (bucket) => !made.includes(bucket),
    ),
  };
}

/**
 * The buckets of its users (`isolation_level: USER`) that an update deletes: those the Manager would not make now
 * (its `pkg/handlers/update.go`).
 */
export function bucketsOfFormerUsers(stored: WireService, desired: WireService): string[] {
  if (stored.isolation_level !== "USER") return [];
  const kept = bucketsOfUsers(desired);
  return (stored.bucket_list ?? []).filter((bucket) => !kept.includes(bucket));
}

/**
 * The buckets that OSCAR makes for a service's users. At an update it takes over those that are there, and deletes them
 * with the service.
 */
export function bucketsOfUsers({ isolation_level, allowed_users = [], input = [] }: WireService): string[] {
  if (isolation_level?.toUpperCase() !== "USER") return [];
  return input
    .filter(({ storage_provider }) => providerOf(storage_provider).kind === "minio")
    .flatMap(({ path }) => allowed_users.map((user) => `${bucketIn(path)}-${user.slice(0, 10)}`));
}

const bucketIn = (path: string): string => bucketOf(trimPath(path));

function buckets(places: readonly WireStorage[]): string[] {
  return [...new Set(places.map(({ path }) => bucketIn(path)))].filter((bucket) => bucket !== "");
}
