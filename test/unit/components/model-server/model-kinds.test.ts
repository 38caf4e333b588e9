import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { copyScript } from "../../../../components/serving/model-server/copy-script";
import type { CopiedModel, CopySource } from "../../../../components/serving/model-server/model-source";
import { Workspace } from "../../../../components/host/workspace";
import { ModelServer } from "../../../../components/serving/model-server/model-server";
import { ModelVolume } from "../../../../components/storage/model-volume";
import { images } from "../../../../components/versions";
import { run } from "../../../support/mocks";
import { containerSecurity, testCluster } from "../fixtures";
import { runId } from "./copying";
import {
  elsewhere,
  googleCluster,
  image,
  madeOf,
  modelPath,
  mounted,
  onGoogle,
  podsOf,
  serve,
} from "./support";

const gcs: CopiedModel = { kind: "copy", runId, source: { kind: "gcs", bucket: "mnist-artifacts" } };
const home = [
  { name: "HOME", value: "/tmp" },
  { name: "MODEL_CLIENT_OPTIONS", value: "" },
];
const folder = `mlflow-tracking-server/${runId}/artifacts/model/data/model`;

describe.each([false, true])("a model, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);

  it("that is mounted is read into a cache of the size that is said, on request", async () => {
    const { one } = await run(preview, () =>
      onGoogle({
        model: { ...mounted, prefix: "runs/1", path: "artifacts/model", cacheSize: "500M", prefetch: true },
        mountPath: "/home/aisg/from-gcs/",
      }),
    );
    const { metadata, spec } = podsOf(one("Deployment"));
    expect(metadata["annotations"]).toMatchObject({ "gke-gcsfuse/ephemeral-storage-limit": "1501Mi" });
    const path = `/home/aisg/from-gcs/${runId}/artifacts/model`;
    expect(spec.initContainers[0]["command"]).toEqual([
      "/bin/sh",
      "-c",
      expect.any(String),
      path,
      `gs://mnist-artifacts/runs/1/${runId}/artifacts/model`,
      "prefetch",
    ]);
    expect(spec.containers[0]["env"]).toContainEqual({ name: "PRED_MODEL_PATH", value: path });
    expect(spec.volumes).toMatchObject([
      {},
      {
        csi: {
          volumeAttributes: {
            mountOptions: `implicit-dirs,file-mode=444,dir-mode=555,only-dir:runs/1/${runId}/artifacts/model,file-cache:enable-parallel-downloads:true`,
            fileCacheCapacity: "500M",
          },
        },
      },
    ]);
  });

  it("that is copied from Google comes by the pods' own identity, into a folder of theirs", async () => {
    const { one, registered } = await run(preview, () => onGoogle({ model: gcs }));
    const deployment = one("Deployment");
    const { metadata, spec } = podsOf(deployment);
    expect(metadata["annotations"]).toEqual({
      "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": "tmp,model",
    });
    expect(spec.initContainers).toEqual([
      {
        name: "copy-model",
        image: images.googleCloudCli,
        command: ["/bin/sh", "-c", copyScript({ client: "gcs", shared: false })],
        env: [
          { name: "CLOUDSDK_CONFIG", value: "/tmp/gcloud" },
          { name: "CLOUDSDK_CORE_DISABLE_PROMPTS", value: "1" },
          ...home,
          { name: "MODEL_FROM", value: `gs://mnist-artifacts/${folder}` },
          { name: "MODEL_INTO", value: modelPath },
          { name: "MODEL_SHA256", value: "" },
          { name: "MPLCONFIGDIR", value: "/tmp/matplotlib" },
          { name: "USER", value: "app" },
        ],
        terminationMessagePolicy: "FallbackToLogsOnError",
        securityContext: containerSecurity,
        resources: {
          requests: { cpu: "250m", memory: "512Mi", "ephemeral-storage": "10240Mi" },
          limits: { memory: "2Gi", "ephemeral-storage": "11264Mi" },
        },
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          { name: "model", mountPath: "/models" },
        ],
      },
    ]);
    expect(spec.volumes).toEqual([
      { name: "tmp", emptyDir: {} },
      { name: "model", emptyDir: { sizeLimit: "10240Mi" } },
    ]);
    // What is in the folder counts as the server's, once the copy is made.
    expect(spec.containers[0]).toMatchObject({
      resources: { requests: { "ephemeral-storage": "12288Mi" }, limits: { "ephemeral-storage": "12288Mi" } },
      volumeMounts: [
        { name: "tmp", mountPath: "/tmp" },
        { name: "model", mountPath: "/models", readOnly: true },
      ],
    });
    expect(deployment.dependsOn).toContain("BucketIAMMember mnist-server-model-access");
    expect(madeOf(registered)).not.toContain("Secret mnist-server-model-key");
  });

  it("needs no driver for that, where pods have an identity", async () => {
    const { one } = await run(preview, () => serve(googleCluster({ driver: false }), { model: gcs }));
    expect(one("BucketIAMMember")).toMatchObject({
      name: "mnist-server-model-access",
      inputs: { bucket: "mnist-artifacts", role: "roles/storage.objectViewer" },
      parent: "ModelServer mnist-server",
    });
    expect(one("Deployment").dependsOn).toContain("BucketIAMMember mnist-server-model-access");
  });

  it("comes by a key elsewhere, which is a secret, and not the server's", async () => {
    const source: CopySource = {
      kind: "gcs",
      bucket: "mnist-artifacts",
      key: { kind: "given", json: secret("canary") },
    };
    const { one, registered } = await run(preview, () => elsewhere({ model: { ...gcs, source } }));
    expect(one("Secret")).toMatchObject({
      name: "mnist-server-model-key",
      inputs: { stringData: { secret: { "key.json": "canary" } } },
      options: { deletedWith: "Namespace mnist" },
    });
    expect(JSON.stringify(registered.filter(({ type }) => !type.endsWith(":Secret")))).not.toContain(
      "canary",
    );
    const { spec } = podsOf(one("Deployment"));
    const key = { name: "model-key", mountPath: "/var/secret/cloud.google.com", readOnly: true };
    expect(spec.volumes).toContainEqual({
      name: "model-key",
      secret: { secretName: known("mnist-server-model-key-1a2b3c4d") },
    });
    expect(spec.initContainers[0]["volumeMounts"]).toContainEqual(key);
    expect(spec.initContainers[0]["env"]).toContainEqual({
      name: "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
      value: "/var/secret/cloud.google.com/key.json",
    });
    expect(spec.containers[0]["volumeMounts"]).not.toContainEqual(key);
  });

  it("comes from MinIO by keys in a Secret", async () => {
    const credentials = { kind: "given", accessKeyId: "reader", secretAccessKey: "canary" } as const;
    const source: CopySource = {
      kind: "minio",
      bucket: "mnist",
      endpoint: "http://minio.minio:9000",
      credentials,
    };
    const sha256 = "0".repeat(64);
    const { one, registered } = await run(preview, () => elsewhere({ model: { ...gcs, source, sha256 } }));
    const [copy] = podsOf(one("Deployment")).spec.initContainers;
    const name = known("mnist-server-model-key-1a2b3c4d");
    expect(copy).toMatchObject({
      image: images.awsCli,
      command: ["/bin/sh", "-c", copyScript({ client: "s3", shared: false })],
    });
    expect(copy["env"]).toEqual([
      { name: "AWS_EC2_METADATA_DISABLED", value: "true" },
      { name: "AWS_ENDPOINT_URL_S3", value: "http://minio.minio:9000" },
      { name: "AWS_REGION", value: "us-east-1" },
      ...home,
      { name: "MODEL_FROM", value: `s3://mnist/${folder}` },
      { name: "MODEL_INTO", value: modelPath },
      { name: "MODEL_SHA256", value: sha256 },
      { name: "MPLCONFIGDIR", value: "/tmp/matplotlib" },
      { name: "USER", value: "app" },
      { name: "AWS_ACCESS_KEY_ID", valueFrom: { secretKeyRef: { name, key: "accessKeyId" } } },
      { name: "AWS_SECRET_ACCESS_KEY", valueFrom: { secretKeyRef: { name, key: "secretAccessKey" } } },
    ]);
    expect(one("Secret").inputs["stringData"]).toEqual({
      secret: { accessKeyId: "reader", secretAccessKey: "canary" },
    });
    expect(JSON.stringify(registered.filter(({ type }) => !type.endsWith(":Secret")))).not.toContain(
      "canary",
    );
  });

  it("comes from S3 by a Secret that exists, or without a key", async () => {
    const source = { kind: "s3", bucket: "mnist", region: "eu-west-1" } as const;
    const existing = await run(preview, () =>
      elsewhere({
        model: { ...gcs, source: { ...source, credentials: { kind: "existing", secretName: "keys" } } },
      }),
    );
    const env = podsOf(existing.one("Deployment")).spec.initContainers[0]["env"];
    expect(env).toContainEqual({
      name: "AWS_SECRET_ACCESS_KEY",
      valueFrom: { secretKeyRef: { name: "keys", key: "secretAccessKey" } },
    });
    expect(env).toContainEqual({ name: "AWS_REGION", value: "eu-west-1" });
    expect(madeOf(existing.registered)).not.toContain("Secret mnist-server-model-key");
    const open = await run(preview, () =>
      elsewhere({ model: { ...gcs, source: { ...source, credentials: { kind: "none" } } } }),
    );
    const [copy] = podsOf(open.one("Deployment")).spec.initContainers;
    expect(copy["env"]).toContainEqual({ name: "MODEL_CLIENT_OPTIONS", value: "--no-sign-request" });
    expect(JSON.stringify(copy["env"])).not.toContain("AWS_SECRET_ACCESS_KEY");
  });

  it("is copied once into a claim, where all pods find it, on the node where that is", async () => {
    const { one } = await run(preview, () => {
      const cluster = testCluster({ nodes: "many" });
      const workspace = new Workspace("mnist", { cluster });
      const volume = new ModelVolume("models", { cluster, workspace, size: "50Gi" });
      const source: CopySource = {
        kind: "s3",
        bucket: "mnist",
        region: "eu-west-1",
        credentials: { kind: "none" },
      };
      const model: CopiedModel = { ...gcs, source, into: { kind: "claim", volume }, copyImage: "aws:2" };
      return new ModelServer("mnist-server", { cluster, workspace, image, model, replicas: 2 });
    });
    const { metadata, spec } = podsOf(one("Deployment"));
    expect(metadata["labels"]).toMatchObject({ "inference-infra/volume": "models" });
    expect(spec).toHaveProperty("affinity.podAffinity");
    expect(spec).not.toHaveProperty("topologySpreadConstraints");
    expect(spec.volumes).toContainEqual({
      name: "model",
      persistentVolumeClaim: { claimName: known("models-1a2b3c4d") },
    });
    expect(spec.initContainers[0]).toMatchObject({
      image: "aws:2",
      command: ["/bin/sh", "-c", copyScript({ client: "s3", shared: true })],
      resources: { requests: { "ephemeral-storage": "256Mi" }, limits: { "ephemeral-storage": "1Gi" } },
    });
    expect(spec.containers[0]).toMatchObject({ resources: { limits: { "ephemeral-storage": "10Gi" } } });
  });
});
