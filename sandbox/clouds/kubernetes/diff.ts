import {
  isList,
  isProperties,
  same,
  Secret,
  Unknown,
  type DiffKind,
  type DiffResult,
  type Properties,
  type Value,
} from "../../../provider";
import { annotation, at } from "./objects";
import { autonamedAnnotation } from "./inputs";

/**
 * The fields that cannot be changed in place: the object is replaced. Pulumi's own provider holds the same table
 * (provider/pkg/provider/diff.go); a prefix stands for all below it.
 */
const forceNew: Record<string, readonly string[]> = {
  ConfigMap: ["data", "binaryData", "immutable"],
  DaemonSet: ["spec.selector"],
  Deployment: ["spec.selector"],
  Job: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  PersistentVolumeClaim: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  ResourceQuota: ["spec.scopes"],
  RoleBinding: ["roleRef"],
  ClusterRoleBinding: ["roleRef"],
  Secret: ["type", "stringData", "data", "immutable"],
  Service: ["spec.clusterIP"],
  StatefulSet: [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  StorageClass: ["parameters", "provisioner"],
  Pod: ["spec"],
};
const always = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

/** Whether a change at this path makes a new object. `metadata.name` and the like always do. */
export function replaces(kind: string, path: string): boolean {
  if (kind === "Pod" && /^spec\.(containers|initContainers)\[\d+\]\.image$/.test(path)) return false;
  return [...always, ...(forceNew[kind] ?? [])].some(
    (prefix) => path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`),
  );
}

/** Of the live object, what the inputs speak of. All else belongs to the API server and to controllers. */
export function prune(live: Value | undefined, shape: Value): Value | undefined {
  if (shape instanceof Secret) return prune(live, shape.value);
  if (isList(live) && isList(shape)) {
    return live.length === shape.length
      ? live.map((item, index) => prune(item, shape[index] ?? null) ?? null)
      : live;
  }
  if (!isProperties(live) || !isProperties(shape)) return live;
  return Object.fromEntries(
    Object.entries(shape).flatMap(([key, inner]) => {
      const value = prune(live[key], inner);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

export interface ObjectDiff {
  readonly kind: string;
  /** The live object as the state has it. */
  readonly live: Properties;
  readonly oldInputs: Properties;
  readonly inputs: Properties;
  readonly ignoreChanges: readonly string[];
}

/** What an update would change, and whether it needs a new object. */
export function diffObjects({ kind, live, oldInputs, inputs, ignoreChanges }: ObjectDiff): DiffResult {
  const before = prune(live, oldInputs) ?? {};
  const found = new Map<string, DiffKind>();
  compare(before, inputs, "", found);
  const detailed = Object.fromEntries(
    [...found]
      .filter(
        ([path]) =>
          !ignoreChanges.some(
            (ignored) => path === ignored || path.startsWith(`${ignored}.`) || path.startsWith(`${ignored}[`),
          ),
      )
      .map(([path, change]) => [path, { kind: change, replaces: replaces(kind, path) }]),
  );
  const replaced = Object.values(detailed).some((change) => change.replaces);
  // Two objects of one name cannot be side by side. A name that Pulumi chose, it chooses anew.
  const nameStays =
    annotation(inputs, autonamedAnnotation) !== "true" &&
    same(at(oldInputs, "metadata", "name"), at(inputs, "metadata", "name")) &&
    same(at(oldInputs, "metadata", "namespace"), at(inputs, "metadata", "namespace"));
  return { changes: Object.keys(detailed).length > 0, detailed, deleteBeforeReplace: replaced && nameStays };
}

function compare(
  before: Value | undefined,
  after: Value | undefined,
  path: string,
  found: Map<string, DiffKind>,
): void {
  if (before instanceof Secret) return compare(before.value, after, path, found);
  if (after instanceof Secret) return compare(before, after.value, path, found);
  if (isProperties(before) && isProperties(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(
        before[key],
        after[key],
        path === "" ? step(key) : `${path}${/[.[\]/]/.test(key) ? "" : "."}${step(key)}`,
        found,
      );
    }
  } else if (isList(before) && isList(after) && before.length === after.length) {
    after.forEach((item, index) => compare(before[index], item, `${path}[${index}]`, found));
  } else if (after instanceof Unknown || !(same(before, after) || (isEmpty(before) && isEmpty(after)))) {
    found.set(path, before === undefined ? "add" : after === undefined ? "delete" : "update");
  }
}

/** A key with dots of its own (`pulumi.com/skipAwait`) is put in brackets, as Pulumi writes property paths. */
function step(key: string): string {
  return /[.[\]/]/.test(key) ? `["${key}"]` : key;
}

/** The API server does not keep what is empty: `env: []`, `labels: {}`, `value: ""` come back as nothing. */
function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (isList(value)) return value.length === 0;
  return isProperties(value) && Object.values(value).every(isEmpty);
}
