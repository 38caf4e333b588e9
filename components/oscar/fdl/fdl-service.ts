import { checkImage } from "../../kubernetes/checks";
import { defined } from "../../defined";
import {
  authTypes,
  isolationLevels,
  lifecyclePolicies,
  logLevels,
  probeModes,
  visibilities,
  type ServiceSpec,
} from "../service/service-args";
import { providerOf } from "../service/storage-paths";
import { clustersFor, providersFor } from "./fdl-credentials";
import type { FdlMap } from "./fdl-map";
import { federationOf, kserveOf } from "./fdl-models";

/** What stands at the top of an FDL file, for all its services. */
export interface Shared {
  storageProviders: FdlMap | undefined;
  clusters: FdlMap | undefined;
}

/** An FDL file's service, in typed arguments; the script is read by `scriptOf`, which knows where it lies. */
export function fdlService(
  fdl: FdlMap,
  clusterId: string,
  shared: Shared,
  scriptOf: (path: string | undefined) => string,
): ServiceSpec {
  const input = storageOf(fdl, "input");
  const output = storageOf(fdl, "output");
  const mount = mountOf(fdl);
  const federation = federationOf(fdl);
  const used = [...(input ?? []), ...(output ?? []), ...(mount ? [mount] : [])];
  const spec = defined({
    name: fdl.needed("name"),
    clusterId,
    image: imageOf(fdl),
    script: scriptOf(fdl.text("script")),
    cpu: fdl.text("cpu"),
    memory: fdl.text("memory"),
    totalCpu: fdl.text("total_cpu"),
    totalMemory: fdl.text("total_memory"),
    ephemeralStorageRequest: fdl.text("ephemeral_storage_request"),
    enableGpu: fdl.flag("enable_gpu"),
    enableSgx: fdl.flag("enable_sgx"),
    imagePrefetch: fdl.flag("image_prefetch"),
    imagePullSecrets: fdl.texts("image_pull_secrets"),
    alpine: fdl.flag("alpine"),
    logLevel: fdl.choice("log_level", logLevels),
    synchronous: synchronousOf(fdl),
    input,
    output,
    fileStageIn: fdl.flag("file_stage_in"),
    expose: exposeOf(fdl),
    environment: environmentOf(fdl),
    annotations: fdl.textMap("annotations"),
    labels: fdl.textMap("labels"),
    vo: fdl.text("vo"),
    storageProviders: providersFor(
      used.map(({ storageProvider }) => providerOf(storageProvider)),
      [shared.storageProviders, fdl.map("storage_providers")],
    ),
    clusters: clustersFor(federation, [shared.clusters, fdl.map("clusters")]),
    interlinkNodeName: fdl.text("interlink_node_name"),
    visibility: fdl.choice("visibility", visibilities),
    allowedUsers: fdl.texts("allowed_users"),
    isolationLevel: fdl.choice("isolation_level", isolationLevels),
    mount,
    volume: volumeOf(fdl),
    federation,
    kserve: kserveOf(fdl),
  });
  warnOfOthers(fdl, clusterId);
  return spec;
}

function imageOf(fdl: FdlMap): string {
  const image = fdl.needed("image");
  const untagged = image === "" ? [] : checkImage("", image.replace(/^docker:\/\//, ""));
  if (untagged.length > 0) {
    fdl.warn("image", `got ${JSON.stringify(image)}; better: an image with a tag (not latest) or a digest`);
  }
  return image;
}

function synchronousOf(fdl: FdlMap): ServiceSpec["synchronous"] {
  const map = fdl.map("synchronous");
  const synchronous = map && defined({ minScale: map.whole("min_scale"), maxScale: map.whole("max_scale") });
  map?.unknown();
  return synchronous;
}

function exposeOf(fdl: FdlMap): ServiceSpec["expose"] {
  const map = fdl.map("expose");
  if (map === undefined) return undefined;
  const apiPort = map.wholes("api_port");
  const nodePort = map.wholes("nodePort");
  const expose = defined({
    minScale: map.whole("min_scale"),
    maxScale: map.whole("max_scale"),
    cpuThreshold: map.whole("cpu_threshold"),
    rewriteTarget: map.flag("rewrite_target"),
    // One 0 is what Managers before 4.1 took for none; in a list it asks for any port.
    nodePort: nodePort === 0 ? undefined : nodePort,
    defaultCommand: map.flag("default_command"),
    setAuth: map.flag("set_auth"),
    authType: map.choice("auth_type", authTypes),
    healthPath: map.text("health_path"),
    probeMode: map.choice("probe_mode", probeModes),
  });
  map.unknown();
  if (apiPort === undefined || apiPort === 0 || (Array.isArray(apiPort) && (apiPort[0] ?? 0) === 0)) {
    fdl.warn("expose", "left out, because without an api_port nothing is exposed");
    return undefined;
  }
  return { apiPort, ...expose };
}

function environmentOf(fdl: FdlMap): ServiceSpec["environment"] {
  const map = fdl.map("environment");
  const environment =
    map && defined({ variables: map.textMap("variables"), secrets: map.textMap("secrets") });
  map?.unknown();
  return environment;
}

function storageOf(fdl: FdlMap, side: "input" | "output"): ServiceSpec["input"] {
  return fdl.maps(side)?.map((map) => {
    const place = defined({
      storageProvider: map.needed("storage_provider"),
      path: map.needed("path"),
      suffix: map.texts("suffix"),
      prefix: map.texts("prefix"),
    });
    map.unknown();
    return place;
  });
}

function mountOf(fdl: FdlMap): ServiceSpec["mount"] {
  const map = fdl.map("mount");
  // A Manager writes an empty one where there is none.
  if (map === undefined || !(map.has("storage_provider") || map.has("path"))) return undefined;
  const mount = defined({
    storageProvider: map.needed("storage_provider"),
    path: map.needed("path"),
    options: map.text("options"),
  });
  map.unknown();
  return mount;
}

function volumeOf(fdl: FdlMap): ServiceSpec["volume"] {
  const map = fdl.map("volume");
  const volume =
    map &&
    defined({
      name: map.text("name"),
      size: map.text("size"),
      mountPath: map.needed("mount_path"),
      lifecyclePolicy: map.choice("lifecycle_policy", lifecyclePolicies),
    });
  map?.unknown();
  return volume;
}

const before41 = ["replicas", "delegation", "rescheduler_threshold"];
const ofManager = ["token", "owner", "namespace", "bucket_list", "volume_status", "deployment"];

function warnOfOthers(fdl: FdlMap, clusterId: string): void {
  if ((fdl.text("cluster_id") ?? clusterId) !== clusterId) {
    fdl.warn("cluster_id", `left out, because the service stands under ${JSON.stringify(clusterId)}`);
  }
  for (const name of before41.filter((each) => fdl.has(each))) {
    fdl.warn(name, "left out, because OSCAR reads it no more since 4.1; write it below federation");
  }
  for (const name of ofManager.filter((each) => fdl.has(each))) {
    fdl.warn(name, "left out, because OSCAR sets it");
  }
  fdl.unknown();
}
