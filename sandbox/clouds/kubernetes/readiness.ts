import type {
  V1DaemonSet,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Service,
  V1StatefulSet,
  V1StorageClass,
} from "@kubernetes/client-node";
import type { Properties } from "../../../provider";
import { whyNotReady } from "../../cluster-view";
import { textAt } from "./objects";
import type { ObjectStore } from "./store";

/** Ready, not yet (and why), or never any more. */
export type Readiness =
  | { readonly kind: "ready" }
  | { readonly kind: "waiting"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

const ready: Readiness = { kind: "ready" };
const waiting = (why: string): Readiness => ({ kind: "waiting", why });

/**
 * Whether an object does what it is there for, by the criteria of Pulumi's own provider (without its settling times).
 * Kinds that are not named here are ready as soon as they exist.
 */
export async function readinessOf(object: Properties, store: ObjectStore): Promise<Readiness> {
  if (!store.live) return ready;
  switch (`${textAt(object, "apiVersion")} ${textAt(object, "kind")}`) {
    case "apps/v1 Deployment":
      return deployment(typed<V1Deployment>(object), store);
    case "apps/v1 StatefulSet":
      return statefulSet(typed<V1StatefulSet>(object), store);
    case "apps/v1 DaemonSet":
      return daemonSet(typed<V1DaemonSet>(object), store);
    case "batch/v1 Job":
      return job(typed<V1Job>(object), store);
    case "v1 Pod":
      return pod(typed<V1Pod>(object));
    case "v1 PersistentVolumeClaim":
      return claim(typed<V1PersistentVolumeClaim>(object), store);
    case "v1 Service":
      return service(typed<V1Service>(object));
    case "networking.k8s.io/v1 Ingress":
      return ingress(typed<V1Ingress>(object));
    default:
      return ready;
  }
}

/** An answer of the API server, by the type that Kubernetes publishes for it. */
function typed<T>(object: Properties): T {
  return JSON.parse(JSON.stringify(object));
}

async function deployment({ metadata, spec, status }: V1Deployment, store: ObjectStore): Promise<Readiness> {
  const wanted = spec?.replicas ?? 1;
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0))
    return waiting("the controller has not seen it yet");
  const { updatedReplicas = 0, readyReplicas = 0, replicas = 0 } = status ?? {};
  if (updatedReplicas >= wanted && readyReplicas >= wanted && replicas === updatedReplicas) return ready;
  return waiting(
    (await podsOf(spec?.selector.matchLabels, metadata?.namespace, store)) ??
      `${readyReplicas} of ${wanted} pods are ready`,
  );
}

async function statefulSet(
  { metadata, spec, status }: V1StatefulSet,
  store: ObjectStore,
): Promise<Readiness> {
  const wanted = spec?.replicas ?? 1;
  const current =
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
    status?.updateRevision === status?.currentRevision;
  if (current && (status?.readyReplicas ?? 0) >= wanted) return ready;
  return waiting(
    (await podsOf(spec?.selector.matchLabels, metadata?.namespace, store)) ??
      `${status?.readyReplicas ?? 0} of ${wanted} pods are ready`,
  );
}

async function daemonSet({ metadata, spec, status }: V1DaemonSet, store: ObjectStore): Promise<Readiness> {
  const {
    desiredNumberScheduled = 0,
    numberReady = 0,
    updatedNumberScheduled = 0,
    observedGeneration = 0,
  } = status ?? {};
  const current =
    observedGeneration >= (metadata?.generation ?? 0) && updatedNumberScheduled >= desiredNumberScheduled;
  if (current && numberReady >= desiredNumberScheduled) return ready;
  return waiting(
    (await podsOf(spec?.selector.matchLabels, metadata?.namespace, store)) ??
      `${numberReady} of ${desiredNumberScheduled} pods are ready`,
  );
}

async function job({ metadata, spec, status }: V1Job, store: ObjectStore): Promise<Readiness> {
  const condition = (type: string) =>
    status?.conditions?.find((each) => each.type === type && each.status === "True");
  if (condition("Complete") !== undefined) return ready;
  const failed = condition("Failed");
  if (failed !== undefined)
    return { kind: "failed", why: `the Job failed: ${failed.reason ?? ""}: ${failed.message ?? ""}` };
  const why = await podsOf(spec?.selector?.matchLabels, metadata?.namespace, store);
  return waiting(why ?? ((status?.active ?? 0) > 0 ? "it is at work" : "it has not started"));
}

function pod(object: V1Pod): Readiness {
  if (object.status?.phase === "Failed")
    return { kind: "failed", why: `the pod failed: ${object.status.reason ?? ""}` };
  const why = whyNotReady(object);
  return why === undefined ? ready : waiting(why);
}

/** Of a class that waits for the first pod, Pending is as far as a claim gets by itself. */
async function claim({ spec, status }: V1PersistentVolumeClaim, store: ObjectStore): Promise<Readiness> {
  if (status?.phase === "Bound") return ready;
  const name = spec?.storageClassName;
  const found =
    name === undefined
      ? undefined
      : await store.get({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name });
  if (name !== undefined && found === undefined) return waiting(`the cluster has no StorageClass "${name}"`);
  const lazy =
    found !== undefined && typed<V1StorageClass>(found).volumeBindingMode === "WaitForFirstConsumer";
  return lazy && status?.phase === "Pending"
    ? ready
    : waiting(`it is ${status?.phase ?? "Pending"}, not Bound`);
}

function service({ spec, status }: V1Service): Readiness {
  if (spec?.type !== "LoadBalancer" || (status?.loadBalancer?.ingress?.length ?? 0) > 0) return ready;
  return waiting("the load balancer has no address yet");
}

function ingress({ status }: V1Ingress): Readiness {
  return (status?.loadBalancer?.ingress?.length ?? 0) > 0
    ? ready
    : waiting("the ingress controller has given it no address yet");
}

/** What the first pod that is not ready waits for. */
async function podsOf(
  labels: Record<string, string> | undefined,
  namespace: string | undefined,
  store: ObjectStore,
): Promise<string | undefined> {
  if (labels === undefined || namespace === undefined) return undefined;
  for (const object of await store.list("v1", "Pod", namespace, labels)) {
    const pod = typed<V1Pod>(object);
    const why = whyNotReady(pod);
    if (why !== undefined) return `pod ${pod.metadata?.name ?? ""}: ${why}`;
  }
  return undefined;
}
