import { core, Provider, type helm } from "@pulumi/kubernetes";
import { secret, type Output } from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { helmRelease } from "../../components/kubernetes/helm-release";
import { charts } from "../../components/versions";
import { root } from "../../sandbox/project";
import { changed, providersHere, TestSandbox } from "../support/sandbox";

/** One release of Helm's, of a chart in a folder, with no repository in reach. */
describe.each(providersHere())("a release, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes });
  });
  afterAll(() => sandbox?.stop());

  interface Settings {
    readonly replicas?: number;
    readonly namespace?: string;
    /** Another one of the same name, after the first. */
    readonly twice?: boolean;
  }
  const program =
    ({ replicas = 1, namespace = "certs", twice = false }: Settings) =>
    async (): Promise<Record<string, Output<unknown>>> => {
      const { kubeconfig, context } = sandbox.session.controlPlane;
      const provider = new Provider("sandbox", { kubeconfig, context, clusterIdentifier: "sandbox" });
      const made = new core.v1.Namespace("certs", { metadata: { name: namespace } }, { provider });
      const release = (name: string, dependsOn: helm.v3.Release[]) =>
        helmRelease(
          name,
          {
            chart: charts.certManager,
            chartsFolder: `${root}/sandbox/charts`,
            namespace: made.metadata.name,
            releaseName: "certs",
            values: { replicaCount: replicas, token: secret("hush-hush") },
          },
          { provider, dependsOn },
        );
      const first = release("certs", []);
      if (twice) release("again", [first]);
      return { status: first.status, resourceNames: first.resourceNames };
    };
  const stack = (settings: Settings = {}) => sandbox.session.stack("helm", program(settings));
  const up = async (settings: Settings = {}) => {
    const { changes, outputs } = await (await stack(settings)).up();
    return { changes: changed(changes), status: outputs["status"]?.value, outputs };
  };
  /** `NAME.vREVISION` → its status, by the labels that Helm finds its records by. */
  const records = async (namespace = "certs") => {
    const { items } = await sandbox.kubernetes.core.listNamespacedSecret({
      namespace,
      labelSelector: "owner=helm,name=certs",
    });
    return Object.fromEntries(
      items.map(({ metadata, type }) => [metadata?.name, [type, metadata?.labels?.["status"]]]),
    );
  };
  const objects = async (namespace = "certs") => {
    const { items } = await sandbox.kubernetes.core.listNamespacedConfigMap({ namespace });
    return items.flatMap(({ metadata }) =>
      metadata?.name === "kube-root-ca.crt" ? [] : [[metadata?.name, metadata?.annotations]],
    );
  };
  const marks = (namespace: string) => ({
    "meta.helm.sh/release-name": "certs",
    "meta.helm.sh/release-namespace": namespace,
  });
  const status = (revision: number, namespace = "certs") => ({
    name: "certs",
    namespace,
    revision,
    status: "deployed",
    chart: "cert-manager",
    version: "v1.21.2",
    appVersion: "v1.21.2",
  });

  it("installs the chart's objects, and says what it did", async () => {
    const first = await up();
    expect(first.changes).toEqual({ create: 4 });
    expect(first.status).toEqual(status(1));
    expect(first.outputs["resourceNames"]?.value).toEqual({
      "ConfigMap/v1": ["certs/certs-stand-in"],
    });
    expect(await objects()).toEqual([["certs-stand-in", marks("certs")]]);
    expect(await records()).toEqual({ "sh.helm.release.v1.certs.v1": ["helm.sh/release.v1", "deployed"] });
  });

  it("is left alone by a second up and by a refresh", async () => {
    expect((await up()).changes).toEqual({});
    expect(changed(await (await stack()).refresh({ expectNoChanges: true }))).toEqual({});
    expect((await up()).changes).toEqual({});
    expect(await records()).toEqual({ "sh.helm.release.v1.certs.v1": ["helm.sh/release.v1", "deployed"] });
  });

  it("is another revision with another value", async () => {
    const { changes, status: after } = await up({ replicas: 2 });
    expect(changes).toEqual({ update: 1 });
    expect(after).toEqual(status(2));
    expect(await objects()).toEqual([["certs-stand-in", marks("certs")]]);
    expect(await records()).toEqual({
      "sh.helm.release.v1.certs.v1": ["helm.sh/release.v1", "superseded"],
      "sh.helm.release.v1.certs.v2": ["helm.sh/release.v1", "deployed"],
    });
  });

  it("keeps the values that are secret out of sight", async () => {
    const { stdout } = await (await stack({ replicas: 2 })).pulumi(["stack", "export"]);
    expect(stdout).toContain('"replicaCount"');
    expect(stdout).not.toContain("hush-hush");
  });

  it("is refused where a release has its name already", async () => {
    await expect(up({ replicas: 2, twice: true })).rejects.toThrow(
      "cannot re-use a name that is still in use",
    );
    expect(Object.keys(await records())).toHaveLength(2);
  });

  it("is made anew in another namespace", async () => {
    const { changes, status: after } = await up({ replicas: 2, namespace: "pki" });
    expect(changes).toEqual({ replace: 2 });
    expect(after).toEqual(status(1, "pki"));
    expect(await objects("pki")).toEqual([["certs-stand-in", marks("pki")]]);
  });

  it("is found missing once someone has uninstalled it, and made again", async () => {
    await sandbox.kubernetes.core.deleteNamespacedSecret({
      name: "sh.helm.release.v1.certs.v1",
      namespace: "pki",
    });
    await sandbox.kubernetes.core.deleteNamespacedConfigMap({ name: "certs-stand-in", namespace: "pki" });
    const now = await stack({ replicas: 2, namespace: "pki" });
    expect(changed(await now.refresh())).toEqual({ delete: 1 });
    expect((await up({ replicas: 2, namespace: "pki" })).changes).toEqual({ create: 1 });
  });

  it("goes with the stack", async () => {
    await (await stack({ replicas: 2, namespace: "pki" })).destroy();
    const { items } = await sandbox.kubernetes.core.listNamespace();
    expect(items.map(({ metadata }) => metadata?.name)).not.toContain("pki");
  });
});
