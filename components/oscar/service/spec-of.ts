import { defined } from "../../defined";
import { comparable } from "./comparable";
import { observed } from "./drift";
import { userLabels } from "./server-labels";
import type { IsolationLevel, LogLevel, ServiceSpec, Visibility } from "./service-args";
import { exposeOf, federationOf, kserveOf, otherThan, providersOf, storageOf, volumeOf } from "./spec-parts";
import type { WireFederationCluster, WireService } from "./wire";

/**
 * The arguments of a service as the Manager answers it, of any version: the way back from `serviceDocument`, whose
 * result for them means the same as the answer. Left out is what is a default, what is empty, and what the Manager
 * writes: its labels, its own MinIO, the owner and the token. Secrets have their names alone where the answer has no
 * more. What the Manager stores though it is not allowed, such as `visibility: zzz`, is told as it is.
 */
export function specOf(service: WireService): ServiceSpec {
  // In this form every default has one spelling, and what says nothing is missing.
  const found = comparable({ ...service, labels: userLabels(service.labels) });
  const { environment } = found;
  return defined({
    name: found.name,
    clusterId: found.cluster_id,
    image: found.image ?? "",
    script: found.script ?? "",
    cpu: otherThan("0.2", found.cpu),
    memory: otherThan("256Mi", found.memory),
    totalCpu: found.total_cpu,
    totalMemory: found.total_memory,
    ephemeralStorageRequest: found.ephemeral_storage_request,
    enableGpu: found.enable_gpu,
    enableSgx: found.enable_sgx,
    imagePrefetch: found.image_prefetch,
    imagePullSecrets: found.image_pull_secrets,
    alpine: found.alpine,
    logLevel: otherThan("INFO", found.log_level) as LogLevel | undefined,
    synchronous:
      found.synchronous &&
      defined({ minScale: found.synchronous.min_scale, maxScale: found.synchronous.max_scale }),
    input: found.input?.map(storageOf),
    output: found.output?.map(storageOf),
    fileStageIn: found.file_stage_in,
    expose: found.expose && exposeOf(found.expose),
    environment: environment && defined({ variables: environment.variables, secrets: environment.secrets }),
    annotations: found.annotations,
    labels: found.labels,
    vo: found.vo,
    storageProviders: found.storage_providers && providersOf(found.storage_providers),
    clusters: clustersOf(found.clusters),
    interlinkNodeName: found.interlink_node_name,
    visibility: otherThan("private", found.visibility) as Visibility | undefined,
    allowedUsers: found.allowed_users,
    isolationLevel: found.isolation_level as IsolationLevel | undefined,
    mount:
      found.mount &&
      defined({
        storageProvider: found.mount.storage_provider,
        path: found.mount.path,
        options: found.mount.options,
      }),
    volume: found.volume && volumeOf(found.name, found.volume),
    federation: found.federation && federationOf(found.federation),
    kserve: found.kserve && kserveOf(found.kserve),
  });
}

/**
 * The arguments that one would write for a service that is there, to take it over: without what the Manager adds for the
 * user who made it (more labels, the virtual organisation, the owner among the allowed users), which stays without a word.
 */
export const adoptedSpec = (live: WireService): ServiceSpec => specOf(observed({ name: live.name }, live));

function clustersOf(
  clusters: Readonly<Record<string, WireFederationCluster>> | undefined,
): ServiceSpec["clusters"] {
  if (clusters === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(clusters).map(([id, { endpoint, auth_user, auth_password, ssl_verify }]) => [
      id,
      defined({
        endpoint,
        authUser: auth_user,
        authPassword: auth_password,
        // Missing is false in what the Manager answers.
        sslVerify: otherThan(true, ssl_verify ?? false),
      }),
    ]),
  );
}
