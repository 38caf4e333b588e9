import { core } from "@pulumi/kubernetes";
import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { classGateways } from "../../../../components/exposure/gateway/controllers";
import { hostLabel } from "../../../../components/exposure/gateway/host-names";
import type { GatewayHost } from "../../../../components/exposure/gateway/listeners";
import type { GatewayPlatform } from "../../../../components/exposure/gateway/platform";
import {
  SharedGateway,
  type SharedGatewayArgs,
} from "../../../../components/exposure/gateway/shared-gateway";
import { run, valueOf } from "../../../support/mocks";
import { labels, testCluster } from "../fixtures";
import { acme, byClass, certificates, clusterWith, onGke, secret, testZone, withProofs } from "./support";

const make =
  (
    platform: () => GatewayPlatform,
    args: Partial<SharedGatewayArgs> & { readonly hosts: readonly GatewayHost[] },
    publicAddress?: string,
  ) =>
  () =>
    new SharedGateway(
      "front",
      { cluster: clusterWith(platform(), publicAddress), namespaces: ["mnist"], zone: testZone, ...args },
      { transformations: [withProofs] },
    );

const inherited = { parent: "SharedGateway front", provider: "lab" };

describe.each([false, true])("a gateway, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);
  const home = known("front-gateway-1a2b3c4d");
  const allowed = (...values: string[]) => ({
    namespaces: {
      from: "Selector",
      selector: {
        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values }],
      },
    },
  });
  /** Where every host is secured: the redirection and the answers to an ACME server, which are beside it. */
  const http = {
    name: "http",
    port: 80,
    protocol: "HTTP",
    allowedRoutes: { namespaces: { from: "Same" } },
  };
  const clearText = { ...http, allowedRoutes: allowed("mnist", home) };
  const https = { name: "https", port: 443, protocol: "HTTPS", allowedRoutes: allowed("mnist") };
  const patient = { customTimeouts: { create: "20m", update: "20m" } };

  it("on GKE has an address, certificates by a map, and a redirection", async () => {
    const managed = make(onGke, { hosts: [{ host: "mnist.example.com", tls: { kind: "google-managed" } }] });
    const { one, registered, result } = await run(preview, managed);
    expect(one("Namespace")).toEqual({
      type: "kubernetes:core/v1:Namespace",
      name: "front-gateway",
      inputs: { apiVersion: "v1", kind: "Namespace", metadata: { labels: labels("front") } },
      ...inherited,
      dependsOn: [],
      options: {},
    });
    const { dependsOn, ...gateway } = one("Gateway");
    expect(gateway).toEqual({
      type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
      name: "front",
      inputs: {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        metadata: {
          name: "front",
          namespace: home,
          labels: labels("front"),
          annotations: {
            "networking.gke.io/certmap": known("front-1a2b3c4"),
            "pulumi.com/waitFor": "condition=Programmed",
          },
        },
        spec: {
          gatewayClassName: "gke-l7-global-external-managed",
          listeners: [http, https],
          addresses: [{ type: "NamedAddress", value: known("front-gateway-1a2b3c4") }],
        },
      },
      ...inherited,
      options: { ...patient, deleteBeforeReplace: true, replaceOnChanges: ["spec.gatewayClassName"] },
    });
    // Google deletes none of these while a load balancer has it.
    expect([...dependsOn].sort()).toEqual([
      "CertificateMap front",
      "CertificateMapEntry front-mnist-example-com-4e880f",
      "GlobalAddress front-gateway",
      "Namespace front-gateway",
      "SSLPolicy front",
    ]);
    expect(one("HTTPRoute")).toEqual({
      type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
      name: "front-redirect",
      inputs: {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { namespace: home, labels: labels("front") },
        spec: {
          parentRefs: [{ name: "front", sectionName: "http" }],
          hostnames: ["mnist.example.com"],
          rules: [
            { filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] },
          ],
        },
      },
      ...inherited,
      dependsOn: ["Gateway front", "Namespace front-gateway"],
      options: {},
    });
    expect(one("GCPGatewayPolicy").inputs["metadata"]).toEqual({ namespace: home, labels: labels("front") });
    expect(registered.filter(({ type }) => type.endsWith(":ReferenceGrant"))).toEqual([]);
    expect(result.gatewayName).toBe("front");
    expect(result.listenerFor("mnist.example.com")).toEqual({ sectionName: "https", scheme: "https" });
    expect(result.ready).toHaveLength(1);
  });

  it("in a region names its certificates at the listener", async () => {
    const managed = make(() => onGke("regional"), {
      hosts: [{ host: "mnist.example.com", tls: { kind: "google-managed" } }],
    });
    const { one } = await run(preview, managed);
    const { metadata, spec } = one("Gateway").inputs as {
      metadata: { annotations: object };
      spec: { listeners: unknown[] };
    };
    expect(metadata.annotations).toEqual({ "pulumi.com/waitFor": "condition=Programmed" });
    expect(spec.listeners[1]).toEqual({
      ...https,
      tls: {
        mode: "Terminate",
        options: { "networking.gke.io/cert-manager-certs": known("front-mnist-example-com-4e880f-1a2b3c4") },
      },
    });
  });

  it("elsewhere has a listener for each host, and does not wait for certificates", async () => {
    const { one, registered, result } = await run(
      preview,
      make(
        byClass,
        {
          certificates,
          hosts: [
            { host: "mnist.example.com", tls: acme },
            { host: "*.example.com", tls: secret },
            { host: "plain.example.com", tls: { kind: "none" } },
          ],
        },
        "203.0.113.9",
      ),
    );
    const listener = (host: string, certificate: object) => ({
      ...https,
      name: `https-${hostLabel(host)}`,
      hostname: host,
      tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", ...certificate }] },
    });
    const gateway = one("Gateway");
    expect(gateway.inputs["spec"]).toEqual({
      gatewayClassName: "eg",
      listeners: [
        clearText,
        listener("mnist.example.com", { name: "tls-mnist-example-com-4e880f" }),
        listener("*.example.com", { name: "wild", namespace: "certs" }),
      ],
    });
    expect([...gateway.dependsOn].sort()).toEqual([
      "Namespace front-gateway",
      "ReferenceGrant front-any-example-com-47287a",
    ]);
    expect(one("ReferenceGrant")).toEqual({
      type: "kubernetes:gateway.networking.k8s.io/v1beta1:ReferenceGrant",
      name: "front-any-example-com-47287a",
      inputs: {
        apiVersion: "gateway.networking.k8s.io/v1beta1",
        kind: "ReferenceGrant",
        metadata: { namespace: "certs", labels: labels("front") },
        spec: {
          from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: home }],
          to: [{ group: "", kind: "Secret", name: "wild" }],
        },
      },
      ...inherited,
      dependsOn: ["Namespace front-gateway"],
      options: {},
    });
    // A certificate that waited for the gateway, or the gateway for it, would be a knot.
    expect(one("ConfigMap")).toMatchObject({
      name: "mnist-example-com-4e880f-for-front",
      inputs: { metadata: { namespace: home } },
      dependsOn: ["Namespace front-gateway"],
    });
    expect(one("HTTPRoute").inputs["spec"]).toMatchObject({
      hostnames: ["mnist.example.com", "*.example.com"],
    });
    expect(registered.filter(({ type }) => type.startsWith("gcp:"))).toEqual([]);
    expect(result.address).toBe("203.0.113.9");
    expect(result.listenerFor("mnist.example.com")).toEqual({
      sectionName: "https-mnist-example-com-4e880f",
      scheme: "https",
    });
    expect(result.listenerFor("other.example.com")).toEqual({
      sectionName: "https-any-example-com-47287a",
      scheme: "https",
    });
    expect(result.listenerFor("plain.example.com")).toEqual({ sectionName: "http", scheme: "http" });
    expect(() => result.listenerFor("mnist.example.org")).toThrow(
      'got "mnist.example.org", which the gateway does not serve; allowed: mnist.example.com, *.example.com, plain.example.com',
    );
  });

  it("has listeners of the ports that Traefik goes by, and sends people on to 443 all the same", async () => {
    const platform = () => classGateways({ className: "traefik", controller: "traefik", ready: [] });
    const hosts = [
      { host: "a.example.com", tls: secret },
      { host: "b.example.com", tls: acme },
    ];
    const { one } = await run(preview, make(platform, { certificates, hosts }));
    expect(one("Gateway").inputs["spec"]).toMatchObject({
      gatewayClassName: "traefik",
      listeners: [
        { name: "http", port: 8000, protocol: "HTTP" },
        { hostname: "a.example.com", port: 8443, protocol: "HTTPS" },
        { hostname: "b.example.com", port: 8443, protocol: "HTTPS" },
      ],
    });
    expect(one("HTTPRoute").inputs["spec"]).toMatchObject({
      rules: [
        { filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] },
      ],
    });
  });

  it("takes every host in clear text, and is not waited for where no one gives addresses", async () => {
    const { one, registered, result } = await run(
      preview,
      make(byClass, { hosts: [{ tls: { kind: "none" } }], await: false }),
    );
    expect(one("Gateway").inputs["metadata"]).toEqual({
      name: "front",
      namespace: home,
      labels: labels("front"),
    });
    expect(one("Gateway").inputs["spec"]).toEqual({ gatewayClassName: "eg", listeners: [clearText] });
    expect(registered.filter(({ type }) => type.endsWith(":HTTPRoute"))).toEqual([]);
    expect(result.address).toBeUndefined();
    expect(result.listenerFor("any.example.org")).toEqual({ sectionName: "http", scheme: "http" });
  });

  it("takes routes of all namespaces, with TLS alone where every host is secured", async () => {
    const hosts = [{ host: "a.example.com", tls: secret }];
    const { one } = await run(preview, make(byClass, { hosts, namespaces: "all" }));
    const tls = {
      mode: "Terminate",
      certificateRefs: [{ kind: "Secret", name: "wild", namespace: "certs" }],
    };
    expect(one("Gateway").inputs["spec"]).toEqual({
      gatewayClassName: "eg",
      listeners: [
        http,
        {
          name: `https-${hostLabel("a.example.com")}`,
          port: 443,
          protocol: "HTTPS",
          hostname: "a.example.com",
          allowedRoutes: { namespaces: { from: "All" } },
          tls,
        },
      ],
    });
  });

  it("takes routes of all namespaces in clear text, where a host is to be had so", async () => {
    const { one } = await run(
      preview,
      make(byClass, { hosts: [{ host: "a.example.com", tls: { kind: "none" } }], namespaces: "all" }),
    );
    expect(one("Gateway").inputs["spec"]).toEqual({
      gatewayClassName: "eg",
      listeners: [{ ...http, allowedRoutes: { namespaces: { from: "All" } } }],
    });
  });

  it("comes after what brings the Gateway API, and has a Secret of the one workloads' namespace", async () => {
    const { one } = await run(preview, () => {
      const { provider } = testCluster();
      const controller = new core.v1.ConfigMap("controller", {}, { provider });
      const platform = classGateways({ className: "eg", ready: [controller] });
      const hosts = [{ host: "a.example.com", tls: { kind: "secret", secretName: "cert" } as const }];
      return make(() => platform, { hosts, namespaces: [output("mnist")] })();
    });
    expect(one("Gateway").dependsOn).toContain("ConfigMap controller");
    expect(one("ReferenceGrant").dependsOn).toContain("ConfigMap controller");
    expect(one("ReferenceGrant").inputs["metadata"]).toMatchObject({ namespace: "mnist" });
  });
});

it("tells its address, which is there before it", async () => {
  const { result } = await run(false, () => {
    const { address, namespace } = make(onGke, { hosts: [{ tls: { kind: "none" } }] })();
    return { namespace, known: address !== undefined };
  });
  expect(result.known).toBe(true);
  expect(await valueOf(result.namespace)).toBe("front-gateway-1a2b3c4d");
});

it("is at its own reserved address, else at its platform's, else at the cluster's", async () => {
  const hosts = [{ tls: { kind: "none" } as const }];
  const at = (platform: () => GatewayPlatform, publicAddress?: string) =>
    run(false, () => {
      const { address } = make(platform, { hosts }, publicAddress)();
      return output(address);
    }).then(({ result }) => valueOf(result));
  const known = () => classGateways({ className: "traefik", address: "203.0.113.8", ready: [] });
  expect(await at(() => ({ ...onGke(), address: "203.0.113.8" }), "203.0.113.9")).toBe("203.0.113.20");
  expect(await at(known, "203.0.113.9")).toBe("203.0.113.8");
  expect(await at(byClass, "203.0.113.9")).toBe("203.0.113.9");
});

describe("where someone may have to make a record first", () => {
  const tls = { kind: "cert-manager", issuer: { kind: "existing", name: "corp" } } as const;
  it.each([
    ["envoy-gateway", "condition=Accepted"],
    [undefined, "condition=Accepted"],
    // It accepts no gateway before all its certificates are there.
    ["traefik", "jsonpath={.status.listeners}"],
  ] as const)(
    "a gateway of %s is waited for only until its controller has taken it",
    async (controller, by) => {
      const platform = () => classGateways({ className: "front", controller, ready: [] });
      const { one } = await run(
        false,
        make(platform, { hosts: [{ host: "a.example.com", tls }], certificates }),
      );
      expect(one("Gateway").inputs["metadata"]).toMatchObject({ annotations: { "pulumi.com/waitFor": by } });
    },
  );
});
