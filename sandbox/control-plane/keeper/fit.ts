import type {
  V1Container,
  V1Node,
  V1NodeSelectorRequirement,
  V1NodeSelectorTerm,
  V1Pod,
  V1Taint,
} from "@kubernetes/client-node";

/** Amounts by resource, in thousandths of their unit, so that the numbers are whole. */
export type Resources = Readonly<Record<string, number>>;

/** A node and what is left on it. */
export interface Room {
  readonly node: V1Node;
  readonly free: Resources;
}

export function roomOn(node: V1Node, pods: readonly V1Pod[]): Room {
  const free = amounts(node.status?.allocatable ?? {});
  return { node, free: pods.reduce((left, pod) => minus(left, requestsOf(pod)), free) };
}

export function withPod({ node, free }: Room, pod: V1Pod): Room {
  return { node, free: minus(free, requestsOf(pod)) };
}

/** Why a pod cannot be on a node, in the scheduler's words; `undefined` where it can. Other pods' wishes do not count. */
export function whyNot(pod: V1Pod, { node, free }: Room): string | undefined {
  const { unschedulable, taints = [] } = node.spec ?? {};
  if (unschedulable === true) return "node(s) were unschedulable";
  const taint = taints.find((each) => !isPassing(each) && !isTolerated(each, pod));
  if (taint !== undefined) {
    const { key, value } = taint;
    return `node(s) had untolerated taint {${key}${value === undefined || value === "" ? "" : `: ${value}`}}`;
  }
  if (!isSelected(node, pod)) return "node(s) didn't match Pod's node affinity/selector";
  const lacking = Object.entries(requestsOf(pod)).find(([name, amount]) => amount > (free[name] ?? 0));
  if (lacking !== undefined) return lacking[0] === "pods" ? "Too many pods" : `Insufficient ${lacking[0]}`;
  return undefined;
}

/** What Kubernetes itself says of a node that is not ready yet goes away again. */
function isPassing({ key, effect }: V1Taint): boolean {
  return key.startsWith("node.kubernetes.io/") || effect === "PreferNoSchedule";
}

function isTolerated(taint: V1Taint, { spec }: V1Pod): boolean {
  return (spec?.tolerations ?? []).some(
    ({ key, operator = "Equal", value = "", effect }) =>
      (key === undefined || key === "" || key === taint.key) &&
      (effect === undefined || effect === "" || effect === taint.effect) &&
      (operator === "Exists" || value === (taint.value ?? "")),
  );
}

function isSelected({ metadata }: V1Node, { spec }: V1Pod): boolean {
  const labels = metadata?.labels ?? {};
  const terms =
    spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const selected = Object.entries(spec?.nodeSelector ?? {}).every(([name, value]) => labels[name] === value);
  return selected && (terms === undefined || terms.some((term) => matches(labels, term)));
}

/** A node that is still to be made has no name that a pod could ask for. */
function matches(
  labels: Record<string, string>,
  { matchExpressions = [], matchFields = [] }: V1NodeSelectorTerm,
) {
  return (
    matchFields.length === 0 &&
    matchExpressions.length > 0 &&
    matchExpressions.every((each) => meets(labels, each))
  );
}

function meets(
  labels: Record<string, string>,
  { key, operator, values = [] }: V1NodeSelectorRequirement,
): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return Number(value) > Number(values[0]);
    case "Lt":
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** What the scheduler sets aside for a pod: its containers together, or its largest init container if that is more. */
export function requestsOf({ spec }: V1Pod): Resources {
  const init = spec?.initContainers ?? [];
  const sidecars = init.filter(({ restartPolicy }) => restartPolicy === "Always").map(requests);
  const before = init.filter(({ restartPolicy }) => restartPolicy !== "Always").map(requests);
  const atWork = [...(spec?.containers ?? []).map(requests), ...sidecars].reduce(plus, {});
  const largest = [...before, atWork].reduce((a, b) => combine(a, b, Math.max), {});
  return { ...plus(largest, amounts(spec?.overhead ?? {})), pods: 1000 };
}

function requests({ resources }: V1Container): Resources {
  return amounts({ ...resources?.limits, ...resources?.requests });
}

const plus = (a: Resources, b: Resources) => combine(a, b, (one, other) => one + other);
const minus = (a: Resources, b: Resources) => combine(a, b, (one, other) => one - other);

function combine(a: Resources, b: Resources, how: (one: number, other: number) => number): Resources {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, how(a[name] ?? 0, b[name] ?? 0)]));
}

function amounts(quantities: Readonly<Record<string, string>>): Resources {
  return Object.fromEntries(Object.entries(quantities).map(([name, text]) => [name, thousandths(text)]));
}

const decimal = ["", "k", "M", "G", "T", "P", "E"];
const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** A quantity of Kubernetes, rounded up to thousandths: `1500m` → 1500, `1Ki` → 1024000. */
export function thousandths(quantity: string): number {
  const [, number = "", suffix = ""] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)(\D*)$/.exec(quantity) ?? [];
  const small = { n: 1e-6, u: 1e-3, m: 1 }[suffix];
  if (small !== undefined) return Math.ceil(Number(number) * small);
  const factor = suffix.endsWith("i") ? 1024 ** binary.indexOf(suffix) : 1000 ** decimal.indexOf(suffix);
  return Math.ceil(Number(number) * 1000 * factor);
}
