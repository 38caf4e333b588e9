import { core } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Resource } from "@pulumi/pulumi";
import type { ClusterHandle } from "../../host/cluster-handle";
import { checkName, checkWhole } from "../../kubernetes/checks";
import { customResource } from "../../kubernetes/custom-resource";
import { helmRelease } from "../../kubernetes/helm-release";
import { labelsFor } from "../../kubernetes/labels";
import { podSecurity } from "../../kubernetes/security";
import { refuseFaults } from "../../refuse";
import { charts, type PinnedChart } from "../../versions";
import type { FrontNode } from "../exposure";
import { frontNodeAddress, frontNodeFaults } from "../front-node";
import { classGateways, type Controller } from "./controllers";
import { GatewayApi } from "./gateway-api";
import type { GatewayClass } from "./gateway-objects";
import type { GatewayPlatform } from "./platform";
import { traefikValues, type GatewayReach } from "./traefik-values";

export interface GatewayControllerArgs {
  readonly cluster: Pick<ClusterHandle, "provider" | "chartsFolder" | "reserveAddress">;
  /** Which one. Envoy Gateway brings the Gateway API itself; for the others it must be there. */
  readonly controller: Controller;
  /**
   * Whether the Gateway API's definitions are installed too (gateway-api.ts), and then stay, or are in the cluster
   * already: `kubectl get crd gateways.gateway.networking.k8s.io`. Without them Helm refuses Traefik and NGINX Gateway
   * Fabric, for a GatewayClass that the cluster does not know. Traefik looks at no gateway until the cluster has all of
   * 1.5's, `tlsroutes` of v1 among them (https://doc.traefik.io/traefik/migrate/v3/#kubernetes-gateway-api-provider).
   * @default "existing"
   */
  readonly gatewayApi?: "install" | "existing" | undefined;
  /**
   * Where requests come in. The others than Traefik have a load balancer for each gateway.
   * @default load-balancer; Traefik's gets an address that is reserved before, where the cluster's cloud has such
   */
  readonly reach?: GatewayReach | undefined;
  /**
   * Whether a front node that is known by its name is read from the cluster, for records to point at its address. What is
   * read of a node changes all the time, and every `refresh` finds that.
   * @default true
   */
  readonly readsNode?: boolean | undefined;
  /**
   * How long a request may take to come in whole, in seconds: a file that is uploaded is one. Traefik alone bounds that.
   * @default 60, which is Traefik's own
   */
  readonly uploadSeconds?: number | undefined;
}

interface Installation {
  readonly chart: PinnedChart;
  /** As the controller's own documentation has it: what people look for, and other tools (`egctl`). */
  readonly namespace: string;
  /** The GatewayClass, which Gateways go by. */
  readonly className: string;
  /** Who has to make the class; without, the chart does. */
  readonly controllerName?: string;
}

const installations: Readonly<Record<Controller, Installation>> = {
  traefik: {
    chart: charts.traefik,
    namespace: "traefik",
    className: "traefik",
  },
  "envoy-gateway": {
    chart: charts.envoyGateway,
    namespace: "envoy-gateway-system",
    className: "eg",
    controllerName: "gateway.envoyproxy.io/gatewayclass-controller",
  },
  "nginx-gateway-fabric": {
    chart: charts.nginxGatewayFabric,
    namespace: "nginx-gateway",
    className: "nginx",
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
 * each. The cluster must have load balancers; Traefik can do with a node's own ports instead, where its network plugin
 * knows of them (`hostPort`). A second one of a kind cannot be in the same cluster. The Gateway API stays when it goes.
 */
export class GatewayController extends ComponentResource {
  readonly platform: GatewayPlatform;

  /** `dependsOn` holds for the controller and the Gateway API, and not for an address that is reserved. */
  constructor(name: string, args: GatewayControllerArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:exposure:GatewayController", name, {}, opts);
    refuseFaults(this, `GatewayController ${name}`, validateGatewayController(name, args));
    const { cluster, controller, gatewayApi, reach = { kind: "load-balancer" }, uploadSeconds } = args;
    const { readsNode = true } = args;
    const { chart, namespace, className, controllerName } = installations[controller];
    const self = { parent: this, provider: cluster.provider };
    const nodeAddress =
      reach.kind === "front-node" && ("addresses" in reach.node || readsNode)
        ? frontNodeAddress(name, reach.node, { ...self, where: "reach.node", orPrivate: true })
        : undefined;
    const reservation =
      controller === "traefik" && reach.kind === "load-balancer"
        ? cluster.reserveAddress?.(name, { parent: this, use: "load-balancer" })
        : undefined;
    const home = new core.v1.Namespace(
      `${name}-${controller}`,
      { metadata: { name: namespace, labels: { ...labelsFor(controller), ...allowedPorts(reach) } } },
      // Its load balancer's address is given back first.
      { ...self, dependsOn: opts?.dependsOn ?? [], customTimeouts: { delete: "20m" } },
    );
    const api =
      gatewayApi === "install"
        ? new GatewayApi(name, { cluster, namespace: home.metadata.name }, { parent: this }).ready
        : [];
    const release = helmRelease(
      name,
      {
        chart,
        chartsFolder: cluster.chartsFolder,
        namespace: home.metadata.name,
        values: controller === "traefik" ? { ...traefikValues({ reach, reservation, uploadSeconds }) } : {},
      },
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
    this.platform = classGateways({ className, controller, address: nodeAddress ?? reservation?.ip, ready });
    this.registerOutputs({});
  }
}

/** Some clusters let no pod have a node's ports, unless its namespace says so: the standard `baseline` forbids them. */
function allowedPorts({ kind }: GatewayReach): Record<string, string> {
  return kind === "front-node" ? podSecurity("privileged") : {};
}

/** The faults of the arguments, all of them. */
export function validateGatewayController(
  name: string,
  { controller, gatewayApi, reach, uploadSeconds }: Omit<GatewayControllerArgs, "cluster">,
): string[] {
  return [
    // Pulumi adds 9 characters to a release's name, of which Helm allows 53; and more to the Job of the Gateway API.
    ...checkName(name, gatewayApi === "install" ? 42 : 44),
    ...(controller === "envoy-gateway" && gatewayApi === "install"
      ? ['gatewayApi: got "install"; allowed: existing, because Envoy Gateway brings the Gateway API itself']
      : []),
    ...(reach?.kind === "front-node" ? nodeFaults(controller, reach.node) : []),
    ...(uploadSeconds === undefined ? [] : uploadFaults(controller, uploadSeconds)),
  ];
}

function nodeFaults(controller: Controller, node: FrontNode): string[] {
  return controller === "traefik"
    ? frontNodeFaults("reach.node", node)
    : [
        `reach.kind: got "front-node"; allowed: load-balancer for ${controller}, which has one for each gateway; or take traefik`,
      ];
}

function uploadFaults(controller: Controller, seconds: number): string[] {
  return controller === "traefik"
    ? checkWhole("uploadSeconds", seconds, 1)
    : [`uploadSeconds: got ${seconds}; allowed: none for ${controller}, because Traefik alone is told`];
}
