import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { core, Provider, storage } from "@pulumi/kubernetes";
import { secret, type Output } from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { customResource } from "../../components/kubernetes/custom-resource";
import { helmRelease } from "../../components/kubernetes/helm-release";
import { charts } from "../../components/versions";
import { openChart, parseManifest } from "../../sandbox/clouds/kubernetes/helm/chart";
import { textAt } from "../../sandbox/clouds/kubernetes/objects";
import { root } from "../../sandbox/project";
import { changed, providersHere, TestSandbox } from "../support/sandbox";

/** What becomes ready: pods that kwok runs, volumes that the keeper makes, an operator's object. */
describe.each(providersHere())("releases of the stand-ins, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes });
  });
  afterAll(() => sandbox?.stop());

  interface Settings {
    readonly chartsFolder?: string;
    /** Of OSCAR's volume. */
    readonly className?: string;
    readonly oscar?: boolean;
    readonly drives?: "one" | "four";
  }
  const folder = `${root}/sandbox/charts`;
  const program =
    ({ chartsFolder = folder, className = "shared", oscar = true, drives = "one" }: Settings) =>
    async (): Promise<Record<string, Output<unknown>>> => {
      const { kubeconfig, context } = sandbox.session.controlPlane;
      const provider = new Provider("sandbox", { kubeconfig, context, clusterIdentifier: "sandbox" });
      const own = { provider };
      const namespace = (name: string, level = "restricted") =>
        new core.v1.Namespace(
          name,
          { metadata: { name, labels: { "pod-security.kubernetes.io/enforce": level } } },
          own,
        ).metadata.name;
      const nfs = namespace("nfs", "privileged");
      const disk = new core.v1.PersistentVolumeClaim(
        "disk",
        {
          metadata: { namespace: nfs },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } },
        },
        own,
      );
      const provisionerName = "example.com/shared";
      const server = helmRelease(
        "server",
        {
          chart: charts.nfsServerProvisioner,
          chartsFolder,
          namespace: nfs,
          values: {
            persistence: { existingClaim: disk.metadata.name },
            storageClass: { create: false, provisionerName },
          },
        },
        own,
      );
      const shared = new storage.v1.StorageClass(
        "shared",
        { metadata: { name: "shared" }, provisioner: provisionerName, mountOptions: ["vers=3"] },
        { provider, dependsOn: [server] },
      );
      const objects = namespace("minio");
      helmRelease(
        "minio",
        {
          chart: charts.minio,
          chartsFolder,
          namespace: objects,
          releaseName: "minio",
          values: {
            ...(drives === "one"
              ? {
                  mode: "standalone",
                  persistence: {
                    existingClaim: new core.v1.PersistentVolumeClaim(
                      "drive",
                      {
                        metadata: { namespace: objects },
                        spec: {
                          accessModes: ["ReadWriteOnce"],
                          resources: { requests: { storage: "1Gi" } },
                        },
                      },
                      own,
                    ).metadata.name,
                  },
                }
              : { mode: "distributed", persistence: { storageClass: "standard", size: "1Gi" } }),
            existingSecret: "keys",
            resources: { requests: { memory: "512Mi" } },
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        },
        own,
      );
      const operator = helmRelease(
        "operator",
        {
          chart: charts.knativeOperator,
          chartsFolder,
          namespace: namespace("knative-operator", "baseline"),
          values: {},
        },
        own,
      );
      const serving = customResource<{
        apiVersion: "operator.knative.dev/v1beta1";
        kind: "KnativeServing";
        spec: { version: string; config: Record<string, Record<string, string>> };
      }>(
        "serving",
        {
          apiVersion: "operator.knative.dev/v1beta1",
          kind: "KnativeServing",
          metadata: { name: "knative-serving", namespace: namespace("knative-serving") },
          spec: { version: "1.18.0", config: { features: { "kubernetes.podspec-fieldref": "enabled" } } },
          waitFor: "condition=Ready",
        },
        { provider, dependsOn: [operator] },
      );
      helmRelease(
        "metrics",
        { chart: charts.metricsServer, chartsFolder, namespace: "kube-system", values: { args: ["--v=2"] } },
        own,
      );
      const services = namespace("services", "privileged");
      if (!oscar) return {};
      const manager = helmRelease(
        "oscar",
        {
          chart: charts.oscar,
          chartsFolder,
          namespace: namespace("manager", "baseline"),
          releaseName: "oscar",
          values: {
            servicesNamespace: services,
            image: { tag: charts.oscar.version },
            minIO: { secretKey: secret('hush" hush: #') },
            service: { type: "ClusterIP" },
            volume: { storageClassName: className },
          },
          timeoutSeconds: className === "shared" ? 120 : 3,
        },
        { provider, dependsOn: [shared, serving] },
      );
      return { status: manager.status, resourceNames: manager.resourceNames };
    };
  const stack = (settings: Settings = {}) => sandbox.session.stack("stand-ins", program(settings));
  const changes = async (settings: Settings = {}) => changed((await (await stack(settings)).up()).changes);
  const claim = () =>
    sandbox.kubernetes.core.readNamespacedPersistentVolumeClaim({ namespace: "services", name: "oscar-pvc" });
  const volumes = async () =>
    (await sandbox.kubernetes.core.listPersistentVolume()).items.filter(
      ({ spec }) => spec?.nfs !== undefined,
    );
  const pods = async (namespace: string) =>
    (await sandbox.kubernetes.core.listNamespacedPod({ namespace })).items.map(({ status }) => status?.phase);

  it("come up with what is theirs", async () => {
    const { outputs } = await (await stack()).up();
    expect(outputs["status"]?.value).toMatchObject({ revision: 1, status: "deployed", version: "4.1.2" });
    expect(outputs["resourceNames"]?.value).toEqual({
      "ConfigMap/v1": ["manager/oscar-stand-in"],
      "Deployment.apps/apps/v1": ["oscar"],
      "Job.batch/batch/v1": ["services/populate-volume-job"],
      "PersistentVolumeClaim/v1": ["services/oscar-pvc"],
      "Secret/v1": ["services/minio"],
      "Service/v1": ["oscar"],
      "ServiceAccount/v1": ["oscar-sa"],
    });
    for (const namespace of ["manager", "minio", "nfs"]) expect(await pods(namespace)).toEqual(["Running"]);
    expect(await pods("knative-operator")).toEqual(["Running", "Running"]);
    expect(await pods("kube-system")).toEqual(["Running"]);
    const { data } = await sandbox.kubernetes.core.readNamespacedSecret({
      namespace: "services",
      name: "minio",
    });
    expect(Buffer.from(data?.["secretKey"] ?? "", "base64").toString()).toBe('hush" hush: #');
  });

  it("are filled in as Helm fills them in", async () => {
    const records = await sandbox.kubernetes.core.listSecretForAllNamespaces({ labelSelector: "owner=helm" });
    const byName = (objects: ReturnType<typeof parseManifest>) =>
      Object.fromEntries(
        objects.map((each) => [`${each["kind"]} ${textAt(each, "metadata", "name")}`, each]),
      );
    const made = records.items.map(({ data }) => {
      const text = Buffer.from(Buffer.from(data?.["release"] ?? "", "base64").toString(), "base64");
      const { name, namespace, chart, config, manifest } = JSON.parse(gunzipSync(text).toString());
      const expected = openChart(join(folder, chart.metadata.name), "").render({
        release: { name, namespace },
        values: config,
      });
      expect(byName(parseManifest(manifest))).toEqual(byName(expected));
      return chart.metadata.name;
    });
    expect(made.sort()).toEqual([
      "knative-operator",
      "metrics-server",
      "minio",
      "nfs-server-provisioner",
      "oscar",
    ]);
  });

  it("have volumes by a server that runs in the cluster", async () => {
    const { metadata, spec, status } = await claim();
    expect(status).toMatchObject({ phase: "Bound", accessModes: ["ReadWriteMany"] });
    const [volume, ...others] = await volumes();
    expect(others).toEqual([]);
    expect(volume).toMatchObject({
      metadata: {
        name: spec?.volumeName,
        annotations: { "pv.kubernetes.io/provisioned-by": "example.com/shared" },
      },
      spec: {
        claimRef: { uid: metadata?.uid },
        mountOptions: ["vers=3"],
        persistentVolumeReclaimPolicy: "Delete",
      },
    });
  });

  it("are left alone by a second up", async () => {
    expect(await changes()).toEqual({});
  });

  it("take another version of a chart, and keep its volume", async () => {
    const chartsFolder = join(sandbox.dir, "charts");
    cpSync(folder, chartsFolder, { recursive: true });
    const about = join(chartsFolder, "oscar/Chart.yaml");
    writeFileSync(about, readFileSync(about, "utf8").replace("4.1.2", "4.2.0"));
    const before = await claim();
    const { outputs } = await (await stack({ chartsFolder })).up();
    expect(outputs["status"]?.value).toMatchObject({ revision: 2, version: "4.2.0" });
    expect((await claim()).metadata?.uid).toBe(before.metadata?.uid);
    expect((await changes()).update).toBeGreaterThan(0);
  });

  it("go back to what they were where something cannot be changed", async () => {
    const before = await claim();
    await expect(changes({ className: "standard" })).rejects.toThrow(
      /rolled back due to atomic being set: cannot patch "oscar-pvc" with kind PersistentVolumeClaim: .*spec is immutable/s,
    );
    expect((await claim()).metadata?.uid).toBe(before.metadata?.uid);
    expect(await pods("manager")).toEqual(["Running"]);
    expect((await changes()).update).toBe(1);
  });

  it("have the drives that they are to have", async () => {
    await changes({ drives: "four" });
    const { items } = await sandbox.kubernetes.core.listNamespacedPersistentVolumeClaim({
      namespace: "minio",
    });
    expect(items.map(({ metadata, status }) => `${metadata?.name} ${status?.phase}`)).toEqual(
      [0, 1, 2, 3].map((index) => `export-${index}-minio-0 Bound`),
    );
    expect(await pods("minio")).toEqual(["Running"]);
  });

  it("take their volumes with them, and leave nothing where they do not come up", async () => {
    await changes({ drives: "four", oscar: false });
    await expect.poll(volumes, { timeout: 20_000 }).toEqual([]);
    await expect(changes({ drives: "four", className: "none" })).rejects.toThrow(
      "release oscar failed, and has been uninstalled due to atomic being set: context deadline exceeded",
    );
    const { items } = await sandbox.kubernetes.core.listNamespacedPersistentVolumeClaim({
      namespace: "services",
    });
    expect(items).toEqual([]);
    const kept = await sandbox.kubernetes.core.listSecretForAllNamespaces({
      labelSelector: "owner=helm,name=oscar",
    });
    expect(kept.items).toEqual([]);
  });

  it("go with the stack", async () => {
    await (await stack({ drives: "four", oscar: false })).destroy();
    // A volume goes after its claim.
    const { core: api } = sandbox.kubernetes;
    await expect.poll(async () => (await api.listPersistentVolume()).items, { timeout: 20_000 }).toEqual([]);
  });
});
