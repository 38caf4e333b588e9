import type { Provider } from "@pulumi/kubernetes";
import type { Input, Resource } from "@pulumi/pulumi";
import type { GatewayRef } from "../../exposure/gateway/platform";
import type { TakenRoute } from "../../exposure/gateway/routes-taken";
import { routeTo } from "../../exposure/gateway/workload-route";
import { oscarUploadSeconds } from "./front";
import { managerName } from "./namespaces";
import type { ObjectStorage, ServicePort } from "./object-storage";
import type { OscarClusterArgs } from "./oscar-args";
import { managerPort, managerTimeout } from "./oscar-values";

/** What a host leads to. `where` is its place in the arguments; `timeout` how long an answer may take, in seconds. */
const parts = {
  manager: { where: "host", workload: managerName, timeout: managerTimeout, health: "/health" },
  storage: {
    where: "objectStorage.host",
    workload: "minio",
    timeout: oscarUploadSeconds,
    health: "/minio/health/live",
  },
  console: {
    where: "objectStorage.consoleHost",
    workload: "minio-console",
    timeout: oscarUploadSeconds,
    health: "/",
  },
} as const;

export interface OscarHost {
  readonly part: keyof typeof parts;
  readonly host: string;
}

/** The hosts that lead to OSCAR and its storage, OSCAR's own first. */
export function hostsOf({
  host,
  objectStorage,
}: Pick<OscarClusterArgs, "host" | "objectStorage">): OscarHost[] {
  const manager = { part: "manager", host } as const;
  if (objectStorage.kind === "external") return [manager];
  const { host: api, consoleHost } = objectStorage;
  return [
    manager,
    ...(api === undefined ? [] : [{ part: "storage", host: api } as const]),
    ...(consoleHost === undefined ? [] : [{ part: "console", host: consoleHost } as const]),
  ];
}

export function placeOf({ part }: OscarHost): string {
  return parts[part].where;
}

/** Which route a host's is, to be taken before anything is made. */
export function routeOf({ part, host }: OscarHost): TakenRoute {
  return { host, path: "/", workload: parts[part].workload };
}

/** Where a part's host leads to. */
interface Destination {
  readonly gateway: GatewayRef;
  readonly namespace: Input<string>;
  readonly service: ServicePort;
  readonly parent: Resource;
  readonly provider: Provider;
  /** What brings the Service. */
  readonly dependsOn: readonly Resource[];
}

export type MadeRoute = ReturnType<typeof routeTo>;

/** Leads OSCAR's host to the Manager. */
export function makeManagerRoute(
  name: string,
  host: string,
  destination: Omit<Destination, "service">,
): MadeRoute {
  const service = { name: managerName, port: managerPort };
  return lead(name, { part: "manager", host }, { ...destination, service });
}

/** Leads the storage's hosts to it, where it has some. */
export function makeStorageRoutes(
  name: string,
  hosts: readonly OscarHost[],
  { services, ready }: Pick<ObjectStorage, "services" | "ready">,
  ways: Pick<Destination, "gateway" | "parent" | "provider">,
): Partial<Record<"api" | "console", MadeRoute>> {
  if (services === undefined) return {};
  const made = (part: OscarHost["part"], service: ServicePort) => {
    const host = hosts.find((each) => each.part === part);
    const { namespace } = services;
    return host && lead(name, host, { ...ways, namespace, service, dependsOn: ready });
  };
  const api = made("storage", services.api);
  const console = made("console", services.console);
  return { ...(api && { api }), ...(console && { console }) };
}

function lead(name: string, host: OscarHost, destination: Destination): MadeRoute {
  const { timeout, health } = parts[host.part];
  return routeTo(`${name}-${host.part}`, {
    ...destination,
    ...routeOf(host),
    requestTimeoutSeconds: timeout,
    // MinIO's console and OSCAR's dashboard keep who one is in the browser, and each has one pod.
    sticky: false,
    health: { path: health, port: destination.service.port },
  });
}
