import { core } from "@pulumi/kubernetes";
import { ComponentResource, output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { googleGateways } from "../../../../components/exposure/gateway/google";
import { run, valueOf, type Registered } from "../../../support/mocks";
import { labels, testCluster } from "../fixtures";
import { testZone, withProofs } from "./support";

type Scope = "global" | "regional";

function ground(scope: Scope) {
  const parent = new ComponentResource("test:index:Front", "front", {}, { transformations: [withProofs] });
  const { provider } = testCluster();
  const before = new core.v1.ConfigMap("services", {}, { provider });
  const platform = googleGateways({
    project: "my-project",
    region: "europe-west4",
    scope,
    after: [before],
    ready: [],
  });
  return { parent, provider, platform };
}

const certificates = (scope: Scope, hosts: readonly string[]) => () => {
  const { parent, platform } = ground(scope);
  return platform.googleCertificates?.("front", { parent, hosts, zone: testZone });
};

/** What was asked of Google's cloud, shortly. */
const google = (registered: readonly Registered[]) =>
  registered
    .filter(({ type }) => type.startsWith("gcp:"))
    .map(({ type, name, inputs, dependsOn }) => ({
      kind: type.split(":").at(-1) ?? "",
      name,
      inputs,
      dependsOn: [...dependsOn].sort(),
    }))
    .sort((one, other) => `${one.kind} ${one.name}`.localeCompare(`${other.kind} ${other.name}`));

it("tells by class and words what GKE's gateways can do", async () => {
  const { result } = await run(false, () => [ground("global").platform, ground("regional").platform]);
  expect(result.map(({ className }) => className)).toEqual([
    "gke-l7-global-external-managed",
    "gke-l7-regional-external-managed",
  ]);
  for (const platform of result) {
    expect(platform).toMatchObject({
      sessions: { kind: "kept" },
      certificates: "google",
      routeTimeouts: "refused",
    });
  }
});

describe.each([false, true])("GKE's gateways, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);

  it("have a global address", async () => {
    const { one, result } = await run(preview, () => {
      const { platform, parent } = ground("global");
      return platform.reserveAddress?.("front", { parent });
    });
    expect(one("GlobalAddress")).toEqual({
      type: "gcp:compute/globalAddress:GlobalAddress",
      name: "front-gateway",
      inputs: { project: "my-project" },
      parent: "Front front",
      dependsOn: ["ConfigMap services"],
      options: {},
    });
    if (!preview && result !== undefined) expect(await valueOf(result.name)).toBe("front-gateway-1a2b3c4");
  });

  it("have an address of the region", async () => {
    const { one } = await run(preview, () => {
      const { platform, parent } = ground("regional");
      return platform.reserveAddress?.("front", { parent });
    });
    expect(one("Address").inputs).toEqual({
      project: "my-project",
      region: "europe-west4",
      networkTier: "PREMIUM",
    });
  });

  it("have certificates by a map", async () => {
    const { registered, result } = await run(preview, certificates("global", ["mnist.example.com"]));
    const name = "front-mnist-example-com-4e880f";
    expect(google(registered)).toEqual([
      {
        kind: "Certificate",
        name,
        inputs: {
          project: "my-project",
          managed: { domains: ["mnist.example.com"], dnsAuthorizations: [known(`${name}-id`)] },
        },
        dependsOn: [`DnsAuthorization ${name}`, "RecordSet _acme-challenge.mnist.example.com-CNAME"],
      },
      {
        kind: "CertificateMap",
        name: "front",
        inputs: { project: "my-project" },
        dependsOn: ["ConfigMap services"],
      },
      {
        kind: "CertificateMapEntry",
        name,
        inputs: {
          project: "my-project",
          map: known("front-1a2b3c4"),
          hostname: "mnist.example.com",
          certificates: [known(`${name}-id`)],
        },
        dependsOn: [`Certificate ${name}`, "CertificateMap front", "ConfigMap services"],
      },
      {
        kind: "DnsAuthorization",
        name,
        inputs: expect.objectContaining({
          project: "my-project",
          domain: "mnist.example.com",
          type: "FIXED_RECORD",
        }) as unknown,
        dependsOn: ["ConfigMap services"],
      },
      {
        kind: "RecordSet",
        name: "_acme-challenge.mnist.example.com-CNAME",
        inputs: {
          managedZone: "zone",
          name: "_acme-challenge.mnist.example.com",
          type: "CNAME",
          ttl: 60,
          rrdatas: preview ? "<unknown>" : ["mnist.example.com.goog."],
        },
        dependsOn: [`DnsAuthorization ${name}`],
      },
    ]);
    expect(Object.keys(result?.annotations ?? {})).toEqual(["networking.gke.io/certmap"]);
    expect(result).not.toHaveProperty("listenerOptions");
    expect(result?.ready).toHaveLength(1);
  });

  it("prove a name and all names below it once", async () => {
    const { registered } = await run(preview, certificates("global", ["*.example.com", "example.com"]));
    const names = (kind: string) =>
      google(registered)
        .filter((each) => each.kind === kind)
        .map(({ name, inputs }) => [name, inputs["domain"] ?? inputs["hostname"] ?? inputs["name"]]);
    expect(names("DnsAuthorization")).toEqual([["front-example-com-a379a6", "example.com"]]);
    expect(names("RecordSet")).toEqual([
      ["_acme-challenge.example.com-CNAME", "_acme-challenge.example.com"],
    ]);
    expect(names("CertificateMapEntry")).toEqual([
      ["front-any-example-com-47287a", "*.example.com"],
      ["front-example-com-a379a6", "example.com"],
    ]);
  });

  it("have certificates of a region by their names", async () => {
    const hosts = ["a.example.com", "b.example.com"];
    const { registered, result } = await run(preview, certificates("regional", hosts));
    const kinds = google(registered).map(({ kind }) => kind);
    expect(kinds).toEqual([
      "Certificate",
      "Certificate",
      "DnsAuthorization",
      "DnsAuthorization",
      "RecordSet",
      "RecordSet",
    ]);
    const [certificate] = google(registered).filter(({ kind }) => kind === "Certificate");
    expect(certificate?.inputs).toMatchObject({
      location: "europe-west4",
      managed: { domains: ["a.example.com"] },
    });
    const [authorization] = google(registered).filter(({ kind }) => kind === "DnsAuthorization");
    expect(authorization?.inputs).toMatchObject({ location: "europe-west4", type: "PER_PROJECT_RECORD" });
    const [record] = google(registered).filter(({ kind }) => kind === "RecordSet");
    expect(record?.inputs["name"]).toBe(known("_acme-challenge_1a2b.a.example.com."));
    expect(result?.annotations).toEqual({});
    expect(result?.ready).toHaveLength(2);
    expect(Object.keys(result?.listenerOptions ?? {})).toEqual(["networking.gke.io/cert-manager-certs"]);
    const option = result?.listenerOptions?.["networking.gke.io/cert-manager-certs"];
    if (!preview) {
      const [one, other] = google(registered).map(({ name }) => name);
      expect(await valueOf(output(option))).toBe(`${one}-1a2b3c4,${other}-1a2b3c4`);
    }
  });

  it.each([
    ["global", "SSLPolicy", {}],
    ["regional", "RegionSslPolicy", { region: "europe-west4" }],
  ] as const)("speak no TLS below 1.2: %s", async (scope, kind, where) => {
    const { one } = await run(preview, () => {
      const { platform, parent, provider } = ground(scope);
      const gateway = new core.v1.ConfigMap("gateway", {}, { provider });
      platform.tlsPolicy?.("front", { parent }).attach({
        parent,
        provider,
        namespace: "home",
        gatewayName: "front",
        gateway,
      });
    });
    expect(one(kind).inputs).toEqual({
      project: "my-project",
      profile: "MODERN",
      minTlsVersion: "TLS_1_2",
      ...where,
    });
    expect(one("GCPGatewayPolicy")).toEqual({
      type: "kubernetes:networking.gke.io/v1:GCPGatewayPolicy",
      name: "front",
      inputs: {
        apiVersion: "networking.gke.io/v1",
        kind: "GCPGatewayPolicy",
        metadata: { namespace: "home", labels: labels("front") },
        spec: {
          default: { sslPolicy: known("front-1a2b3c4") },
          targetRef: { group: "gateway.networking.k8s.io", kind: "Gateway", name: "front" },
        },
      },
      parent: "Front front",
      provider: "lab",
      dependsOn: ["ConfigMap gateway", `${kind} front`],
      options: {},
    });
  });

  it.each([
    [true, { sessionAffinity: { type: "GENERATED_COOKIE" } }],
    [false, {}],
  ])("wait for answers, ask for health, and keep sessions: %s", async (sticky, affinity) => {
    const { one } = await run(preview, () => {
      const { platform, parent, provider } = ground("global");
      const service = new core.v1.ConfigMap("service", {}, { provider });
      platform.servicePolicies("ui", {
        parent,
        provider,
        workload: "mnist",
        namespace: "mnist",
        serviceName: "mnist-ui",
        routeName: "route",
        requestTimeoutSeconds: 300,
        sticky,
        health: { path: "/healthz", port: 7860 },
        dependsOn: [service],
      });
    });
    const targetRef = { group: "", kind: "Service", name: "mnist-ui" };
    const policy = (kind: string, spec: object) => ({
      type: `kubernetes:networking.gke.io/v1:${kind}`,
      name: "ui",
      inputs: {
        apiVersion: "networking.gke.io/v1",
        kind,
        metadata: { namespace: "mnist", labels: labels("mnist") },
        spec: { default: spec, targetRef },
      },
      parent: "Front front",
      provider: "lab",
      dependsOn: ["ConfigMap service"],
      options: {},
    });
    expect(one("GCPBackendPolicy")).toEqual(
      policy("GCPBackendPolicy", {
        timeoutSec: 300,
        ...affinity,
        connectionDraining: { drainingTimeoutSec: 60 },
      }),
    );
    expect(one("HealthCheckPolicy")).toEqual(
      policy("HealthCheckPolicy", {
        checkIntervalSec: 15,
        timeoutSec: 10,
        healthyThreshold: 1,
        unhealthyThreshold: 4,
        config: {
          type: "HTTP",
          httpHealthCheck: { requestPath: "/healthz", portSpecification: "USE_FIXED_PORT", port: 7860 },
        },
      }),
    );
  });
});
