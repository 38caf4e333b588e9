import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { providersHere, TestSandbox } from "../support/sandbox";

/** Production keeps its data: Pulumi refuses to delete the volume, and where that is lifted, the cluster keeps it. */
describe.each(providersHere())("a production stack, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  let namespace: string;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes });
    await (await sandbox.stack({ tier: "production" })).up();
    namespace = await sandbox.namespace();
  });
  afterAll(() => sandbox?.stop());

  const stack = () => sandbox.stack({ tier: "production" });
  const claims = async () =>
    (await sandbox.kubernetes.core.listNamespacedPersistentVolumeClaim({ namespace })).items;

  it("is not taken down while the volume is protected", async () => {
    await expect((await stack()).destroy()).rejects.toThrow(
      /mnist-model-pvc.*protected|protected.*mnist-model-pvc/s,
    );
    expect(await claims()).toHaveLength(1);
    expect((await sandbox.kubernetes.apps.listNamespacedDeployment({ namespace })).items).toHaveLength(1);
  });

  it("is not moved to another, empty volume by a change of its class", async () => {
    const changed = await sandbox.stack({
      tier: "production",
      "modelVolume.storageClass": { name: "other", binding: "Immediate" },
    });
    await expect(changed.up()).rejects.toThrow(/marked for protection/);
    expect((await claims()).map(({ spec }) => spec?.storageClassName)).toEqual(["standard"]);
  });

  it("leaves the volume, its data and its namespace where the protection was lifted, and nothing else", async () => {
    const unprotected = await stack();
    await unprotected.pulumi(["state", "unprotect", "--all", "--yes"]);
    await unprotected.destroy();
    expect((await claims()).map(({ status }) => status?.phase)).toEqual(["Bound"]);
    const { apps, batch, core, networking } = sandbox.kubernetes;
    const left = await Promise.all([
      apps.listNamespacedDeployment({ namespace }),
      batch.listNamespacedJob({ namespace }),
      core.listNamespacedService({ namespace }),
      core.listNamespacedSecret({ namespace }),
      networking.listNamespacedIngress({ namespace }),
      networking.listNamespacedNetworkPolicy({ namespace }),
    ]);
    expect(left.map(({ items }) => items.map(({ metadata }) => metadata?.name))).toEqual([
      [],
      [],
      [],
      [],
      [],
      [],
    ]);
  });
});
