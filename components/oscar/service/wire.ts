/**
 * What OSCAR's Manager sends and takes as JSON (its Go types in `pkg/types`, up to 4.2). All is optional that the
 * Manager may leave out; a field it writes as `null` is taken as absent. What each version lacks: `version.ts`.
 */

/** A service. Sizes and CPUs are Kubernetes quantities, as strings; a number is refused. */
export interface WireService {
  /** 1 to 39 characters, unique in the whole cluster. */
  name: string;
  /** What oscar-cli writes: the FDL's key of the cluster. */
  cluster_id?: string;
  /** The server writes `256Mi` when it is missing. */
  memory?: string;
  /** The server writes `0.2` when it is missing. */
  cpu?: string;
  /** Of all jobs together; YuniKorn only. */
  total_memory?: string;
  /** Of all jobs together; YuniKorn only. */
  total_cpu?: string;
  /** The only request that OSCAR sets. From 4.1. */
  ephemeral_storage_request?: string;
  /** One GPU, of whatever kind. */
  enable_gpu?: boolean;
  enable_sgx?: boolean;
  image_prefetch?: boolean;
  /** Knative only; 0 is none at least, and no bound at most. */
  synchronous?: { min_scale?: number; max_scale?: number };
  /** From 4.1. */
  federation?: WireFederation;
  log_level?: string;
  image?: string;
  /** Picks the supervisor's build for Alpine images. */
  alpine?: boolean;
  /** 64 hex digits, made by the server; everyone who may see the service is shown it. */
  token?: string;
  /** True switches the staging of input files off, whatever the name says. */
  file_stage_in?: boolean;
  input?: WireStorage[];
  output?: WireStorage[];
  /** The script's text. Left out of an answer when it is empty. */
  script?: string;
  /** Names of Secrets that are in the service's namespace already. */
  image_pull_secrets?: string[];
  expose?: WireExpose;
  environment?: WireEnvironment;
  annotations?: Record<string, string>;
  vo?: string;
  /** The server adds some of its own. */
  labels?: Record<string, string>;
  storage_providers?: StorageProviders;
  clusters?: Record<string, WireFederationCluster>;
  /** `cluster_admin`, or a user's id. A PUT by basic auth stores what it is given. */
  owner?: string;
  /** Read only; a POST would honour it, so it is never sent. */
  namespace?: string;
  interlink_node_name?: string;
  /** `private`, `public` or `restricted`; not checked by the server. From 3.6. */
  visibility?: string;
  /** Users' ids, with `restricted`. */
  allowed_users?: string[];
  /** `SERVICE` or `USER`; the server leaves it empty when it is missing. */
  isolation_level?: string;
  /** Read only; a PUT appends to what it is sent. */
  bucket_list?: string[];
  /** Without a mount the server answers one whose fields are empty. */
  mount?: WireMount;
  /** From 4.0; cannot be changed later. */
  volume?: WireVolume;
  /** Read only, from 4.0. */
  volume_status?: { enabled: boolean; name?: string; phase?: string; error?: string };
  /** Read only, with `?include=deployment`, from 4.0. */
  deployment?: DeploymentSummary;
  /** From 4.1. */
  kserve?: WireKserve;
}

/** One place files come from or go to; `minio` is `minio.default`. */
export interface WireStorage {
  storage_provider: string;
  /** `bucket/folder`; a path without a slash becomes `<service>/<path>` for MinIO and S3, from 3.6. */
  path: string;
  /** Endings of the names of files that are taken. */
  suffix?: string[];
  /** Beginnings of the names of files that are taken. */
  prefix?: string[];
  options?: string;
}

/** A bucket or folder mounted into the container, by rclone, in a privileged one beside it. */
export interface WireMount {
  storage_provider: string;
  path: string;
  options?: string;
}

/** The server fills nothing in here: an HPA of zeros is refused by Kubernetes. */
export interface WireExpose {
  min_scale?: number;
  max_scale?: number;
  /** Lists from 4.1, one number before; missing, empty or 0 first means not exposed. */
  api_port?: number | number[];
  /** Percent of the CPU limit. */
  cpu_threshold?: number;
  rewrite_target?: boolean;
  /** As `api_port`; 0 lets Kubernetes choose, and the answer has the number chosen. */
  nodePort?: number | number[];
  default_command?: boolean;
  /** User: the service's name. Password: its token. */
  set_auth?: boolean;
  /** `basic` or `forward`. From 4.1. */
  auth_type?: string;
  /** Empty is `/`. From 3.6.5. */
  health_path?: string;
  /** `legacy` or `direct`. From 4.0. */
  probe_mode?: string;
}

export interface WireEnvironment {
  variables?: Record<string, string>;
  /** From 3.4. Answers have the keys and empty values; sending those back empties the Secret. */
  secrets?: Record<string, string>;
}

/** A volume made for the service (with `size`), or one that is there (with `name` alone). */
export interface WireVolume {
  name?: string;
  size?: string;
  /** Absolute, outside /oscar/config and /oscar/bin. */
  mount_path: string;
  /** `delete` or `retain`; with `size` only. */
  lifecycle_policy?: string;
}

export interface WireFederation {
  group_id?: string;
  /** `none`, `star` or `mesh`. */
  topology?: string;
  /** `static`, `random`, `load-based` or `topsis`. */
  delegation?: string;
  /** Seconds. */
  rescheduler_threshold?: number;
  members?: WireFederationMember[];
}

export interface WireFederationMember {
  /** `oscar` or `endpoint`. */
  type: string;
  cluster_id?: string;
  service_name?: string;
  url?: string;
  ssl_verify?: boolean;
  /** 0 is the first. */
  priority?: number;
  headers?: Record<string, string>;
}

/** Another OSCAR cluster; the server keeps the password in clear and shows it to all who see the service. */
export interface WireFederationCluster {
  endpoint: string;
  auth_user?: string;
  auth_password?: string;
  ssl_verify?: boolean;
}

/** A model served by KServe. What is false or 0 is left out of answers, and `set_auth` missing from a PUT is true. */
export interface WireKserve {
  /** `inference` or `llm_inference`. */
  type: string;
  storage_uri: string;
  /** `v1` or `v2`: here in 4.1, below `inference` from 4.2. */
  api_version?: string;
  inference?: { model_format: string; runtime?: string; api_version?: string };
  llm_inference?: { runtime_image?: string };
  min_scale?: number;
  max_scale?: number;
  cpu?: string;
  memory?: string;
  args?: string[];
  env?: Record<string, string>;
  enable_gpu?: boolean;
  set_auth?: boolean;
}

/** By kind, then by id. `minio.default` is overwritten by the server, its keys then read `hidden`. */
export interface StorageProviders {
  s3?: Record<string, { access_key: string; secret_key: string; region?: string }>;
  minio?: Record<string, MinioProvider>;
  onedata?: Record<string, { oneprovider_host: string; token: string; space: string }>;
  webdav?: Record<string, { hostname: string; login: string; password: string }>;
  rucio?: Record<string, RucioProvider>;
}

export interface MinioProvider {
  endpoint: string;
  /** Whether its certificate is checked. */
  verify: boolean;
  access_key: string;
  secret_key: string;
  region?: string;
}

export interface RucioProvider {
  host: string;
  account: string;
  rse: string;
  refresh_token?: string;
  auth_host?: string;
  oidc_audience?: string;
  token_endpoint?: string;
}

export interface DeploymentSummary {
  /** `pending`, `ready`, `degraded`, `failed`, `stopped` or `unavailable`; `ready` alone is not rolled out. */
  state: string;
  reason?: string;
  last_transition_time?: string;
  /** Pods that exist, also those that wait. */
  active_instances: number;
  affected_instances: number;
  /** `exposed_service`, `kserve_service`, `knative_service` or `unavailable`. */
  resource_kind?: string;
}

export interface DeploymentStatus extends DeploymentSummary {
  service_name: string;
  namespace?: string;
}

export type * from "./wire-cluster";
