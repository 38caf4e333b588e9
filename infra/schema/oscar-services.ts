import { z } from "zod";
import { choice, dictionary, flag, list, mapping, secret, text } from "./fields";
import { image } from "./words";

export const encryptServicesPassword =
  "npx pulumi config set --path --secret 'environment.oscarServices.cluster.password'";

const cluster = choice([
  mapping({ kind: z.literal("stack").describe("This document's OSCAR.") }),
  mapping({
    kind: z.literal("existing").describe("An OSCAR that is there. It needs password or tokenFile."),
    endpoint: text(
      "a URL without a path, such as https://oscar.example.com",
      /^https?:\/\/[^\s/@?#]+\/?$/,
    ).describe("Where it is."),
    username: text("text without spaces or colons", /^[^\s:]+$/)
      .optional()
      .describe("Whom it knows by the password. Default: oscar, its administrator."),
    password: secret(`a secret; encrypt it with ${encryptServicesPassword}`)
      .optional()
      .describe(`The password: ${encryptServicesPassword}`),
    tokenFile: text("the path of a file, such as ~/.oscar/token")
      .optional()
      .describe(
        "A file on this machine with an access token, which is read before each request: of an OSCAR whose users log in " +
          "by OpenID Connect.",
      ),
    version: text("a version, such as 4.1.2", /^[0-9]+\.[0-9]+\.[0-9]+$/)
      .optional()
      .describe("Its version. Default: what it says itself."),
  }),
]);

const path = "the path of an FDL file, such as examples/oscar/nginx/nginx.yaml";

const fdl = z.union(
  [
    text(path, /^.*\S.*$/),
    mapping({
      path: text(path, /^.*\S.*$/).describe("The file, relative to the project."),
      cluster: text("an id of the file")
        .optional()
        .describe("Whose services, where the file has those of several: the key that they stand under."),
    }),
  ],
  { error: `${path}; or a mapping with the keys path, cluster` },
);

const byService = <Value extends z.ZodType>(value: Value) =>
  dictionary(z.string(), "a service's name", value);

/** Services of OSCAR, as FDL files describe them. */
export const oscarServices = mapping({
  cluster: cluster.optional().describe("Whose services they are. Default: this document's OSCAR."),
  fdl: list(fdl, "a list of paths of FDL files")
    .min(1, { error: "at least one path of an FDL file" })
    .describe("FDL files, as oscar-cli takes them; their scripts are beside them."),
  images: byService(image())
    .optional()
    .describe("By a service's name: the image in place of the file's, with a tag or a digest."),
  import: list(text("a service's name"), "a list of names of services")
    .optional()
    .describe(
      "Names of services that are there already, made with oscar-cli perhaps, and are taken over. They may stay here when they are.",
    ),
  allowBucketDeletion: flag()
    .optional()
    .describe(
      "Whether buckets may go with their services though there is something in them; not in production. Default: false.",
    ),
  smokeTests: byService(
    mapping({
      body: text("text", /^/).describe("What is sent."),
      contentType: text("a media type, such as application/json", /^[\w.+-]+\/[\w.+-]+(?:;.*)?$/)
        .optional()
        .describe("What that is. Default: application/json."),
    }),
  )
    .optional()
    .describe(
      "By a service's name: one call that it has to answer once it is made or changed; needs Knative.",
    ),
});
