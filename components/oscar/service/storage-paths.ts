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

/** Whether it is the cluster's own MinIO, which OSCAR makes buckets in. */
export const isOwnMinio = (storageProvider: string): boolean =>
  canonicalProvider(storageProvider) === "minio.default";

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
export function ownBuckets({
  name,
  input = [],
  output = [],
}: Pick<ServiceSpec, "name" | "input" | "output">): string[] {
  const buckets = [...input, ...output]
    .filter(({ storageProvider }) => isOwnMinio(storageProvider))
    .map(({ storageProvider, path }) => bucketOf(storedPath(name, storageProvider, path)));
  return [...new Set(buckets)];
}
