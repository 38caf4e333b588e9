import type { Input } from "@pulumi/pulumi";
import type { Exposure } from "../exposure/exposure";
import type { ClusterHandle } from "../host/cluster-handle";
import type { Workspace } from "../host/workspace";
import { checkImage } from "../kubernetes/checks";
import type { ModelVolume } from "../storage/model-volume";
import type { Resources, SecretKey } from "../training/job-manifest";
import type { TrainingJob } from "../training/training-job";

/** What people log in with; the image gets it as `UI_USERNAME` and `UI_PASSWORD`, and must honour it. */
export type Credentials =
  | { readonly kind: "none" }
  /** A random password, kept in the state as a secret. */
  | { readonly kind: "generated"; readonly username: string }
  | { readonly kind: "given"; readonly username: string; readonly password: Input<string> }
  /** A Secret in the workspace with the keys `username` and `password`. */
  | { readonly kind: "existing"; readonly secretName: string };

/** What the UI waits for before it starts. */
export type ModelReady =
  /** `pulumi up` has waited for the training. */
  | { readonly kind: "job"; readonly job: TrainingJob }
  /** An init container waits for a file on the model volume, however long; `pulumi up` does not wait for the UI. */
  | { readonly kind: "file"; readonly path: string; readonly checkImage?: string | undefined }
  | { readonly kind: "none" };

export type Replicas = number | { readonly min: number; readonly max: number; readonly cpuPercent: number };

export interface InferenceUiArgs {
  readonly cluster: ClusterHandle;
  readonly workspace: Workspace;
  /** The image of the UI, with a tag or a digest. */
  readonly image: string;
  /** How people reach it. */
  readonly exposure: Exposure;
  /** The port that it listens on. @default 7860, Gradio's */
  readonly port?: number;
  /** The Service's port. @default 80 */
  readonly servicePort?: number;
  /** The path it is served under, where a proxy puts it under one: `/demo`. @default "/" */
  readonly rootPath?: string;
  /** The path that answers once the UI is ready. @default "/" */
  readonly probePath?: string;
  /** How long it may take to become ready: pulling the image, a node that is made for it, loading the model. @default 600 */
  readonly readyTimeoutSeconds?: number;
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
  readonly gpu?: { readonly count: number; readonly type?: string | undefined };
  /** @default 250m CPU, 1Gi */
  readonly resources?: Resources;
  /** Where its pods run; with the training they share its volume on one node. @default anywhere */
  readonly placement?:
    | { readonly kind: "anywhere" }
    | { readonly kind: "with-training"; readonly training?: TrainingJob | undefined };
}

export function mostReplicas(replicas: Replicas = 1): number {
  return typeof replicas === "number" ? replicas : replicas.max;
}

/** The faults of the arguments, all of them. */
export function validateInferenceUi(
  args: Pick<
    InferenceUiArgs,
    | "image"
    | "port"
    | "servicePort"
    | "replicas"
    | "gpu"
    | "exposure"
    | "readyTimeoutSeconds"
    | "modelReady"
    | "model"
  > & {
    readonly cluster: Pick<ClusterHandle, "ingressClass">;
  },
): string[] {
  const { image, exposure, gpu, replicas = 1, modelReady, readyTimeoutSeconds = 600 } = args;
  const faults = checkImage("image", image);
  for (const key of ["port", "servicePort"] as const) {
    const port = args[key];
    if (port !== undefined && !isWhole(port, 1, 65535))
      faults.push(`${key}: got ${port}; allowed: a whole number from 1 to 65535`);
  }
  if (typeof replicas === "number") {
    if (!isWhole(replicas, 1))
      faults.push(`replicas: got ${replicas}; allowed: a whole number of at least 1`);
  } else if (
    !isWhole(replicas.min, 1) ||
    !isWhole(replicas.max, replicas.min) ||
    !isWhole(replicas.cpuPercent, 1, 100)
  ) {
    faults.push("replicas: allowed: min of at least 1, max of at least min, cpuPercent from 1 to 100");
  }
  if (gpu !== undefined && !isWhole(gpu.count, 1))
    faults.push(`gpu.count: got ${gpu.count}; allowed: a whole number of at least 1`);
  if (!(readyTimeoutSeconds > 0))
    faults.push(`readyTimeoutSeconds: got ${readyTimeoutSeconds}; allowed: more than 0`);
  if (
    exposure.kind === "ingress" &&
    exposure.className === undefined &&
    args.cluster.ingressClass === undefined
  ) {
    faults.push(
      "exposure.className: missing; the cluster names no ingressClass either (kubectl get ingressclass)",
    );
  }
  if (exposure.kind === "node-port" && exposure.port !== undefined && !isWhole(exposure.port, 30000, 32767)) {
    faults.push(`exposure.port: got ${exposure.port}; allowed: a whole number from 30000 to 32767`);
  }
  if (modelReady?.kind === "job" && !modelReady.job.awaited) {
    faults.push(
      "modelReady: got job, but the training is not awaited; allowed: file, none, or a training with wait",
    );
  }
  if (modelReady?.kind === "file" && args.model === undefined) {
    faults.push("modelReady: got file, but there is no model volume; allowed: none, or a model");
  }
  return faults;
}

function isWhole(value: number, least: number, most = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
