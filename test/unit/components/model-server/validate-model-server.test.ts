import { describe, expect, it } from "vitest";
import {
  validateModelServer,
  type CheckedServerArgs,
} from "../../../../components/serving/model-server/validate-model-server";
import { run } from "../../../support/mocks";
import { sharedGateway } from "../exposure/support";
import { runId } from "./copying";
import { elsewhere, image, mounted } from "./support";

const cluster: CheckedServerArgs["cluster"] = {
  gpu: () => {
    throw new Error("got any; allowed: none, because the cluster has no GPUs");
  },
  storage: { buckets: {} },
  workloadPrincipal: () => "me",
};
const plainCluster = { ...cluster, storage: {}, workloadPrincipal: undefined };
const sound: CheckedServerArgs = { cluster, image, model: mounted };
const gcs = { kind: "gcs", bucket: "mnist" } as const;
const copied = { kind: "copy", runId, source: gcs } as const;
const key = { kind: "existing", secretName: "key" } as const;
const gateway = { kind: "gateway", gateway: sharedGateway() } as const;
const behind = { exposure: gateway, host: "api.example.com" };
const relative =
  "allowed: a path with no slash at its ends, without blanks, commas, colons and wildcards, such as mlflow-tracking-server/1";

describe("a model server's arguments", () => {
  it.each<[string, Partial<CheckedServerArgs>]>([
    ["the least", {}],
    ["a copy", { model: copied }],
    ["a copy by a key", { model: { ...copied, source: { ...gcs, key } }, cluster: plainCluster }],
    ["a model in the image, anywhere", { model: { kind: "image", path: "/model" }, cluster: plainCluster }],
    ["a factory", { app: "mnist.main:make()" }],
    ["a canary", { ...behind, canary: { weight: 10, runId: "new" } }],
    ["a canary of an image", { ...behind, canary: { weight: 99, image: "you/mnist:2" } }],
    ["many pods behind any gateway", { ...behind, replicas: 5 }],
  ])("are sound: %s", (_, args) => {
    expect(validateModelServer("mnist-server", { ...sound, ...args })).toEqual([]);
  });

  it.each<[string, Partial<CheckedServerArgs>, string[]]>([
    [
      "numbers and paths",
      {
        image: "mnist:latest",
        app: "main",
        workerClass: "a b",
        workers: 0,
        port: 70000,
        servicePort: 0,
        healthPath: "healthz",
        readyTimeoutSeconds: 0,
        mountPath: "/tmp/models",
        userId: 0,
        replicas: 0,
        gpu: { count: 1 },
      },
      [
        'image: got "mnist:latest"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0',
        'app: got "main"; allowed: a module and what is in it, such as mnist_fastapi.main:APP',
        'workerClass: got "a b"; allowed: a Python class, such as uvicorn_worker.UvicornWorker',
        "workers: got 0; allowed: a whole number of at least 1",
        "port: got 70000; allowed: a whole number from 1 to 65535",
        "servicePort: got 0; allowed: a whole number from 1 to 65535",
        'healthPath: got "healthz"; allowed: an absolute path, such as /models/model.pt',
        "readyTimeoutSeconds: got 0; allowed: a number above 0",
        'mountPath: got "/tmp/models"; allowed: an absolute path without a colon, outside /tmp, /dev, /proc and /sys, such as /models',
        "userId: got 0; allowed: a whole number of at least 1",
        "gpu: got any; allowed: none, because the cluster has no GPUs",
        "replicas: got 0; allowed: a whole number of at least 1",
      ],
    ],
    [
      "workers of an image's own command",
      { workerClass: "sync" },
      ['workerClass: got "sync"; allowed: none without app, because the image\'s own command says it'],
    ],
    [
      "a mounted model",
      {
        cluster: plainCluster,
        model: {
          ...mounted,
          bucket: "gs://mnist",
          prefix: "/runs",
          runId: "a/b",
          path: "x,y",
          cacheSize: "10",
        },
      },
      [
        'model.kind: got "gcs-fuse"; allowed: copy or image, because the cluster has no driver for buckets',
        `model.prefix: got "/runs"; ${relative}`,
        'model.runId: got "a/b"; allowed: a run\'s id, such as 7251ac3655934299aad4cfebf5ffddbe',
        `model.path: got "x,y"; ${relative}`,
        'model.bucket: got "gs://mnist"; allowed: a bucket\'s name, without gs:// or s3://, such as mnist-artifacts',
        'model.cacheSize: got "10"; allowed: a size with a unit, such as 10Gi',
      ],
    ],
    [
      "a copied model",
      {
        model: {
          ...copied,
          prefix: "a//b",
          path: "../model",
          source: {
            kind: "minio",
            bucket: "M",
            endpoint: "minio:9000",
            credentials: { kind: "none" },
          },
          into: { kind: "empty-dir", size: "10" },
          sha256: "ABC",
          copyImage: "aws",
        },
      },
      [
        `model.prefix: got "a//b"; ${relative}`,
        `model.path: got "../model"; ${relative}`,
        'model.source.bucket: got "M"; allowed: a bucket\'s name, without gs:// or s3://, such as mnist-artifacts',
        'model.source.endpoint: got "minio:9000"; allowed: a URL without a path, such as http://minio.minio:9000',
        'model.into.size: got "10"; allowed: a size with a unit, such as 10Gi',
        'model.sha256: got "ABC"; allowed: 64 digits from 0 to f, as sha256sum gives them',
        'model.copyImage: got "aws"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0',
      ],
    ],
    [
      "a copy into a bucket",
      { model: { ...copied, into: { kind: "claim", volume: { bucketName: "models" } } } },
      ["model.into.volume: got a bucket; allowed: a claim, or model.kind: gcs-fuse, which copies nothing"],
    ],
    [
      "a key too many",
      { model: { ...copied, source: { ...gcs, key } } },
      ["model.source.key: got a key; allowed: none, because the cluster gives pods an identity"],
    ],
    [
      "no key where there must be one",
      { cluster: plainCluster, model: copied },
      [
        "model.source.key: missing; needed: a service account's key, because the cluster gives pods no identity",
      ],
    ],
    [
      "a model in the image",
      { model: { kind: "image", path: "model", runId: "-" } },
      [
        'model.path: got "model"; allowed: an absolute path, such as /models/model.pt',
        'model.runId: got "-"; allowed: a run\'s id, such as 7251ac3655934299aad4cfebf5ffddbe',
      ],
    ],
    [
      "a canary that nothing leads to, and that is nothing new",
      { canary: { weight: 100, replicas: 0 } },
      [
        "canary: got one with exposure: none; allowed: with exposure: gateway, which alone splits requests",
        "canary.weight: got 100; allowed: a whole number from 1 to 99",
        "canary: got the version that serves already; needed: another image or another runId",
        "canary.replicas: got 0; allowed: a whole number of at least 1",
      ],
    ],
    [
      "a canary behind an ingress",
      {
        exposure: { kind: "ingress", host: "api.example.com", className: "nginx" },
        canary: { weight: 1, runId: "a/b", image: "mnist", sha256: "x" },
      },
      [
        "canary: got one with exposure: ingress; allowed: with exposure: gateway, which alone splits requests",
        'canary.image: got "mnist"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0',
        'canary.runId: got "a/b"; allowed: a run\'s id, such as 7251ac3655934299aad4cfebf5ffddbe',
        'canary.sha256: got "x"; allowed: 64 digits from 0 to f, as sha256sum gives them',
        'canary.sha256: got "x"; allowed: none, because the model is not copied',
      ],
    ],
    [
      "a canary of the same image, where the model is in it",
      { ...behind, model: { kind: "image", path: "/model" }, canary: { weight: 1, runId: "new" } },
      ["canary.image: missing; needed: another image, because the model is in the image"],
    ],
    [
      "a canary of the same run",
      { ...behind, canary: { weight: 1, runId } },
      ["canary: got the version that serves already; needed: another image or another runId"],
    ],
    [
      "no host at a gateway",
      { exposure: gateway },
      ["host: missing; needed: the name that the gateway is to know it by"],
    ],
  ])("are refused, all at once: %s", (_, args, faults) => {
    expect(validateModelServer("mnist-server", { ...sound, ...args })).toEqual(faults);
  });

  it("leave room in its name for what is added to it", () => {
    expect(validateModelServer("m".repeat(45), sound)).toEqual([]);
    expect(validateModelServer("m".repeat(46), sound)).toEqual([
      `name: got "${"m".repeat(46)}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 45 characters`,
    ]);
  });

  it("are refused by the component, by its name and before anything is made", async () => {
    await expect(run(true, () => elsewhere({ model: mounted, workers: 0 }))).rejects.toThrow(
      'ModelServer mnist-server:\n  workers: got 0; allowed: a whole number of at least 1\n  model.kind: got "gcs-fuse"; allowed: copy or image, because the cluster has no driver for buckets',
    );
  });
});
