import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OperationResult } from "../../sandbox/engine/stack";
import { changed, providersHere, TestSandbox } from "../support/sandbox";

/** The whole life of the `sandbox` stack on a real API server, with each Kubernetes provider that is here. */
describe.each(providersHere())("the sandbox stack, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  let first: OperationResult;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes });
  });
  afterAll(() => sandbox?.stop());

  const jobs = async () =>
    (await sandbox.kubernetes.batch.listNamespacedJob({ namespace: await sandbox.namespace() })).items;
  const claims = async () =>
    (
      await sandbox.kubernetes.core.listNamespacedPersistentVolumeClaim({
        namespace: await sandbox.namespace(),
      })
    ).items;
  const deployments = async () =>
    (await sandbox.kubernetes.apps.listNamespacedDeployment({ namespace: await sandbox.namespace() })).items;
  const only = <T>(items: T[]): T => {
    const [item] = items;
    if (items.length !== 1 || item === undefined) throw new Error(`expected one, found ${items.length}`);
    return item;
  };

  it("previews only creations", async () => {
    const { code, digest } = await (await sandbox.stack()).preview();
    expect(code).toBe(0);
    expect(Object.keys(digest.changeSummary ?? {})).toEqual(["create"]);
  });

  it("comes up: the Job is complete on a GPU node, the UI is ready, the volume is bound", async () => {
    first = await (await sandbox.stack()).up();
    expect(Object.keys(first.changes)).toEqual(["create"]);
    expect(only(await jobs()).status?.succeeded).toBe(1);
    expect(only(await jobs()).spec?.template.spec?.containers[0]?.resources?.limits?.["nvidia.com/gpu"]).toBe(
      "1",
    );
    expect(only(await deployments()).status?.readyReplicas).toBe(1);
    expect(only(await claims()).status?.phase).toBe("Bound");
    const { core } = sandbox.kubernetes;
    const service = await core.readNamespacedService({
      namespace: await sandbox.namespace(),
      name: "mnist-inference-service",
    });
    expect(service.spec?.ports?.[0]?.targetPort).toBe("web");
    expect(first.outputs["uiAddress"]?.value).toMatch(/^https?:\/\//);
  });

  it("changes nothing the second time", async () => {
    expect(changed((await (await sandbox.stack()).up()).changes)).toEqual({});
  });

  it("finds no drift", async () => {
    expect(changed(await (await sandbox.stack()).refresh({ expectNoChanges: true }))).toEqual({});
  });

  it("rolls a new UI image out in place", async () => {
    const before = only(await deployments()).metadata?.uid;
    const { changes } = await (
      await sandbox.stack({ "ui.image": "placeholder.invalid/mnist-ui:0.2.0" })
    ).up();
    expect(changed(changes)).toEqual({ update: 1 });
    const after = only(await deployments());
    expect(after.metadata?.uid).toBe(before);
    expect(after.spec?.template.spec?.containers[0]?.image).toBe("placeholder.invalid/mnist-ui:0.2.0");
    expect(after.status?.readyReplicas).toBe(1);
  });

  const current: Record<string, unknown> = { "ui.image": "placeholder.invalid/mnist-ui:0.2.0" };

  it("replaces the Job for a new training image, and leaves the volume alone", async () => {
    const [job, claim] = [only(await jobs()).metadata?.uid, only(await claims()).metadata?.uid];
    const trainedBefore = only(await deployments()).spec?.template.metadata?.annotations?.[
      "inference-infra/training"
    ];
    current["training.image"] = "placeholder.invalid/mnist-trainer:0.2.0";
    const { changes } = await (await sandbox.stack(current)).up();
    expect(changes["replace"]).toBe(1);
    expect(only(await jobs()).metadata?.uid).not.toBe(job);
    expect(only(await jobs()).status?.succeeded).toBe(1);
    expect(only(await claims()).metadata?.uid).toBe(claim);
    // The UI's pods start anew, and load the new model.
    expect(changes["update"]).toBe(1);
    const { annotations } = only(await deployments()).spec?.template.metadata ?? {};
    expect(annotations?.["inference-infra/training"]).not.toBe(trainedBefore);
  });

  it("trains again for a new runId", async () => {
    const job = only(await jobs()).metadata?.uid;
    current["training.runId"] = "second";
    const { changes } = await (await sandbox.stack(current)).up();
    expect(changes["replace"]).toBe(1);
    expect(only(await jobs()).metadata?.uid).not.toBe(job);
  });

  it("makes the volume larger in place", async () => {
    const claim = only(await claims()).metadata?.uid;
    current["modelVolume.size"] = "20Gi";
    const { changes } = await (await sandbox.stack(current)).up();
    expect(changed(changes)).toEqual({ update: 1 });
    const after = only(await claims());
    expect(after.metadata?.uid).toBe(claim);
    expect(after.spec?.resources?.requests?.["storage"]).toBe("20Gi");
    await expect
      .poll(async () => only(await claims()).status?.capacity?.["storage"], { timeout: 20_000 })
      .toBe("20Gi");
  });

  it("finds an object that someone edited, and sets it right", async () => {
    const namespace = await sandbox.namespace();
    const name = only(await deployments()).metadata?.name ?? "";
    // As `kubectl edit` does it.
    await sandbox.kubernetes.apps.patchNamespacedDeployment({
      namespace,
      name,
      body: [
        {
          op: "replace",
          path: "/spec/template/spec/containers/0/image",
          value: "placeholder.invalid/not-ours:6.6.6",
        },
      ],
      fieldManager: "kubectl-edit",
    });
    const stack = await sandbox.stack(current);
    expect(changed(await stack.refresh())).toEqual({ update: 1 });
    expect(changed((await stack.up()).changes)).toEqual({ update: 1 });
    expect(only(await deployments()).spec?.template.spec?.containers[0]?.image).toBe(
      "placeholder.invalid/mnist-ui:0.2.0",
    );
  });

  it("makes an object again that someone deleted", async () => {
    const namespace = await sandbox.namespace();
    await sandbox.kubernetes.core.deleteNamespacedService({ namespace, name: "mnist-inference-service" });
    const stack = await sandbox.stack(current);
    expect(changed(await stack.refresh())).toEqual({ delete: 1 });
    await stack.up();
    await sandbox.kubernetes.core.readNamespacedService({ namespace, name: "mnist-inference-service" });
    expect(changed((await stack.up()).changes)).toEqual({});
  });

  it("leaves nothing in the cluster when it goes", async () => {
    const namespace = await sandbox.namespace();
    await (await sandbox.stack(current)).destroy();
    await expect(sandbox.kubernetes.core.readNamespace({ name: namespace })).rejects.toMatchObject({
      code: 404,
    });
    const volumes = (await sandbox.kubernetes.core.listPersistentVolume()).items;
    expect(
      volumes.filter(
        ({ spec }) =>
          spec?.claimRef?.namespace === namespace && spec.persistentVolumeReclaimPolicy === "Retain",
      ),
    ).toEqual([]);
    const exported = JSON.parse((await (await sandbox.stack(current)).pulumi(["stack", "export"])).stdout);
    expect(exported.deployment.resources ?? []).toEqual([]);
  });
});
