import type { Input } from "@pulumi/pulumi";
import type { StorageClassRef } from "../../../host/cluster-handle";

/*
 * RustFS would be a third kind here, from OSCAR 4.2 on: its Manager is told by `OBJECT_STORAGE_TYPE=rustfs`, and asks
 * another admin API (`/rustfs/admin/v3`). The Manager of 4.1 knows MinIO's alone.
 */

/** Where OSCAR keeps the files that services take and give: a MinIO that is made, or one that is there. */
export type ObjectStorageArgs = ManagedMinioArgs | ExternalMinioArgs;

/**
 * `single-drive`: MinIO on one volume. `four-drives`: on four volumes of one pod, of which two may be lost, as OSCAR's own
 * installer has it where there are quotas.
 */
export type MinioLayout = "single-drive" | "four-drives";

/** A MinIO of its own, in the cluster. */
export interface ManagedMinioArgs {
  readonly kind: "managed";
  /**
   * How much can be stored, with a unit: `20Gi`. On a single drive it can grow later, in place, where the class allows
   * it; with four it cannot change, because Kubernetes does not let a StatefulSet's claims. It cannot shrink.
   *
   * With four drives each is half as big, and all together cost twice as much: MinIO fills half of each with what it
   * restores lost ones from (its parity EC:2).
   */
  readonly size: string;
  /** What makes its volumes. @default the cluster's class for ReadWriteOnce */
  readonly storageClass?: StorageClassRef | undefined;
  /** How many volumes it has. Another layout is another, empty MinIO. @default "single-drive" */
  readonly layout?: MinioLayout | undefined;
  /** The server, with a tag or a digest. @default the last one that MinIO published */
  readonly image?: string | undefined;
  /**
   * The host by which its S3 API is reached from outside: `minio.example.com`. OSCAR then uses no other, so that the
   * addresses it signs are good for browsers too; it must be reached from within the cluster. Services that are there when
   * it changes keep the old one until each is updated. Names of objects with `//`, `/./` or `/../` in them do not pass
   * Traefik, which tidies paths up.
   * @default none: it is reached in the cluster alone
   */
  readonly host?: string | undefined;
  /** The host by which people reach its console: `console.example.com`. @default none */
  readonly consoleHost?: string | undefined;
  /** Whether the namespace stays when the stack goes, and in it what is stored. @default false */
  readonly retain?: boolean | undefined;
  /**
   * Whether Pulumi refuses to delete or to replace what holds the data, until `pulumi state unprotect`.
   * @default false
   */
  readonly protect?: boolean | undefined;
}

/** A MinIO that is there already. Other S3 storage will not do: OSCAR needs MinIO's admin API beside S3. */
export interface ExternalMinioArgs {
  readonly kind: "external";
  /**
   * Its S3 API, as it is reached from the cluster's pods and from browsers: `https://minio.example.com`, with a port
   * where it is not the usual one, and without a path.
   */
  readonly endpoint: string;
  /** Of a user with MinIO's policy `consoleAdmin`, or its root user. */
  readonly accessKey: Input<string>;
  /** Kept as a secret. */
  readonly secretKey: Input<string>;
  /** @default "us-east-1", which is every MinIO's that is not told otherwise */
  readonly region?: string | undefined;
  /** Whether its certificate has to be one that everyone trusts. @default true */
  readonly tlsVerify?: boolean | undefined;
  /** MinIO's client, by which it is asked before OSCAR is installed, with a tag or a digest. @default the last one that MinIO published */
  readonly clientImage?: string | undefined;
}

/** The region of a MinIO that is not told another. */
export const defaultRegion = "us-east-1";
