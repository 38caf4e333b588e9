import { core } from "@pulumi/kubernetes";
import { ComponentResource, output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  classGateways,
  controllers,
  type Controller,
} from "../../../../components/exposure/gateway/controllers";
import {
  GatewayController,
  validateGatewayController,
} from "../../../../components/exposure/gateway/gateway-controller";
import type { GatewayReach } from "../../../../components/exposure/gateway/traefik-values";
import { podSecurity } from "../../../../components/kubernetes/security";
import { run, valueOf } from "../../../support/mocks";
import { runOnClouds } from "../dns/clouds";
import { reservingCluster } from "../exposure/support";
import { labels, testCluster } from "../fixtures";

const sessions = (controller?: Controller) =>
  classGateways({ className: "front", controller, ready: [] }).sessions;

describe("whether sessions are kept", () => {
  it.each<[Controller | undefined, string]>([
    [
      "traefik",
      "Traefik's gateways do not see to that; or take exposure: ingress of Traefik's class, which does by a cookie",
    ],
    [
      "nginx-gateway-fabric",
      "NGINX Gateway Fabric's gateways see to that with NGINX Plus only; or take Envoy Gateway, which does by a cookie",
    ],
    [
      undefined,
      "nothing says whose the gateway's class is; or name its controller (traefik, envoy-gateway, nginx-gateway-fabric), " +
        "of which Envoy Gateway sees to that",
    ],
  ])("not by %s", (controller, reason) => {
    expect(sessions(controller)).toEqual({ kind: "not-kept", reason });
  });

  it("by Envoy Gateway", () => {
    expect(sessions("envoy-gateway")).toEqual({ kind: "kept" });
  });
});

describe("the ports of listeners", () => {
  const ports = { http: 9080, https: 9443 };
  it.each<[Controller | undefined, typeof ports | undefined, typeof ports | undefined]>([
    ["traefik", undefined, { http: 8000, https: 8443 }],
    ["traefik", ports, ports],
    ["envoy-gateway", undefined, undefined],
    ["nginx-gateway-fabric", undefined, undefined],
    [undefined, undefined, undefined],
    [undefined, ports, ports],
  ])("of %s, told %j, are %j", (controller, told, expected) => {
    expect(classGateways({ className: "front", controller, ports: told, ready: [] }).listenerPorts).toEqual(
      expected,
    );
  });
});

it("says whose they are, and where they are reached, where that is known", () => {
  const told = classGateways({ className: "t", controller: "traefik", address: "203.0.113.4", ready: [] });
  expect([told.controller, told.address]).toEqual(["traefik", "203.0.113.4"]);
  const untold = classGateways({ className: "t", ready: [] });
  expect(["controller" in untold, "address" in untold]).toEqual([false, false]);
});

it.each([
  ["traefik", undefined],
  ["envoy-gateway", undefined],
  ["nginx-gateway-fabric", "refused"],
  [undefined, undefined],
] as const)("a route of %s may say a time: %s", (controller, expected) => {
  expect(classGateways({ className: "front", controller, ready: [] }).routeTimeouts).toBe(expected);
});

const policies =
  (controller: Controller | undefined, sticky: boolean, requestTimeoutSeconds = 300) =>
  () => {
    const parent = new ComponentResource("test:index:Front", "front");
    const { provider } = testCluster();
    const service = new core.v1.ConfigMap("service", {}, { provider });
    const platform = classGateways({ className: "front", controller, ready: [] });
    platform.servicePolicies("ui", {
      parent,
      provider,
      workload: "mnist",
      namespace: "mnist",
      serviceName: "mnist-ui",
      routeName: "ui-1a2b",
      requestTimeoutSeconds,
      sticky,
      health: { path: "/", port: 7860 },
      dependsOn: [service],
    });
  };

describe.each([false, true])("policies, preview %s", (preview) => {
  it("keep a person at one pod by a cookie, with Envoy Gateway", async () => {
    const { one } = await run(preview, policies("envoy-gateway", true));
    expect(one("BackendTrafficPolicy")).toEqual({
      type: "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy",
      name: "ui",
      inputs: {
        apiVersion: "gateway.envoyproxy.io/v1alpha1",
        kind: "BackendTrafficPolicy",
        metadata: { namespace: "mnist", labels: labels("mnist") },
        spec: {
          targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "ui-1a2b" }],
          loadBalancer: {
            type: "ConsistentHash",
            consistentHash: { type: "Cookie", cookie: { name: "inference-ui", ttl: "24h" } },
          },
        },
      },
      parent: "Front front",
      provider: "lab",
      dependsOn: ["ConfigMap service"],
      options: {},
    });
  });

  it.each([
    [300, "300s"],
    [9999, "9999s"],
    [10001, "167m"],
  ])("let NGINX Gateway Fabric wait %i s for an answer: %s", async (seconds, read) => {
    const { one } = await run(preview, policies("nginx-gateway-fabric", true, seconds));
    expect(one("ProxySettingsPolicy")).toEqual({
      type: "kubernetes:gateway.nginx.org/v1alpha1:ProxySettingsPolicy",
      name: "ui",
      inputs: {
        apiVersion: "gateway.nginx.org/v1alpha1",
        kind: "ProxySettingsPolicy",
        metadata: { namespace: "mnist", labels: labels("mnist") },
        spec: {
          targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "ui-1a2b" }],
          timeout: { read },
        },
      },
      parent: "Front front",
      provider: "lab",
      dependsOn: ["ConfigMap service"],
      options: {},
    });
  });

  it.each([
    ["envoy-gateway", false],
    ["traefik", true],
    [undefined, true],
  ] as const)("are none of %s where sticky is %s", async (controller, sticky) => {
    const { registered } = await run(preview, policies(controller, sticky));
    expect(registered.filter(({ parent }) => parent === "Front front")).toEqual([]);
  });
});

/** A chart's values, and who makes the class. */
const expected: Record<
  Controller,
  { namespace: string; className: string; release: object; makesClass: boolean }
> = {
  traefik: {
    namespace: "traefik",
    className: "traefik",
    makesClass: false,
    release: {
      chart: "traefik",
      repositoryOpts: { repo: "https://traefik.github.io/charts" },
      version: "41.3.0",
      values: {
        providers: { kubernetesGateway: { enabled: true } },
        gateway: { enabled: false },
        ingressClass: { isDefaultClass: false },
      },
    },
  },
  "envoy-gateway": {
    namespace: "envoy-gateway-system",
    className: "eg",
    makesClass: true,
    release: { chart: "oci://docker.io/envoyproxy/gateway-helm", version: "v1.9.1", values: {} },
  },
  "nginx-gateway-fabric": {
    namespace: "nginx-gateway",
    className: "nginx",
    makesClass: false,
    release: { chart: "oci://ghcr.io/nginx/charts/nginx-gateway-fabric", version: "2.6.7", values: {} },
  },
};

describe.each([false, true])("a controller, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);

  it.each(controllers)("is installed: %s", async (controller) => {
    const { one, registered, result } = await run(
      preview,
      () => new GatewayController("lab", { cluster: testCluster(), controller }),
    );
    const { namespace, className, release, makesClass } = expected[controller];
    expect(one("Namespace")).toEqual({
      type: "kubernetes:core/v1:Namespace",
      name: `lab-${controller}`,
      inputs: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: namespace, labels: labels(controller) },
      },
      parent: "GatewayController lab",
      provider: "lab",
      dependsOn: [],
      options: {},
    });
    expect(one("Release").inputs).toMatchObject({ ...release, namespace: known(namespace), atomic: true });
    expect(one("Release").dependsOn).toEqual([`Namespace lab-${controller}`]);
    const classes = registered.filter(({ type }) => type.endsWith(":GatewayClass"));
    expect(classes).toEqual(
      makesClass
        ? [
            {
              type: "kubernetes:gateway.networking.k8s.io/v1:GatewayClass",
              name: `lab-${className}`,
              inputs: {
                apiVersion: "gateway.networking.k8s.io/v1",
                kind: "GatewayClass",
                metadata: { name: className, labels: labels(controller) },
                spec: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
              },
              parent: "GatewayController lab",
              provider: "lab",
              dependsOn: ["Release lab"],
              options: {},
            },
          ]
        : [],
    );
    expect(result.platform.className).toBe(className);
    expect(result.platform.ready).toHaveLength(makesClass ? 2 : 1);
  });

  it("comes after the Gateway API, where that is installed too", async () => {
    const { one } = await run(
      preview,
      () =>
        new GatewayController("lab", {
          cluster: testCluster(),
          controller: "traefik",
          gatewayApi: "install",
        }),
    );
    expect(one("GatewayApi")).toMatchObject({ name: "lab", parent: "GatewayController lab" });
    expect(one("Job").inputs["metadata"]).toMatchObject({ namespace: known("traefik") });
    expect([...one("Release").dependsOn].sort()).toEqual(["Job lab-gateway-api", "Namespace lab-traefik"]);
  });

  it("comes from the cluster's folder of charts, where it has one", async () => {
    const { one } = await run(
      preview,
      () =>
        new GatewayController("lab", {
          cluster: { provider: testCluster().provider, chartsFolder: "/charts" },
          controller: "envoy-gateway",
        }),
    );
    expect(one("Release").inputs).toMatchObject({ chart: "/charts/gateway-helm", version: "v1.9.1" });
  });
});

describe.each([false, true])("what Traefik is reached by, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);
  const install = (reach?: GatewayReach, cluster = reservingCluster) =>
    run(preview, () => new GatewayController("lab", { cluster: cluster(), controller: "traefik", reach }));

  it.each([undefined, { kind: "load-balancer" }] as const)(
    "is a load balancer with an address that is there before (%j)",
    async (reach) => {
      const { one, result } = await install(reach);
      expect(one("Address")).toMatchObject({
        name: "lab-address",
        inputs: { project: "my-project", region: "europe-west4" },
        parent: "GatewayController lab",
      });
      const release = one("Release");
      expect(release.inputs["values"]).toMatchObject({
        service: { spec: { loadBalancerIP: known("203.0.113.21") } },
      });
      // The address is given back after the load balancer.
      expect([...release.dependsOn].sort()).toEqual(["Address lab-address", "Namespace lab-traefik"]);
      expect(result.platform.controller).toBe("traefik");
      if (!preview) expect(await valueOf(output(result.platform.address))).toBe("203.0.113.21");
    },
  );

  it("is a load balancer of which no one knows the address, where none is reserved", async () => {
    const { one, result } = await install(undefined, testCluster);
    expect(one("Release").inputs).toMatchObject(expected.traefik.release);
    expect(one("Release").inputs["values"]).not.toHaveProperty("service");
    expect(result.platform.address).toBeUndefined();
  });

  it("are the ports of a node, with its address", async () => {
    const { one, registered, result } = await install({
      kind: "front-node",
      node: { addresses: ["10.0.0.4", "203.0.113.4"] },
    });
    expect(registered.filter(({ type }) => type.endsWith(":Address"))).toEqual([]);
    // What host ports are to a cluster that refuses them by default.
    expect(one("Namespace").inputs["metadata"]).toEqual({
      name: "traefik",
      labels: { ...labels("traefik"), ...podSecurity("privileged") },
    });
    expect(one("Release").inputs["values"]).toMatchObject({
      deployment: { kind: "DaemonSet" },
      ports: { web: { hostPort: 80 }, websecure: { hostPort: 443 } },
    });
    expect(result.platform.address).toBe("203.0.113.4");
  });

  it("are the ports of a node that the cluster is asked for, private as its address may be", async () => {
    const { one, result } = await runOnClouds(
      preview,
      () =>
        new GatewayController("lab", {
          cluster: testCluster(),
          controller: "traefik",
          reach: { kind: "front-node", node: { name: "edge-1" } },
        }),
      {
        "kubernetes:core/v1:Node": {
          status: { addresses: [{ type: "InternalIP", address: "172.18.0.2" }] },
        },
      },
    );
    expect(one("Release").inputs["values"]).toMatchObject({ updateStrategy: { type: "Recreate" } });
    expect(await valueOf(output(result.platform.address))).toBe("172.18.0.2");
  });

  it("comes after what the controller is to come after", async () => {
    const { one } = await run(preview, () => {
      const cluster = testCluster();
      const before = new core.v1.ConfigMap("before", {}, { provider: cluster.provider });
      return new GatewayController("lab", { cluster, controller: "traefik" }, { dependsOn: [before] });
    });
    expect(one("Namespace").dependsOn).toEqual(["ConfigMap before"]);
    expect(one("Release").dependsOn).toEqual(["Namespace lab-traefik"]);
  });
});

it("refuses a name that Helm would not take", async () => {
  const name = "a".repeat(45);
  await expect(
    run(false, () => new GatewayController(name, { cluster: testCluster(), controller: "traefik" })),
  ).rejects.toThrow(
    `GatewayController ${name}:\n  name: got "${name}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 44 characters`,
  );
});

describe("a controller's faults", () => {
  const name42 = "a".repeat(42);
  it.each([
    ["lab", { controller: "envoy-gateway", gatewayApi: "existing" }, []],
    ["lab", { controller: "traefik", gatewayApi: "install" }, []],
    [`${name42}aa`, { controller: "traefik" }, []],
    [name42, { controller: "traefik", gatewayApi: "install" }, []],
    ["lab", { controller: "envoy-gateway", reach: { kind: "load-balancer" } }, []],
    ["lab", { controller: "traefik", reach: { kind: "front-node", node: { name: "edge-1" } } }, []],
    [
      "lab",
      { controller: "traefik", reach: { kind: "front-node", node: { name: "" } }, uploadSeconds: 0.5 },
      [
        'reach.node.name: got ""; needed: a node (kubectl get nodes -o wide)',
        "uploadSeconds: got 0.5; allowed: a whole number of at least 1",
      ],
    ],
    [
      "lab",
      {
        controller: "nginx-gateway-fabric",
        reach: { kind: "front-node", node: { name: "edge-1" } },
        uploadSeconds: 600,
      },
      [
        'reach.kind: got "front-node"; allowed: load-balancer for nginx-gateway-fabric, which has one for each gateway; or take traefik',
        "uploadSeconds: got 600; allowed: none for nginx-gateway-fabric, because Traefik alone is told",
      ],
    ],
    [
      `${name42}a`,
      { controller: "envoy-gateway", gatewayApi: "install" },
      [
        `name: got "${name42}a"; allowed: lower-case letters, digits and hyphens, a letter first, at most 42 characters`,
        'gatewayApi: got "install"; allowed: existing, because Envoy Gateway brings the Gateway API itself',
      ],
    ],
  ] as const)("%s, %j", (name, args, faults) => {
    expect(validateGatewayController(name, args)).toEqual(faults);
  });
});
