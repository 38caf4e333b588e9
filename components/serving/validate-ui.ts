import type { Exposure } from "../exposure/exposure";
import type { ClusterHandle } from "../host/cluster-handle";
import {
  checkAbsolutePath,
  checkBelow,
  checkHostName,
  checkImage,
  checkName,
  checkPositive,
  checkWhole,
  ifKnown,
} from "../kubernetes/checks";
import { validateContainer } from "../kubernetes/container";
import type { Credentials, InferenceUiArgs, Replicas } from "./ui-arguments";

/** The arguments, as far as a check looks at them: the volume, for one, need only be there. */
export type CheckedUiArgs = Omit<
  InferenceUiArgs,
  "cluster" | "workspace" | "model" | "modelReady" | "placement"
> & {
  readonly cluster: Pick<ClusterHandle, "gpu" | "ingressClass">;
  readonly model?: { readonly mountPath?: string | undefined; readonly file?: string | undefined };
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
    ...validateContainer(args, (type) => args.cluster.gpu(type)),
    ...credentialFaults(args.credentials),
    ...replicaFaults(args.replicas),
    ...modelFaults(args),
    ...placementFaults(args),
    ...exposureFaults(args.exposure, args.cluster.ingressClass),
  ];
}

function credentialFaults(credentials: Credentials = { kind: "none" }): string[] {
  if (credentials.kind === "none" || credentials.kind === "existing") return [];
  return /^\S+$/.test(credentials.username)
    ? []
    : [`credentials.username: got ${JSON.stringify(credentials.username)}; allowed: text without spaces`];
}

function replicaFaults(replicas: Replicas = 1): string[] {
  if (typeof replicas === "number") return checkWhole("replicas", replicas, 1);
  const { min, max, cpuPercent } = replicas;
  return [
    ...checkWhole("replicas.min", min, 1),
    ...checkWhole("replicas.max", max, Math.max(1, Number.isInteger(min) ? min : 1)),
    ...checkWhole("replicas.cpuPercent", cpuPercent, 1, 100),
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
    ...checkAbsolutePath("model.mountPath", mountPath),
    ...(model.file === undefined ? [] : checkBelow("model.file", model.file, mountPath)),
    ...(file === undefined ? [] : checkBelow("modelReady.path", file.path, mountPath)),
    ...ifKnown(checkImage, "modelReady.checkImage", file?.checkImage),
  ];
}

function placementFaults({ placement, model, gpu }: CheckedUiArgs): string[] {
  if (placement?.kind !== "with-training") return [];
  const { training } = placement;
  if (training === undefined || model === undefined) {
    return [
      'placement: got "with-training"; allowed: anywhere, because there is no training on the same volume',
    ];
  }
  const [own, theirs] = [gpu?.type, training.gpu?.type];
  return own === undefined || theirs === undefined || own === theirs
    ? []
    : [`gpu.type: got "${own}"; allowed: ${theirs}, which the training is placed by, or placement: anywhere`];
}

function exposureFaults(exposure: Exposure, clusterClass: string | undefined): string[] {
  switch (exposure.kind) {
    case "none":
    case "load-balancer":
      return [];
    case "node-port":
      return exposure.port === undefined ? [] : checkWhole("exposure.port", exposure.port, 30000, 32767);
    case "ingress":
      return [
        ...checkHostName("exposure.host", exposure.host),
        ...ifKnown(checkAbsolutePath, "exposure.path", exposure.path),
        ...((exposure.className ?? clusterClass) === undefined
          ? [
              "exposure.className: missing; needed: an IngressClass, here or as the cluster's ingressClass (kubectl get ingressclass)",
            ]
          : []),
      ];
  }
}
