import type { Input } from "@pulumi/pulumi";
import { bytes } from "../../../kubernetes/container";
import type { ManagedMinioArgs, MinioLayout } from "./object-storage-args";

/**
 * What we say to MinIO's chart: only what differs from its own
 * (https://github.com/minio/minio/blob/RELEASE.2025-09-07T16-13-09Z/helm/minio/values.yaml).
 */
export interface MinioValues {
  readonly mode: "standalone" | "distributed";
  readonly replicas?: 1;
  readonly drivesPerNode?: 4;
  /** A Secret with `rootUser` and `rootPassword`. */
  readonly existingSecret: Input<string>;
  readonly image: ImageValues;
  readonly users: readonly [];
  readonly persistence:
    { readonly existingClaim: Input<string> } | { readonly storageClass: string; readonly size: string };
  readonly deploymentUpdate?: { readonly type: "Recreate" };
  readonly resources: { readonly requests: { readonly memory: string } };
  readonly securityContext: {
    readonly runAsNonRoot: true;
    readonly seccompProfile: { readonly type: "RuntimeDefault" };
  };
  readonly containerSecurityContext: {
    readonly allowPrivilegeEscalation: false;
    readonly capabilities: { readonly drop: readonly ["ALL"] };
  };
  readonly metrics: { readonly serviceMonitor: { readonly public: false } };
  readonly environment?: { readonly MINIO_BROWSER_REDIRECT_URL: string };
}

interface ImageValues {
  readonly repository: string;
  readonly tag: string;
}

export interface MinioValuesArgs {
  readonly image: string;
  readonly secretName: Input<string>;
  readonly drives: Drives;
  /** The console's address from outside. */
  readonly consoleUrl?: string | undefined;
}

/** A claim that is there, or a class that the four are made of. */
export type Drives =
  | { readonly layout: "single-drive"; readonly claimName: Input<string> }
  | { readonly layout: "four-drives"; readonly storageClass: string; readonly driveSize: string };

export function minioValues({ image, secretName, drives, consoleUrl }: MinioValuesArgs): MinioValues {
  return {
    ...layoutValues(drives),
    existingSecret: secretName,
    image: imageValues(image),
    // By default there is one with all rights, `console`, and everyone knows its password.
    users: [],
    // By default 16Gi.
    resources: { requests: { memory: "512Mi" } },
    // Beside the user 1000, which the chart has: with these, the pod meets the restricted Pod Security Standard.
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    // By default anyone who reaches the S3 API reads the names of the buckets there, from outside too where it has a host.
    metrics: { serviceMonitor: { public: false } },
    // Not MINIO_SERVER_URL beside it: the console would log people in by that address, and nobody where the pod itself
    // does not reach it. Signed addresses need none: they are checked against the host that was asked.
    ...(consoleUrl !== undefined && { environment: { MINIO_BROWSER_REDIRECT_URL: consoleUrl } }),
  };
}

function layoutValues(
  drives: Drives,
): Pick<MinioValues, "mode" | "replicas" | "drivesPerNode" | "persistence" | "deploymentUpdate"> {
  switch (drives.layout) {
    case "single-drive":
      return {
        mode: "standalone",
        persistence: { existingClaim: drives.claimName },
        // The next pod may be on another node, and the disk goes there only once the last one has let it go.
        deploymentUpdate: { type: "Recreate" },
      };
    case "four-drives":
      return {
        mode: "distributed",
        replicas: 1,
        drivesPerNode: 4,
        persistence: { storageClass: drives.storageClass, size: drives.driveSize },
      };
  }
}

/**
 * The chart puts the two together again with a colon, whatever they are. So a digest is cut as well: `minio@sha256` and
 * its hexadecimal digits.
 */
function imageValues(image: string): ImageValues {
  const colon = image.lastIndexOf(":");
  return { repository: image.slice(0, colon), tag: image.slice(colon + 1) };
}

/**
 * How big each volume is: with four, half of what can be stored, for as much again is parity (`DefaultParityBlocks`,
 * minio/minio, internal/config/storageclass/storage-class.go).
 */
export function driveSize({
  layout,
  size,
}: Pick<ManagedMinioArgs, "size"> & { layout: MinioLayout }): string {
  return layout === "single-drive" ? size : `${Math.ceil(bytes(size) / 2 / 2 ** 20)}Mi`;
}
