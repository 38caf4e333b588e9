import { readFileSync, statSync } from "node:fs";
import { nodePoolsIn } from "../../clouds/gcp/node-pools";
import type { SimulatedPool } from "../../clouds/gcp/nodes";
import type { ProjectState } from "../../clouds/gcp/project";

/** What the keeper needs to know of the simulated Google Cloud project. */
export interface Project {
  readonly hasCluster: boolean;
  readonly pools: readonly SimulatedPool[];
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
  const types = Object.values(state.resources).map(({ type }) => type);
  return { hasCluster: types.includes("gcp:container/cluster:Cluster"), pools: nodePoolsIn(state) };
}
