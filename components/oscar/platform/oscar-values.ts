import type { Input } from "@pulumi/pulumi";
import { charts } from "../../versions";
import type { ObjectStorage } from "./object-storage";
import type { OscarClusterArgs } from "./oscar-args";
import { allowedImagesName } from "./allowed-images";
import { servicesNamespace } from "./namespaces";

/** The administrator's, as OSCAR's documentation has it. */
export const administrator = "oscar";

/** Where the Manager listens; its Service too. */
export const managerPort = 8080;

/** How long the Manager takes for an answer at most, in seconds. */
export const managerTimeout = 300;

type Switch = "true" | "false";

/**
 * What OSCAR's chart is told (grycap/helm-charts, oscar 4.1.2): all that is relied on, whether it differs from the chart's
 * own or not, for the Manager has other defaults than its chart. Some booleans are texts there.
 */
export interface OscarValues {
  readonly servicesNamespace: string;
  readonly authUser: string;
  readonly authPass: Input<string>;
  readonly serverlessBackend: "" | "knative";
  readonly UsersAdmin: string;
  readonly service: { readonly type: "ClusterIP"; readonly port: number };
  readonly additionalConfig: { readonly allowedImagePrefix: readonly never[] };
  readonly additionalConfigPath: string;
  readonly replicas: 1;
  readonly ingress: { readonly create: false; readonly host: string };
  readonly image: {
    readonly repository: string;
    readonly tag: string;
    readonly pullPolicy: "IfNotPresent";
  };
  readonly readTimeout: number;
  readonly writeTimeout: number;
  readonly minIO: {
    readonly endpoint: Input<string>;
    readonly TLSVerify: Switch;
    readonly region: string;
    readonly accessKey: Input<string>;
    readonly secretKey: Input<string>;
    readonly quota: { readonly enabled: Switch; readonly buckets: string; readonly storage: string };
  };
  readonly yuniKorn: { readonly enable: false };
  readonly resourceManager: { readonly enable: true; readonly interval: number };
  readonly reScheduler: { readonly enable: false; readonly interval: number; readonly threshold: number };
  readonly oidc: {
    readonly enable: boolean;
    /** With commas between them, as the groups. */
    readonly issuer: string;
    readonly subject: string;
    readonly groups: string;
  };
  readonly volume: {
    readonly storageClassName: string;
    readonly enable: Switch;
    readonly default: {
      readonly available: string;
      readonly max: string;
      readonly max_disk: string;
      readonly min_disk: string;
    };
  };
  readonly kueue: {
    readonly enable: Switch;
    readonly default: {
      readonly cpu: string;
      readonly memory: string;
      readonly flavor: string;
      readonly ephemeralStorage: string;
      readonly gpu: string;
    };
  };
  readonly kserve: { readonly enable: Switch };
  readonly prometheus: { readonly url: string };
  readonly loki: { readonly url: string };
  readonly exposedServices: { readonly routeKind: "httproute" };
  readonly httproute: {
    readonly create: false;
    readonly host: string;
    readonly gateway: { readonly name: Input<string>; readonly namespace: Input<string> };
  };
  readonly ingressServices: { readonly corsAllowedOrigins: string };
}

/** What is found and made around it. */
export interface OscarSurroundings {
  /** The administrator's. */
  readonly password: Input<string>;
  /** What OSCAR's host speaks. */
  readonly scheme: "http" | "https";
  readonly gateway: { readonly name: Input<string>; readonly namespace: Input<string> };
  readonly storage: Pick<ObjectStorage, "endpoint" | "region" | "accessKey" | "secretKey" | "tlsVerify">;
  /** The class of volumes that many nodes mount at once. */
  readonly className: string;
}

export type OscarSwitches = Pick<
  OscarClusterArgs,
  | "host"
  | "knative"
  | "oidc"
  | "quotas"
  | "userVolumes"
  | "kueue"
  | "kserve"
  | "allowedOrigins"
  | "metrics"
  | "version"
>;

/** The bounds of users' volumes where none are said: the chart's. */
export const volumeBounds = { total: "7Gi", count: 5, largest: "5Gi", smallest: "200Mi" } as const;

const repository = "ghcr.io/grycap/oscar";

export function oscarValues(args: OscarSwitches, around: OscarSurroundings): OscarValues {
  const { host, oidc, kserve = false, metrics, version = charts.oscar.version } = args;
  const { storage, gateway } = around;
  return {
    servicesNamespace,
    authUser: administrator,
    authPass: around.password,
    serverlessBackend: args.knative === "none" ? "" : "knative",
    UsersAdmin: listed(oidc?.admins),
    service: { type: "ClusterIP", port: managerPort },
    // The Manager no longer reads what the chart makes of these; allowed-images.ts makes what it does.
    additionalConfig: { allowedImagePrefix: [] },
    additionalConfigPath: allowedImagesName,
    // Two would each have users, tokens and restarts of MinIO of their own.
    replicas: 1,
    // Not for an Ingress: the host in the routes of exposed services comes from here alone.
    ingress: { create: false, host },
    // The Job that fills OSCAR's volume takes the image of its own of the same tag.
    image: { repository, tag: version, pullPolicy: "IfNotPresent" },
    readTimeout: managerTimeout,
    writeTimeout: managerTimeout,
    minIO: {
      endpoint: storage.endpoint,
      TLSVerify: switched(storage.tlsVerify),
      region: storage.region,
      accessKey: storage.accessKey,
      secretKey: storage.secretKey,
      quota: quotaValues(args.quotas),
    },
    yuniKorn: { enable: false },
    // With it come the rights to see nodes, which `/system/status` and the search for GPUs need.
    resourceManager: { enable: true, interval: 15 },
    reScheduler: { enable: false, interval: 15, threshold: 30 },
    oidc: {
      enable: oidc !== undefined,
      issuer: listed(oidc?.issuers),
      subject: oidc?.subject ?? "",
      groups: listed(oidc?.groups),
    },
    volume: { storageClassName: around.className, enable: "true", default: volumeValues(args.userVolumes) },
    kueue: kueueValues(args.kueue),
    kserve: { enable: switched(kserve) },
    prometheus: { url: metrics?.prometheusUrl ?? "" },
    loki: { url: metrics?.lokiUrl ?? "" },
    exposedServices: { routeKind: "httproute" },
    // The chart's own route lets every web page call the Manager (CORS with *); ours is made beside the release.
    httproute: { create: false, host, gateway },
    ingressServices: {
      corsAllowedOrigins: listed([`${around.scheme}://${host}`, ...(args.allowedOrigins ?? [])]),
    },
  };
}

function quotaValues(quotas: OscarClusterArgs["quotas"]): OscarValues["minIO"]["quota"] {
  const { buckets = 5, storage = "5Gi" } = quotas ?? {};
  return { enabled: switched(quotas !== undefined), buckets: String(buckets), storage };
}

function volumeValues(bounds: OscarClusterArgs["userVolumes"] = {}): OscarValues["volume"]["default"] {
  return {
    available: bounds.total ?? volumeBounds.total,
    max: String(bounds.count ?? volumeBounds.count),
    max_disk: bounds.largest ?? volumeBounds.largest,
    min_disk: bounds.smallest ?? volumeBounds.smallest,
  };
}

function kueueValues(quotas: OscarClusterArgs["kueue"]): OscarValues["kueue"] {
  const { cpu = "2", memory = "2Gi", flavor = "oscar-default-flavor" } = quotas ?? {};
  const { ephemeralStorage = "1Gi", gpus = 1 } = quotas ?? {};
  return {
    enable: switched(quotas !== undefined),
    default: { cpu, memory, flavor, ephemeralStorage, gpu: String(gpus) },
  };
}

function switched(on: boolean): Switch {
  return on ? "true" : "false";
}

function listed(texts: readonly string[] = []): string {
  return texts.join(",");
}
