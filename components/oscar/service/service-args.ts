import type { Input, Unwrap } from "@pulumi/pulumi";
import type { EnvironmentArgs, ExposeArgs, ScaleArgs, VolumeArgs } from "./runtime-args";
import type { FederationArgs, KserveArgs, OtherClusterArgs } from "./model-args";
import type { MountArgs, StorageArgs, StorageProvidersArgs } from "./storage-args";

export * from "./runtime-args";
export * from "./model-args";
export * from "./storage-args";

/**
 * An OSCAR service: an image, a script that runs in it, and what calls it (a file put into a bucket, a request, or,
 * with `expose`, a port that is open all the time). The fields are those of OSCAR's FDL, written in camel case.
 */
export interface ServiceArgs {
  /** Unique in the whole cluster: lower-case letters, digits and hyphens, a letter first, at most 39 characters. */
  name: string;
  /** The container's image, with a tag. OSCAR asks the registry for it whenever a pod starts. */
  image: Input<string>;
  /** The script's text, which runs at each call; `readScript("script.sh")` takes it from a file. */
  script: Input<string>;
  /**
   * Limit of CPUs for one pod, such as `1` or `500m`; it is requested too.
   * @default 0.2
   */
  cpu?: Input<string>;
  /**
   * Limit of memory for one pod, such as `2Gi`; it is requested too.
   * @default 256Mi
   */
  memory?: Input<string>;
  /**
   * CPUs of all jobs together. Only where Apache YuniKorn schedules.
   * @default no limit
   */
  totalCpu?: Input<string>;
  /**
   * Memory of all jobs together. Only where Apache YuniKorn schedules.
   * @default no limit
   */
  totalMemory?: Input<string>;
  /**
   * Disk that a pod asks its node for, such as `10Gi`. From OSCAR 4.1.
   * @default none
   */
  ephemeralStorageRequest?: Input<string>;
  /**
   * One NVIDIA GPU, never more, of whatever type the cluster has.
   * @default false
   */
  enableGpu?: Input<boolean>;
  /**
   * One Intel SGX enclave.
   * @default false
   */
  enableSgx?: Input<boolean>;
  /**
   * Pull the image onto every node when the service is made; making it waits for that.
   * @default false
   */
  imagePrefetch?: Input<boolean>;
  /** Names of Secrets with registry logins; they have to be in the service's namespace. */
  imagePullSecrets?: readonly Input<string>[];
  /**
   * Whether the image is based on Alpine, which takes another build of the program that calls the script.
   * @default false
   */
  alpine?: Input<boolean>;
  /**
   * How much the program that calls the script writes to the log.
   * @default INFO
   */
  logLevel?: Input<LogLevel>;
  /** Pods that wait for synchronous calls; only where OSCAR runs on Knative. */
  synchronous?: ScaleArgs;
  /** Folders that are watched: a file put there calls the service. OSCAR makes their buckets, and deletes them. */
  input?: readonly StorageArgs[];
  /** Where results go. OSCAR makes MinIO's buckets, and deletes them with the service. */
  output?: readonly StorageArgs[];
  /**
   * True switches the download of the input file off; the script then sees the event alone.
   * @default false
   */
  fileStageIn?: Input<boolean>;
  /** A port that is open all the time, for models that take long to load. Adding or removing it replaces the service. */
  expose?: ExposeArgs;
  environment?: EnvironmentArgs;
  /** Kubernetes annotations of the pods. */
  annotations?: Readonly<Record<string, Input<string>>>;
  /** Kubernetes labels of the pods; OSCAR adds some of its own. */
  labels?: Readonly<Record<string, Input<string>>>;
  /**
   * The virtual organisation whose members may use it; only where users log in by OIDC.
   * @default the first of the user's that the cluster knows
   */
  vo?: Input<string>;
  /** Access to storage outside the cluster. OSCAR keeps it in clear, and shows it to all who see the service. */
  storageProviders?: StorageProvidersArgs;
  /**
   * Other OSCAR clusters that jobs can go to, by id. OSCAR keeps the passwords in clear, and shows them to all who see
   * the service.
   */
  clusters?: Readonly<Record<string, OtherClusterArgs>>;
  /** The id under which this cluster is known to the other ones of a federation. */
  clusterId?: Input<string>;
  /** The virtual node (interLink) that runs it; setting or removing it replaces the service. */
  interlinkNodeName?: Input<string>;
  /**
   * Who sees and calls it, of the users that log in by OIDC: its owner, everyone, or its owner and `allowedUsers`.
   * @default private
   */
  visibility?: Input<Visibility>;
  /** Ids of users, with `visibility: "restricted"`. */
  allowedUsers?: readonly Input<string>[];
  /**
   * Buckets for all its users together, or one for each.
   * @default SERVICE
   */
  isolationLevel?: Input<IsolationLevel>;
  /** A bucket or folder mounted into the container, by a privileged container beside it. */
  mount?: MountArgs;
  /** A volume of its own, or one that is there. From OSCAR 4.0; changing it replaces the service. */
  volume?: VolumeArgs;
  /** Jobs that other clusters take. From OSCAR 4.1. */
  federation?: FederationArgs;
  /** A model that KServe serves. From OSCAR 4.1; it needs KServe and the Gateway API. */
  kserve?: KserveArgs;
}

export const logLevels = ["NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
export type LogLevel = (typeof logLevels)[number];

export const visibilities = ["private", "public", "restricted"] as const;
export type Visibility = (typeof visibilities)[number];

export const isolationLevels = ["SERVICE", "USER"] as const;
export type IsolationLevel = (typeof isolationLevels)[number];

/** The arguments when all values are known. */
export type ServiceSpec = Unwrap<ServiceArgs>;
