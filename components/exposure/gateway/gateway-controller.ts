import { core } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Resource } from "@pulumi/pulumi";
import type { ClusterHandle } from "../../host/cluster-handle";
import { checkName, refuseFaults } from "../../kubernetes/checks";
import { customResource } from "../../kubernetes/custom-resource";
import { helmRelease } from "../../kubernetes/helm-release";
import { labelsFor } from "../../kubernetes/labels";
import { charts, type PinnedChart } from "../../versions";
import { classGateways, type Controller } from "./controllers";
import { GatewayApi } from "./gateway-api";
import type { GatewayClass } from "./gateway-objects";
import type { GatewayPlatform } from "./platform";

export interface GatewayControllerArgs {
  readonly cluster: Pick<ClusterHandle, "provider" | "chartsFolder">;
  /** Which one. Envoy Gateway brings the Gateway API itself; for the others it must be there. */
  readonly controller: Controller;
  /**
   * Whether the Gateway API's definitions are installed too (gateway-api.ts), and then stay, or are in the cluster
   * already: `kubectl get crd gateways.gateway.networking.k8s.io`. Without them Helm refuses Traefik and NGINX Gateway
   * Fabric, for a GatewayClass that the cluster does not know.
   * @default "existing"
   */
  readonly gatewayApi?: "install" | "existing" | undefined;
}

interface Installation {
  readonly chart: PinnedChart;
  /** As the controller's own documentation has it: what people look for, and other tools (`egctl`). */
  readonly namespace: string;
  /** The GatewayClass, which Gateways go by. */
  readonly className: string;
  /** Who has to make the class; without, the chart does. */
  readonly controllerName?: string;
  /** What differs from the chart's own. */
  readonly values: TraefikValues | Record<string, never>;
}

/** https://github.com/traefik/traefik-helm-chart/blob/v41.3.0/traefik/VALUES.md */
interface TraefikValues {
  readonly providers: { readonly kubernetesGateway: { readonly enabled: true } };
  readonly gateway: { readonly enabled: false };
  readonly ingressClass: { readonly isDefaultClass: false };
}

const installations: Readonly<Record<Controller, Installation>> = {
  traefik: {
    chart: charts.traefik,
    namespace: "traefik",
    className: "traefik",
    values: {
      providers: { kubernetesGateway: { enabled: true } },
      // Gateways are made beside it.
      gateway: { enabled: false },
      // Ingresses that name no class stay with whoever has them.
      ingressClass: { isDefaultClass: false },
    },
  },
  "envoy-gateway": {
    chart: charts.envoyGateway,
    namespace: "envoy-gateway-system",
    className: "eg",
    controllerName: "gateway.envoyproxy.io/gatewayclass-controller",
    values: {},
  },
  "nginx-gateway-fabric": {
    chart: charts.nginxGatewayFabric,
    namespace: "nginx-gateway",
    className: "nginx",
    values: {},
  },
};

/**
 * A controller that gives a cluster gateways, installed by Helm in a namespace of its own.
 *
 * ```ts
 * const { platform } = new GatewayController("lab", { cluster, controller: "envoy-gateway" });
 * ```
 *
 * Costs a pod or two, and what the cluster asks for a load balancer: Traefik has one for all gateways, the others one for
 * each. The cluster must have load balancers. A second one of a kind cannot be in the same cluster. The Gateway API stays
 * when it goes.
 */
export class GatewayController extends ComponentResource {
  readonly platform: GatewayPlatform;

  constructor(name: string, args: GatewayControllerArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:exposure:GatewayController", name, {}, opts);
    refuseFaults(this, `GatewayController ${name}`, validateGatewayController(name, args));
    const { cluster, controller, gatewayApi } = args;
    const { chart, namespace, className, controllerName, values } = installations[controller];
    const self = { parent: this, provider: cluster.provider };
    const home = new core.v1.Namespace(
      `${name}-${controller}`,
      { metadata: { name: namespace, labels: labelsFor(controller) } },
      // Its load balancer's address is given back first.
      { ...self, customTimeouts: { delete: "20m" } },
    );
    const api =
      gatewayApi === "install"
        ? new GatewayApi(name, { cluster, namespace: home.metadata.name }, { parent: this }).ready
        : [];
    const release = helmRelease(
      name,
      { chart, chartsFolder: cluster.chartsFolder, namespace: home.metadata.name, values: { ...values } },
      { ...self, dependsOn: [...api] },
    );
    const ready: Resource[] = [release];
    if (controllerName !== undefined) {
      ready.push(
        customResource<GatewayClass>(
          `${name}-${className}`,
          {
            apiVersion: "gateway.networking.k8s.io/v1",
            kind: "GatewayClass",
            metadata: { name: className, labels: labelsFor(controller) },
            spec: { controllerName },
          },
          { ...self, dependsOn: [release] },
        ),
      );
    }
    this.platform = classGateways({ className, controller, ready });
    this.registerOutputs({});
  }
}

/** The faults of the arguments, all of them. */
export function validateGatewayController(
  name: string,
  { controller, gatewayApi }: Pick<GatewayControllerArgs, "controller" | "gatewayApi">,
): string[] {
  return [
    // Pulumi adds 9 characters to a release's name, of which Helm allows 53; and more to the Job of the Gateway API.
    ...checkName(name, gatewayApi === "install" ? 42 : 44),
    ...(controller === "envoy-gateway" && gatewayApi === "install"
      ? ['gatewayApi: got "install"; allowed: existing, because Envoy Gateway brings the Gateway API itself']
      : []),
  ];
}
