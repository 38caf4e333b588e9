import {
  ApiException,
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  NetworkingV1Api,
  type V1Ingress,
  type V1Job,
  type V1Service,
} from "@kubernetes/client-node";
import { certificateRow, gatewayRow, routeRow } from "./exposure-rows";
import { waitingCause } from "./waiting-cause";

/** One line of the summary: what it is, its physical name, how it is. */
export interface ComponentState {
  readonly component: string;
  readonly object: string;
  readonly state: string;
}

/** A pod that is not yet what it should be, and why. */
export interface Waiting {
  readonly component: string;
  readonly pod: string;
  readonly cause: string;
}

/** Reads what a person wants to know of a namespace; changes nothing. */
export class ClusterView {
  private readonly core: CoreV1Api;
  private readonly apps: AppsV1Api;
  private readonly batch: BatchV1Api;
  private readonly networking: NetworkingV1Api;
  private readonly custom: CustomObjectsApi;

  constructor(kubeconfig: string) {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    this.core = config.makeApiClient(CoreV1Api);
    this.apps = config.makeApiClient(AppsV1Api);
    this.batch = config.makeApiClient(BatchV1Api);
    this.networking = config.makeApiClient(NetworkingV1Api);
    this.custom = config.makeApiClient(CustomObjectsApi);
  }

  async components(namespace: string): Promise<ComponentState[]> {
    const [claims, jobs, deployments, sets, services, ingresses, exposure] = await Promise.all([
      this.core.listNamespacedPersistentVolumeClaim({ namespace }),
      this.batch.listNamespacedJob({ namespace }),
      this.apps.listNamespacedDeployment({ namespace }),
      this.apps.listNamespacedStatefulSet({ namespace }),
      this.core.listNamespacedService({ namespace }),
      this.networking.listNamespacedIngress({ namespace }),
      this.exposure(namespace),
    ]);
    return [
      ...claims.items.map(({ metadata, spec, status }) => ({
        component: called(metadata?.name, { "-model-pvc": "model volume" }, "volume"),
        object: metadata?.name ?? "",
        state: `${status?.phase ?? "Pending"}, ${status?.capacity?.storage ?? "no size yet"} ${spec?.accessModes?.join() ?? ""}`,
      })),
      ...jobs.items.map((job) => ({
        component: called(job.metadata?.name, { "-training-job": "training job" }, "job"),
        object: job.metadata?.name ?? "",
        state: jobState(job),
      })),
      ...[...deployments.items, ...sets.items].map(({ metadata, spec, status }) => ({
        component: "serviceName" in (spec ?? {}) ? "stateful set" : "deployment",
        object: metadata?.name ?? "",
        state: `${status?.readyReplicas ?? 0} of ${spec?.replicas ?? 1} ready`,
      })),
      ...services.items.map((service) => ({
        component: "service",
        object: service.metadata?.name ?? "",
        state: serviceState(service),
      })),
      ...ingresses.items.map((ingress) => ({
        component: "ingress",
        object: ingress.metadata?.name ?? "",
        state: ingressState(ingress),
      })),
      ...exposure,
    ];
  }

  /** Gateways, their routes and certificates: kinds that a cluster need not have. */
  private async exposure(namespace: string): Promise<ComponentState[]> {
    const list = async <T>(group: string, plural: string, row: (object: T) => ComponentState) => {
      try {
        const found: { readonly items: readonly T[] } = await this.custom.listNamespacedCustomObject({
          group,
          version: "v1",
          namespace,
          plural,
        });
        return found.items.map(row);
      } catch (error) {
        if (error instanceof ApiException && error.code === 404) return [];
        throw error;
      }
    };
    const rows = await Promise.all([
      list("gateway.networking.k8s.io", "gateways", gatewayRow),
      list("gateway.networking.k8s.io", "httproutes", routeRow),
      list("cert-manager.io", "certificates", certificateRow),
    ]);
    return rows.flat();
  }

  /** How many nodes there are by the value of a label. */
  async nodesBy(label: string): Promise<Readonly<Record<string, number>>> {
    const { items } = await this.core.listNode({ labelSelector: label });
    const counts: Record<string, number> = {};
    for (const { metadata } of items) {
      const value = metadata?.labels?.[label] ?? "";
      counts[value] = (counts[value] ?? 0) + 1;
    }
    return counts;
  }

  /** The pods that hold things up, each with the cause that Kubernetes itself gives. */
  async waiting(namespace: string): Promise<Waiting[]> {
    const [pods, events] = await Promise.all([
      this.core.listNamespacedPod({ namespace }),
      this.core.listNamespacedEvent({ namespace }),
    ]);
    return pods.items.flatMap((pod) => {
      const cause = waitingCause(pod, events.items);
      const component = pod.metadata?.labels?.["app.kubernetes.io/name"] ?? "a pod";
      return cause === undefined ? [] : [{ component, pod: pod.metadata?.name ?? "", cause }];
    });
  }
}

/** By what the program names its own (infra/workloads.ts): others have volumes and Jobs for reasons of theirs. */
function called(name: string | undefined, own: Readonly<Record<string, string>>, otherwise: string): string {
  return Object.entries(own).find(([part]) => name?.includes(part))?.[1] ?? otherwise;
}

export function jobState(job: V1Job): string {
  const is = (type: string) =>
    job.status?.conditions?.find((each) => each.type === type && each.status === "True");
  const failed = is("Failed");
  if (is("Complete") !== undefined) return "complete";
  if (failed !== undefined) return `failed: ${failed.reason ?? ""} ${failed.message ?? ""}`.trim();
  return (job.status?.active ?? 0) > 0 ? "at work" : "waiting to start";
}

export function serviceState(service: V1Service): string {
  const ports = (service.spec?.ports ?? []).map(
    ({ port, nodePort }) => `${port}${nodePort === undefined ? "" : `:${nodePort}`}`,
  );
  const address =
    service.status?.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname ?? "").join() ?? "";
  return `${service.spec?.type ?? "ClusterIP"} port ${ports.join()}${address === "" ? "" : `, ${address}`}`;
}

export function ingressState(ingress: V1Ingress): string {
  const address =
    ingress.status?.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname ?? "").join() ?? "";
  const hosts = (ingress.spec?.rules ?? []).map(({ host }) => host ?? "any host").join();
  return `${hosts}, ${address === "" ? "no address yet" : address}`;
}
