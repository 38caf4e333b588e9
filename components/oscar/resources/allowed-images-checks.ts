import { got, ifText, type Check } from "../../kubernetes/checks";
import type { OscarAllowedImagesArgs } from "./oscar-allowed-images";

/** The faults of the list of allowed images, all of them; what is not known yet is passed over. */
export function allowedImagesFaults({
  repositories,
}: {
  readonly [Key in keyof OscarAllowedImagesArgs]?: unknown;
}): string[] {
  if (!Array.isArray(repositories)) return [];
  // OSCAR takes an empty list for all images, which is hardly meant.
  if (repositories.length === 0) {
    return [
      "repositories: got an empty list; allowed: at least one; without this resource every image is allowed",
    ];
  }
  return repositories.flatMap((each: unknown, index) => ifText(checkPart, `repositories[${index}]`, each));
}

/** An empty text is in every name. */
const checkPart: Check = (where, value) =>
  /^\S+$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: a part of images' names, such as ghcr.io/acme/`];
