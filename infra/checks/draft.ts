import type { Environment } from "../schema/environment";
import type { SecretValue } from "../secrets";

/** A document of which any part may be missing, because it was faulty; what is there is sound. */
export type Draft = Sound<Environment>;

/** A host of one kind. */
export type HostDraft<Kind extends Environment["host"]["kind"]> = Sound<
  Extract<Environment["host"], { kind: Kind }>
>;

/** The host, where it is a cluster. */
export function clusterHost({ host }: Draft): HostDraft<"existing"> | HostDraft<"gke"> | undefined {
  return host?.kind === "existing" || host?.kind === "gke" ? host : undefined;
}

type Sound<T> = T extends SecretValue
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Sound<Item> | undefined)[]
    : T extends object
      ? { readonly [Key in keyof T]?: Sound<T[Key]> | undefined }
      : T;

/** Whether anything in it was faulty. */
export function hasHoles(value: unknown): boolean {
  if (value === undefined) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasHoles);
}

/** Whether a part was given, but faulty: then nothing is said about what depends on it. */
export function faulty<Part extends object>(part: Part | undefined, key: keyof Part): boolean {
  return part !== undefined && key in part && part[key] === undefined;
}
