import { CustomResource, type CustomResourceOptions, type ID, type Input, type Output } from "@pulumi/pulumi";
import { refuseBefore } from "../../refuse";
import { type Visibility } from "../service/service-args";
import { bucketFaults } from "./bucket-checks";

export interface OscarBucketArgs {
  /**
   * S3's rules: 3 to 63 lower-case letters, digits, hyphens and dots. Another name is another bucket.
   * @default the resource's name
   */
  readonly name?: string;
  /**
   * Who reads and writes it, of the users that log in by OIDC: its owner, everyone, or its owner and `allowedUsers`. OSCAR
   * leaves both fields out of account where the provider logs in as the administrator.
   * @default private
   */
  readonly visibility?: Input<Visibility>;
  /** Ids of users, with `visibility: "restricted"`. */
  readonly allowedUsers?: readonly Input<string>[];
  /**
   * Whether it may go with all that is in it. Without, its deletion is refused while it holds anything. It counts as it
   * was at the last `up`.
   * @default false
   */
  readonly allowDeletion?: Input<boolean>;
}

/**
 * A bucket in the cluster's own MinIO, beside those that OSCAR makes for services: for models, or data that outlives a
 * service.
 *
 * ```ts
 * const models = new OscarBucket("models", {}, { provider: lab });
 * ```
 *
 * Costs nothing beside what is in it. It must not be the bucket of an input or output of a service: OSCAR makes those
 * itself, and refuses a service whose bucket is there. It puts nothing into it, and sets no quota.
 */
export class OscarBucket extends CustomResource {
  declare readonly name: Output<string>;
  /** The id of the user whose it is; for the administrator's, OSCAR's own name. */
  declare readonly owner: Output<string | undefined>;

  /** A bucket that is there, which this program reads and does not manage. `id` is its name. */
  static get(name: string, id: Input<ID>, opts?: CustomResourceOptions): OscarBucket {
    return new OscarBucket(name, undefined, { ...opts, id });
  }

  constructor(name: string, args: OscarBucketArgs, opts?: CustomResourceOptions);
  /** As `get` makes it. */
  constructor(name: string, args: undefined, opts: CustomResourceOptions & { id: Input<ID> });
  constructor(name: string, args: OscarBucketArgs | undefined, opts?: CustomResourceOptions) {
    const inputs = args && { ...args, name: args.name ?? name };
    if (inputs !== undefined) refuseBefore(`OscarBucket ${name}`, bucketFaults(inputs));
    super("oscar:index:Bucket", name, { name: undefined, owner: undefined, ...inputs }, opts);
  }
}
