import { withoutZeros } from "./differences";
import { withUnixLineEnds } from "./script";
import { logLevels } from "./service-args";
import { canonicalProvider, storedPath, trimPath } from "./storage-paths";
import { fromWire } from "./to-wire";
import type { WireExpose, WireFederation, WireKserve, WireMount, WireService, WireStorage } from "./wire";

/**
 * A service in one spelling of what the Manager takes for the same: its defaults are filled in or left out, what is
 * empty is missing, and what only the Manager writes is gone (but for the labels; `server-labels.ts`). Two services
 * mean the same when these are equal; as a body it is not fit.
 */
export function comparable(service: WireService): WireService {
  const { token, namespace, volume_status, deployment, bucket_list, owner, ...read } = fromWire(service);
  const { name } = service;
  const document = {
    ...read,
    script: withUnixLineEnds(read.script ?? ""),
    cpu: filled(read.cpu, "0.2"),
    memory: filled(read.memory, "256Mi"),
    log_level: logLevel(read.log_level),
    visibility: filled(read.visibility, "private"),
    isolation_level: unless(read.isolation_level?.toUpperCase(), "SERVICE"),
    allowed_users: (read.allowed_users ?? []).map((user) => user.trim()).filter((user) => user !== ""),
    input: (read.input ?? []).map((each) => storage(name, each)),
    output: (read.output ?? []).map((each) => storage(name, each)),
    expose: read.expose && expose(read.expose),
    mount: read.mount && mount(read.mount),
    volume: read.volume && volume(name, read.volume),
    federation: read.federation && federation(name, read.federation),
    kserve: read.kserve && kserve(read.kserve),
    storage_providers: read.storage_providers && withoutServerProvider(read.storage_providers),
  };
  // The name, which is all that has to be there, is never empty.
  return { ...withoutZeros(document), name };
}

/** A desired service with what would mean something else in a body than in an answer, when it is missing. */
export function asSent(service: WireService): WireService {
  if (service.kserve === undefined) return service;
  return { ...service, kserve: { min_scale: 0, max_scale: 1, set_auth: true, ...service.kserve } };
}

const filled = (text: string | undefined, otherwise: string): string =>
  text === undefined || text === "" ? otherwise : text;

/** A default that is as good as nothing. */
const unless = (text: string | undefined, usual: string): string => (text === usual ? "" : (text ?? ""));

/** The Manager takes what it does not know for INFO. */
function logLevel(given: string | undefined): string {
  return logLevels.find((level) => level === given?.toUpperCase()) ?? "INFO";
}

function storage(service: string, { storage_provider: provider, path, ...rest }: WireStorage): WireStorage {
  return {
    ...rest,
    storage_provider: canonicalProvider(provider),
    path: storedPath(service, provider, path),
  };
}

/** Without a port the service is not exposed, whatever else is said. */
function expose({ health_path, auth_type, probe_mode, ...rest }: WireExpose): WireExpose | undefined {
  const [port] = [rest.api_port ?? []].flat();
  if (port === undefined || port === 0) return undefined;
  return {
    ...rest,
    health_path: unless(health_path, "/"),
    auth_type: unless(auth_type, "basic"),
    probe_mode: unless(probe_mode, "legacy"),
  };
}

function mount({ storage_provider: provider, path, ...rest }: WireMount): WireMount | undefined {
  if (provider === "") return undefined;
  return { ...rest, storage_provider: canonicalProvider(provider), path: trimPath(path) };
}

function volume(service: string, given: NonNullable<WireService["volume"]>): WireService["volume"] {
  if ((given.size ?? "") === "") return given;
  return {
    ...given,
    name: filled(given.name, service),
    lifecycle_policy: filled(given.lifecycle_policy, "delete"),
  };
}

function federation(service: string, given: WireFederation): WireFederation {
  return {
    ...given,
    group_id: unless(given.group_id, service),
    topology: unless(given.topology, "none"),
    delegation: unless(given.delegation, "static"),
  };
}

function kserve(given: WireKserve): WireKserve {
  return {
    ...given,
    api_version: unless(given.api_version, "v1"),
    cpu: filled(given.cpu, "0.2"),
    memory: filled(given.memory, "256Mi"),
  };
}

/** The Manager writes the cluster's own MinIO over whatever it is sent. */
function withoutServerProvider({
  minio,
  ...others
}: NonNullable<WireService["storage_providers"]>): WireService["storage_providers"] {
  const { default: server, ...rest } = minio ?? {};
  return { ...others, minio: rest };
}
