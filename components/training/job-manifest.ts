import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { GpuScheduling } from "../host/cluster-handle";
import { labelsFor } from "../kubernetes/labels";
import { containerSecurityContext, podSecurityContext } from "../kubernetes/security";
import type { VolumeAttachment } from "../storage/model-volume";

/** A key of a Secret that exists in the workspace. */
export interface SecretKey {
  readonly secretName: Input<string>;
  readonly key: string;
}

export interface Resources {
  /** CPUs that are reserved, such as `2` or `500m`. */
  readonly cpu?: string | undefined;
  /** Memory that is reserved, and the most that may be used, such as `8Gi`. */
  readonly memory?: string | undefined;
}

export interface JobManifestArgs {
  readonly name: string;
  readonly namespace: Input<string>;
  readonly serviceAccountName: Input<string>;
  readonly image: Input<string>;
  readonly command?: readonly Input<string>[] | undefined;
  readonly args?: readonly Input<string>[] | undefined;
  readonly env: Readonly<Record<string, Input<string>>>;
  readonly secretEnv: Readonly<Record<string, SecretKey>>;
  readonly resources: Resources;
  readonly gpu?: { readonly count: number; readonly scheduling: GpuScheduling } | undefined;
  readonly volume?: { readonly attachment: VolumeAttachment; readonly mountPath: string } | undefined;
  readonly sharedMemory?: string | undefined;
  readonly retries: number;
  readonly deadlineSeconds?: number | undefined;
  readonly priorityClass?: string | undefined;
  readonly gracePeriodSeconds: number;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Environment variables as a container has them, plain ones first, both in the order of their names. */
export function environment(
  plain: Readonly<Record<string, Input<string>>>,
  secret: Readonly<Record<string, SecretKey>>,
): types.input.core.v1.EnvVar[] {
  const byName = ([a]: [string, unknown], [b]: [string, unknown]) => a.localeCompare(b, "en");
  return [
    ...Object.entries(plain)
      .sort(byName)
      .map(([name, value]) => ({ name, value })),
    ...Object.entries(secret)
      .sort(byName)
      .map(([name, { secretName, key }]) => ({
        name,
        valueFrom: { secretKeyRef: { name: secretName, key } },
      })),
  ];
}

/** The Job, from arguments that have been checked and completed. */
export function jobManifest(args: JobManifestArgs): types.input.batch.v1.Job {
  const { name, namespace, gpu, volume, sharedMemory } = args;
  const labels = { ...labelsFor(name), ...volume?.attachment.labels };
  const { cpu = "1", memory = "4Gi" } = args.resources;
  return {
    metadata: { namespace, labels: labelsFor(name), annotations: args.annotations },
    spec: {
      backoffLimit: args.retries,
      ...(args.deadlineSeconds !== undefined && { activeDeadlineSeconds: args.deadlineSeconds }),
      // A pod on its way out still holds the GPU and the volume.
      podReplacementPolicy: "Failed",
      // Losing a spot node or being drained is not a failure of the training.
      podFailurePolicy: {
        rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
      },
      // No ttlSecondsAfterFinished: a Job that deletes itself is made again by the next `up`, GPU hours and all.
      template: {
        metadata: { labels, annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } },
        spec: {
          restartPolicy: "Never",
          serviceAccountName: args.serviceAccountName,
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: args.gracePeriodSeconds,
          securityContext: podSecurityContext(),
          ...(args.priorityClass !== undefined && { priorityClassName: args.priorityClass }),
          ...(gpu !== undefined && {
            nodeSelector: { ...gpu.scheduling.nodeSelector },
            tolerations: [...gpu.scheduling.tolerations],
          }),
          ...(volume?.attachment.affinity !== undefined && { affinity: volume.attachment.affinity }),
          containers: [
            {
              name: "train",
              image: args.image,
              ...(args.command !== undefined && { command: [...args.command] }),
              ...(args.args !== undefined && { args: [...args.args] }),
              env: environment(args.env, args.secretEnv),
              securityContext: containerSecurityContext(),
              resources: {
                requests: { cpu, memory, "ephemeral-storage": "1Gi" },
                // A GPU is asked for by its limit alone; Kubernetes makes the request equal to it.
                limits: {
                  memory,
                  ...(gpu !== undefined && { [gpu.scheduling.resource]: String(gpu.count) }),
                },
              },
              volumeMounts: [
                { name: "tmp", mountPath: "/tmp" },
                ...(volume === undefined ? [] : [{ name: "model", mountPath: volume.mountPath }]),
                ...(sharedMemory === undefined ? [] : [{ name: "shared-memory", mountPath: "/dev/shm" }]),
              ],
            },
          ],
          volumes: [
            { name: "tmp", emptyDir: {} },
            ...(volume === undefined
              ? []
              : [{ name: "model", persistentVolumeClaim: { claimName: volume.attachment.claimName } }]),
            ...(sharedMemory === undefined
              ? []
              : [{ name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: sharedMemory } }]),
          ],
        },
      },
    },
  };
}
