import { afterEach, describe, expect, it } from "vitest";
import { changed, providersHere, TestSandbox } from "../support/sandbox";

const stackName = "gke-dev";
const patient = { timeout: 30_000, interval: 250 };

/** What GKE makes by itself when pods ask for it: pools for compute classes, volumes on Filestore. */
describe.each(providersHere())("a GKE cluster, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  afterEach(() => sandbox?.stop());

  const start = async (edits: Readonly<Record<string, unknown>>) => {
    sandbox = await TestSandbox.start({ kubernetes, idleSeconds: 2 });
    const stack = () => sandbox.stack(edits, sandbox.session, stackName);
    return {
      up: async () => changed((await (await stack()).up()).changes),
      destroy: async () => (await stack()).destroy(),
    };
  };
  /** The training is done, and the UI is ready. */
  const served = async () => {
    const namespace = await sandbox.namespace();
    const { core, apps, batch } = sandbox.kubernetes;
    const [job] = (await batch.listNamespacedJob({ namespace })).items;
    expect(job?.status?.succeeded).toBe(1);
    const [ui] = (await apps.listNamespacedDeployment({ namespace })).items;
    expect(ui?.status?.readyReplicas).toBe(1);
    return { core, namespace };
  };

  it("makes a node by the first way of a compute class, and takes it away", async () => {
    const capacities = [{ kind: "on-demand" }, { kind: "spot" }];
    const { up, destroy } = await start({
      "host.computeClasses": [{ name: "any-l4", gpu: { type: "nvidia-l4" }, capacities }],
      "training.gpu": { count: 1, type: "any-l4" },
    });
    await up();
    const { core, namespace } = await served();
    const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: "reason=TriggeredScaleUp" });
    expect(items.map(({ message }) => message)).toEqual([
      "pod triggered scale-up: [{nap-any-l4-1-g2-standard-4 0->1 (max: 1000)}]",
    ]);
    const nodes = async () =>
      (await core.listNode({ labelSelector: "cloud.google.com/compute-class" })).items.length;
    await expect.poll(nodes, patient).toBe(0);
    expect(await up()).toEqual({});
    await destroy();
    expect((await core.listNode({ labelSelector: "cloud.google.com/gke-nodepool" })).items).toEqual([]);
  });

  it("makes a volume on Filestore for a claim, and deletes it with the claim", async () => {
    const { up, destroy } = await start({
      "host.filestore": { tier: "standard" },
      modelVolume: { kind: "claim", size: "100Gi", accessMode: "ReadWriteMany" },
    });
    await up();
    const { core, namespace } = await served();
    const volumes = async () => (await core.listPersistentVolume()).items;
    const [claim] = (await core.listNamespacedPersistentVolumeClaim({ namespace })).items;
    expect(await volumes()).toMatchObject([
      {
        metadata: { name: claim?.spec?.volumeName },
        spec: {
          accessModes: ["ReadWriteMany"],
          capacity: { storage: "100Gi" },
          csi: { driver: "filestore.csi.storage.gke.io" },
        },
        status: { phase: "Bound" },
      },
    ]);
    expect(await up()).toEqual({});
    await destroy();
    await expect.poll(volumes, patient).toEqual([]);
  });
});
