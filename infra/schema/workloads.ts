import { z } from "zod";
import { choice, duration, flag, mapping, oneOf, secret, text, whole } from "./fields";
import {
  absolutePath,
  command,
  env,
  gpu,
  hostName,
  image,
  objectName,
  resources,
  secretEnv,
  mountPath,
  size,
  storageClass,
  userId,
} from "./words";
import { exposure } from "./exposure";
import { tls } from "./tls";

export const modelVolume = mapping({
  kind: oneOf(["claim", "bucket"])
    .optional()
    .describe(
      "claim: of a StorageClass. bucket: a bucket that pods mount. Default: bucket on GKE, else claim.",
    ),
  size: size().optional().describe("How big, for a claim. It can grow later, in place; it cannot shrink."),
  accessMode: oneOf(["ReadWriteOnce", "ReadWriteMany"])
    .optional()
    .describe("ReadWriteOnce: the pods of one node. ReadWriteMany: all pods. Default: ReadWriteOnce."),
  storageClass: storageClass().optional().describe("Default: the host's class for the access mode."),
  retain: flag()
    .optional()
    .describe("Whether the data outlives the stack. Default: true in production, else false."),
});

export const training = mapping({
  image: image().describe("The image that trains. A new one trains anew."),
  command: command().optional().describe("In place of the image's entry point."),
  args: command().optional().describe("Its arguments."),
  env: env().optional(),
  secretEnv: secretEnv().optional(),
  resources: resources().optional(),
  gpu: gpu().optional(),
  mountPath: mountPath().optional().describe("Where the model volume is. Default: /models."),
  sharedMemory: size().optional().describe("Size of /dev/shm, for data loaders with workers."),
  checkpointDir: absolutePath()
    .optional()
    .describe("Where checkpoints go, told to the image as CHECKPOINT_DIR."),
  retries: whole(0)
    .optional()
    .describe("How often a failed training starts again; losing a spot node does not count. Default: 3."),
  deadlineHours: duration("hours")
    .optional()
    .describe("The training is given up after this long. Default: never."),
  priorityClass: objectName().optional().describe("The PriorityClass of its pods."),
  gracePeriodSeconds: whole(0)
    .optional()
    .describe("How long a pod that is told to stop may take for its last checkpoint. Default: 25."),
  userId: userId().optional(),
  runId: text("text; put numbers in quotes")
    .optional()
    .describe("Change it to train again with all else the same."),
  wait: mapping({
    timeoutHours: duration("hours").describe("`pulumi up` fails if the training takes longer."),
  })
    .optional()
    .describe("Makes `pulumi up` wait for the training. Without it the training goes on by itself."),
});

const username = () => text("text without spaces", /^\S+$/).describe("The name to log in with.");

export const encryptPassword = "npx pulumi config set --path --secret 'environment.ui.credentials.password'";

const credentials = choice([
  mapping({ kind: z.literal("none").describe("No login: who reaches the UI uses it.") }),
  mapping({
    kind: z
      .literal("generated")
      .describe("A random password; `pulumi stack output --show-secrets` shows it."),
    username: username(),
  }),
  mapping({
    kind: z.literal("given").describe("A password of your own, encrypted in the stack file."),
    username: username(),
    password: secret(`a secret; encrypt it with ${encryptPassword}`).describe(
      `The password: ${encryptPassword}`,
    ),
  }),
  mapping({
    kind: z.literal("existing").describe("A Secret that exists, with the keys username and password."),
    secretName: objectName().describe("Its name."),
  }),
]);

const modelReady = choice([
  mapping({
    kind: z.literal("job").describe("`pulumi up` starts the UI when the training is done (training.wait)."),
  }),
  mapping({
    kind: z
      .literal("file")
      .describe("The UI's pods wait until a file is on the model volume; `pulumi up` does not."),
    path: absolutePath().optional().describe("The file. Default: ui.modelFile."),
    checkImage: image().optional().describe("The image that looks for it. Default: the UI's."),
  }),
  mapping({ kind: z.literal("none").describe("The UI starts at once, and gets along without a model.") }),
]);

export const replicas = z
  .union(
    [
      whole(1),
      mapping({
        min: whole(1).describe("How many at least."),
        max: whole(1).describe("How many at most."),
        cpuPercent: whole(1, 100).describe("The CPU use, in percent of what is reserved, that is aimed at."),
      }),
    ],
    { error: "a whole number of at least 1, or a mapping with the keys min, max, cpuPercent" },
  )
  .describe("How many pods: a number, or bounds for the autoscaler. Default: 1.");

export const ui = mapping({
  image: image().describe("The image of the UI."),
  port: whole(1, 65535).optional().describe("The port it listens on. Default: 7860, Gradio's."),
  servicePort: whole(1, 65535).optional().describe("The Service's port. Default: 80."),
  rootPath: absolutePath().optional().describe("The path the UI is served under, where that is not /."),
  probePath: absolutePath().optional().describe("The path that answers once the UI is ready. Default: /."),
  readyTimeoutSeconds: whole(1)
    .optional()
    .describe("How long the UI may take to become ready. Default: 600."),
  env: env().optional(),
  secretEnv: secretEnv().optional(),
  modelServer: flag()
    .optional()
    .describe(
      "Whether it is told the address of this document's modelServer, as MODEL_SERVER_URL. Default: false.",
    ),
  oscarEndpoint: text("a URL, such as https://oscar.example.com", /^https?:\/\/\S+$/)
    .optional()
    .describe("The OSCAR cluster that the UI talks to."),
  oscar: mapping({
    endpoint: text("a URL, such as https://oscar.example.com", /^https?:\/\/\S+$/)
      .optional()
      .describe(
        "OSCAR's address, as pods reach it. Default: this document's, or that of oscarServices.cluster.",
      ),
    clearText: flag()
      .optional()
      .describe(
        "Whether people's passwords may go to an http:// endpoint outside the cluster. Default: false.",
      ),
  })
    .optional()
    .describe(
      "For a UI of OSCAR's services: it is told OSCAR's address, and logs people in there, by the names and passwords " +
        "that they have at OSCAR. In place of oscarEndpoint and credentials.",
    ),
  credentials: credentials
    .optional()
    .describe("Who may log in. Default: none. In production it must be said."),
  mountPath: mountPath().optional().describe("Where the model volume is, read-only. Default: /models."),
  modelFile: absolutePath()
    .optional()
    .describe("The model's file on the volume, as the UI sees it; told to the image as MODEL_PATH."),
  modelReady: modelReady
    .optional()
    .describe("What the UI waits for. Default: job where the training is awaited, else file."),
  replicas: replicas.optional(),
  gpu: gpu().optional(),
  resources: resources().optional(),
  userId: userId().optional(),
  exposure: exposure.describe("How people reach the UI."),
  host: hostName().optional().describe("The name that people reach it under, such as mnist.example.com."),
  tls: tls.optional().describe("Where the host's certificate comes from. For a gateway it must be said."),
  placement: choice([
    mapping({ kind: z.literal("anywhere").describe("On any node.") }),
    mapping({
      kind: z
        .literal("with-training")
        .describe(
          "On the training's node, as a ReadWriteOnce volume demands; the node stays up as long as the UI does.",
        ),
    }),
  ])
    .optional()
    .describe("Where its pods run. Default: anywhere."),
});
