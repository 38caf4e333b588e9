import type { PendingCreate } from "../../engine/recovery";
import type { ProjectStore } from "./project";

/**
 * Looks a pending create up in the simulated project, by its type and the name in its inputs. What has no name (a grant)
 * is no other when it is made twice, and need not be found.
 */
export async function findInProject(
  store: ProjectStore,
  { type, inputs }: PendingCreate,
): Promise<string | undefined> {
  const name = inputs["name"] ?? inputs["accountId"];
  const { resources } = await store.read();
  return Object.entries(resources).find(([, each]) => each.type === type && each.name === name)?.[0];
}
