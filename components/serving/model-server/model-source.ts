import type { Input } from "@pulumi/pulumi";
import type { ModelVolume } from "../../storage/model-volume";

/** Where the model comes from, and how the server's pods get at it. */
export type ModelSource = MountedModel | CopiedModel | BakedModel;

/** A model as MLflow logs it: `<prefix>/<runId>/<path>` in a bucket. */
export interface LoggedModel {
  /**
   * What stands before the run's id. MLflow itself puts the experiment's id there: `mlflow-tracking-server/1`.
   * @default "mlflow-tracking-server"
   */
  readonly prefix?: string | undefined;
  /** The run that the model is of; told as `PRED_MODEL_UUID`. Another one is another model: forward, and back. */
  readonly runId: string;
  /** The folder that the server loads, below the run's. @default "artifacts/model/data/model" */
  readonly path?: string | undefined;
}

/**
 * The bucket is mounted, by GKE's Cloud Storage FUSE driver: nothing is copied before the start, and what is read once
 * stays in a cache of the pod's. For GKE 1.29 and later, whose sidecars start before a pod's init containers.
 */
export interface MountedModel extends LoggedModel {
  readonly kind: "gcs-fuse";
  readonly bucket: Input<string>;
  /** How much of the node's disk the cache may use. @default "10Gi" */
  readonly cacheSize?: string | undefined;
  /** Whether all of it is read into the cache before the server starts. @default false */
  readonly prefetch?: boolean | undefined;
}

/** An init container copies the model into a volume. It goes on where it was stopped, and mends what is broken. */
export interface CopiedModel extends LoggedModel {
  readonly kind: "copy";
  readonly source: CopySource;
  /** @default a folder of each pod's own, of 10Gi */
  readonly into?: CopyTarget | undefined;
  /**
   * What `find . -type f -exec sha256sum {} + | LC_ALL=C sort | sha256sum` says in the model's folder; a model with
   * another sum is refused. @default whatever is in the bucket is taken
   */
  readonly sha256?: string | undefined;
  /** An image with `sh`, coreutils, and `gcloud` or `aws`. @default the cloud's own one */
  readonly copyImage?: Input<string> | undefined;
}

/** The model is in the server's image. */
export interface BakedModel {
  readonly kind: "image";
  /** The folder in the image that the server loads; told as `PRED_MODEL_PATH`. */
  readonly path: string;
  /** Told as `PRED_MODEL_UUID`, where it is known. */
  readonly runId?: string | undefined;
}

export type CopySource = GcsSource | S3Source | MinioSource;

export interface GcsSource {
  readonly kind: "gcs";
  readonly bucket: Input<string>;
  /** A service account's key, only where the cluster gives pods no identity. @default the pods' own identity */
  readonly key?: GoogleKey | undefined;
}

export interface S3Source {
  readonly kind: "s3";
  readonly bucket: Input<string>;
  readonly region: string;
  readonly credentials: BucketCredentials;
}

/** MinIO, or whatever else speaks S3. */
export interface MinioSource {
  readonly kind: "minio";
  readonly bucket: Input<string>;
  /** With its scheme: `http://minio.minio:9000`. */
  readonly endpoint: Input<string>;
  /** @default "us-east-1", MinIO's */
  readonly region?: string | undefined;
  readonly credentials: BucketCredentials;
}

export type GoogleKey =
  /** What is in the key's file. */
  | { readonly kind: "given"; readonly json: Input<string> }
  /** A Secret in the workspace, with the key `key.json`. */
  | { readonly kind: "existing"; readonly secretName: Input<string> };

export type BucketCredentials =
  /** A bucket that everyone can read. */
  | { readonly kind: "none" }
  | { readonly kind: "given"; readonly accessKeyId: Input<string>; readonly secretAccessKey: Input<string> }
  /** A Secret in the workspace, with the keys `accessKeyId` and `secretAccessKey`. */
  | { readonly kind: "existing"; readonly secretName: Input<string> };

export type CopyTarget =
  /** A folder on the node's disk, which goes with the pod. */
  | { readonly kind: "empty-dir"; readonly size?: string | undefined }
  /** A claim, where the models of all runs stay, and all pods find them: they are copied once. */
  | { readonly kind: "claim"; readonly volume: ModelVolume };

/** The seed's: where MLflow's tracking server puts artifacts, and where Keras' models are in a run. */
export const logged = { prefix: "mlflow-tracking-server", path: "artifacts/model/data/model" } as const;

/** The room for a model, or for its cache, where nothing is said. */
export const defaultModelSize = "10Gi";

/** The model's folder in its bucket. */
export function objectPrefix({ prefix = logged.prefix, runId, path = logged.path }: LoggedModel): string {
  return `${prefix}/${runId}/${path}`;
}

/** The model's folder as the server sees it, which is the same however it comes there. */
export function modelFolder(model: ModelSource, mountPath: string): string {
  if (model.kind === "image") return model.path;
  return `${mountPath.replace(/\/+$/, "")}/${model.runId}/${model.path ?? logged.path}`;
}
