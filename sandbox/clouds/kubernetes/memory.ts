import { randomUUID } from "node:crypto";
import { isProperties, type Properties, type Value } from "../../../provider";
import { loadKubeconfig, type ClusterChoice } from "./kubeconfig";
import { at, idOf, refOf, textAt, without, withoutPath, withValue } from "./objects";
import { existing, Plausible } from "./plausible";
import {
  KubernetesError,
  type KindInfo,
  type ObjectRef,
  type ObjectStore,
  type Selectors,
  type WriteOptions,
} from "./store";

/** The kinds that belong to the cluster and to no namespace: Kubernetes' own, and of others those we know. */
const clusterKinds =
  /^(APIService|Cluster[A-Z]\w*|CSIDriver|CustomResourceDefinition|GatewayClass|IngressClass|\w+WebhookConfiguration|Namespace|Node|PersistentVolume|PriorityClass|ResourceFlavor|RuntimeClass|StorageClass|\w+AdmissionPolicy|\w+AdmissionPolicyBinding|VolumeSnapshotClass)$/;

/** Keeps objects in memory, for offline previews and unit tests: no scheduler, no controllers, no admission. */
export function memoryStore(): ObjectStore {
  return new Memory();
}

/** A store for each cluster that a program's providers name: in another one, nothing of the first is there. */
export function memoryStores(): (cluster: ClusterChoice) => ObjectStore {
  const stores = new Map<string, ObjectStore>();
  return (cluster) => {
    const key = serverOf(cluster);
    const store = stores.get(key) ?? memoryStore();
    stores.set(key, store);
    return store;
  };
}

/** A preview may know no kubeconfig yet, and a stack for a cluster of elsewhere has none here: then any will do. */
function serverOf(cluster: ClusterChoice): string {
  try {
    return loadKubeconfig(cluster).getCurrentCluster()?.server ?? "";
  } catch {
    return cluster.context ?? "";
  }
}

interface Entry {
  readonly object: Properties;
  /** What each field manager asked for last; what it does not ask for any more goes. */
  readonly applied: ReadonlyMap<string, Properties>;
}

class Memory implements ObjectStore {
  readonly live = false;
  private readonly entries = new Map<string, Entry>();
  private readonly plausible = new Plausible();

  async kind(apiVersion: string, kind: string): Promise<KindInfo> {
    const definition = [...this.entries.values()].find(
      ({ object }) =>
        object["kind"] === "CustomResourceDefinition" &&
        textAt(object, "spec", "names", "kind") === kind &&
        apiVersion.startsWith(`${textAt(object, "spec", "group")}/`),
    );
    const scope = textAt(definition?.object, "spec", "scope");
    const namespaced = scope === undefined ? !clusterKinds.test(kind) : scope === "Namespaced";
    return { plural: `${kind.toLowerCase()}s`, namespaced };
  }

  async get(ref: ObjectRef): Promise<Properties | undefined> {
    return this.entries.get(keyOf(ref))?.object ?? existing(ref);
  }

  async create(object: Properties, options: WriteOptions): Promise<Properties> {
    const ref = refOf(object);
    if (this.entries.has(keyOf(ref))) {
      const { plural } = await this.kind(ref.apiVersion, ref.kind);
      throw new KubernetesError(409, "AlreadyExists", `${plural} "${ref.name}" already exists`);
    }
    return this.save(object, object, options);
  }

  async apply(object: Properties, options: WriteOptions): Promise<Properties> {
    const before = this.entries.get(keyOf(refOf(object)));
    const last = before?.applied.get(options.fieldManager) ?? {};
    return this.save(merge(subtract(before?.object ?? {}, last, object), object), object, options);
  }

  async patch(ref: ObjectRef, operations: readonly Properties[], options: WriteOptions): Promise<Properties> {
    const before = this.entries.get(keyOf(ref));
    if (before === undefined) throw new KubernetesError(404, "NotFound", `"${ref.name}" not found`);
    const after = operations.reduce((object, operation) => {
      const path = (textAt(operation, "path") ?? "").split("/").slice(1).map(unescapePointer);
      // Who owns what is kept beside the object.
      if (path.includes("managedFields")) return object;
      return operation["op"] === "remove"
        ? withoutPath(object, path)
        : withValue(object, path, operation["value"] ?? null);
    }, before.object);
    return this.save(after, {}, options);
  }

  async delete(ref: ObjectRef): Promise<boolean> {
    const existed = this.entries.delete(keyOf(ref));
    if (ref.kind === "Namespace") {
      for (const [key, { object }] of this.entries)
        if (textAt(object, "metadata", "namespace") === ref.name) this.entries.delete(key);
    }
    return existed;
  }

  async list(apiVersion: string, kind: string, namespace: string, { labels = {} }: Selectors = {}) {
    return [...this.entries.values()]
      .map(({ object }) => object)
      .filter(
        (object) =>
          object["apiVersion"] === apiVersion &&
          object["kind"] === kind &&
          textAt(object, "metadata", "namespace") === namespace &&
          Object.entries(labels).every(([key, value]) => textAt(object, "metadata", "labels", key) === value),
      );
  }

  private save(object: Properties, applied: Properties, { dryRun, fieldManager }: WriteOptions): Properties {
    const key = keyOf(refOf(object));
    const before = this.entries.get(key);
    const managers = new Map([...(before?.applied ?? []), [fieldManager, applied]]);
    const identity = {
      uid: textAt(before?.object, "metadata", "uid") ?? randomUUID(),
      creationTimestamp: textAt(before?.object, "metadata", "creationTimestamp") ?? new Date().toISOString(),
      resourceVersion: String(Number(textAt(before?.object, "metadata", "resourceVersion") ?? 0) + 1),
      managedFields: [...managers].map(([manager, asked]) => ({
        manager,
        operation: "Apply",
        fieldsV1: fieldsOf(asked),
      })),
    };
    const metadata = at(object, "metadata");
    const complete = this.plausible.complete({
      ...object,
      metadata: { ...(isProperties(metadata) ? metadata : {}), ...identity },
    });
    if (dryRun !== true) this.entries.set(key, { object: complete, applied: managers });
    return complete;
  }
}

function keyOf(ref: ObjectRef): string {
  return `${ref.apiVersion} ${ref.kind} ${idOf(ref)}`;
}

/** `live` without what `last` asked for and `next` does not. */
function subtract(live: Properties, last: Properties, next: Properties): Properties {
  return Object.fromEntries(
    Object.entries(live).flatMap(([key, value]) => {
      const [before, after] = [last[key], next[key]];
      if (before === undefined) return [[key, value]];
      if (after === undefined) return [];
      return isProperties(value) && isProperties(before) && isProperties(after)
        ? [[key, subtract(value, before, after)]]
        : [[key, value]];
    }),
  );
}

/** Maps are merged, everything else is replaced: lists are not matched by their keys here. */
function merge(live: Properties, next: Properties): Properties {
  return Object.fromEntries(
    [...new Set([...Object.keys(live), ...Object.keys(next)])].map((key) => {
      const [before, after] = [live[key], next[key]];
      return [
        key,
        isProperties(before) && isProperties(after) ? merge(before, after) : (after ?? before ?? null),
      ];
    }),
  );
}

/** RFC 6901 */
function unescapePointer(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** The set of fields that an object sets, as `managedFields` notes them: not its name, not what the server fills in. */
function fieldsOf(object: Properties): Properties {
  const fields = (item: Value): Value =>
    isProperties(item)
      ? Object.fromEntries(Object.entries(item).map(([key, inner]) => [`f:${key}`, fields(inner)]))
      : {};
  const metadata = at(object, "metadata");
  const told = isProperties(metadata) ? without(metadata, "name", "namespace") : {};
  const set = fields({ ...without(object, "apiVersion", "kind", "metadata"), metadata: told });
  return isProperties(set) ? set : {};
}
