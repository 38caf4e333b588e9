import { z } from "zod";
import { serverExposure } from "./exposure";
import { choice, flag, mapping, secret, text, whole } from "./fields";
import { tls } from "./tls";
import {
  absolutePath,
  env,
  gpu,
  hostName,
  image,
  mountPath,
  objectName,
  resources,
  secretEnv,
  size,
  userId,
} from "./words";
import { replicas } from "./workloads";

const encrypt = (field: string) =>
  `npx pulumi config set --path --secret 'environment.modelServer.model.source.${field}'`;

const runId = () =>
  text("a run's id, such as 7251ac3655934299aad4cfebf5ffddbe", /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/);

const sha256 = () =>
  text("64 digits from 0 to f, as sha256sum gives them", /^[0-9a-f]{64}$/).describe(
    "What `find . -type f -exec sha256sum {} + | LC_ALL=C sort | sha256sum` says in the model's folder; a model with " +
      "another sum is refused.",
  );

const bucket = () =>
  text(
    "a bucket's name, without gs:// or s3://, such as mnist-artifacts",
    /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/,
  ).describe("The bucket that MLflow puts artifacts into.");

const objectPath = () =>
  text(
    "a path with no slash at its ends, without blanks, commas, colons and wildcards, such as mlflow-tracking-server/1",
    /^(?!.*(^|\/)\.{0,2}(\/|$))[^,:\\*?[\]{}"'\s]+$/,
  );

const region = () => text("a region, such as eu-central-1", /^[a-z0-9-]+$/);

/** A model as MLflow logs it. */
const logged = {
  prefix: objectPath()
    .optional()
    .describe(
      "What stands before the run's id: mlflow-tracking-server/1 where MLflow puts the experiment's id there. Default: mlflow-tracking-server.",
    ),
  runId: runId().describe("The run that the model is of. Another one is rolled out, and the old one back."),
  path: objectPath()
    .optional()
    .describe("The folder that the server loads, below the run's. Default: artifacts/model/data/model."),
};

const accessKey = choice([
  mapping({ kind: z.literal("none").describe("A bucket that everyone can read.") }),
  mapping({
    kind: z.literal("given").describe("A key of your own."),
    accessKeyId: text("an access key's id").describe("Its id."),
    secretAccessKey: secret(`a secret; encrypt it with ${encrypt("credentials.secretAccessKey")}`).describe(
      `The key: ${encrypt("credentials.secretAccessKey")}`,
    ),
  }),
  mapping({
    kind: z
      .literal("existing")
      .describe("A Secret that exists, with the keys accessKeyId and secretAccessKey."),
    secretName: objectName().describe("Its name."),
  }),
]);

const source = choice([
  mapping({
    kind: z.literal("gcs").describe("Google Cloud Storage."),
    bucket: bucket(),
    key: choice([
      mapping({
        kind: z.literal("given").describe("A service account's key."),
        json: secret(`a secret; encrypt it with ${encrypt("key.json")}`).describe(
          `What is in its file: ${encrypt("key.json")} < key.json`,
        ),
      }),
      mapping({
        kind: z.literal("existing").describe("A Secret that exists, with the key key.json."),
        secretName: objectName().describe("Its name."),
      }),
    ])
      .optional()
      .describe("What opens the bucket, where pods have no identity of their own, as they do on GKE."),
  }),
  mapping({
    kind: z.literal("s3").describe("Amazon's S3."),
    bucket: bucket(),
    region: region().describe("Where the bucket is."),
    credentials: accessKey.describe("What opens it."),
  }),
  mapping({
    kind: z.literal("minio").describe("MinIO, or whatever else speaks S3."),
    bucket: bucket(),
    endpoint: text(
      "a URL without a path, such as http://minio.minio:9000",
      /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?\/?$/,
    ).describe("Where it is, as pods reach it."),
    region: region().optional().describe("Default: us-east-1, MinIO's."),
    credentials: accessKey.describe("What opens the bucket."),
  }),
]);

export const servedModel = choice([
  mapping({
    kind: z.literal("gcs-fuse").describe("A bucket of Google's that pods mount; nothing is copied. On GKE."),
    bucket: bucket(),
    ...logged,
    cacheSize: size()
      .optional()
      .describe("How much of the node's disk the cache of what was read may use. Default: 10Gi."),
    prefetch: flag()
      .optional()
      .describe("Whether all of it is read into the cache before the server starts. Default: false."),
  }),
  mapping({
    kind: z.literal("copy").describe("Each pod copies it from a bucket before it starts."),
    source: source.describe("The bucket."),
    ...logged,
    size: size()
      .optional()
      .describe("How much of the node's disk the copy may use, in each pod. Default: 10Gi."),
    sha256: sha256().optional(),
    copyImage: image()
      .optional()
      .describe("An image with sh, coreutils, and gcloud or aws. Default: the cloud's own one."),
  }),
  mapping({
    kind: z.literal("image").describe("It is in the server's image."),
    path: absolutePath().describe("The folder in the image that the server loads."),
    runId: runId().optional().describe("The run that it is of, told to the server as PRED_MODEL_UUID."),
  }),
]);

export const canary = mapping({
  weight: whole(1, 99).describe("How many of a hundred requests it gets."),
  image: image().optional().describe("Default: the server's."),
  runId: runId().optional().describe("The run that its model is of. Default: the server's."),
  sha256: sha256().optional(),
  replicas: replicas.optional(),
});

/** A model behind an API: FastAPI under gunicorn. */
export const modelServer = mapping({
  image: image().describe("The image of the server; it needs gunicorn, uvicorn and a shell."),
  model: servedModel.describe("Where the model comes from."),
  app: text(
    "a module and what is in it, such as mnist_fastapi.main:APP",
    /^[A-Za-z_][\w.]*:[A-Za-z_]\w*(\(\))?$/,
  )
    .optional()
    .describe("What gunicorn serves. Default: the image's own command, which is to be gunicorn."),
  workerClass: text("a Python class, such as uvicorn_worker.UvicornWorker", /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/)
    .optional()
    .describe("Gunicorn's kind of workers, with app. Default: uvicorn.workers.UvicornWorker."),
  workers: whole(1)
    .optional()
    .describe("Processes that answer, in each pod; each loads the model. Default: 4."),
  docs: flag()
    .optional()
    .describe("Whether it shows its documentation, at /docs. Default: true in development, else false."),
  port: whole(1, 65535).optional().describe("The port that it listens on. Default: 8080."),
  servicePort: whole(1, 65535).optional().describe("The Service's port. Default: 8080."),
  healthPath: absolutePath()
    .optional()
    .describe("The path that answers with 200 once the model is loaded. Default: /healthz."),
  readyTimeoutSeconds: whole(1)
    .optional()
    .describe(
      "How long it may take to become ready, a new node, the image and the model included. Default: 900.",
    ),
  mountPath: mountPath().optional().describe("Where models are mounted. Default: /models."),
  env: env().optional(),
  secretEnv: secretEnv().optional(),
  replicas: replicas.optional(),
  gpu: gpu().optional(),
  resources: resources().optional(),
  userId: userId().optional(),
  canary: canary
    .optional()
    .describe("A new version beside the one that serves, which gets its share of what comes by a gateway."),
  exposure: serverExposure
    .optional()
    .describe("How it is reached from outside; it asks no one who they are. Default: none."),
  host: hostName().optional().describe("The name that people reach it under, such as api.example.com."),
  tls: tls.optional().describe("Where the host's certificate comes from. For a gateway it must be said."),
});
