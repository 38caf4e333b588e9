import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gpuNode } from "../../sandbox/control-plane/cluster";
import { changed, providersHere, TestSandbox } from "../support/sandbox";

/** A volume for one node at a time, on a cluster of two, of which one has a GPU that is not there at first. */
describe.each(providersHere())("a training and a UI that share a node, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  const gpu = gpuNode.metadata?.name ?? "";
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes });
    const { labels = {}, annotations = {} } = gpuNode.metadata ?? {};
    const hostname = "kubernetes.io/hostname";
    const os = "kubernetes.io/os";
    const resources = { cpu: "8", memory: "32Gi", pods: "110", "ephemeral-storage": "100Gi" };
    await sandbox.kubernetes.core.createNode({
      body: {
        metadata: { name: "plain-0", annotations, labels: { [hostname]: "plain-0", [os]: labels[os] ?? "" } },
        status: { capacity: resources, allocatable: resources },
      },
    });
    await cordon(true);
  });
  afterAll(() => sandbox?.stop());

  const cordon = (unschedulable: boolean) =>
    sandbox.kubernetes.core.patchNode({
      name: gpu,
      body: [{ op: "add", path: "/spec/unschedulable", value: unschedulable }],
    });
  const pods = async () => {
    const { items } = await sandbox.kubernetes.core.listNamespacedPod({
      namespace: await sandbox.namespace(),
    });
    return items.map(({ metadata, spec }) => ({
      app: metadata?.labels?.["app.kubernetes.io/name"],
      node: spec?.nodeName,
    }));
  };
  const document = {
    "host.nodes": "many",
    "host.gpu": { nodeLabels: { "nvidia.com/gpu.present": "true" } },
    "training.wait": undefined,
  };
  const ui = { "ui.placement": "with-training", "ui.modelReady": "none" };

  it("waits with both for the node that has what the training needs", async () => {
    const up = (await sandbox.stack({ ...document, ...ui })).up();
    await expect.poll(pods, { timeout: 60_000, interval: 500 }).toHaveLength(2);
    expect((await pods()).map(({ node }) => node)).toEqual([undefined, undefined]);
    await cordon(false);
    await up;
    const placed = await pods();
    expect(placed.map(({ app }) => app).sort()).toEqual(["mnist-inference-deployment", "mnist-training-job"]);
    expect(new Set(placed.map(({ node }) => node))).toEqual(new Set([gpu]));
  });

  it("takes the UI away and brings it back, without training anew", async () => {
    const without = await (await sandbox.stack({ ...document, ui: undefined })).up();
    expect(Object.keys(changed(without.changes))).toEqual(["delete"]);
    const again = await (await sandbox.stack({ ...document, ...ui })).up();
    expect(Object.keys(changed(again.changes))).toEqual(["create"]);
  });
});
