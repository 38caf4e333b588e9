import { CustomResource, type CustomResourceOptions, type ID, type Input, type Output } from "@pulumi/pulumi";
import { refuseBefore } from "../../refuse";
import { quotaFaults } from "./quota-checks";

/** What is left out stays as it is. */
export interface OscarQuotaArgs {
  /** The user's id, by OIDC, whole: OSCAR takes its beginning for the user's volumes. Another user is another quota. */
  readonly user: Input<string>;
  /** CPUs of all services together, such as `4` or `500m`. Needs Kueue, as the next three do. */
  readonly cpu?: Input<string>;
  /** Memory of all services together, such as `8Gi`. */
  readonly memory?: Input<string>;
  /** Disk that pods ask their nodes for, of all services together, such as `20Gi`. */
  readonly ephemeralStorage?: Input<string>;
  /** A number of GPUs, such as `1`. OSCAR takes it with one of the three before only. */
  readonly gpu?: Input<string>;
  /** Needs volumes, which an installation may not have. */
  readonly volumes?: VolumeQuotaArgs;
  /** Needs the quotas of MinIO. */
  readonly minio?: BucketQuotaArgs;
}

export interface VolumeQuotaArgs {
  /** Of all volumes together, such as `50Gi`. */
  readonly disk?: Input<string>;
  /** A number of volumes, such as `5`. */
  readonly volumes?: Input<string>;
  /** Of one volume at most, such as `20Gi`. */
  readonly maxDiskPerVolume?: Input<string>;
  /** Of one volume at least, such as `1Gi`. */
  readonly minDiskPerVolume?: Input<string>;
}

export interface BucketQuotaArgs {
  /** A number of buckets, such as `10`. */
  readonly buckets?: Input<string>;
  /** Of one bucket, such as `5Gi`; of those that are there, too. */
  readonly storagePerBucket?: Input<string>;
}

/**
 * What one user of OSCAR may take. From OSCAR 3.7, for the administrator; the user has come at least once, since OSCAR makes
 * the quota then, with its defaults.
 *
 * ```ts
 * new OscarQuota("anna", { user: "anna@example.org", cpu: "4", memory: "16Gi", gpu: "1" }, { provider: lab });
 * ```
 *
 * Costs nothing. It takes the place of what was set before, and bounds the buckets that are there, too. OSCAR cannot delete a
 * quota: when this goes, what was set stays. It does not bound the administrator.
 */
export class OscarQuota extends CustomResource {
  declare readonly user: Output<string>;

  /** A quota that is there, which this program reads and does not manage. `id` is the user's. */
  static get(name: string, id: Input<ID>, opts?: CustomResourceOptions): OscarQuota {
    return new OscarQuota(name, undefined, { ...opts, id });
  }

  constructor(name: string, args: OscarQuotaArgs, opts?: CustomResourceOptions);
  /** As `get` makes it. */
  constructor(name: string, args: undefined, opts: CustomResourceOptions & { id: Input<ID> });
  constructor(name: string, args: OscarQuotaArgs | undefined, opts?: CustomResourceOptions) {
    if (args !== undefined) refuseBefore(`OscarQuota ${name}`, quotaFaults(args));
    super("oscar:index:Quota", name, { user: undefined, ...args }, opts);
  }
}
