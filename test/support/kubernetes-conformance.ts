import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret, serve, unknown, type Properties, type ProviderServer } from "../../provider";
import type { ObjectStore } from "../../sandbox/clouds";
import { KubernetesProvider } from "../../sandbox/clouds/kubernetes/provider";
import { KubernetesDriver } from "./kubernetes-driver";
import { ProviderClient, type Known } from "./provider-client";

/** Where the suite runs: a store, and a namespace in it that is the suite's own. */
export interface ConformanceCluster {
  readonly store: ObjectStore;
  readonly namespace: string;
  close(): Promise<void>;
}

const configMap = "kubernetes:core/v1:ConfigMap";
const deployment = "kubernetes:apps/v1:Deployment";
const secret = "kubernetes:core/v1:Secret";

/**
 * What the simulated Kubernetes provider has to do, by Pulumi's provider protocol: the behaviours that the genuine
 * provider's own tests name (tests/sdk/nodejs: autonaming, server-side apply, drift, ignoreChanges, …).
 */
export function kubernetesConformance(name: string, open: () => Promise<ConformanceCluster>): void {
  describe(`the simulated Kubernetes provider on ${name}`, () => {
    let cluster: ConformanceCluster;
    let server: ProviderServer;
    let client: ProviderClient;
    let driver: KubernetesDriver;
    beforeAll(async () => {
      cluster = await open();
      server = await serve(() => new KubernetesProvider(cluster.store, "4.0.0"));
      client = new ProviderClient(server.port);
      await client.handshake();
      await client.configure({ namespace: cluster.namespace });
      driver = new KubernetesDriver(client);
    });
    afterAll(async () => {
      client?.close();
      await server?.close();
      await cluster?.close();
    });

    const object = (apiVersion: string, kind: string, rest: Properties = {}): Properties => ({
      apiVersion,
      kind,
      ...rest,
    });
    const config = (data: Properties, metadata: Properties = {}) =>
      object("v1", "ConfigMap", { metadata, data });
    const web = (container: Properties = {}, metadata: Properties = {}) =>
      object("apps/v1", "Deployment", {
        // What is tested is the object, not its pods: they may have no node to run on.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          selector: { matchLabels: { app: "web" } },
          template: {
            metadata: { labels: { app: "web" } },
            spec: { containers: [{ name: "web", image: "registry.invalid/web:1", ...container }] },
          },
        },
      });
    const live = async (known: Known, apiVersion: string, kind: string) => {
      const [namespace = "", objectName = ""] = known.id.split("/");
      const found = await cluster.store.get({ apiVersion, kind, namespace, name: objectName });
      if (found === undefined) throw new Error(`${kind} ${known.id} is not there`);
      return JSON.parse(JSON.stringify(found));
    };
    /** As `kubectl edit` does it. */
    const edit = async (
      known: Known,
      apiVersion: string,
      kind: string,
      path: string,
      value: string | number,
    ) => {
      const [namespace = "", objectName = ""] = known.id.split("/");
      await cluster.store.patch(
        { apiVersion, kind, namespace, name: objectName },
        [{ op: "add", path, value }],
        { fieldManager: "kubectl-edit" },
      );
    };

    describe("names", () => {
      it("makes one of the logical name and eight hex digits, and keeps it", async () => {
        const inputs = await driver.check(configMap, config({ a: "1" }), undefined, {
          name: "settings",
          seed: [0x12, 0x34, 0xab, 0xcd, 0xff],
        });
        expect(inputs).toEqual({
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: {
            name: "settings-1234abcd",
            namespace: cluster.namespace,
            annotations: { "pulumi.com/autonamed": "true" },
          },
          data: { a: "1" },
        });
        const again = await client.check(configMap, config({ a: "2" }), {
          oldInputs: inputs,
          name: "settings",
        });
        expect(again.inputs["metadata"]).toEqual(inputs["metadata"]);
      });

      it("keeps a name that was given, and drops it when it is not given any more", async () => {
        const named = await driver.check(configMap, config({}, { name: "mine" }));
        expect(named["metadata"]).toEqual({ name: "mine", namespace: cluster.namespace });
        const { inputs } = await client.check(configMap, config({}), {
          oldInputs: named,
          seed: [1, 2, 3, 4],
        });
        expect(inputs["metadata"]).toMatchObject({ name: "it-01020304" });
      });

      it("follows the engine's own naming", async () => {
        const proposed = await driver.check(configMap, config({}), undefined, {
          autonaming: { mode: "ENFORCE", name: "as-configured" },
        });
        expect(proposed["metadata"]).toMatchObject({ name: "as-configured" });
        const disabled = await client.check(configMap, config({}), { autonaming: { mode: "DISABLE" } });
        expect(disabled.failures).toEqual([
          "metadata.name: a name is needed: automatic naming is switched off",
        ]);
      });

      it("gives an object of the cluster no namespace", async () => {
        const inputs = await driver.check("kubernetes:core/v1:Namespace", object("v1", "Namespace"));
        expect(inputs["metadata"]).not.toHaveProperty("namespace");
      });
    });

    describe("an up without changes", () => {
      it.each<[string, string, Properties]>([
        [
          "quantities that are written otherwise",
          deployment,
          web({ resources: { limits: { cpu: "1000m", memory: "1024Mi" }, requests: { cpu: 1 } } }),
        ],
        ["what is empty", deployment, web({ env: [{ name: "EMPTY", value: "" }], args: [], resources: {} })],
        ["an empty map of data", configMap, config({})],
        ["base64 with newlines", secret, object("v1", "Secret", { data: { key: "c2VjcmV0\nLXRleHQ=\n" } })],
        [
          "a Secret given as text",
          secret,
          object("v1", "Secret", { stringData: { key: "line one\nline two\n" } }),
        ],
        [
          "a Service",
          "kubernetes:core/v1:Service",
          object("v1", "Service", {
            metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
            spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
          }),
        ],
        ["null, which is nothing", configMap, config({ a: "1" }, { labels: null })],
      ])("sees none in %s, nor does a refresh", async (_, type, program) => {
        const { known } = await driver.up(type, program);
        expect((await driver.up(type, program, known)).step).toBe("same");
        const read = await client.read(type, known);
        expect(read?.inputs).toEqual(known.inputs);
        if (read === undefined) throw new Error("it is gone");
        expect((await driver.up(type, program, read)).step).toBe("same");
        await client.delete(type, known);
      });
    });

    describe("a change", () => {
      it("of an image is rolled out in place, under the manager that made it", async () => {
        const { known } = await driver.up(deployment, web());
        const { step, known: after } = await driver.up(
          deployment,
          web({ image: "registry.invalid/web:2" }),
          known,
        );
        expect(step).toBe("update");
        expect(after.id).toBe(known.id);
        expect((await live(after, "apps/v1", "Deployment")).spec.template.spec.containers[0].image).toBe(
          "registry.invalid/web:2",
        );
        expect(after.state["__fieldManager"]).toBe(known.state["__fieldManager"]);
        await client.delete(deployment, after);
      });

      it("takes away what is not asked for any more, and leaves alone what others set", async () => {
        const labelled = (labels: Properties) => web({}, { name: "shared", labels });
        const { known } = await driver.up(deployment, labelled({ keep: "1", drop: "1" }));
        await cluster.store.patch(
          { apiVersion: "apps/v1", kind: "Deployment", namespace: cluster.namespace, name: "shared" },
          [{ op: "add", path: "/metadata/labels/theirs", value: "1" }],
          { fieldManager: "someone-else" },
        );
        const { known: after } = await driver.up(deployment, labelled({ keep: "2" }), known);
        expect((await live(after, "apps/v1", "Deployment")).metadata.labels).toEqual({
          keep: "2",
          theirs: "1",
        });
        await client.delete(deployment, after);
      });

      it("from nothing to nothing-like (replicas: 0) is a change", async () => {
        const { known } = await driver.up(deployment, web());
        const scaled = { ...web(), spec: { ...(web()["spec"] as Properties), replicas: 0 } };
        const { step, known: after } = await driver.up(deployment, scaled, known);
        expect(step).toBe("update");
        expect((await live(after, "apps/v1", "Deployment")).spec.replicas).toBe(0);
        await client.delete(deployment, after);
      });

      it("is not made where it is to be ignored", async () => {
        const { known } = await driver.up(deployment, web());
        await edit(known, "apps/v1", "Deployment", "/spec/replicas", 3);
        const two = { ...web(), spec: { ...(web()["spec"] as Properties), replicas: 2 } };
        const ignoring = { ignoreChanges: ["spec.replicas"] };
        expect((await driver.up(deployment, two, known, ignoring)).step).toBe("same");
        await client.delete(deployment, known);
      });

      it("of a ConfigMap makes another one beside it, as its users are to roll", async () => {
        const { known } = await driver.up(configMap, config({ a: "1" }));
        const diff = await client.diff(
          configMap,
          known,
          await driver.check(configMap, config({ a: "2" }), known),
        );
        expect(diff).toEqual({
          changes: true,
          replaces: ["data.a"],
          deleteBeforeReplace: false,
          detailed: { "data.a": "UPDATE_REPLACE" },
        });
        const { step, known: after } = await driver.up(configMap, config({ a: "2" }), known);
        expect(step).toBe("replace");
        expect(after.id).not.toBe(known.id);
        expect(await client.read(configMap, known)).toBeUndefined();
        await client.delete(configMap, after);
      });

      it("of a ConfigMap with a name of its own has to delete the old one first", async () => {
        const { known } = await driver.up(configMap, config({ a: "1" }, { name: "fixed" }));
        const program = config({ a: "2" }, { name: "fixed" });
        const diff = await client.diff(configMap, known, await driver.check(configMap, program, known));
        expect(diff).toMatchObject({ replaces: ["data.a"], deleteBeforeReplace: true });
        const { known: after } = await driver.up(configMap, program, known);
        expect((await live(after, "v1", "ConfigMap")).data).toEqual({ a: "2" });
        await client.delete(configMap, after);
      });
    });

    describe("what others did", () => {
      it("is found by a refresh and set right by the next up", async () => {
        const { known } = await driver.up(deployment, web());
        await edit(
          known,
          "apps/v1",
          "Deployment",
          "/spec/template/spec/containers/0/image",
          "registry.invalid/web:evil",
        );
        const read = await client.read(deployment, known);
        if (read === undefined) throw new Error("it is gone");
        expect(JSON.stringify(read.inputs)).toContain("registry.invalid/web:evil");
        const { step, known: after } = await driver.up(deployment, web(), read);
        expect(step).toBe("update");
        expect((await live(after, "apps/v1", "Deployment")).spec.template.spec.containers[0].image).toBe(
          "registry.invalid/web:1",
        );
        await client.delete(deployment, after);
      });

      it("is found where they deleted it: it is made again, and deleting it again is no fault", async () => {
        const { known } = await driver.up(configMap, config({ a: "1" }));
        await client.delete(configMap, known);
        expect(await client.read(configMap, known)).toBeUndefined();
        await client.delete(configMap, known);
      });

      it("does not count where our inputs do not speak of it", async () => {
        const { known } = await driver.up(deployment, web());
        await edit(known, "apps/v1", "Deployment", "/spec/replicas", 5);
        const read = await client.read(deployment, known);
        expect(read?.inputs).toEqual(known.inputs);
        await client.delete(deployment, known);
      });
    });

    describe("a create", () => {
      it("is not an upsert", async () => {
        const { known } = await driver.up(configMap, config({ a: "theirs" }, { name: "taken" }));
        await expect(
          client.create(configMap, await driver.check(configMap, config({ a: "ours" }, { name: "taken" }))),
        ).rejects.toMatchObject({
          details:
            `ConfigMap ${cluster.namespace}/taken: configmaps "taken" already exists; an object of that name is not ` +
            "this stack's: import it, or give another name",
        });
        expect((await live(known, "v1", "ConfigMap")).data).toEqual({ a: "theirs" });
        await client.delete(configMap, known);
      });

      it("in a preview leaves nothing behind", async () => {
        const inputs = await driver.check(configMap, config({ a: "1" }, { name: "foreseen" }));
        const { id, state } = await client.create(configMap, inputs, { preview: true });
        expect(id).toBe("");
        expect(state).toMatchObject({ data: { a: "1" }, metadata: { name: "foreseen" } });
        expect(state).not.toHaveProperty("status");
        expect(await client.read(configMap, { id: `${cluster.namespace}/foreseen`, inputs })).toBeUndefined();
      });

      it("of what is not known yet is foreseen as asked for", async () => {
        const inputs = await driver.check(
          configMap,
          config({ a: unknown, b: new Secret("s") }, { name: "unknown" }),
        );
        expect((await client.create(configMap, inputs, { preview: true })).state).toEqual(inputs);
      });

      it("is adopted by an import without a difference, where only its making was noted", async () => {
        const { known } = await driver.up(configMap, config({ a: "1" }, { labels: { app: "web" } }));
        const imported = await client.read(configMap, { id: known.id });
        if (imported === undefined) throw new Error("it is gone");
        expect(imported.inputs).toEqual(known.inputs);
        expect(imported.state["__fieldManager"]).toBe(known.state["__fieldManager"]);
        expect(
          (await driver.up(configMap, config({ a: "1" }, { labels: { app: "web" } }), imported)).step,
        ).toBe("same");
        await client.delete(configMap, known);
      });
    });

    describe("secrets", () => {
      it("are what a Secret holds, whoever says so", async () => {
        const { known } = await driver.up(
          secret,
          object("v1", "Secret", { stringData: { password: "canary" } }),
        );
        const encoded = { password: Buffer.from("canary").toString("base64") };
        expect(known.inputs["data"]).toEqual(new Secret(encoded));
        expect(known.state["data"]).toEqual(new Secret(encoded));
        expect(known.inputs).not.toHaveProperty("stringData");
        const imported = await client.read(secret, { id: known.id });
        expect(imported?.state["data"]).toEqual(new Secret(encoded));
        expect(imported?.inputs["data"]).toEqual(new Secret(encoded));
        await client.delete(secret, known);
      });

      it("stay secret in the state where the inputs have them", async () => {
        const { known } = await driver.up(configMap, config({ open: "1", closed: new Secret("canary") }));
        expect(known.state["data"]).toEqual({ open: "1", closed: new Secret("canary") });
        const read = await client.read(configMap, known);
        expect(read?.inputs["data"]).toEqual({ open: "1", closed: new Secret("canary") });
        await client.delete(configMap, known);
      });
    });

    describe("a check", () => {
      it.each<[string, Properties, string]>([
        [
          "kubernetes:core/v1:ConfigMapPatch",
          object("v1", "ConfigMap"),
          ": the simulated Kubernetes provider has no kubernetes:core/v1:ConfigMapPatch; use the genuine one (--kubernetes genuine)",
        ],
        [
          "kubernetes:apps/v1:DeploymentList",
          object("apps/v1", "DeploymentList"),
          ": the simulated Kubernetes provider has no kubernetes:apps/v1:DeploymentList; use the genuine one (--kubernetes genuine)",
        ],
        [
          configMap,
          config({}, { generateName: "x-" }),
          "metadata.generateName: generateName is not supported; leave both names out",
        ],
        [
          configMap,
          config({}, { annotations: { "pulumi.com/waitFor": "kstatus" } }),
          'metadata.annotations: pulumi.com/waitFor: "kstatus" is not understood here; allowed: condition=TYPE[=STATUS], jsonpath={.a.b[0].c}[=VALUE], or a JSON list of them',
        ],
        [
          configMap,
          config({}, { annotations: { "pulumi.com/timeoutSeconds": "10m" } }),
          'metadata.annotations: pulumi.com/timeoutSeconds: "10m" is no number of seconds',
        ],
      ])("refuses %s", async (type, inputs, failure) => {
        expect((await client.check(type, inputs)).failures).toEqual([failure]);
      });
    });
  });
}
