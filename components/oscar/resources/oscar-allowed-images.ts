import { CustomResource, type CustomResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { refuseBefore } from "../../refuse";
import { allowedImagesFaults } from "./allowed-images-checks";

export interface OscarAllowedImagesArgs {
  /**
   * What the image of a service must have in it, one of them: `ghcr.io/acme/`. OSCAR looks anywhere in the image's name, not
   * at its beginning only; a registry's host and a slash at the end say most.
   */
  readonly repositories: readonly Input<string>[];
}

/**
 * The images that services may have; all may while there is no such list. From OSCAR 4.0, for the administrator, and one to
 * a cluster: a list that is there and is another is refused; `import` takes it over, by the id `allowed-images`.
 *
 * ```ts
 * new OscarAllowedImages("images", { repositories: ["ghcr.io/acme/"] }, { provider: lab });
 * ```
 *
 * Costs nothing. Services that are there stay as they are until they change. When it goes, every image is allowed. An
 * `OscarCluster` with `allowedImages` keeps the same list: of the two a program has one.
 */
export class OscarAllowedImages extends CustomResource {
  declare readonly repositories: Output<string[]>;

  constructor(name: string, args: OscarAllowedImagesArgs, opts?: CustomResourceOptions) {
    refuseBefore(`OscarAllowedImages ${name}`, allowedImagesFaults(args));
    super("oscar:index:AllowedImages", name, { ...args }, opts);
  }
}
