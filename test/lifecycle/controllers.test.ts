import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changed, providersHere, TestSandbox } from "../support/sandbox";

/** A cluster that has neither a gateway controller nor cert-manager gets both, by stand-ins for their charts. */
describe.each(providersHere())("a gateway that is installed, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes });
    // What this one only says is there, is in no one's way later.
    const before = await sandbox.stack();
    await before.up();
    await before.destroy();
  });
  afterAll(() => sandbox?.stop());

  it.each([
    [{ kind: "install", controller: "envoy-gateway" }, 2],
    [{ kind: "install", controller: "traefik", gatewayApi: "install" }, 1],
    [{ kind: "install", controller: "nginx-gateway-fabric" }, 1],
  ])(
    "%j: comes up, changes nothing the second time, has not drifted, and goes",
    async (gateway, replicas) => {
      const stack = () =>
        sandbox.stack({ "host.gateway": gateway, "host.certManager": "install", "ui.replicas": replicas });
      const { outputs } = await (await stack()).up();
      expect(outputs["uiAddress"]?.value).toBe("https://mnist.localhost");
      expect(changed((await (await stack()).up()).changes)).toEqual({});
      await (await stack()).refresh({ expectNoChanges: true });
      await (await stack()).destroy();
      const { items } = await sandbox.kubernetes.core.listNamespace();
      const own = ["default", "kube-node-lease", "kube-public", "kube-system"];
      expect(items.map(({ metadata }) => metadata?.name)).toEqual(own);
    },
  );
});
