import { describe, expect, it } from "vitest";
import type { Properties } from "../../../provider";
import { memoryStore } from "../../../sandbox/clouds";
import { readinessOf, type Readiness } from "../../../sandbox/clouds/kubernetes/readiness";
import { checkWaitRules, meets, waitRules } from "../../../sandbox/clouds/kubernetes/wait-for";
import { waitUntilReady } from "../../../sandbox/clouds/kubernetes/wait";

const ready: Readiness = { kind: "ready" };
const waiting = (why: string): Readiness => ({ kind: "waiting", why });
const failed = (why: string): Readiness => ({ kind: "failed", why });
const object = (apiVersion: string, kind: string, rest: Properties = {}): Properties => ({
  apiVersion,
  kind,
  metadata: { name: "it", namespace: "ns", uid: "1", generation: 2 },
  ...rest,
});

describe("an object is ready", () => {
  const deployment = (status: Properties, replicas = 2) =>
    object("apps/v1", "Deployment", { spec: { replicas, selector: { matchLabels: { app: "it" } } }, status });
  const job = (status: Properties) => object("batch/v1", "Job", { spec: {}, status });
  const claim = (spec: Properties, status: Properties) =>
    object("v1", "PersistentVolumeClaim", { spec, status });
  const rolled = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2 };
  const available = { conditions: [{ type: "Available", status: "True" }] };

  it.each<[string, Properties, Readiness]>([
    [
      "Deployment, unseen",
      deployment({ observedGeneration: 1 }),
      waiting("the controller has not seen it yet"),
    ],
    [
      "Deployment, half",
      deployment({ ...rolled, readyReplicas: 1, ...available }),
      waiting("1 of 2 pods are ready"),
    ],
    [
      "Deployment, an old pod left",
      deployment({ ...rolled, replicas: 3, ...available }),
      waiting("2 of 2 pods are ready"),
    ],
    ["Deployment, rolled out", deployment({ ...rolled, ...available }), ready],
    [
      "Deployment, refused pods",
      deployment({
        observedGeneration: 2,
        conditions: [{ type: "ReplicaFailure", status: "True", message: "forbidden: exceeded quota" }],
      }),
      waiting("forbidden: exceeded quota"),
    ],
    ["Job, not started", job({}), waiting("it has not started")],
    ["Job, at work", job({ active: 1 }), waiting("it is at work")],
    ["Job, complete", job({ conditions: [{ type: "Complete", status: "True" }] }), ready],
    [
      "Job, failed",
      job({
        conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "no more" }],
      }),
      failed("the Job failed: BackoffLimitExceeded: no more"),
    ],
    ["claim, bound", claim({}, { phase: "Bound" }), ready],
    ["claim, lost", claim({}, { phase: "Lost" }), failed("the claim has lost its volume")],
    [
      "claim of a class that is not there",
      claim({ storageClassName: "gone" }, { phase: "Pending" }),
      waiting('the cluster has no StorageClass "gone"'),
    ],
    [
      "claim, pending",
      claim({ storageClassName: "at-once" }, { phase: "Pending" }),
      waiting("it is Pending, not Bound"),
    ],
    ["claim that waits for its first pod", claim({ storageClassName: "later" }, { phase: "Pending" }), ready],
    [
      "load balancer without an address",
      object("v1", "Service", { spec: { type: "LoadBalancer" }, status: {} }),
      waiting("the load balancer has no address yet"),
    ],
    ["Service of no pods", object("v1", "Service", { spec: { clusterIP: "None" } }), ready],
    [
      "Service that no one has seen",
      object("v1", "Service", { spec: { selector: { app: "it" } } }),
      waiting("its endpoints are not known yet"),
    ],
    [
      "Ingress without an address",
      object("networking.k8s.io/v1", "Ingress", { spec: {} }),
      waiting("the ingress controller has given it no address yet"),
    ],
    ["any other kind", object("v1", "ConfigMap"), ready],
  ])("%s", async (_, given, expected) => {
    const store = memoryStore();
    for (const [name, volumeBindingMode] of [
      ["at-once", "Immediate"],
      ["later", "WaitForFirstConsumer"],
    ]) {
      await store.create(
        {
          apiVersion: "storage.k8s.io/v1",
          kind: "StorageClass",
          metadata: { name: name ?? "" },
          volumeBindingMode: volumeBindingMode ?? "",
        },
        { fieldManager: "test" },
      );
    }
    expect(await readinessOf(given, store)).toEqual(expected);
  });
});

describe("what annotations say of waiting", () => {
  const annotated = (annotations: Properties) => ({ metadata: { annotations } });
  it.each<[string, boolean]>([
    ["condition=Ready", true],
    ["condition=Ready=False", false],
    ["condition=Other", false],
    ["jsonpath={.status.phase}", true],
    ["jsonpath={.status.phase}=Active", true],
    ["jsonpath={.status.phase}=Gone", false],
    ["jsonpath={.status.ingress[0].ip}", true],
    ["jsonpath={.status.ingress[1].ip}", false],
    ['["condition=Ready", "jsonpath={.status.phase}=Active"]', true],
    ['["condition=Ready", "jsonpath={.status.nothing}"]', false],
  ])("%s: %s", (text, met) => {
    const live = {
      status: {
        phase: "Active",
        ingress: [{ ip: "192.0.2.1" }],
        conditions: [{ type: "Ready", status: "True" }],
      },
    };
    const { conditions } = waitRules(annotated({ "pulumi.com/waitFor": text }));
    expect(meets(live, conditions).kind === "ready").toBe(met);
  });

  it("has a time, or none", () => {
    expect(waitRules({})).toEqual({ skip: false, timeoutSeconds: undefined, conditions: [] });
    expect(
      waitRules(annotated({ "pulumi.com/skipAwait": "true", "pulumi.com/timeoutSeconds": "30" })),
    ).toEqual({ skip: true, timeoutSeconds: 30, conditions: [] });
  });

  it.each([
    [{ "pulumi.com/timeoutSeconds": "0" }, 'pulumi.com/timeoutSeconds: "0" is no number of seconds'],
    [
      { "pulumi.com/waitFor": "[1" },
      'pulumi.com/waitFor: "[1" is not understood here; allowed: condition=TYPE[=STATUS], jsonpath={.a.b[0].c}[=VALUE], or a JSON list of them',
    ],
  ])("is refused: %j", (annotations, reason) => {
    expect(checkWaitRules(annotated(annotations))).toEqual([{ property: "metadata.annotations", reason }]);
  });
});

describe("waiting until an object is ready", () => {
  const lively = (live: Properties | undefined) =>
    Object.assign(memoryStore(), { live: true, get: async () => live });
  const log = { status: () => undefined, info: () => undefined, warning: () => undefined };
  const job = object("batch/v1", "Job", { spec: {}, status: { active: 1 } });

  it("ends with the reason when its time is over", async () => {
    const options = { store: lively(job), timeoutSeconds: 0.1, log, signal: new AbortController().signal };
    expect(await waitUntilReady(job, {}, options)).toEqual({
      kind: "not-ready",
      live: job,
      why: "Job ns/it was not ready within 0.1 s: it is at work",
    });
  });

  it("ends when the run is cancelled", async () => {
    const options = { store: lively(job), timeoutSeconds: undefined, log, signal: AbortSignal.abort() };
    expect(await waitUntilReady(job, {}, options)).toMatchObject({
      why: "Job ns/it: the run was cancelled before it was ready: it is at work",
    });
  });

  it("ends when someone deletes the object", async () => {
    const options = {
      store: lively(undefined),
      timeoutSeconds: 5,
      log,
      signal: new AbortController().signal,
    };
    expect(await waitUntilReady(job, {}, options)).toMatchObject({
      why: "Job ns/it was deleted while it was waited for",
    });
  });
});
