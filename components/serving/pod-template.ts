import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { GpuScheduling } from "../host/cluster-handle";
import { environment, resourceRequirements, temporary } from "../kubernetes/container";
import { labelsFor } from "../kubernetes/labels";
import { containerSecurityContext, podSecurityContext } from "../kubernetes/security";
import type { VolumeAttachment } from "../storage/model-volume";
import { probes, spreadOverNodes } from "./pod-parts";
import type { InferenceUiArgs } from "./ui-arguments";
import { loginEnvironment, uiEnvironment } from "./ui-environment";

export interface PodTemplateArgs {
  readonly name: string;
  readonly ui: InferenceUiArgs;
  readonly serviceAccountName: Input<string>;
  /** The Secret with `username` and `password`. */
  readonly credentialsSecret?: Input<string> | undefined;
  readonly attachment?: VolumeAttachment | undefined;
  /** What the pod itself asks for, and where it has to be. */
  readonly gpu?: GpuScheduling | undefined;
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly tolerations?: readonly types.input.core.v1.Toleration[] | undefined;
  readonly spread: boolean;
}

/** The pods of the UI, from arguments that have been checked. */
export function podTemplate(args: PodTemplateArgs): types.input.core.v1.PodTemplateSpec {
  const { name, ui, attachment, gpu, credentialsSecret } = args;
  const { model, modelReady, readyTimeoutSeconds = 600 } = ui;
  const { cpu = "250m", memory = "1Gi" } = ui.resources ?? {};
  const gpus = gpu && ui.gpu && { count: ui.gpu.count, resource: gpu.resource };
  const mounts = modelMounts(ui, attachment);
  return {
    metadata: {
      labels: { ...labelsFor(name), ...attachment?.labels },
      annotations: {
        // What a pod has in /tmp keeps no node from being given back.
        "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": temporary.volume.name,
        // After another training the pods start anew, and load the new model.
        ...(modelReady?.kind === "job" && { "inference-infra/training": modelReady.job.revision }),
        ...attachment?.annotations,
      },
    },
    spec: {
      serviceAccountName: args.serviceAccountName,
      automountServiceAccountToken: false,
      // Else each Service of the namespace puts variables of its own into the environment: one that is called
      // gradio-server would set GRADIO_SERVER_PORT to tcp://….
      enableServiceLinks: false,
      securityContext: podSecurityContext(ui.userId),
      ...(args.nodeSelector !== undefined && { nodeSelector: { ...args.nodeSelector } }),
      ...(args.tolerations !== undefined && { tolerations: [...args.tolerations] }),
      ...(attachment?.affinity !== undefined && { affinity: attachment.affinity }),
      ...(args.spread && spreadOverNodes(name)),
      ...(modelReady?.kind === "file" &&
        model !== undefined && {
          initContainers: [waitForFile(modelReady.path, modelReady.checkImage ?? ui.image, mounts)],
        }),
      containers: [
        {
          name: "ui",
          image: ui.image,
          env: environment(uiEnvironment(ui), { ...loginEnvironment(credentialsSecret), ...ui.secretEnv }),
          ports: [{ name: "web", containerPort: ui.port ?? 7860 }],
          securityContext: containerSecurityContext(),
          resources: resourceRequirements({ ...ui.resources, cpu, memory }, gpus),
          ...probes(ui.probePath ?? "/", readyTimeoutSeconds, usesHttps(ui)),
          volumeMounts: [temporary.mount, ...mounts],
        },
      ],
      volumes: [
        temporary.volume,
        ...(attachment === undefined
          ? []
          : [{ name: "model", persistentVolumeClaim: { claimName: attachment.claimName } }]),
      ],
    },
  };
}

function usesHttps({ exposure }: InferenceUiArgs): boolean {
  return exposure.kind === "ingress" && exposure.backendProtocol === "HTTPS";
}

function modelMounts({ model }: InferenceUiArgs, attachment: VolumeAttachment | undefined) {
  return model === undefined || attachment === undefined
    ? []
    : [{ name: "model", mountPath: model.mountPath ?? "/models", readOnly: true }];
}

/** A shell that is a container's first process heeds no SIGTERM by itself, and none at all while it sleeps. */
const waitScript =
  'trap "exit 143" TERM; until [ -s "$0" ]; do echo "waiting for the model: $0"; sleep 5 & wait $!; done';

/** Waits for the model by the UI's own image, so that no other has to be pulled; it needs no more than a shell. */
function waitForFile(
  path: string,
  image: Input<string>,
  volumeMounts: types.input.core.v1.VolumeMount[],
): types.input.core.v1.Container {
  return {
    name: "wait-for-model",
    image,
    // The path is an argument, not a part of the script, so that no character of it means anything to the shell.
    command: ["/bin/sh", "-c", waitScript, path],
    securityContext: containerSecurityContext(),
    resources: {
      requests: { cpu: "10m", memory: "32Mi", "ephemeral-storage": "16Mi" },
      limits: { memory: "64Mi", "ephemeral-storage": "64Mi" },
    },
    volumeMounts,
  };
}
