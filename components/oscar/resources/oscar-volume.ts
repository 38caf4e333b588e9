import { CustomResource, type CustomResourceOptions, type ID, type Input, type Output } from "@pulumi/pulumi";
import { refuseBefore } from "../../refuse";
import { volumeFaults } from "./volume-checks";

export interface OscarVolumeArgs {
  /**
   * Lower-case letters, digits and hyphens, at most 63. Another name is another volume.
   * @default the resource's name
   */
  readonly name?: string;
  /** Such as `10Gi`. OSCAR cannot change it: another size is another, empty volume. */
  readonly size: Input<string>;
}

/**
 * A volume that services mount by its name, and that outlives them. From OSCAR 4.0, where volumes are switched on.
 *
 * ```ts
 * const models = new OscarVolume("models", { size: "10Gi" }, { provider: lab });
 * new OscarService("llm", { image, script, volume: { name: models.name, mountPath: "/models" } }, { provider: lab });
 * ```
 *
 * Costs its size all the time. It goes with all that is on it, which OSCAR refuses while a service mounts it; with
 * `protect` Pulumi refuses it too. It puts nothing on it.
 */
export class OscarVolume extends CustomResource {
  declare readonly name: Output<string>;
  declare readonly size: Output<string>;
  /** `pending`, `ready`, `in_use` or `error`. */
  declare readonly phase: Output<string | undefined>;

  /** A volume that is there, which this program reads and does not manage. `id` is its name. */
  static get(name: string, id: Input<ID>, opts?: CustomResourceOptions): OscarVolume {
    return new OscarVolume(name, undefined, { ...opts, id });
  }

  constructor(name: string, args: OscarVolumeArgs, opts?: CustomResourceOptions);
  /** As `get` makes it. */
  constructor(name: string, args: undefined, opts: CustomResourceOptions & { id: Input<ID> });
  constructor(name: string, args: OscarVolumeArgs | undefined, opts?: CustomResourceOptions) {
    const inputs = args && { ...args, name: args.name ?? name };
    if (inputs !== undefined) refuseBefore(`OscarVolume ${name}`, volumeFaults(inputs));
    super(
      "oscar:index:Volume",
      name,
      { name: undefined, size: undefined, phase: undefined, ...inputs },
      opts,
    );
  }
}
