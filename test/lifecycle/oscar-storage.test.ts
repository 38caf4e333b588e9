import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretValue } from "../../infra/secrets";
import { providersHere, TestSandbox } from "../support/sandbox";

const there = {
  kind: "external",
  endpoint: "https://minio.acme.dev:9000",
  accessKey: "admin",
  secretKey: new SecretValue("no-administrator"),
};

/** A MinIO that is there already; whether it can be used is seen before OSCAR is there. */
describe.each(providersHere())("OSCAR with someone else's MinIO, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes });
  });
  afterAll(() => sandbox?.stop());

  const stack = (objectStorage: object) =>
    sandbox.stack({ "oscar.objectStorage": objectStorage }, sandbox.session, "oscar-local");
  const deployments = async (namespace: string) =>
    (await sandbox.kubernetes.apps.listNamespacedDeployment({ namespace })).items.length;

  it("fails before OSCAR is installed, where it has no rights there", async () => {
    // A client that ends as one without rights does: nothing runs in the sandbox by itself.
    const clientImage = "unpullable.invalid/mc:1.0.0";
    const up = (await stack({ ...there, clientImage })).up();
    const ended = up.then(
      () => true,
      () => true,
    );
    let over = false;
    void ended.then(() => (over = true));
    while (!over) {
      await failPodsOf(sandbox, clientImage);
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 500))]);
    }
    await expect(up).rejects.toThrow(/Job/);
    expect(await deployments("oscar")).toBe(0);
  });

  it("goes on where it has", async () => {
    const { outputs } = await (await stack(there)).up();
    expect(outputs["minioEndpoint"]?.value).toBe("https://minio.acme.dev:9000");
    expect(outputs["minioSecretKey"]).toEqual({ value: "no-administrator", secret: true });
    expect(await deployments("oscar")).toBe(1);
    expect(await deployments("minio")).toBe(0);
  });

  it("leaves it alone, and goes", async () => {
    await (await stack(there)).destroy();
    const { items } = await sandbox.kubernetes.core.listNamespace();
    expect(items.filter(({ metadata }) => /oscar|minio/.test(metadata?.name ?? ""))).toEqual([]);
  });
});

/** Pods change under our hands (their node plays on): a patch names no version, and so is not refused for that. */
async function failPodsOf({ kubernetes: { core } }: TestSandbox, image: string): Promise<void> {
  const { items } = await core.listPodForAllNamespaces();
  for (const { metadata: { name = "", namespace = "" } = {}, spec, status } of items) {
    if (spec?.containers[0]?.image !== image || status?.phase === "Failed") continue;
    const body = [{ op: "add", path: "/status/phase", value: "Failed" }];
    await core.patchNamespacedPodStatus({ name, namespace, body });
  }
}
