import { computeClassKey } from "./pool-properties";

/**
 * The faults of Kubernetes labels on nodes: what Kubernetes takes, less what it and GKE keep for themselves.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */
export function checkLabels(where: string, labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...checkKey(where, key),
    ...(/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(value)
      ? []
      : [
          `${where}: got "${value}" for ${key}; allowed: at most 63 letters, digits, hyphens, underscores and dots, ` +
            "a letter or digit at both ends",
        ]),
  ]);
}

const owners: readonly [pattern: RegExp, owner: string][] = [
  [/(^|\.)(kubernetes|k8s)\.io$/, "Kubernetes'"],
  [/(^|\.)(gke\.io|cloud\.google\.com)$/, "GKE's"],
];

function checkKey(where: string, key: string): string[] {
  const [name = "", prefix] = key.split("/").reverse();
  const sound =
    key.split("/").length <= 2 &&
    /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(name) &&
    (prefix === undefined ||
      /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(prefix));
  if (!sound)
    return [`${where}: got the key "${key}"; allowed: a label's key, such as team or example.com/team`];
  if (key === computeClassKey)
    return [`${where}: got the key "${key}"; allowed: computeClass, which sets it`];
  if (prefix === undefined) return [];
  const [, owner] = owners.find(([pattern]) => pattern.test(prefix)) ?? [];
  return owner === undefined
    ? []
    : [`${where}: got the key "${key}"; allowed: a prefix of your own, for this one is ${owner}`];
}
