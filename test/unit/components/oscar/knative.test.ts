import semver from "semver";
import { describe, expect, it } from "vitest";
import { KnativeServing } from "../../../../components/oscar/platform/knative/knative-serving";
import { charts, knativeServingVersion } from "../../../../components/versions";
import { run } from "../../../support/mocks";
import { labels, testCluster } from "../fixtures";

const install = (name = "lab", chartsFolder?: string) =>
  new KnativeServing(name, {
    cluster: { provider: testCluster().provider, ...(chartsFolder && { chartsFolder }) },
  });

describe.each([false, true])("Knative Serving, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);
  const inherited = { parent: "KnativeServing lab", provider: "lab" };

  it("is a namespace for the operator and one for Serving, the operator's release, and what it is told", async () => {
    const { registered, one } = await run(preview, () => install());
    const made = registered.filter(({ parent }) => parent === inherited.parent);
    expect(made.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).toEqual([
      "KnativeServing lab",
      "Namespace lab-operator",
      "Namespace lab-serving",
      "Release lab",
    ]);
    const namespaces = made.filter(({ type }) => type.endsWith(":Namespace"));
    expect(namespaces.map(({ inputs }) => inputs["metadata"])).toEqual([
      { name: "knative-operator", labels: labels("knative-operator") },
      { name: "knative-serving", labels: labels("knative-serving") },
    ]);
    expect(one("Release")).toEqual({
      type: "kubernetes:helm.sh/v3:Release",
      name: "lab",
      inputs: {
        chart: "knative-operator",
        repositoryOpts: { repo: "https://knative.github.io/operator" },
        version: "v1.18.3",
        namespace: known("knative-operator"),
        values: {},
        timeout: 600,
        atomic: true,
        compat: "true",
      },
      ...inherited,
      dependsOn: ["Namespace lab-operator"],
      options: {},
    });
  });

  it("is told to be within the cluster, to let services mount claims, and nodes be drained", async () => {
    const { registered, result } = await run(preview, () => install());
    // The component is called so, too.
    const serving = registered.find(
      ({ type }) => type === "kubernetes:operator.knative.dev/v1beta1:KnativeServing",
    );
    expect(serving).toEqual({
      type: "kubernetes:operator.knative.dev/v1beta1:KnativeServing",
      name: "lab",
      inputs: {
        apiVersion: "operator.knative.dev/v1beta1",
        kind: "KnativeServing",
        metadata: {
          name: "knative-serving",
          namespace: known("knative-serving"),
          labels: labels("knative-serving"),
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
          version: "1.18.0",
          ingress: { kourier: { enabled: true, "service-type": "ClusterIP" } },
          config: {
            network: { "ingress-class": "kourier.ingress.networking.knative.dev" },
            features: {
              "kubernetes.podspec-persistent-volume-claim": "enabled",
              "kubernetes.podspec-persistent-volume-write": "enabled",
            },
          },
          podDisruptionBudgets: [
            { name: "activator-pdb", maxUnavailable: 1 },
            { name: "webhook-pdb", maxUnavailable: 1 },
            { name: "3scale-kourier-gateway-pdb", maxUnavailable: 1 },
          ],
        },
      },
      ...inherited,
      // Deleted before the operator, which lets go of it, and before its namespace.
      dependsOn: ["Release lab", "Namespace lab-serving"],
      options: { customTimeouts: { create: "20m", update: "20m" } },
    });
    expect(result.ready).toHaveLength(1);
  });

  it("comes from the cluster's folder of charts, where it has one", async () => {
    const { one } = await run(preview, () => install("lab", "/charts"));
    expect(one("Release").inputs).toMatchObject({ chart: "/charts/knative-operator", version: "v1.18.3" });
  });
});

it("is of a version that the operator has in it", () => {
  const { version } = charts.knativeOperator;
  const { major, minor } = semver.parse(version) ?? {};
  expect(semver.satisfies(knativeServingVersion, `${major}.${minor}.x`)).toBe(true);
  expect(semver.lte(knativeServingVersion, version)).toBe(true);
});

it("is refused under a name that Helm would not take", async () => {
  const name = "a".repeat(45);
  await expect(run(false, () => install(name))).rejects.toThrow(
    `KnativeServing ${name}:\n  name: got "${name}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 44 characters`,
  );
});
