import { z } from "zod";
import { choice, dictionary, duration, flag, list, mapping, oneOf, text, whole } from "./fields";
import { absolutePath, hostName, objectName } from "./words";

const requestTimeout = () =>
  duration("seconds")
    .optional()
    .describe("How long an answer may take, a stream's end and a queue included. Default: 300.");

const tls = mapping({
  secretName: objectName().describe("The Secret with the certificate."),
  issuer: objectName().optional().describe("The cert-manager ClusterIssuer that fills it."),
});

type Part = "ui" | "modelServer";

const none = mapping({
  kind: z.literal("none").describe("Reached from inside the cluster, and by kubectl port-forward."),
});

const nodePort = mapping({
  kind: z.literal("node-port").describe("A port on every node."),
  port: whole(30000, 32767).optional().describe("Which. Default: the cluster picks one."),
  frontNode: mapping({
    name: text("a node's name")
      .optional()
      .describe("Its name: kubectl get nodes. It is read from the cluster."),
    addresses: list(text("an IP address"), "a list of IP addresses")
      .optional()
      .describe("Its addresses, in place of its name; the first public one counts."),
  })
    .optional()
    .describe(
      "The node with a public address, which the host name is to stand for: by name or by addresses.",
    ),
});

const loadBalancer = mapping({
  kind: z.literal("load-balancer").describe("An address of its own, from the cluster's load balancer."),
});

const ingress = (part: Part) =>
  mapping({
    kind: z.literal("ingress").describe("A host name at the cluster's ingress controller."),
    host: hostName().describe("The host name."),
    className: objectName().optional().describe("The IngressClass. Default: host.ingressClass."),
    path: absolutePath().optional().describe("The path below the host. Default: /."),
    tls: tls.optional().describe(`HTTPS by a Secret. The long form, ${part}.tls, knows more ways.`),
    requestTimeoutSeconds: requestTimeout(),
    backendProtocol: oneOf(["HTTP", "HTTPS"])
      .optional()
      .describe(`What ${part === "ui" ? "the UI" : "the server"} itself speaks. Default: HTTP.`),
    annotations: dictionary(z.string(), "an annotation", text("text", /^/))
      .optional()
      .describe("Annotations for the ingress controller; one that is given here takes the place of ours."),
    await: flag()
      .optional()
      .describe(
        "false where the controller never tells an Ingress its address, as some on bare metal. Default: true.",
      ),
  });

const gateway = (part: Part) =>
  mapping({
    kind: z
      .literal("gateway")
      .describe(`A host name (${part}.host) at the stack's gateway, or at one that is there (host.gateway).`),
    path: absolutePath().optional().describe("The path below the host. Default: /."),
    requestTimeoutSeconds: requestTimeout(),
    await: flag()
      .optional()
      .describe(
        "false where no load balancer gives the stack's gateway an address, as on some bare metal. Default: true.",
      ),
  });

export const exposure = choice([none, nodePort, loadBalancer, ingress("ui"), gateway("ui")]);

/** Of a model server, whose front has to end TLS and to split requests. */
export const serverExposure = choice([none, ingress("modelServer"), gateway("modelServer")]);
