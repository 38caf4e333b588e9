import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseEnvironment, type Environment } from "../../infra/environment";
import { program } from "../../infra/program";
import { isProperties, type Properties, type Value } from "../../provider";
import { apiServerStore, sandboxCluster, type ObjectStore } from "../../sandbox/clouds";
import { offlineEnvironment } from "../../sandbox/offline-program";
import { stackNames } from "../../sandbox/project";
import { runOnClouds } from "../unit/components/dns/clouds";
import { editedEnvironment, TestSandbox } from "../support/sandbox";
import { full, whole } from "../unit/infra/documents";

type Edits = Readonly<Record<string, unknown>>;

const documented = (document: unknown) => () =>
  parseEnvironment(document, { where: "here", allowPlaceholders: true });
const exposed = (exposure: unknown) => documented({ ...full, ui: { ...full.ui, exposure } });
/** By a gateway of this controller, with this certificate, for so many pods that a person has to be kept at one. */
const led = (gateway: object, tls: unknown, replicas = 1) => {
  const host = { ...full.host, gateway, certManager: "existing", publicAddress: "203.0.113.7" };
  const ui = { ...full.ui, exposure: "gateway", host: "mnist.example.com", tls, replicas };
  return documented({ ...full, host, ui });
};
const acme = (challenge: string) => ({
  kind: "cert-manager",
  issuer: { kind: "acme", email: "you@example.com", challenge },
});
const onGke = (edits: Edits) => () => editedEnvironment("gke-prod", edits);

/** What the program renders, as the API server sees it: no field that it does not know, no pod that it would refuse. */
describe("the API server takes, strictly,", () => {
  let sandbox: TestSandbox;
  let store: ObjectStore;
  beforeAll(async () => {
    sandbox = await TestSandbox.start();
    const { kubeconfig, context } = sandbox.session.controlPlane;
    store = apiServerStore({ kubeconfig, context });
    // With GKE's kinds.
    await sandboxCluster({ kubeconfig }).attach({ id: "strict", name: "strict", stack: "strict" });
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
    // Without a cluster, there is nothing for its API server.
    ...stackNames()
      .filter((name) => offlineEnvironment(name).host.kind !== "none")
      .map((name): [string, () => Environment] => [`stack ${name}`, () => offlineEnvironment(name)]),
    ["a document with little in it", documented(whole)],
    ["a document with every field", documented(full)],
    ["a load balancer", exposed("load-balancer")],
    ["a node port", exposed({ kind: "node-port", port: 30080 })],
    ["no exposure", exposed("none")],
    [
      "Envoy Gateway, which keeps sessions, and Let's Encrypt",
      led({ kind: "class", className: "eg", controller: "envoy-gateway" }, acme("http-01"), 3),
    ],
    [
      "NGINX Gateway Fabric, and an authority of the cluster's own",
      led({ kind: "class", className: "nginx", controller: "nginx-gateway-fabric" }, "self-signed"),
    ],
    [
      "Traefik, and a certificate in another namespace",
      led(
        { kind: "install", controller: "traefik", gatewayApi: "install" },
        { kind: "secret", secretName: "own" },
      ),
    ],
    [
      "a Gateway of someone else's",
      led({ kind: "existing", name: "public", namespace: "infra", listener: "web" }, undefined),
    ],
    [
      "a regional gateway on GKE",
      onGke({ "host.gateway": "regional", "host.network": { kind: "new", proxyCidr: "10.9.0.0/23" } }),
    ],
    [
      "a certificate by a record in Cloud DNS",
      onGke({ "host.certManager": "existing", "ui.tls": acme("dns-01") }),
    ],
    [
      "an Ingress with Let's Encrypt",
      documented({
        ...full,
        host: { ...full.host, certManager: "install" },
        ui: { ...full.ui, exposure: { kind: "ingress", host: "mnist.example.com" }, tls: acme("http-01") },
      }),
    ],
    [
      "a generated password",
      documented({ ...whole, ui: { ...whole.ui, credentials: { kind: "generated", username: "ada" } } }),
    ],
  ];

  it.each(variants)("%s", async (_, environment) => {
    const { registered } = await runOnClouds(false, () => program(environment()));
    const objects = registered
      .filter(({ type }) => /^kubernetes:(?!core\/v1:Namespace|helm)/.test(type))
      .map(({ name, inputs }) => completed(name, inputs));
    expect(objects.length).toBeGreaterThan(5);
    for (const object of objects) {
      const { namespace } = metadataOf(object);
      if (namespace !== undefined) await namespaceFor(String(namespace));
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
