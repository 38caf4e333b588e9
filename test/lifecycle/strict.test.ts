import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseEnvironment, type Environment } from "../../infra/environment";
import { program } from "../../infra/program";
import { isProperties, type Properties, type Value } from "../../provider";
import { apiServerStore, type ObjectStore } from "../../sandbox/clouds";
import { offlineEnvironment } from "../../sandbox/offline-program";
import { stackNames } from "../../sandbox/project";
import { run } from "../support/mocks";
import { TestSandbox } from "../support/sandbox";
import { full, whole } from "../unit/infra/documents";

const documented = (document: unknown) => () =>
  parseEnvironment(document, { where: "here", allowPlaceholders: true });
const exposed = (exposure: unknown) => documented({ ...full, ui: { ...full.ui, exposure } });

/** What the program renders, as the API server sees it: no field that it does not know, no pod that it would refuse. */
describe("the API server takes, strictly,", () => {
  let sandbox: TestSandbox;
  let store: ObjectStore;
  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    const { kubeconfig, context } = sandbox.session.controlPlane;
    store = apiServerStore({ kubeconfig, context });
    await store.create(
      { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "batch" }, value: 1 },
      { fieldManager: "test" },
    );
  });
  afterAll(() => sandbox?.stop());

  /** A restricted namespace, as the workspace makes it, with the account that pods have by default. */
  async function namespaceFor(name: string): Promise<void> {
    if ((await store.get({ apiVersion: "v1", kind: "Namespace", name })) !== undefined) return;
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await store.create(
      { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
      { fieldManager: "test" },
    );
    const account = { apiVersion: "v1", kind: "ServiceAccount", namespace: name, name: "default" };
    await expect.poll(() => store.get(account), { timeout: 20_000 }).toBeDefined();
  }

  const variants: [string, () => Environment][] = [
    ...stackNames().map((name): [string, () => Environment] => [
      `stack ${name}`,
      () => offlineEnvironment(name),
    ]),
    ["a document with little in it", documented(whole)],
    ["a document with every field", documented(full)],
    ["a load balancer", exposed("load-balancer")],
    ["a node port", exposed({ kind: "node-port", port: 30080 })],
    ["no exposure", exposed("none")],
    [
      "a generated password",
      documented({ ...whole, ui: { ...whole.ui, credentials: { kind: "generated", username: "ada" } } }),
    ],
  ];

  it.each(variants)("%s", async (_, environment) => {
    const { registered } = await run(false, () => program(environment()));
    const objects = registered
      .filter(({ type }) => /^kubernetes:(?!core\/v1:Namespace)/.test(type))
      .map(({ name, inputs }) => completed(name, inputs));
    expect(objects.length).toBeGreaterThan(5);
    for (const object of objects) {
      const { namespace } = metadataOf(object);
      await namespaceFor(String(namespace));
      await store.create(object, { fieldManager: "test", dryRun: true });
      const pod = podOf(object);
      if (pod !== undefined) await store.create(pod, { fieldManager: "test", dryRun: true });
    }
  });

  it("none of them with a field misspelt", async () => {
    await namespaceFor("misspelt");
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "misspelt", namespace: "misspelt" },
      dta: {},
    };
    await expect(store.create(object, { fieldManager: "test", dryRun: true })).rejects.toThrow(
      'unknown field "dta"',
    );
  });
});

/** An object with the name that Pulumi would give it, and its secrets in the clear. */
function completed(name: string, inputs: Record<string, unknown>): Properties {
  const object: Properties = JSON.parse(JSON.stringify(inputs), (_, value: unknown) =>
    typeof value === "object" && value !== null && Object.keys(value).join() === "secret"
      ? Object.values(value)[0]
      : value,
  );
  return { ...object, metadata: { name: `${name}-1a2b3c4d`, ...metadataOf(object) } };
}

/** The pod of a workload's template by itself: a workload whose pods are refused is taken all the same. */
function podOf(object: Properties): Properties | undefined {
  const template = isProperties(object["spec"]) ? object["spec"]["template"] : undefined;
  if (!isProperties(template) || !isProperties(template["spec"])) return undefined;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadataOf(template), ...metadataOf(object) },
    spec: { ...template["spec"], serviceAccountName: "default" },
  };
}

function metadataOf({ metadata }: { readonly metadata?: Value }): Properties {
  return metadata !== undefined && isProperties(metadata) ? metadata : {};
}
