import { z } from "zod";
import { choice, flag, list, mapping, oneOf, text, whole } from "./fields";
import { dnsLabel, labels } from "./words";

const sharing = choice([
  mapping({ kind: z.literal("none").describe("Each GPU is one pod's.") }),
  mapping({
    kind: z.literal("time-sharing").describe("Pods take turns on a GPU."),
    clients: whole(2, 48).describe("How many pods."),
  }),
  mapping({
    kind: z.literal("mps").describe("Pods use a GPU at the same time (NVIDIA MPS)."),
    clients: whole(2, 48).describe("How many pods."),
  }),
  mapping({
    kind: z.literal("mig").describe("A GPU is cut into pieces, each one pod's."),
    partition: text("a piece, such as 1g.5gb").describe("The size of a piece."),
  }),
]);

const onDemand = mapping({ kind: z.literal("on-demand").describe("As long as they are wanted.") });
const spot = mapping({
  kind: z.literal("spot").describe("Much cheaper; Google may take a node back at any time."),
});
const maxRunHours = () =>
  whole(1, 168).optional().describe("How long a node may live. Default: 168, a week.");
const flexStart = mapping({
  kind: z.literal("flex-start").describe("Waits until GPUs are free, then has them for a week at most."),
  maxRunHours: maxRunHours(),
});
const queued = mapping({
  kind: z.literal("queued").describe("The same for pods that a queue (Kueue) holds back."),
  maxRunHours: maxRunHours(),
});
const reservation = mapping({
  kind: z.literal("reservation").describe("Of a reservation that is paid for already."),
  name: text("a reservation's name").optional().describe("Which. Default: any that fits."),
});

const common = {
  name: dnsLabel(20).describe("Its name, within the cluster."),
  machineType: text("a machine type, such as g2-standard-8").describe("What its nodes are."),
  min: whole(0).optional().describe("The fewest nodes. Default: 0."),
  max: whole(1).describe("The most nodes, over all zones."),
  zones: list(text("a zone"), "a list of zones").optional().describe("Default: the cluster's."),
  disk: mapping({
    type: text("a disk type, such as pd-balanced").optional().describe("Default: what the machine takes."),
    sizeGb: whole(50).optional().describe("Default: 100."),
  })
    .optional()
    .describe("The nodes' boot disk."),
  localSsd: whole(1).optional().describe("How many local SSDs, for what pods write."),
  upgrade: mapping({
    maxSurge: whole(0).optional().describe("How many nodes more there may be during an upgrade."),
    maxUnavailable: whole(0).optional().describe("How many fewer."),
  })
    .optional()
    .describe("How its nodes are upgraded."),
  labels: labels().optional().describe("Labels of its nodes."),
};

export const gpuPool = mapping({
  ...common,
  gpu: mapping({
    type: text("a GPU as Google names it, such as nvidia-l4").describe(
      "Which GPU; workloads ask for it by this.",
    ),
    count: whole(1).optional().describe("How many a node has. Default: what the machine type says."),
    driver: oneOf(["default", "latest", "disabled"]).optional().describe("Which driver. Default: default."),
    sharing: sharing.optional().describe("Whether pods share a GPU. Default: none."),
  }).describe("Its nodes' GPUs."),
  capacity: choice([onDemand, spot, flexStart, queued, reservation])
    .optional()
    .describe("How its nodes are had. Default: by environment (infra/tiers.ts)."),
  placement: oneOf(["spread", "compact"])
    .optional()
    .describe("compact: close together, in one zone. Default: spread."),
  preloadDisk: text("a disk image: projects/P/global/images/I")
    .optional()
    .describe("A disk with images that the nodes have from the start."),
  fastNetwork: flag().optional().describe("gVNIC and NCCL Fast Socket. Default: false."),
});

export const cpuPool = mapping({
  ...common,
  capacity: choice([onDemand, spot, reservation]).optional().describe("Default: on-demand."),
});

const { name: _name, machineType, max, ...rest } = common;
export const systemPool = mapping({
  ...rest,
  machineType: machineType.optional().describe("Default: by environment (infra/tiers.ts)."),
  max: max.optional().describe("The most nodes, over all zones. Default: by environment (infra/tiers.ts)."),
});

export const computeClass = mapping({
  name: dnsLabel(40).describe("Its name; a gpu.type may be this."),
  gpu: mapping({
    type: text("a GPU as Google names it").describe("Which GPU."),
    count: whole(1).optional().describe("How many a node has. Default: 1."),
  }).describe("Its nodes' GPUs."),
  machineType: text("a machine type").optional().describe("What its nodes are. Default: what GKE picks."),
  capacities: list(
    choice([onDemand, spot, flexStart, reservation]),
    "a list of capacities, the one to try first at the beginning",
  ).describe("How its nodes are had, in the order they are tried."),
});
