import type { Input } from "@pulumi/pulumi";
import type { DnsZone } from "../dns/dns";
import type { Exposure } from "../exposure/exposure";
import type { ClusterHandle } from "../host/cluster-handle";
import type { Workspace } from "../host/workspace";
import type { GpuRequest, Resources, SecretKey } from "../kubernetes/container";
import type { ModelVolume } from "../storage/model-volume";
import type { TrainingJob } from "../training/training-job";

/** What people log in with; the image gets it as `UI_USERNAME` and `UI_PASSWORD`, and must honour it. */
export type Credentials =
  | { readonly kind: "none" }
  /** A random password, kept in the state as a secret. */
  | { readonly kind: "generated"; readonly username: string }
  | { readonly kind: "given"; readonly username: string; readonly password: Input<string> }
  /** A Secret in the workspace with the keys `username` and `password`. */
  | { readonly kind: "existing"; readonly secretName: Input<string> };

/** What the UI waits for before it starts. */
export type ModelReady =
  /** `pulumi up` has waited for the training. */
  | { readonly kind: "job"; readonly job: TrainingJob }
  /**
   * An init container waits for a file on the model volume, however long; `pulumi up` does not wait for the UI. It
   * waits until there is something in the file: the training writes it last, or moves it into place when it is whole.
   */
  | { readonly kind: "file"; readonly path: string; readonly checkImage?: string | undefined }
  | { readonly kind: "none" };

export type Replicas = number | { readonly min: number; readonly max: number; readonly cpuPercent: number };

export interface InferenceUiArgs {
  readonly cluster: ClusterHandle;
  readonly workspace: Workspace;
  /** The image of the UI, with a tag or a digest. */
  readonly image: Input<string>;
  /** How people reach it. */
  readonly exposure: Exposure;
  /** The name that people reach it under. An ingress has its own. @default none, which a gateway does not bear */
  readonly host?: string;
  /** The zone that the name's record is made in. @default none: someone makes the record by hand */
  readonly zone?: DnsZone;
  /** The port that it listens on. @default 7860, Gradio's */
  readonly port?: number;
  /** The Service's port. @default 80 */
  readonly servicePort?: number;
  /** The path it is served under, where a proxy puts it under one: `/demo`. @default the ingress's or the gateway's path */
  readonly rootPath?: string;
  /** The path that answers once the UI is ready. @default "/" */
  readonly probePath?: string;
  /** How long it may take to become ready: pulling the image, a node that is made for it, loading the model. @default 600 */
  readonly readyTimeoutSeconds?: number;
  /** Variables beside those of `uiEnvironment`; these too can be given here. */
  readonly env?: Readonly<Record<string, Input<string>>>;
  /** Variables from Secrets that exist in the workspace. */
  readonly secretEnv?: Readonly<Record<string, SecretKey>>;
  /** The OSCAR cluster that the UI talks to; told as `oscar_endpoint`. */
  readonly oscarEndpoint?: Input<string>;
  /** @default no login */
  readonly credentials?: Credentials;
  /** The volume with the model, mounted read-only. */
  readonly model?: {
    readonly volume: ModelVolume;
    /** @default "/models" */
    readonly mountPath?: string | undefined;
    /** The model's file as the UI sees it; told as `MODEL_PATH`. */
    readonly file?: string | undefined;
  };
  /** @default nothing */
  readonly modelReady?: ModelReady;
  /** How many pods, or bounds for the autoscaler. @default 1 */
  readonly replicas?: Replicas;
  /** @default none */
  readonly gpu?: GpuRequest;
  /** @default 250m CPU, 1Gi */
  readonly resources?: Resources;
  /** The user, and group, that it runs as, for images that need one of their own; not 0. @default 10001 */
  readonly userId?: number;
  /**
   * Where its pods run. With the training, which a volume for one node at a time demands: on the node where that
   * volume's other pods are, and so on one that the training can use, which stays up and costs what it costs as long
   * as the UI is there. With a ReadWriteMany volume, it means nothing.
   * @default anywhere
   */
  readonly placement?:
    | { readonly kind: "anywhere" }
    | { readonly kind: "with-training"; readonly training?: TrainingJob | undefined };
}

export function mostReplicas(replicas: Replicas = 1): number {
  return typeof replicas === "number" ? replicas : replicas.max;
}
