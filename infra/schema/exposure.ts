import { z } from "zod";
import { choice, dictionary, flag, mapping, oneOf, text, whole } from "./fields";
import { absolutePath, hostName, objectName } from "./words";

const tls = mapping({
  secretName: objectName().describe("The Secret with the certificate."),
  issuer: objectName().optional().describe("The cert-manager ClusterIssuer that fills it."),
});

export const exposure = choice([
  mapping({
    kind: z.literal("none").describe("Reached from inside the cluster, and by kubectl port-forward."),
  }),
  mapping({
    kind: z.literal("node-port").describe("A port on every node."),
    port: whole(30000, 32767).optional().describe("Which. Default: the cluster picks one."),
  }),
  mapping({
    kind: z.literal("load-balancer").describe("An address of its own, from the cluster's load balancer."),
  }),
  mapping({
    kind: z.literal("ingress").describe("A host name at the cluster's ingress controller."),
    host: hostName().describe("The host name."),
    className: objectName().optional().describe("The IngressClass. Default: host.ingressClass."),
    path: absolutePath().optional().describe("The path below the host. Default: /."),
    tls: tls.optional().describe("HTTPS. Without it the UI is served in clear text."),
    backendProtocol: oneOf(["HTTP", "HTTPS"])
      .optional()
      .describe("What the UI itself speaks. Default: HTTP."),
    annotations: dictionary(z.string(), "an annotation", text("text", /^/))
      .optional()
      .describe("Annotations for the ingress controller; one that is given here takes the place of ours."),
    await: flag()
      .optional()
      .describe(
        "false where the controller never tells an Ingress its address, as some on bare metal. Default: true.",
      ),
  }),
]);
