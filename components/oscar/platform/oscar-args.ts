import type { Input } from "@pulumi/pulumi";
import type { DnsZone } from "../../dns/dns";
import type { ClusterHandle, StorageClassRef } from "../../host/cluster-handle";
import type { OscarExposure } from "./front";
import type { ObjectStorageArgs } from "./minio/object-storage-args";

export interface OscarClusterArgs {
  readonly cluster: ClusterHandle;
  /**
   * The name that people and programs reach OSCAR under, and its exposed services: `oscar.example.com`. Services that are
   * there when it changes keep the route of the old one, which leads nowhere then, until each is updated.
   */
  readonly host: string;
  /** What leads there: a gateway of Traefik's, because OSCAR gives the routes of its services Traefik's middlewares. */
  readonly exposure: OscarExposure;
  /** The zone that all hosts' records are made in. @default someone makes the records, to `pointsAt` */
  readonly zone?: DnsZone | undefined;
  /** Where the volumes come from that pods of many nodes mount at once: OSCAR's own (2Gi), and its users'. */
  readonly sharedStorage: SharedStorageArgs;
  /** Where services' files are. */
  readonly objectStorage: ObjectStorageArgs;
  /**
   * What answers synchronous invocations. One that is there must let services mount claims
   * (`kubernetes.podspec-persistent-volume-claim` and `…-write`, both `enabled`, in its ConfigMap `config-features`). With
   * `none` services are asynchronous or exposed.
   * @default "install"
   */
  readonly knative?: "install" | "existing" | "none" | undefined;
  /** By which exposed services scale, and OSCAR tells how busy the cluster is. GKE has it. */
  readonly metricsServer: "install" | "existing";
  /**
   * Users of their own, beside the administrator. With them OSCAR asks MinIO for things before it is ready: a host of
   * the storage's has to be known in the DNS by then, with its certificate.
   * @default none
   */
  readonly oidc?: OidcArgs | undefined;
  /** Bounds of each user's buckets in MinIO. @default none */
  readonly quotas?: BucketQuotas | undefined;
  /** Bounds of each user's volumes. */
  readonly userVolumes?: UserVolumes | undefined;
  /**
   * Bounds of each user's services by Kueue, which is in the cluster already (0.16 or later). The administrator's are not
   * bound; and with it, OSCAR 4.1.2 makes no services by KServe for the administrator.
   * @default none
   */
  readonly kueue?: KueueQuotas | undefined;
  /** Whether services can be KServe's, which is in the cluster already. @default false */
  readonly kserve?: boolean | undefined;
  /**
   * What the image of a service must have in it: `ghcr.io/acme/`. OSCAR looks anywhere in the image's name, not at its
   * beginning only; a registry's host and a slash at the end say most.
   * @default any image
   */
  readonly allowedImages?: readonly string[] | undefined;
  /**
   * Logins to private registries, by the names that services say in `image_pull_secrets`. They are in `oscar-svc`, where
   * the administrator's services are; those of other users are in namespaces of their own, without them.
   */
  readonly imagePullSecrets?: Readonly<Record<string, RegistryLogin>> | undefined;
  /**
   * Web pages that may call exposed services (CORS), beside those of OSCAR's own host: `https://app.example.com`. OSCAR's own
   * API is for its own pages alone.
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** What collects metrics and logs already. */
  readonly metrics?: MetricsSources | undefined;
  /**
   * Whether services' pods that ask for a GPU are let onto nodes with the cluster's taint for GPUs, which OSCAR has them
   * tolerate none of. Needs Kubernetes 1.36, where MutatingAdmissionPolicies are on by default.
   * @default false
   */
  readonly tolerateGpuTaint?: boolean | undefined;
  /**
   * Of OSCAR's chart and its images: at least 4.1.2, without `v`. The chart has a Job that fills OSCAR's volume, which
   * nothing can change until it is gone, two minutes after it is done: where it cannot be done, as with a version that does
   * not exist, `kubectl delete job populate-volume-job -n oscar-svc` comes before the next try.
   * @default the one that this project is made for
   */
  readonly version?: string | undefined;
  /**
   * Whether files stay when the stack goes: MinIO's, and the disk of `sharedStorage` with `kind: "nfs"`. Services go all the
   * same, and of another class their volumes, unless it keeps them (`reclaimPolicy: Retain`).
   * @default false
   */
  readonly retain?: boolean | undefined;
  /** Whether Pulumi refuses to delete what holds data, services too, until `pulumi state unprotect`. @default false */
  readonly protect?: boolean | undefined;
}

/**
 * OSCAR's own volume keeps its class: another one is refused by the API while there is an OSCAR. Filestore makes a server
 * of its least size for it, and for each of the users' volumes.
 */
export type SharedStorageArgs =
  | {
      readonly kind: "class";
      /** @default the cluster's `storage.readWriteMany` */
      readonly class?: StorageClassRef | undefined;
    }
  | {
      /** An NFS server in the cluster, on one disk. */
      readonly kind: "nfs";
      /** Of the disk, for all volumes together: `50Gi`. */
      readonly size: string;
    };

/**
 * Users who log in by OpenID Connect, each with a namespace, a user of MinIO's and volumes. OSCAR 4.1.2 answers a token of
 * an issuer that is not listed with 401, and then goes on: what needs no user, such as `/system/info`, is in the body of
 * that 401 for whoever has any token at all. The issuers have to be there when OSCAR starts: without one of them it lets
 * no user in until it is started again.
 */
export interface OidcArgs {
  /** Their addresses, letter for letter as `iss` in tokens: `https://aai.egi.eu/auth/realms/egi`. */
  readonly issuers: readonly string[];
  /** Whose members may use OSCAR. Without one it lets no user in: it takes who is in one that is listed. */
  readonly groups: readonly string[];
  /** The subject (`sub`) of whom OSCAR belongs to. @default none */
  readonly subject?: string | undefined;
  /** The subjects of users who may read OSCAR's log, and see all of its status. @default none */
  readonly admins?: readonly string[] | undefined;
}

/**
 * What a new user gets; the administrator can change it for each (`PUT /system/quotas/user/…`). MinIO has to be on several
 * drives. OSCAR counts the buckets that it is asked for, not those that a user makes in MinIO's console.
 */
export interface BucketQuotas {
  /** How many a user has at most. */
  readonly buckets: number;
  /** How much is in each at most: `5Gi`. */
  readonly storage: string;
}

/** What a new user gets. OSCAR's own volume of 2Gi counts, too: each user has a copy of it. */
export interface UserVolumes {
  /** Of all together. @default "7Gi" */
  readonly total?: string | undefined;
  /** @default 5 */
  readonly count?: number | undefined;
  /** @default "5Gi" */
  readonly largest?: string | undefined;
  /** @default "200Mi" */
  readonly smallest?: string | undefined;
}

/** What a new user gets. */
export interface KueueQuotas {
  /** @default "2" */
  readonly cpu?: string | undefined;
  /** @default "2Gi" */
  readonly memory?: string | undefined;
  /** 0 for whoever comes while no node has a GPU: OSCAR looks when it starts. @default 1 */
  readonly gpus?: number | undefined;
  /** Of the nodes' disks. @default "1Gi" */
  readonly ephemeralStorage?: string | undefined;
  /** The ResourceFlavor, which OSCAR makes where it is not there. @default "oscar-default-flavor" */
  readonly flavor?: string | undefined;
}

export interface RegistryLogin {
  /** Its host: `ghcr.io`. Docker Hub's is `index.docker.io`. */
  readonly registry: string;
  readonly username: string;
  readonly password: Input<string>;
}

export interface MetricsSources {
  /** Prometheus, as pods reach it. @default http://prometheus-server.monitoring.svc.cluster.local, there or not */
  readonly prometheusUrl?: string | undefined;
  /**
   * Loki, as pods reach it: whom requests to `/job` and `/run` came from. Those to exposed services are not counted, since
   * OSCAR 4.1.2 reads logs of ingress-nginx alone.
   * @default OSCAR reads its own log, as far as Kubernetes keeps it
   */
  readonly lokiUrl?: string | undefined;
}
