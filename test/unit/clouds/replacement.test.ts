import { describe, expect, it } from "vitest";
import { replaces } from "../../../sandbox/clouds/kubernetes/force-new";
import { diffClusters } from "../../../sandbox/clouds/kubernetes/kubeconfig";
import { childPath, contains, parsePath } from "../../../sandbox/clouds/kubernetes/paths";
import { unknown, type Properties } from "../../../provider";

describe("a change makes a new object", () => {
  const none = { configMaps: false, secrets: false };
  it.each<[string, string, string, boolean]>([
    ["v1", "Pod", "metadata.name", true],
    ["v1", "Pod", "metadata.labels.app", false],
    ["batch/v1", "Job", "spec.template.spec.containers[0].image", true],
    ["batch/v1", "Job", "spec.backoffLimit", false],
    ["apps/v1", "Deployment", "spec.selector.matchLabels.app", true],
    ["apps/v1", "Deployment", "spec.template.spec.containers[0].image", false],
    ["v1", "PersistentVolumeClaim", "spec.storageClassName", true],
    ["v1", "PersistentVolumeClaim", "spec.resources.requests.storage", false],
    ["v1", "ConfigMap", 'data["a.b"]', true],
    ["v1", "Secret", "data.password", true],
    ["v1", "Service", "spec.clusterIP", true],
    ["v1", "Service", "spec.clusterIPs", false],
    ["storage.k8s.io/v1", "StorageClass", "parameters.type", true],
    ["example.com/v1", "Job", "spec.template", false],
  ])("%s %s, %s: %s", (apiVersion, kind, path, expected) => {
    expect(replaces({ apiVersion, kind, immutable: false }, path, none)).toBe(expected);
  });

  it("of what is not known yet and may hold a field that cannot be changed", () => {
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", immutable: false };
    expect(replaces(deployment, "spec", none, true)).toBe(true);
    expect(replaces(deployment, "spec", none)).toBe(false);
    expect(replaces(deployment, "spec.template", none, true)).toBe(false);
  });

  it("of a ConfigMap or a Secret unless the provider says otherwise; of an immutable one even so", () => {
    const mutable = { configMaps: true, secrets: true };
    for (const kind of ["ConfigMap", "Secret"]) {
      expect(replaces({ apiVersion: "v1", kind, immutable: false }, "data.a", mutable)).toBe(false);
      expect(replaces({ apiVersion: "v1", kind, immutable: true }, "data.a", mutable)).toBe(true);
    }
  });
});

describe("property paths", () => {
  it.each([
    ["spec.containers[0].image", ["spec", "containers", "0", "image"]],
    ['metadata.annotations["a.b/c"]', ["metadata", "annotations", "a.b/c"]],
    ['data["say \\"hi\\""]', ["data", 'say "hi"']],
    ["spec.*", ["spec", "*"]],
  ])("%s", (text, steps) => expect(parsePath(text)).toEqual(steps));

  it("put a key with dots in brackets, and read it again", () => {
    expect(childPath("metadata.annotations", "pulumi.com/skipAwait")).toBe(
      'metadata.annotations["pulumi.com/skipAwait"]',
    );
    expect(parsePath(childPath("data", 'a"b.c'))).toEqual(["data", 'a"b.c']);
  });

  it("contain what is below them, * any one step", () => {
    const below = (outer: string, path: string) => contains(parsePath(outer), parsePath(path));
    expect(below("spec.replicas", "spec.replicas")).toBe(true);
    expect(below("spec", "spec.replicas")).toBe(true);
    expect(below("spec.containers[*].image", "spec.containers[3].image")).toBe(true);
    expect(below("spec.replicas", "spec")).toBe(false);
    expect(below("spec.rep", "spec.replicas")).toBe(false);
  });
});

describe("a provider's configuration names another cluster", () => {
  const kubeconfig = (server: string, token = "t") =>
    JSON.stringify({
      "current-context": "lab",
      contexts: [
        { name: "lab", context: { cluster: "lab", user: "lab" } },
        { name: "other", context: { cluster: "other", user: "lab" } },
      ],
      clusters: [
        { name: "lab", cluster: { server } },
        { name: "other", cluster: { server: "https://other.invalid" } },
      ],
      users: [{ name: "lab", user: { token } }],
    });
  const lab = kubeconfig("https://lab.invalid");
  const moved = kubeconfig("https://moved.invalid");
  it.each<[string, Properties, Properties, boolean, boolean]>([
    ["nothing changed", { kubeconfig: lab }, { kubeconfig: lab }, false, false],
    [
      "another token",
      { kubeconfig: lab },
      { kubeconfig: kubeconfig("https://lab.invalid", "new") },
      true,
      false,
    ],
    ["another server", { kubeconfig: lab }, { kubeconfig: moved }, true, true],
    ["another context", { kubeconfig: lab }, { kubeconfig: lab, context: "other" }, true, true],
    ["the context that was current", { kubeconfig: lab }, { kubeconfig: lab, context: "lab" }, true, false],
    [
      "another server of the same identifier",
      { kubeconfig: lab, clusterIdentifier: "lab" },
      { kubeconfig: moved, clusterIdentifier: "lab" },
      true,
      false,
    ],
    [
      "another identifier of the same server",
      { kubeconfig: lab, clusterIdentifier: "lab" },
      { kubeconfig: lab, clusterIdentifier: "new" },
      true,
      true,
    ],
    [
      "an identifier where there was none",
      { kubeconfig: lab },
      { kubeconfig: lab, clusterIdentifier: "lab" },
      true,
      false,
    ],
    ["one that is not known yet", { kubeconfig: lab }, { kubeconfig: unknown }, true, true],
    [
      "one that is not known yet, of the same identifier",
      { kubeconfig: lab, clusterIdentifier: "lab" },
      { kubeconfig: unknown, clusterIdentifier: "lab" },
      true,
      false,
    ],
    ["another option", { kubeconfig: lab }, { kubeconfig: lab, namespace: "ml" }, true, false],
  ])("%s", (_, oldInputs, inputs, changes, replaced) => {
    const diff = diffClusters({ oldInputs, inputs });
    expect(diff.changes).toBe(changes);
    expect(Object.values(diff.detailed ?? {}).some((each) => each.replaces === true)).toBe(replaced);
  });
});
