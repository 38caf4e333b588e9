import type { Input } from "@pulumi/pulumi";

/** A model that KServe serves: one of a known format, or a large language model. */
export type KserveArgs = KserveCommon &
  (
    | {
        type: "inference";
        inference: {
          /** Such as `onnx`, `sklearn`, `pytorch` or `huggingface`. Changing it replaces the service. */
          modelFormat: Input<string>;
          /**
           * KServe's runtime by name. Changing it replaces the service.
           * @default the first that takes the format
           */
          runtime?: Input<string>;
        };
      }
    | {
        type: "llm_inference";
        llmInference?: {
          /** @default OSCAR's image of vLLM, for CPUs or for a GPU */
          runtimeImage?: Input<string>;
        };
      }
  );

export interface KserveCommon {
  /** Where the model lies, such as `hf://…`, `oci://…` or `s3://…`. Changing it replaces the service. */
  storageUri: Input<string>;
  /**
   * The protocol that clients speak.
   * @default v1
   */
  apiVersion?: Input<KserveApiVersion>;
  /** @default 0, or 1 for a language model */
  minScale?: Input<number>;
  /** @default 1 */
  maxScale?: Input<number>;
  /** @default 0.2 */
  cpu?: Input<string>;
  /** @default 256Mi */
  memory?: Input<string>;
  args?: readonly Input<string>[];
  env?: Readonly<Record<string, Input<string>>>;
  /** @default false */
  enableGpu?: Input<boolean>;
  /**
   * Ask callers for the service's token. Changing it replaces the service.
   * @default true
   */
  setAuth?: Input<boolean>;
}

export const kserveApiVersions = ["v1", "v2"] as const;
export type KserveApiVersion = (typeof kserveApiVersions)[number];

/** Services of the same work on several clusters; jobs that wait too long go to another. */
export interface FederationArgs {
  groupId?: Input<string>;
  /**
   * Who passes jobs to whom: no one, the first to the others, or each to each.
   * @default none
   */
  topology?: Input<Topology>;
  /**
   * How the other one is chosen.
   * @default static
   */
  delegation?: Input<Delegation>;
  /** Seconds that a job may wait before another cluster takes it. */
  reschedulerThreshold?: Input<number>;
  members?: readonly FederationMemberArgs[];
}

export type FederationMemberArgs = {
  /**
   * 0 is asked first.
   * @default 0
   */
  priority?: Input<number>;
  /** Sent with each job. */
  headers?: Readonly<Record<string, Input<string>>>;
} & (
  | {
      type: "oscar";
      /** One of `clusters`. */
      clusterId: Input<string>;
      serviceName: Input<string>;
    }
  | {
      type: "endpoint";
      url: Input<string>;
      /**
       * Whether its certificate is checked.
       * @default true
       */
      sslVerify?: Input<boolean>;
    }
);

export const topologies = ["none", "star", "mesh"] as const;
export type Topology = (typeof topologies)[number];

export const delegations = ["static", "random", "load-based", "topsis"] as const;
export type Delegation = (typeof delegations)[number];

/** Another OSCAR cluster. */
export interface OtherClusterArgs {
  /** The URL of its API. */
  endpoint: Input<string>;
  authUser?: Input<string>;
  authPassword?: Input<string>;
  /**
   * Whether its certificate is checked.
   * @default true
   */
  sslVerify?: Input<boolean>;
}
