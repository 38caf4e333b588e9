import { z } from "zod";
import { choice, flag, list, mapping, oneOf, text, whole } from "./fields";
import { computeClass, cpuPool, gpuPool, systemPool } from "./gke-pools";
import { certManager, cloudLabels } from "./words";

const cidr = () => text("a network, such as 10.0.0.0/20", /^\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}$/);
const time = () => text('a time in quotes, such as "2026-01-03T02:00:00Z"');
const name = () => text("a name");

const network = choice([
  mapping({
    kind: z.literal("new").describe("A network of the stack's own."),
    nodeCidr: cidr().optional().describe("The nodes' addresses. Default: 10.0.0.0/20."),
    podCidr: cidr().optional().describe("The pods' addresses. Default: 10.4.0.0/14."),
    serviceCidr: cidr().optional().describe("The Services' addresses. Default: 10.8.0.0/20."),
    proxyCidr: cidr()
      .optional()
      .describe("For the proxies of a regional gateway, which needs them. Default: none."),
    nat: flag()
      .optional()
      .describe(
        "Whether nodes, which have no public address, reach the internet: for images. Default: true.",
      ),
    flowLogs: flag()
      .optional()
      .describe("Whether who spoke to whom is logged, and paid for. Default: true outside development."),
  }),
  mapping({
    kind: z.literal("existing").describe("A network that is there already."),
    networkId: name().describe("projects/P/global/networks/N"),
    subnetworkId: name().describe("projects/P/regions/R/subnetworks/S"),
    podRange: name().describe("The name of the subnetwork's secondary range for pods."),
    serviceRange: name().describe("The name of its secondary range for Services."),
  }),
]);

const controlPlaneAccess = choice([
  mapping({
    kind: z.literal("dns").describe("By a public name, for whoever the project's IAM lets."),
  }),
  mapping({
    kind: z.literal("ip").describe("By an address, from some networks only."),
    authorizedCidrs: list(
      mapping({ cidr: cidr().describe("The network."), name: name().describe("Whose it is.") }),
      "a list of networks",
    ).describe("From where."),
  }),
]);

const maintenance = mapping({
  start: time().describe("The begin of the first window."),
  end: time().describe("Its end, at least 4 hours later."),
  recurrence: text("FREQ=DAILY, or FREQ=WEEKLY;BYDAY=SA,SU").describe("How it comes again."),
  exclusions: list(
    mapping({
      name: name().describe("What for."),
      start: time().describe("From when."),
      end: time().describe("Until when."),
      scope: oneOf(["NO_UPGRADES", "NO_MINOR_UPGRADES", "NO_MINOR_OR_NODE_UPGRADES"])
        .optional()
        .describe("What is left out. Default: NO_MINOR_OR_NODE_UPGRADES."),
    }),
    "a list of times without upgrades",
  )
    .optional()
    .describe("Times without upgrades, such as a long training."),
});

/** A cluster on Google Kubernetes Engine, made by the stack. What two values must have in common is checked later. */
export const gke = mapping({
  kind: z.literal("gke").describe("A cluster of the stack's own, on Google Kubernetes Engine."),
  project: text("the id of a Google Cloud project (gcloud projects list)").describe("The project's id."),
  region: text("a region, such as europe-west4").describe("Where the cluster is."),
  zones: list(text("a zone, such as europe-west4-a"), "a list of zones")
    .optional()
    .describe("Where its nodes can be. Default: all zones that GKE picks."),
  network: network.optional().describe("Default: new."),
  controlPlaneAccess: controlPlaneAccess
    .optional()
    .describe("How the cluster's API is reached. Default: dns."),
  systemPool: systemPool.optional().describe("The nodes for all that asks for no GPU."),
  cpuPools: list(cpuPool, "a list of pools").optional().describe("More nodes without GPUs."),
  gpuPools: list(gpuPool, "a list of pools").optional().describe("Nodes with GPUs."),
  computeClasses: list(computeClass, "a list of compute classes")
    .optional()
    .describe("Ordered ways to get a GPU; a gpu.type may name one."),
  maxPodsPerNode: whole(8, 256).optional().describe("How many pods a node can have. Default: 64."),
  releaseChannel: oneOf(["RAPID", "REGULAR", "STABLE", "EXTENDED"])
    .optional()
    .describe("How new the versions are that Google upgrades to. Default: REGULAR."),
  maintenance: maintenance.optional().describe("When Google may upgrade. Default: whenever it likes."),
  filestore: mapping({
    tier: oneOf(["standard", "premium", "zonal", "regional", "enterprise"]).describe("Filestore's tier."),
  })
    .optional()
    .describe("A class of volumes on Filestore, for ReadWriteMany. Default: none; buckets do without."),
  gateway: choice([
    mapping({ kind: z.literal("global").describe("Everywhere at once, by one address.") }),
    mapping({
      kind: z.literal("regional").describe("In the cluster's region; a new network needs proxyCidr for it."),
    }),
    mapping({
      kind: z.literal("none").describe("Nowhere; the Gateway API is others' to install, as oscar does."),
    }),
  ])
    .optional()
    .describe("Where its gateways are. Default: global; none with oscar."),
  certManager: certManager(),
  deletionProtection: flag()
    .optional()
    .describe("Whether Google refuses to delete the cluster. Default: true in production."),
  labels: cloudLabels().optional().describe("Labels on all that is made."),
  kmsKeyName: text("projects/P/locations/L/keyRings/R/cryptoKeys/K")
    .optional()
    .describe("A key of Cloud KMS for secrets and disks. Default: Google's own."),
  nodeServiceAccount: text("the address of a Google service account", /^[^@\s]+@[^@\s]+$/)
    .optional()
    .describe("What the nodes run as. Default: an account of their own, with the least roles."),
  binaryAuthorization: flag()
    .optional()
    .describe("Whether only images run that the project's policy admits. Default: false."),
  secretManager: flag()
    .optional()
    .describe("Whether pods can mount secrets of Secret Manager. Default: true."),
  enableServices: flag()
    .optional()
    .describe("Whether the Google services that are needed are enabled in the project. Default: true."),
});
