import type { Input, Resource } from "@pulumi/pulumi";

/**
 * Where OSCAR keeps the files that services take and give, as its Manager is told of it. It needs MinIO's admin API beside
 * S3: an upload starts a service by a webhook that the Manager sets up there.
 */
export interface ObjectStorage {
  /** As the Manager, its jobs and the addresses that it signs use it: `http://minio.minio:9000`. */
  readonly endpoint: Input<string>;
  readonly region: string;
  readonly accessKey: Input<string>;
  /** A secret. */
  readonly secretKey: Input<string>;
  /** Whether its certificate has to be one that the Manager trusts. */
  readonly tlsVerify: boolean;
  /** What routes from outside lead to, where it is in this cluster. */
  readonly services?: {
    readonly namespace: Input<string>;
    readonly api: ServicePort;
    readonly console: ServicePort;
  };
  /** What comes after it. */
  readonly ready: readonly Resource[];
}

export interface ServicePort {
  readonly name: string;
  readonly port: number;
}
