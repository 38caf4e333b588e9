import { z } from "zod";
import { dns } from "./dns";
import { choice, list, mapping, oneOf } from "./fields";
import { host } from "./host";
import { modelServer } from "./model-server";
import { oscar } from "./oscar";
import { oscarServices } from "./oscar-services";
import { dnsLabel, objectName } from "./words";
import { modelVolume, training, ui } from "./workloads";

/** The document that describes one environment: a stack's configuration, whole. */
export const environmentSchema = mapping({
  name: dnsLabel(30).describe("What all parts' names start with: mnist makes mnist-inference-service."),
  tier: oneOf(["development", "staging", "production"]).describe(
    "production keeps the data when the stack goes and guards it against deletion; the others do not. " +
      "All that differs is in infra/tiers.ts.",
  ),
  host: host.describe("The cluster."),
  namespace: choice([
    mapping({ kind: z.literal("new").describe("A namespace of the stack's own.") }),
    mapping({
      kind: z.literal("existing").describe("A namespace that exists."),
      name: dnsLabel().describe("Its name."),
      imagePullSecrets: list(objectName(), "a list of names of Secrets")
        .optional()
        .describe("Secrets in it, by which images are pulled from private registries."),
    }),
  ])
    .optional()
    .describe("Where everything lives. Default: new."),
  dns: dns.optional().describe("The zone that its names are in. Default: records are made by hand."),
  modelVolume: modelVolume
    .optional()
    .describe("The volume that the training writes the model to and the UI reads it from."),
  training: training.optional().describe("The training job."),
  ui: ui.optional().describe("The inference UI."),
  modelServer: modelServer.optional().describe("The model server: a model behind an API."),
  oscar: oscar.optional().describe("OSCAR, serverless inference, on the host."),
  oscarServices: oscarServices
    .optional()
    .describe("Services of OSCAR: this document's, or one that is there."),
});

export type Environment = z.infer<typeof environmentSchema>;
