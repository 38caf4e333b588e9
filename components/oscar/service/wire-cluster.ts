/** What the Manager says of itself, and what is beside its services: buckets, volumes, logs, quotas. */

export interface SystemInfo {
  /** `4.1.2`, or `devel` in an image built from a branch. */
  version: string;
  git_commit?: string;
  architecture?: string;
  kubernetes_version?: string;
  /** Missing on the plain back end. */
  serverless_backend?: { name: string; version: string };
}

/** Holds MinIO's root keys when asked by basic auth: all of it is secret. */
export interface SystemConfig {
  config: {
    name?: string;
    namespace?: string;
    services_namespace?: string;
    controller_service_account?: string;
    gpu_available?: boolean;
    interLink_available?: boolean;
    /** Missing on the plain back end. */
    serverless_backend?: string;
    yunikorn_enable?: boolean;
    kueue_enable?: boolean;
    volume_enable?: boolean;
    oidc_groups?: string[];
    minio_quota_enabled?: boolean;
  };
  /** The endpoint is the one inside the cluster. */
  minio_provider?: {
    endpoint: string;
    verify: boolean;
    access_key: string;
    secret_key: string;
    region?: string;
  };
  /** From 4.0. An image is allowed when it contains one of them; empty or missing allows all. */
  allowed_image_repositories?: string[];
}

export interface WireBucket {
  bucket_name: string;
  /** Ignored in what basic auth sends. */
  visibility?: string;
  /** Ignored in what basic auth sends. */
  allowed_users?: string[];
  owner?: string;
  /** Its tags: `from_service`, `owner`, `owner_name`. */
  metadata?: Record<string, string>;
  /** Of one page, in the answer for one bucket; a folder is an object whose name ends in a slash. */
  objects?: { object_name: string; size_bytes: number; owner?: string; last_modified?: string }[];
  next_page?: string;
  is_truncated?: boolean;
  returned_items?: number;
  storage_quota?: { max?: string; max_bytes?: number; source: string };
  storage_usage?: { used: string; used_bytes: number; objects?: number };
  attribution?: string;
}

export interface ManagedVolume {
  name: string;
  namespace?: string;
  pvc_name?: string;
  size?: string;
  owner_user?: string;
  created_by_service?: string;
  /** `service` or `api`. */
  creation_mode?: string;
  lifecycle_policy?: string;
  attachments?: { service_name: string; mount_path: string }[];
  /** Phases: `pending`, `ready`, `in_use`, `error`, `deleting`, `deleted`. */
  status: { phase?: string; message?: string; attachment_count?: number };
}

export interface DeploymentLogs {
  service_name: string;
  available: boolean;
  /** Why there are none. */
  message?: string;
  entries: { timestamp?: string; message: string }[];
}

/** Of one user; `max` and `used` of resources are numbers, in 3.7 strings. */
export interface UserQuota {
  user_id: string;
  cluster_queue?: string;
  resources?: Record<string, { max: number | string; used: number | string }>;
  volumes?: {
    disk: { max: string; used: string };
    volumes: { max: string; used: string };
    max_disk_per_volume: string;
    min_disk_per_volume: string;
  };
  minio?: {
    buckets: { max: number; used: number };
    storage_per_bucket: { max: string };
    storage_total: { used: string };
  };
}

/** What a user may have; all are strings, counts too, and at least one of the parts must be there. */
export interface UserQuotaUpdate {
  cpu?: string;
  memory?: string;
  ephemeral_storage?: string;
  gpu?: string;
  volumes?: {
    disk?: string;
    volumes?: string;
    max_disk_per_volume?: string;
    min_disk_per_volume?: string;
  };
  minio?: { buckets?: string; storage_per_bucket?: string };
}

export interface PresignRequest {
  object_key: string;
  operation: "upload" | "download";
  /** Seconds, 1 to 604800; 900 when missing. */
  expires_in?: number;
  content_type?: string;
  extra_headers?: Record<string, string>;
}

/** The URL is a key to the object until it expires; its host is the one inside the cluster. */
export interface PresignedUrl {
  object_key: string;
  operation: string;
  method: string;
  url: string;
  expires_at: string;
  headers?: Record<string, string>;
}
