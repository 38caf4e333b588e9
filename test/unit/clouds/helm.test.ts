import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { Secret, serve, unknown, type Properties, type ProviderServer } from "../../../provider";
import { memoryStore, type ObjectStore } from "../../../sandbox/clouds";
import { parseManifest } from "../../../sandbox/clouds/kubernetes/helm/chart";
import { KubernetesProvider } from "../../../sandbox/clouds/kubernetes/provider";
import { KubernetesDriver } from "../../support/kubernetes-driver";
import { ProviderClient } from "../../support/provider-client";

const release = "kubernetes:helm.sh/v3:Release";
const published = { chart: "oci://registry.invalid/charts/web", version: "1.2.3", namespace: "apps" };
const dir = mkdtempSync(join(tmpdir(), "inference-infra-helm-"));
const chart = join(dir, "web");

const classObject = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: web }
spec: { controller: example.com/web }
`;
const configObject = (name = "{{ .Release.Name }}-web", annotations = "{}") => `
apiVersion: v1
kind: ConfigMap
metadata:
  name: "${name}"
  annotations: ${annotations}
data:
  of: "{{ .Release.Namespace }}"
`;

/** Writes the chart anew. */
function write(templates: Record<string, string>, version = "1.0.0"): void {
  rmSync(chart, { recursive: true, force: true });
  mkdirSync(join(chart, "templates"), { recursive: true });
  const about = `apiVersion: v2\nname: web\nversion: ${version}\nappVersion: "7"\n`;
  writeFileSync(join(chart, "Chart.yaml"), about);
  for (const [file, text] of Object.entries(templates)) writeFileSync(join(chart, "templates", file), text);
}

describe("a release by the simulated Kubernetes provider", () => {
  let store: ObjectStore;
  let server: ProviderServer;
  let client: ProviderClient;
  let driver: KubernetesDriver;
  beforeEach(async () => {
    store = memoryStore();
    write({ "config.yaml": configObject(), "class.yaml": classObject });
    client?.close();
    await server?.close();
    server = await serve(() => new KubernetesProvider(store, "4.0.0"));
    client = new ProviderClient(server.port);
    await client.handshake();
    await client.configure({});
    driver = new KubernetesDriver(client);
  });
  afterAll(async () => {
    client?.close();
    await server?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const local = (more: Properties = {}): Properties => ({ chart, namespace: "apps", name: "web", ...more });
  const config = (name = "web-web") =>
    store.get({ apiVersion: "v1", kind: "ConfigMap", namespace: "apps", name });
  const ingressClass = () =>
    store.get({ apiVersion: "networking.k8s.io/v1", kind: "IngressClass", name: "web" });
  const records = async () => {
    const found = await store.list("v1", "Secret", "apps", { labels: { owner: "helm" } });
    return found.map((secret): [string, string] => {
      const { metadata } = JSON.parse(JSON.stringify(secret));
      return [metadata.name, metadata.labels.status];
    });
  };

  describe("before it is made", () => {
    it("is named by its logical name, keeps that name, and has the provider's defaults", async () => {
      const { chart: named, version, namespace } = published;
      const inputs = await driver.check(release, { chart: named, version, compat: "true" }, undefined, {
        name: "front",
        seed: [0x12, 0x34, 0xab, 0xcd],
      });
      expect(inputs).toEqual({
        chart: named,
        version,
        name: "front-1234abcd",
        namespace: "default",
        timeout: 300,
      });
      const again = await client.check(release, { chart: named, version, namespace }, { oldInputs: inputs });
      expect(again.inputs).toMatchObject({ name: "front-1234abcd", namespace: "apps" });
    });

    it("takes the version of a chart in a folder, and misses one that is not there", async () => {
      expect(await driver.check(release, local({ version: "^1" }))).toMatchObject({ version: "1.0.0" });
      const missing = await client.check(release, local({ chart: join(dir, "none") }));
      expect(missing.failures).toEqual([`chart: path "${join(dir, "none")}" not found`]);
    });

    it("tells in a preview what it knows, and makes nothing", async () => {
      const inputs = await driver.check(release, local());
      const { state } = await client.create(release, inputs, { preview: true });
      expect(state).toEqual({
        ...inputs,
        status: unknown,
        resourceNames: unknown,
        __inputs: new Secret(inputs),
      });
      expect(await records()).toEqual([]);
      expect(await config()).toBeUndefined();
    });
  });

  describe("once it is made", () => {
    it("has its objects, marked as Helm marks them, and a record that Helm can read", async () => {
      const { known } = await driver.up(release, local({ values: { replicas: 2 } }));
      expect(known.id).toBe("apps/web");
      expect(known.state).toMatchObject({
        values: { replicas: 2 },
        status: {
          name: "web",
          namespace: "apps",
          revision: 1,
          status: "deployed",
          chart: "web",
          version: "1.0.0",
          appVersion: "7",
        },
        resourceNames: {
          // As Pulumi's own provider has it: in a namespace where the chart says it.
          "ConfigMap/v1": ["web-web"],
          "IngressClass.networking.k8s.io/networking.k8s.io/v1": ["web"],
        },
      });
      const marks = {
        labels: { "app.kubernetes.io/managed-by": "Helm" },
        annotations: { "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "apps" },
      };
      expect(await config()).toMatchObject({
        metadata: { ...marks, namespace: "apps" },
        data: { of: "apps" },
      });
      expect(await ingressClass()).toMatchObject({ metadata: marks });
      expect((await ingressClass())?.["metadata"]).not.toHaveProperty("namespace");
      const name = "sh.helm.release.v1.web.v1";
      const secret = await store.get({ apiVersion: "v1", kind: "Secret", namespace: "apps", name });
      expect(secret).toMatchObject({
        type: "helm.sh/release.v1",
        metadata: { labels: { name: "web", owner: "helm", status: "deployed", version: "1" } },
      });
      const { data } = JSON.parse(JSON.stringify(secret));
      const inner = Buffer.from(Buffer.from(data.release, "base64").toString(), "base64");
      expect(JSON.parse(gunzipSync(inner).toString())).toMatchObject({
        name: "web",
        namespace: "apps",
        version: 1,
        info: { status: "deployed" },
        chart: { metadata: { name: "web", version: "1.0.0" } },
        config: { replicas: 2 },
      });
    });

    it("fills its templates in with the chart's values and its own, also with secret ones", async () => {
      const text =
        "{{- if .Values.on }}\nkind: ConfigMap\n{{- end }}\napiVersion: v1\nmetadata: { name: c }\n";
      write({
        "config.tpl": `${text}data: { a: {{ .Values.of.a | quote }}, b: {{ .Values.of.b | quote }} }\n`,
        "_helpers.tpl": "{{ define }}",
      });
      writeFileSync(join(chart, "values.yaml"), "on: true\nof: { a: one, b: two }\n");
      await driver.up(release, local({ values: { of: { b: new Secret("hush") } } }));
      expect(await config("c")).toMatchObject({ kind: "ConfigMap", data: { a: "one", b: "hush" } });
    });

    it("makes what the store only thinks is there, a class of gateways", async () => {
      const gateways = classObject.replace("networking", "gateway.networking").replace("Ingress", "Gateway");
      write({ "class.yaml": gateways.replace("controller:", "controllerName:") });
      await driver.up(release, local());
      const ref = { apiVersion: "gateway.networking.k8s.io/v1", kind: "GatewayClass", name: "web" };
      expect(await store.get(ref)).toMatchObject({ spec: { controllerName: "example.com/web" } });
    });

    it("is nothing but a record where its chart is out of reach", async () => {
      const { known } = await driver.up(release, { ...published, name: "web" });
      expect(known.state).toMatchObject({
        status: { chart: "web", version: "1.2.3", revision: 1 },
        resourceNames: {},
      });
      expect(await records()).toEqual([["sh.helm.release.v1.web.v1", "deployed"]]);
    });

    it("keeps the values secret that are, and finds them unchanged", async () => {
      const inputs = local({ values: { token: new Secret("hush"), plain: "a" } });
      const { known } = await driver.up(release, inputs);
      expect(known.state["values"]).toEqual({ token: new Secret("hush"), plain: "a" });
      const found = await client.read(release, known);
      expect(found).toEqual(known);
      expect((await driver.up(release, inputs, found)).step).toBe("same");
    });

    it("changes in place, one revision after the other; with another name or namespace it is another", async () => {
      const { known } = await driver.up(release, local());
      const next = await driver.up(release, local({ values: { a: 1 } }), known);
      expect(next.step).toBe("update");
      expect(next.known.state["status"]).toMatchObject({ revision: 2, status: "deployed" });
      expect(await records()).toEqual([
        ["sh.helm.release.v1.web.v1", "superseded"],
        ["sh.helm.release.v1.web.v2", "deployed"],
      ]);
      const replaces = async (more: Properties) =>
        (await client.diff(release, next.known, await driver.check(release, local({ ...more })))).replaces;
      expect(await replaces({ name: "other" })).toEqual(["name"]);
      expect(await replaces({ namespace: "elsewhere" })).toEqual(["namespace"]);
      expect(await replaces({ values: { a: 2 } })).toEqual([]);
    });

    it("takes what a new version of the chart has, and lets go what it has not any more", async () => {
      const { known } = await driver.up(release, local());
      write({ "config.yaml": configObject("settings") }, "2.0.0");
      const next = await driver.up(release, local(), known);
      expect(next.step).toBe("update");
      expect(next.known.state["version"]).toBe("2.0.0");
      expect(await ingressClass()).toBeUndefined();
      expect(await config()).toBeUndefined();
      expect(await config("settings")).toBeDefined();
    });

    it("shows what someone else has upgraded, and sets it right", async () => {
      const { known } = await driver.up(release, local({ values: { a: 1 } }));
      await client.update(release, known, { ...known.inputs, values: { a: 2 } });
      const found = await client.read(release, known);
      expect(found?.state).toMatchObject({ values: { a: 2 }, status: { revision: 2 } });
      const next = await driver.up(release, local({ values: { a: 1 } }), found);
      expect(next.step).toBe("update");
      expect(next.known.state["status"]).toMatchObject({ revision: 3 });
    });

    it("can be imported", async () => {
      await driver.up(release, local({ values: { a: 1 } }));
      const found = await client.read(release, { id: "apps/web" });
      expect(found?.inputs).toEqual({
        name: "web",
        namespace: "apps",
        chart: "web",
        version: "1.0.0",
        values: { a: 1 },
        timeout: 300,
      });
      expect(await client.read(release, { id: "apps/none" })).toBeUndefined();
    });
  });

  describe("is refused", () => {
    it("where its name is in use", async () => {
      await driver.up(release, local());
      await expect(driver.up(release, local())).rejects.toThrow("cannot re-use a name that is still in use");
    });

    it("where an object is someone else's, and leaves nothing of its own behind", async () => {
      const foreign = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "web-web", namespace: "apps" },
      };
      await store.create(foreign, { fieldManager: "kubectl" });
      await expect(driver.up(release, local())).rejects.toThrow(
        'Unable to continue with install: ConfigMap "web-web" in namespace "apps" exists and cannot be imported into the current release: invalid ownership metadata',
      );
      expect(await ingressClass()).toBeUndefined();
      expect(await records()).toEqual([]);
      expect(await config()).toMatchObject(foreign);
    });

    it("where its chart is more than plain objects", async () => {
      write({ "config.yaml": configObject("{{ include 'name' . }}") });
      await expect(driver.up(release, local())).rejects.toThrow(
        "config.yaml: {{ include 'name' . }}: the simulated Kubernetes provider fills in",
      );
      expect(await records()).toEqual([]);
    });
  });

  describe("when it goes", () => {
    it("takes its objects and all its records with it, but what the chart says is to stay", async () => {
      const keep = configObject("kept", '{ "helm.sh/resource-policy": keep }');
      write({ "config.yaml": configObject(), "class.yaml": classObject, "keep.yaml": keep });
      const { known } = await driver.up(release, local());
      const { known: last } = await driver.up(release, local({ values: { a: 1 } }), known);
      await client.delete(release, last);
      expect(await records()).toEqual([]);
      expect([await config(), await ingressClass()]).toEqual([undefined, undefined]);
      expect(await config("kept")).toBeDefined();
      expect(await client.read(release, last)).toBeUndefined();
    });

    it("says so where it is not there, as Helm does", async () => {
      const { known } = await driver.up(release, local());
      await client.delete(release, known);
      await expect(client.delete(release, known)).rejects.toThrow(
        "uninstall: Release not loaded: web: release: not found",
      );
    });

    it("leaves what it kept to the next of its name", async () => {
      write({ "keep.yaml": configObject("kept", '{ "helm.sh/resource-policy": keep }') });
      const { known } = await driver.up(release, local());
      await client.delete(release, known);
      expect((await driver.up(release, local())).known.state["status"]).toMatchObject({ revision: 1 });
    });
  });
});

it("reads several objects of a text, and none of an empty one", () => {
  expect(parseManifest("---\na: 1\n---\n---\nb: 2\n")).toEqual([{ a: 1 }, { b: 2 }]);
  expect(parseManifest("# nothing\n")).toEqual([]);
  expect(() => parseManifest("a: {")).toThrow();
});
