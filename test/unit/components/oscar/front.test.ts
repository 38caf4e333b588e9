import { core } from "@pulumi/kubernetes";
import { output, RunError } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { classGateways } from "../../../../components/exposure/gateway/controllers";
import type { GatewayPlatform } from "../../../../components/exposure/gateway/platform";
import { hostLabel } from "../../../../components/exposure/gateway/host-names";
import type { Tls } from "../../../../components/exposure/tls/tls";
import type { ClusterHandle } from "../../../../components/host/cluster-handle";
import {
  OscarFront,
  oscarUploadSeconds,
  validateOscarFront,
  type InstalledTraefik,
  type OscarExposure,
  type OscarFrontArgs,
} from "../../../../components/oscar/platform/front";
import { toldAddress } from "../../../../components/oscar/platform/validate-front";
import { run, valueOf, type Registered } from "../../../support/mocks";
import { runOnClouds } from "../dns/clouds";
import { all, reservingCluster, sharedGateway, zoneOf } from "../exposure/support";
import { labels, testCluster } from "../fixtures";
import { acme, certificates, onGke, secret } from "../gateway/support";

const hosts = ["oscar.example.com", "minio.example.com"] as const;
const none: Tls = { kind: "none" };
const install = { kind: "traefik", traefik: "install", tls: secret } as const;
const existing = { kind: "traefik", traefik: "existing", tls: secret } as const;
const traefik = (address?: string) =>
  classGateways({ className: "traefik", controller: "traefik", address, ready: [] });
/** A cluster that has gateways by a platform. */
const having = (gateways: GatewayPlatform, publicAddress?: string): ClusterHandle =>
  Object.assign(testCluster(publicAddress === undefined ? {} : { publicAddress }), { gateways });

/** The records, in the order of their names. */
const recordsOf = (registered: readonly Registered[]) =>
  all(registered, "RecordSet")
    .map(({ name, inputs }) => [name, inputs["rrdatas"]])
    .sort();

const make = (args: Partial<OscarFrontArgs> & { readonly exposure: OscarExposure }) =>
  new OscarFront("oscar", { cluster: testCluster(), hosts, ...args });

describe.each([false, true])("the front, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);
  const fromAll = { namespaces: { from: "All" } };
  const listener = (host: string, certificate: object) => ({
    name: `https-${hostLabel(host)}`,
    port: 8443,
    protocol: "HTTPS",
    hostname: host,
    allowedRoutes: fromAll,
    tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", ...certificate }] },
  });

  it("is a Traefik and a gateway for everyone's routes, with the hosts' records", async () => {
    const ran = await runOnClouds(preview, () => {
      const cluster = reservingCluster();
      const certManager = new core.v1.ConfigMap("cert-manager", {}, { provider: cluster.provider });
      const exposure = { ...install, tls: acme, certificates, after: [certManager] };
      return make({ cluster, exposure, zone: zoneOf("cloud-dns") });
    });
    const { one, registered, result } = ran;
    expect(one("GatewayController")).toMatchObject({ name: "oscar", parent: "OscarFront oscar" });
    expect(one("SharedGateway")).toMatchObject({ name: "oscar", parent: "OscarFront oscar" });
    expect(all(registered, "Job")).toEqual([]);
    const upload = { transport: { respondingTimeouts: { readTimeout: `${oscarUploadSeconds}s` } } };
    expect(one("Release").inputs).toMatchObject({
      chart: "traefik",
      values: {
        providers: { kubernetesGateway: { enabled: true } },
        gateway: { enabled: false },
        ingressClass: { isDefaultClass: false },
        ports: { web: upload, websecure: upload },
        service: { spec: { loadBalancerIP: known("203.0.113.21") } },
      },
    });
    expect(one("Gateway").inputs["spec"]).toEqual({
      gatewayClassName: "traefik",
      listeners: [
        // OSCAR's routes name no listener, and must not be taken by this one.
        { name: "http", port: 8000, protocol: "HTTP", allowedRoutes: { namespaces: { from: "Same" } } },
        listener("oscar.example.com", { name: `tls-${hostLabel("oscar.example.com")}` }),
        listener("minio.example.com", { name: `tls-${hostLabel("minio.example.com")}` }),
      ],
    });
    // What gets certificates goes after the gateway, and after Traefik.
    const namespaces = all(registered, "Namespace").map(({ name, dependsOn }) => ({ name, dependsOn }));
    expect(namespaces.sort((one, other) => one.name.localeCompare(other.name))).toEqual([
      { name: "oscar-gateway", dependsOn: ["ConfigMap cert-manager"] },
      { name: "oscar-traefik", dependsOn: ["ConfigMap cert-manager"] },
    ]);
    const at = preview ? "<unknown>" : ["203.0.113.21"];
    expect(recordsOf(registered)).toEqual([
      ["minio.example.com/A", at],
      ["oscar.example.com/A", at],
    ]);
    // An ACME server comes by the record before the gateway is there.
    for (const { dependsOn } of all(registered, "RecordSet"))
      expect([...dependsOn].sort()).toEqual(["Address oscar-address", "ManagedZone site"]);
    expect(result.ready).toHaveLength(1);
    expect(result.gateway.gatewayName).toBe("oscar");
    expect(result.gateway.listenerFor("minio.example.com")).toEqual({
      sectionName: `https-${hostLabel("minio.example.com")}`,
      scheme: "https",
    });
    if (!preview) expect(await valueOf(output(result.address))).toBe("203.0.113.21");
  });

  it("is on a node's ports, with the Gateway API, in clear text, and with records by hand", async () => {
    const exposure: InstalledTraefik = {
      ...install,
      tls: none,
      gatewayApi: "install",
      reach: { kind: "front-node", node: { addresses: ["203.0.113.4"] } },
      await: false,
    };
    const { one, registered, result } = await run(preview, () => make({ exposure }));
    expect(one("GatewayApi")).toMatchObject({ name: "oscar" });
    expect(one("Release").inputs["values"]).toMatchObject({
      deployment: { kind: "DaemonSet" },
      service: { spec: { type: "ClusterIP" } },
    });
    expect(one("Gateway").inputs).toMatchObject({
      metadata: { name: "oscar", labels: labels("oscar") },
      spec: { listeners: [{ name: "http", port: 8000, protocol: "HTTP", allowedRoutes: fromAll }] },
    });
    expect(one("Gateway").inputs["metadata"]).not.toHaveProperty("annotations");
    expect(registered.filter(({ type }) => /record/i.test(type))).toEqual([]);
    expect(result.address).toBe("203.0.113.4");
    expect(result.gateway.listenerFor("oscar.example.com")).toEqual({ sectionName: "http", scheme: "http" });
  });

  it.each([
    ["the cluster's", () => ({ cluster: having(traefik(), "lb.example.net"), exposure: existing })],
    [
      "one of the stack's",
      () => ({
        cluster: having(onGke(), "203.0.113.9"),
        exposure: { ...existing, platform: traefik("lb.example.net") },
      }),
    ],
  ])("is a gateway of a Traefik that is there, %s", async (_what, args) => {
    const { one, registered } = await runOnClouds(preview, () =>
      make({ ...args(), zone: zoneOf("cloud-dns") }),
    );
    expect(all(registered, "GatewayController")).toEqual([]);
    expect(one("Gateway").inputs["spec"]).toMatchObject({ gatewayClassName: "traefik" });
    expect(recordsOf(registered)).toEqual([
      ["minio.example.com/CNAME", ["lb.example.net."]],
      ["oscar.example.com/CNAME", ["lb.example.net."]],
    ]);
  });

  it("is a gateway that is there, with records", async () => {
    const ready = () => [new core.v1.ConfigMap("read", {}, { provider: testCluster().provider })];
    const { registered, result } = await runOnClouds(preview, () => {
      const gateway = sharedGateway({ address: "203.0.113.5", ready: ready() });
      return { gateway, front: make({ exposure: { kind: "gateway", gateway }, zone: zoneOf("cloud-dns") }) };
    });
    expect(result.front.gateway).toBe(result.gateway);
    expect(result.front.ready).toBe(result.gateway.ready);
    expect(result.front.address).toBe("203.0.113.5");
    expect(registered.filter(({ parent }) => parent === "OscarFront oscar")).toEqual([]);
    expect(recordsOf(registered)).toEqual([
      ["minio.example.com/A", ["203.0.113.5"]],
      ["oscar.example.com/A", ["203.0.113.5"]],
    ]);
  });
});

describe("the address that a cluster or a cloud tells", () => {
  it("is taken where it is public", () => {
    expect(toldAddress("zone example.com", "203.0.113.5")).toBe("203.0.113.5");
  });

  it("is refused for a record where it is private", () => {
    expect(() => toldAddress("OscarFront oscar: zone example.com", "172.18.0.2")).toThrow(
      new RunError(
        "OscarFront oscar: zone example.com: got 172.18.0.2; needed: an address that is public, so that a name in the DNS leads to it",
      ),
    );
  });
});

describe("the front's faults", () => {
  const faultsOf = async (args: () => Partial<OscarFrontArgs>, name = "oscar") => {
    const { result } = await runOnClouds(false, () =>
      validateOscarFront(name, { cluster: testCluster(), exposure: install, hosts, ...args() }),
    );
    return result;
  };
  const zone = () => zoneOf("cloud-dns");
  const because =
    "because the services that OSCAR exposes are routes with Traefik's Middlewares, which no other controller takes, Google's neither";
  const acmeBy = (challenge: "http-01" | "dns-01"): Tls => ({
    kind: "cert-manager",
    issuer: { kind: "acme", email: "me@example.com", challenge },
  });
  const node = (addresses: string[]) => ({ kind: "front-node", node: { addresses } }) as const;

  it.each<[string, () => Partial<OscarFrontArgs>]>([
    ["without a zone", () => ({})],
    ["with reserved addresses", () => ({ cluster: reservingCluster(), zone: zone() })],
    [
      "with a known address",
      () => ({ cluster: testCluster({ publicAddress: "203.0.113.9" }), zone: zone() }),
    ],
    [
      "on a node",
      () => ({
        exposure: { ...install, reach: { kind: "front-node", node: { name: "edge-1" } } },
        zone: zone(),
      }),
    ],
    [
      "by its platform's address",
      () => ({ exposure: { ...existing, platform: traefik("1.2.3.4") }, zone: zone() }),
    ],
    [
      "with the Gateway API beside cert-manager, which does without it",
      () => ({ exposure: { ...install, gatewayApi: "install", tls: acmeBy("dns-01"), certificates } }),
    ],
    ["of a gateway that is there", () => ({ exposure: { kind: "gateway", gateway: sharedGateway() } })],
  ])("are none, %s", async (_what, args) => {
    expect(await faultsOf(args)).toEqual([]);
  });

  it.each<[string, () => Partial<OscarFrontArgs>, string[]]>([
    [
      "no hosts",
      () => ({ hosts: [] }),
      ["hosts: got none; needed: the name that OSCAR is reached under, first"],
    ],
    [
      "hosts that are none, that are there twice or in no zone",
      () => ({
        cluster: reservingCluster(),
        zone: zone(),
        hosts: ["oscar.example.com", "Oscar", "oscar.example.com", "oscar.badexample.com"],
      }),
      [
        'hosts[1]: got "Oscar"; allowed: a host name, such as mnist.example.com',
        'hosts[2]: got "oscar.example.com", as hosts[0]; allowed: each host once',
        'hosts[3]: got "oscar.badexample.com"; allowed: example.com, or a name that ends in .example.com, the zone',
      ],
    ],
    [
      "a gateway that does not serve a host, of which no one knows the address",
      () => ({
        exposure: { kind: "gateway", gateway: sharedGateway({ hosts: ["oscar.example.com"] }) },
        zone: zone(),
      }),
      [
        'hosts[1]: got "minio.example.com", which the gateway does not serve; allowed: oscar.example.com',
        "zone: got example.com, but nothing says what the hosts' records are to point at; needed: exposure.gateway's address",
      ],
    ],
    [
      "no gateways",
      () => ({ exposure: existing }),
      [
        `exposure.traefik: got "existing", but the cluster has no gateways; allowed: install, or gateways with controller: traefik, ${because}`,
      ],
    ],
    [
      "Google's gateways, and no address",
      () => ({ cluster: having(onGke()), exposure: existing, zone: zone() }),
      [
        `exposure.traefik: got "existing", but the cluster's gateways are those of GatewayClass gke-l7-global-external-managed (nothing says whose it is); allowed: install, or gateways with controller: traefik, ${because}`,
        "zone: got example.com, but nothing says what the hosts' records are to point at; needed: the cluster's publicAddress",
      ],
    ],
    [
      "another controller's gateways",
      () => ({
        exposure: {
          ...existing,
          platform: classGateways({ className: "eg", controller: "envoy-gateway", ready: [] }),
        },
      }),
      [
        `exposure.traefik: got "existing", but exposure.platform are those of GatewayClass eg (envoy-gateway); allowed: install, or gateways with controller: traefik, ${because}`,
      ],
    ],
    [
      "a load balancer of which no one knows the address",
      () => ({ zone: zone() }),
      [
        "zone: got example.com, but nothing says what the hosts' records are to point at; needed: the cluster's publicAddress, or exposure.reach: front-node",
      ],
    ],
    [
      "Google's certificates",
      () => ({ exposure: { ...install, tls: { kind: "google-managed" } } }),
      [
        "exposure.tls.kind: got \"google-managed\", which only GKE's own gateways know, and OSCAR needs Traefik's; allowed: cert-manager, secret, self-signed or none",
      ],
    ],
    [
      "a Secret that could be anywhere",
      () => ({ exposure: { ...install, tls: { kind: "secret", secretName: "cert" } } }),
      [
        "exposure.tls.namespace: missing; needed: the namespace of the Secret, because the gateway takes routes of all namespaces",
      ],
    ],
    [
      "no one who gets certificates",
      () => ({ exposure: { ...install, tls: { kind: "self-signed" } } }),
      [
        'exposure.certificates: missing; needed: what gets certificates from cert-manager (certificateMaker), because exposure.tls.kind is "self-signed"',
      ],
    ],
    [
      "a node without a public address, and a Gateway API that cert-manager has to come after",
      () => ({
        exposure: {
          ...install,
          tls: acmeBy("http-01"),
          certificates,
          gatewayApi: "install",
          reach: node(["10.0.0.4"]),
        },
      }),
      [
        'exposure.gatewayApi: got "install"; allowed: existing, because for challenge http-01 cert-manager comes after ' +
          'the Gateway API and before this; or traefik: "existing", with the platform of a GatewayController',
        "exposure.reach.node.addresses: got 10.0.0.4; needed: an address that is public, so that a name in the DNS leads to it",
      ],
    ],
  ])("are told of %s", async (_what, args, faults) => {
    expect(await faultsOf(args)).toEqual(faults);
  });

  it("come all at once when it is made", async () => {
    const name = "a".repeat(31);
    await expect(
      run(false, () => new OscarFront(name, { cluster: testCluster(), exposure: existing, hosts: [] })),
    ).rejects.toThrow(
      `OscarFront ${name}:\n` +
        `  name: got "${name}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 30 characters\n` +
        "  hosts: got none; needed: the name that OSCAR is reached under, first\n" +
        `  exposure.traefik: got "existing", but the cluster has no gateways; allowed: install, or gateways with controller: traefik, ${because}`,
    );
  });
});
