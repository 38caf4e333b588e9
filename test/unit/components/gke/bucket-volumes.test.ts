import { all, interpolate, output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { bucketVolumes } from "../../../../components/host/gke/bucket-volumes";
import { Workspace } from "../../../../components/host/workspace";
import { InferenceUi } from "../../../../components/serving/inference-ui";
import { ModelVolume, type BucketVolumeArgs } from "../../../../components/storage/model-volume";
import { TrainingJob } from "../../../../components/training/training-job";
import { run } from "../../../support/mocks";
import { image, labels, testCluster } from "../fixtures";

/** A training and a UI on a bucket. */
function program(args: Partial<BucketVolumeArgs> = {}) {
  const plain = testCluster();
  const buckets = bucketVolumes({
    region: "europe-west4",
    labels: { team: "ml" },
    undeleteDays: 7,
    principal: (namespace, account) =>
      all([namespace, account]).apply(([inNamespace, name]) => `principal://${inNamespace}/${name}`),
  });
  const cluster = Object.assign(plain, { storage: { ...plain.storage, buckets } });
  const workspace = new Workspace("mnist", { cluster });
  const ground = { cluster, workspace };
  const volume = new ModelVolume("mnist-model-pvc", { ...ground, kind: "bucket", ...args });
  const training = new TrainingJob("mnist-training-job", { ...ground, image, volume });
  const ui = new InferenceUi("mnist-inference", {
    ...ground,
    image,
    model: { volume },
    exposure: { kind: "none" },
    replicas: 2,
  });
  return interpolate`${training.jobName} ${ui.deploymentName} ${output("")}`;
}

describe.each([false, true])("a model volume on a bucket, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);

  it("makes a bucket that only its own policy opens, with real folders", async () => {
    const { one } = await run(preview, () => program());
    expect(one("Bucket")).toMatchObject({
      name: "mnist-model-pvc",
      inputs: {
        location: "europe-west4",
        labels: { team: "ml" },
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        hierarchicalNamespace: { enabled: true },
        softDeletePolicy: { retentionDurationSeconds: 604800 },
        forceDestroy: true,
      },
      parent: "ModelVolume mnist-model-pvc",
      options: {},
    });
  });

  it("keeps the bucket, and its objects, where the data is to stay", async () => {
    const { one } = await run(preview, () => program({ retain: true, protect: true }));
    expect(one("Bucket")).toMatchObject({
      inputs: { forceDestroy: false },
      options: { protect: true, retainOnDelete: true },
    });
    expect(one("PersistentVolumeClaim").options).toEqual({});
    expect(one("PersistentVolume").options).toEqual({ replaceOnChanges: ["spec.csi"] });
  });

  it("shows the bucket by a volume and a claim that many nodes mount", async () => {
    const { one } = await run(preview, () => program());
    expect(one("PersistentVolume").inputs).toMatchObject({
      metadata: { labels: labels("mnist-model-pvc") },
      spec: {
        accessModes: ["ReadWriteMany"],
        capacity: { storage: "1Ti" },
        storageClassName: "",
        persistentVolumeReclaimPolicy: "Retain",
        csi: {
          driver: "gcsfuse.csi.storage.gke.io",
          volumeAttributes: { skipCSIBucketAccessCheck: "true" },
        },
        mountOptions: ["implicit-dirs", "file-mode=666", "dir-mode=777"],
      },
    });
    expect(one("PersistentVolumeClaim").inputs).toMatchObject({
      spec: {
        accessModes: ["ReadWriteMany"],
        storageClassName: "",
        volumeName: known("mnist-model-pvc-1a2b3c4d"),
      },
    });
  });

  it("lets the training write and the UI read, before either starts", async () => {
    const { registered, one } = await run(preview, () => program());
    const grants = registered.filter(({ type }) => type.endsWith(":BucketIAMMember"));
    expect(
      grants.map(({ name, inputs, parent }) => [name, inputs["role"], inputs["member"], parent]),
    ).toEqual([
      [
        "mnist-training-job-model-access",
        "roles/storage.objectUser",
        known("principal://mnist-1a2b3c4d/mnist-training-job-account-1a2b3c4d"),
        "TrainingJob mnist-training-job",
      ],
      [
        "mnist-inference-model-access",
        "roles/storage.objectViewer",
        known("principal://mnist-1a2b3c4d/mnist-inference-account-1a2b3c4d"),
        "InferenceUi mnist-inference",
      ],
    ]);
    expect(one("Job").dependsOn).toContain("BucketIAMMember mnist-training-job-model-access");
    expect(one("Deployment").dependsOn).toContain("BucketIAMMember mnist-inference-model-access");
  });

  it("has the driver's sidecar put into the pods, which need not be on one node", async () => {
    const { one } = await run(preview, () => program());
    for (const kind of ["Job", "Deployment"]) {
      const { spec } = one(kind).inputs as { spec: { template: { metadata: object; spec: object } } };
      expect(spec.template.metadata).toMatchObject({ annotations: { "gke-gcsfuse/volumes": "true" } });
      expect(spec.template.spec).not.toHaveProperty("affinity");
    }
    expect(one("Deployment").inputs).toMatchObject({ spec: { strategy: { type: "RollingUpdate" } } });
  });
});
