import { describe, expect, it } from "vitest";
import { changeOf, type Target } from "../../../../../components/oscar/service/changes";
import { featuresOf } from "../../../../../components/oscar/service/version";
import { bearer, document, exposed, knative, minio, plain, secrets, type More } from "./changing";

const old: Target = { ...knative, features: featuresOf([3, 7, 1]) };

const model = (more: object = {}, inference: object = {}): More => ({
  kserve: {
    type: "inference",
    storageUri: "hf://m",
    inference: { modelFormat: "onnx", ...inference },
    ...more,
  },
});
const language = (more: object = {}): More => ({
  kserve: { type: "llm_inference", storageUri: "hf://m", ...more },
});

describe("nothing", () => {
  it.each<[string, More, More]>([
    ["the same", secrets({ A: "a" }), secrets({ A: "a" })],
    [
      "the order of names",
      { environment: { variables: { A: "1", B: "2" } } },
      { environment: { variables: { B: "2", A: "1" } } },
    ],
    [
      "what is the default",
      {},
      { cpu: "0.2", logLevel: "INFO", visibility: "private", isolationLevel: "SERVICE" },
    ],
    ["what is empty", {}, { labels: {}, input: [], synchronous: {}, environment: { secrets: {} } }],
    ["line ends", { script: "a\r\nb" }, { script: "a\nb" }],
    [
      "the spelling of a provider and a path",
      { input: minio("in") },
      { input: [{ storageProvider: "MINIO.default", path: "/lab/in/" }] },
    ],
    [
      "what a volume is called anyway",
      { volume: { size: "1Gi", mountPath: "/d" } },
      { volume: { name: "lab", size: "1Gi", mountPath: "/d", lifecyclePolicy: "delete" } },
    ],
    [
      "the usual login and probe",
      exposed,
      { expose: { apiPort: [80], authType: "basic", probeMode: "legacy" } },
    ],
  ])("%s", (_, before, after) => {
    expect(changeOf(document(before), document(after), plain)).toEqual({ kind: "nothing" });
  });
});

describe("replacing", () => {
  const script =
    "on a cluster without Knative, OSCAR empties the script of an exposed service at every update";
  const triggers =
    "files in its buckets no longer call a service after an update, by OSCAR before 4.0; this is 3.7.1";

  it.each<[string, Target, More, More, Record<string, string>]>([
    ["its name", knative, {}, { name: "other" }, { name: "OSCAR cannot rename a service" }],
    [
      "a volume",
      knative,
      {},
      { volume: { name: "v", mountPath: "/d" } },
      { volume: "OSCAR cannot change the volume of a service that is there" },
    ],
    [
      "a part of the volume",
      knative,
      { volume: { size: "1Gi", mountPath: "/d" } },
      { volume: { size: "2Gi", mountPath: "/d" } },
      { "volume.size": "OSCAR cannot change the volume of a service that is there" },
    ],
    ["expose on", plain, {}, exposed, { expose: "OSCAR cannot expose a service that is there" }],
    [
      "expose off",
      plain,
      exposed,
      {},
      { expose: "OSCAR cannot stop exposing a service, and would leave it running" },
    ],
    [
      "expose off, other things beside it",
      knative,
      exposed,
      { cpu: "1" },
      { expose: "OSCAR cannot stop exposing a service, and would leave it running" },
    ],
    [
      "a virtual node",
      knative,
      {},
      { interlinkNodeName: "vk" },
      { interlinkNodeName: "OSCAR cannot move a service that is there to a virtual node, or away from one" },
    ],
    [
      "a model added",
      knative,
      {},
      model(),
      { kserve: "OSCAR cannot give a model to a service that is there" },
    ],
    ["a model removed", knative, model(), {}, { kserve: "OSCAR cannot take the model from a service" }],
    [
      "what the model is",
      knative,
      model(),
      model({ storageUri: "hf://n", setAuth: false }, { modelFormat: "sklearn", runtime: "r" }),
      {
        "kserve.inference.modelFormat": "OSCAR cannot change the format of a model that is there",
        "kserve.inference.runtime": "OSCAR cannot change the runtime of a model that is there",
        "kserve.setAuth": "OSCAR cannot change whether a model that is there asks for a token",
        "kserve.storageUri": "OSCAR cannot give another model to a service that is there",
      },
    ],
    [
      "the kind of model",
      knative,
      model(),
      language(),
      { "kserve.type": "OSCAR cannot change what kind of model a service has" },
    ],
    [
      "anything of a language model",
      knative,
      language(),
      { ...language(), cpu: "1" },
      { cpu: "OSCAR fails at every update of a language model" },
    ],
    [
      "the last secret",
      knative,
      secrets({ A: "a" }),
      { environment: { variables: { B: "b" } } },
      { "environment.secrets": "OSCAR keeps the last secrets of a service, and goes on giving them to it" },
    ],
    [
      "a new folder in its bucket",
      bearer,
      { input: minio("b/in") },
      { input: minio("b/in2") },
      { input: "OSCAR does not watch a new folder in a bucket that is there; got b/in2" },
    ],
    [
      "an output that becomes an input",
      knative,
      { output: minio("out") },
      { input: minio("in"), output: minio("out") },
      { input: "OSCAR does not watch a new folder in a bucket that is there; got lab/in" },
    ],
    [
      "anything of an exposed service whose script is lost",
      plain,
      exposed,
      { ...exposed, cpu: "1", script: "new" },
      { cpu: script, script },
    ],
    [
      "the same where files call the script",
      plain,
      { expose: { apiPort: 80, defaultCommand: true }, input: minio("in") },
      { expose: { apiPort: 80, defaultCommand: true }, input: minio("in"), cpu: "1" },
      { cpu: script },
    ],
    [
      "anything of a service with triggers that stop",
      old,
      { input: minio("in") },
      { input: minio("in"), cpu: "1" },
      { cpu: triggers },
    ],
  ])("%s", (_, target, before, after, reasons) => {
    const change = changeOf(document(before), document(after), target);
    expect(change.kind).toBe("replace");
    if (change.kind !== "replace") return;
    expect(Object.fromEntries(change.reasons.map(({ path, reason }) => [path, reason]))).toEqual(reasons);
    const differing = change.differences.map(({ path }) => path);
    expect(differing).toEqual(expect.arrayContaining(Object.keys(reasons)));
  });
});

describe("updating", () => {
  const pods = (what: string) => `pods that run go on with the old ${what} until they are restarted`;
  const often = "with basic auth OSCAR often fails";
  const stored = "after it has stored the change";
  const fails = "OSCAR fails when a bucket is dropped, after it has stored the change";
  const unsigned = "OSCAR does not note whose they are, so that it signs no URLs for them";
  const stay = "they stay with all that is in them, and files put there may still call the service";
  const elsewhere: More = {
    output: [{ storageProvider: "s3.aws", path: "far/out" }],
    storageProviders: { s3: { aws: { accessKey: "k", secretKey: "s", region: "r" } } },
  };
  const own: More = { expose: { apiPort: 80, defaultCommand: true } };
  const lost =
    "script: without Knative OSCAR loses it at an update; the image's own command runs on, jobs do nothing";

  it.each<[string, Target, More, More, object]>([
    ["a limit", knative, {}, { cpu: "1" }, {}],
    ["the script of what is not exposed", plain, {}, { script: "new" }, {}],
    [
      "the script of what is exposed",
      knative,
      exposed,
      { ...exposed, script: "new" },
      { restart: pods("script") },
    ],
    [
      "secrets",
      knative,
      { ...exposed, ...secrets({ A: "a" }) },
      { ...exposed, ...secrets({ A: "b" }) },
      { restart: pods("secrets") },
    ],
    [
      "both",
      knative,
      { ...exposed, ...secrets({ A: "a" }) },
      { ...exposed, ...secrets({ B: "b" }), script: "new" },
      { restart: pods("script and secrets") },
    ],
    [
      "both, and what makes new pods",
      knative,
      { ...exposed, ...secrets({ A: "a" }) },
      { ...exposed, ...secrets({ A: "b" }), script: "new", image: "nginx:1.29.2" },
      {},
    ],
    [
      "a script and what may make none",
      knative,
      exposed,
      { expose: { apiPort: 80, maxScale: 3 }, script: "new" },
      { restart: pods("script") },
    ],
    ["a script that does not run", knative, own, { ...own, script: "new" }, {}],
    [
      "a script without a restart",
      old,
      exposed,
      { ...exposed, script: "new" },
      { warnings: [`${pods("script")}; OSCAR restarts them on request from 4.1 on, and this is 3.7.1`] },
    ],
    ["an exposed service without Knative", plain, own, { ...own, cpu: "1" }, { warnings: [lost] }],
    ["node ports", knative, exposed, { expose: { apiPort: 80, nodePort: 0 } }, {}],
    [
      "a first bucket, by basic auth",
      knative,
      {},
      { input: minio("in") },
      {
        newBuckets: ["lab"],
        mayFailAfterwards: `${often} when a bucket is added, after it has made it`,
        warnings: [`lab: ${unsigned}`],
      },
    ],
    [
      "a first bucket, by a token",
      bearer,
      {},
      { output: minio("b/out") },
      { newBuckets: ["b"], warnings: [`b: ${unsigned}`] },
    ],
    [
      "a new folder for results",
      knative,
      { output: minio("b/out") },
      { output: minio("b/out", "b/more") },
      {},
    ],
    [
      "a bucket dropped",
      bearer,
      { input: minio("b/in") },
      {},
      { mayFailAfterwards: fails, warnings: [`b: ${stay}`] },
    ],
    [
      "a bucket dropped and mounted",
      bearer,
      { input: minio("b/in") },
      { mount: { storageProvider: "minio", path: "b" } },
      {},
    ],
    [
      "an input dropped, its bucket kept",
      knative,
      { input: minio("b/in"), output: minio("b/out") },
      { output: minio("b/out") },
      { warnings: ["b/in: files put there still call the service"] },
    ],
    [
      "a mount",
      knative,
      {},
      { mount: { storageProvider: "minio", path: "m/x" } },
      { mayFailAfterwards: `${often} when a service mounts a bucket, ${stored}` },
    ],
    [
      "who sees a service with buckets",
      knative,
      { input: minio("b/in") },
      { input: minio("b/in"), visibility: "public" },
      { mayFailAfterwards: `${often} when it sets who may use a bucket, ${stored}` },
    ],
    [
      "the same by a token",
      bearer,
      { input: minio("b/in") },
      { input: minio("b/in"), visibility: "public" },
      {},
    ],
    [
      "anything with results elsewhere",
      knative,
      elsewhere,
      { ...elsewhere, cpu: "1" },
      { mayFailAfterwards: `${often} when results go to buckets elsewhere, ${stored}` },
    ],
    ["who sees a service without", knative, {}, { visibility: "public" }, {}],
    [
      "the limits of all jobs",
      knative,
      {},
      { totalCpu: "4" },
      {
        warnings: [
          "totalCpu, totalMemory: they are stored, but the queue of a service keeps what it was made with",
        ],
      },
    ],
    [
      "a bucket before 4.0 that nothing calls",
      old,
      { output: minio("out") },
      { output: minio("out"), cpu: "1" },
      {},
    ],
    ["one secret of two removed", knative, secrets({ A: "a", B: "b" }), secrets({ A: "a" }), {}],
    ["the scale of a model", knative, model(), model({ maxScale: 3, args: ["-v"] }), {}],
  ])("%s", (_, target, before, after, expected) => {
    const change = changeOf(document(before), document(after), target);
    expect({ ...change, differences: undefined }).toEqual({
      kind: "update",
      differences: undefined,
      newBuckets: [],
      warnings: [],
      ...expected,
    });
  });

  it("tells where, and never a value", () => {
    const change = changeOf(
      document({ ...secrets({ A: "canary-1" }), labels: { "a.b/c": "1" } }),
      document({ ...secrets({ A: "canary-2", B: "canary-3" }), labels: { "a.b/c": "2" }, enableGpu: true }),
      knative,
    );
    expect(change).toMatchObject({
      differences: [
        { path: "enableGpu", kind: "added" },
        { path: "environment.secrets.A", kind: "changed" },
        { path: "environment.secrets.B", kind: "added" },
        { path: 'labels["a.b/c"]', kind: "changed" },
      ],
    });
    expect(JSON.stringify(change)).not.toContain("canary");
  });
});
