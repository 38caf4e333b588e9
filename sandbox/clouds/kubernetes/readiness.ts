import type {
  V1DaemonSet,
  V1Deployment,
  V1EndpointSlice,
  V1Ingress,
  V1Job,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Service,
  V1StatefulSet,
  V1StorageClass,
} from "@kubernetes/client-node";
import type { Properties } from "../../../provider";
import { whyNotReady } from "../../waiting-cause";
import { textAt } from "./objects";
import { heldUp, lastWarning, typed } from "./pods";
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
  switch (`${textAt(object, "apiVersion")} ${textAt(object, "kind")}`) {
    case "apps/v1 Deployment":
      return deployment(object, store);
    case "apps/v1 StatefulSet":
      return statefulSet(object, store);
    case "apps/v1 DaemonSet":
      return daemonSet(object, store);
    case "batch/v1 Job":
      return job(object, store);
    case "v1 Pod":
      return pod(object, store);
    case "v1 PersistentVolumeClaim":
      return claim(object, store);
    case "v1 Service":
      return service(typed<V1Service>(object), store);
    case "networking.k8s.io/v1 Ingress":
      return ingress(typed<V1Ingress>(object), store);
    default:
      return ready;
  }
}

const unseen = waiting("the controller has not seen it yet");

async function deployment(object: Properties, store: ObjectStore): Promise<Readiness> {
  const { metadata, spec, status } = typed<V1Deployment>(object);
  const wanted = spec?.replicas ?? 1;
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return unseen;
  const { updatedReplicas = 0, readyReplicas = 0, replicas = 0, conditions = [] } = status ?? {};
  const condition = (type: string) => conditions.find((each) => each.type === type);
  const available = condition("Available")?.status === "True";
  if (available && updatedReplicas >= wanted && readyReplicas >= wanted && replicas === updatedReplicas)
    return ready;
  // A pod that admission refuses is told here and not on the Deployment's own events.
  const refused = condition("ReplicaFailure");
  if (refused?.status === "True" && replicas === 0) return waiting(refused.message ?? "no pod can be made");
  const why = await heldUp(object, spec?.selector.matchLabels, store);
  return waiting(why ?? `${readyReplicas} of ${wanted} pods are ready`);
}

async function statefulSet(object: Properties, store: ObjectStore): Promise<Readiness> {
  const { metadata, spec, status } = typed<V1StatefulSet>(object);
  const wanted = spec?.replicas ?? 1;
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return unseen;
  // `OnDelete` leaves old pods as they are until someone deletes them.
  const rolled =
    spec?.updateStrategy?.type === "OnDelete" || status?.updateRevision === status?.currentRevision;
  if (rolled && (status?.readyReplicas ?? 0) >= wanted) return ready;
  const why = await heldUp(object, spec?.selector.matchLabels, store);
  return waiting(why ?? `${status?.readyReplicas ?? 0} of ${wanted} pods are ready`);
}

async function daemonSet(object: Properties, store: ObjectStore): Promise<Readiness> {
  const { metadata, spec, status } = typed<V1DaemonSet>(object);
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return unseen;
  const { desiredNumberScheduled = 0, numberReady = 0, updatedNumberScheduled = 0 } = status ?? {};
  if (updatedNumberScheduled >= desiredNumberScheduled && numberReady >= desiredNumberScheduled) return ready;
  const why = await heldUp(object, spec?.selector.matchLabels, store);
  return waiting(why ?? `${numberReady} of ${desiredNumberScheduled} pods are ready`);
}

async function job(object: Properties, store: ObjectStore): Promise<Readiness> {
  const { spec, status } = typed<V1Job>(object);
  const condition = (type: string) =>
    status?.conditions?.find((each) => each.type === type && each.status === "True");
  if (condition("Complete") !== undefined) return ready;
  const failed = condition("Failed");
  if (failed !== undefined) {
    const why = [failed.reason, failed.message].filter((each) => each !== undefined && each !== "");
    return { kind: "failed", why: `the Job failed: ${why.join(": ")}` };
  }
  const why = await heldUp(object, spec?.selector?.matchLabels, store);
  return waiting(why ?? ((status?.active ?? 0) > 0 ? "it is at work" : "it has not started"));
}

async function pod(object: Properties, store: ObjectStore): Promise<Readiness> {
  const { status } = typed<V1Pod>(object);
  if (status?.phase === "Failed") {
    const why = [status.reason, status.message].filter((each) => each !== undefined && each !== "");
    return { kind: "failed", why: `the pod failed${why.length === 0 ? "" : `: ${why.join(": ")}`}` };
  }
  const why = whyNotReady(typed<V1Pod>(object));
  return why === undefined ? ready : waiting((await lastWarning(object, store)) ?? why);
}

/** Of a class that waits for the first pod, Pending is as far as a claim gets by itself. */
async function claim(object: Properties, store: ObjectStore): Promise<Readiness> {
  const { spec, status } = typed<V1PersistentVolumeClaim>(object);
  if (status?.phase === "Bound") return ready;
  if (status?.phase === "Lost") return { kind: "failed", why: "the claim has lost its volume" };
  const name = spec?.storageClassName;
  if (name !== undefined && name !== "") {
    const found = await store.get({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name });
    if (found === undefined) return waiting(`the cluster has no StorageClass "${name}"`);
    if (typed<V1StorageClass>(found).volumeBindingMode === "WaitForFirstConsumer") return ready;
  }
  const why = await lastWarning(object, store);
  return waiting(`it is ${status?.phase ?? "Pending"}, not Bound${why === undefined ? "" : `: ${why}`}`);
}

async function service({ metadata, spec, status }: V1Service, store: ObjectStore): Promise<Readiness> {
  if (spec?.type === "LoadBalancer" && (status?.loadBalancer?.ingress?.length ?? 0) === 0)
    return waiting("the load balancer has no address yet");
  const { type, clusterIP, selector } = spec ?? {};
  if (type === "ExternalName" || clusterIP === "None" || Object.keys(selector ?? {}).length === 0)
    return ready;
  const slices = await slicesOf(metadata?.name ?? "", metadata?.namespace ?? "", store);
  // A Service that selects nothing has a slice too, an empty one.
  if (slices.length === 0) return waiting("its endpoints are not known yet");
  const pods = slices.flatMap(({ endpoints }) => endpoints ?? []);
  const unready = pods.filter(
    ({ conditions }) => conditions?.ready === false && conditions.terminating !== true,
  );
  if (unready.length === 0) return ready;
  return waiting(`${unready.length} of the ${pods.length} pods that it selects are not ready`);
}

/** How long an Ingress is held up by a Service that has no pods, as in Pulumi's own provider. */
const backendGraceMs = 60_000;

async function ingress({ metadata, spec, status }: V1Ingress, store: ObjectStore): Promise<Readiness> {
  if ((status?.loadBalancer?.ingress?.length ?? 0) === 0)
    return waiting("the ingress controller has given it no address yet");
  const backends = [
    spec?.defaultBackend,
    ...(spec?.rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend)),
  ];
  const names = new Set(backends.flatMap((backend) => backend?.service?.name ?? []));
  if (Date.now() - Date.parse(String(metadata?.creationTimestamp ?? "")) > backendGraceMs) return ready;
  for (const name of names) {
    const slices = await slicesOf(name, metadata?.namespace ?? "", store);
    if (!slices.some(({ endpoints }) => (endpoints ?? []).length > 0))
      return waiting(`Service ${name}, which it leads to, has no pods yet`);
  }
  return ready;
}

async function slicesOf(service: string, namespace: string, store: ObjectStore): Promise<V1EndpointSlice[]> {
  const labels = { "kubernetes.io/service-name": service };
  const slices = await store.list("discovery.k8s.io/v1", "EndpointSlice", namespace, { labels });
  return slices.map((slice) => typed<V1EndpointSlice>(slice));
}
