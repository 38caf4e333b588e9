import { join } from "node:path";
import { baseUrl } from "../../../components/oscar/service/client/endpoint";
import type { PendingCreate } from "../../engine/recovery";
import type { WorldSnapshot } from "../../oscar-manager/world.js";
import type { ResourceStore } from "../resource-store";

export { fileResources as fileManagers, memoryResources as memoryManagers } from "../resource-store";

/** Where a sandbox's folder has what its OSCAR Managers hold, service tokens and secrets among it. */
export const managersFile = (dir: string): string => join(dir, "oscar", "managers.json");

/** Whose a Manager is. What is not known is left out. */
export interface Installation {
  /** A digest of the administrator's password. */
  readonly administrator?: string;
  /** What is another after OSCAR was installed anew. */
  readonly id?: string;
}

export interface StoredManager {
  readonly installation: Installation;
  readonly world: WorldSnapshot;
}

/** What Managers are told apart by: their address without its scheme, such as `oscar.example.com`. */
export const addressOf = (endpoint: string): string => baseUrl(endpoint).replace(/^https?:\/\//, "");

export async function readManager(store: ResourceStore, address: string): Promise<StoredManager | undefined> {
  const { resources } = await store.read();
  const state = resources[address]?.state;
  if (state === undefined) return undefined;
  const stored: StoredManager = JSON.parse(JSON.stringify(state));
  return stored;
}

export function writeManager(store: ResourceStore, address: string, manager: StoredManager): Promise<void> {
  return store.change((resources) => {
    resources[address] = {
      type: "oscar:manager",
      name: address,
      state: JSON.parse(JSON.stringify(manager)),
    };
  });
}

/** Looks a pending create up in the Manager that its provider points at. Quotas and lists of images can be set twice. */
export async function findInManagers(
  store: ResourceStore,
  { type, inputs, provider }: PendingCreate,
): Promise<string | undefined> {
  const { endpoint } = provider;
  const { name } = inputs;
  if (!type.startsWith("oscar:") || typeof endpoint !== "string" || typeof name !== "string")
    return undefined;
  const world = (await readManager(store, addressOf(endpoint)))?.world;
  const names: Readonly<Record<string, readonly string[]>> = {
    "oscar:index:Service": withoutNamespace(world?.configMaps),
    "oscar:index:Bucket": Object.keys(world?.minio.buckets ?? {}),
    "oscar:index:Volume": withoutNamespace(world?.volumes),
  };
  return names[type]?.includes(name) === true ? name : undefined;
}

const withoutNamespace = (objects: object = {}): string[] =>
  Object.keys(objects).map((key) => key.slice(key.indexOf("/") + 1));
