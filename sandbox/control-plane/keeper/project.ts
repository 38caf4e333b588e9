import { readFileSync, statSync } from "node:fs";
import { nodePoolsIn } from "../../clouds/gcp/node-pools";
import type { SimulatedPool } from "../../clouds/gcp/nodes";
import type { ProjectState } from "../../clouds/gcp/project";
import { listAt, textAt } from "../../clouds/kubernetes/objects";

/** What the keeper needs to know of the simulated Google Cloud project. */
export interface Project {
  /** The one that stands on the API server, if any. */
  readonly cluster?: SimulatedCluster;
  readonly pools: readonly SimulatedPool[];
  readonly addresses: readonly ReservedAddress[];
}

/** An address that is the project's, by a name. */
export interface ReservedAddress {
  readonly name: string;
  readonly scope: "global" | "regional";
  readonly ip: string;
}

const addressScopes: Readonly<Record<string, ReservedAddress["scope"]>> = {
  "gcp:compute/globalAddress:GlobalAddress": "global",
  "gcp:compute/address:Address": "regional",
};

export interface SimulatedCluster {
  readonly name: string;
  /** Where its nodes can be. */
  readonly zones: readonly string[];
}

/** Reads the project's file again where it has changed; `undefined` while there is none. */
export class ProjectFile {
  private read: { readonly stamp: string; readonly project: Project } | undefined;

  constructor(private readonly path: string) {}

  project(): Project | undefined {
    const stat = statSync(this.path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    // It is written under another name first, so that each version is a file of its own.
    const stamp = `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
    if (this.read?.stamp !== stamp)
      this.read = { stamp, project: projectOf(JSON.parse(readFileSync(this.path, "utf8"))) };
    return this.read.project;
  }
}

export function projectOf(state: ProjectState): Project {
  const cluster = Object.values(state.resources).find(({ type }) => type === "gcp:container/cluster:Cluster");
  return {
    ...(cluster !== undefined && {
      cluster: { name: cluster.name, zones: listAt(cluster.state, "nodeLocations").map(String) },
    }),
    pools: nodePoolsIn(state),
    addresses: Object.values(state.resources).flatMap(({ type, name, state: of }) => {
      const [scope, ip] = [addressScopes[type], textAt(of, "address")];
      return scope === undefined || ip === undefined ? [] : [{ name, scope, ip }];
    }),
  };
}
