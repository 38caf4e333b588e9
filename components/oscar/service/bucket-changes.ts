import { bucketUse } from "./bucket-use";
import { bucketOf, isOwnMinio, trimPath } from "./storage-paths";
import type { WireService } from "./wire";

/** What becomes of the buckets of the cluster's own MinIO when a service is updated. */
export interface BucketChanges {
  /** Made by the update. One that is there would be taken over, and deleted with the service later on. */
  readonly made: readonly string[];
  /** No longer the service's. They stay, with what is in them, and files put there still call the service. */
  readonly dropped: readonly string[];
  /** Folders to watch in buckets that are there: OSCAR watches none of them. */
  readonly unwatched: readonly string[];
  /** Folders that are no longer watched by the service's word, in buckets that it keeps: they are all the same. */
  readonly stillWatched: readonly string[];
}

/** Both services are comparable ones, with paths as they are stored. */
export function bucketChanges(before: WireService, after: WireService): BucketChanges {
  const [had, has] = [bucketUse(before).made, bucketUse(after).made];
  const [watched, watches] = [watchedPaths(before), watchedPaths(after)];
  // One that is mounted stays in use.
  const uses = [...has, mountedBucket(after)];
  return {
    made: has.filter((bucket) => !had.includes(bucket)),
    dropped: had.filter((bucket) => !uses.includes(bucket)),
    unwatched: watches.filter((path) => !watched.includes(path) && had.includes(bucketOf(path))),
    stillWatched: watched.filter((path) => !watches.includes(path) && has.includes(bucketOf(path))),
  };
}

/** The bucket of the cluster's own MinIO that a service mounts; a path without a slash is one, unlike elsewhere. */
export function mountedBucket({ mount }: WireService): string | undefined {
  if (mount === undefined || !isOwnMinio(mount.storage_provider)) return undefined;
  return bucketOf(trimPath(mount.path));
}

/** The folders in the cluster's own MinIO whose files call a service. */
export const watchedPaths = ({ input = [] }: WireService): string[] =>
  input.filter(({ storage_provider }) => isOwnMinio(storage_provider)).map(({ path }) => path);
