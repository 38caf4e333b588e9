import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseEnvironment, type Environment } from "../../../infra/environment";
import { program, type Outputs } from "../../../infra/program";
import { readStackFile } from "../../../infra/stack-file";
import { full, whole } from "./documents";

interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** Runs a program as Pulumi would, and gives what it registered and its outputs. */
async function run(preview: boolean, act: () => Outputs) {
  const made: Made[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        if (custom !== false || type.startsWith("inference-infra:")) made.push({ type, name, inputs });
        const metadata = { name: `${name}-1a2b3c`, ...(inputs.metadata as object | undefined) };
        return {
          id: `${name}-id`,
          state: { ...inputs, metadata, result: "generated-password", status: { loadBalancer: {} } },
        };
      },
      call: () => ({}),
    },
    "inference-infra",
    "test",
    preview,
  );
  let outputs: Outputs = {};
  await pulumi.runtime.runInPulumiStack(async () => (outputs = act()));
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(outputs)) {
    const output = pulumi.output<string | Record<string, string>>(value);
    const known = await new Promise((resolve) => output.apply(resolve));
    values[key] = (await pulumi.isSecret(output)) ? { secret: known } : known;
  }
  await pulumi.runtime.disconnect();
  return { made, values };
}

function stack(name: string): Environment {
  const { document } = readStackFile(join(__dirname, "..", "..", "..", "stacks", `Pulumi.${name}.yaml`));
  return parseEnvironment(document, { where: name, allowPlaceholders: true });
}

const parsed = (document: unknown) => parseEnvironment(document, { where: "test", allowPlaceholders: false });

const find = (made: readonly Made[], type: string) => {
  const [found, ...more] = made.filter((each) => each.type.endsWith(type));
  if (found === undefined || more.length > 0) throw new Error(`${more.length + (found ? 1 : 0)} of ${type}`);
  return found;
};

describe.each([false, true])("the program, preview %s", (preview) => {
  it("brings the sandbox stack up", async () => {
    const { made, values } = await run(preview, () =>
      program(stack("sandbox"), { kubeconfig: "/tmp/kubeconfig", context: "elsewhere" }),
    );
    expect(values).toEqual({
      namespace: "mnist-1a2b3c",
      claim: "mnist-model-pvc-1a2b3c",
      trainingJob: "mnist-training-job-1a2b3c",
      uiDeployment: "mnist-inference-deployment-1a2b3c",
      uiService: "mnist-inference-service",
      uiAddress: "https://mnist.localhost",
      uiPassword: { secret: "generated-password" },
    });
    expect(find(made, "pulumi:providers:kubernetes").inputs).toEqual({
      kubeconfig: "/tmp/kubeconfig",
      context: "elsewhere",
      clusterIdentifier: "sandbox",
    });
    expect(
      made
        .filter(({ type }) => type.startsWith("inference-infra:"))
        .map(({ type, name }) => `${type} ${name}`),
    ).toEqual([
      "inference-infra:host:ExistingCluster mnist-host",
      "inference-infra:host:Workspace mnist",
      "inference-infra:storage:ModelVolume mnist-model-pvc",
      "inference-infra:training:TrainingJob mnist-training-job",
      "inference-infra:exposure:SharedGateway mnist",
      "inference-infra:serving:InferenceUi mnist-inference",
    ]);
    expect(find(made, ":Job").inputs["metadata"]).not.toHaveProperty("annotations.pulumi.com/skipAwait");
  });

  it("brings the existing stack up", async () => {
    const { made, values } = await run(preview, () => program(stack("existing")));
    expect(Object.keys(values)).toEqual([
      "namespace",
      "claim",
      "trainingJob",
      "uiDeployment",
      "uiService",
      "uiAddress",
      "uiPassword",
    ]);
    expect(find(made, "pulumi:providers:kubernetes").inputs).toEqual({ clusterIdentifier: "existing" });
    expect(find(made, ":Deployment").inputs).toMatchObject({
      spec: {
        template: {
          spec: { initContainers: [{ command: ["/bin/sh", "-c", expect.any(String), "/models/model.pt"] }] },
        },
      },
    });
  });

  it("wires every field of the document", async () => {
    const { made, values } = await run(preview, () => program(parsed(full)));
    expect(values).toMatchObject({
      namespace: "ml",
      uiAddress: "https://mnist.example.com/mnist",
      uiPassword: { secret: "s3cret" },
    });
    expect(made.filter(({ type }) => type.endsWith(":Namespace"))).toEqual([]);
    expect(find(made, "pulumi:providers:kubernetes").inputs).toEqual({
      kubeconfig: "~/.kube/config",
      context: "kind-mnist",
      clusterIdentifier: "prod",
    });
    expect(find(made, ":PersistentVolumeClaim").inputs).toMatchObject({
      spec: {
        accessModes: ["ReadWriteMany"],
        storageClassName: "nfs",
        resources: { requests: { storage: "100Gi" } },
      },
    });
    expect(find(made, ":Job").inputs).toMatchObject({
      spec: {
        backoffLimit: 5,
        activeDeadlineSeconds: 43200,
        template: {
          spec: {
            priorityClassName: "batch",
            nodeSelector: { "cloud.google.com/gke-accelerator": "nvidia-l4" },
            containers: [
              {
                image: "ghcr.io/acme/mnist-trainer:1.0.0",
                command: ["python", "train.py"],
                args: ["--epochs", "14"],
                resources: {
                  requests: { cpu: "4", memory: "16Gi", "ephemeral-storage": "50Gi" },
                  limits: { "nvidia.com/gpu": "1" },
                },
              },
            ],
          },
        },
      },
    });
    expect(find(made, ":Deployment").inputs).toMatchObject({
      spec: {
        template: {
          spec: {
            initContainers: [
              { image: "busybox:1.37.0", command: ["/bin/sh", "-c", expect.any(String), "/srv/ready"] },
            ],
            containers: [
              {
                ports: [{ containerPort: 30001 }],
                env: expect.arrayContaining([
                  { name: "GRADIO_ROOT_PATH", value: "/mnist" },
                  { name: "MODEL_PATH", value: "/srv/model.pt" },
                  { name: "oscar_endpoint", value: "https://oscar.example.com" },
                  { name: "TOKEN", valueFrom: { secretKeyRef: { name: "ui", key: "token" } } },
                ]) as unknown,
                volumeMounts: expect.arrayContaining([
                  { name: "model", mountPath: "/srv", readOnly: true },
                ]) as unknown,
                resources: { requests: { cpu: "500m", memory: "1Gi" } },
              },
            ],
          },
        },
      },
    });
    expect(find(made, ":HorizontalPodAutoscaler").inputs).toMatchObject({
      spec: { minReplicas: 2, maxReplicas: 4 },
    });
  });

  it("places the training and the UI on one node where the document says so", async () => {
    const { made } = await run(preview, () => program(parsed(whole)));
    for (const type of [":Job", ":Deployment"]) {
      expect(find(made, type).inputs).toMatchObject({
        spec: {
          template: {
            metadata: { labels: { "inference-infra/volume": "mnist-model-pvc" } },
            spec: { affinity: { podAffinity: expect.anything() as unknown } },
          },
        },
      });
    }
  });

  it("brings up a UI alone", async () => {
    const { made, values } = await run(preview, () =>
      program(
        parsed({
          name: "demo",
          tier: "development",
          host: whole.host,
          ui: { image: "ghcr.io/acme/ui:1", exposure: "none" },
        }),
      ),
    );
    expect(values).toMatchObject({ uiService: "demo-inference-service" });
    expect(made.filter(({ type }) => /:(Job|PersistentVolumeClaim|Secret)$/.test(type))).toEqual([]);
  });
});
