import { federationDocument, kserveDocument, providersDocument } from "./document-parts";
import { defined } from "../../defined";
import { withUnixLineEnds } from "./script";
import type { ServiceSpec } from "./service-args";
import { canonicalProvider, storedPath } from "./storage-paths";
import type { WireExpose, WireService, WireStorage, WireVolume } from "./wire";

/**
 * What the Manager shall hold for a service, in the form of OSCAR 4.1 (`toWire` makes an older or newer one of it).
 * The documented defaults are written out, because the Manager fills none in below `expose`, and paths, providers and
 * line ends are as the Manager would store them, so that what it answers can be compared with it. What the Manager
 * adds by itself (owner, token, its labels) is not in it.
 */
export function serviceDocument(spec: ServiceSpec): WireService {
  const { environment = {} } = spec;
  return defined({
    name: spec.name,
    cluster_id: spec.clusterId,
    image: spec.image,
    script: withUnixLineEnds(spec.script),
    cpu: spec.cpu ?? "0.2",
    memory: spec.memory ?? "256Mi",
    total_cpu: spec.totalCpu,
    total_memory: spec.totalMemory,
    ephemeral_storage_request: spec.ephemeralStorageRequest,
    enable_gpu: spec.enableGpu,
    enable_sgx: spec.enableSgx,
    image_prefetch: spec.imagePrefetch,
    image_pull_secrets: listOf(spec.imagePullSecrets),
    alpine: spec.alpine,
    log_level: spec.logLevel ?? "INFO",
    synchronous: spec.synchronous && {
      min_scale: spec.synchronous.minScale ?? 0,
      max_scale: spec.synchronous.maxScale ?? 0,
    },
    input: spec.input?.map((each) => storageDocument(spec.name, each)),
    output: spec.output?.map((each) => storageDocument(spec.name, each)),
    file_stage_in: spec.fileStageIn,
    expose: spec.expose && exposeDocument(spec.expose),
    environment: defined({
      variables: { ...environment.variables },
      // An empty map would be taken for one to write.
      secrets: isEmpty(environment.secrets) ? undefined : { ...environment.secrets },
    }),
    annotations: spec.annotations && { ...spec.annotations },
    labels: spec.labels && { ...spec.labels },
    vo: spec.vo,
    storage_providers: spec.storageProviders && providersDocument(spec.storageProviders),
    clusters: clustersDocument(spec.clusters),
    interlink_node_name: spec.interlinkNodeName,
    visibility: spec.visibility ?? "private",
    allowed_users: listOf(spec.allowedUsers),
    isolation_level: spec.isolationLevel,
    mount:
      spec.mount &&
      defined({
        storage_provider: canonicalProvider(spec.mount.storageProvider),
        path: spec.mount.path,
        options: spec.mount.options,
      }),
    volume: spec.volume && volumeDocument(spec.name, spec.volume),
    federation: spec.federation && federationDocument(spec.federation),
    kserve: spec.kserve && kserveDocument(spec.kserve),
  });
}

/** The ports of `apiPort` or `nodePort`, which are one or a list. */
export const portsOf = (ports: number | readonly number[]): number[] =>
  typeof ports === "number" ? [ports] : [...ports];

function exposeDocument(expose: NonNullable<ServiceSpec["expose"]>): WireExpose {
  return defined({
    api_port: portsOf(expose.apiPort),
    min_scale: expose.minScale ?? 1,
    max_scale: expose.maxScale ?? 10,
    cpu_threshold: expose.cpuThreshold ?? 80,
    rewrite_target: expose.rewriteTarget ?? false,
    nodePort: expose.nodePort === undefined ? undefined : portsOf(expose.nodePort),
    default_command: expose.defaultCommand ?? false,
    set_auth: expose.setAuth ?? false,
    // Older Managers do not have these two; without them newer ones take basic and legacy.
    auth_type: expose.authType,
    probe_mode: expose.probeMode,
    health_path: expose.healthPath ?? "/",
  });
}

function storageDocument(
  service: string,
  { storageProvider, path, suffix, prefix }: NonNullable<ServiceSpec["input"]>[number],
): WireStorage {
  return defined({
    storage_provider: canonicalProvider(storageProvider),
    path: storedPath(service, storageProvider, path),
    suffix: listOf(suffix),
    prefix: listOf(prefix),
  });
}

/** The Manager gives a volume that it makes the service's name, and deletes it with the service. */
function volumeDocument(
  service: string,
  { name, size, mountPath, lifecyclePolicy }: NonNullable<ServiceSpec["volume"]>,
): WireVolume {
  const isMade = size !== undefined;
  return defined({
    name: name ?? (isMade ? service : undefined),
    size,
    mount_path: mountPath,
    lifecycle_policy: lifecyclePolicy ?? (isMade ? "delete" : undefined),
  });
}

function clustersDocument(clusters: ServiceSpec["clusters"]): WireService["clusters"] {
  if (clusters === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(clusters).map(([id, { endpoint, authUser, authPassword, sslVerify }]) => [
      id,
      defined({ endpoint, auth_user: authUser, auth_password: authPassword, ssl_verify: sslVerify ?? true }),
    ]),
  );
}

const listOf = (list: readonly string[] | undefined): string[] | undefined => list && [...list];

const isEmpty = (map: Readonly<Record<string, string>> | undefined): boolean =>
  Object.keys(map ?? {}).length === 0;
