import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Properties } from "../../provider";
import { writePrivate } from "../control-plane/files";

export interface SimulatedResource {
  /** Type token, such as `gcp:container/cluster:Cluster`. */
  readonly type: string;
  /** Physical name. */
  readonly name: string;
  /** Inputs and outputs, with no marks of secrecy. */
  readonly state: Properties;
}

/** By the cloud's id, such as `projects/P/locations/L/clusters/C` or `Z0123456789ABCDEFGHIJ`. */
export type Resources = Readonly<Record<string, SimulatedResource>>;

/** What a simulated Google Cloud project or AWS account holds. */
export interface StoredResources {
  readonly resources: Resources;
}

/** Where a simulated cloud keeps what it has. */
export interface ResourceStore {
  read(): Promise<StoredResources>;
  /**
   * One change at a time within this process: `edit` changes the resources it is given, and they are kept when it is
   * done. Where it throws, all stays as it was.
   */
  change<Result>(
    edit: (resources: Record<string, SimulatedResource>) => Promise<Result> | Result,
  ): Promise<Result>;
}

export function memoryResources(): ResourceStore {
  let state: StoredResources = { resources: {} };
  return resourceStore(
    async () => state,
    async (changed) => {
      state = changed;
    },
  );
}

/** Kept in a file, and read anew at each use, so that another process sees the same. */
export function fileResources(path: string): ResourceStore {
  return resourceStore(
    () => readResources(path),
    async (state) => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writePrivate(path, `${JSON.stringify(state, undefined, 2)}\n`);
    },
  );
}

async function readResources(path: string): Promise<StoredResources> {
  try {
    const state: StoredResources = JSON.parse(await readFile(path, "utf8"));
    return state;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { resources: {} };
    throw error;
  }
}

function resourceStore(
  read: () => Promise<StoredResources>,
  write: (state: StoredResources) => Promise<void>,
): ResourceStore {
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
