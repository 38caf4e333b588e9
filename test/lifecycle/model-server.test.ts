import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretValue } from "../../infra/secrets";
import { changed, providersHere, TestSandbox } from "../support/sandbox";

type Edits = Readonly<Record<string, unknown>>;

const stable = "7251ac3655934299aad4cfebf5ffddbe";
const next = "0c1d2e3f4a5b46978899aabbccddeeff";
const alone = { training: undefined, modelVolume: undefined, "ui.modelServer": true };

/** On GKE the bucket is mounted; elsewhere each pod copies the model. A UI is told of the server, at the same gateway. */
const hosts = [
  {
    name: "gke-dev",
    host: "api.dev.example.com",
    tls: { kind: "google-managed" },
    model: { kind: "gcs-fuse", bucket: "mnist-artifacts" },
    ofGoogle: 1,
  },
  {
    name: "sandbox",
    host: "api.localhost",
    tls: { kind: "self-signed" },
    model: {
      kind: "copy",
      size: "1Gi",
      source: {
        kind: "minio",
        bucket: "mnist-artifacts",
        endpoint: "http://minio.minio:9000",
        credentials: { kind: "given", accessKeyId: "mnist", secretAccessKey: new SecretValue("s3cret") },
      },
    },
    ofGoogle: 0,
  },
];

interface Route {
  readonly spec: {
    readonly hostnames: readonly string[];
    readonly rules: readonly { readonly backendRefs?: readonly { name: string; weight?: number }[] }[];
  };
}

describe.each(providersHere().flatMap((kubernetes) => hosts.map((each) => ({ ...each, kubernetes }))))(
  "a model server on $name, $kubernetes provider",
  ({ name, host, tls, model, kubernetes, ofGoogle }) => {
    let sandbox: TestSandbox;
    beforeAll(async () => {
      sandbox = await TestSandbox.start({ kubernetes, idleSeconds: 60 });
    });
    afterAll(() => sandbox?.stop());

    const edits = (runId: string, canary?: object): Edits => ({
      ...alone,
      modelServer: {
        image: "placeholder.invalid/mnist-fastapi:0.1.0",
        model: { ...model, runId },
        resources: { cpu: "500m", memory: "1Gi" },
        exposure: { kind: "gateway" },
        host,
        tls,
        ...(canary && { canary }),
      },
    });
    const stack = (runId = stable, canary?: object) =>
      sandbox.stack(edits(runId, canary), sandbox.session, name);
    const up = async (runId?: string, canary?: object) =>
      changed((await (await stack(runId, canary)).up()).changes);
    /** Which runs have pods, by the Deployment's ReplicaSets: `{[run]: pods}`. */
    const served = async () => {
      const { items } = await sandbox.kubernetes.apps.listNamespacedReplicaSet({
        namespace: await sandbox.namespace(),
      });
      const pods: Record<string, number> = {};
      for (const { spec, status } of items) {
        const env = spec?.template?.spec?.containers[0]?.env ?? [];
        const run = env.find((each) => each.name === "PRED_MODEL_UUID")?.value;
        if (run !== undefined && (spec?.replicas ?? 0) > 0) pods[run] = status?.readyReplicas ?? 0;
      }
      return pods;
    };
    /** What the gateway leads to by the server's name: `mnist-model-server-service 90`, and 1 where no one else gets any. */
    const backends = async () => {
      const config = new KubeConfig();
      config.loadFromFile(sandbox.session.controlPlane.kubeconfig);
      const kind = { group: "gateway.networking.k8s.io", version: "v1", plural: "httproutes" };
      const found: { items: Route[] } = await config
        .makeApiClient(CustomObjectsApi)
        .listCustomObjectForAllNamespaces(kind);
      return found.items
        .filter(({ spec }) => spec.hostnames.includes(host))
        .flatMap(({ spec }) => spec.rules.flatMap(({ backendRefs = [] }) => backendRefs))
        .map(({ name: service, weight }) => `${service} ${weight ?? 1}`);
    };

    it("comes up, and the UI beside it knows where it is", async () => {
      await up();
      const namespace = await sandbox.namespace();
      expect(await served()).toEqual({ [stable]: 1 });
      const outputs = await (await stack()).outputs();
      expect(outputs["modelServerUrl"]?.value).toBe(`http://mnist-model-server-service.${namespace}:8080`);
      expect(outputs["modelServerAddress"]?.value).toBe(`https://${host}`);
      const { items } = await sandbox.kubernetes.apps.listNamespacedDeployment({ namespace });
      const ui = items.find(({ metadata }) => metadata?.name?.includes("-inference-"));
      expect(ui?.spec?.template.spec?.containers[0]?.env).toContainEqual({
        name: "MODEL_SERVER_URL",
        value: outputs["modelServerUrl"]?.value,
      });
      expect(await backends()).toEqual(["mnist-model-server-service 1"]);
      const { resources } = await sandbox.session.project.read();
      const granted = Object.values(resources).filter(({ type }) => type.endsWith(":BucketIAMMember"));
      expect(granted).toHaveLength(ofGoogle);
    });

    it("changes nothing when it is brought up again, and has not drifted", async () => {
      expect(await up()).toEqual({});
      await (await stack()).refresh({ expectNoChanges: true });
    });

    it("tries the next run on 10 of 100 requests, beside the one that serves", async () => {
      expect(Object.keys(await up(stable, { runId: next, weight: 10 })).sort()).toEqual(["create", "update"]);
      expect(await backends()).toEqual([
        "mnist-model-server-service 90",
        "mnist-model-server-canary-service 10",
      ]);
      expect(await served()).toEqual({ [stable]: 1, [next]: 1 });
    });

    it("rolls the next run out, with the trial at its end", async () => {
      expect(Object.keys(await up(next)).sort()).toEqual(["delete", "update"]);
      expect(await backends()).toEqual(["mnist-model-server-service 1"]);
      await expect.poll(served, { timeout: 20_000, interval: 250 }).toEqual({ [next]: 1 });
    });

    it("rolls back in place, and the newer pods go", async () => {
      expect(await up()).toEqual({ update: 1 });
      await expect.poll(served, { timeout: 20_000, interval: 250 }).toEqual({ [stable]: 1 });
    });

    it("leaves nothing", async () => {
      const namespace = await sandbox.namespace();
      await (await stack()).destroy();
      const { core } = sandbox.kubernetes;
      const left = (await core.listNamespace()).items.map(({ metadata }) => metadata?.name);
      expect(left).not.toContain(namespace);
      const { resources } = await sandbox.session.project.read();
      expect(Object.values(resources).filter(({ type }) => !type.endsWith(":Service"))).toEqual([]);
    });
  },
);
