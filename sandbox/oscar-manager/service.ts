import type { StorageProviders, WireFederation, WireKserve } from "../../components/oscar/service/wire.js";

/** A service as the Manager holds it: what was missing is empty, ports are lists whatever the version. */
export interface Service {
  name: string;
  cluster_id: string;
  memory: string;
  cpu: string;
  total_memory: string;
  total_cpu: string;
  ephemeral_storage_request: string;
  enable_gpu: boolean;
  enable_sgx: boolean;
  image_prefetch: boolean;
  synchronous: { min_scale: number; max_scale: number };
  federation?: WireFederation;
  log_level: string;
  image: string;
  alpine: boolean;
  token: string;
  file_stage_in: boolean;
  input: Storage[];
  output: Storage[];
  script: string;
  image_pull_secrets: string[];
  expose: Expose;
  environment: { variables: Record<string, string>; secrets: Record<string, string> };
  annotations: Record<string, string>;
  vo: string;
  labels: Record<string, string>;
  storage_providers?: StorageProviders;
  clusters: Record<string, unknown>;
  owner: string;
  namespace: string;
  interlink_node_name: string;
  visibility: string;
  allowed_users: string[];
  isolation_level: string;
  bucket_list: string[];
  mount: Storage;
  volume?: { name: string; size: string; mount_path: string; lifecycle_policy: string };
  volume_status: { enabled: boolean; name?: string; phase?: string };
  deployment?: object;
  kserve?: WireKserve;
}

export interface Storage {
  storage_provider: string;
  path: string;
  suffix: string[];
  prefix: string[];
  options: string;
}

export interface Expose {
  min_scale: number;
  max_scale: number;
  api_port: number[];
  cpu_threshold: number;
  rewrite_target: boolean;
  nodePort: number[];
  default_command: boolean;
  set_auth: boolean;
  auth_type: string;
  health_path: string;
  probe_mode: string;
}

export const isExposed = ({ expose }: Service): boolean => (expose.api_port[0] ?? 0) !== 0;

/** `minio` is `minio.default`. */
export function providerOf({ storage_provider: provider }: Storage): { kind: string; id: string } {
  const [kind = "", ...rest] = provider.split(".");
  return { kind, id: rest.length === 0 ? "default" : rest.join(".") };
}

/** A path's bucket and what is below it. */
export function pathOf({ path }: Storage): { bucket: string; folder: string } {
  const [bucket = "", ...folder] = trim(path, " /").split("/");
  return { bucket, folder: folder.join("/") };
}

/** Go's `strings.Trim`. */
export function trim(value: string, characters: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && characters.includes(value.charAt(start))) start += 1;
  while (end > start && characters.includes(value.charAt(end - 1))) end -= 1;
  return value.slice(start, end);
}
