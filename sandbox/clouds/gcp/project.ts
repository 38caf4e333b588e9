import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Properties } from "../../../provider";
import { writePrivate } from "../../control-plane/files";

export interface SimulatedResource {
  /** Type token, such as `gcp:container/cluster:Cluster`. */
  readonly type: string;
  /** Physical name. */
  readonly name: string;
  /** Inputs and outputs, with no marks of secrecy. */
  readonly state: Properties;
}

/** By Google's id, such as `projects/P/locations/L/clusters/C`. */
export type Resources = Readonly<Record<string, SimulatedResource>>;

/** What the simulated Google Cloud project holds. */
export interface ProjectState {
  readonly resources: Resources;
}

export interface ProjectStore {
  read(): Promise<ProjectState>;
  /**
   * One change at a time within this process: `edit` changes the resources it is given, and they are kept when it is
   * done. Where it throws, all stays as it was.
   */
  change<Result>(
    edit: (resources: Record<string, SimulatedResource>) => Promise<Result> | Result,
  ): Promise<Result>;
}

/** Where a sandbox's folder has it. */
export const projectFile = (dir: string): string => join(dir, "gcp", "project.json");

export function memoryProject(): ProjectStore {
  let state: ProjectState = { resources: {} };
  return projectStore(
    async () => state,
    async (changed) => {
      state = changed;
    },
  );
}

/** Kept in a file, and read anew at each use, so that another process sees the same project. */
export function fileProject(path: string): ProjectStore {
  return projectStore(
    () => readProject(path),
    async (state) => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writePrivate(path, `${JSON.stringify(state, undefined, 2)}\n`);
    },
  );
}

async function readProject(path: string): Promise<ProjectState> {
  try {
    const state: ProjectState = JSON.parse(await readFile(path, "utf8"));
    return state;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { resources: {} };
    throw error;
  }
}

function projectStore(
  read: () => Promise<ProjectState>,
  write: (state: ProjectState) => Promise<void>,
): ProjectStore {
  let last: Promise<unknown> = Promise.resolve();
  return {
    read,
    change: (edit) => {
      const change = last.then(async () => {
        const resources = { ...(await read()).resources };
        const result = await edit(resources);
        await write({ resources });
        return result;
      });
      last = change.catch(() => undefined);
      return change;
    },
  };
}
