import { batch, core } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { ClusterHandle } from "../host/cluster-handle";
import type { Workspace } from "../host/workspace";
import { checkImage, checkSize, refuseFaults } from "../kubernetes/checks";
import { labelsFor } from "../kubernetes/labels";
import type { ModelVolume } from "../storage/model-volume";
import { jobManifest, type Resources, type SecretKey } from "./job-manifest";

export interface TrainingJobArgs {
  readonly cluster: ClusterHandle;
  readonly workspace: Workspace;
  /** The image that trains, with a tag or a digest. A new one trains anew. */
  readonly image: string;
  /** @default the image's entry point */
  readonly command?: readonly Input<string>[];
  /** @default none */
  readonly args?: readonly Input<string>[];
  /** @default none beside `CHECKPOINT_DIR`, `HOME` and `MPLCONFIGDIR` */
  readonly env?: Readonly<Record<string, Input<string>>>;
  /** Variables from Secrets that exist in the workspace. */
  readonly secretEnv?: Readonly<Record<string, SecretKey>>;
  /** @default 1 CPU, 4Gi */
  readonly resources?: Resources;
  /** @default none */
  readonly gpu?: { readonly count: number; readonly type?: string | undefined };
  /** The volume that the model is written to. */
  readonly volume?: ModelVolume;
  /** @default "/models" */
  readonly mountPath?: string;
  /** Size of `/dev/shm`, which data loaders with workers need: `2Gi`. @default 64 MiB, the runtime's own */
  readonly sharedMemory?: string;
  /** Where checkpoints go; told to the image as `CHECKPOINT_DIR`. */
  readonly checkpointDir?: string;
  /** How often a failed training starts again. Losing a node does not count. @default 3 */
  readonly retries?: number;
  /** The training is given up after this long. @default never */
  readonly deadlineHours?: number;
  readonly priorityClass?: string;
  /** How long a pod that is told to stop may take, to write its last checkpoint. @default 25, what a spot node leaves */
  readonly gracePeriodSeconds?: number;
  /** Another value trains again, all else being the same. */
  readonly runId?: string;
  /** Makes `pulumi up` wait for the training, and fail if it takes longer. @default it is not awaited */
  readonly wait?: { readonly timeoutHours: number };
  /** Whether its pods go to the node where the volume's other pods are. @default "anywhere" */
  readonly placement?: "anywhere" | "together";
}

/**
 * Trains a model once: a Kubernetes Job. A Job cannot be changed, so any change of it makes a new one, after the old
 * is gone: that may still hold the GPU and the volume.
 *
 * ```ts
 * const training = new TrainingJob("mnist-training-job", {
 *   cluster, workspace, volume, image: "ghcr.io/you/mnist-trainer:1.4.0", gpu: { count: 1 },
 * });
 * ```
 *
 * Costs nothing once it is done; until then, what its node costs. It does not train on several nodes, and it has no
 * queue.
 */
export class TrainingJob extends ComponentResource {
  readonly jobName: Output<string>;
  /** Whether `pulumi up` has waited for the model when this exists. */
  readonly awaited: boolean;
  /** For whoever must come after the training. */
  readonly job: batch.v1.Job;
  /** How its pods find a GPU: for pods that must be where they are. */
  readonly gpu: { readonly count: number; readonly type?: string | undefined } | undefined;

  constructor(name: string, args: TrainingJobArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:training:TrainingJob", name, {}, opts);
    refuseFaults(`TrainingJob ${name}`, validateTrainingJob(args));
    const {
      cluster,
      workspace,
      volume,
      wait,
      gpu,
      mountPath = "/models",
      checkpointDir,
      deadlineHours,
    } = args;
    const placement = args.placement ?? "anywhere";
    const attachment = volume?.attach({ name: "the training job", replicas: 1, placement });
    const self = { parent: this, provider: cluster.provider };

    const account = new core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: { namespace: workspace.namespace, labels: labelsFor(name) },
        automountServiceAccountToken: false,
      },
      { ...self, ...workspace.inert },
    );
    const manifest = jobManifest({
      name,
      namespace: workspace.namespace,
      serviceAccountName: account.metadata.name,
      image: args.image,
      command: args.command,
      args: args.args,
      env: {
        // The root is read-only; Python's libraries want to write somewhere.
        HOME: "/tmp",
        MPLCONFIGDIR: "/tmp/matplotlib",
        ...(checkpointDir !== undefined && { CHECKPOINT_DIR: checkpointDir }),
        ...args.env,
      },
      secretEnv: args.secretEnv ?? {},
      resources: args.resources ?? {},
      gpu: gpu && { count: gpu.count, scheduling: cluster.gpu(gpu.type) },
      volume: attachment && { attachment, mountPath },
      sharedMemory: args.sharedMemory,
      retries: args.retries ?? 3,
      deadlineSeconds: deadlineHours === undefined ? undefined : Math.ceil(deadlineHours * 3600),
      priorityClass: args.priorityClass,
      gracePeriodSeconds: args.gracePeriodSeconds ?? 25,
      annotations: wait === undefined ? { "pulumi.com/skipAwait": "true" } : {},
    });
    this.job = new batch.v1.Job(name, manifest, {
      ...self,
      deleteBeforeReplace: true,
      // Immutable in the API, but planned as updates by Pulumi's provider, which then fail.
      replaceOnChanges: [
        "completionMode",
        "podFailurePolicy",
        "backoffLimitPerIndex",
        "successPolicy",
        "managedBy",
      ].map((field) => `spec.${field}`),
      ...(args.runId !== undefined && { replacementTrigger: args.runId }),
      ...(wait !== undefined && { customTimeouts: { create: `${Math.ceil(wait.timeoutHours * 3600)}s` } }),
    });
    this.jobName = this.job.metadata.name;
    this.awaited = wait !== undefined;
    this.gpu = gpu;
    this.registerOutputs({ jobName: this.jobName });
  }
}

/** The faults of the arguments, all of them. */
export function validateTrainingJob(
  args: Pick<
    TrainingJobArgs,
    "image" | "gpu" | "sharedMemory" | "retries" | "deadlineHours" | "wait" | "checkpointDir" | "mountPath"
  >,
): string[] {
  const {
    image,
    gpu,
    sharedMemory,
    retries = 0,
    deadlineHours,
    wait,
    checkpointDir,
    mountPath = "/models",
  } = args;
  const faults = checkImage("image", image);
  if (gpu !== undefined && !(Number.isInteger(gpu.count) && gpu.count > 0)) {
    faults.push(`gpu.count: got ${gpu.count}; allowed: a whole number of at least 1`);
  }
  if (sharedMemory !== undefined) faults.push(...checkSize("sharedMemory", sharedMemory));
  if (!(Number.isInteger(retries) && retries >= 0))
    faults.push(`retries: got ${retries}; allowed: a whole number of at least 0`);
  if (deadlineHours !== undefined && !(deadlineHours > 0))
    faults.push(`deadlineHours: got ${deadlineHours}; allowed: more than 0`);
  if (wait !== undefined && !(wait.timeoutHours > 0))
    faults.push(`wait.timeoutHours: got ${wait.timeoutHours}; allowed: more than 0`);
  if (checkpointDir !== undefined && !checkpointDir.startsWith("/")) {
    faults.push(
      `checkpointDir: got ${JSON.stringify(checkpointDir)}; allowed: an absolute path, such as ${mountPath}/checkpoints`,
    );
  }
  return faults;
}
