import { describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/environment";
import { SecretValue } from "../../../infra/secrets";
import { full, host, images, training, ui, whole } from "./documents";
import { faultsOf, where, without } from "./faults-of";

const image = "an image with a tag (not latest) or a digest, such as ghcr.io/acme/ui:1.2.0";
const encrypt = "npx pulumi config set --path --secret 'environment.ui.credentials.password'";
const login = (fields: object) => ({ ...whole, ui: { ...ui, credentials: fields } });

describe("parseEnvironment tells in one line", () => {
  const cases: [what: string, document: unknown, fault: string][] = [
    [
      "an unknown key",
      { ...whole, modelVolum: { size: "10Gi" } },
      "environment.modelVolum: unknown key; did you mean modelVolume?",
    ],
    [
      "an unknown key in another spelling",
      { ...whole, training: { ...training, deadline_hours: 3 } },
      "environment.training.deadline_hours: unknown key; did you mean deadlineHours?",
    ],
    [
      "an unknown key that resembles none",
      { ...whole, modelVolume: { size: "10Gi", colour: "red" } },
      "environment.modelVolume.colour: unknown key; allowed: kind, size, accessMode, storageClass, retain",
    ],
    [
      "a number where a size belongs",
      { ...whole, modelVolume: { size: 10 } },
      "environment.modelVolume.size: got 10 (a number); allowed: a size with a unit, such as 10Gi",
    ],
    [
      "a size without its unit",
      { ...whole, modelVolume: { size: "10" } },
      'environment.modelVolume.size: got "10"; allowed: a size with a unit, such as 10Gi',
    ],
    [
      "a name that is no DNS label",
      { ...whole, name: "My_Model" },
      'environment.name: got "My_Model"; allowed: lower-case letters, digits and hyphens, a letter first, at most 30 characters',
    ],
    [
      "a name too long for what is derived from it",
      { ...whole, name: "a".repeat(31) },
      `environment.name: got "${"a".repeat(31)}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 30 characters`,
    ],
    [
      "a negative GPU count",
      { ...whole, training: { ...training, gpu: { count: -1, type: "l4" } } },
      "environment.training.gpu.count: got -1 (a number); allowed: a whole number of at least 1",
    ],
    [
      "half a GPU",
      { ...whole, training: { ...training, gpu: { count: 0.5, type: "l4" } } },
      "environment.training.gpu.count: got 0.5 (a number); allowed: a whole number of at least 1",
    ],
    [
      "a GPU that the host has not",
      { ...whole, training: { ...training, gpu: { count: 1, type: "L40" } } },
      'environment.training.gpu.type: got "L40"; allowed: l4; did you mean l4?',
    ],
    [
      "a GPU on a host without",
      { ...whole, host: without(host, "gpu") },
      "environment.training.gpu: the host offers no GPUs; add host.gpu ({} where nvidia.com/gpu is all there is to say)",
    ],
    [
      "an image without a tag",
      { ...whole, ui: { ...ui, image: "ghcr.io/acme/ui" } },
      `environment.ui.image: got "ghcr.io/acme/ui"; allowed: ${image}`,
    ],
    [
      "an image whose registry has a port, but no tag",
      { ...whole, ui: { ...ui, image: "localhost:5000/ui" } },
      `environment.ui.image: got "localhost:5000/ui"; allowed: ${image}`,
    ],
    [
      "latest",
      { ...whole, training: { ...training, image: "ghcr.io/acme/trainer:latest" } },
      `environment.training.image: got "ghcr.io/acme/trainer:latest"; allowed: ${image}`,
    ],
    [
      "a placeholder",
      { ...whole, ui: { ...ui, image: "placeholder.invalid/ui:0.1.0" } },
      'environment.ui.image: got "placeholder.invalid/ui:0.1.0", a placeholder; needed: your own image (only the sandbox does without: npm run sandbox)',
    ],
    [
      "a password in clear text, without repeating it",
      login({ kind: "given", username: "mnist", password: "hunter2" }),
      `environment.ui.credentials.password: got text; allowed: a secret; encrypt it with ${encrypt}`,
    ],
    [
      "a password of digits in clear text, without repeating it",
      login({ kind: "given", username: "mnist", password: 4711 }),
      `environment.ui.credentials.password: got a number; allowed: a secret; encrypt it with ${encrypt}`,
    ],
    [
      "a password in clear text that passes for encrypted, without repeating it",
      login({ kind: "given", username: "ada", password: { secure: "hunter2" } }),
      `environment.ui.credentials.password: got a mapping; allowed: a secret; encrypt it with ${encrypt}`,
    ],
    [
      "a list where a mapping belongs",
      { ...whole, modelVolume: [{ size: "10Gi" }] },
      "environment.modelVolume: got a list; allowed: a mapping with the keys kind, size, accessMode, storageClass, retain",
    ],
    [
      "credentials that are a text, without repeating it",
      { ...whole, ui: { ...ui, credentials: "hunter2" } },
      "environment.ui.credentials: got text; allowed: none, generated, given or existing",
    ],
    [
      "a secret where none belongs",
      { ...whole, ui: { ...ui, image: new SecretValue("CANARY") } },
      `environment.ui.image: got a secret (secure:); allowed: ${image}`,
    ],
    [
      "a secret among the environment variables",
      { ...whole, ui: { ...ui, env: { TOKEN: new SecretValue("CANARY") } } },
      "environment.ui.env.TOKEN: got a secret (secure:); allowed: text; put numbers, true and false in quotes, and secrets in secretEnv",
    ],
    [
      "a kubeconfig's contents in clear text, without repeating them",
      { ...whole, host: { ...host, kubeconfig: "apiVersion: v1\nusers: [{token: CANARY}]" } },
      "environment.host.kubeconfig: got text; allowed: the path of a kubeconfig, or its contents encrypted: npx pulumi config set --path --secret 'environment.host.kubeconfig'",
    ],
    [
      "the name of an environment variable",
      { ...whole, ui: { ...ui, env: { "1ST": "x" } } },
      "environment.ui.env.1ST: not a name here; allowed: the name of an environment variable: letters, digits and underscores, no digit first",
    ],
    [
      "a slip in a word",
      { ...whole, tier: "prod" },
      'environment.tier: got "prod"; allowed: development, staging or production; did you mean production?',
    ],
    [
      "a slip in a short form",
      { ...whole, ui: { ...ui, exposure: "loadbalancer" } },
      'environment.ui.exposure: got "loadbalancer"; allowed: none, node-port, load-balancer, ingress or gateway; did you mean load-balancer?',
    ],
    [
      "a slip in a kind",
      { ...whole, ui: { ...ui, exposure: { kind: "ingres", host: "a.example.com" } } },
      'environment.ui.exposure.kind: got "ingres"; allowed: none, node-port, load-balancer, ingress or gateway; did you mean ingress?',
    ],
    [
      "a short form that needs more",
      { ...whole, ui: { ...ui, exposure: "ingress" } },
      "environment.ui.exposure.host: missing; needed: a host name, such as mnist.example.com",
    ],
    [
      "nothing where a choice belongs",
      { ...whole, ui: without(ui, "exposure") },
      "environment.ui.exposure: missing; needed: a mapping whose kind is none, node-port, load-balancer, ingress or gateway",
    ],
    [
      "an ingress without a class",
      { ...whole, host: without(host, "ingressClass") },
      "environment.ui.exposure.className: missing; needed: the IngressClass, here or as host.ingressClass (`kubectl get ingressclass` shows them)",
    ],
    [
      "a node port out of range",
      { ...whole, ui: { ...ui, exposure: { kind: "node-port", port: 8080 } } },
      "environment.ui.exposure.port: got 8080 (a number); allowed: a whole number from 30000 to 32767",
    ],
    [
      "a wait that is no mapping",
      { ...whole, training: { ...training, wait: true } },
      "environment.training.wait: got true (a boolean); allowed: a mapping with the keys timeoutHours",
    ],
    [
      "a duration of nothing",
      { ...whole, training: { ...training, wait: { timeoutHours: 0 } } },
      "environment.training.wait.timeoutHours: got 0 (a number); allowed: a number of hours above 0",
    ],
  ];
  it.each(cases)("%s", (_what, document, fault) => {
    expect(faultsOf(document)).toEqual([fault]);
  });
});

describe("parseEnvironment", () => {
  it("tells all faults at once, sorted, and what depends on sound values only", () => {
    const document = {
      ...whole,
      name: "My Model",
      modelVolum: {},
      modelVolume: { size: 10 },
      training: { ...training, image: "trainer", gpu: { count: -1, type: "l4" }, wait: true },
      ui: { ...ui, replicas: 0, exposure: "ingres" },
    };
    expect(faultsOf(document)).toEqual([
      "environment.modelVolum: unknown key; did you mean modelVolume?",
      "environment.modelVolume.size: got 10 (a number); allowed: a size with a unit, such as 10Gi",
      'environment.name: got "My Model"; allowed: lower-case letters, digits and hyphens, a letter first, at most 30 characters',
      "environment.training.gpu.count: got -1 (a number); allowed: a whole number of at least 1",
      `environment.training.image: got "trainer"; allowed: ${image}`,
      "environment.training.wait: got true (a boolean); allowed: a mapping with the keys timeoutHours",
      'environment.ui.exposure: got "ingres"; allowed: none, node-port, load-balancer, ingress or gateway; did you mean ingress?',
      "environment.ui.replicas: got 0 (a number); allowed: a whole number of at least 1",
    ]);
  });

  it("accepts every field there is", () => {
    expect(faultsOf(full)).toEqual([]);
  });

  it("reads a choice given by its kind alone", () => {
    const parsed = parseEnvironment(
      { ...whole, ui: { ...ui, exposure: "none", modelReady: "none" } },
      { where, allowPlaceholders: false },
    );
    expect(parsed.ui).toEqual({
      ...ui,
      exposure: { kind: "none" },
      modelReady: { kind: "none" },
      placement: { kind: "with-training" },
    });
  });

  it("accepts placeholders where nothing is run", () => {
    expect(faultsOf({ ...whole, ui: { ...ui, image: "placeholder.invalid/ui:0.1.0" } }, true)).toEqual([]);
  });

  it.each(images)("accepts the image %s", (name) => {
    expect(faultsOf({ ...whole, ui: { ...ui, image: name } })).toEqual([]);
  });

  const noImages = [
    "",
    "Mnist:1",
    "http://ghcr.io/acme/ui:1",
    "ghcr.io/{image_name}:1",
    "a/b:1@sha256:short",
    "a:",
    "a:1 ",
  ];
  it.each(noImages)("refuses the image %j", (name) => {
    expect(faultsOf({ ...whole, ui: { ...ui, image: name } })).toEqual([
      `environment.ui.image: got ${JSON.stringify(name)}; allowed: ${image}`,
    ]);
  });

  it("repeats no value from where secrets may stand", () => {
    const canary = "CANARY-7";
    const spoiled = {
      ...full,
      host: { ...full.host, kubeconfig: { text: canary } },
      training: {
        ...full.training,
        env: [canary],
        args: canary,
        secretEnv: { A: canary },
        command: [{ canary }],
      },
      ui: {
        ...full.ui,
        credentials: { kind: canary, password: canary },
        env: { A: { B: canary } },
        secretEnv: { A: { secretName: "x y", key: 1 } },
      },
    };
    const faults = faultsOf(spoiled);
    expect(faults).toHaveLength(9);
    expect(faults.join("\n")).not.toContain(canary);
  });
});
