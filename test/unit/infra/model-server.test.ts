import { describe, expect, it } from "vitest";
import { faultsOf } from "./faults-of";
import { existing, gke, googleZone, host, stack } from "./grounds";
import {
  atLab,
  both,
  copied,
  gateway,
  gcs,
  given,
  image,
  inNamespace,
  ingress,
  key,
  lab,
  minio,
  mounted,
  next,
  none,
  ofSecret,
  runId,
  s3,
  served,
} from "./model-servers";

describe("nothing is wrong with", () => {
  const cases: [what: string, document: object][] = [
    ["a server in the cluster alone", served(existing(), {})],
    ["a bucket that is mounted, on GKE", served(gke(), { model: mounted })],
    [
      "the same with all that can be said",
      served(gke(), {
        model: { ...mounted, prefix: "mlflow/1", path: "model", cacheSize: "50Gi", prefetch: true },
      }),
    ],
    ["a copy from Google's bucket, on GKE", served(gke(), { model: copied(gcs()) })],
    ["the same by a key elsewhere", served(existing(), { model: copied(gcs({ key })) })],
    ["the same by a Secret", served(existing(), { model: copied(gcs({ key: ofSecret })) }, inNamespace)],
    ["a copy from Amazon's bucket", served(existing(), { model: copied({ ...s3, credentials: given }) })],
    [
      "a copy from MinIO's bucket that all can read",
      served(gke(), {
        model: copied(
          { ...minio, ...none },
          { size: "20Gi", sha256: "a".repeat(64), copyImage: "amazon/aws-cli:2.31.0" },
        ),
      }),
    ],
    ["Google's gateway, in Google's zone", served(gke(), gateway, { dns: googleZone })],
    ["many pods without sessions, at an ingress", served(gke(), { ...ingress, replicas: 3 })],
    ["an autoscaler", served(existing(), { replicas: { min: 2, max: 4, cpuPercent: 70 } })],
    ["a gateway for two names", both(gke(), { ...gateway, host }, gateway)],
    ["the same, one in clear text", both(gke(), { ...gateway, host, tls: "none" }, gateway)],
    ["two ways in", both(lab, { host, exposure: "load-balancer", tls: "none" }, atLab)],
    ["a UI that is told where it is", both(existing(), { exposure: "none", modelServer: true }, {})],
    [
      "another run on trial",
      served(gke(), { ...gateway, model: mounted, canary: { weight: 10, runId: next, replicas: 2 } }),
    ],
    [
      "another image on trial",
      served(lab, { ...atLab, canary: { weight: 99, image: "ghcr.io/acme/mnist-fastapi:1.1.0" } }),
    ],
    [
      "production without a login, which it has none of",
      served({ ...lab, context: "lab" }, atLab, { tier: "production" }),
    ],
  ];
  it.each(cases)("%s", (_what, document) => expect(faultsOf(document)).toEqual([]));
});

const at = (path: string) => `environment.modelServer.${path}`;

describe("a fault is", () => {
  const cases: [what: string, document: object, ...faults: string[]][] = [
    [
      "a mounted bucket without GKE",
      served(existing(), { model: mounted }),
      at('model.kind: got "gcs-fuse"; allowed: copy or image, because the cluster has no driver for buckets'),
    ],
    [
      "Google's bucket without a key, where pods have no identity",
      served(existing(), { model: copied(gcs()) }),
      at(
        "model.source.key: missing; needed: a service account's key, because the cluster gives pods no identity",
      ),
    ],
    [
      "Google's bucket by a key, where they have one",
      served(gke(), { model: copied(gcs({ key })) }),
      at("model.source.key: got a key; allowed: none, because the cluster gives pods an identity"),
    ],
    [
      "a key in clear text, which no message repeats",
      served(existing(), { model: copied({ ...s3, credentials: { ...given, secretAccessKey: "s3cret" } }) }),
      at(
        "model.source.credentials.secretAccessKey: got text; allowed: a secret; encrypt it with npx pulumi config set --path --secret 'environment.modelServer.model.source.credentials.secretAccessKey'",
      ),
    ],
    [
      "a Secret in a namespace that is not there yet",
      served(existing(), {
        model: copied({ ...minio, credentials: ofSecret }),
        secretEnv: { TOKEN: { secretName: "api", key: "token" } },
      }),
      at(
        "model.source.credentials: needs a namespace that exists, with the Secret in it: namespace: {kind: existing, name: …}",
      ),
      at(
        "secretEnv: needs a namespace that exists, with the Secret in it: namespace: {kind: existing, name: …}",
      ),
    ],
    [
      "the same of a key to Google's bucket",
      served(existing(), { model: copied(gcs({ key: ofSecret })) }),
      at(
        "model.source.key: needs a namespace that exists, with the Secret in it: namespace: {kind: existing, name: …}",
      ),
    ],
    [
      "a model's words that are none",
      served(gke(), {
        model: { kind: "gcs-fuse", bucket: "gs://mnist", runId: "no id", prefix: "/mlflow", cacheSize: "10" },
      }),
      at(
        'model.bucket: got "gs://mnist"; allowed: a bucket\'s name, without gs:// or s3://, such as mnist-artifacts',
      ),
      at('model.cacheSize: got "10"; allowed: a size with a unit, such as 10Gi'),
      at(
        'model.prefix: got "/mlflow"; allowed: a path with no slash at its ends, without blanks, commas, colons and wildcards, such as mlflow-tracking-server/1',
      ),
      at('model.runId: got "no id"; allowed: a run\'s id, such as 7251ac3655934299aad4cfebf5ffddbe'),
    ],
    [
      "a bucket and a password in its address, which no message repeats",
      served(gke(), {
        model: copied({ ...minio, ...none, bucket: "s3://mnist", endpoint: "http://ada:s3cret@minio:9000" }),
      }),
      at(
        'model.source.bucket: got "s3://mnist"; allowed: a bucket\'s name, without gs:// or s3://, such as mnist-artifacts',
      ),
      at("model.source.endpoint: got text; allowed: a URL without a path, such as http://minio.minio:9000"),
    ],
    [
      "no model",
      { ...served(gke(), {}), modelServer: { image } },
      at("model: missing; needed: a mapping whose kind is gcs-fuse, copy or image"),
    ],
    [
      "workers of a kind without an app",
      served(existing(), { workerClass: "uvicorn_worker.UvicornWorker" }),
      at(
        'workerClass: got "uvicorn_worker.UvicornWorker"; allowed: none without app, because the image\'s own command says it',
      ),
    ],
    [
      "bounds the wrong way round",
      served(existing(), { replicas: { min: 4, max: 2, cpuPercent: 70 } }),
      at("replicas.max: got 2; allowed: a whole number of at least 4"),
    ],
    [
      "GPUs where there are none",
      served(existing(), { gpu: { count: 1 } }),
      at("gpu: the host offers no GPUs; add host.gpu ({} where nvidia.com/gpu is all there is to say)"),
    ],
    [
      "a variable given twice",
      served(existing(), { env: { A: "1" }, secretEnv: { A: { secretName: "api", key: "a" } } }, inNamespace),
      at("env.A: given twice; allowed: here or in secretEnv, not both"),
    ],
    [
      "a trial without a gateway",
      served(gke(), { ...ingress, model: mounted, canary: { weight: 10, runId: next } }),
      at(
        "canary: got one with exposure: ingress; allowed: with exposure: gateway, which alone splits requests",
      ),
    ],
    [
      "a trial of the same, by all",
      served(gke(), { ...gateway, model: mounted, canary: { weight: 100, runId } }),
      at("canary.weight: got 100 (a number); allowed: a whole number from 1 to 99"),
      at("canary: got the version that serves already; needed: another image or another runId"),
    ],
    [
      "a trial of what serves already",
      served(gke(), { ...gateway, model: mounted, canary: { weight: 10, runId } }),
      at("canary: got the version that serves already; needed: another image or another runId"),
    ],
    [
      "a trial's sum where nothing is copied",
      served(gke(), {
        ...gateway,
        model: mounted,
        canary: { weight: 10, runId: next, sha256: "b".repeat(64) },
      }),
      at(`canary.sha256: got "${"b".repeat(64)}"; allowed: none, because the model is not copied`),
    ],
    [
      "a model of which nothing is known, and whatever else",
      served(gke(), {
        ...ingress,
        model: { ...mounted, runId: "no id" },
        workerClass: "uvicorn_worker.UvicornWorker",
        replicas: { min: 2, max: 1, cpuPercent: 70 },
        canary: { weight: 10, runId: "no id" },
      }),
      at('canary.runId: got "no id"; allowed: a run\'s id, such as 7251ac3655934299aad4cfebf5ffddbe'),
      at(
        "canary: got one with exposure: ingress; allowed: with exposure: gateway, which alone splits requests",
      ),
      at('model.runId: got "no id"; allowed: a run\'s id, such as 7251ac3655934299aad4cfebf5ffddbe'),
      at("replicas.max: got 1; allowed: a whole number of at least 2"),
      at(
        'workerClass: got "uvicorn_worker.UvicornWorker"; allowed: none without app, because the image\'s own command says it',
      ),
    ],
    [
      "a UI that is told of no server",
      stack(existing(), { exposure: "none", modelServer: true }),
      "environment.ui.modelServer: got true (a boolean); allowed: false, because this document has no modelServer",
    ],
    [
      "a UI that is told twice",
      both(
        existing(),
        { exposure: "none", modelServer: true, env: { MODEL_SERVER_URL: "http://elsewhere" } },
        {},
      ),
      "environment.ui.env.MODEL_SERVER_URL: given with ui.modelServer: true, which says it; allowed: one of the two",
    ],
    [
      "placeholders",
      served(lab, {
        ...gateway,
        image: "placeholder.invalid/api:1",
        host: "api.example.com",
        canary: { weight: 1, image: "placeholder.invalid/api:2" },
        tls: {
          kind: "cert-manager",
          issuer: { kind: "acme", email: "you@example.com", challenge: "http-01" },
        },
      }),
      at(
        'canary.image: got "placeholder.invalid/api:2", a placeholder; needed: your own image (only the sandbox does without: npm run sandbox)',
      ),
      at('host: got "api.example.com", a placeholder; needed: your own'),
      at(
        'image: got "placeholder.invalid/api:1", a placeholder; needed: your own image (only the sandbox does without: npm run sandbox)',
      ),
      at('tls.issuer.email: got "you@example.com", a placeholder; needed: your own'),
    ],
    [
      "a server without a cluster",
      served({ kind: "none" }, {}),
      "environment.modelServer: given, but it needs a cluster; allowed with host: none: oscarServices alone",
      "environment.oscarServices: missing; needed with host: none, which brings up nothing else",
    ],
    [
      "all at once",
      served(existing(), {
        image: "api:latest",
        model: mounted,
        workers: 0,
        docs: "no",
        healthPath: "healthz",
        mountPath: "/tmp",
        worker: 4,
        replicas: { min: 2, max: 1, cpuPercent: 70 },
        canary: { weight: 10 },
        tls: "self-signed",
      }),
      at("canary: got one with exposure: none; allowed: with exposure: gateway, which alone splits requests"),
      at("canary: got the version that serves already; needed: another image or another runId"),
      at('docs: got "no"; allowed: true or false'),
      at('healthPath: got "healthz"; allowed: an absolute path, such as /models/model.pt'),
      at(
        'image: got "api:latest"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/acme/ui:1.2.0',
      ),
      at('model.kind: got "gcs-fuse"; allowed: copy or image, because the cluster has no driver for buckets'),
      at(
        'mountPath: got "/tmp"; allowed: an absolute path without a colon, outside /tmp, /dev, /proc and /sys, such as /models',
      ),
      at("replicas.max: got 1; allowed: a whole number of at least 2"),
      at(
        'tls: got "self-signed"; allowed: none, because exposure: none passes on what comes as it is; or take exposure: gateway',
      ),
      at("worker: unknown key; did you mean workers?"),
      at("workers: got 0 (a number); allowed: a whole number of at least 1"),
    ],
  ];
  it.each(cases)("%s", (_what, document, ...faults) => expect(faultsOf(document)).toEqual(faults));
});
