import { apps, autoscaling, core, networking, policy } from "@pulumi/kubernetes";
import {
  ComponentResource,
  output,
  secret,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import {
  ingressAddress,
  ingressAnnotations,
  ingressManifest,
  loadBalancerAddress,
  serviceType,
  type IngressExposure,
} from "../exposure/exposure";
import { refuseFaults } from "../kubernetes/checks";
import { labelsFor, selectorFor } from "../kubernetes/labels";
import { podTemplate } from "./pod-template";
import { mostReplicas, validateInferenceUi, type Credentials, type InferenceUiArgs } from "./ui-arguments";

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
 * call out wherever they like; nothing reaches them but on the UI's port.
 */
export class InferenceUi extends ComponentResource {
  /** Where people reach it: a URL, or how to find it where the cluster alone knows. */
  readonly address: Output<string>;
  /** The name that people and pods know it by. */
  readonly serviceName: Output<string>;
  readonly deploymentName: Output<string>;
  /** Its password, where one was generated or given. */
  readonly password: Output<string> | undefined;

  constructor(name: string, args: InferenceUiArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:serving:InferenceUi", name, {}, opts);
    refuseFaults(`InferenceUi ${name}`, validateInferenceUi(args));
    const { cluster, workspace, exposure, gpu, model, modelReady, replicas = 1 } = args;
    const { port = 7860, servicePort = 80, readyTimeoutSeconds = 600 } = args;
    const { namespace } = workspace;
    const deploymentLabel = `${name}-deployment`;
    const labels = labelsFor(deploymentLabel);
    const selector = selectorFor(deploymentLabel);
    const most = mostReplicas(replicas);
    const sticky = most > 1;
    const together = args.placement?.kind === "with-training";
    const attachment = model?.volume.attach({
      name: "the UI",
      replicas: most,
      placement: together ? "together" : "anywhere",
    });
    const self: CustomResourceOptions = { parent: this, provider: cluster.provider };
    const inert: CustomResourceOptions = { ...self, ...workspace.inert };

    // `up` waits for the UI by its Deployment alone: Pulumi's wait for a Service has a floor of 10 s. Where the UI waits
    // for a model that may take hours, `up` waits for none of it.
    const awaited = modelReady?.kind !== "file";
    const skipAwait = { "pulumi.com/skipAwait": "true" };
    const timeouts = {
      customTimeouts: { create: `${readyTimeoutSeconds}s`, update: `${readyTimeoutSeconds}s` },
    };

    const account = new core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: { namespace, labels }, automountServiceAccountToken: false },
      inert,
    );
    const login = credentialsSecret(name, args.credentials ?? { kind: "none" }, {
      namespace,
      labels,
      inert,
      parent: this,
    });

    const asked =
      gpu ?? (args.placement?.kind === "with-training" ? args.placement.training?.gpu : undefined);
    const scheduling = asked === undefined ? undefined : cluster.gpu(asked.type);
    const deployment = new apps.v1.Deployment(
      deploymentLabel,
      {
        metadata: { namespace, labels, annotations: awaited ? {} : skipAwait },
        spec: {
          // An autoscaler owns the number of pods where there is one.
          ...(typeof replicas === "number" && { replicas }),
          selector: { matchLabels: selector },
          // A GPU or a disk is not there twice, so the old pod must go before the new one comes.
          strategy:
            gpu !== undefined || model?.volume.accessMode === "ReadWriteOnce"
              ? { type: "Recreate" }
              : { type: "RollingUpdate" },
          // Kubernetes would call the rollout failed after 10 minutes, whatever we wait for.
          progressDeadlineSeconds: readyTimeoutSeconds + 1,
          template: podTemplate({
            name: deploymentLabel,
            ui: args,
            serviceAccountName: account.metadata.name,
            credentialsSecret: login?.name,
            attachment,
            gpu: gpu === undefined ? undefined : scheduling,
            nodeSelector: scheduling?.nodeSelector,
            tolerations: scheduling?.tolerations,
            spread: sticky && !together,
          }),
        },
      },
      { ...self, ...timeouts, dependsOn: modelReady?.kind === "job" ? [modelReady.job.job] : [] },
    );

    const serviceLabel = `${name}-service`;
    const isLoadBalancer = exposure.kind === "load-balancer";
    const service = new core.v1.Service(
      serviceLabel,
      {
        metadata: {
          // The one fixed name: people and pods call the UI by it.
          name: serviceLabel,
          namespace,
          labels,
          annotations: isLoadBalancer && awaited ? {} : skipAwait,
        },
        spec: {
          type: serviceType[exposure.kind],
          selector,
          // Gradio keeps a session in one pod's memory; the other pods do not know it.
          ...(sticky && { sessionAffinity: "ClientIP" }),
          ports: [
            {
              name: "web",
              port: servicePort,
              targetPort: "web",
              ...(exposure.kind === "node-port" &&
                exposure.port !== undefined && { nodePort: exposure.port }),
            },
          ],
        },
      },
      isLoadBalancer ? { ...self, ...timeouts } : inert,
    );

    new networking.v1.NetworkPolicy(
      `${name}-policy`,
      {
        metadata: { namespace, labels },
        spec: {
          podSelector: { matchLabels: selector },
          policyTypes: ["Ingress"],
          ingress: [{ ports: [{ protocol: "TCP", port }] }],
        },
      },
      inert,
    );
    if (most > 1) {
      new policy.v1.PodDisruptionBudget(
        `${name}-budget`,
        { metadata: { namespace, labels }, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
        inert,
      );
    }
    if (typeof replicas !== "number") {
      new autoscaling.v2.HorizontalPodAutoscaler(
        `${name}-autoscaler`,
        {
          metadata: { namespace, labels },
          spec: {
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment.metadata.name },
            minReplicas: replicas.min,
            maxReplicas: replicas.max,
            metrics: [
              {
                type: "Resource",
                resource: {
                  name: "cpu",
                  target: { type: "Utilization", averageUtilization: replicas.cpuPercent },
                },
              },
            ],
          },
        },
        inert,
      );
    }
    if (exposure.kind === "ingress") {
      this.makeIngress(name, exposure, exposure.className ?? cluster.ingressClass ?? "", {
        namespace,
        labels,
        annotations: awaited ? {} : skipAwait,
        service,
        sticky,
        options: { ...self, customTimeouts: { create: "20m" }, dependsOn: [deployment] },
      });
    }

    this.serviceName = service.metadata.name;
    this.deploymentName = deployment.metadata.name;
    this.password = login?.password;
    this.address =
      exposure.kind === "ingress"
        ? output(ingressAddress(exposure))
        : isLoadBalancer
          ? service.status.loadBalancer.ingress.apply((ingress) =>
              loadBalancerAddress(serviceLabel, servicePort, ingress),
            )
          : localAddress(service, servicePort, exposure.kind);
    this.registerOutputs({
      address: this.address,
      serviceName: this.serviceName,
      deploymentName: this.deploymentName,
    });
  }

  private makeIngress(
    name: string,
    exposure: IngressExposure,
    className: string,
    args: {
      readonly namespace: Input<string>;
      readonly labels: Record<string, string>;
      readonly annotations: Record<string, string>;
      readonly service: core.v1.Service;
      readonly sticky: boolean;
      readonly options: CustomResourceOptions;
    },
  ): void {
    const annotations = { ...ingressAnnotations(exposure, className, args.sticky), ...args.annotations };
    new networking.v1.Ingress(
      `${name}-ingress`,
      ingressManifest({ ...args, exposure, className, serviceName: args.service.metadata.name, annotations }),
      args.options,
    );
  }
}

/** Where no one outside has an address for it: how to reach it by kubectl. */
function localAddress(service: core.v1.Service, port: number, kind: "none" | "node-port"): Output<string> {
  return output([service.metadata.namespace, service.metadata.name]).apply(([namespace, name]) =>
    kind === "none"
      ? `kubectl port-forward -n ${namespace} service/${name} 8080:${port}`
      : `http://<any node>:<port of service ${namespace}/${name}>`,
  );
}

interface LoginOptions {
  readonly namespace: Input<string>;
  readonly labels: Record<string, string>;
  readonly inert: CustomResourceOptions;
  readonly parent: Resource;
}

/** The Secret that people log in by: made, or one that exists. Its name is Pulumi's choice, so that pods roll when it changes. */
function credentialsSecret(
  name: string,
  credentials: Credentials,
  { namespace, labels, inert, parent }: LoginOptions,
): { name: Input<string>; password: Output<string> | undefined } | undefined {
  if (credentials.kind === "none") return undefined;
  if (credentials.kind === "existing") return { name: credentials.secretName, password: undefined };
  const password =
    credentials.kind === "given"
      ? secret(credentials.password)
      : new RandomPassword(`${name}-password`, { length: 24, special: false }, { parent }).result;
  const made = new core.v1.Secret(
    `${name}-login`,
    { metadata: { namespace, labels }, stringData: { username: credentials.username, password } },
    inert,
  );
  return { name: made.metadata.name, password };
}
