import type { ClusterHandle } from "../../host/cluster-handle";
import { managerName, servicesNamespace } from "./namespaces";

/** By the cluster's provider, of which a handle has one: the OSCAR that it has. */
const takenOn = new WeakMap<object, string>();

/** Notes that a cluster has an OSCAR. @returns The fault, where it has another one. */
export function takeCluster({ provider }: Pick<ClusterHandle, "provider">, name: string): string[] {
  const other = takenOn.get(provider);
  if (other !== undefined) {
    return [
      `cluster: has the OscarCluster "${other}"; allowed: one, because its namespaces ${managerName} and ` +
        `${servicesNamespace} are known by these names`,
    ];
  }
  takenOn.set(provider, name);
  return [];
}
