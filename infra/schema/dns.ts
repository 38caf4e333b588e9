import { z } from "zod";
import { choice, flag, mapping, text, whole } from "./fields";
import { projectIdShape } from "../../components/google-project";
import { hostName } from "./words";

const domain = () => hostName().describe("The zone's name, such as dev.example.com.");
const project = () =>
  text("the id of a Google Cloud project (gcloud projects list)", projectIdShape).optional();

const parent = choice([
  mapping({
    kind: z.literal("cloud-dns").describe("A zone of Cloud DNS."),
    domain: domain(),
    id: text("the zone's name in Cloud DNS (gcloud dns managed-zones list)").describe(
      "Its name in Cloud DNS: gcloud dns managed-zones list.",
    ),
    project: project().describe("The project that it is in. Default: the host's."),
  }),
  mapping({
    kind: z.literal("route53").describe("A hosted zone of Route 53."),
    domain: domain(),
    id: text(
      "a hosted zone's id, without /hostedzone/ (aws route53 list-hosted-zones)",
      /^Z[A-Z0-9]+$/,
    ).describe("Its id: aws route53 list-hosted-zones."),
  }),
]);

const zone = choice([
  mapping({ kind: z.literal("new").describe("Made by the stack, and gone with it.") }),
  mapping({
    kind: z.literal("existing").describe("There already, and left as it is but for the stack's records."),
    id: text("the zone's id").describe(
      "Route 53's id of it (aws route53 list-hosted-zones), or its name in Cloud DNS (gcloud dns managed-zones list).",
    ),
  }),
]);

const common = {
  domain: domain(),
  zone: zone.optional().describe("Whether the zone is there already. Default: new."),
  parent: parent
    .optional()
    .describe(
      "The zone above it, in this cloud or in the other, which is to delegate to it. Default: someone does so by hand, by " +
        "the stack's output nameServers.",
    ),
  dnssec: flag().optional().describe("Whether a new zone's answers are signed. Default: false."),
  ttlSeconds: whole(1, 604_800)
    .optional()
    .describe("How long answers may be remembered. Default: 60; 300 in production."),
};

/** The zone that the names of the stack are in. */
export const dns = choice([
  mapping({
    kind: z.literal("cloud-dns").describe("A zone of Google's Cloud DNS."),
    project: project().describe("The project that it is in. Default: the host's."),
    ...common,
  }),
  mapping({ kind: z.literal("route53").describe("A hosted zone of AWS' Route 53."), ...common }),
]);
