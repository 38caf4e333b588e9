import { z } from "zod";
import { choice, dictionary, flag, list, mapping, oneOf, secret, text, whole } from "./fields";
import { certManagerTls, noTls, selfSignedTls } from "./tls";
import { cpu, hostName, image, objectName, size, storageClass } from "./words";

/** What GatewayClasses and Gateways of Traefik's there are: the routes of OSCAR's services are Traefik's. */
const gateway = choice([
  mapping({
    kind: z.literal("install").describe("Traefik, installed by the stack."),
    gatewayApi: oneOf(["install", "existing"])
      .optional()
      .describe(
        "Whether the stack installs the Gateway API's definitions too, which then stay, or they are there, of version 1.5 " +
          "at least. Default: existing; on GKE install.",
      ),
    frontNode: mapping({
      name: text("a node's name")
        .optional()
        .describe("Its name (kubectl get nodes). Traefik runs on it alone."),
      addresses: list(text("an IP address"), "a list of IP addresses")
        .optional()
        .describe("Its addresses, in place of its name. Traefik runs on every node then."),
    })
      .optional()
      .describe(
        "Where there are no load balancers: the node with a public address, whose ports 80 and 443 are Traefik's.",
      ),
  }),
  mapping({
    kind: z.literal("host").describe("The host's Traefik (host.gateway, with controller: traefik)."),
  }),
  mapping({
    kind: z
      .literal("existing")
      .describe("A Gateway of Traefik's that is there, and takes all namespaces' routes."),
    name: objectName().describe("Its name: kubectl get gateway -A."),
    namespace: objectName().describe("Its namespace."),
    listener: objectName().optional().describe("Which of its listeners. Default: all that fit the host."),
    scheme: oneOf(["http", "https"]).optional().describe("What that one speaks. Default: https."),
  }),
]);

/** Where the certificates of OSCAR's hosts come from; Google's own are for its gateways alone. */
export const oscarTls = choice([
  noTls,
  certManagerTls,
  mapping({
    kind: z.literal("secret").describe("A Secret of type kubernetes.io/tls that is there."),
    secretName: objectName().describe("Its name."),
    namespace: objectName().describe("Its namespace."),
  }),
  selfSignedTls,
]);

const sharedStorage = choice([
  mapping({
    kind: z
      .literal("host")
      .describe("The host's own class: host.storage.readWriteMany, or host.filestore on GKE."),
  }),
  mapping({
    kind: z.literal("nfs").describe("An NFS server in the cluster, on one disk."),
    size: size().describe("How big the disk is."),
  }),
]);

const encrypt = (path: string) => `npx pulumi config set --path --secret 'environment.oscar.${path}'`;

const objectStorage = choice([
  mapping({
    kind: z.literal("managed").describe("MinIO, installed by the stack."),
    size: size().describe("How much it holds."),
    storageClass: storageClass().optional().describe("Of its disk. Default: host.storage.readWriteOnce."),
    layout: oneOf(["single-drive", "four-drives"])
      .optional()
      .describe(
        "four-drives: for quotas, on disks that are twice as big together; it never grows. Default: single-drive.",
      ),
    image: image().optional().describe("MinIO's image. Default: the last one that MinIO published."),
    host: hostName()
      .optional()
      .describe(
        "The name that browsers and programs outside reach it under, such as minio.example.com. Default: it is reached " +
          "from inside the cluster.",
      ),
    consoleHost: hostName().optional().describe("The name of its console, such as console.example.com."),
  }),
  mapping({
    kind: z.literal("external").describe("A MinIO that is there, with the rights of an administrator."),
    endpoint: text(
      "a URL without a path, such as https://minio.example.com:9000",
      /^https?:\/\/[^\s/]+$/,
    ).describe("Where it is."),
    accessKey: z
      .union([text("text"), secret("text, or a secret")], { error: "text, or a secret" })
      .describe("The administrator's name."),
    secretKey: secret(`a secret; encrypt it with ${encrypt("objectStorage.secretKey")}`).describe(
      `The administrator's password: ${encrypt("objectStorage.secretKey")}`,
    ),
    region: text("a region, such as us-east-1").optional().describe("Default: us-east-1."),
    tlsVerify: flag()
      .optional()
      .describe("Whether its certificate must be one that everyone trusts. Default: true."),
    clientImage: image().optional().describe("The image of mc, which looks whether it can be used."),
  }),
]);

const oidc = mapping({
  issuers: list(text("an https URL", /^https:\/\/\S+$/), "a list of https URLs").describe(
    "Whose tokens are taken. OSCAR 4.1.2 shows some answers to tokens of others, too (README.md).",
  ),
  groups: list(text("a group"), "a list of groups").describe(
    "Whose members may use OSCAR: who is in none of them is let in nowhere.",
  ),
  subject: text("a subject").optional().describe("The subject (sub) that OSCAR itself has."),
  admins: list(text("a user's id"), "a list of users' ids").optional().describe("Who may read OSCAR's log."),
});

const kueue = mapping({
  cpu: cpu().optional().describe("CPUs for each user. Default: 2."),
  memory: size().optional().describe("Memory for each user. Default: 2Gi."),
  gpus: whole(0).optional().describe("GPUs for each user. Default: 1."),
  ephemeralStorage: size().optional().describe("Disk of the nodes for each user. Default: 1Gi."),
  flavor: objectName().optional().describe("The ResourceFlavor. Default: oscar-default-flavor."),
});

const pullSecret = mapping({
  registry: text("a registry's host, such as ghcr.io", /^[a-z0-9.-]+(?::[0-9]+)?$/).describe("The registry."),
  username: text("text").describe("Whom it knows."),
  password: secret(`a secret; encrypt it with ${encrypt("imagePullSecrets.NAME.password")}`).describe(
    `Its password: ${encrypt("imagePullSecrets.NAME.password")}`,
  ),
});

/** OSCAR: serverless inference on the host, by services that its users bring. */
export const oscar = mapping({
  host: hostName().describe("The name that OSCAR is reached under, such as oscar.example.com."),
  tls: oscarTls.describe("Where the certificates of its hosts come from."),
  gateway: gateway
    .optional()
    .describe("What leads to it. Default: host, where host.gateway is Traefik's; else install."),
  sharedStorage: sharedStorage.describe("The class of the volumes that pods of all nodes mount at once."),
  objectStorage: objectStorage.describe("Where services' files are."),
  knative: oneOf(["install", "existing", "none"])
    .optional()
    .describe("For synchronous services. none: asynchronous and exposed ones alone. Default: install."),
  metricsServer: oneOf(["install", "existing"])
    .optional()
    .describe("By which exposed services scale. Default on GKE: existing; elsewhere it must be said."),
  oidc: oidc.optional().describe("Users of their own, by OpenID Connect. Default: one user, by a password."),
  quotas: mapping({
    buckets: whole(1).describe("How many buckets each user has at most."),
    storage: size().describe("How much each of these stores at most."),
  })
    .optional()
    .describe("Bounds for each user of oidc; objectStorage needs layout: four-drives for it."),
  userVolumes: mapping({
    total: size().optional().describe("Of all of a user's volumes together. Default: 7Gi."),
    count: whole(1).optional().describe("How many volumes a user has at most. Default: 5."),
    largest: size().optional().describe("Of one volume at most. Default: 5Gi."),
    smallest: size().optional().describe("Of one volume at least. Default: 200Mi."),
  })
    .optional()
    .describe("Bounds of the volumes that users make for their services."),
  kueue: kueue.optional().describe("Bounds by Kueue, which is in the cluster already. Default: none."),
  kserve: flag().optional().describe("Whether KServe is in the cluster, for services by it. Default: false."),
  allowedImages: list(text("a part of an image's name, such as ghcr.io/acme/"), "a list of texts")
    .optional()
    .describe("What a service's image must have one of in its name. Default: any image."),
  imagePullSecrets: dictionary(
    z.string().regex(/^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/),
    "the name of a Secret, by which services ask for it",
    pullSecret,
  )
    .optional()
    .describe("Secrets in the services' namespace, by which images are pulled from private registries."),
  allowedOrigins: list(
    text("an origin, such as https://app.example.com", /^https?:\/\/[^\s/]+$/),
    "a list of origins",
  )
    .optional()
    .describe("Web pages beside OSCAR's own that may call exposed services."),
  metrics: mapping({
    prometheusUrl: text("a URL", /^https?:\/\/\S+$/)
      .optional()
      .describe("Prometheus', as pods reach it."),
    lokiUrl: text("a URL", /^https?:\/\/\S+$/)
      .optional()
      .describe("Loki's, as pods reach it."),
  })
    .optional()
    .describe("Where metrics and logs of services are, that are collected already."),
  tolerateGpuTaint: flag()
    .optional()
    .describe(
      "Whether services' pods are let onto GPU nodes with the taint of host.gpu.tolerations, which OSCAR does not ask " +
        "for; Kubernetes 1.36 and later. GKE does so by itself. Default: false.",
    ),
  version: text("a version, such as 4.1.2", /^[0-9]+\.[0-9]+\.[0-9]+$/)
    .optional()
    .describe("OSCAR's, 4.1.2 or later. Default: the one that this project is made for."),
  retain: flag()
    .optional()
    .describe("Whether its files outlive the stack. Default: true in production, else false."),
});
