import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isWithinZone } from "../../../../components/dns/names";
import {
  httpListener,
  httpsListener,
  redirectSpec,
  referenceGrantSpec,
  workloadRouteSpec,
} from "../../../../components/exposure/gateway/gateway-objects";
import {
  backendPolicySpec,
  gatewayPolicySpec,
  googlePolicyKinds,
  healthCheckPolicySpec,
} from "../../../../components/exposure/gateway/google-policies";
import { checkGatewayHost, hostLabel, serves } from "../../../../components/exposure/gateway/host-names";
import { clashes } from "../../../../components/exposure/gateway/routes-taken";
import { charts } from "../../../../components/versions";

describe("a host's label", () => {
  it.each([
    ["mnist.example.com", "mnist-example-com-4e880f"],
    ["*.example.com", "any-example-com-47287a"],
    ["a-very-long-name.somewhere.example.com", "a-very-long-name-713023"],
  ])("of %s is %s", (host, label) => {
    expect(hostLabel(host)).toBe(label);
    expect(label.length).toBeLessThanOrEqual(24);
  });

  it("is another one for each host", () => {
    expect(hostLabel("a-b.example.com")).not.toBe(hostLabel("a.b-example.com"));
    expect(hostLabel("*.example.com")).not.toBe(hostLabel("any.example.com"));
  });
});

it.each([
  ["mnist.example.com", "mnist.example.com", true],
  ["*.example.com", "mnist.example.com", true],
  ["*.example.com", "a.mnist.example.com", false],
  ["*.example.com", "example.com", false],
  ["*.example.com", "*.example.com", true],
  ["mnist.example.com", "other.example.com", false],
])("what is made for %s serves %s: %s", (name, host, expected) => {
  expect(serves(name, host)).toBe(expected);
});

it.each([
  ["example.com", true],
  ["*.example.com", true],
  ["a.b.example.com", true],
  ["badexample.com", false],
  ["example.org", false],
])("%s is in example.com: %s", (host, expected) => {
  expect(isWithinZone(host, "example.com")).toBe(expected);
});

it.each([
  ["mnist.example.com", []],
  ["*.example.com", []],
  [
    "mnist.*.com",
    ['host: got "mnist.*.com"; allowed: a host name, such as mnist.example.com, or *.example.com'],
  ],
  ["*", ['host: got "*"; allowed: a host name, such as mnist.example.com, or *.example.com']],
])("the host %s", (host, faults) => {
  expect(checkGatewayHost("host", host)).toEqual(faults);
});

describe("the Gateway API's objects", () => {
  const allowedRoutes = {
    namespaces: {
      from: "Selector",
      selector: {
        matchExpressions: [
          { key: "kubernetes.io/metadata.name", operator: "In", values: ["mnist", "gateway"] },
        ],
      },
    },
  };
  const namespaces = ["mnist", "gateway"];

  it("have a listener for clear text of every host", () => {
    expect(httpListener({ namespaces })).toEqual({ name: "http", port: 80, protocol: "HTTP", allowedRoutes });
  });

  it.each([
    ["all", "All"],
    ["own", "Same"],
  ] as const)("have listeners that take routes of %s namespaces", (taken, from) => {
    expect(httpListener({ namespaces: taken }).allowedRoutes).toEqual({ namespaces: { from } });
    expect(httpsListener({ name: "https", namespaces: taken }).allowedRoutes).toEqual({
      namespaces: { from },
    });
  });

  it("have listeners of the ports that their controller goes by", () => {
    const ports = { http: 8000, https: 8443 };
    expect([
      httpListener({ namespaces, ports }).port,
      httpsListener({ name: "https", namespaces, ports }).port,
    ]).toEqual([8000, 8443]);
  });

  it("have listeners for TLS, of one host or of all", () => {
    const tls = { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: "cert" }] } as const;
    expect(httpsListener({ name: "https-a", hostname: "a.example.com", tls, namespaces })).toEqual({
      name: "https-a",
      port: 443,
      protocol: "HTTPS",
      hostname: "a.example.com",
      allowedRoutes,
      tls,
    });
    expect(httpsListener({ name: "https", namespaces })).toEqual({
      name: "https",
      port: 443,
      protocol: "HTTPS",
      allowedRoutes,
    });
  });

  it("send people on to HTTPS", () => {
    expect(redirectSpec("front", ["a.example.com", "b.example.com"])).toEqual({
      parentRefs: [{ name: "front", sectionName: "http" }],
      hostnames: ["a.example.com", "b.example.com"],
      rules: [
        { filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] },
      ],
    });
  });

  it("lead to a Service, with a time for answers or without", () => {
    const args = {
      parent: { name: "front", namespace: "gateway", sectionName: "https" },
      host: "a.example.com",
      path: "/demo",
      service: { name: "ui", port: 80 },
    };
    const rule = {
      matches: [{ path: { type: "PathPrefix", value: "/demo" } }],
      backendRefs: [{ name: "ui", port: 80 }],
    };
    const spec = { parentRefs: [args.parent], hostnames: ["a.example.com"] };
    expect(workloadRouteSpec(args)).toEqual({ ...spec, rules: [rule] });
    expect(workloadRouteSpec({ ...args, requestTimeoutSeconds: 300 })).toEqual({
      ...spec,
      rules: [{ ...rule, timeouts: { request: "300s" } }],
    });
  });

  it("let a gateway at one Secret of another namespace", () => {
    expect(referenceGrantSpec("gateway", "cert")).toEqual({
      from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "gateway" }],
      to: [{ group: "", kind: "Secret", name: "cert" }],
    });
  });
});

describe("Google's policies", () => {
  const service = { group: "", kind: "Service", name: "ui" };

  it.each([
    ["takes a second", backendPolicySpec, { default: { timeoutSec: 1 }, targetRef: service }, true],
    ["takes no less", backendPolicySpec, { default: { timeoutSec: 0 }, targetRef: service }, false],
    [
      "lets a cookie last two weeks",
      backendPolicySpec,
      {
        default: { sessionAffinity: { type: "GENERATED_COOKIE", cookieTtlSec: 1209600 } },
        targetRef: service,
      },
      true,
    ],
    [
      "lets no cookie last longer",
      backendPolicySpec,
      {
        default: { sessionAffinity: { type: "GENERATED_COOKIE", cookieTtlSec: 1209601 } },
        targetRef: service,
      },
      false,
    ],
    [
      "drains for an hour at most",
      backendPolicySpec,
      { default: { connectionDraining: { drainingTimeoutSec: 3601 } }, targetRef: service },
      false,
    ],
    [
      "asks ten times at most",
      healthCheckPolicySpec,
      { default: { unhealthyThreshold: 11 }, targetRef: service },
      false,
    ],
    [
      "asks every five minutes at least",
      healthCheckPolicySpec,
      { default: { checkIntervalSec: 300 }, targetRef: service },
      true,
    ],
    ["is for a Service", healthCheckPolicySpec, { targetRef: { ...service, kind: "Gateway" } }, false],
    [
      "is for a Gateway",
      gatewayPolicySpec,
      { targetRef: { group: "gateway.networking.k8s.io", kind: "Gateway", name: "front" } },
      true,
    ],
  ])("%s", (_, schema, spec, valid) => {
    expect(schema.safeParse(spec).success).toBe(valid);
  });

  it("are what a definition of a kind can say", () => {
    expect(googlePolicyKinds.map(({ kind, plural }) => [kind, plural])).toEqual([
      ["GCPBackendPolicy", "gcpbackendpolicies"],
      ["HealthCheckPolicy", "healthcheckpolicies"],
      ["GCPGatewayPolicy", "gcpgatewaypolicies"],
    ]);
    for (const { spec } of googlePolicyKinds) {
      const { $schema, ...schema } = z.toJSONSchema(spec, { io: "input" });
      expect($schema).toBeDefined();
      expect(beyondStructure(schema)).toEqual([]);
    }
  });
});

/** What a structural schema cannot say, or leaves unsaid: each part has a type and no alternatives. */
function beyondStructure(schema: unknown, where = "spec"): string[] {
  if (typeof schema !== "object" || schema === null) return [`${where}: no schema`];
  const allowed = ["type", "properties", "required", "enum", "description"];
  const bounds = ["minimum", "maximum", "minLength", "maxLength"];
  const { type, properties = {} } = schema as { type?: unknown; properties?: object };
  return [
    ...Object.keys(schema)
      .filter((key) => ![...allowed, ...bounds].includes(key))
      .map((key) => `${where}.${key}`),
    ...(typeof type === "string" ? [] : [`${where}: no type`]),
    ...Object.entries(properties).flatMap(([name, each]) => beyondStructure(each, `${where}.${name}`)),
  ];
}

describe("a route that is taken", () => {
  const taken = [{ host: "a.example.com", path: "/demo", workload: "ui" }];

  it.each(["/demo", "/demo/"])("is refused to another workload: %s", (path) => {
    expect(clashes(taken, { host: "a.example.com", path, workload: "server" })).toEqual([
      `path: got "${path}" of "a.example.com" for "server", which leads to "ui"; allowed: a path or a host of its own`,
    ]);
  });

  it.each([
    ["a.example.com", "/"],
    ["a.example.com", "/demo/two"],
    ["b.example.com", "/demo"],
  ])("leaves %s%s to others", (host, path) => {
    expect(clashes(taken, { host, path, workload: "server" })).toEqual([]);
  });
});

it("pins the controllers' charts", () => {
  expect([charts.traefik, charts.envoyGateway, charts.nginxGatewayFabric]).toEqual([
    { name: "traefik", version: "41.3.0", repository: "https://traefik.github.io/charts" },
    { name: "gateway-helm", version: "v1.9.1", repository: "oci://docker.io/envoyproxy" },
    { name: "nginx-gateway-fabric", version: "2.6.7", repository: "oci://ghcr.io/nginx/charts" },
  ]);
});
