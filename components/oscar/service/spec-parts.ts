import { defined } from "../../defined";
import { mapValues } from "./document-parts";
import type {
  AuthType,
  Delegation,
  KserveApiVersion,
  LifecyclePolicy,
  ProbeMode,
  ServiceSpec,
  Topology,
} from "./service-args";
import type {
  StorageProviders,
  WireExpose,
  WireFederation,
  WireFederationMember,
  WireKserve,
  WireStorage,
  WireVolume,
} from "./wire";

// All of these take what `comparable` makes of an answer: zeros and false are missing, so that a default of the
// arguments that is neither has to be written out where the answer has nothing.

type Expose = NonNullable<ServiceSpec["expose"]>;
type Storage = NonNullable<ServiceSpec["input"]>[number];
type Volume = NonNullable<ServiceSpec["volume"]>;
type Kserve = NonNullable<ServiceSpec["kserve"]>;
type Federation = NonNullable<ServiceSpec["federation"]>;
type Member = NonNullable<Federation["members"]>[number];
type Providers = NonNullable<ServiceSpec["storageProviders"]>;

/** A value that has to be told, because it is not what holds without a word. */
export const otherThan = <Value>(usual: Value, value: Value | undefined): Value | undefined =>
  value === usual ? undefined : value;

export function exposeOf(expose: WireExpose): Expose {
  return {
    apiPort: portsIn(expose.api_port) ?? [],
    ...defined({
      minScale: otherThan(1, expose.min_scale ?? 0),
      maxScale: otherThan(10, expose.max_scale ?? 0),
      cpuThreshold: otherThan(80, expose.cpu_threshold ?? 0),
      rewriteTarget: expose.rewrite_target,
      nodePort: portsIn(expose.nodePort),
      defaultCommand: expose.default_command,
      setAuth: expose.set_auth,
      authType: expose.auth_type as AuthType | undefined,
      healthPath: expose.health_path,
      probeMode: expose.probe_mode as ProbeMode | undefined,
    }),
  };
}

/** One port as a number, several as a list. */
function portsIn(ports: number | number[] | undefined): number | number[] | undefined {
  return Array.isArray(ports) && ports.length === 1 ? ports[0] : ports;
}

export function storageOf({ storage_provider, path, suffix, prefix }: WireStorage): Storage {
  return defined({ storageProvider: storage_provider, path, suffix, prefix });
}

export function volumeOf(service: string, { name, size, mount_path, lifecycle_policy }: WireVolume): Volume {
  const isMade = size !== undefined;
  return defined({
    name: isMade ? otherThan(service, name) : name,
    size,
    mountPath: mount_path,
    lifecyclePolicy: (isMade ? otherThan("delete", lifecycle_policy) : lifecycle_policy) as
      LifecyclePolicy | undefined,
  });
}

export function kserveOf(kserve: WireKserve): Kserve {
  const isLlm = kserve.type === "llm_inference";
  const common = {
    storageUri: kserve.storage_uri,
    ...defined({
      apiVersion: kserve.api_version as KserveApiVersion | undefined,
      minScale: otherThan(isLlm ? 1 : 0, kserve.min_scale ?? 0),
      maxScale: otherThan(1, kserve.max_scale ?? 0),
      cpu: otherThan("0.2", kserve.cpu),
      memory: otherThan("256Mi", kserve.memory),
      args: kserve.args,
      env: kserve.env,
      enableGpu: kserve.enable_gpu,
      setAuth: otherThan(true, kserve.set_auth ?? false),
    }),
  };
  if (isLlm) {
    const image = kserve.llm_inference?.runtime_image;
    return {
      type: "llm_inference",
      ...common,
      ...(image === undefined ? {} : { llmInference: { runtimeImage: image } }),
    };
  }
  const { model_format = "", runtime } = kserve.inference ?? {};
  return { type: "inference", ...common, inference: defined({ modelFormat: model_format, runtime }) };
}

export function federationOf(federation: WireFederation): Federation {
  return defined({
    groupId: federation.group_id,
    topology: federation.topology as Topology | undefined,
    delegation: federation.delegation as Delegation | undefined,
    reschedulerThreshold: federation.rescheduler_threshold,
    members: federation.members?.map(memberOf),
  });
}

function memberOf({
  type,
  cluster_id = "",
  service_name = "",
  url = "",
  ssl_verify = false,
  ...common
}: WireFederationMember): Member {
  const { priority, headers } = common;
  const rest = defined({ priority, headers });
  return type === "endpoint"
    ? { type, url, ...defined({ sslVerify: otherThan(true, ssl_verify) }), ...rest }
    : { type: "oscar", clusterId: cluster_id, serviceName: service_name, ...rest };
}

export function providersOf(providers: StorageProviders): Providers {
  return defined({
    minio: mapValues(
      providers.minio,
      ({ endpoint = "", verify = false, access_key = "", secret_key = "", region }) =>
        defined({
          endpoint,
          verify: otherThan(true, verify),
          accessKey: access_key,
          secretKey: secret_key,
          region,
        }),
    ),
    s3: mapValues(providers.s3, ({ access_key = "", secret_key = "", region = "" }) => ({
      accessKey: access_key,
      secretKey: secret_key,
      region,
    })),
    onedata: mapValues(providers.onedata, ({ oneprovider_host = "", token = "", space = "" }) => ({
      oneproviderHost: oneprovider_host,
      token,
      space,
    })),
    webdav: mapValues(providers.webdav, ({ hostname = "", login = "", password = "" }) => ({
      hostname,
      login,
      password,
    })),
    rucio: mapValues(providers.rucio, ({ host = "", account = "", rse = "", ...rest }) =>
      defined({
        host,
        account,
        rse,
        refreshToken: rest.refresh_token,
        authHost: rest.auth_host,
        oidcAudience: rest.oidc_audience,
        tokenEndpoint: rest.token_endpoint,
      }),
    ),
  });
}
