import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changed, providersHere, TestSandbox } from "../support/sandbox";

/** OSCAR on a cluster of the simulated Google Cloud: its names, its certificates, its volumes on Filestore. */
describe.each(providersHere())("OSCAR on GKE, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes, idleSeconds: 2 });
  });
  afterAll(() => sandbox?.stop());

  const stack = () => sandbox.stack({}, sandbox.session, "oscar-gke");
  const made = async (kind: string) =>
    Object.values((await sandbox.session.project.read()).resources).filter(({ type }) =>
      type.endsWith(`:${kind}`),
    );
  const list = async <T>(group: string, plural: string): Promise<readonly T[]> => {
    const config = new KubeConfig();
    config.loadFromFile(sandbox.session.controlPlane.kubeconfig);
    const found: { readonly items: readonly T[] } = await config
      .makeApiClient(CustomObjectsApi)
      .listCustomObjectForAllNamespaces({ group, version: "v1", plural });
    return found.items;
  };

  it("comes up under its names, at the address that is reserved for Traefik", async () => {
    const { outputs } = await (await stack()).up();
    expect(outputs["oscarEndpoint"]?.value).toBe("https://api.oscar.example.com");
    expect(outputs["minioEndpoint"]?.value).toBe("https://minio.oscar.example.com");
    const [address] = await made("Address");
    const records = (await made("RecordSet")).filter(({ state }) => state["type"] === "A");
    expect(records.map(({ state }) => [state["name"], state["rrdatas"]]).sort()).toEqual(
      ["api", "console", "minio"].map((name) => [`${name}.oscar.example.com.`, [address?.state["address"]]]),
    );
  });

  it("has Traefik's gateway, with a certificate for each name, and none of Google's", async () => {
    const [gateway, ...more] = await list<Gateway>("gateway.networking.k8s.io", "gateways");
    expect(more).toEqual([]);
    expect(gateway?.spec.gatewayClassName).toBe("traefik");
    const secured = gateway?.spec.listeners.filter(({ protocol }) => protocol === "HTTPS") ?? [];
    expect(secured.map(({ hostname }) => hostname).sort()).toEqual(
      ["api", "console", "minio"].map((name) => `${name}.oscar.example.com`),
    );
    expect(secured.map(({ allowedRoutes }) => allowedRoutes?.namespaces?.from)).toEqual([
      "All",
      "All",
      "All",
    ]);
    const [cluster] = await made("Cluster");
    expect(cluster?.state["gatewayApiConfig"]).toEqual({ channel: "CHANNEL_DISABLED" });
  });

  it("shares a volume on Filestore among all its pods", async () => {
    const claim = await sandbox.kubernetes.core.readNamespacedPersistentVolumeClaim({
      name: "oscar-pvc",
      namespace: "oscar-svc",
    });
    expect(claim.spec?.accessModes).toEqual(["ReadWriteMany"]);
    const { spec } = await sandbox.kubernetes.core.readPersistentVolume({
      name: claim.spec?.volumeName ?? "",
    });
    expect(spec?.csi?.driver).toBe("filestore.csi.storage.gke.io");
  });

  it("changes nothing when it is brought up again, and has not drifted", async () => {
    expect(changed((await (await stack()).up()).changes)).toEqual({});
    await (await stack()).refresh({ expectNoChanges: true });
  });

  it("goes, and leaves nothing in the project", async () => {
    await (await stack()).destroy();
    expect(Object.values((await sandbox.session.project.read()).resources).map(({ type }) => type)).toEqual(
      [],
    );
  });
});

interface Gateway {
  readonly spec: {
    readonly gatewayClassName: string;
    readonly listeners: readonly {
      readonly protocol: string;
      readonly hostname?: string;
      readonly allowedRoutes?: { readonly namespaces?: { readonly from?: string } };
    }[];
  };
}
