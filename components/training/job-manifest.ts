import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { GpuScheduling } from "../host/cluster-handle";
import {
  environment,
  resourceRequirements,
  temporary,
  type Resources,
  type SecretKey,
} from "../kubernetes/container";
import { labelsFor, metadataFor } from "../kubernetes/labels";
import { containerSecurityContext, podSecurityContext } from "../kubernetes/security";
import type { VolumeAttachment } from "../storage/model-volume";

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
  readonly userId?: number | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

export const defaultMemory = "4Gi";

/** The Job, from arguments that have been checked and completed. */
export function jobManifest(args: JobManifestArgs): types.input.batch.v1.Job {
  const { name, namespace, gpu, volume } = args;
  const labels = { ...labelsFor(name), ...volume?.attachment.labels };
  const { cpu = "1", memory = defaultMemory } = args.resources;
  return {
    metadata: metadataFor(name, namespace, args.annotations),
    spec: {
      backoffLimit: args.retries,
      ...(args.deadlineSeconds !== undefined && { activeDeadlineSeconds: args.deadlineSeconds }),
      // A pod on its way out still holds the GPU and the volume.
      podReplacementPolicy: "Failed",
      // Losing a spot node or being drained is not a failure of the training.
      podFailurePolicy: {
        rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
      },
      // No ttlSecondsAfterFinished: a Job that deletes itself is gone at the next `refresh`, and trained anew by the next `up`.
      template: {
        metadata: {
          labels,
          annotations: {
            "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
            ...volume?.attachment.annotations,
          },
        },
        spec: {
          restartPolicy: "Never",
          serviceAccountName: args.serviceAccountName,
          automountServiceAccountToken: false,
          // Else each Service of the namespace puts variables of its own into the environment.
          enableServiceLinks: false,
          terminationGracePeriodSeconds: args.gracePeriodSeconds,
          securityContext: podSecurityContext(args.userId),
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
              resources: resourceRequirements(
                { ...args.resources, cpu, memory },
                gpu && { count: gpu.count, resource: gpu.scheduling.resource },
              ),
              volumeMounts: [
                temporary.mount,
                { name: "shared-memory", mountPath: "/dev/shm" },
                ...(volume === undefined ? [] : [{ name: "model", mountPath: volume.mountPath }]),
              ],
            },
          ],
          volumes: [
            temporary.volume,
            // The runtime's own 64 MiB crash data loaders with workers. What is in it counts as the container's memory.
            { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: args.sharedMemory ?? memory } },
            ...(volume === undefined
              ? []
              : [{ name: "model", persistentVolumeClaim: { claimName: volume.attachment.claimName } }]),
          ],
        },
      },
    },
  };
}
