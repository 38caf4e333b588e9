import { describe, expect, it } from "vitest";
import { Secret, type Properties } from "../../../provider";
import { drifted, keepIgnored, redact } from "../../../sandbox/clouds/kubernetes/checkpoint";
import { diffObjects } from "../../../sandbox/clouds/kubernetes/diff";
import { inputsFromLive, takeOver } from "../../../sandbox/clouds/kubernetes/managed-fields";

const entry = (manager: string, operation: string, fieldsV1: Properties, rest: Properties = {}) => ({
  manager,
  operation,
  fieldsV1,
  ...rest,
});
const owned = (...managedFields: Properties[]): Properties => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "it", namespace: "ns", uid: "1", managedFields },
  data: { ours: "1", theirs: "2" },
});

describe("who owns a field", () => {
  const data = (key: string) => ({ "f:data": { [`f:${key}`]: {} } });

  it("is rewritten from the create to an apply, once", () => {
    const created = owned(entry("pulumi-kubernetes-1a", "Update", data("ours")));
    const taken = takeOver(created, "pulumi-kubernetes-1a");
    expect(taken).toEqual([entry("pulumi-kubernetes-1a", "Apply", data("ours"))]);
    expect(takeOver(owned(...(taken ?? [])), "pulumi-kubernetes-1a")).toBeUndefined();
  });

  it("is taken over from kubectl, not from a controller nor from a status", () => {
    const live = owned(
      entry("pulumi-kubernetes-1a", "Apply", data("ours")),
      entry("kubectl-edit", "Update", data("theirs")),
      entry("controller", "Update", data("other")),
      entry("kubectl-edit", "Update", { "f:status": {} }, { subresource: "status" }),
    );
    expect(takeOver(live, "pulumi-kubernetes-1a")).toEqual([
      entry("pulumi-kubernetes-1a", "Apply", { "f:data": { "f:ours": {}, "f:theirs": {} } }),
      entry("controller", "Update", data("other")),
      entry("kubectl-edit", "Update", { "f:status": {} }, { subresource: "status" }),
    ]);
  });

  it("says what its maker asked for", () => {
    const live = owned(
      entry("pulumi-kubernetes-1a", "Update", data("ours")),
      entry("controller", "Update", data("theirs")),
    );
    expect(inputsFromLive(live)).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "it", namespace: "ns" },
      data: { ours: "1" },
    });
  });
});

describe("what others changed", () => {
  it("shows in the inputs, and only where these speak of it", () => {
    const live = { data: { a: "theirs", b: "new" }, status: {} };
    expect(drifted(live, { data: { a: new Secret("ours") } })).toEqual({ data: { a: new Secret("theirs") } });
  });

  it("stays where its changes are ignored", () => {
    const live = { spec: { replicas: 5, containers: [{ image: "live" }] } };
    const wanted = { spec: { replicas: 2, containers: [{ image: "wanted" }], paused: true } };
    const ignored = ["spec.replicas", "spec.containers[0].image", "spec.paused"];
    expect(keepIgnored(wanted, live, ignored, "us")).toEqual({
      spec: { replicas: 5, containers: [{ image: "live" }], paused: true },
    });
    expect(keepIgnored({ spec: {} }, live, ["spec.replicas"], "us")).toEqual({ spec: {} });
  });

  it("is left to who owns it where its changes are ignored, unless we do too", () => {
    const replicas = { "f:spec": { "f:replicas": {} } };
    const live = (...managers: string[]) => ({
      metadata: { managedFields: managers.map((manager) => entry(manager, "Update", replicas)) },
      spec: { replicas: 5 },
    });
    const wanted = { spec: { replicas: 2, paused: true } };
    expect(keepIgnored(wanted, live("autoscaler"), ["spec.replicas"], "us")).toEqual({
      spec: { paused: true },
    });
    expect(keepIgnored(wanted, live("autoscaler", "us"), ["spec.replicas"], "us")).toEqual({
      spec: { replicas: 5, paused: true },
    });
  });
});

describe("a refusal that quotes secrets", () => {
  const inputs = { data: new Secret({ password: Buffer.from("hunter22").toString("base64"), pin: "1" }) };
  it.each([
    ['invalid: "hunter22"', 'invalid: "[secret]"'],
    [`invalid: ${Buffer.from("hunter22").toString("base64")}`, "invalid: [secret]"],
    ["1 is too short", "1 is too short"],
  ])("%s", (given, safe) => expect(redact(given, inputs)).toBe(safe));
});

describe("a difference", () => {
  const diff = (live: Properties, oldInputs: Properties, inputs: Properties, ignoreChanges: string[] = []) =>
    diffObjects({ live, oldInputs, inputs, ignoreChanges, mutable: { configMaps: false, secrets: false } });
  const deployment = (spec: Properties) => ({ apiVersion: "apps/v1", kind: "Deployment", spec });

  it.each<[string, Properties, Properties, Properties, Record<string, string>]>([
    ["nothing", { replicas: 2 }, { replicas: 2 }, { replicas: 2 }, {}],
    ["a new value", { replicas: 2 }, { replicas: 2 }, { replicas: 3 }, { "spec.replicas": "update" }],
    ["a field more", { replicas: 2 }, {}, { replicas: 2 }, { "spec.replicas": "add" }],
    ["a field less", { replicas: 2 }, { replicas: 2 }, {}, { "spec.replicas": "delete" }],
    ["what the server adds", { replicas: 2, paused: false }, { replicas: 2 }, { replicas: 2 }, {}],
    ["what is empty", {}, { args: [], text: "" }, { args: [], text: "" }, {}],
    [
      "one item of a list",
      { containers: [{ name: "a", image: "1" }] },
      { containers: [{ name: "a", image: "1" }] },
      { containers: [{ name: "a", image: "2" }] },
      { "spec.containers[0].image": "update" },
    ],
    ["a longer list", { args: ["a"] }, { args: ["a"] }, { args: ["a", "b"] }, { "spec.args": "update" }],
  ])("%s", (_, live, oldInputs, inputs, expected) => {
    const { changes, detailed = {} } = diff(deployment(live), deployment(oldInputs), deployment(inputs));
    expect(changes).toBe(Object.keys(expected).length > 0);
    expect(Object.fromEntries(Object.entries(detailed).map(([path, { kind }]) => [path, kind]))).toEqual(
      expected,
    );
  });

  it("is none where it is ignored", () => {
    const [old, next] = [deployment({ replicas: 2 }), deployment({ replicas: 3 })];
    expect(diff(old, old, next, ["spec.replicas"]).changes).toBe(false);
  });
});
