import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ModelVolume } from "../../../components/storage/model-volume";
import {
  TrainingJob,
  validateTrainingJob,
  type TrainingJobArgs,
} from "../../../components/training/training-job";
import { run } from "../../support/mocks";
import { containerSecurity, labels, podSecurity, testGround } from "./fixtures";

const image = "ghcr.io/you/mnist-trainer:1.4.0";
type Extra = Partial<TrainingJobArgs> & { readonly withVolume?: boolean };

const train = ({ withVolume = false, ...args }: Extra = {}) => {
  const ground = testGround();
  const volume = withVolume ? new ModelVolume("mnist-model-pvc", { ...ground, size: "10Gi" }) : undefined;
  return new TrainingJob("mnist-training-job", { ...ground, image, ...(volume && { volume }), ...args });
};

describe.each([false, true])("a training job, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);

  it("is a Job that no one waits for", async () => {
    const { one } = await run(preview, () => train());
    expect(one("Job")).toEqual({
      type: "kubernetes:batch/v1:Job",
      name: "mnist-training-job",
      inputs: {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: {
          namespace: known("mnist-1a2b3c4d"),
          labels: labels("mnist-training-job"),
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          backoffLimit: 3,
          podReplacementPolicy: "Failed",
          podFailurePolicy: {
            rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
          },
          template: {
            metadata: {
              labels: labels("mnist-training-job"),
              annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
            },
            spec: {
              restartPolicy: "Never",
              serviceAccountName: known("mnist-training-job-account-1a2b3c4d"),
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              terminationGracePeriodSeconds: 25,
              securityContext: podSecurity,
              containers: [
                {
                  name: "train",
                  image,
                  env: [
                    { name: "HOME", value: "/tmp" },
                    { name: "MPLCONFIGDIR", value: "/tmp/matplotlib" },
                    { name: "USER", value: "app" },
                  ],
                  securityContext: containerSecurity,
                  resources: {
                    requests: { cpu: "1", memory: "4Gi", "ephemeral-storage": "1Gi" },
                    limits: { memory: "4Gi", "ephemeral-storage": "10Gi" },
                  },
                  volumeMounts: [
                    { name: "tmp", mountPath: "/tmp" },
                    { name: "shared-memory", mountPath: "/dev/shm" },
                  ],
                },
              ],
              volumes: [
                { name: "tmp", emptyDir: {} },
                { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "4Gi" } },
              ],
            },
          },
        },
      },
      parent: "TrainingJob mnist-training-job",
      provider: "lab",
      dependsOn: ["Namespace mnist", "ServiceAccount mnist-training-job-account"],
      options: {
        deleteBeforeReplace: true,
        replaceOnChanges: [
          "spec.completionMode",
          "spec.podFailurePolicy",
          "spec.backoffLimitPerIndex",
          "spec.successPolicy",
          "spec.managedBy",
        ],
        // There before the first runId is given, or that would not count as a change.
        replacementTrigger: "",
      },
    });
  });

  it("has an account of its own, which goes with the namespace and has no token", async () => {
    const { one } = await run(preview, () => train());
    expect(one("ServiceAccount")).toMatchObject({
      name: "mnist-training-job-account",
      inputs: { automountServiceAccountToken: false },
      options: { deletedWith: "Namespace mnist" },
    });
  });

  it("has the user, the disk and the registry's secrets that it needs", async () => {
    const { one } = await run(preview, () => {
      const ground = testGround({}, { existing: "ml", imagePullSecrets: ["registry"] });
      return new TrainingJob("mnist-training-job", {
        ...ground,
        image,
        userId: 1000,
        resources: { disk: "50Gi" },
      });
    });
    expect(one("ServiceAccount").inputs).toMatchObject({ imagePullSecrets: [{ name: "registry" }] });
    expect(one("Job").inputs).toMatchObject({
      spec: {
        template: {
          spec: {
            securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 },
            containers: [
              {
                resources: {
                  requests: { "ephemeral-storage": "50Gi" },
                  limits: { "ephemeral-storage": "50Gi" },
                },
              },
            ],
          },
        },
      },
    });
  });

  it("is made after its volume, and on the volume's node where it has to", async () => {
    const { one } = await run(preview, () =>
      train({ withVolume: true, checkpointDir: "/models/checkpoints" }),
    );
    const { dependsOn, inputs } = one("Job");
    expect(dependsOn).toContain("PersistentVolumeClaim mnist-model-pvc");
    const label = { "inference-infra/volume": "mnist-model-pvc" };
    expect(inputs).toMatchObject({
      spec: {
        template: {
          metadata: { labels: { ...labels("mnist-training-job"), ...label } },
          spec: {
            affinity: {
              podAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  { labelSelector: { matchLabels: label }, topologyKey: "kubernetes.io/hostname" },
                ],
              },
            },
            containers: [
              {
                env: [
                  { name: "CHECKPOINT_DIR", value: "/models/checkpoints" },
                  { name: "HOME" },
                  { name: "MPLCONFIGDIR" },
                  { name: "USER" },
                ],
                volumeMounts: [
                  { name: "tmp" },
                  { name: "shared-memory" },
                  { name: "model", mountPath: "/models" },
                ],
              },
            ],
            volumes: [
              { name: "tmp" },
              { name: "shared-memory" },
              { name: "model", persistentVolumeClaim: { claimName: known("mnist-model-pvc-1a2b3c4d") } },
            ],
          },
        },
      },
    });
  });

  it("asks for a GPU by limits alone, and for a node that has one", async () => {
    const { one } = await run(preview, () =>
      train({ gpu: { count: 2, type: "l4" }, resources: { cpu: "8", memory: "32Gi" }, sharedMemory: "16Gi" }),
    );
    expect(one("Job").inputs).toMatchObject({
      spec: {
        template: {
          spec: {
            nodeSelector: { "cloud.google.com/gke-accelerator": "nvidia-l4" },
            tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
            containers: [
              {
                resources: {
                  requests: { cpu: "8", memory: "32Gi", "ephemeral-storage": "1Gi" },
                  limits: { memory: "32Gi", "ephemeral-storage": "10Gi", "nvidia.com/gpu": "2" },
                },
              },
            ],
            volumes: [{ name: "tmp" }, { name: "shared-memory", emptyDir: { sizeLimit: "16Gi" } }],
          },
        },
      },
    });
    expect(one("Job").inputs).not.toHaveProperty(
      "spec.template.spec.containers.0.resources.requests.nvidia.com/gpu",
    );
  });

  it("hands over what it is given", async () => {
    const { one } = await run(preview, () =>
      train({
        command: ["python"],
        args: ["train.py"],
        env: { HOME: "/models", TOKEN: secret("canary") },
        secretEnv: { WANDB_API_KEY: { secretName: "wandb", key: "key" } },
        retries: 0,
        deadlineHours: 1.5,
        priorityClass: "batch",
        gracePeriodSeconds: 120,
      }),
    );
    expect(one("Job").inputs).toMatchObject({
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: 5400,
        template: {
          spec: {
            priorityClassName: "batch",
            terminationGracePeriodSeconds: 120,
            containers: [
              {
                command: ["python"],
                args: ["train.py"],
                env: [
                  { name: "HOME", value: "/models" },
                  { name: "MPLCONFIGDIR" },
                  { name: "TOKEN", value: { secret: "canary" } },
                  { name: "USER" },
                  { name: "WANDB_API_KEY", valueFrom: { secretKeyRef: { name: "wandb", key: "key" } } },
                ],
              },
            ],
          },
        },
      },
    });
  });

  it("is awaited where that is said, for as long as that", async () => {
    const { one, result } = await run(preview, () => train({ wait: { timeoutHours: 12 } }));
    expect(one("Job").inputs["metadata"]).not.toHaveProperty("annotations");
    expect(one("Job").options.customTimeouts).toEqual({ create: "43200s", update: "43200s" });
    expect(result.awaited).toBe(true);
  });

  it("trains again for another runId", async () => {
    const { one } = await run(preview, () => train({ runId: "second" }));
    expect(one("Job").options.replacementTrigger).toBe("second");
  });
});

describe("a training job's faults", () => {
  it("come all at once", () => {
    const cluster = { gpu: () => ({ resource: "nvidia.com/gpu", nodeSelector: {}, tolerations: [] }) };
    expect(
      validateTrainingJob("Train", {
        cluster,
        volume: {},
        image: "trainer",
        gpu: { count: 0 },
        sharedMemory: "2",
        checkpointDir: "/tmp/checkpoints",
        retries: -1,
        deadlineHours: 0,
        gracePeriodSeconds: -5,
        wait: { timeoutHours: 0 },
      }),
    ).toEqual([
      'name: got "Train"; allowed: lower-case letters, digits and hyphens, a letter first, at most 54 characters',
      'image: got "trainer"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0',
      "gpu.count: got 0; allowed: a whole number of at least 1",
      'sharedMemory: got "2"; allowed: a size with a unit, such as 10Gi',
      'checkpointDir: got "/tmp/checkpoints"; allowed: a path below /models, where the volume is',
      "retries: got -1; allowed: a whole number of at least 0",
      "deadlineHours: got 0; allowed: a number above 0",
      "gracePeriodSeconds: got -5; allowed: a whole number of at least 0",
      "wait.timeoutHours: got 0; allowed: a number above 0",
    ]);
  });

  it("know what goes together", () => {
    const cluster = { gpu: () => ({ resource: "nvidia.com/gpu", nodeSelector: {}, tolerations: [] }) };
    const faults = (args: object) => validateTrainingJob("train", { cluster, image: "trainer:1", ...args });
    expect(faults({ sharedMemory: "8Gi" })).toEqual([
      'sharedMemory: got "8Gi"; allowed: at most resources.memory, which is 4Gi',
    ]);
    expect(faults({ sharedMemory: "1000Mi", resources: { memory: "1Gi" } })).toEqual([]);
    expect(faults({ mountPath: "/dev/shm", userId: 0, retries: 1e12 })).toEqual([
      'mountPath: got "/dev/shm"; allowed: an absolute path without a colon, outside /tmp, /dev, /proc and /sys, such as /models',
      "retries: got 1000000000000; allowed: a whole number of at least 0",
      "userId: got 0; allowed: a whole number of at least 1",
    ]);
    expect(
      faults({ secretEnv: { TOKEN: { secretName: "a", key: "a/b" } }, resources: { disk: "9" } }),
    ).toEqual([
      'resources.disk: got "9"; allowed: a size with a unit, such as 10Gi',
      'secretEnv.TOKEN.key: got "a/b"; allowed: letters, digits, hyphens, underscores and dots',
    ]);
  });

  it("are told with the job's name when it is made", async () => {
    await expect(run(false, () => train({ gpu: { count: 1, type: "h100" } }))).rejects.toThrow(
      'TrainingJob mnist-training-job:\n  gpu: the cluster offers no GPU of type "h100"; allowed: l4, t4',
    );
  });
});
