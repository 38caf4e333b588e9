import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { GpuScheduling } from "../host/cluster-handle";
import { labelsFor, selectorFor } from "../kubernetes/labels";
import { containerSecurityContext, podSecurityContext } from "../kubernetes/security";
import type { VolumeAttachment } from "../storage/model-volume";
import { environment, type SecretKey } from "../training/job-manifest";
import type { InferenceUiArgs } from "./ui-arguments";

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

const probePeriodSeconds = 5;

/**
 * The environment of the UI, in both spellings: Gradio's own variables, and `port` and `oscar_endpoint`, which the
 * UIs of the OSCAR project read.
 */
export function uiEnvironment(
  ui: Pick<InferenceUiArgs, "port" | "rootPath" | "oscarEndpoint" | "model" | "env">,
): Record<string, Input<string>> {
  const { port = 7860, rootPath, oscarEndpoint, model } = ui;
  return {
    GRADIO_SERVER_NAME: "0.0.0.0",
    GRADIO_SERVER_PORT: String(port),
    GRADIO_ANALYTICS_ENABLED: "False",
    GRADIO_TEMP_DIR: "/tmp/gradio",
    HF_HOME: "/tmp/huggingface",
    HOME: "/tmp",
    MPLCONFIGDIR: "/tmp/matplotlib",
    port: String(port),
    ...(rootPath !== undefined && { GRADIO_ROOT_PATH: rootPath }),
    ...(oscarEndpoint !== undefined && { oscar_endpoint: oscarEndpoint }),
    ...(model?.file !== undefined && { MODEL_PATH: model.file }),
    ...ui.env,
  };
}

/** The pods of the UI, from arguments that have been checked. */
export function podTemplate(args: PodTemplateArgs): types.input.core.v1.PodTemplateSpec {
  const { name, ui, attachment, gpu, credentialsSecret } = args;
  const { model, modelReady, readyTimeoutSeconds = 600 } = ui;
  const { cpu = "250m", memory = "1Gi" } = ui.resources ?? {};
  const mounts = modelMounts(ui, attachment);
  return {
    metadata: { labels: { ...labelsFor(name), ...attachment?.labels } },
    spec: {
      serviceAccountName: args.serviceAccountName,
      automountServiceAccountToken: false,
      securityContext: podSecurityContext(),
      ...(args.nodeSelector !== undefined && { nodeSelector: { ...args.nodeSelector } }),
      ...(args.tolerations !== undefined && { tolerations: [...args.tolerations] }),
      ...(attachment?.affinity !== undefined && { affinity: attachment.affinity }),
      ...(args.spread && {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: selectorFor(name) },
          },
        ],
      }),
      ...(modelReady?.kind === "file" &&
        model !== undefined && {
          initContainers: [waitForFile(modelReady.path, modelReady.checkImage ?? ui.image, mounts)],
        }),
      containers: [
        {
          name: "ui",
          image: ui.image,
          env: environment(uiEnvironment(ui), { ...loginFrom(credentialsSecret), ...ui.secretEnv }),
          ports: [{ name: "web", containerPort: ui.port ?? 7860 }],
          securityContext: containerSecurityContext(),
          resources: {
            requests: { cpu, memory, "ephemeral-storage": "1Gi" },
            limits: {
              memory,
              ...(gpu !== undefined && ui.gpu !== undefined && { [gpu.resource]: String(ui.gpu.count) }),
            },
          },
          ...probes(ui.probePath ?? "/", readyTimeoutSeconds, usesHttps(ui)),
          volumeMounts: [{ name: "tmp", mountPath: "/tmp" }, ...mounts],
        },
      ],
      volumes: [
        { name: "tmp", emptyDir: {} },
        ...(attachment === undefined
          ? []
          : [{ name: "model", persistentVolumeClaim: { claimName: attachment.claimName } }]),
      ],
    },
  };
}

/** Started as soon as it answers, however long that takes within the timeout; only then do the other probes begin. */
export function probes(path: string, readyTimeoutSeconds: number, https: boolean) {
  const httpGet = { path, port: "web", ...(https && { scheme: "HTTPS" }) };
  return {
    startupProbe: {
      httpGet,
      periodSeconds: probePeriodSeconds,
      failureThreshold: Math.ceil(readyTimeoutSeconds / probePeriodSeconds),
    },
    readinessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 5 },
    // A model at work may keep the UI from answering for a while; that is no reason to kill it.
    livenessProbe: { httpGet, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 6 },
  };
}

function usesHttps({ exposure }: InferenceUiArgs): boolean {
  return exposure.kind === "ingress" && exposure.backendProtocol === "HTTPS";
}

function loginFrom(secretName: Input<string> | undefined): Record<string, SecretKey> {
  if (secretName === undefined) return {};
  return { UI_USERNAME: { secretName, key: "username" }, UI_PASSWORD: { secretName, key: "password" } };
}

function modelMounts({ model }: InferenceUiArgs, attachment: VolumeAttachment | undefined) {
  return model === undefined || attachment === undefined
    ? []
    : [{ name: "model", mountPath: model.mountPath ?? "/models", readOnly: true }];
}

/** Waits for the model by the UI's own image, so that no other has to be pulled; it needs no more than a shell. */
function waitForFile(
  path: string,
  image: string,
  volumeMounts: types.input.core.v1.VolumeMount[],
): types.input.core.v1.Container {
  return {
    name: "wait-for-model",
    image,
    // The path is an argument, not a part of the script, so that no character of it means anything to the shell.
    command: ["/bin/sh", "-c", 'until [ -s "$0" ]; do echo "waiting for the model: $0"; sleep 5; done', path],
    securityContext: containerSecurityContext(),
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
    volumeMounts,
  };
}
