import { validateExposure } from "../../exposure/validate-exposure";
import type { ClusterHandle } from "../../host/cluster-handle";
import {
  checkAbsolutePath,
  checkImage,
  checkMountPath,
  checkName,
  checkPositive,
  checkUserId,
  checkWhole,
  got,
  ifKnown,
  type Check,
} from "../../kubernetes/checks";
import { validateContainer } from "../../kubernetes/container";
import { replicaFaults } from "../validate-ui";
import { serverDefaults, type Canary, type ModelServerArgs } from "./model-server-args";
import { checkRunId, checkSha256, validateModel, type CheckedModel } from "./validate-model";

/** The arguments, as far as a check looks at them. */
export type CheckedServerArgs = Omit<ModelServerArgs, "cluster" | "workspace" | "zone" | "model"> & {
  readonly cluster: Pick<ClusterHandle, "gpu" | "ingressClass" | "publicAddress" | "reserveAddress"> & {
    readonly storage: { readonly buckets?: unknown };
    readonly workloadPrincipal?: unknown;
  };
  readonly zone?: { readonly domain: string };
  readonly model: CheckedModel;
};

/** The faults of the arguments, all of them. The longest label is the name and `-canary-deployment`. */
export function validateModelServer(name: string, args: CheckedServerArgs): string[] {
  const { cluster, exposure = { kind: "none" }, healthPath, mountPath = serverDefaults.mountPath } = args;
  return [
    ...checkName(name, 45),
    ...ifKnown(checkImage, "image", args.image),
    ...ifKnown(checkApp, "app", args.app),
    ...workerClassFaults(args),
    ...checkWhole("workers", args.workers ?? serverDefaults.workers, 1),
    ...checkWhole("port", args.port ?? serverDefaults.port, 1, 65535),
    ...checkWhole("servicePort", args.servicePort ?? serverDefaults.servicePort, 1, 65535),
    ...ifKnown(checkAbsolutePath, "healthPath", healthPath),
    ...checkPositive("readyTimeoutSeconds", args.readyTimeoutSeconds ?? serverDefaults.readyTimeoutSeconds),
    ...checkMountPath("mountPath", mountPath),
    ...ifKnown(checkUserId, "userId", args.userId),
    ...validateContainer(args, (type) => cluster.gpu(type)),
    ...replicaFaults(args.replicas),
    ...validateModel(args.model, cluster),
    ...canaryFaults(args),
    // Each request stands by itself, so no one has to stay with one pod, however many there are.
    ...validateExposure({ ...args, exposure, replicas: 1 }),
  ];
}

const checkApp: Check = (where, value) =>
  /^[A-Za-z_][\w.]*:[A-Za-z_]\w*(\(\))?$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: a module and what is in it, such as mnist_fastapi.main:APP`];

function workerClassFaults({ app, workerClass }: CheckedServerArgs): string[] {
  if (workerClass === undefined) return [];
  if (app === undefined)
    return [
      `workerClass: ${got(workerClass)}; allowed: none without app, because the image's own command says it`,
    ];
  return /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(workerClass)
    ? []
    : [`workerClass: ${got(workerClass)}; allowed: a Python class, such as uvicorn_worker.UvicornWorker`];
}

function canaryFaults({ canary, exposure, model }: CheckedServerArgs): string[] {
  if (canary === undefined) return [];
  const { kind } = exposure ?? { kind: "none" };
  return [
    ...(kind === "gateway"
      ? []
      : [
          `canary: got one with exposure: ${kind}; allowed: with exposure: gateway, which alone splits requests`,
        ]),
    ...checkWhole("canary.weight", canary.weight, 1, 99),
    ...sameVersion(canary, model),
    ...ifKnown(checkImage, "canary.image", canary.image),
    ...ifKnown(checkRunId, "canary.runId", canary.runId),
    ...ifKnown(checkSha256, "canary.sha256", canary.sha256),
    ...(canary.sha256 !== undefined && model.kind !== "copy"
      ? [`canary.sha256: ${got(canary.sha256)}; allowed: none, because the model is not copied`]
      : []),
    ...replicaFaults(canary.replicas, "canary.replicas"),
  ];
}

/** What is the same in everything needs no trial. */
function sameVersion({ image, runId }: Canary, model: CheckedModel): string[] {
  if (image !== undefined) return [];
  if (model.kind === "image")
    return ["canary.image: missing; needed: another image, because the model is in the image"];
  return runId === undefined || runId === model.runId
    ? ["canary: got the version that serves already; needed: another image or another runId"]
    : [];
}
