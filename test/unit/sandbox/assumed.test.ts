import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/environment";
import { assumeInCluster, zonesAssumedBy } from "../../../sandbox/assumed";
import { byClass, existing, gke, googleZone, stack, zone } from "../infra/grounds";

const environment = (at: object, dns?: object) =>
  parseEnvironment(stack(at, { exposure: "none" }, dns === undefined ? {} : { dns }), {
    where: "test",
    allowPlaceholders: false,
  });
const hosted = { kind: "existing", id: "Z0123456789ABC" };
const parentInGoogle = { kind: "cloud-dns", domain: "dev.acme.dev", id: "dev" };

describe("zones that are said to be there", () => {
  const cases: [what: string, at: object, dns: object | undefined, assumed: object[]][] = [
    ["none", gke(), undefined, []],
    ["none, of a zone that is made", gke(), zone, []],
    ["none, of a zone that is said to be made", gke(), { ...zone, zone: "new" }, []],
    [
      "a hosted zone",
      existing(),
      { ...zone, zone: hosted },
      [{ kind: "route53", domain: "acme.dev", id: "Z0123456789ABC" }],
    ],
    [
      "a managed zone in the host's project",
      gke(),
      { ...googleZone, zone: { kind: "existing", id: "acme-dev" } },
      [{ kind: "cloud-dns", domain: "acme.dev", id: "acme-dev", project: "my-project" }],
    ],
    [
      "a managed zone in a project of its own",
      gke(),
      { ...googleZone, project: "dns-project", zone: { kind: "existing", id: "acme-dev" } },
      [{ kind: "cloud-dns", domain: "acme.dev", id: "acme-dev", project: "dns-project" }],
    ],
    [
      "a parent in Route 53 of a zone that is made in Cloud DNS",
      gke(),
      { ...googleZone, domain: "ml.acme.dev", parent: { kind: "route53", domain: "acme.dev", id: "Z01" } },
      [{ kind: "route53", domain: "acme.dev", id: "Z01" }],
    ],
    [
      "a parent in Cloud DNS of a zone that is made in Route 53",
      existing(),
      { ...zone, domain: "ml.dev.acme.dev", parent: { ...parentInGoogle, project: "dns-project" } },
      [{ kind: "cloud-dns", domain: "dev.acme.dev", id: "dev", project: "dns-project" }],
    ],
  ];
  it.each(cases)("%s", (_what, at, dns, assumed) =>
    expect(zonesAssumedBy(environment(at, dns))).toEqual(assumed),
  );
});

const assumed = { "inference-infra.sandbox/assumed": "true" };

describe("what is said to be in the cluster", () => {
  let server: Server | undefined;
  let folder = "";
  let status = 201;
  const asked: { request: string; body: unknown }[] = [];

  /** An API server that takes down what it is asked, and the kubeconfig that leads to it. */
  beforeEach(async () => {
    asked.length = 0;
    status = 201;
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (part: Buffer) => (text += part.toString()));
      request.on("end", () => {
        asked.push({
          request: `${request.method} ${request.url}`,
          body: text === "" ? undefined : JSON.parse(text),
        });
        response.writeHead(status, { "content-type": "application/json" }).end('{"items":[]}');
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    folder = await mkdtemp(join(tmpdir(), "assumed-"));
    const cluster = {
      name: "c",
      cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true },
    };
    const kubeconfig = {
      clusters: [cluster],
      users: [{ name: "u", user: {} }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      "current-context": "x",
    };
    await writeFile(join(folder, "kubeconfig"), JSON.stringify(kubeconfig));
  });
  afterEach(async () => {
    await new Promise((resolve) => server?.close(resolve));
    await rm(folder, { recursive: true });
  });
  const assume = (at: object) => assumeInCluster(join(folder, "kubeconfig"), environment(at));

  it.each([
    ["the GatewayClass eg", byClass, "inference-infra/envoy-gateway"],
    ["the GatewayClass mine", { kind: "class", className: "mine" }, "inference-infra/sandbox"],
  ])("is %s, by a controller that the sandbox plays", async (_what, gateway, controllerName) => {
    await assume(existing({ gateway }));
    expect(asked).toEqual([
      {
        request: "POST /apis/gateway.networking.k8s.io/v1/gatewayclasses",
        body: {
          apiVersion: "gateway.networking.k8s.io/v1",
          kind: "GatewayClass",
          metadata: { name: gateway.className, labels: assumed },
          spec: { controllerName },
        },
      },
    ]);
  });

  it("may be there", async () => {
    status = 409;
    await expect(assume(existing({ gateway: byClass }))).resolves.toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it("is missed where it cannot be made", async () => {
    status = 403;
    await expect(assume(existing({ gateway: byClass }))).rejects.toMatchObject({ code: 403 });
  });

  it("is someone else's Gateway, in its namespace, for routes of all", async () => {
    await assume(existing({ gateway: { kind: "existing", name: "g", namespace: "n", listener: "tls" } }));
    expect(asked).toMatchObject([
      { request: "POST /api/v1/namespaces", body: { metadata: { name: "n", labels: assumed } } },
      {
        request: "POST /apis/gateway.networking.k8s.io/v1/namespaces/n/gateways",
        body: {
          metadata: { name: "g", labels: assumed },
          spec: { listeners: [{ name: "tls", allowedRoutes: { namespaces: { from: "All" } } }] },
        },
      },
    ]);
  });

  it("goes, where it was only said to be there, and the stack installs it", async () => {
    status = 200;
    const selector = "labelSelector=inference-infra.sandbox%2Fassumed%3Dtrue";
    await assume(existing({ gateway: { kind: "install", controller: "traefik" }, certManager: "install" }));
    expect(asked.map(({ request }) => request)).toEqual([
      `DELETE /apis/gateway.networking.k8s.io/v1/gatewayclasses?${selector}`,
      `GET /api/v1/namespaces?fieldSelector=metadata.name%3Dcert-manager&${selector}`,
    ]);
  });

  it("is cert-manager's namespace, where its issuers look for their Secrets", async () => {
    await assume(gke({ certManager: "existing" }));
    expect(asked).toMatchObject([
      { request: "POST /api/v1/namespaces", body: { metadata: { name: "cert-manager" } } },
    ]);
  });

  it.each([
    ["of GKE, which has its own gateways", gke()],
    ["of a cluster without gateways", existing()],
  ])("is nothing %s", async (_where, at) => {
    await assume(at);
    expect(asked).toEqual([]);
  });
});
