import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programFor } from "../../sandbox/offline-program";
import { root } from "../../sandbox/project";
import { changed, editedEnvironment, providersHere, TestSandbox } from "../support/sandbox";

type Edits = Readonly<Record<string, unknown>>;

/** OSCAR put on a cluster, changed, upgraded and taken away, with services on it. Its charts are stand-ins, and its Manager is played. */
describe.each(providersHere())("OSCAR, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  let before: Inventory;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes, idleSeconds: 2 });
    before = await inventory(sandbox);
  });
  afterAll(() => sandbox?.stop());

  const local = (edits: Edits = {}) => sandbox.stack(edits, sandbox.session, "oscar-local");
  const up = async (edits: Edits = {}) => changed((await (await local(edits)).up()).changes);
  const claimOf = async (name: string, namespace: string) => {
    const { metadata, spec, status } = await sandbox.kubernetes.core.readNamespacedPersistentVolumeClaim({
      name,
      namespace,
    });
    return { uid: metadata?.uid, className: spec?.storageClassName, phase: status?.phase };
  };
  /** What OSCAR's Manager holds. */
  const played = async () => {
    const { configMaps, minio } = (await sandbox.oscar()).state;
    const services = [...configMaps.keys()].map((key) => key.slice(key.indexOf("/") + 1));
    return { services: services.sort(), buckets: [...minio.buckets.keys()].sort() };
  };
  const manager = () =>
    sandbox.kubernetes.apps.readNamespacedDeployment({ name: "oscar", namespace: "oscar" });

  it("comes up whole: the Manager, its storage, the volume that all its pods share", async () => {
    const { outputs } = await (await local()).up();
    expect(outputs["oscarEndpoint"]).toEqual({ value: "http://oscar.localhost", secret: false });
    expect(outputs["oscarUsername"]?.value).toBe("oscar");
    expect(outputs["oscarPassword"]?.secret).toBe(true);
    expect(outputs["minioSecretKey"]?.secret).toBe(true);
    expect((await manager()).status?.readyReplicas).toBe(1);
    expect(await claimOf("oscar-pvc", "oscar-svc")).toMatchObject({ className: "nfs", phase: "Bound" });
    const { services, buckets } = await played();
    expect(services).toEqual([
      "body-pose-detection",
      "body-pose-detection-async",
      "nginx",
      "plant-classification-sync",
      "plant-ui",
    ]);
    expect(Object.keys(outputs["services"]?.value).sort()).toEqual(services);
    expect(buckets).toEqual(["body-pose-detection", "body-pose-detection-async"]);
  });

  it("gives the Manager the passwords that it made, and no one else's", async () => {
    const { outputs } = await (await local()).up();
    const text = Buffer.from(
      (await sandbox.kubernetes.core.readNamespacedSecret({ name: "minio", namespace: "oscar-svc" })).data?.[
        "secretKey"
      ] ?? "",
      "base64",
    ).toString();
    expect(text).toBe(outputs["minioSecretKey"]?.value);
    expect(text).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(outputs["oscarPassword"]?.value).not.toBe(text);
  });

  it("changes nothing when it is brought up again, and has not drifted", async () => {
    expect(await up()).toEqual({});
    await (await local()).refresh({ expectNoChanges: true });
  });

  it("is refused beside another one in the same cluster", async () => {
    const other = await sandbox.session.stack(
      "oscar-other",
      programFor(() => editedEnvironment("oscar-local", { name: "other" }), sandbox.session.standIns),
    );
    await expect(other.up()).rejects.toThrow(/already exists/);
    await other.destroy();
    expect((await manager()).status?.readyReplicas).toBe(1);
  });

  it("is told of allowed images in place, and keeps what holds data", async () => {
    const claims = [await claimOf("oscar-pvc", "oscar-svc")];
    // Those of its services.
    const images = ["deephdc/", "nginx", "python"];
    const changes = await up({ "oscar.allowedImages": images });
    expect(changes).toEqual({ create: 1 });
    const { data } = await sandbox.kubernetes.core.readNamespacedConfigMap({
      name: "config.yaml",
      namespace: "oscar",
    });
    expect(data).toEqual({ allowed_image_repositories: JSON.stringify(images) });
    expect([await claimOf("oscar-pvc", "oscar-svc")]).toEqual(claims);
  });

  it("lets services' pods that ask for a GPU onto nodes with the taint of such, and no others", async () => {
    await up({ "host.gpu": {}, "oscar.tolerateGpuTaint": true });
    const gpu = { limits: { "nvidia.com/gpu": "1" } };
    const taint = { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" };
    const own = { key: "spot", operator: "Exists" };
    const tolerated = async (namespace: string, more: object) => {
      const spec = { containers: [{ name: "service", image: "service:1", ...more }], tolerations: [own] };
      const body = { metadata: { generateName: "service-" }, spec };
      const pod = await sandbox.kubernetes.core.createNamespacedPod({ namespace, body, dryRun: "All" });
      const tolerations = pod.spec?.tolerations ?? [];
      return tolerations.filter(({ key }) => !key?.startsWith("node.kubernetes.io/"));
    };
    // The API server takes a moment to know of a policy.
    await expect
      .poll(() => tolerated("oscar-svc", { resources: gpu }), { timeout: 20_000 })
      .toEqual([own, taint]);
    expect(await tolerated("oscar-svc", {})).toEqual([own]);
    expect(await tolerated("default", { resources: gpu })).toEqual([own]);
    expect(await up()).toEqual({ delete: 2 });
  });

  it("is upgraded in place: nothing that holds data is replaced", async () => {
    const charts = await chartsWith(sandbox, "oscar", "4.1.3");
    const { core } = sandbox.kubernetes;
    const volumes = async () =>
      (await core.listPersistentVolumeClaimForAllNamespaces()).items
        .map(({ metadata }) => metadata?.uid)
        .sort();
    const held = await volumes();
    // It goes by itself two minutes after it is done; until then no upgrade can change it.
    await sandbox.kubernetes.batch.deleteNamespacedJob({
      name: "populate-volume-job",
      namespace: "oscar-svc",
      propagationPolicy: "Background",
    });
    const { cluster } = sandbox.session.standIns;
    if (cluster === undefined) throw new Error("the sandbox has a cluster");
    const newer = await sandbox.session.stack(
      "oscar-local",
      programFor(() => editedEnvironment("oscar-local", { "oscar.version": "4.1.3" }), {
        ...sandbox.session.standIns,
        cluster: { ...cluster, chartsFolder: charts },
      }),
    );
    const { changes } = await newer.up();
    expect(changed(changes)["replace"]).toBeUndefined();
    const [container] = (await manager()).spec?.template.spec?.containers ?? [];
    expect(container?.image).toBe("ghcr.io/grycap/oscar:4.1.3");
    expect(await volumes()).toEqual(held);
  });

  it("goes and leaves nothing of it in the cluster but definitions", async () => {
    await (await local()).destroy();
    expect(await played()).toEqual({ services: [], buckets: [] });
    await expect.poll(() => inventory(sandbox), { timeout: 30_000 }).toEqual(before);
  });
});

/** What a stack could leave behind. */
interface Inventory {
  readonly [kind: string]: readonly (string | undefined)[];
}

async function inventory({
  kubernetes: { core, rbac, storage, admission },
}: TestSandbox): Promise<Inventory> {
  const lists = {
    namespaces: await core.listNamespace(),
    volumes: await core.listPersistentVolume(),
    classes: await storage.listStorageClass(),
    roles: await rbac.listClusterRole(),
    bindings: await rbac.listClusterRoleBinding(),
    webhooks: await admission.listValidatingWebhookConfiguration(),
  };
  return Object.fromEntries(
    Object.entries(lists).map(([kind, { items }]) => [
      kind,
      items.map(({ metadata }) => metadata?.name).sort(),
    ]),
  );
}

/** The stand-in charts, of which one has another version, as its publisher's next one. */
async function chartsWith({ dir }: TestSandbox, chart: string, version: string): Promise<string> {
  const charts = join(dir, `charts-${chart}-${version}`);
  await cp(join(root, "sandbox/charts"), charts, { recursive: true });
  const file = join(charts, chart, "Chart.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/^version: .*$/m, `version: ${version}`));
  return charts;
}
