import { describe, expect, it } from "vitest";
import { full, host, training, ui, whole } from "./documents";
import { faultsOf, without } from "./faults-of";

/** What goes together, and what one field alone cannot tell. */
describe("a document's parts", () => {
  const cases: [what: string, document: unknown, fault: string][] = [
    [
      "modelReady: job where the training is not awaited",
      { ...whole, training: { image: training.image }, ui: { ...ui, modelReady: "job" } },
      'environment.ui.modelReady: got "job"; allowed: file or none, because `pulumi up` does not wait for the training; to make it, add training.wait: {timeoutHours: 12}',
    ],
    [
      "modelReady: job without a training",
      {
        name: "mnist",
        tier: "development",
        host,
        modelVolume: { size: "1Gi" },
        ui: { ...ui, placement: "anywhere", modelReady: "job" },
      },
      'environment.ui.modelReady: got "job"; allowed: file or none, because there is no training',
    ],
    [
      "a training that is not awaited and no file to wait for",
      { ...whole, training: { image: training.image } },
      "environment.ui.modelFile: missing; needed: the model's file as the UI sees it, which it waits for as `pulumi up` does not wait for the training; or else ui.modelReady: none",
    ],
    [
      "a model file beside the volume",
      { ...whole, ui: { ...ui, modelFile: "/srv/model.pt" } },
      'environment.ui.modelFile: got "/srv/model.pt"; allowed: a path below /models/ (ui.mountPath)',
    ],
    [
      "a UI with a training on any GPU, and nothing that tells where there is one",
      { ...whole, training: { ...training, gpu: { count: 1 } } },
      'environment.ui.placement: got "with-training", but nothing tells which nodes have the GPUs that the training asks for; needed: the host\'s gpu.nodeLabels, or a gpu.type for the training',
    ],
    [
      "a Secret in a namespace that is still to be made",
      { ...whole, training: { ...training, secretEnv: { TOKEN: { secretName: "wandb", key: "token" } } } },
      "environment.training.secretEnv: needs a namespace that exists, with the Secret in it: namespace: {kind: existing, name: …}",
    ],
    [
      "production in whatever cluster is the current one",
      {
        ...whole,
        tier: "production",
        host: without(host, "context"),
        ui: { ...ui, credentials: "none" },
      },
      "environment.host.context: missing; needed in production: the context, for the current one may be another cluster tomorrow (`kubectl config get-contexts`)",
    ],
    [
      "a toleration of nothing",
      { ...whole, host: { ...host, gpu: { ...host.gpu, tolerations: [{ value: "x" }] } } },
      "environment.host.gpu.tolerations[0]: got a mapping; allowed: a toleration with a key, or one with operator: Exists for every taint",
    ],
    [
      "CPUs in words",
      { ...whole, training: { ...training, resources: { cpu: "2 cores" } } },
      'environment.training.resources.cpu: got "2 cores"; allowed: a number of CPUs, such as 2 or 500m',
    ],
    [
      "a label that is none",
      { ...whole, host: { ...host, gpu: { types: { l4: { gpu: "va lue" } } } } },
      'environment.host.gpu.types.l4.gpu: got "va lue"; allowed: a label\'s value: letters, digits, hyphens, underscores and dots, in quotes where it is a number, true or false',
    ],
    [
      "checkpoints beside the volume",
      { ...whole, training: { ...training, mountPath: "/data", checkpointDir: "/models/checkpoints" } },
      'environment.training.checkpointDir: got "/models/checkpoints"; allowed: a path below /data/ (training.mountPath)',
    ],
    [
      "a UI on a GPU of another type than that of the training it is placed with",
      {
        ...whole,
        host: { ...host, gpu: { types: { l4: { gpu: "l4" }, t4: { gpu: "t4" } } } },
        training: { ...training, gpu: { count: 1, type: "l4" } },
        ui: { ...ui, gpu: { count: 1, type: "t4" } },
      },
      'environment.ui.gpu.type: got "t4"; allowed: l4, as the training that it is placed with has it, or placement: anywhere',
    ],
    [
      "3 replicas on a ReadWriteOnce volume",
      { ...whole, ui: { ...ui, placement: "anywhere", replicas: 3 } },
      "environment.ui.replicas: the UI may have 3 pods, on different nodes, but a ReadWriteOnce volume is mounted on one node at a time; allowed: 1 pod, accessMode: ReadWriteMany, placement: with-training, or nodes: single where there is only one",
    ],
    [
      "an autoscaler on a ReadWriteOnce volume",
      { ...whole, ui: { ...ui, placement: "anywhere", replicas: { min: 1, max: 4, cpuPercent: 70 } } },
      "environment.ui.replicas: the UI may have 4 pods, on different nodes, but a ReadWriteOnce volume is mounted on one node at a time; allowed: 1 pod, accessMode: ReadWriteMany, placement: with-training, or nodes: single where there is only one",
    ],
    [
      "a training and a UI apart on a ReadWriteOnce volume",
      { ...whole, ui: without(ui, "placement") },
      "environment.ui.placement: the training and the UI may run on different nodes, but a ReadWriteOnce volume is mounted on one node at a time; allowed: placement: with-training for the UI, accessMode: ReadWriteMany, or nodes: single where there is only one",
    ],
    [
      "a UI placed with a training that is not there",
      { ...without(whole, "training"), ui: { ...ui, modelReady: "none" } },
      'environment.ui.placement: got "with-training"; allowed: anywhere, because there is no training',
    ],
    [
      "a variable that is given twice",
      { ...full, ui: { ...full.ui, env: { TOKEN: "x" } } },
      "environment.ui.env.TOKEN: given twice; allowed: here or in secretEnv, not both",
    ],
    [
      "a training without a volume",
      { name: "mnist", tier: "development", host, training },
      "environment.modelVolume: missing; needed: a volume that the training writes the model to",
    ],
    [
      "ReadWriteMany on a host without",
      { ...whole, modelVolume: { size: "1Gi", accessMode: "ReadWriteMany" } },
      'environment.modelVolume.accessMode: got "ReadWriteMany"; allowed: ReadWriteOnce, because the host has no class for it: add host.storage.readWriteMany',
    ],
    [
      "an autoscaler upside down",
      { ...full, ui: { ...full.ui, replicas: { min: 3, max: 2, cpuPercent: 80 } } },
      "environment.ui.replicas.max: got 2 (a number); allowed: at least replicas.min, which is 3",
    ],
    [
      "nothing to bring up",
      { name: "mnist", tier: "development", host },
      "environment: there is nothing to bring up; needed: training, ui, both, modelServer or oscar",
    ],
    [
      "a text in place of the document",
      "mnist",
      "environment: got text; allowed: a mapping with the keys name, tier, host, namespace, dns, modelVolume, training, ui, modelServer, oscar, oscarServices",
    ],
    [
      "an empty document",
      null,
      "environment: got nothing; allowed: a mapping with the keys name, tier, host, namespace, dns, modelVolume, training, ui, modelServer, oscar, oscarServices",
    ],
    [
      "production that throws its data away",
      { ...full, modelVolume: { ...full.modelVolume, retain: false } },
      "environment.modelVolume.retain: got false (a boolean); allowed: true, because production keeps its data; or else tier: development",
    ],
    [
      "production that does not say who may log in",
      { ...full, ui: without(full.ui, "credentials") },
      "environment.ui.credentials: missing; needed: generated, given or existing; or none, where everyone who reaches the UI may use it",
    ],
  ];

  it.each(cases)("%s", (_what, document, fault) => {
    expect(faultsOf(document)).toEqual([fault]);
  });
});
