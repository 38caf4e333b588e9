import type { Input } from "@pulumi/pulumi";

/** A folder that files come from or go to. */
export interface StorageArgs {
  /**
   * The kind of storage, and after a point its id in `storageProviders`; `minio` is `minio.default`, the cluster's own.
   * Files come from MinIO, WebDAV or Rucio, and go to those, Amazon S3 or Onedata.
   */
  storageProvider: Input<string>;
  /**
   * In MinIO and S3 `bucket/folder`; without a slash it is a folder in a bucket of the service's name. One folder of a
   * bucket can be an input, because OSCAR makes the bucket for it.
   */
  path: Input<string>;
  /** Only files whose names end so. */
  suffix?: readonly Input<string>[];
  /** Only files whose names begin so. */
  prefix?: readonly Input<string>[];
}

export interface MountArgs {
  /** As of an input; MinIO, S3 or WebDAV. */
  storageProvider: Input<string>;
  /** `bucket/folder`, or `bucket`. A bucket that is there has to be private. */
  path: Input<string>;
  /** Flags of `rclone mount`, such as `--vfs-cache-mode full`. */
  options?: Input<string>;
}

/** By kind, then by an id of your own. Those of the cluster's own MinIO, `minio.default`, are known to OSCAR. */
export interface StorageProvidersArgs {
  minio?: Readonly<Record<string, MinioProviderArgs>>;
  s3?: Readonly<Record<string, S3ProviderArgs>>;
  onedata?: Readonly<Record<string, OnedataProviderArgs>>;
  webdav?: Readonly<Record<string, WebdavProviderArgs>>;
  rucio?: Readonly<Record<string, RucioProviderArgs>>;
}

export interface MinioProviderArgs {
  /** Its S3 API, such as `https://minio.example.com`. */
  endpoint: Input<string>;
  /**
   * Whether its certificate is checked.
   * @default true
   */
  verify?: Input<boolean>;
  accessKey: Input<string>;
  secretKey: Input<string>;
  /** @default none */
  region?: Input<string>;
}

export interface S3ProviderArgs {
  accessKey: Input<string>;
  secretKey: Input<string>;
  region: Input<string>;
}

export interface OnedataProviderArgs {
  /** A host, without `https://`. */
  oneproviderHost: Input<string>;
  token: Input<string>;
  space: Input<string>;
}

export interface WebdavProviderArgs {
  /** A host, without `https://`. */
  hostname: Input<string>;
  login: Input<string>;
  password: Input<string>;
}

export interface RucioProviderArgs {
  host: Input<string>;
  account: Input<string>;
  /** Rucio's name for a place of storage. */
  rse: Input<string>;
  refreshToken?: Input<string>;
  authHost?: Input<string>;
  oidcAudience?: Input<string>;
  tokenEndpoint?: Input<string>;
}
