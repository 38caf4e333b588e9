import { flag, int, int32, listOf, mapOf, text, type Field, type Shape } from "./go-json.js";
import type { VersionTraits } from "./versions.js";

/** The Manager's Go types, field by field, in the order they are written. */

const struct = (type: string, fields: readonly Field[]): Shape & { kind: "struct" } => ({
  kind: "struct",
  type,
  fields,
});
const field = (key: string, shape: Shape, how: Omit<Field, "key" | "shape"> = {}): Field => ({
  key,
  shape,
  ...how,
});
const texts = (...keys: string[]): Field[] => keys.map((key) => field(key, text));
const flags = (...keys: string[]): Field[] => keys.map((key) => field(key, flag));
const omitEmpty = { omitEmpty: true };
const pointer = { omitEmpty: true, optional: true };

const storage = struct("types.StorageIOConfig", [
  ...texts("storage_provider", "path"),
  field("suffix", listOf(text), omitEmpty),
  field("prefix", listOf(text), omitEmpty),
  field("options", text, omitEmpty),
]);

const minioProvider = struct("types.MinIOProvider", [
  ...texts("endpoint"),
  ...flags("verify"),
  ...texts("access_key", "secret_key", "region"),
]);

const providers = struct("types.StorageProviders", [
  field("s3", mapOf(struct("types.S3Provider", texts("access_key", "secret_key", "region"))), pointer),
  field("minio", mapOf(minioProvider), pointer),
  field(
    "onedata",
    mapOf(struct("types.OnedataProvider", texts("oneprovider_host", "token", "space"))),
    pointer,
  ),
  field("webdav", mapOf(struct("types.WebDavProvider", texts("hostname", "login", "password"))), pointer),
  field(
    "rucio",
    mapOf(
      struct(
        "types.Rucio",
        texts("host", "account", "rse", "refresh_token", "auth_host", "oidc_audience", "token_endpoint"),
      ),
    ),
    pointer,
  ),
]);

const cluster = struct("types.Cluster", [
  ...texts("endpoint", "auth_user", "auth_password"),
  ...flags("ssl_verify"),
]);

const member = struct("types.Replica", [
  ...texts("type", "cluster_id", "service_name", "url"),
  ...flags("ssl_verify"),
  field("priority", { kind: "int", type: "uint" }),
  field("headers", mapOf(text)),
]);

const federation = struct("types.Federation", [
  ...texts("group_id", "topology"),
  field("delegation", text, omitEmpty),
  field("rescheduler_threshold", int, omitEmpty),
  field("members", listOf(member), omitEmpty),
]);

const expose = ({ portsAsLists, since40, since41 }: VersionTraits): Shape =>
  struct("types.Expose", [
    field("min_scale", int32),
    field("max_scale", int32),
    field("api_port", portsAsLists ? listOf(int) : int, omitEmpty),
    field("cpu_threshold", int32),
    ...flags("rewrite_target"),
    portsAsLists ? field("nodePort", listOf(int32), omitEmpty) : field("nodePort", int32),
    ...flags("default_command", "set_auth"),
    ...(since41 ? [field("auth_type", text, omitEmpty)] : []),
    ...texts("health_path"),
    ...(since40 ? [field("probe_mode", text, omitEmpty)] : []),
  ]);

const kserve = ({ since42 }: VersionTraits): Shape => {
  const version = field("api_version", text, { omitEmpty: true, absent: "v1" });
  const inference = [field("model_format", text, omitEmpty), field("runtime", text, omitEmpty)];
  const fields = [
    field("type", text, omitEmpty),
    field(
      "inference",
      struct("types.KserveInference", since42 ? [...inference, version] : inference),
      pointer,
    ),
    field(
      "llm_inference",
      struct("types.KserveLLMInference", [field("runtime_image", text, omitEmpty)]),
      pointer,
    ),
    ...texts("storage_uri"),
    ...(since42 ? [] : [version]),
    field("min_scale", int32, omitEmpty),
    field("max_scale", int32, { omitEmpty: true, absent: 1 }),
    field("cpu", text, { absent: "0.2" }),
    field("memory", text, { absent: "256Mi" }),
    field("args", listOf(text), omitEmpty),
    field("env", mapOf(text), omitEmpty),
    field("enable_gpu", flag, omitEmpty),
    field("set_auth", flag, { omitEmpty: true, absent: true }),
  ];
  return {
    ...struct("types.Kserve", fields),
    check: ({ storage_uri: uri, type }) =>
      uri === "" ? "Kserve StorageUri is required" : type === "" ? "Kserve Type is required" : undefined,
  };
};

const volume = struct("types.ServiceVolumeConfig", [
  field("name", text, omitEmpty),
  ...texts("size", "mount_path"),
  field("lifecycle_policy", text, omitEmpty),
]);

const volumeStatus = struct("types.ServiceVolumeStatus", [
  ...flags("enabled"),
  field("name", text, pointer),
  field("phase", text, pointer),
]);

const summaryFields = [
  ...texts("state"),
  field("reason", text, omitEmpty),
  field("last_transition_time", text, omitEmpty),
  field("active_instances", int),
  field("affected_instances", int),
  ...texts("resource_kind"),
];

export const deploymentStatusShape = struct("types.ServiceDeploymentStatus", [
  ...texts("service_name"),
  field("namespace", text, omitEmpty),
  ...summaryFields,
]);

export function serviceShape(traits: VersionTraits): Shape {
  const since40 = (...fields: Field[]): Field[] => (traits.since40 ? fields : []);
  const since41 = (...fields: Field[]): Field[] => (traits.since41 ? fields : []);
  return struct("types.Service", [
    ...texts("name", "cluster_id", "memory", "cpu", "total_memory", "total_cpu"),
    ...since41(...texts("ephemeral_storage_request")),
    ...flags("enable_gpu", "enable_sgx", "image_prefetch"),
    field("synchronous", struct("", [field("min_scale", int), field("max_scale", int)])),
    ...since41(field("federation", federation, pointer)),
    ...texts("log_level", "image"),
    ...flags("alpine"),
    ...texts("token"),
    ...flags("file_stage_in"),
    field("input", listOf(storage)),
    field("output", listOf(storage)),
    field("script", text, omitEmpty),
    field("image_pull_secrets", listOf(text), omitEmpty),
    field("expose", expose(traits)),
    field("environment", struct("", [field("variables", mapOf(text)), field("secrets", mapOf(text))])),
    field("annotations", mapOf(text)),
    ...texts("vo"),
    field("labels", mapOf(text)),
    field("storage_providers", providers, pointer),
    field("clusters", mapOf(cluster), omitEmpty),
    ...texts("owner"),
    field("namespace", text, omitEmpty),
    ...texts("interlink_node_name", "visibility"),
    field("allowed_users", listOf(text)),
    ...texts("isolation_level"),
    field("bucket_list", listOf(text)),
    field("mount", storage),
    ...since40(
      field("volume", volume, pointer),
      field("volume_status", volumeStatus),
      field("deployment", struct("types.ServiceDeploymentSummary", summaryFields), pointer),
    ),
    ...since41(field("kserve", kserve(traits), pointer)),
  ]);
}

export const bucketShape = struct("utils.MinIOBucket", [
  ...texts("bucket_name", "visibility"),
  field("allowed_users", listOf(text)),
]);

export const configShape = struct("types.ConfigForUser", [
  field("allowed_image_repositories", listOf(text), pointer),
]);

export const volumeRequestShape = struct("types.ManagedVolumeCreateRequest", texts("name", "size"));

export const presignShape = struct("buckets.PresignRequest", [
  ...texts("object_key", "operation"),
  field("expires_in", { kind: "int", type: "int" }),
  ...texts("content_type"),
  field("extra_headers", mapOf(text)),
]);

export const quotaShape = struct("types.QuotaUpdateRequest", [
  ...texts("cpu", "memory", "ephemeral_storage", "gpu"),
  field(
    "volumes",
    struct("types.VolumeQuotaUpdate", texts("disk", "volumes", "max_disk_per_volume", "min_disk_per_volume")),
    pointer,
  ),
  field("minio", struct("types.MinIOQuotaUpdate", texts("buckets", "storage_per_bucket")), pointer),
]);

export const federationRequestShape = struct("types.FederationRequest", [field("members", listOf(member))]);
export const membersShape = listOf(member);
export const secretsShape = mapOf(text);
