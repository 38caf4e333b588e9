import { checkAbsolutePath, checkImage, checkSize, got, ifKnown, type Check } from "../../kubernetes/checks";
import type { BakedModel, CopiedModel, CopySource, LoggedModel, MountedModel } from "./model-source";

/** A model, as far as a check looks at it: of a volume, whether it is a bucket. */
export type CheckedModel =
  | MountedModel
  | BakedModel
  | (Omit<CopiedModel, "into"> & {
      readonly into?:
        | { readonly kind: "empty-dir"; readonly size?: string | undefined }
        | { readonly kind: "claim"; readonly volume: { readonly bucketName: unknown } }
        | undefined;
    });

/** What the cluster has for models. */
export interface ModelHost {
  readonly storage: { readonly buckets?: unknown };
  readonly workloadPrincipal?: unknown;
}

/** The faults of where the model comes from, all of them. */
export function validateModel(model: CheckedModel, host: ModelHost): string[] {
  switch (model.kind) {
    case "image":
      return [
        ...checkAbsolutePath("model.path", model.path),
        ...ifKnown(checkRunId, "model.runId", model.runId),
      ];
    case "gcs-fuse":
      return [
        ...(host.storage.buckets === undefined
          ? [
              'model.kind: got "gcs-fuse"; allowed: copy or image, because the cluster has no driver for buckets',
            ]
          : []),
        ...loggedFaults(model),
        ...ifKnown(checkBucket, "model.bucket", model.bucket),
        ...ifKnown(checkSize, "model.cacheSize", model.cacheSize),
      ];
    case "copy":
      return [
        ...loggedFaults(model),
        ...sourceFaults(model.source, host),
        ...(model.into?.kind === "empty-dir" ? ifKnown(checkSize, "model.into.size", model.into.size) : []),
        ...(model.into?.kind === "claim" && model.into.volume.bucketName !== undefined
          ? [
              "model.into.volume: got a bucket; allowed: a claim, or model.kind: gcs-fuse, which copies nothing",
            ]
          : []),
        ...ifKnown(checkSha256, "model.sha256", model.sha256),
        ...ifKnown(checkImage, "model.copyImage", model.copyImage),
      ];
  }
}

function loggedFaults({ prefix, runId, path }: LoggedModel): string[] {
  return [
    ...ifKnown(checkObjectPath, "model.prefix", prefix),
    ...checkRunId("model.runId", runId),
    ...ifKnown(checkObjectPath, "model.path", path),
  ];
}

function sourceFaults(source: CopySource, { workloadPrincipal }: ModelHost): string[] {
  const bucket = ifKnown(checkBucket, "model.source.bucket", source.bucket);
  if (source.kind === "minio")
    return [...bucket, ...ifKnown(checkEndpoint, "model.source.endpoint", source.endpoint)];
  if (source.kind === "s3") return bucket;
  const identity = workloadPrincipal !== undefined;
  if (identity && source.key !== undefined)
    return [
      ...bucket,
      "model.source.key: got a key; allowed: none, because the cluster gives pods an identity",
    ];
  if (!identity && source.key === undefined)
    return [
      ...bucket,
      "model.source.key: missing; needed: a service account's key, because the cluster gives pods no identity",
    ];
  return bucket;
}

export const checkRunId: Check = (where, value) =>
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: a run's id, such as 7251ac3655934299aad4cfebf5ffddbe`];

export const checkSha256: Check = (where, value) =>
  /^[0-9a-f]{64}$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: 64 digits from 0 to f, as sha256sum gives them`];

/** Mount options are separated by commas, and have colons. */
const checkObjectPath: Check = (where, value) =>
  /^(?!.*(^|\/)\.{0,2}(\/|$))[^,:\\*?[\]{}"'\s]+$/.test(value)
    ? []
    : [
        `${where}: ${got(value)}; allowed: a path with no slash at its ends, without blanks, commas, colons and wildcards, such as mlflow-tracking-server/1`,
      ];

const checkBucket: Check = (where, value) =>
  /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: a bucket's name, without gs:// or s3://, such as mnist-artifacts`];

const checkEndpoint: Check = (where, value) =>
  /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/?$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: a URL without a path, such as http://minio.minio:9000`];
