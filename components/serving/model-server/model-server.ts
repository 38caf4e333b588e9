import { apps, core } from "@pulumi/kubernetes";
import {
  ComponentResource,
  interpolate,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Output,
} from "@pulumi/pulumi";
import { publish, reserveAddress, takeHost } from "../../exposure/publish";
import { accountManifest } from "../../kubernetes/account";
import { patchForce } from "../../kubernetes/annotations";
import { metadataFor, selectorFor } from "../../kubernetes/labels";
import { refuseFaults } from "../../refuse";
import type { VolumeAttachment } from "../../storage/model-volume";
import { surround } from "../surroundings";
import { mostReplicas } from "../ui-arguments";
import { serviceManifest } from "../ui-objects";
import { letAtModel, type ModelAccess } from "./model-access";
import { serverDefaults, type Canary, type ModelServerArgs } from "./model-server-args";
import type { ModelSource } from "./model-source";
import { serverPod } from "./server-pod";
import { validateModelServer } from "./validate-model-server";

/**
 * A model behind an API: FastAPI under gunicorn, with the model that a run of MLflow's has logged.
 *
 * ```ts
 * const server = new ModelServer("mnist-server", {
 *   cluster, workspace, image: "ghcr.io/you/mnist-fastapi:1.4.0", app: "mnist_fastapi.main:APP",
 *   model: { kind: "gcs-fuse", bucket: "mnist-artifacts", runId: "7251ac3655934299aad4cfebf5ffddbe" },
 * });
 * const ui = new InferenceUi("mnist-ui", { …, env: { MODEL_SERVER_URL: server.clusterUrl } });
 * ```
 *
 * Another `runId` is rolled out pod by pod while the old ones answer, and the old `runId` rolls it back; with a GPU, whose
 * place the new pod needs, a pod goes before the next one comes. A `canary` gets its share of what comes through the
 * gateway; `clusterUrl` leads to the server alone.
 *
 * Costs its pods all the time (it does not scale to nothing). It asks no one who they are: whoever reaches it can use it.
 * It makes no bucket and logs no model. On Kubernetes before 1.30, pods that go may break off a few requests.
 */
export class ModelServer extends ComponentResource {
  /** Where it is reached from inside the cluster: `http://mnist-server-service.mnist-1a2b3c4d:8080`. */
  readonly clusterUrl: Output<string>;
  /** Where people reach it: a URL, or how to find it where the cluster alone knows. */
  readonly address: Output<string>;
  /** What the record of its host says, or has to say: an address or a host name. Undefined where no one knows. */
  readonly pointsAt: Output<string> | undefined;
  readonly serviceName: Output<string>;
  readonly deploymentName: Output<string>;
  /** The Deployment of the version on trial. */
  readonly canaryName: Output<string> | undefined;

  constructor(name: string, args: ModelServerArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:serving:ModelServer", name, {}, opts);
    const { cluster, host, model, exposure = { kind: "none" }, canary } = args;
    const { port = serverDefaults.port, servicePort = serverDefaults.servicePort } = args;
    const workload = `${name}-deployment`;
    refuseFaults(this, `ModelServer ${name}`, [
      ...validateModelServer(name, args),
      ...takeHost({ cluster, exposure, host, workload }),
    ]);
    const { namespace } = args.workspace;
    const self: CustomResourceOptions = { parent: this, provider: cluster.provider };
    const inert: CustomResourceOptions = { ...self, ...args.workspace.inert };

    const account = new core.v1.ServiceAccount(
      `${name}-account`,
      accountManifest(workload, namespace, args.workspace.imagePullSecrets),
      inert,
    );
    const serviceAccount = account.metadata.name;
    const access = letAtModel(name, {
      cluster,
      model,
      workload,
      namespace,
      serviceAccount,
      parent: this,
      inert,
    });
    const reservation = reserveAddress(name, { cluster, exposure, host, parent: this });
    const ground = { serviceAccount, access, self, inert, loadBalancerIP: reservation?.ip };
    const version = this.makeVersion(name, { ...args, exposure }, ground);
    const trial =
      canary && this.makeVersion(`${name}-canary`, canaryArgs({ ...args, exposure }, canary), ground);

    const { service } = version;
    const published = publish(name, {
      cluster,
      exposure,
      host,
      zone: args.zone,
      workload,
      namespace,
      service,
      serviceName: `${name}-service`,
      servicePort,
      ...(canary &&
        trial && {
          split: {
            serviceName: trial.service.metadata.name,
            port: servicePort,
            percent: canary.weight,
          },
        }),
      health: { path: args.healthPath ?? serverDefaults.healthPath, port },
      sticky: false,
      reservation,
      awaited: true,
      after: [version.deployment],
      self: { ...self, parent: this },
    });
    this.address = published.address;
    this.pointsAt = published.pointsAt;
    this.serviceName = service.metadata.name;
    this.clusterUrl = interpolate`http://${this.serviceName}.${namespace}:${servicePort}`;
    this.deploymentName = version.deployment.metadata.name;
    this.canaryName = trial?.deployment.metadata.name;
    this.registerOutputs({
      clusterUrl: this.clusterUrl,
      address: this.address,
      serviceName: this.serviceName,
      deploymentName: this.deploymentName,
    });
  }

  /** The pods of one version, and what is around them. */
  private makeVersion(name: string, server: VersionArgs, ground: Ground): Version {
    const { cluster, exposure, gpu, replicas = 1 } = server;
    const { port = serverDefaults.port, servicePort = serverDefaults.servicePort } = server;
    const { readyTimeoutSeconds = serverDefaults.readyTimeoutSeconds } = server;
    const { self, inert, access } = ground;
    const { namespace } = server.workspace;
    const workload = `${name}-deployment`;
    const attachment = this.attach(name, server, ground);
    const autoscaled = typeof replicas !== "number";
    const timeouts = { create: `${readyTimeoutSeconds}s`, update: `${readyTimeoutSeconds}s` };
    const deployment = new apps.v1.Deployment(
      workload,
      {
        metadata: metadataFor(workload, namespace, patchForce),
        spec: {
          replicas: autoscaled ? replicas.min : replicas,
          selector: { matchLabels: selectorFor(workload) },
          strategy: {
            type: "RollingUpdate",
            // A GPU may not be there twice; else the old pods answer until the new ones do.
            rollingUpdate:
              gpu === undefined ? { maxSurge: 1, maxUnavailable: 0 } : { maxSurge: 0, maxUnavailable: 1 },
          },
          progressDeadlineSeconds: Math.ceil(readyTimeoutSeconds),
          template: serverPod({
            workload,
            server,
            serviceAccountName: ground.serviceAccount,
            keySecret: access.keySecret,
            attachment,
            gpu: gpu && cluster.gpu(gpu.type),
            spread: mostReplicas(replicas) > 1 && attachment?.affinity === undefined,
          }),
        },
      },
      {
        ...self,
        customTimeouts: timeouts,
        dependsOn: [...access.ready, ...(attachment?.ready ?? [])],
        // An autoscaler owns the number of pods where there is one.
        ...(autoscaled && { ignoreChanges: ["spec.replicas"] }),
      },
    );
    const serviceName = `${name}-service`;
    const balanced = exposure.kind === "load-balancer";
    const service = new core.v1.Service(
      serviceName,
      serviceManifest({
        name: serviceName,
        workload,
        namespace,
        exposure,
        port: servicePort,
        sticky: false,
        ...(balanced && { loadBalancerIP: ground.loadBalancerIP }),
      }),
      balanced ? { ...self, customTimeouts: timeouts } : inert,
    );
    const deploymentName = deployment.metadata.name;
    surround(name, { workload, namespace, deploymentName, port, replicas, inert });
    return { deployment, service };
  }

  /** The claim that the model is copied into, by all pods alike. */
  private attach(
    name: string,
    { model, replicas }: VersionArgs,
    { serviceAccount }: Ground,
  ): VolumeAttachment | undefined {
    if (model.kind !== "copy" || model.into?.kind !== "claim") return undefined;
    return model.into.volume.attach(
      { name: "the model server", replicas: mostReplicas(replicas), placement: "together" },
      { name, parent: this, serviceAccount, access: "write" },
    );
  }
}

type VersionArgs = Omit<ModelServerArgs, "exposure"> & Required<Pick<ModelServerArgs, "exposure">>;

/** What all versions of a server have in common. */
interface Ground {
  readonly serviceAccount: Output<string>;
  readonly access: ModelAccess;
  readonly self: CustomResourceOptions;
  readonly inert: CustomResourceOptions;
  readonly loadBalancerIP: Output<string> | undefined;
}

interface Version {
  readonly deployment: apps.v1.Deployment;
  readonly service: core.v1.Service;
}

/** The server's arguments, with what the new version has of its own. */
function canaryArgs(server: VersionArgs, { image, replicas = 1, ...canary }: Canary): VersionArgs {
  return { ...server, image: image ?? server.image, replicas, model: canaryModel(server.model, canary) };
}

/** A sum is of one run's model. */
export function canaryModel(model: ModelSource, canary: Pick<Canary, "runId" | "sha256">): ModelSource {
  if (model.kind === "image") return { ...model, runId: canary.runId ?? model.runId };
  const runId = canary.runId ?? model.runId;
  if (model.kind === "gcs-fuse") return { ...model, runId };
  return { ...model, runId, sha256: canary.sha256 ?? (runId === model.runId ? model.sha256 : undefined) };
}
