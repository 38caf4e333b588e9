import { validateExposure } from "../exposure/validate-exposure";
import type { ClusterHandle } from "../host/cluster-handle";
import {
  checkAbsolutePath,
  checkBelow,
  checkMountPath,
  checkImage,
  checkName,
  checkPositive,
  checkUserId,
  checkWhole,
  ifKnown,
} from "../kubernetes/checks";
import { validateContainer } from "../kubernetes/container";
import { togetherFaults } from "./together";
import { mostReplicas, type Credentials, type InferenceUiArgs, type Replicas } from "./ui-arguments";

/** The arguments, as far as a check looks at them: the volume, for one, need only be there. */
export type CheckedUiArgs = Omit<
  InferenceUiArgs,
  "cluster" | "workspace" | "model" | "modelReady" | "placement" | "zone"
> & {
  readonly cluster: Pick<ClusterHandle, "gpu" | "ingressClass" | "publicAddress" | "reserveAddress">;
  readonly zone?: { readonly domain: string };
  readonly model?: {
    readonly volume?: { readonly oneNode: boolean };
    readonly mountPath?: string | undefined;
    readonly file?: string | undefined;
  };
  readonly modelReady?:
    | { readonly kind: "job"; readonly job: { readonly awaited: boolean } }
    | { readonly kind: "file"; readonly path: string; readonly checkImage?: string | undefined }
    | { readonly kind: "none" };
  readonly placement?:
    | { readonly kind: "anywhere" }
    | {
        readonly kind: "with-training";
        readonly training?: { readonly gpu: InferenceUiArgs["gpu"] } | undefined;
      };
};

/** The faults of the arguments, all of them. The longest label is the name and `-deployment`. */
export function validateInferenceUi(name: string, args: CheckedUiArgs): string[] {
  return [
    ...checkName(name, 52),
    ...ifKnown(checkImage, "image", args.image),
    ...checkWhole("port", args.port ?? 7860, 1, 65535),
    ...checkWhole("servicePort", args.servicePort ?? 80, 1, 65535),
    ...ifKnown(checkAbsolutePath, "rootPath", args.rootPath),
    ...ifKnown(checkAbsolutePath, "probePath", args.probePath),
    ...checkPositive("readyTimeoutSeconds", args.readyTimeoutSeconds ?? 600),
    ...ifKnown(checkUserId, "userId", args.userId),
    ...validateContainer(args, (type) => args.cluster.gpu(type)),
    ...credentialFaults(args.credentials),
    ...replicaFaults(args.replicas),
    ...modelFaults(args),
    ...placementFaults(args),
    ...validateExposure({ ...args, replicas: mostReplicas(args.replicas) }),
  ];
}

function credentialFaults(credentials: Credentials = { kind: "none" }): string[] {
  if (credentials.kind === "none" || credentials.kind === "existing") return [];
  return /^\S+$/.test(credentials.username)
    ? []
    : [`credentials.username: got ${JSON.stringify(credentials.username)}; allowed: text without spaces`];
}

/** The faults of a number of pods, or of an autoscaler's bounds. */
export function replicaFaults(replicas: Replicas = 1, where = "replicas"): string[] {
  if (typeof replicas === "number") return checkWhole(where, replicas, 1);
  const { min, max, cpuPercent } = replicas;
  return [
    ...checkWhole(`${where}.min`, min, 1),
    ...checkWhole(`${where}.max`, max, Math.max(1, Number.isInteger(min) ? min : 1)),
    ...checkWhole(`${where}.cpuPercent`, cpuPercent, 1, 100),
  ];
}

function modelFaults({ model, modelReady }: CheckedUiArgs): string[] {
  const faults: string[] = [];
  if (modelReady?.kind === "job" && !modelReady.job.awaited) {
    faults.push(
      'modelReady: got "job", but nothing waits for the training; allowed: file, none, or a training with wait: {timeoutHours}',
    );
  }
  const file = modelReady?.kind === "file" ? modelReady : undefined;
  if (model === undefined) {
    return file === undefined
      ? faults
      : [...faults, 'modelReady: got "file"; allowed: none, because there is no model volume'];
  }
  const mountPath = model.mountPath ?? "/models";
  return [
    ...faults,
    ...checkMountPath("model.mountPath", mountPath),
    ...(model.file === undefined ? [] : checkBelow("model.file", model.file, mountPath)),
    ...(file === undefined ? [] : checkBelow("modelReady.path", file.path, mountPath)),
    ...ifKnown(checkImage, "modelReady.checkImage", file?.checkImage),
  ];
}

function placementFaults({ cluster, placement, model, gpu }: CheckedUiArgs): string[] {
  if (placement?.kind !== "with-training") return [];
  const { training } = placement;
  if (training === undefined || model === undefined) {
    return [
      'placement: got "with-training"; allowed: anywhere, because there is no training on the same volume',
    ];
  }
  if (model.volume?.oneNode === false) return [];
  return togetherFaults({
    own: gpu,
    theirs: training.gpu,
    isFound: training.gpu !== undefined && isFound(cluster, training.gpu.type),
  }).map(({ where, message }) => `${where}: ${message}`);
}

/** Whether it is known of a node before a pod is on it that it has such GPUs. */
function isFound(cluster: CheckedUiArgs["cluster"], type: string | undefined): boolean {
  try {
    return Object.keys(cluster.gpu(type).nodeSelector).length > 0;
  } catch {
    return true; // It has none; that is a fault of the training's.
  }
}
