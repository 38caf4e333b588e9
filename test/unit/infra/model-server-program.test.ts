import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/environment";
import { program, type Outputs } from "../../../infra/program";
import { SecretValue } from "../../../infra/secrets";
import { valueOf, type Registered } from "../../support/mocks";
import { runOnClouds } from "../components/dns/clouds";
import { acme, byClass, existing, gke, googleZone, host, stack } from "./grounds";

const runId = "7251ac3655934299aad4cfebf5ffddbe";
const next = "0c1d2e3f4a5b46978899aabbccddeeff";
const api = "api.acme.dev";
const mounted = { kind: "gcs-fuse", bucket: "mnist-artifacts", runId };
const baked = { kind: "image", path: "/srv/model" };
const proof = { name: `_acme-challenge.${api}.`, type: "CNAME", data: "1a2b.authorize.goog." };
/** What Google answers, whether it is a preview or not. */
const asked = { "gcp:organizations/getProject:getProject": { number: "123456789012" } };
const given = {
  "gcp:compute/globalAddress:GlobalAddress": { address: "203.0.113.20" },
  "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": { dnsResourceRecords: [proof] },
};

async function bringUp(document: object, preview = false) {
  const environment = parseEnvironment(document, { where: "test", allowPlaceholders: false });
  const { registered, one, result } = await runOnClouds(preview, () => program(environment), {
    ...asked,
    ...(preview ? {} : given),
  });
  return { registered, one, outputs: result };
}

const server = (more: object, tier = "development") => ({
  name: "mnist",
  tier,
  modelServer: { image: "ghcr.io/acme/mnist-fastapi:1.0.0", model: baked, ...more },
});
const named = (registered: readonly Registered[], kind: string) =>
  registered.filter(({ type }) => type.split(":").at(-1) === kind);
const told = (outputs: Outputs, name: string) => valueOf(output(outputs[name] ?? "(missing)"));

/** The server's pods: their first container, and all of the pod. */
interface Pod {
  readonly containers: readonly { readonly env: readonly { name: string; value?: unknown }[] }[];
}
interface RouteSpec {
  readonly parentRefs: readonly object[];
  readonly hostnames: readonly string[];
  readonly rules: readonly { readonly backendRefs?: readonly { readonly weight?: number }[] }[];
}
function podOf(registered: readonly Registered[], deployment: string): Pod {
  const found = named(registered, "Deployment").find(({ name }) => name === deployment);
  const spec = found?.inputs["spec"] as { template: { spec: Pod } } | undefined;
  if (spec === undefined) throw new Error(`no ${deployment}`);
  return spec.template.spec;
}
const variable = (pod: Pod, name: string) =>
  pod.containers[0]?.env.find((each) => each.name === name)?.value ?? "(none)";

describe.each([false, true])("a document's model server, preview %s", (preview) => {
  it("alone, in the cluster only: no more than it needs", async () => {
    const { registered, outputs } = await bringUp({ ...server({}), host: existing() }, preview);
    const made = registered.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(made.map(({ type }) => type.split(":").at(-1)).sort()).toEqual([
      "Deployment",
      "Namespace",
      "NetworkPolicy",
      "Service",
      "ServiceAccount",
    ]);
    expect(Object.keys(outputs)).toEqual(["namespace", "modelServerUrl", "modelServerAddress"]);
    if (!preview)
      expect(await told(outputs, "modelServerUrl")).toBe(
        "http://mnist-model-server-service.mnist-1a2b3c4d:8080",
      );
  });

  it("has what the document says", async () => {
    const gpus = existing({ gpu: { types: { l4: { accelerator: "l4" } } } });
    const { registered, one } = await bringUp(
      {
        ...server({
          model: {
            kind: "copy",
            source: {
              kind: "minio",
              bucket: "mnist-artifacts",
              endpoint: "http://minio.minio:9000",
              credentials: {
                kind: "given",
                accessKeyId: "mnist",
                secretAccessKey: new SecretValue("s3cret"),
              },
            },
            runId,
            size: "1Gi",
          },
          app: "mnist_fastapi.main:APP",
          workers: 2,
          port: 9000,
          servicePort: 80,
          healthPath: "/ready",
          readyTimeoutSeconds: 120,
          mountPath: "/srv",
          env: { LOG_LEVEL: "info" },
          replicas: { min: 2, max: 4, cpuPercent: 70 },
          gpu: { count: 1, type: "l4" },
          resources: { cpu: 2, memory: "8Gi" },
          userId: 1000,
        }),
        host: gpus,
      },
      preview,
    );
    const pod = podOf(registered, "mnist-model-server-deployment");
    expect(pod).toMatchObject({
      nodeSelector: { accelerator: "l4" },
      securityContext: { runAsUser: 1000 },
      containers: [
        {
          image: "ghcr.io/acme/mnist-fastapi:1.0.0",
          command: ["gunicorn", "mnist_fastapi.main:APP"],
          ports: [{ containerPort: 9000 }],
          startupProbe: { httpGet: { path: "/ready" }, failureThreshold: 24 },
          resources: { requests: { cpu: "2", memory: "8Gi", "ephemeral-storage": "3072Mi" } },
        },
      ],
    });
    expect(variable(pod, "WEB_CONCURRENCY")).toBe("2");
    expect(variable(pod, "LOG_LEVEL")).toBe("info");
    expect(variable(pod, "PRED_MODEL_PATH")).toBe(`/srv/${runId}/artifacts/model/data/model`);
    expect(one("HorizontalPodAutoscaler").inputs["spec"]).toMatchObject({ minReplicas: 2, maxReplicas: 4 });
    expect(one("Secret").inputs["stringData"]).toEqual({
      secret: { accessKeyId: "mnist", secretAccessKey: "s3cret" },
    });
    expect(one("Service").inputs["spec"]).toMatchObject({ ports: [{ port: 80 }] });
  });

  it("shares the UI's gateway, by a name and a certificate of its own", async () => {
    const gateway = { exposure: "gateway", tls: "google-managed" };
    const { registered, one, outputs } = await bringUp(
      {
        ...stack(gke(), { ...gateway, host, modelServer: true, env: { LOG_LEVEL: "info" } }),
        ...server({ ...gateway, host: api, model: mounted, canary: { weight: 10, runId: next } }),
      },
      preview,
    );
    expect(named(registered, "DnsAuthorization").map(({ inputs }) => inputs["domain"])).toEqual([host, api]);
    const listeners = (one("Gateway").inputs["spec"] as { listeners: object[] }).listeners;
    expect(listeners).toHaveLength(2);
    const led = named(registered, "HTTPRoute").map(({ inputs }) => inputs["spec"] as RouteSpec);
    const weights = led.map(({ hostnames, rules }) => [
      hostnames.join(),
      ...rules.flatMap(({ backendRefs = [] }) => backendRefs.map(({ weight }) => weight ?? "all")),
    ]);
    expect(weights.sort()).toEqual([
      [api, 90, 10],
      [host, "all"],
      // To HTTPS.
      [`${host},${api}`],
    ]);
    expect(await told(outputs, "modelServerAddress")).toBe(`https://${api}`);
    expect(Object.keys(outputs)).toEqual(
      expect.arrayContaining([
        "uiPointsAt",
        "uiCertificateRecord",
        "modelServerPointsAt",
        "modelServerCertificateRecord",
      ]),
    );
    const ui = podOf(registered, "mnist-inference-deployment");
    expect(variable(ui, "LOG_LEVEL")).toBe("info");
    expect(variable(ui, "MODEL_SERVER_URL")).toBe(
      preview ? "<unknown>" : "http://mnist-model-server-service.mnist-1a2b3c4d:8080",
    );
  });

  it("shares a gateway that is someone else's, and makes none", async () => {
    const at = existing({ gateway: { kind: "existing", name: "public", namespace: "infra" } });
    const { registered } = await bringUp(
      {
        ...stack(at, { exposure: "gateway", host }),
        ...server({ exposure: "gateway", host: api }),
      },
      preview,
    );
    expect(named(registered, "SharedGateway")).toEqual([]);
    expect(named(registered, "Gateway")).toEqual([]);
    const led = named(registered, "HTTPRoute").map(({ inputs }) => inputs["spec"] as RouteSpec);
    expect(led.map(({ hostnames, parentRefs }) => [...hostnames, parentRefs]).sort()).toEqual(
      [api, host].map((name) => [name, [expect.objectContaining({ name: "public", namespace: "infra" })]]),
    );
  });

  it("has its record in the zone, and nothing to make by hand", async () => {
    const { registered, outputs } = await bringUp(
      {
        ...server({ exposure: "gateway", tls: "google-managed", host: api }),
        host: gke(),
        dns: googleZone,
      },
      preview,
    );
    expect(
      named(registered, "RecordSet")
        .map(({ name }) => name)
        .sort(),
    ).toEqual([`_acme-challenge.${api}/CNAME`, `${api}/A`]);
    expect(Object.keys(outputs)).not.toContain("modelServerPointsAt");
    expect(Object.keys(outputs)).not.toContain("uiAddress");
  });

  it("has a certificate for its ingress beside the UI's, by an issuer of its own", async () => {
    const at = existing({ ingressClass: "nginx", certManager: "existing", gateway: byClass });
    const { registered, outputs } = await bringUp(
      {
        ...stack(at, { exposure: { kind: "ingress", host }, tls: acme("http-01") }),
        ...server({ exposure: { kind: "ingress", host: api, path: "/v1" }, tls: acme("http-01") }),
      },
      preview,
    );
    const secrets = named(registered, "Ingress").map(({ name, inputs }) => [
      name,
      (inputs["spec"] as { tls: { secretName: string }[] }).tls.map(({ secretName }) => secretName),
    ]);
    expect(secrets).toEqual(
      expect.arrayContaining([
        ["mnist-inference-ingress", [`tls-${host}`]],
        ["mnist-model-server-ingress", [`tls-${api}`]],
      ]),
    );
    const issuers = named(registered, "ClusterIssuer").map(({ name }) => name);
    expect(new Set(issuers).size).toBe(2);
    expect(await told(outputs, "modelServerAddress")).toBe(`https://${api}/v1`);
  });
});

describe("the documentation", () => {
  it.each([
    ["development", {}, "true"],
    ["staging", {}, "false"],
    ["production", {}, "false"],
    ["production", { docs: true }, "true"],
    ["development", { docs: false }, "false"],
  ])("in %s with %j is shown: %s", async (tier, more, shown) => {
    const { registered } = await bringUp({ ...server(more, tier), host: existing() });
    expect(variable(podOf(registered, "mnist-model-server-deployment"), "DOCS_ENABLED")).toBe(shown);
  });
});

it("the record that proves a name is told of the name that has one", async () => {
  const gateway = { exposure: "gateway", tls: "google-managed" };
  const { registered, outputs } = await bringUp({
    ...stack(gke(), { ...gateway, host, tls: "none" }),
    ...server({ ...gateway, host: api }),
  });
  expect(named(registered, "DnsAuthorization").map(({ inputs }) => inputs["domain"])).toEqual([api]);
  expect(await told(outputs, "uiCertificateRecord")).toBe("(missing)");
  expect(await told(outputs, "modelServerCertificateRecord")).toBe(
    `_acme-challenge.${api}. CNAME 1a2b.authorize.goog.`,
  );
});

it("bears the longest name that a document has", async () => {
  const canary = { weight: 10, image: "ghcr.io/acme/mnist-fastapi:1.1.0" };
  const { registered } = await bringUp({
    ...server({ exposure: "gateway", tls: "none", host: api, canary }),
    name: "a".repeat(30),
    host: existing({ gateway: byClass }),
  });
  expect(named(registered, "Deployment").map(({ name }) => name.length)).toEqual([54, 61]);
});
