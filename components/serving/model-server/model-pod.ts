import type { types } from "@pulumi/kubernetes";
import { interpolate, type Input, type Output } from "@pulumi/pulumi";
import { bytes, environment, homeEnvironment, temporary, type SecretKey } from "../../kubernetes/container";
import { containerSecurityContext } from "../../kubernetes/security";
import { images } from "../../versions";
import { checkScript, copyScript } from "./copy-script";
import {
  defaultModelSize,
  modelFolder,
  objectPrefix,
  type CopiedModel,
  type CopySource,
  type ModelSource,
  type MountedModel,
} from "./model-source";

type Container = types.input.core.v1.Container;
type VolumeMount = types.input.core.v1.VolumeMount;

/** What a model adds to the server's pods. */
export interface ModelPart {
  readonly annotations: Readonly<Record<string, string>>;
  readonly volumes: readonly types.input.core.v1.Volume[];
  readonly mounts: readonly VolumeMount[];
  readonly initContainers: readonly Container[];
}

export interface ModelPartArgs {
  readonly mountPath: string;
  /** The server's, which looks for a model that is mounted. */
  readonly image: Input<string>;
  /** The Secret with the key to the bucket. */
  readonly keySecret: Input<string> | undefined;
  /** The claim that it is copied into. */
  readonly claimName: Input<string> | undefined;
}

export function modelPart(model: ModelSource, args: ModelPartArgs): ModelPart {
  switch (model.kind) {
    case "image":
      return { annotations: {}, volumes: [], mounts: [], initContainers: [] };
    case "gcs-fuse":
      return mountedPart(model, args);
    case "copy":
      return copiedPart(model, args);
  }
}

/** What of the node's disk a model takes that each pod has for itself, in Mi. */
export function roomInPod(model: ModelSource): number {
  if (model.kind !== "copy" || model.into?.kind === "claim") return 0;
  return mebibytes(model.into?.size ?? defaultModelSize);
}

/** Sizes in all units come to whole ones of one. */
export const mebibytes = (size: string): number => Math.ceil(bytes(size) / 1024 ** 2);

/** https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-ephemeral */
function mountedPart(model: MountedModel, { mountPath, image }: ModelPartArgs): ModelPart {
  const { bucket, cacheSize = defaultModelSize, prefetch = false } = model;
  const prefix = objectPrefix(model);
  const mount = { name: "model", mountPath: modelFolder(model, mountPath), readOnly: true };
  return {
    annotations: {
      // Puts the driver's sidecar into the pod, with room for the cache and 1Gi for itself.
      "gke-gcsfuse/volumes": "true",
      "gke-gcsfuse/ephemeral-storage-limit": `${mebibytes(cacheSize) + 1024}Mi`,
    },
    volumes: [
      {
        name: "model",
        csi: {
          driver: "gcsfuse.csi.storage.gke.io",
          readOnly: true,
          volumeAttributes: {
            bucketName: bucket,
            // The mount belongs to root otherwise, which the server is not.
            mountOptions: `implicit-dirs,file-mode=444,dir-mode=555,only-dir:${prefix},file-cache:enable-parallel-downloads:true`,
            fileCacheCapacity: cacheSize,
            // Models are read from the middle, too.
            fileCacheForRangeRead: "true",
            gcsfuseMetadataPrefetchOnMount: "true",
            // The right to the bucket takes a minute to come through; the sidecar tries again until then.
            skipCSIBucketAccessCheck: "true",
          },
        },
      },
    ],
    mounts: [mount],
    initContainers: [
      {
        name: "check-model",
        image,
        command: [
          "/bin/sh",
          "-c",
          checkScript,
          mount.mountPath,
          interpolate`gs://${bucket}/${prefix}`,
          ...(prefetch ? ["prefetch"] : []),
        ],
        ...explained,
        securityContext: containerSecurityContext(),
        resources: {
          requests: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "16Mi" },
          // What is read counts as memory, as far as it could be dropped; that is no reason to end it.
          limits: { memory: "512Mi", "ephemeral-storage": "64Mi" },
        },
        volumeMounts: [mount],
      },
    ],
  };
}

/** A container that fails says why by the end of its log, which `pulumi up` and `kubectl describe` show. */
const explained = { terminationMessagePolicy: "FallbackToLogsOnError" } as const;

/** Where a key's file is, for the one client that wants a file. */
const keyFolder = "/var/secret/cloud.google.com";

function copiedPart(model: CopiedModel, args: ModelPartArgs): ModelPart {
  const { source, into = { kind: "empty-dir" } } = model;
  const { mountPath, keySecret, claimName } = args;
  const shared = into.kind === "claim";
  const byFile = source.kind === "gcs" && keySecret !== undefined;
  const key = { name: "model-key", mountPath: keyFolder, readOnly: true };
  const size = `${roomInPod(model)}Mi`;
  return {
    annotations: {},
    volumes: [
      claimName === undefined
        ? { name: "model", emptyDir: { sizeLimit: size } }
        : { name: "model", persistentVolumeClaim: { claimName } },
      ...(byFile ? [{ name: "model-key", secret: { secretName: keySecret } }] : []),
    ],
    mounts: [{ name: "model", mountPath, readOnly: true }],
    initContainers: [
      {
        name: "copy-model",
        image: model.copyImage ?? (source.kind === "gcs" ? images.googleCloudCli : images.awsCli),
        command: ["/bin/sh", "-c", copyScript({ client: source.kind === "gcs" ? "gcs" : "s3", shared })],
        env: copyEnvironment(model, args),
        ...explained,
        securityContext: containerSecurityContext(),
        resources: {
          requests: { cpu: "250m", memory: "512Mi", "ephemeral-storage": shared ? "256Mi" : size },
          limits: { memory: "2Gi", "ephemeral-storage": shared ? "1Gi" : `${roomInPod(model) + 1024}Mi` },
        },
        volumeMounts: [temporary.mount, { name: "model", mountPath }, ...(byFile ? [key] : [])],
      },
    ],
  };
}

function copyEnvironment(model: CopiedModel, { mountPath, keySecret }: ModelPartArgs) {
  const { source, sha256 = "" } = model;
  return environment(
    {
      ...homeEnvironment,
      MODEL_FROM: fromOf(source, objectPrefix(model)),
      MODEL_INTO: modelFolder(model, mountPath),
      MODEL_SHA256: sha256,
      MODEL_CLIENT_OPTIONS:
        source.kind !== "gcs" && source.credentials.kind === "none" ? "--no-sign-request" : "",
      ...clientEnvironment(source, keySecret),
    },
    source.kind === "gcs" || keySecret === undefined ? {} : keysFrom(keySecret),
  );
}

function fromOf({ kind, bucket }: CopySource, prefix: string): Output<string> {
  return interpolate`${kind === "gcs" ? "gs" : "s3"}://${bucket}/${prefix}`;
}

function clientEnvironment(
  source: CopySource,
  keySecret: Input<string> | undefined,
): Record<string, Input<string>> {
  if (source.kind === "gcs")
    return {
      CLOUDSDK_CONFIG: "/tmp/gcloud",
      CLOUDSDK_CORE_DISABLE_PROMPTS: "1",
      // gcloud takes a key from here, and not from GOOGLE_APPLICATION_CREDENTIALS.
      ...(keySecret !== undefined && { CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: `${keyFolder}/key.json` }),
    };
  return {
    AWS_REGION: source.region ?? "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    ...(source.kind === "minio" && { AWS_ENDPOINT_URL_S3: source.endpoint }),
  };
}

const keysFrom = (secretName: Input<string>): Record<string, SecretKey> => ({
  AWS_ACCESS_KEY_ID: { secretName, key: "accessKeyId" },
  AWS_SECRET_ACCESS_KEY: { secretName, key: "secretAccessKey" },
});
