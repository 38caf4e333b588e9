import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileProject, projectFile } from "../../sandbox/clouds/gcp/project";
import { sandboxCluster } from "../../sandbox/clouds/gcp/backends";
import { ClusterView } from "../../sandbox/cluster-view";
import { startControlPlane, toolNames } from "../../sandbox/control-plane";
import { Api, type ApiRequest } from "../../sandbox/control-plane/keeper/api";
import { getTools } from "../../sandbox/tools";
import { namespace, patient, TestControlPlane } from "../support/control-plane";

const gateways = "gateway.networking.k8s.io/v1";
const certManager = "cert-manager.io/v1";
const google = "networking.gke.io/v1";
const id = "projects/p/locations/europe-west4/clusters/test";

interface Status {
  readonly addresses?: readonly { readonly value: string }[];
  readonly conditions?: readonly { type: string; status: string; reason: string; message: string }[];
  readonly parents?: readonly { controllerName: string; conditions: NonNullable<Status["conditions"]> }[];
}

describe("a cluster with gateways and certificates", () => {
  let sandbox: TestControlPlane;
  let api: Api;
  let core: CoreV1Api;
  beforeAll(async () => {
    sandbox = await TestControlPlane.start();
    const { kubeconfig } = sandbox.controlPlane;
    api = new Api(kubeconfig);
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    core = config.makeApiClient(CoreV1Api);
  });
  afterAll(() => sandbox?.stop());

  const path = (apiVersion: string, plural: string, ns: string | undefined = namespace) =>
    `/apis/${apiVersion}${ns === "" ? "" : `/namespaces/${ns}`}/${plural}`;
  const make = (apiVersion: string, kind: string, name: string, spec: object, plural: string, ns?: string) =>
    api.send({
      method: "POST",
      path: `${path(apiVersion, plural, ns)}?fieldValidation=Strict`,
      body: { apiVersion, kind, metadata: { name }, spec },
    } satisfies ApiRequest);
  const statusOf = async (apiVersion: string, plural: string, name: string, ns?: string): Promise<Status> => {
    const { status = {} } = await api.send<{ status?: Status }>({
      path: `${path(apiVersion, plural, ns)}/${name}`,
    });
    return status;
  };
  const short = (conditions: Status["conditions"] = []) =>
    conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
  const gateway = (name: string, spec: object) => make(gateways, "Gateway", name, spec, "gateways");
  const http = { name: "http", port: 80, protocol: "HTTP" };

  it("has the sandbox's class, which a controller stands behind", async () => {
    await expect
      .poll(
        async () => short((await statusOf(gateways, "gatewayclasses", "sandbox", "")).conditions),
        patient,
      )
      .toEqual(["Accepted True Accepted"]);
  });

  it("issues the certificate that a gateway's listener waits for", async () => {
    await core.createNamespacedService({
      namespace,
      body: { metadata: { name: "ui" }, spec: { ports: [{ port: 80 }] } },
    });
    const certificateRefs = [{ name: "ui-tls" }];
    await gateway("web", {
      gatewayClassName: "sandbox",
      listeners: [
        { name: "https", port: 443, protocol: "HTTPS", hostname: "ui.example.com", tls: { certificateRefs } },
      ],
    });
    const parentRefs = [{ name: "web" }];
    const rules = [{ backendRefs: [{ name: "ui", port: 80 }] }];
    await make(
      gateways,
      "HTTPRoute",
      "ui",
      { parentRefs, hostnames: ["ui.example.com"], rules },
      "httproutes",
    );
    const web = () => statusOf(gateways, "gateways", "web");
    await expect
      .poll(async () => short((await web()).conditions), patient)
      .toEqual(["Accepted False ListenersNotValid", "Programmed False Invalid"]);

    const server = "https://acme.example.com/directory";
    const acme = { server, privateKeySecretRef: { name: "account" }, solvers: [] };
    await make(certManager, "ClusterIssuer", "acme", { acme }, "clusterissuers", "");
    const issuerRef = { name: "acme", kind: "ClusterIssuer" };
    const spec = { secretName: "ui-tls", dnsNames: ["ui.example.com"], issuerRef };
    await make(certManager, "Certificate", "ui", spec, "certificates");
    await expect
      .poll(async () => short((await web()).conditions), patient)
      .toEqual(["Accepted True Accepted", "Programmed True Programmed"]);
    expect((await web()).addresses).toEqual([{ type: "IPAddress", value: "192.0.2.30" }]);
    const { parents = [] } = await statusOf(gateways, "httproutes", "ui");
    expect(parents.map(({ controllerName, conditions }) => [controllerName, ...short(conditions)])).toEqual([
      ["inference-infra/sandbox", "Accepted True Accepted", "ResolvedRefs True ResolvedRefs"],
    ]);
    expect(await statusOf(certManager, "clusterissuers", "acme", "")).toMatchObject({
      acme: { uri: `${server}/acct/simulated` },
      conditions: [{ type: "Ready", status: "True", observedGeneration: 1 }],
    });
    const { type, data } = await core.readNamespacedSecret({ namespace, name: "ui-tls" });
    const shown = new X509Certificate(Buffer.from(data?.["tls.crt"] ?? "", "base64"));
    expect([type, shown.subjectAltName]).toEqual(["kubernetes.io/tls", "DNS:ui.example.com"]);
    await expect
      .poll(async () => short((await statusOf(certManager, "certificates", "ui")).conditions), patient)
      .toEqual(["Ready True Ready"]);
    const rows = await new ClusterView(sandbox.controlPlane.kubeconfig).components(namespace);
    expect(rows.filter(({ component }) => component !== "service")).toEqual([
      { component: "gateway", object: "web", state: "sandbox, ui.example.com, 192.0.2.30" },
      { component: "route", object: "ui", state: "ui.example.com, gateway web" },
      { component: "certificate", object: "ui", state: "ui.example.com, ready" },
    ]);
  });

  it("does what GKE does while it plays one", async () => {
    const { dir, controlPlane } = sandbox;
    const cluster = sandboxCluster({ kubeconfig: controlPlane.kubeconfig });
    await cluster.attach({ id, name: "test", stack: "test" });
    const policy = (config: object) => ({
      default: config,
      targetRef: { group: "", kind: "Service", name: "ui" },
    });
    const backendPolicy = (name: string, config: object) =>
      make(google, "GCPBackendPolicy", name, policy(config), "gcpbackendpolicies");
    await expect(backendPolicy("wrong", { timeoutSecs: 60 })).rejects.toThrow(
      'unknown field "spec.default.timeoutSecs"',
    );
    await expect(backendPolicy("wrong", { timeoutSec: 0 })).rejects.toThrow("spec.default.timeoutSec");
    await backendPolicy("right", { timeoutSec: 60 });

    await gateway("named", {
      gatewayClassName: "gke-l7-global-external-managed",
      listeners: [http],
      addresses: [{ type: "NamedAddress", value: "ui-ip" }],
    });
    await core.createNamespacedService({
      namespace,
      body: {
        metadata: { name: "lb" },
        spec: { type: "LoadBalancer", loadBalancerIP: "203.0.113.2", ports: [{ port: 80 }] },
      },
    });
    const named = () => statusOf(gateways, "gateways", "named");
    await expect
      .poll(async () => short((await named()).conditions), patient)
      .toEqual(["Accepted True Accepted", "Programmed False AddressNotUsable"]);
    await fileProject(projectFile(dir)).change((resources) => {
      const name = "ui-ip";
      resources["global"] = {
        name,
        type: "gcp:compute/globalAddress:GlobalAddress",
        state: { address: "203.0.113.1" },
      };
    });
    await expect
      .poll(async () => {
        const { conditions, addresses } = await named();
        const { status } = await core.readNamespacedService({ namespace, name: "lb" });
        return [short(conditions)[1], addresses?.[0]?.value, status?.loadBalancer?.ingress?.[0]?.ip];
      }, patient)
      .toEqual(["Programmed True Programmed", "203.0.113.1", "203.0.113.2"]);

    await cluster.detach(id);
    const classes = await api.send<{ items: readonly { metadata: { name: string } }[] }>({
      path: path(gateways, "gatewayclasses", ""),
    });
    expect(classes.items.map(({ metadata }) => metadata.name)).toEqual(["sandbox"]);
    // Again at once, while the kinds may still be on their way out.
    await cluster.attach({ id, name: "test", stack: "test" });
    await backendPolicy("again", { timeoutSec: 60 });
    await cluster.detach(id);
  });

  it("keeps what it has, and mends what is missing or of another version, at the next start", async () => {
    const definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    await api.send({ method: "DELETE", path: `${definition}/issuers.cert-manager.io` });
    const annotations = { "inference-infra.sandbox/definition": "of another version" };
    await api.send({
      method: "PATCH",
      path: `${definition}/gateways.gateway.networking.k8s.io`,
      body: { metadata: { annotations } },
    });
    const tools = await getTools(toolNames, { report: () => undefined });
    const dir = join(sandbox.dir, "control-plane");
    expect(await startControlPlane({ dir, tools })).toMatchObject({ reused: true });
    const { metadata } = await api.send<{ metadata: { annotations: Record<string, string> } }>({
      path: `${definition}/gateways.gateway.networking.k8s.io`,
    });
    expect(metadata.annotations).not.toMatchObject(annotations);
    await make(certManager, "Issuer", "mine", { selfSigned: {} }, "issuers");
    await expect
      .poll(async () => short((await statusOf(certManager, "issuers", "mine")).conditions), patient)
      .toEqual(["Ready True IsReady"]);
    expect((await statusOf(gateways, "gateways", "web")).addresses).toHaveLength(1);
  });
});
