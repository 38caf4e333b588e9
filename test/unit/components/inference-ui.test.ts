import { describe, expect, it } from "vitest";
import { InferenceUi } from "../../../components/serving/inference-ui";
import type { InferenceUiArgs } from "../../../components/serving/ui-arguments";
import { ModelVolume } from "../../../components/storage/model-volume";
import { TrainingJob } from "../../../components/training/training-job";
import { run } from "../../support/mocks";
import { containerSecurity, image, kinds, labels, podSecurity, testGround, ui, workload } from "./fixtures";

/** A UI with a volume that a training writes to. */
function whole(
  args: (training: TrainingJob) => Partial<InferenceUiArgs>,
  { nodes = "single" as "single" | "many", wait = true } = {},
) {
  const ground = testGround({ nodes });
  const volume = new ModelVolume("mnist-model-pvc", { ...ground, size: "10Gi" });
  const training = new TrainingJob("mnist-training-job", {
    ...ground,
    volume,
    image,
    gpu: { count: 1, type: "l4" },
    wait: wait && { timeoutHours: 1 },
  });
  const model = { volume, file: "/models/model.pt" };
  return new InferenceUi("mnist-inference", {
    ...ground,
    image,
    exposure: { kind: "none" },
    model,
    ...args(training),
  });
}

const probe = { httpGet: { path: "/", port: "web" } };

describe.each([false, true])("a UI, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);

  it("by itself is a Deployment that is awaited", async () => {
    const { one, registered } = await run(preview, () => ui());
    expect(kinds(registered)).toEqual([
      "Deployment mnist-inference-deployment",
      "NetworkPolicy mnist-inference-policy",
      "Service mnist-inference-service",
      "ServiceAccount mnist-inference-account",
    ]);
    expect(one("Deployment")).toEqual({
      type: "kubernetes:apps/v1:Deployment",
      name: workload,
      inputs: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: {
          namespace: known("mnist-1a2b3c4d"),
          labels: labels(workload),
          annotations: { "pulumi.com/patchForce": "true" },
        },
        spec: {
          replicas: 1,
          selector: { matchLabels: { "app.kubernetes.io/name": workload } },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
          progressDeadlineSeconds: 600,
          template: {
            metadata: {
              labels: labels(workload),
              annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": "tmp" },
            },
            spec: {
              serviceAccountName: known("mnist-inference-account-1a2b3c4d"),
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              securityContext: podSecurity,
              containers: [
                {
                  name: "ui",
                  image,
                  env: [
                    { name: "GRADIO_ANALYTICS_ENABLED", value: "False" },
                    { name: "GRADIO_SERVER_NAME", value: "0.0.0.0" },
                    { name: "GRADIO_SERVER_PORT", value: "7860" },
                    { name: "GRADIO_TEMP_DIR", value: "/tmp/gradio" },
                    { name: "HOME", value: "/tmp" },
                    { name: "MPLCONFIGDIR", value: "/tmp/matplotlib" },
                    { name: "USER", value: "app" },
                    { name: "port", value: "7860" },
                  ],
                  ports: [{ name: "web", containerPort: 7860 }],
                  securityContext: containerSecurity,
                  resources: {
                    requests: { cpu: "250m", memory: "1Gi", "ephemeral-storage": "1Gi" },
                    limits: { memory: "1Gi", "ephemeral-storage": "10Gi" },
                  },
                  startupProbe: { ...probe, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 120 },
                  readinessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 12 },
                  livenessProbe: { ...probe, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 6 },
                  volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
                },
              ],
              volumes: [{ name: "tmp", emptyDir: {} }],
            },
          },
        },
      },
      parent: "InferenceUi mnist-inference",
      provider: "lab",
      dependsOn: ["Namespace mnist", "ServiceAccount mnist-inference-account"],
      options: { customTimeouts: { create: "600s", update: "600s" } },
    });
  });

  it("has a Service of a fixed name, which no one waits for, and a policy that lets in nothing else", async () => {
    const { one } = await run(preview, () => ui({ port: 30001, servicePort: 9000 }));
    const service = one("Service");
    expect(service.inputs).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "mnist-inference-service",
        namespace: known("mnist-1a2b3c4d"),
        labels: labels(workload),
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        type: "ClusterIP",
        selector: { "app.kubernetes.io/name": workload },
        ports: [{ name: "web", port: 9000, targetPort: "web" }],
      },
    });
    expect(service.options).toEqual({ deletedWith: "Namespace mnist" });
    expect(one("NetworkPolicy")).toMatchObject({
      inputs: {
        spec: {
          podSelector: { matchLabels: { "app.kubernetes.io/name": workload } },
          policyTypes: ["Ingress"],
          ingress: [{ ports: [{ protocol: "TCP", port: 30001 }] }],
        },
      },
      options: { deletedWith: "Namespace mnist" },
    });
  });

  it("hands over what it is given, in both spellings", async () => {
    const { one } = await run(preview, () =>
      ui({
        port: 30001,
        rootPath: "/demo",
        probePath: "/healthz",
        readyTimeoutSeconds: 31,
        oscarEndpoint: "https://oscar.example.com",
        env: { USER: "me" },
        secretEnv: { TOKEN: { secretName: "oscar", key: "token" } },
        resources: { cpu: "2" },
      }),
    );
    const path = { httpGet: { path: "/healthz", port: "web" } };
    expect(one("Deployment")).toMatchObject({
      inputs: {
        spec: {
          progressDeadlineSeconds: 31,
          template: {
            spec: {
              containers: [
                {
                  env: [
                    { name: "GRADIO_ANALYTICS_ENABLED", value: "False" },
                    { name: "GRADIO_ROOT_PATH", value: "/demo" },
                    { name: "GRADIO_SERVER_NAME", value: "0.0.0.0" },
                    { name: "GRADIO_SERVER_PORT", value: "30001" },
                    { name: "GRADIO_TEMP_DIR", value: "/tmp/gradio" },
                    { name: "HOME", value: "/tmp" },
                    { name: "MPLCONFIGDIR", value: "/tmp/matplotlib" },
                    { name: "USER", value: "me" },
                    { name: "oscar_endpoint", value: "https://oscar.example.com" },
                    { name: "port", value: "30001" },
                    { name: "TOKEN", valueFrom: { secretKeyRef: { name: "oscar", key: "token" } } },
                  ],
                  resources: { requests: { cpu: "2", memory: "1Gi" } },
                  startupProbe: { ...path, failureThreshold: 7 },
                  readinessProbe: path,
                  livenessProbe: path,
                },
              ],
            },
          },
        },
      },
      options: { customTimeouts: { create: "31s", update: "31s" } },
    });
  });
});

describe.each([false, true])("what the UI waits for, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);

  it("the training, where `up` waits for that: and only the Deployment does", async () => {
    const { one, registered } = await run(preview, () =>
      whole((job) => ({ modelReady: { kind: "job", job } })),
    );
    expect(one("Deployment").dependsOn).toContain("Job mnist-training-job");
    const waiting = registered.filter(({ dependsOn }) => dependsOn.includes("Job mnist-training-job"));
    expect(waiting.map(({ name }) => name)).toEqual([workload]);
    expect(one("Deployment").inputs).toMatchObject({
      spec: {
        strategy: { type: "Recreate" },
        template: {
          // A new training starts the pods anew.
          metadata: {
            annotations: { "inference-infra/training": expect.stringMatching(/^[0-9a-f]{12}$/) as string },
          },
          spec: {
            containers: [
              { volumeMounts: [{ name: "tmp" }, { name: "model", mountPath: "/models", readOnly: true }] },
            ],
            volumes: [
              { name: "tmp" },
              { name: "model", persistentVolumeClaim: { claimName: known("mnist-model-pvc-1a2b3c4d") } },
            ],
          },
        },
      },
    });
    expect(JSON.stringify(one("Deployment").inputs)).toContain(
      '{"name":"MODEL_PATH","value":"/models/model.pt"}',
    );
    expect(one("Deployment").inputs).not.toHaveProperty("spec.template.spec.initContainers");
  });

  it("the model's file: then `up` waits for no pods, and no deadline runs", async () => {
    const { one } = await run(preview, () =>
      whole(
        () => ({
          modelReady: { kind: "file", path: "/models/model.pt" },
          exposure: { kind: "ingress", host: "mnist.example.com" },
        }),
        { wait: false },
      ),
    );
    const { inputs, dependsOn } = one("Deployment");
    expect(dependsOn).not.toContain("Job mnist-training-job");
    expect(inputs).toMatchObject({
      metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        progressDeadlineSeconds: 2147483647,
        template: {
          spec: {
            initContainers: [
              {
                name: "wait-for-model",
                image,
                command: [
                  "/bin/sh",
                  "-c",
                  'trap "exit 143" TERM; until [ -s "$0" ]; do echo "waiting for the model: $0"; sleep 5 & wait $!; done',
                  "/models/model.pt",
                ],
                securityContext: containerSecurity,
                volumeMounts: [{ name: "model", mountPath: "/models", readOnly: true }],
              },
            ],
          },
        },
      },
    });
    expect(one("Ingress").inputs).toMatchObject({
      metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
    });
  });
});

describe.each([false, true])("where the UI runs, preview %s", (preview) => {
  it("with the training: on its nodes, without its GPU, and made after it", async () => {
    const { registered, one } = await run(preview, () =>
      whole(
        (training) => ({ placement: { kind: "with-training", training }, modelReady: { kind: "none" } }),
        { nodes: "many" },
      ),
    );
    const affinityOf = (kind: string) =>
      (one(kind).inputs as { spec: { template: { spec: { affinity: unknown } } } }).spec.template.spec
        .affinity;
    expect(affinityOf("Deployment")).toEqual(affinityOf("Job"));
    expect(one("Deployment").inputs).toMatchObject({
      spec: {
        template: {
          metadata: { labels: { "inference-infra/volume": "mnist-model-pvc" } },
          spec: {
            nodeSelector: { "cloud.google.com/gke-accelerator": "nvidia-l4" },
            tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
          },
        },
      },
    });
    expect(JSON.stringify(one("Deployment").inputs)).not.toContain('"nvidia.com/gpu":');
    expect(one("Deployment").dependsOn).toContain("Job mnist-training-job");
    expect(registered.filter(({ type }) => type.endsWith(":Deployment"))).toHaveLength(1);
  });

  it("changes nothing of the training, which would train anew", async () => {
    const job = async (placement: InferenceUiArgs["placement"], nodes: "single" | "many") => {
      const { one } = await run(preview, () =>
        whole(() => ({ modelReady: { kind: "none" }, ...(placement && { placement }) }), { nodes }),
      );
      return one("Job").inputs;
    };
    const alone = await run(preview, () => {
      const ground = testGround({ nodes: "many" });
      const volume = new ModelVolume("mnist-model-pvc", { ...ground, size: "10Gi" });
      const args = { ...ground, volume, image, gpu: { count: 1, type: "l4" }, wait: { timeoutHours: 1 } };
      return new TrainingJob("mnist-training-job", args);
    });
    const placed = await run(preview, () =>
      whole(
        (training) => ({ placement: { kind: "with-training", training }, modelReady: { kind: "none" } }),
        { nodes: "many" },
      ),
    );
    expect(placed.one("Job").inputs).toEqual(alone.one("Job").inputs);
    expect(await job({ kind: "anywhere" }, "single")).toEqual(await job(undefined, "single"));
  });

  it("elsewhere than the training is refused on a volume for one node", async () => {
    const attempt = run(preview, () => whole(() => ({ modelReady: { kind: "none" } }), { nodes: "many" }));
    await expect(attempt).rejects.toThrow(
      /^ModelVolume mnist-model-pvc:\n {2}the training job and the UI may run/,
    );
  });

  it("on a GPU of its own, which the old pod must give back first", async () => {
    const { one } = await run(preview, () => ui({ gpu: { count: 1, type: "t4" } }));
    expect(one("Deployment").inputs).toMatchObject({
      spec: {
        strategy: { type: "Recreate" },
        template: {
          spec: {
            nodeSelector: { accelerator: "t4" },
            tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
            containers: [{ resources: { limits: { "nvidia.com/gpu": "1" } } }],
          },
        },
      },
    });
  });
});
