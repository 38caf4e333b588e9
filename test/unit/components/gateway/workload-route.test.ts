import { core } from "@pulumi/kubernetes";
import { ComponentResource, output } from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { existingGateway } from "../../../../components/exposure/gateway/existing-gateway";
import type { GatewayPlatform, ServicePolicyArgs } from "../../../../components/exposure/gateway/platform";
import { routeTo, type RouteToArgs } from "../../../../components/exposure/gateway/workload-route";
import { run, valueOf } from "../../../support/mocks";
import { labels, testCluster } from "../fixtures";

/** A workload at a gateway that is there, and what its platform is asked for. */
function ground(
  routeTimeouts: NonNullable<GatewayPlatform["routeTimeouts"]> = "taken",
  args: Partial<RouteToArgs> = {},
) {
  const parent = new ComponentResource("test:index:Ui", "ui");
  const { provider } = testCluster();
  const servicePolicies = vi.fn<(name: string, args: ServicePolicyArgs) => void>();
  const gateway = existingGateway({
    gatewayName: "front",
    namespace: "infra",
    sectionName: "https",
    scheme: "https",
    hosts: ["*.example.com"],
    platform: { sessions: { kind: "kept" }, routeTimeouts, servicePolicies },
    address: "203.0.113.9",
  });
  const service = new core.v1.ConfigMap("service", {}, { provider });
  const route = (name: string, more: Partial<RouteToArgs> = {}) =>
    routeTo(name, {
      gateway,
      host: "mnist.example.com",
      path: "/",
      workload: "mnist",
      namespace: "mnist",
      service: { name: "mnist-ui", port: 80 },
      requestTimeoutSeconds: 299.5,
      sticky: true,
      health: { path: "/healthz", port: 7860 },
      parent,
      provider,
      dependsOn: [service],
      ...args,
      ...more,
    });
  return { gateway, route, servicePolicies };
}

describe.each([false, true])("a workload's route, preview %s", (preview) => {
  it("leads from the listener to the Service, in whole seconds", async () => {
    const { one, result } = await run(preview, () => ground().route("mnist"));
    expect(one("HTTPRoute")).toEqual({
      type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
      name: "mnist-mnist-example-com-4e880f",
      inputs: {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { namespace: "mnist", labels: labels("mnist") },
        spec: {
          parentRefs: [{ name: "front", namespace: "infra", sectionName: "https" }],
          hostnames: ["mnist.example.com"],
          rules: [
            {
              matches: [{ path: { type: "PathPrefix", value: "/" } }],
              backendRefs: [{ name: "mnist-ui", port: 80 }],
              timeouts: { request: "300s" },
            },
          ],
        },
      },
      parent: "Ui ui",
      provider: "lab",
      dependsOn: ["ConfigMap service"],
      options: {},
    });
    expect(result.url).toBe("https://mnist.example.com");
  });

  it("says no time where the controller refuses a route that does", async () => {
    const { one } = await run(preview, () => ground("refused").route("mnist", { path: "/demo" }));
    expect(one("HTTPRoute").inputs["spec"]).toMatchObject({
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/demo" } }],
          backendRefs: [{ name: "mnist-ui", port: 80 }],
        },
      ],
    });
    expect(JSON.stringify(one("HTTPRoute").inputs)).not.toContain("timeouts");
  });
});

it("has the platform's policies made", async () => {
  const { result } = await run(false, () => {
    const made = ground();
    return { ...made, ...made.route("mnist", { path: "/demo" }) };
  });
  expect(result.url).toBe("https://mnist.example.com/demo");
  const [[name, args] = []] = result.servicePolicies.mock.calls;
  expect(name).toBe("mnist");
  expect(args).toMatchObject({
    workload: "mnist",
    namespace: "mnist",
    serviceName: "mnist-ui",
    requestTimeoutSeconds: 300,
    sticky: true,
    health: { path: "/healthz", port: 7860 },
  });
  expect(await valueOf(output(args?.routeName))).toBe("mnist-mnist-example-com-4e880f-1a2b3c4d");
  expect(args?.dependsOn).toHaveLength(1);
});

it("is refused a host that the gateway does not serve", async () => {
  await expect(run(false, () => ground().route("mnist", { host: "mnist.example.org" }))).rejects.toThrow(
    'got "mnist.example.org", which the gateway does not serve; allowed: *.example.com',
  );
});

it("is refused what another workload has, in one cluster", async () => {
  const two = (path: string) => () => {
    const { route } = ground();
    route("ui");
    return route("server", { workload: "server", path }).url;
  };
  const { result } = await run(false, two("/api"));
  expect(result).toBe("https://mnist.example.com/api");
  await expect(run(false, two("/"))).rejects.toThrow(
    'server:\n  path: got "/" of "mnist.example.com" for "server", which leads to "mnist"; allowed: a path or a host of its own',
  );
});

it("goes to a gateway that serves any host, by whatever listener fits", async () => {
  const { result } = await run(false, () =>
    existingGateway({
      gatewayName: "front",
      namespace: "infra",
      scheme: "http",
      platform: { sessions: { kind: "kept" }, servicePolicies: () => undefined },
    }),
  );
  expect(result.listenerFor("any.example.org")).toEqual({ scheme: "http" });
  expect(result.ready).toEqual([]);
});
