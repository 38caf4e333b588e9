import type { ServiceSpec } from "./service-args";

/** `minio.default` in two parts, read as the Manager reads it. */
export interface Provider {
  kind: string;
  id: string;
}

/** The kind without regard to case, and the id `default` where there is none. */
export function providerOf(storageProvider: string): Provider {
  const text = storageProvider.trim();
  const point = text.indexOf(".");
  return point < 0
    ? { kind: text.toLowerCase(), id: "default" }
    : { kind: text.slice(0, point).toLowerCase(), id: text.slice(point + 1) };
}

/** One spelling of what the Manager takes for the same: `minio` is `minio.default`. */
export function canonicalProvider(storageProvider: string): string {
  const { kind, id } = providerOf(storageProvider);
  return `${kind}.${id}`;
}

/** A path as the Manager stores it: in a bucket of the service's name where MinIO or S3 have no other. */
export function storedPath(service: string, storageProvider: string, path: string): string {
  const trimmed = trimPath(path);
  return hasBuckets(storageProvider) && !trimmed.includes("/") ? `${service}/${trimmed}` : trimmed;
}

export const trimPath = (path: string): string => path.replace(/^[ /]+|[ /]+$/g, "");

/** Whether the first part of a path is a bucket. */
export const hasBuckets = (storageProvider: string): boolean =>
  ["minio", "s3"].includes(providerOf(storageProvider).kind);

/** The bucket of a stored path. */
export const bucketOf = (path: string): string => path.split("/", 1)[0] ?? "";

/** The buckets in the cluster's own MinIO that a service makes, and that go with it; each once, inputs first. */
export function ownBuckets(spec: Pick<ServiceSpec, "name" | "input" | "output">): string[] {
  return bucketsIn(spec, (provider) => provider === "minio.default");
}

/**
 * The buckets elsewhere, in Amazon S3 or another MinIO, that a service writes to. To delete a service, or to roll one
 * back, the Manager deletes the buckets of the cluster's own MinIO that bear their names (`deleteBuckets` in its
 * `pkg/handlers/delete.go`), so there must be none.
 */
export function foreignBuckets(spec: Pick<ServiceSpec, "name" | "input" | "output">): string[] {
  return bucketsIn(spec, (provider) => hasBuckets(provider) && provider !== "minio.default");
}

function bucketsIn(
  { name, input = [], output = [] }: Pick<ServiceSpec, "name" | "input" | "output">,
  isMeant: (provider: string) => boolean,
): string[] {
  const buckets = [...input, ...output]
    .filter(({ storageProvider }) => isMeant(canonicalProvider(storageProvider)))
    .map(({ storageProvider, path }) => bucketOf(storedPath(name, storageProvider, path)));
  return [...new Set(buckets)];
}
