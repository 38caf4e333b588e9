import { createHash } from "node:crypto";
import { batch, core } from "@pulumi/kubernetes";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomTimeouts,
  type Input,
  Output,
} from "@pulumi/pulumi";
import type { ClusterHandle } from "../host/cluster-handle";
import type { Workspace } from "../host/workspace";
import { skipAwait } from "../kubernetes/annotations";
import {
  checkAbsolutePath,
  checkBelow,
  checkImage,
  checkMountPath,
  checkName,
  checkPositive,
  checkSize,
  checkUserId,
  checkWhole,
  ifKnown,
  type Check,
} from "../kubernetes/checks";
import {
  bytes,
  homeEnvironment,
  validateContainer,
  type GpuRequest,
  type Resources,
  type SecretKey,
} from "../kubernetes/container";
import { accountManifest } from "../kubernetes/account";
import { refuseFaults } from "../refuse";
import type { ModelVolume } from "../storage/model-volume";
import { defaultMemory, jobManifest } from "./job-manifest";

export interface TrainingJobArgs {
  readonly cluster: ClusterHandle;
  readonly workspace: Workspace;
  /** The image that trains, with a tag or a digest. A new one trains anew. */
  readonly image: Input<string>;
  /** @default the image's entry point */
  readonly command?: readonly Input<string>[];
  /** @default none */
  readonly args?: readonly Input<string>[];
  /** Variables beside `CHECKPOINT_DIR`, `HOME`, `MPLCONFIGDIR` and `USER`; these too can be given here. */
  readonly env?: Readonly<Record<string, Input<string>>>;
  /** Variables from Secrets that exist in the workspace. */
  readonly secretEnv?: Readonly<Record<string, SecretKey>>;
  /** @default 1 CPU, 4Gi */
  readonly resources?: Resources;
  /** @default none */
  readonly gpu?: GpuRequest;
  /** The volume that the model is written to. */
  readonly volume?: ModelVolume;
  /** @default "/models" */
  readonly mountPath?: string;
  /** Size of `/dev/shm`, which data loaders with workers need: `2Gi`. @default what `resources.memory` is */
  readonly sharedMemory?: string;
  /** Where checkpoints go, on the volume, so that a retry goes on from there; told to the image as `CHECKPOINT_DIR`. */
  readonly checkpointDir?: string;
  /** How often a failed training starts again. Losing a node does not count. @default 3 */
  readonly retries?: number;
  /** The training is given up after this long. @default never */
  readonly deadlineHours?: number;
  readonly priorityClass?: string;
  /** How long a pod that is told to stop may take, to write its last checkpoint. @default 25, what a spot node leaves */
  readonly gracePeriodSeconds?: number;
  /** The user, and group, that it runs as, for images that need one of their own; not 0. @default 10001 */
  readonly userId?: number;
  /** Another value trains again, all else being the same. */
  readonly runId?: string;
  /**
   * Makes `pulumi up` wait for the training, and fail if it takes longer. Where it fails, another `runId` tries again.
   * @default false: `pulumi up` starts the training and goes on
   */
  readonly wait?: false | { readonly timeoutHours: number };
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
 * Costs nothing once it is done; until then, what its node costs. It does not train on several nodes, it has no queue,
 * and it writes nowhere but to the volume and to `/tmp`.
 */
export class TrainingJob extends ComponentResource {
  readonly jobName: Output<string>;
  /** Whether `pulumi up` has waited for the model when this exists. */
  readonly awaited: boolean;
  /** For whoever must come after the training. */
  readonly job: batch.v1.Job;
  /**
   * Another one for every training that the arguments ask for. A plain value: where the pods of another workload hold
   * an output of the Job, the engine replaces that workload together with the Job.
   */
  readonly revision: string;
  /** How its pods find a GPU: for pods that must be where they are. */
  readonly gpu: GpuRequest | undefined;

  constructor(name: string, args: TrainingJobArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:training:TrainingJob", name, {}, opts);
    refuseFaults(this, `TrainingJob ${name}`, validateTrainingJob(name, args));
    const {
      cluster,
      workspace,
      volume,
      wait = false,
      gpu,
      mountPath = "/models",
      checkpointDir,
      deadlineHours,
    } = args;
    const self = { parent: this, provider: cluster.provider };

    const account = new core.v1.ServiceAccount(
      `${name}-account`,
      accountManifest(name, workspace.namespace, workspace.imagePullSecrets),
      { ...self, ...workspace.inert },
    );
    const attachment = volume?.attach(
      { name: "the training job", replicas: 1, placement: "together" },
      { name, parent: this, serviceAccount: account.metadata.name, access: "write" },
    );
    const manifest = jobManifest({
      name,
      namespace: workspace.namespace,
      serviceAccountName: account.metadata.name,
      image: args.image,
      command: args.command,
      args: args.args,
      env: {
        ...homeEnvironment,
        ...(checkpointDir !== undefined && { CHECKPOINT_DIR: checkpointDir }),
        ...args.env,
      },
      secretEnv: args.secretEnv ?? {},
      resources: args.resources ?? {},
      gpu: gpu && { count: gpu.count, scheduling: cluster.gpu(gpu.type) },
      volume: attachment && { attachment, mountPath },
      sharedMemory: args.sharedMemory,
      retries: args.retries ?? 3,
      deadlineSeconds: deadlineHours === undefined ? undefined : seconds(deadlineHours),
      priorityClass: args.priorityClass,
      userId: args.userId,
      gracePeriodSeconds: args.gracePeriodSeconds ?? 25,
      annotations: wait === false ? skipAwait : {},
    });
    this.job = new batch.v1.Job(name, manifest, {
      ...self,
      dependsOn: [...(attachment?.ready ?? [])],
      // The old run holds the GPU and the volume. (Pulumi's provider waits for its end only where the Job is awaited;
      // else both may be there for the grace period.)
      deleteBeforeReplace: true,
      // Immutable in the API, but planned as updates by Pulumi's provider, which then fail.
      replaceOnChanges: [
        "completionMode",
        "podFailurePolicy",
        "backoffLimitPerIndex",
        "successPolicy",
        "managedBy",
      ].map((field) => `spec.${field}`),
      // Always one: the engine takes no trigger where none was before for a change.
      replacementTrigger: args.runId ?? "",
      ...(wait !== false && { customTimeouts: awaitTimeouts(seconds(wait.timeoutHours)) }),
    });
    this.jobName = this.job.metadata.name;
    this.revision = revisionOf(args);
    this.awaited = wait !== false;
    this.gpu = gpu;
    this.registerOutputs({ jobName: this.jobName });
  }
}

/** The faults of the arguments, all of them. Pulumi adds 9 characters to the name. */
export function validateTrainingJob(
  name: string,
  args: Omit<TrainingJobArgs, "cluster" | "workspace" | "volume"> & {
    readonly cluster: Pick<ClusterHandle, "gpu">;
    readonly volume?: unknown;
  },
): string[] {
  const { volume, wait = false, mountPath = "/models", checkpointDir } = args;
  const checkpoint: Check = (where, value) =>
    volume === undefined ? checkAbsolutePath(where, value) : checkBelow(where, value, mountPath);
  return [
    ...checkName(name, 54),
    ...ifKnown(checkImage, "image", args.image),
    ...validateContainer(args, (type) => args.cluster.gpu(type)),
    ...checkMountPath("mountPath", mountPath),
    ...sharedMemoryFaults(args.sharedMemory, args.resources?.memory),
    ...ifKnown(checkpoint, "checkpointDir", checkpointDir),
    ...checkWhole("retries", args.retries ?? 3, 0),
    ...ifKnown(checkUserId, "userId", args.userId),
    ...ifKnown(checkPositive, "deadlineHours", args.deadlineHours),
    ...checkWhole("gracePeriodSeconds", args.gracePeriodSeconds ?? 25, 0),
    ...(wait === false ? [] : checkPositive("wait.timeoutHours", wait.timeoutHours)),
  ];
}

/** Of what is known of the arguments by now; outputs do not count. */
function revisionOf({ image, command, args, env, gpu, resources, runId }: TrainingJobArgs): string {
  const known = (_: string, value: unknown) => (Output.isInstance(value) ? null : value);
  const text = JSON.stringify({ image, command, args, env, gpu, resources, runId }, known);
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** What lies in shared memory counts as the container's memory. */
function sharedMemoryFaults(size: string | undefined, memory = defaultMemory): string[] {
  if (size === undefined) return [];
  const faults = checkSize("sharedMemory", size);
  if (faults.length > 0 || checkSize("", memory).length > 0 || bytes(size) <= bytes(memory)) return faults;
  return [`sharedMemory: got "${size}"; allowed: at most resources.memory, which is ${memory}`];
}

function seconds(hours: number): number {
  return Math.ceil(hours * 3600);
}

/** An update waits like a creation: for the same training. */
function awaitTimeouts(wait: number): CustomTimeouts {
  return { create: `${wait}s`, update: `${wait}s` };
}
