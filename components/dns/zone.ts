import {
  ComponentResource,
  mergeOptions,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { refuseFaults } from "../refuse";
import { existingCloudDnsZone, newCloudDnsZone } from "./cloud-dns";
import { logicalName, type CloudZone } from "./cloud-zone";
import type { AcmeDnsSolver, DnsZone, RecordArgs } from "./dns";
import { checkRecordName, normalName } from "./names";
import { checkRecordData, checkTtl } from "./record-data";
import { existingRoute53Zone, newRoute53Zone } from "./route53";
import { checkFound, validateZone } from "./validate-zone";

/** Who serves it. */
export type ZoneCloud =
  { readonly kind: "route53" } | { readonly kind: "cloud-dns"; /** Its id. */ readonly project: string };

export interface NewZone {
  readonly kind: "new";
  /** `dev.example.com` */
  readonly domain: string;
}

export interface ExistingZone {
  readonly kind: "existing";
  readonly domain: string;
  /** Route 53's id of the hosted zone (`Z0123456789ABCDEFGHIJ`), or the name of Cloud DNS's managed zone. */
  readonly id: Input<string>;
}

export interface ZoneArgs {
  readonly cloud: ZoneCloud;
  readonly zone: NewZone | ExistingZone;
  /**
   * The zone above a new one, in the same cloud or another, which is told to delegate to it.
   * @default someone delegates by hand: to `nameServers`, and with `dsRecord` where the zone is signed
   */
  readonly parent?: DnsZone | undefined;
  /**
   * Whether a new zone's answers are signed. Before it is turned off for a zone in use, the DS record in the parent has to
   * be deleted, and to be forgotten (5 minutes, where the stack made it): until then, whoever checks signatures finds
   * nothing there.
   * @default false
   */
  readonly dnssec?: boolean | undefined;
  /**
   * Whether Pulumi refuses to delete a new zone. One that is made anew has other name servers, and the parent delegates to
   * the old ones.
   * @default false
   */
  readonly protect?: boolean | undefined;
  /**
   * How long an answer may be remembered where a record does not say it, in seconds: also how long a change takes to be
   * seen everywhere.
   * @default 300
   */
  readonly ttlSeconds?: number | undefined;
  /**
   * Of what is made: tags in AWS, labels in Google Cloud.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** How long the delegation of a protected zone is remembered, in seconds: it hardly ever changes. */
const delegationTtl = 3600;
/** Less for what the parent vouches with: a wrong one takes the whole zone away for as long. */
const vouchingTtl = 300;

/**
 * A public zone of the DNS, in Route 53 or Cloud DNS: made, delegated to by its parent and signed, or one that is there
 * already, of which it makes nothing but records.
 *
 * ```ts
 * const zone = new Zone("mnist", {
 *   cloud: { kind: "cloud-dns", project: "my-project" },
 *   zone: { kind: "new", domain: "dev.example.com" },
 *   parent: new Zone("company", {
 *     cloud: { kind: "route53" },
 *     zone: { kind: "existing", domain: "example.com", id: "Z0123456789ABCDEFGHIJ" },
 *   }),
 * });
 * zone.record({ name: "mnist.dev.example.com", data: { type: "A", values: ["203.0.113.7"] } });
 * ```
 *
 * A zone costs 0.50 USD a month in Route 53 and 0.20 USD in Cloud DNS, and queries by the million. In Route 53, signing
 * costs a key in KMS besides: 1 USD a month, until it is deleted, 30 days after the zone. It registers no domains, makes no
 * private zones, and does not look after a signing key: changing it is a plan of several days, in which the parent vouches
 * for both.
 */
export class Zone extends ComponentResource implements DnsZone {
  readonly kind: DnsZone["kind"];
  readonly domain: string;
  readonly ttlSeconds: number;
  /** What the cloud knows it by: Route 53's id of the hosted zone, the name of Cloud DNS's managed zone. */
  readonly zoneId: Output<string>;
  readonly nameServers: Output<readonly string[]>;
  readonly dsRecord?: Output<string>;
  readonly ready: readonly Resource[];
  readonly acmeSolver: AcmeDnsSolver;
  readonly #name: string;
  readonly #inCloud: CloudZone;

  /** `dependsOn` holds for a new zone: Google may have to enable a service before it. */
  constructor(name: string, args: ZoneArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:dns:Zone", name, {}, opts);
    refuseFaults(this, `Zone ${name}`, validateZone(name, args));
    const { cloud, zone, ttlSeconds = 300, parent } = args;
    this.kind = cloud.kind;
    this.domain = normalName(zone.domain);
    this.ttlSeconds = ttlSeconds;
    this.#name = name;
    this.#inCloud = zone.kind === "new" ? this.#make(args, opts?.dependsOn) : this.#lookUp(cloud, zone);
    const { id, nameServers, acmeSolver, signing } = this.#inCloud;
    this.zoneId = id;
    this.nameServers = nameServers;
    this.acmeSolver = acmeSolver;
    if (signing !== undefined) this.dsRecord = signing.dsRecord;
    this.ready = parent === undefined ? [] : this.#delegateFrom(parent, args);
    this.registerOutputs({ zoneId: id, nameServers, dsRecord: this.dsRecord });
  }

  /**
   * Its logical name is the name and the type, as `mnist.example.com/A`; an alias in Route 53 is an A and an AAAA record, of
   * which this gives the first. Whatever the options say, the zone is its parent, and so the zone's provider makes it. To
   * make a CNAME of what has an AAAA record, take that away first.
   */
  record(args: RecordArgs, options: CustomResourceOptions = {}): Resource {
    const { data, ttlSeconds = this.ttlSeconds } = args;
    const name = normalName(args.name, this.domain);
    const faults = [
      // A wildcard stands for names in the zone, and cannot delegate what is below them.
      ...checkRecordName("name", args.name, this.domain, {
        wildcard: data.type !== "NS" && data.type !== "DS",
      }),
      ...checkRecordData("data", data, { kind: this.kind, top: name === this.domain }),
      ...(data.type === "ALIAS" && this.kind === "cloud-dns" && this.dsRecord !== undefined
        ? ['data.type: got "ALIAS"; allowed: A or AAAA, in a zone of Cloud DNS that is signed']
        : []),
      ...checkTtl("ttlSeconds", ttlSeconds),
    ];
    this.#refuse(faults.map((fault) => `record ${logicalName(name, data.type)}: ${fault}`));
    // Clouds refuse a second record of a name and type.
    const own = { parent: this, deleteBeforeReplace: true };
    return this.#inCloud.record(
      { name, actualName: args.actualName ?? name, data, ttlSeconds },
      mergeOptions(options, own),
    );
  }

  /**
   * In Cloud DNS, `identity` is a member of Google's IAM (`serviceAccount:…`, `principal://…`), and may change every record
   * of the zone. In Route 53 it is the name of a role, and may change what proves to a certificate authority whose the zone
   * is (`_acme-challenge.…`).
   */
  grantChanges(name: string, identity: Input<string>, options: CustomResourceOptions): Resource {
    return this.#inCloud.grantChanges(name, identity, mergeOptions(options, { parent: this }));
  }

  #make(args: ZoneArgs, dependsOn: ComponentResourceOptions["dependsOn"] = []): CloudZone {
    const { cloud, dnssec = false, protect = false, labels = {} } = args;
    const labelled = Object.keys(labels).length > 0;
    const made = { domain: this.domain, dnssec, ...(labelled && { labels: { ...labels } }) };
    const options = { parent: this, dependsOn, protect };
    return cloud.kind === "route53"
      ? newRoute53Zone(this.#name, made, options)
      : newCloudDnsZone(this.#name, cloud.project, made, options);
  }

  #lookUp(cloud: ZoneCloud, { id }: ExistingZone): CloudZone {
    const verify = (found: string | undefined) => this.#refuse(checkFound(id, found, this.domain));
    const options = { parent: this };
    return cloud.kind === "route53"
      ? existingRoute53Zone({ id, verify }, options)
      : existingCloudDnsZone(cloud.project, { id, verify }, options);
  }

  #delegateFrom(parent: DnsZone, { protect = false }: ZoneArgs): Resource[] {
    const name = this.domain;
    const { nameServers, signing } = this.#inCloud;
    const delegated = parent.record(
      {
        name,
        data: { type: "NS", values: nameServers },
        // A zone that may be made anew, with other servers, is not to be looked for at the old ones for an hour.
        ttlSeconds: protect ? delegationTtl : Math.min(delegationTtl, this.ttlSeconds),
      },
      { protect },
    );
    if (signing === undefined) return [delegated];
    const vouched = parent.record(
      { name, data: { type: "DS", values: [signing.dsRecord] }, ttlSeconds: vouchingTtl },
      // Whom it vouches for must sign before, and as long as it does.
      { protect, dependsOn: [delegated, ...signing.ready] },
    );
    return [delegated, vouched];
  }

  #refuse(faults: readonly string[]): void {
    refuseFaults(this, `Zone ${this.#name}`, faults);
  }
}
