import { defined } from "../../defined";
import { delegations, kserveApiVersions, topologies, type ServiceSpec } from "../service/service-args";
import type { FdlMap } from "./fdl-map";

export function kserveOf(fdl: FdlMap): ServiceSpec["kserve"] {
  const map = fdl.map("kserve");
  if (map === undefined) return undefined;
  const type = map.choice("type", ["inference", "llm_inference"]);
  if (!map.has("type")) map.refuse("type", "got nothing; allowed: inference, llm_inference");
  const inference = map.map("inference");
  const llm = map.map("llm_inference");
  const common = defined({
    storageUri: map.needed("storage_uri"),
    // Below `inference` from OSCAR 4.2.
    apiVersion:
      map.choice("api_version", kserveApiVersions) ?? inference?.choice("api_version", kserveApiVersions),
    minScale: map.whole("min_scale"),
    maxScale: map.whole("max_scale"),
    cpu: map.text("cpu"),
    memory: map.text("memory"),
    args: map.texts("args"),
    env: map.textMap("env"),
    enableGpu: map.flag("enable_gpu"),
    setAuth: map.flag("set_auth"),
  });
  const kserve: ServiceSpec["kserve"] =
    type === "llm_inference"
      ? {
          type,
          ...common,
          ...(llm && { llmInference: defined({ runtimeImage: llm.text("runtime_image") }) }),
        }
      : {
          type: "inference",
          ...common,
          inference: defined({
            modelFormat: inference?.needed("model_format") ?? "",
            runtime: inference?.text("runtime"),
          }),
        };
  if (type === "inference" && inference === undefined) {
    map.refuse("inference", "got nothing; allowed: a map with model_format");
  }
  if (type === "inference" && llm) map.refuse("llm_inference", "got one; allowed: with type: llm_inference");
  if (type === "llm_inference" && inference)
    map.refuse("inference", "got one; allowed: with type: inference");
  inference?.unknown();
  llm?.unknown();
  map.unknown();
  return kserve;
}

type Federation = NonNullable<ServiceSpec["federation"]>;
type Member = NonNullable<Federation["members"]>[number];

export function federationOf(fdl: FdlMap): ServiceSpec["federation"] {
  const map = fdl.map("federation");
  if (map === undefined) return undefined;
  const federation = defined({
    groupId: map.text("group_id"),
    topology: map.choice("topology", topologies),
    delegation: map.choice("delegation", delegations),
    reschedulerThreshold: map.whole("rescheduler_threshold"),
    members: map.maps("members")?.flatMap(memberOf),
  });
  map.unknown();
  return federation;
}

function memberOf(map: FdlMap): Member[] {
  const type = map.choice("type", ["oscar", "endpoint"]);
  const common = defined({ priority: map.whole("priority"), headers: map.textMap("headers") });
  const members = ((): Member[] => {
    if (type === "oscar") {
      return [
        { type, clusterId: map.needed("cluster_id"), serviceName: map.needed("service_name"), ...common },
      ];
    }
    if (type === "endpoint") {
      return [{ type, url: map.needed("url"), ...defined({ sslVerify: map.flag("ssl_verify") }), ...common }];
    }
    if (!map.has("type")) map.refuse("type", "got nothing; allowed: oscar, endpoint");
    return [];
  })();
  map.unknown();
  return members;
}
