import { apps, core } from "@pulumi/kubernetes";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { publish, reserveAddress, takeHost } from "../exposure/publish";
import { accountManifest } from "../kubernetes/account";
import { patchForce, skipAwait } from "../kubernetes/annotations";
import { metadataFor, selectorFor } from "../kubernetes/labels";
import { refuseFaults } from "../refuse";
import { makeLogin } from "./login";
import { podTemplate } from "./pod-template";
import { surround } from "./surroundings";
import { mostReplicas, type InferenceUiArgs } from "./ui-arguments";
import { serviceManifest } from "./ui-objects";
import { validateInferenceUi } from "./validate-ui";

/**
 * Kubernetes' own defaults, said: only who owns these fields can take them away, as a change to Recreate must
 * (pulumi-kubernetes#2843).
 */
const rolling = { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } };
/** Kubernetes' word for no deadline (MaxInt32). */
const noDeadlineSeconds = 2 ** 31 - 1;

/**
 * The UI in front of a model: a Gradio app, with its Deployment, Service and whatever makes it reachable.
 *
 * ```ts
 * const ui = new InferenceUi("mnist-inference", {
 *   cluster, workspace, image: "ghcr.io/you/mnist-ui:1.4.0",
 *   model: { volume }, modelReady: { kind: "job", job: training },
 *   credentials: { kind: "generated", username: "ada" },
 *   exposure: { kind: "ingress", host: "mnist.example.com" },
 * });
 * ```
 *
 * Costs its pods all the time (it does not scale to nothing), and a load balancer where one is asked for. The pods may
 * call out wherever they like; nothing reaches them but on the UI's port. Only a gateway or an ingress can give it HTTPS.
 */
export class InferenceUi extends ComponentResource {
  /** Where people reach it: a URL, or how to find it where the cluster alone knows. */
  readonly address: Output<string>;
  /** What the record of its host says, or has to say: an address or a host name. Undefined where no one knows. */
  readonly pointsAt: Output<string> | undefined;
  /** The name that people and pods know it by. */
  readonly serviceName: Output<string>;
  readonly deploymentName: Output<string>;
  /** Its password, where one was generated or given; a secret. */
  readonly password: Output<string> | undefined;

  constructor(name: string, args: InferenceUiArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:serving:InferenceUi", name, {}, opts);
    const { cluster, exposure, host, model, replicas = 1, port = 7860, servicePort = 80 } = args;
    const workload = `${name}-deployment`;
    refuseFaults(this, `InferenceUi ${name}`, [
      ...validateInferenceUi(name, args),
      ...takeHost({ cluster, exposure, host, workload }),
    ]);
    const { namespace } = args.workspace;
    const most = mostReplicas(replicas);
    const sticky = most > 1;
    const self: CustomResourceOptions = { parent: this, provider: cluster.provider };
    const inert: CustomResourceOptions = { ...self, ...args.workspace.inert };
    const seconds = `${args.readyTimeoutSeconds ?? 600}s`;
    const timeouts = { customTimeouts: { create: seconds, update: seconds } };

    const account = new core.v1.ServiceAccount(
      `${name}-account`,
      accountManifest(workload, namespace, args.workspace.imagePullSecrets),
      inert,
    );
    const login = makeLogin(args.credentials ?? { kind: "none" }, { name, workload, namespace, inert });
    const placement = args.placement?.kind === "with-training" ? "together" : "anywhere";
    const attachment = model?.volume.attach(
      { name: "the UI", replicas: most, placement },
      { name, parent: this, serviceAccount: account.metadata.name, access: "read" },
    );
    const autoscaled = typeof replicas !== "number";

    const deployment = new apps.v1.Deployment(
      workload,
      {
        metadata: metadataFor(workload, namespace, { ...(awaitsFile(args) && skipAwait), ...patchForce }),
        spec: {
          replicas: autoscaled ? replicas.min : replicas,
          selector: { matchLabels: selectorFor(workload) },
          // A GPU or a disk is not there twice, so the old pod must go before the new one comes.
          strategy:
            args.gpu !== undefined || model?.volume.accessMode === "ReadWriteOnce"
              ? { type: "Recreate" }
              : rolling,
          progressDeadlineSeconds: progressDeadline(args),
          template: podTemplate({
            ...scheduling(args),
            name: workload,
            ui: args,
            serviceAccountName: account.metadata.name,
            credentialsSecret: login?.secretName,
            attachment,
            spread: sticky && model?.volume.oneNode !== true,
          }),
        },
      },
      {
        ...self,
        ...timeouts,
        dependsOn: [...after(args), ...(attachment?.ready ?? [])],
        // An autoscaler owns the number of pods where there is one.
        ...(autoscaled && { ignoreChanges: ["spec.replicas"] }),
      },
    );
    const serviceName = `${name}-service`;
    const reservation = reserveAddress(name, { cluster, exposure, host, parent: this });
    const service = new core.v1.Service(
      serviceName,
      serviceManifest({
        name: serviceName,
        workload,
        namespace,
        exposure,
        port: servicePort,
        sticky,
        ...(exposure.kind === "load-balancer" && { loadBalancerIP: reservation?.ip }),
      }),
      exposure.kind === "load-balancer" ? { ...self, ...timeouts } : inert,
    );
    surround(name, {
      workload,
      namespace,
      deploymentName: deployment.metadata.name,
      port,
      replicas,
      inert,
    });
    const published = publish(name, {
      cluster,
      exposure,
      host,
      zone: args.zone,
      workload,
      namespace,
      service,
      serviceName,
      servicePort,
      health: { path: args.probePath ?? "/", port },
      sticky,
      reservation,
      awaited: !awaitsFile(args),
      after: [deployment],
      self: { ...self, parent: this },
    });
    this.address = published.address;
    this.pointsAt = published.pointsAt;
    this.serviceName = service.metadata.name;
    this.deploymentName = deployment.metadata.name;
    this.password = login?.password;
    this.registerOutputs({
      address: this.address,
      serviceName: this.serviceName,
      deploymentName: this.deploymentName,
    });
  }
}

/** Where the UI waits for a model that may take hours, `up` waits neither for its pods nor for what needs them. */
function awaitsFile({ modelReady }: InferenceUiArgs): boolean {
  return modelReady?.kind === "file";
}

/** Kubernetes would call a rollout failed after 10 minutes, whatever we wait for. */
function progressDeadline(args: InferenceUiArgs): number {
  if (awaitsFile(args)) return noDeadlineSeconds;
  return Math.ceil(args.readyTimeoutSeconds ?? 600);
}

/** With the training it needs to be allowed on the training's nodes, though it asks for none of their GPUs. */
function scheduling({ cluster, gpu, model, placement }: InferenceUiArgs) {
  const training = placement?.kind === "with-training" ? placement.training : undefined;
  const nodesOf = model?.volume.oneNode === true ? training?.gpu : undefined;
  const asked = gpu === undefined ? nodesOf : { ...nodesOf, ...gpu };
  if (asked === undefined) return {};
  const found = cluster.gpu(asked.type);
  const { nodeSelector, tolerations } = found;
  return { nodeSelector, tolerations, ...(gpu !== undefined && { gpu: found }) };
}

/**
 * The training comes first where the UI is to start with its model; and where the UI goes to the training's node, for
 * of the two the training finds a node with more trouble.
 */
function after({ modelReady, placement }: InferenceUiArgs): Resource[] {
  if (modelReady?.kind === "job") return [modelReady.job.job];
  const training = placement?.kind === "with-training" ? placement.training : undefined;
  return training === undefined ? [] : [training.job];
}
