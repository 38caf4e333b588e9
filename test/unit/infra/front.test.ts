import { isSecret, output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/environment";
import { program, type Outputs } from "../../../infra/program";
import { valueOf, type Registered } from "../../support/mocks";
import { runOnClouds } from "../components/dns/clouds";
import { acme, byClass, existing, existingIssuer, gke, googleZone, host, stack, zone } from "./grounds";

const proof = { name: `_acme-challenge.${host}.`, type: "CNAME", data: "1a2b.authorize.goog." };
/** What the clouds answer, whether it is a preview or not. */
const asked = {
  "gcp:organizations/getProject:getProject": { number: "123456789012" },
  "aws:route53/getZone:getZone": { name: "acme.dev", nameServers: ["ns-9.awsdns-09.net"] },
  "gcp:dns/getManagedZone:getManagedZone": {
    dnsName: "acme.dev.",
    nameServers: ["ns-cloud-b1.googledomains.com."],
  },
};
/** What they give to what they have made. */
const given = {
  "gcp:compute/globalAddress:GlobalAddress": { address: "203.0.113.20" },
  "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": { dnsResourceRecords: [proof] },
};

/** Brings a document up, or previews it. */
async function bringUp(document: object, preview = false) {
  const environment = parseEnvironment(document, { where: "test", allowPlaceholders: false });
  const { registered, one, result } = await runOnClouds(preview, () => program(environment), {
    ...asked,
    ...(preview ? {} : given),
  });
  return { registered, one, outputs: result };
}

const named = (registered: readonly Registered[], kind: string) =>
  registered.filter(({ type }) => type.split(":").at(-1) === kind);
/** Records by whom they are made, and of what: `mnist-aws mnist.acme.dev/A 60`. */
const records = (registered: readonly Registered[]) =>
  [...named(registered, "Record"), ...named(registered, "RecordSet")]
    .map(({ provider, name, inputs }) => `${provider} ${name} ${String(inputs["ttl"])}`)
    .sort();
/** What the clouds call a zone that is made. */
const zones = ["gcp:dns/managedZone:ManagedZone", "aws:route53/zone:Zone"];
const spec = (resource: Registered) => resource.inputs["spec"];

const gateway = { host, exposure: "gateway" };
const managed = { ...gateway, tls: "google-managed" };
const lab = (more: object = {}) => existing({ gateway: byClass, publicAddress: "203.0.113.7", ...more });
const login = { credentials: { kind: "generated", username: "ada" } };
const production = { tier: "production" };
/** Outputs that someone has to do something with by hand. */
const byHand = ["uiPointsAt", "uiCertificateRecord", "nameServers", "dsRecord"];
const handed = (outputs: Outputs) => Object.keys(outputs).filter((key) => byHand.includes(key));
const told = (outputs: Outputs, key: string) => valueOf(output(outputs[key] ?? "(missing)"));

describe.each([false, true])("zones in both clouds, preview %s", (preview) => {
  it("Cloud DNS below Route 53: each record by the provider of its zone's cloud", async () => {
    const dns = {
      kind: "cloud-dns",
      project: "dns-project",
      domain: "ml.acme.dev",
      parent: { kind: "route53", domain: "acme.dev", id: "Z0123456789ABC" },
    };
    const { registered, one, outputs } = await bringUp(
      stack(gke(), { ...managed, host: "mnist.ml.acme.dev" }, { dns }),
      preview,
    );
    expect(records(registered)).toEqual([
      "mnist-aws ml.acme.dev/NS 60",
      "mnist-google _acme-challenge.mnist.ml.acme.dev/CNAME 60",
      "mnist-google mnist.ml.acme.dev/A 60",
    ]);
    expect(one("Record").inputs).toMatchObject({ zoneId: "Z0123456789ABC", type: "NS" });
    for (const record of named(registered, "RecordSet"))
      expect(record.inputs).toMatchObject({ project: "dns-project" });
    expect(one("ManagedZone")).toMatchObject({
      name: "mnist-zone",
      inputs: {
        project: "dns-project",
        dnsName: "ml.acme.dev.",
        labels: { environment: "development", application: "mnist", "managed-by": "pulumi" },
      },
      provider: "mnist-google",
    });
    expect(one("ManagedZone").options).toEqual({});
    expect(handed(outputs)).toEqual([]);
  });

  it("Route 53 below Cloud DNS, in another project than the cluster", async () => {
    const dns = {
      kind: "route53",
      domain: "ml.acme.dev",
      ttlSeconds: 30,
      parent: { kind: "cloud-dns", domain: "acme.dev", id: "acme-dev", project: "dns-project" },
    };
    const at = gke({ labels: { team: "ml" } });
    const { registered, one, outputs } = await bringUp(
      stack(at, { ...managed, host: "mnist.ml.acme.dev" }, { dns }),
      preview,
    );
    expect(records(registered)).toEqual([
      "mnist-aws _acme-challenge.mnist.ml.acme.dev/CNAME 30",
      "mnist-aws mnist.ml.acme.dev/A 30",
      "mnist-google ml.acme.dev/NS 30",
    ]);
    expect(one("RecordSet").inputs).toMatchObject({
      project: "dns-project",
      managedZone: "acme-dev",
      name: "ml.acme.dev.",
    });
    const hosted = registered.find(({ type }) => type === "aws:route53/zone:Zone");
    expect(hosted).toMatchObject({
      name: "mnist-zone",
      inputs: { name: "ml.acme.dev", tags: { application: "mnist", team: "ml" } },
      provider: "mnist-aws",
    });
    expect(hosted?.options).toEqual({});
    expect(handed(outputs)).toEqual([]);
  });

  it("a zone that is there, in the host's project: nothing is made but records", async () => {
    const dns = { ...googleZone, zone: { kind: "existing", id: "acme-dev" } };
    const { registered, outputs } = await bringUp(stack(gke(), managed, { dns }), preview);
    expect(named(registered, "ManagedZone")).toEqual([]);
    expect(records(registered)).toEqual([
      `mnist-google _acme-challenge.${host}/CNAME 60`,
      `mnist-google ${host}/A 60`,
    ]);
    for (const record of named(registered, "RecordSet"))
      expect(record.inputs).toMatchObject({ project: "my-project", managedZone: "acme-dev" });
    expect(handed(outputs)).toEqual([]);
  });

  it.each([
    ["cloud-dns", gke(), { ...googleZone, dnssec: true }, ["nameServers", "dsRecord"]],
    ["route53", lab(), zone, ["nameServers"]],
  ] as const)(
    "a new zone of %s in production is protected, and delegated by hand",
    async (_kind, at, dns, hands) => {
      const ui = { ...gateway, ...login, tls: "none" };
      const { registered, outputs } = await bringUp(stack(at, ui, { ...production, dns }), preview);
      const [made, ...more] = registered.filter(({ type }) => zones.includes(type));
      expect(more).toEqual([]);
      expect(made).toMatchObject({ name: "mnist-zone", options: { protect: true } });
      expect(records(registered).filter((record) => record.endsWith(`${host}/A 300`))).toHaveLength(1);
      expect(handed(outputs)).toEqual(hands);
      if (!preview && dns.kind === "cloud-dns") {
        expect(await told(outputs, "nameServers")).toBe("ns-cloud-a1.googledomains.com");
        expect(await told(outputs, "dsRecord")).toBe("54321 8 2 CD34");
      }
    },
  );
});

describe.each([false, true])("a gateway, preview %s", (preview) => {
  it("on GKE has the host and Google's certificate; without a zone, two records are made by hand", async () => {
    const { registered, one, outputs } = await bringUp(stack(gke(), managed), preview);
    expect(spec(one("Gateway"))).toMatchObject({
      gatewayClassName: "gke-l7-global-external-managed",
      listeners: [{ name: "http" }, { name: "https", port: 443 }],
    });
    expect(one("CertificateMapEntry").inputs).toMatchObject({ project: "my-project", hostname: host });
    const route = named(registered, "HTTPRoute").find(({ name }) =>
      name.startsWith("mnist-inference-route-"),
    );
    expect(route?.inputs["spec"]).toMatchObject({
      parentRefs: [{ name: "mnist", sectionName: "https" }],
      hostnames: [host],
    });
    expect(records(registered)).toEqual([]);
    expect(registered.filter(({ provider }) => provider === "mnist-aws")).toEqual([]);
    expect(handed(outputs)).toEqual(["uiPointsAt", "uiCertificateRecord"]);
    if (!preview) {
      expect(await told(outputs, "uiPointsAt")).toBe("203.0.113.20");
      expect(await told(outputs, "uiCertificateRecord")).toBe(`${proof.name} CNAME ${proof.data}`);
    }
  });

  it("in a region, where the document says so", async () => {
    const at = gke({ gateway: "regional", network: { kind: "new", proxyCidr: "10.9.0.0/23" } });
    const { one } = await bringUp(stack(at, { ...gateway, tls: "none" }), preview);
    expect(spec(one("Gateway"))).toMatchObject({ gatewayClassName: "gke-l7-regional-external-managed" });
    expect(one("Address").inputs).toMatchObject({ project: "my-project", region: "europe-west4" });
  });

  it("by a class has a listener by the Secret that cert-manager fills, after what installs it", async () => {
    const { registered, one, outputs } = await bringUp(
      stack(
        lab({ certManager: "install" }),
        { ...gateway, tls: acme("http-01") },
        { dns: { ...zone, zone: { kind: "existing", id: "Z0123456789ABC" } } },
      ),
      preview,
    );
    expect(spec(one("Gateway"))).toMatchObject({
      gatewayClassName: "eg",
      listeners: [
        { name: "http", port: 80 },
        { hostname: host, tls: { certificateRefs: [{ kind: "Secret", name: `tls-${host}` }] } },
      ],
    });
    const issuer = one("ClusterIssuer");
    expect(spec(issuer)).toMatchObject({
      acme: {
        email: "ops@acme.dev",
        server: "https://acme-staging-v02.api.letsencrypt.org/directory",
        solvers: [{ http01: { gatewayHTTPRoute: { parentRefs: [{ name: "mnist" }] } } }],
      },
    });
    expect(issuer.dependsOn).toContain("Release mnist-cert-manager");
    expect(one("Release").inputs).toMatchObject({ values: { config: { gatewayAPI: { enabled: true } } } });
    expect(one("Certificate")).toMatchObject({
      parent: "SharedGateway mnist",
      inputs: { spec: { dnsNames: [host] } },
    });
    expect(records(registered)).toEqual([`mnist-aws ${host}/A 60`]);
    expect(handed(outputs)).toEqual([]);
  });

  it("with a certificate of one's own: it may read the Secret in the workload's namespace", async () => {
    const tls = { kind: "secret", secretName: "mnist-tls" };
    const { one } = await bringUp(
      stack(lab(), { ...gateway, tls }, { namespace: { kind: "existing", name: "ml" } }),
      preview,
    );
    expect(spec(one("Gateway"))).toMatchObject({
      listeners: [{}, { tls: { certificateRefs: [{ name: "mnist-tls", namespace: "ml" }] } }],
    });
    expect(one("ReferenceGrant").inputs).toMatchObject({ metadata: { namespace: "ml" } });
  });

  it("of someone else's: a route at its listener, and nothing beside", async () => {
    const at = existing({
      gateway: { kind: "existing", name: "public", namespace: "infra", listener: "web", scheme: "http" },
      publicAddress: "203.0.113.7",
    });
    const { registered, one, outputs } = await bringUp(stack(at, gateway), preview);
    expect(named(registered, "Gateway")).toEqual([]);
    expect(spec(one("HTTPRoute"))).toMatchObject({
      parentRefs: [{ name: "public", namespace: "infra", sectionName: "web" }],
    });
    expect(await told(outputs, "uiAddress")).toBe(`http://${host}`);
    expect(handed(outputs)).toEqual(["uiPointsAt"]);
    expect(await told(outputs, "uiPointsAt")).toBe("203.0.113.7");
  });

  it("of someone else's speaks TLS where nothing else is said, wherever it is", async () => {
    const at = existing({ gateway: { kind: "existing", name: "public", namespace: "infra" } });
    const { one, outputs } = await bringUp(stack(at, gateway), preview);
    expect(spec(one("HTTPRoute"))).toMatchObject({ parentRefs: [{ name: "public", namespace: "infra" }] });
    expect(await told(outputs, "uiAddress")).toBe(`https://${host}`);
    expect(handed(outputs)).toEqual([]);
  });
});

describe.each([false, true])("an ingress, preview %s", (preview) => {
  const ingress = { exposure: { kind: "ingress", host } };
  const traefik = (more: object = {}) =>
    existing({ ingressClass: "traefik", publicAddress: "lb.example.net", ...more });
  const secrets = (secretName: string) => [{ hosts: [host], secretName }];

  it("has the certificate in the workload's namespace, by an issuer of the stack's", async () => {
    const { one, outputs } = await bringUp(
      stack(traefik({ certManager: "existing" }), { ...ingress, tls: acme("http-01") }),
      preview,
    );
    expect(spec(one("Ingress"))).toMatchObject({ ingressClassName: "traefik", tls: secrets(`tls-${host}`) });
    expect(spec(one("ClusterIssuer"))).toMatchObject({
      acme: { solvers: [{ http01: { ingress: { ingressClassName: "traefik" } } }] },
    });
    const certificate = one("Certificate");
    expect(certificate).toMatchObject({
      inputs: {
        metadata: { namespace: preview ? "<unknown>" : "mnist-1a2b3c4d" },
        spec: { secretName: `tls-${host}`, dnsNames: [host] },
      },
      parent: "Workspace mnist",
    });
    // The page by which the host is proved may have to come through the Ingress.
    expect(certificate.dependsOn).not.toContain("Ingress mnist-inference-ingress");
    expect(one("Ingress").dependsOn).not.toContain(`Certificate ${certificate.name}`);
    expect(await told(outputs, "uiAddress")).toBe(`https://${host}`);
    expect(await told(outputs, "uiPointsAt")).toBe("lb.example.net");
    expect(handed(outputs)).toEqual(["uiPointsAt"]);
  });

  it("by an issuer that is there", async () => {
    const { registered, one } = await bringUp(
      stack(traefik({ certManager: "existing" }), { ...ingress, tls: existingIssuer }),
      preview,
    );
    expect(named(registered, "ClusterIssuer")).toEqual([]);
    expect(spec(one("Certificate"))).toMatchObject({
      issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
    });
    expect(spec(one("Ingress"))).toMatchObject({ tls: secrets(`tls-${host}`) });
  });

  it.each([
    ["as ui.tls", { ...ingress, tls: { kind: "secret", secretName: "mine" } }],
    ["as ui.exposure.tls", { exposure: { ...ingress.exposure, tls: { secretName: "mine" } } }],
  ])("by a Secret that is there, %s", async (_where, ui) => {
    const { registered, one } = await bringUp(
      stack(traefik(), ui, { namespace: { kind: "existing", name: "ml" } }),
      preview,
    );
    expect(spec(one("Ingress"))).toMatchObject({ tls: secrets("mine") });
    expect(named(registered, "Certificate")).toEqual([]);
  });

  it("in clear text where nothing is said", async () => {
    const { one, outputs } = await bringUp(stack(traefik(), ingress, { dns: zone }), preview);
    expect(spec(one("Ingress"))).not.toHaveProperty("tls");
    expect(one("Record").inputs).toMatchObject({ name: host, type: "CNAME", records: ["lb.example.net"] });
    expect(handed(outputs)).toEqual(["nameServers"]);
  });
});

describe("Let's Encrypt", () => {
  const at = (tier: string, more: object = {}) =>
    stack(lab({ certManager: "existing" }), { ...gateway, ...login, tls: acme("http-01", more) }, { tier });
  it.each([
    ["development", {}, "https://acme-staging-v02.api.letsencrypt.org/directory"],
    ["staging", {}, "https://acme-staging-v02.api.letsencrypt.org/directory"],
    ["production", {}, "https://acme-v02.api.letsencrypt.org/directory"],
    ["staging", { server: "https://ca.acme.dev/directory" }, "https://ca.acme.dev/directory"],
  ])("in %s with %j is asked at %s", async (tier, more, server) => {
    const { one } = await bringUp(at(tier, more));
    expect(spec(one("ClusterIssuer"))).toMatchObject({ acme: { server } });
  });

  it("sees the host in Google's zone, which cert-manager's own identity may change", async () => {
    const document = stack(
      gke({ certManager: "install" }),
      { ...gateway, tls: acme("dns-01") },
      { dns: googleZone },
    );
    const { one } = await bringUp(document);
    expect(spec(one("ClusterIssuer"))).toMatchObject({
      acme: {
        solvers: [{ dns01: { cloudDNS: { project: "my-project", hostedZoneName: "mnist-zone-1a2b3c4" } } }],
      },
    });
    expect(one("DnsManagedZoneIamMember")).toMatchObject({
      inputs: {
        project: "my-project",
        managedZone: "mnist-zone-1a2b3c4",
        role: "roles/dns.admin",
        member:
          "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/my-project.svc.id.goog/subject/ns/cert-manager/sa/cert-manager",
      },
      provider: "mnist-google",
    });
  });
});

it("secrets, and they alone, are secret among the outputs", async () => {
  const { outputs } = await bringUp(stack(gke(), { ...managed, ...login }));
  const secret: string[] = [];
  for (const [key, value] of Object.entries(outputs)) if (await isSecret(output(value))) secret.push(key);
  expect(secret.sort()).toEqual(["kubeconfig", "uiPassword"]);
});

it.each([
  ["a name that is none", { exposure: "none" }],
  ["a load balancer without a name", { exposure: "load-balancer" }],
])("of %s, nothing has to be done by hand", async (_what, ui) => {
  const { outputs } = await bringUp(stack(existing({ publicAddress: "203.0.113.7" }), ui));
  expect(handed(outputs)).toEqual([]);
});

it("a node's port is told by where it leads", async () => {
  const exposure = { kind: "node-port", port: 30080, frontNode: { addresses: ["10.0.0.4", "203.0.113.4"] } };
  const { outputs, registered } = await bringUp(stack(existing(), { host, exposure }));
  expect(await told(outputs, "uiPointsAt")).toBe("203.0.113.4");
  expect(
    registered.filter(({ type }) => type.startsWith("pulumi:providers:")).map(({ name }) => name),
  ).toEqual(["mnist-host"]);
});
