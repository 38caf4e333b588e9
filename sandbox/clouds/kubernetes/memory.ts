import { randomUUID } from "node:crypto";
import { isProperties, type Properties, type Value } from "../../../provider";
import { at, idOf, refOf, textAt, withValue } from "./objects";
import { KubernetesError, type KindInfo, type ObjectRef, type ObjectStore, type WriteOptions } from "./store";

/** Kubernetes' own kinds that belong to the cluster and to no namespace. */
const clusterKinds = new Set([
  "APIService",
  "ClusterRole",
  "ClusterRoleBinding",
  "CSIDriver",
  "CustomResourceDefinition",
  "GatewayClass",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeSnapshotClass",
]);

/** Keeps objects in memory, for offline previews and unit tests: no scheduler, no controllers, no admission. */
export function memoryStore(): ObjectStore {
  return new Memory();
}

class Memory implements ObjectStore {
  readonly live = false;
  private readonly objects = new Map<string, Properties>();
  private addresses = 0;

  async kind(_apiVersion: string, kind: string): Promise<KindInfo> {
    return { plural: `${kind.toLowerCase()}s`, namespaced: !clusterKinds.has(kind) };
  }

  async get(ref: ObjectRef): Promise<Properties | undefined> {
    return this.objects.get(keyOf(ref));
  }

  async create(object: Properties, { dryRun, fieldManager }: WriteOptions): Promise<Properties> {
    const ref = refOf(object);
    if (this.objects.has(keyOf(ref))) {
      throw new KubernetesError(
        409,
        "AlreadyExists",
        `${ref.kind.toLowerCase()}s "${ref.name}" already exists`,
      );
    }
    return this.save(withValue(object, ["metadata", "uid"], randomUUID()), fieldManager, dryRun);
  }

  async apply(object: Properties, { dryRun, fieldManager }: WriteOptions): Promise<Properties> {
    const before = this.objects.get(keyOf(refOf(object)));
    const uid = textAt(before, "metadata", "uid") ?? randomUUID();
    return this.save(withValue(object, ["metadata", "uid"], uid), fieldManager, dryRun);
  }

  async patch(ref: ObjectRef): Promise<Properties> {
    return this.objects.get(keyOf(ref)) ?? {};
  }

  async delete(ref: ObjectRef): Promise<boolean> {
    const existed = this.objects.delete(keyOf(ref));
    if (ref.kind === "Namespace") {
      for (const [key, object] of this.objects)
        if (textAt(object, "metadata", "namespace") === ref.name) this.objects.delete(key);
    }
    return existed;
  }

  async list(apiVersion: string, kind: string, namespace: string): Promise<Properties[]> {
    return [...this.objects.values()].filter(
      (object) =>
        object["apiVersion"] === apiVersion &&
        object["kind"] === kind &&
        textAt(object, "metadata", "namespace") === namespace,
    );
  }

  private save(object: Properties, manager: string, dryRun = false): Properties {
    const complete = this.complete(object, manager);
    if (!dryRun) this.objects.set(keyOf(refOf(object)), complete);
    return complete;
  }

  /** What the rest of a cluster would add, as far as programs read it. */
  private complete(object: Properties, manager: string): Properties {
    const managed = withValue(
      object,
      ["metadata", "managedFields"],
      [{ manager, operation: "Apply", fieldsV1: fieldsOf(object) }],
    );
    const type = textAt(object, "spec", "type");
    if (object["kind"] === "Service") {
      const clusterIP =
        textAt(object, "spec", "clusterIP") ?? `10.96.0.${((this.addresses++ % 250) + 1).toString()}`;
      const addressed = withValue(managed, ["spec", "clusterIP"], clusterIP);
      return type === "LoadBalancer"
        ? withValue(addressed, ["status", "loadBalancer", "ingress"], [{ ip: "192.0.2.10" }])
        : addressed;
    }
    if (object["kind"] === "Ingress")
      return withValue(managed, ["status", "loadBalancer", "ingress"], [{ ip: "192.0.2.10" }]);
    return managed;
  }
}

function keyOf(ref: ObjectRef): string {
  return `${ref.apiVersion} ${ref.kind} ${idOf(ref)}`;
}

/** The set of fields that an object sets, as `managedFields` notes them. */
function fieldsOf(value: Properties): Properties {
  const fields = (item: Value): Value =>
    isProperties(item)
      ? Object.fromEntries(Object.entries(item).map(([key, inner]) => [`f:${key}`, fields(inner)]))
      : {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "apiVersion" && key !== "kind")
      .map(([key, inner]) => [`f:${key}`, fields(key === "metadata" ? withoutServerFields(inner) : inner)]),
  );
}

function withoutServerFields(metadata: Value): Value {
  const kept = ["labels", "annotations"];
  return Object.fromEntries(
    kept.flatMap((key) => (at(metadata, key) === undefined ? [] : [[key, at(metadata, key) ?? null]])),
  );
}
