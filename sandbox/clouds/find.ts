import type { PendingCreate } from "../engine/recovery";
import type { ResourceStore, SimulatedResource } from "./resource-store";

/**
 * Looks a pending create up in a simulated project or account: the newest of its type that has its name and no other
 * words than its inputs (two records of one name differ in theirs). What has no name (a grant) is no other when it is
 * made twice, and need not be found.
 */
export async function findInProject(
  store: ResourceStore,
  { type, inputs }: PendingCreate,
): Promise<string | undefined> {
  const name = inputs["name"] ?? inputs["accountId"];
  const fits = (each: SimulatedResource) =>
    each.type === type && each.name === name && !contradicts(each, inputs);
  const { resources } = await store.read();
  return Object.entries(resources)
    .filter(([, each]) => fits(each))
    .at(-1)?.[0];
}

function contradicts({ state }: SimulatedResource, inputs: PendingCreate["inputs"]): boolean {
  return Object.entries(inputs).some(
    ([key, value]) => typeof value === "string" && typeof state[key] === "string" && state[key] !== value,
  );
}
