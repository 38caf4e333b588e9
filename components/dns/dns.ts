import type { CustomResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";

/** A zone of the DNS, whichever cloud it is in. Azure's would be one more. */
export interface DnsZone {
  /** Who serves it. */
  readonly kind: "route53" | "cloud-dns";
  /** Its name, without a dot at the end: `dev.example.com`. */
  readonly domain: string;
  /** How long an answer may be remembered where a record does not say it, in seconds. */
  readonly ttlSeconds: number;
  /** Who answers for it; whoever owns the parent zone delegates to these. Without dots at the end. */
  readonly nameServers: Output<readonly string[]>;
  /** What leads whoever asks to it: the parent's records, where the stack makes them. */
  readonly ready: readonly Resource[];
  /** What the parent zone vouches for it with, where its answers are signed: `12345 13 2 ABC…`. */
  readonly dsRecord?: Output<string>;
  /** How cert-manager finds it, to show by its records that a host is ours. */
  readonly acmeSolver: AcmeDnsSolver;
  /**
   * Makes a record. Its logical name is its name and type.
   * @throws where the name is not in the zone, or the zone cannot have such a record
   */
  record(args: RecordArgs, options?: CustomResourceOptions): Resource;
  /** Lets an identity of the zone's own cloud change records in it: the zone's, and nothing else. */
  grantChanges(name: string, identity: Input<string>, options: CustomResourceOptions): Resource;
}

/** What stands under `dns01` of a solver of cert-manager's, which changes records as the identity of its own pod. */
export type AcmeDnsSolver =
  | { readonly cloudDNS: { readonly project: Input<string>; readonly hostedZoneName: Input<string> } }
  | { readonly route53: { readonly hostedZoneID: Input<string> } };

export interface RecordArgs {
  /** The whole name, in whatever spelling: `mnist.example.com`, `*.oscar.example.com`, `@` for the zone itself. */
  readonly name: string;
  /** What stands in the zone, where only the cloud knows it (a name with a number of its own). @default `name` */
  readonly actualName?: Input<string>;
  readonly data: RecordData;
  /** @default the zone's */
  readonly ttlSeconds?: number;
}

/** What a name stands for. */
export type RecordData =
  | {
      readonly type: "A" | "AAAA" | "CNAME" | "TXT" | "NS" | "DS" | "CAA";
      /** As people write them: host names with or without a dot at the end, texts without quotes. */
      readonly values: Input<readonly Input<string>[]>;
    }
  /**
   * The addresses of another name of the same cloud, looked up by the cloud: of a load balancer of AWS's, with the id of
   * the hosted zone that it is in; at the top of a Cloud DNS zone, of any name.
   */
  | { readonly type: "ALIAS"; readonly target: Input<string>; readonly targetZoneId?: Input<string> };
