import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changed, providersHere, TestSandbox } from "../support/sandbox";

/** What becomes of a UI by itself as its document changes. */
describe.each(providersHere())("a UI without a model, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes });
  });
  afterAll(() => sandbox?.stop());

  const document: Record<string, unknown> = { training: undefined, modelVolume: undefined };
  const up = async (edits: Record<string, unknown>) => {
    Object.assign(document, edits);
    return changed((await (await sandbox.stack(document)).up()).changes);
  };
  const deployment = async () => {
    const { items } = await sandbox.kubernetes.apps.listNamespacedDeployment({
      namespace: await sandbox.namespace(),
    });
    return items[0]?.spec;
  };

  it("comes up, and takes a new image", async () => {
    expect(Object.keys(await up({ "ui.replicas": 3 }))).toEqual(["create"]);
    expect(await up({ "ui.image": "placeholder.invalid/mnist-ui:0.2.0" })).toEqual({ update: 1 });
    expect((await deployment())?.strategy).toEqual({
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
    });
  });

  it("keeps its pods when an autoscaler takes them over, and leaves them to it", async () => {
    expect(await up({ "ui.replicas": { min: 3, max: 5, cpuPercent: 70 } })).toEqual({ create: 1 });
    expect((await deployment())?.replicas).toBe(3);
    await sandbox.kubernetes.apps.patchNamespacedDeployment({
      name: (await sandbox.kubernetes.apps.listDeploymentForAllNamespaces()).items[0]?.metadata?.name ?? "",
      namespace: await sandbox.namespace(),
      body: [{ op: "replace", path: "/spec/replicas", value: 4 }],
      fieldManager: "autoscaler",
    });
    expect(await up({ "ui.image": "placeholder.invalid/mnist-ui:0.3.0" })).toEqual({ update: 1 });
    expect((await deployment())?.replicas).toBe(4);
  });

  it("gets a GPU, which the old pod must give back first", async () => {
    // The autoscaler still owns the number of pods when it is gone.
    expect(Object.keys(await up({ "ui.replicas": 1, "ui.gpu": { count: 1 } })).sort()).toEqual([
      "delete",
      "update",
    ]);
    expect((await deployment())?.replicas).toBe(1);
    expect((await deployment())?.strategy).toEqual({ type: "Recreate" });
  });
});
