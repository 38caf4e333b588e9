import type { ClusterHandle } from "../../host/cluster-handle";

/** A host and a path that lead to a workload. */
export interface TakenRoute {
  readonly host: string;
  readonly path: string;
  readonly workload: string;
}

/** By the cluster's provider, of which a handle has one: who has what, of each program by itself. */
const takenOn = new WeakMap<object, TakenRoute[]>();

/**
 * Notes whose a host and path are. Gateways and ingress controllers would take two, and give all requests to one of them.
 *
 * @returns The fault, where another workload has them.
 */
export function takeRoute({ provider }: Pick<ClusterHandle, "provider">, route: TakenRoute): string[] {
  const taken = takenOn.get(provider) ?? [];
  const faults = clashes(taken, route);
  if (faults.length === 0) takenOn.set(provider, [...taken, route]);
  return faults;
}

/** The faults of a route beside those that are there. */
export function clashes(taken: readonly TakenRoute[], { host, path, workload }: TakenRoute): string[] {
  const other = taken.find(
    (each) => each.host === host && plain(each.path) === plain(path) && each.workload !== workload,
  );
  return other === undefined
    ? []
    : [
        `path: got "${path}" of "${host}" for "${workload}", which leads to "${other.workload}"; allowed: a path or a host of its own`,
      ];
}

/** A slash at the end changes nothing of a prefix. */
function plain(path: string): string {
  return path.replace(/\/+$/, "");
}
