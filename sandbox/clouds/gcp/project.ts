import { join } from "node:path";

export {
  fileResources as fileProject,
  memoryResources as memoryProject,
  type Resources,
  type ResourceStore as ProjectStore,
  type SimulatedResource,
  type StoredResources as ProjectState,
} from "../resource-store";

/** Where a sandbox's folder has its simulated Google Cloud project. */
export const projectFile = (dir: string): string => join(dir, "gcp", "project.json");
