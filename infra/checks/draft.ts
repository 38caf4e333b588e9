import type { Environment } from "../schema/environment";
import type { SecretValue } from "../secrets";

/** A document of which any part may be missing, because it was faulty; what is there is sound. */
export type Draft = Sound<Environment>;

type Sound<T> = T extends SecretValue
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Sound<Item> | undefined)[]
    : T extends object
      ? { readonly [Key in keyof T]?: Sound<T[Key]> | undefined }
      : T;

/** Whether a part was given, but faulty: then nothing is said about what depends on it. */
export function faulty<Part extends object>(part: Part | undefined, key: keyof Part): boolean {
  return part !== undefined && key in part && part[key] === undefined;
}
