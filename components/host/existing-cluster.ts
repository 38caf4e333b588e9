import { Provider, type types } from "@pulumi/kubernetes";
import { ComponentResource, secret, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { classGateways, type Controller } from "../exposure/gateway/controllers";
import { GatewayController } from "../exposure/gateway/gateway-controller";
import type { GatewayClass } from "../exposure/gateway/gateway-objects";
import type { GatewayPlatform, ListenerPorts } from "../exposure/gateway/platform";
import { existingObject } from "../kubernetes/custom-resource";
import type { ClusterHandle, GpuScheduling, StorageClassRef } from "./cluster-handle";
import { nvidiaGpu, nvidiaToleration } from "./nvidia";

export interface ExistingClusterArgs {
  /**
   * Path of a kubeconfig, or its contents, which are kept as a secret.
   * @default the one that kubectl uses
   */
  readonly kubeconfig?: Input<string>;
  /** @default the current context */
  readonly context?: string;
  /**
   * Says *which* cluster this is. While it stays, nothing is replaced whatever address or credentials the kubeconfig
   * has; when it changes, everything is made again in the other cluster.
   * @default the context's name, or `current-context`
   */
  readonly clusterIdentifier?: string;
  /**
   * Whether pods can be on different nodes.
   * @default "many"
   */
  readonly nodes?: "single" | "many";
  /** The classes that volumes are made of. */
  readonly storage: {
    readonly readWriteOnce: StorageClassRef;
    readonly readWriteMany?: StorageClassRef | undefined;
  };
  /**
   * How GPUs are asked for.
   * @default the cluster has none
   */
  readonly gpu?: ExistingGpus;
  /** The IngressClass of Ingresses that name none. */
  readonly ingressClass?: string;
  /**
   * How it has gateways: by a controller that is there, known by its GatewayClass; or by one that is installed.
   * @default it has none
   */
  readonly gateway?: ExistingGateways;
  /**
   * Where its ingress controller, gateway or load balancer is reached: an address or a host name, for the names of the
   * stack to point at.
   * @default not known; the names' records are made by hand
   */
  readonly publicAddress?: string;
  /**
   * Whether pods may be privileged: not on GKE Autopilot.
   * @default true
   */
  readonly privilegedPods?: boolean;
  /**
   * A folder with the charts of what is installed, each in a folder of its name.
   * @default they come from where they are published
   */
  readonly chartsFolder?: string;
}

export type ExistingGateways =
  | {
      readonly kind: "class";
      /** Its name: `kubectl get gatewayclass`. */
      readonly className: string;
      /** Whose it is, which decides what it can do beside what all can. @default not known */
      readonly controller?: Controller | undefined;
      /** The ports of its Gateways' listeners. @default 8000 and 8443 of Traefik, 80 and 443 of the others */
      readonly ports?: ListenerPorts | undefined;
    }
  | {
      readonly kind: "install";
      readonly controller: Controller;
      /** Whether the Gateway API's definitions are installed too, and then stay. Not with Envoy Gateway. @default "existing" */
      readonly gatewayApi?: "install" | "existing" | undefined;
    };

export interface ExistingGpus {
  /** @default "nvidia.com/gpu" */
  readonly resource?: string | undefined;
  /**
   * Labels that every node with GPUs has: `{"nvidia.com/gpu.present": "true"}`.
   * @default none: a pod that asks for a GPU finds such a node by asking
   */
  readonly nodeLabels?: Readonly<Record<string, string>> | undefined;
  /** Types by a name of your own, each with the further node labels that it has: `{l4: {"cloud.google.com/gke-accelerator": "nvidia-l4"}}`. */
  readonly types?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** @default the taint `nvidia.com/gpu`, whatever its value */
  readonly tolerations?: readonly types.input.core.v1.Toleration[] | undefined;
}

/**
 * A Kubernetes cluster that exists already: kind, on-premises, or any other that kubectl reaches.
 *
 * ```ts
 * const cluster = new ExistingCluster("lab", {
 *   context: "lab",
 *   storage: { readWriteOnce: { name: "standard", binding: "WaitForFirstConsumer" } },
 *   gpu: {},
 * });
 * ```
 *
 * Costs nothing: it makes no cluster, only the provider by which the others reach it. It installs nothing either, but a
 * gateway controller where it is told to: GPU drivers, storage classes and an ingress controller must be there.
 */
export class ExistingCluster extends ComponentResource implements ClusterHandle {
  readonly provider: Provider;
  readonly nodes: "single" | "many";
  readonly storage: ClusterHandle["storage"];
  readonly ingressClass?: string;
  readonly gateways?: GatewayPlatform;
  readonly publicAddress?: string;
  readonly privilegedPods: boolean;
  readonly chartsFolder?: string;
  private readonly gpus: ExistingGpus | undefined;

  constructor(name: string, args: ExistingClusterArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:host:ExistingCluster", name, {}, opts);
    const { kubeconfig, context, storage, gpu, ingressClass, gateway, publicAddress, chartsFolder } = args;
    this.provider = new Provider(
      name,
      {
        ...(kubeconfig !== undefined && {
          kubeconfig: isPath(kubeconfig) ? kubeconfig : secret(kubeconfig),
        }),
        ...(context !== undefined && { context }),
        clusterIdentifier: args.clusterIdentifier ?? context ?? "current-context",
      },
      { parent: this },
    );
    this.nodes = args.nodes ?? "many";
    this.privilegedPods = args.privilegedPods ?? true;
    const { readWriteOnce, readWriteMany } = storage;
    this.storage = { readWriteOnce, ...(readWriteMany !== undefined && { readWriteMany }) };
    if (ingressClass !== undefined) this.ingressClass = ingressClass;
    if (publicAddress !== undefined) this.publicAddress = publicAddress;
    if (chartsFolder !== undefined) this.chartsFolder = chartsFolder;
    this.gpus = gpu;
    if (gateway !== undefined) this.gateways = this.gatewaysOf(name, gateway);
    this.registerOutputs({});
  }

  gpu(type?: string): GpuScheduling {
    return gpuScheduling(this.gpus, type);
  }

  private gatewaysOf(name: string, gateway: ExistingGateways): GatewayPlatform {
    if (gateway.kind === "install") {
      const { controller, gatewayApi } = gateway;
      return new GatewayController(name, { cluster: this, controller, gatewayApi }, { parent: this })
        .platform;
    }
    const { className, controller, ports } = gateway;
    // Read, so that a class that is not there is told before anything is made.
    const found = existingObject<GatewayClass>(
      `${name}-gateway-class`,
      { apiVersion: "gateway.networking.k8s.io/v1", kind: "GatewayClass", name: className },
      { parent: this, provider: this.provider },
    );
    return classGateways({ className, controller, ports, ready: [found] });
  }
}

/** A kubeconfig's contents, in YAML or in JSON on one line, hold keys and tokens; its path does not. An output may be either. */
function isPath(kubeconfig: Input<string>): boolean {
  return typeof kubeconfig === "string" && !/\n|^\s*\{/.test(kubeconfig);
}

/** How the GPUs that a cluster offers are asked for, of a type or of any. */
export function gpuScheduling(gpus: ExistingGpus | undefined, type?: string): GpuScheduling {
  if (gpus === undefined)
    throw new Error("the cluster offers no GPUs; say how they are asked for (gpu), or ask for none");
  const { types = {}, resource = nvidiaGpu } = gpus;
  const ofType = type === undefined ? {} : Object.hasOwn(types, type) ? types[type] : undefined;
  if (ofType === undefined) {
    const offered = Object.keys(types);
    throw new Error(
      `the cluster offers no GPU of type "${type}"; allowed: ${offered.length === 0 ? "no type" : offered.join(", ")}`,
    );
  }
  return {
    resource,
    nodeSelector: { ...gpus.nodeLabels, ...ofType },
    tolerations: gpus.tolerations ?? [nvidiaToleration],
  };
}
