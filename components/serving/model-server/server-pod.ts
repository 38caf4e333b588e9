import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { GpuScheduling } from "../../host/cluster-handle";
import { environment, homeEnvironment, resourceRequirements, temporary } from "../../kubernetes/container";
import { labelsFor } from "../../kubernetes/labels";
import { containerSecurityContext, podSecurityContext } from "../../kubernetes/security";
import type { VolumeAttachment } from "../../storage/model-volume";
import { probes, spreadOverNodes } from "../pod-parts";
import { modelPart, mebibytes, roomInPod } from "./model-pod";
import { serverDefaults, type ModelServerArgs } from "./model-server-args";
import { modelFolder } from "./model-source";

export interface ServerPodArgs {
  /** By which they are labelled. */
  readonly workload: string;
  readonly server: Omit<ModelServerArgs, "cluster" | "workspace" | "canary">;
  readonly serviceAccountName: Input<string>;
  readonly keySecret: Input<string> | undefined;
  readonly attachment: VolumeAttachment | undefined;
  readonly gpu: GpuScheduling | undefined;
  readonly spread: boolean;
}

/** What a pod has to end what it has begun, in seconds, after it has got no new requests for some. */
const graceSeconds = 60;
const drainSeconds = 5;

/** The pods of one version of the server, from arguments that have been checked. */
export function serverPod(args: ServerPodArgs): types.input.core.v1.PodTemplateSpec {
  const { workload, server, attachment, gpu } = args;
  const { port = serverDefaults.port, mountPath = serverDefaults.mountPath, model } = server;
  const { readyTimeoutSeconds = serverDefaults.readyTimeoutSeconds } = server;
  const part = modelPart(model, {
    mountPath,
    image: server.image,
    keySecret: args.keySecret,
    claimName: attachment?.claimName,
  });
  const scheme = server.exposure?.kind === "ingress" && server.exposure.backendProtocol === "HTTPS";
  return {
    metadata: {
      labels: { ...labelsFor(workload), ...attachment?.labels },
      annotations: {
        // What a pod has in these keeps no node from being given back.
        "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": part.volumes
          .filter(({ emptyDir }) => emptyDir !== undefined)
          .reduce<string>((names) => `${names},model`, temporary.volume.name),
        ...part.annotations,
        ...attachment?.annotations,
      },
    },
    spec: {
      serviceAccountName: args.serviceAccountName,
      // Neither the identity in the cloud nor the driver needs the cluster's token in the pod.
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: graceSeconds,
      securityContext: podSecurityContext(server.userId),
      ...(gpu !== undefined && {
        nodeSelector: { ...gpu.nodeSelector },
        tolerations: [...gpu.tolerations],
      }),
      ...(attachment?.affinity !== undefined && { affinity: attachment.affinity }),
      ...(args.spread && spreadOverNodes(workload)),
      ...(part.initContainers.length > 0 && { initContainers: [...part.initContainers] }),
      containers: [
        {
          name: "server",
          image: server.image,
          ...(server.app !== undefined && { command: ["gunicorn", server.app] }),
          env: environment(serverEnvironment(server), server.secretEnv ?? {}),
          ports: [{ name: "web", containerPort: port }],
          // Requests may still come to a pod that is to go, until all have heard of it.
          lifecycle: { preStop: { sleep: { seconds: drainSeconds } } },
          securityContext: containerSecurityContext(),
          resources: requirements(server, gpu),
          ...probes(server.healthPath ?? serverDefaults.healthPath, readyTimeoutSeconds, scheme),
          terminationMessagePolicy: "FallbackToLogsOnError",
          volumeMounts: [temporary.mount, ...part.mounts],
        },
      ],
      volumes: [temporary.volume, ...part.volumes],
    },
  };
}

/**
 * The server's environment: the seed's two variables, and what gunicorn is to do, which it reads from `GUNICORN_CMD_ARGS`
 * (https://docs.gunicorn.org/en/stable/settings.html): it goes before a settings file, and after flags of the command line.
 */
export function serverEnvironment(
  server: Pick<
    ModelServerArgs,
    "app" | "workerClass" | "model" | "mountPath" | "port" | "workers" | "docs" | "env"
  >,
): Record<string, Input<string>> {
  const { model, mountPath = serverDefaults.mountPath } = server;
  const { port = serverDefaults.port, workers = serverDefaults.workers, docs = false } = server;
  const gunicornFlags = [
    `--bind 0.0.0.0:${port}`,
    `--workers ${workers}`,
    // An image's own command has the workers that are in the image.
    ...(server.app === undefined
      ? []
      : [`--worker-class ${server.workerClass ?? serverDefaults.workerClass}`]),
    // Its heartbeat files are in memory: on a slow disk, workers that wait for it would count as dead.
    "--worker-tmp-dir /dev/shm",
    `--graceful-timeout ${graceSeconds - 2 * drainSeconds}`,
  ];
  return {
    ...homeEnvironment,
    ...(model.runId !== undefined && { PRED_MODEL_UUID: model.runId }),
    PRED_MODEL_PATH: modelFolder(model, mountPath),
    PORT: String(port),
    WEB_CONCURRENCY: String(workers),
    GUNICORN_CMD_ARGS: gunicornFlags.join(" "),
    DOCS_ENABLED: String(docs),
    ...server.env,
  };
}

/** With the room for a model that each pod has for itself: what is in it counts as the container's. */
function requirements({ model, resources, gpu }: ServerPodArgs["server"], found: GpuScheduling | undefined) {
  const { cpu = "1", memory = "4Gi", disk } = resources ?? {};
  const gpus = found && gpu && { count: gpu.count, resource: found.resource };
  const room = roomInPod(model);
  const withModel = room === 0 ? disk : `${mebibytes(disk ?? "2Gi") + room}Mi`;
  return resourceRequirements({ cpu, memory, disk: withModel }, gpus);
}
