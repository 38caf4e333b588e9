import { z } from "zod";
import { choice, dictionary, flag, list, mapping, oneOf, secret, text, whole } from "./fields";
import { gke } from "./gke";
import { certManager, labels, objectName, storageClass } from "./words";

const taint = mapping({
  key: text("the key of a taint").optional().describe("The taint's key; left out: every taint."),
  operator: oneOf(["Exists", "Equal"])
    .optional()
    .describe("Exists: whatever the taint's value. Equal: only that of `value`."),
  value: text("the value of a taint").optional().describe("The taint's value."),
  effect: oneOf(["NoSchedule", "PreferNoSchedule", "NoExecute"])
    .optional()
    .describe("The taint's effect; left out: all."),
  tolerationSeconds: whole(0).optional().describe("With NoExecute: how long the pod may stay."),
});

/** A taint is named, or all are meant. */
const toleration = taint.refine(({ key, operator }) => key !== undefined || operator === "Exists", {
  error: "a toleration with a key, or one with operator: Exists for every taint",
});

const gpus = mapping({
  resource: text("a resource name, such as nvidia.com/gpu", /^[a-z0-9.-]+\/[a-z0-9.-]+$/)
    .optional()
    .describe("What a GPU is called on the nodes. Default: nvidia.com/gpu."),
  nodeLabels: labels()
    .optional()
    .describe(
      'Labels that every node with GPUs has: {nvidia.com/gpu.present: "true"}. A change trains anew.',
    ),
  types: dictionary(z.string(), "a name", labels())
    .optional()
    .describe(
      "The GPUs there are, by a name of your own, with the further labels of their nodes: " +
        "{l4: {cloud.google.com/gke-accelerator: nvidia-l4}}. A change trains anew.",
    ),
  tolerations: list(toleration, "a list of tolerations")
    .optional()
    .describe("What GPU pods tolerate. Default: the taint nvidia.com/gpu."),
});

const kubeconfig =
  "the path of a kubeconfig, or its contents encrypted: npx pulumi config set --path --secret 'environment.host.kubeconfig'";

const controller = () => oneOf(["traefik", "envoy-gateway", "nginx-gateway-fabric"]);

const listenerPort = (usual: string) => whole(1, 65535).describe(`Of the listener for ${usual}.`);

const existingGateway = choice([
  mapping({
    kind: z.literal("class").describe("By a controller that is there; the stack makes its own Gateway."),
    className: objectName().describe("Its GatewayClass: kubectl get gatewayclass."),
    controller: controller()
      .optional()
      .describe("Whose it is, which decides what else it can. Default: not known."),
    ports: mapping({ http: listenerPort("clear text"), https: listenerPort("HTTPS") })
      .optional()
      .describe(
        "The ports of its Gateways' listeners; for Traefik those of its entry points. " +
          "Default: 8000 and 8443 where the controller is traefik, else 80 and 443.",
      ),
  }),
  mapping({
    kind: z.literal("install").describe("By a controller that the stack installs."),
    controller: controller().describe("Which."),
    gatewayApi: oneOf(["install", "existing"])
      .optional()
      .describe(
        "Whether the stack installs the Gateway API's definitions too, which then stay, or they are there. " +
          "Envoy Gateway brings them itself. Default: existing.",
      ),
  }).refine(({ controller, gatewayApi }) => controller !== "envoy-gateway" || gatewayApi !== "install", {
    path: ["gatewayApi"],
    error: "existing, because Envoy Gateway brings the Gateway API itself",
  }),
  mapping({
    kind: z.literal("existing").describe("By a Gateway that is there, with its listeners and certificates."),
    name: objectName().describe("Its name: kubectl get gateway -A."),
    namespace: objectName().describe("Its namespace; its listeners must take routes from other ones."),
    listener: objectName().optional().describe("Which of its listeners. Default: all that fit the host."),
    scheme: oneOf(["http", "https"]).optional().describe("What that one speaks. Default: https."),
    controller: controller().optional().describe("Whose it is. Default: not known."),
  }),
]);

const existing = mapping({
  kind: z.literal("existing").describe("A cluster that exists: kind, on-premises, or any other."),
  kubeconfig: z
    .union([text(kubeconfig, /^(?!apiVersion|\s*\{)[^\n]+$/), secret(kubeconfig)], { error: kubeconfig })
    .optional()
    .describe("Path of the kubeconfig, or its contents as a secret. Default: the one kubectl uses."),
  context: text("a context of the kubeconfig").optional().describe("The context. Default: the current one."),
  clusterIdentifier: text("a name")
    .optional()
    .describe(
      "Says which cluster this is. A new name means a new cluster: everything is made again. Default: the context.",
    ),
  nodes: oneOf(["single", "many"])
    .optional()
    .describe(
      "Whether pods can be on different nodes, which a ReadWriteOnce volume does not bear. Default: many.",
    ),
  storage: mapping({
    readWriteOnce: storageClass().describe("The StorageClass for volumes that one node mounts."),
    readWriteMany: storageClass()
      .optional()
      .describe("The StorageClass for volumes that many nodes mount, where there is one."),
  }).describe("The cluster's storage."),
  gpu: gpus.optional().describe("How GPUs are asked for. Without it the cluster has none."),
  ingressClass: objectName()
    .optional()
    .describe("The IngressClass that Ingresses get, where they name none."),
  gateway: existingGateway.optional().describe("How it has gateways. Without it the cluster has none."),
  certManager: certManager(),
  privilegedPods: flag()
    .optional()
    .describe("Whether pods may be privileged, which GKE Autopilot does not let them. Default: true."),
  publicAddress: text("an IP address or a host name", /^[0-9a-zA-Z.:-]+$/)
    .optional()
    .describe(
      "Where its ingress controller, gateway or load balancer is reached, for names to point at: an address, or a host name.",
    ),
});

const none = mapping({
  kind: z
    .literal("none")
    .describe("No cluster: the stack has only services of an OSCAR that is there (oscarServices)."),
});

export const host = choice([existing, gke, none]);
