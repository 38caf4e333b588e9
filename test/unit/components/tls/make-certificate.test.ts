import { core } from "@pulumi/kubernetes";
import { ComponentResource, output, type Resource } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { secretNameFor } from "../../../../components/exposure/tls/certificate";
import {
  certificateMaker,
  type CertificateMakerArgs,
} from "../../../../components/exposure/tls/make-certificate";
import type { CertManagerTls } from "../../../../components/exposure/tls/tls";
import type { DnsZone } from "../../../../components/dns/dns";
import { labels, testCluster } from "../fixtures";
import { run } from "../../../support/mocks";

const acme = (challenge: "http-01" | "dns-01", email = "ml@acme.org"): CertManagerTls => ({
  kind: "cert-manager",
  issuer: { kind: "acme", email, challenge },
});
const staging = "https://acme-staging-v02.api.letsencrypt.org/directory";

/** A zone that grants by a ConfigMap. */
const zone = (): DnsZone => ({
  kind: "cloud-dns",
  domain: "acme.org",
  ttlSeconds: 60,
  nameServers: output([]),
  ready: [],
  acmeSolver: { cloudDNS: { project: "my-project", hostedZoneName: "acme" } },
  record: () => {
    throw new Error("no record is asked for");
  },
  grantChanges: (name, identity, options) => new core.v1.ConfigMap(name, { data: { identity } }, options),
});

/** A maker in a component, and what brought cert-manager. */
function ground(args: Partial<CertificateMakerArgs> = {}) {
  const { provider } = testCluster();
  const parent: Resource = new ComponentResource("test:Front", "front");
  const release = new core.v1.ConfigMap("cert-manager", {}, { provider });
  const make = certificateMaker({
    name: "front",
    cluster: {
      provider,
      cloud: "google",
      workloadPrincipal: (namespace, account) => output([namespace, account]).apply((ids) => ids.join("/")),
    },
    certManager: { namespace: "cert-manager", serviceAccount: "cert-manager", ready: [release] },
    production: false,
    solver: { kind: "gateway" },
    parent,
    ...args,
  });
  return { make, parent };
}

const place = { namespace: "edge", gatewayName: "front" };

describe.each([false, true])("a certificate, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);
  const common = { parent: "Front front", provider: "lab" };
  const certificate = {
    ...common,
    type: "kubernetes:cert-manager.io/v1:Certificate",
    name: "front-mnist.acme.org",
    inputs: {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { namespace: "edge", labels: labels("front") },
      spec: {
        secretName: "tls-mnist.acme.org",
        dnsNames: ["mnist.acme.org"],
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        issuerRef: {
          group: "cert-manager.io",
          kind: "ClusterIssuer",
          name: known("front-http-01-5b6ce403-1a2b3c4d"),
        },
      },
    },
    dependsOn: ["ClusterIssuer front-http-01-5b6ce403"],
    options: {},
  };
  const issuer = {
    ...common,
    type: "kubernetes:cert-manager.io/v1:ClusterIssuer",
    name: "front-http-01-5b6ce403",
    inputs: {
      apiVersion: "cert-manager.io/v1",
      kind: "ClusterIssuer",
      metadata: { labels: labels("front"), annotations: { "pulumi.com/waitFor": "condition=Ready" } },
      spec: {
        acme: {
          email: "ml@acme.org",
          server: staging,
          privateKeySecretRef: { name: "acme-account-6cdb09ea" },
          solvers: [
            {
              http01: {
                gatewayHTTPRoute: {
                  serviceType: "ClusterIP",
                  parentRefs: [
                    {
                      group: "gateway.networking.k8s.io",
                      kind: "Gateway",
                      name: "front",
                      namespace: "edge",
                    },
                  ],
                },
              },
            },
          ],
        },
      },
    },
    dependsOn: ["ConfigMap cert-manager"],
    options: { customTimeouts: { create: "3m", update: "3m" } },
  };

  it("by http-01 through the gateway that is to show it", async () => {
    const { one, result } = await run(preview, () => {
      const { make, parent } = ground();
      return make({ host: "mnist.acme.org", tls: acme("http-01"), parent, ...place });
    });
    expect(one("ClusterIssuer")).toEqual(issuer);
    expect(one("Certificate")).toEqual(certificate);
    expect(result.secretName).toBe("tls-mnist.acme.org");
    expect(result.ready).toHaveLength(1);
  });

  it("by dns-01, once cert-manager's identity may change the zone", async () => {
    const { one, registered } = await run(preview, () => {
      const { make, parent } = ground({ zone: zone() });
      make({ host: "*.acme.org", tls: acme("dns-01"), parent, ...place });
      make({ host: "acme.org", tls: acme("dns-01", "other@acme.org"), parent, ...place });
    });
    const issuers = registered.filter(({ type }) => type.endsWith(":ClusterIssuer"));
    expect(issuers.map(({ inputs }) => inputs["spec"])).toEqual([
      {
        acme: {
          email: "ml@acme.org",
          server: staging,
          privateKeySecretRef: { name: "acme-account-6cdb09ea" },
          solvers: [{ dns01: { cloudDNS: { project: "my-project", hostedZoneName: "acme" } } }],
        },
      },
      expect.objectContaining({ acme: expect.objectContaining({ email: "other@acme.org" }) }),
    ]);
    // Granted once, however many accounts there are.
    for (const { dependsOn } of issuers)
      expect(dependsOn).toEqual(["ConfigMap cert-manager", "ConfigMap front-dns-01"]);
    const grants = registered.filter(({ name }) => name === "front-dns-01");
    expect(grants.map(({ inputs }) => inputs["data"])).toEqual([{ identity: "cert-manager/cert-manager" }]);
    expect(registered.find(({ name }) => name === "front-wildcard.acme.org")?.inputs["spec"]).toMatchObject({
      secretName: "wildcard-tls.acme.org",
      dnsNames: ["*.acme.org"],
    });
    expect(() => one("Certificate")).toThrow("found 2");
  });

  it("by an authority of the cluster's own, for all hosts the same", async () => {
    const { registered } = await run(preview, () => {
      const { make, parent } = ground();
      make({ host: "a.localhost", tls: { kind: "self-signed" }, parent, ...place });
      make({ host: "b.localhost", tls: { kind: "self-signed" }, parent, namespace: "mnist" });
    });
    const awaited = { labels: labels("front"), annotations: { "pulumi.com/waitFor": "condition=Ready" } };
    const made = registered
      .filter(({ type }) => type.includes("cert-manager.io"))
      .map(({ type, name, inputs, dependsOn }) => ({
        is: `${type.split(":").at(-1)} ${name}`,
        metadata: inputs["metadata"],
        spec: inputs["spec"],
        dependsOn,
      }));
    const { privateKey } = certificate.inputs.spec;
    const ref = (name: string) => ({ group: "cert-manager.io", kind: "ClusterIssuer", name: known(name) });
    const host = (name: string, namespace: string) => ({
      is: `Certificate front-${name}`,
      metadata: { ...awaited, namespace },
      spec: {
        secretName: `tls-${name}`,
        dnsNames: [name],
        privateKey,
        issuerRef: ref("front-ca-1a2b3c4d"),
      },
      dependsOn: ["ClusterIssuer front-ca"],
    });
    expect(made).toEqual([
      {
        is: "ClusterIssuer front-self-signed",
        metadata: awaited,
        spec: { selfSigned: {} },
        dependsOn: ["ConfigMap cert-manager"],
      },
      {
        is: "Certificate front-ca",
        metadata: { ...awaited, namespace: "cert-manager" },
        spec: {
          secretName: "front-ca",
          isCA: true,
          commonName: "front (not trusted by browsers)",
          duration: "87600h",
          privateKey,
          issuerRef: ref("front-self-signed-1a2b3c4d"),
        },
        dependsOn: ["ClusterIssuer front-self-signed"],
      },
      {
        is: "ClusterIssuer front-ca",
        metadata: awaited,
        spec: { ca: { secretName: "front-ca" } },
        dependsOn: ["Certificate front-ca"],
      },
      host("a.localhost", "edge"),
      host("b.localhost", "mnist"),
    ]);
  });

  it("by an issuer that is there, which is not touched", async () => {
    const { registered, one } = await run(preview, () => {
      const { make, parent } = ground();
      const tls: CertManagerTls = { kind: "cert-manager", issuer: { kind: "existing", name: "corp" } };
      return make({ host: "mnist.acme.org", tls, parent, ...place });
    });
    expect(registered.filter(({ type }) => type.includes("cert-manager.io"))).toHaveLength(1);
    const { spec, ...rest } = certificate.inputs;
    expect(one("Certificate")).toEqual({
      ...certificate,
      inputs: { ...rest, spec: { ...spec, issuerRef: { ...spec.issuerRef, name: "corp" } } },
      dependsOn: ["ConfigMap cert-manager"],
    });
  });
});

describe("issuers", () => {
  const specs = async (args: Partial<CertificateMakerArgs>, tls: readonly CertManagerTls[]) => {
    const { registered } = await run(false, () => {
      const { make, parent } = ground(args);
      for (const [index, one] of tls.entries())
        make({ host: `h${index}.acme.org`, tls: one, parent, ...place });
    });
    return registered
      .filter(({ type }) => type.endsWith(":ClusterIssuer"))
      .map(({ inputs }) => inputs["spec"]);
  };

  it("are shared by the hosts of one account and challenge", async () => {
    expect(await specs({}, [acme("http-01"), acme("http-01")])).toHaveLength(1);
    expect(await specs({}, [acme("http-01"), acme("http-01", "you@acme.org")])).toHaveLength(2);
    expect(await specs({ zone: zone() }, [acme("http-01"), acme("dns-01")])).toHaveLength(2);
  });

  it.each<[string, Partial<CertificateMakerArgs>, string | undefined, string]>([
    ["staging", {}, undefined, staging],
    ["production", { production: true }, undefined, "https://acme-v02.api.letsencrypt.org/directory"],
    ["their own server", { production: true }, "https://pki.acme.org/dir", "https://pki.acme.org/dir"],
  ])("are at %s", async (_, args, server, expected) => {
    const tls: CertManagerTls = {
      kind: "cert-manager",
      issuer: { kind: "acme", email: "ml@acme.org", challenge: "http-01", server },
    };
    expect(await specs(args, [tls])).toMatchObject([{ acme: { server: expected } }]);
  });

  it("answer through an ingress controller", async () => {
    const solver = { kind: "ingress", className: "nginx" } as const;
    expect(await specs({ solver }, [acme("http-01")])).toMatchObject([
      { acme: { solvers: [{ http01: { ingress: { ingressClassName: "nginx" } } }] } },
    ]);
  });
});

describe("what no validation should have let pass", () => {
  it.each<[string, Partial<CertificateMakerArgs>, CertManagerTls, string]>([
    ["no zone", {}, acme("dns-01"), 'dns-01: got "dns-01"; needed: a zone'],
    [
      "no identity",
      { zone: zone(), cluster: { provider: testProvider(), cloud: "google" } },
      acme("dns-01"),
      "dns-01: the cluster gives pods no identity",
    ],
    ["no gateway", {}, acme("http-01"), "mnist.acme.org: http-01 through a gateway needs the gateway's name"],
  ])("%s", async (_, args, tls, message) => {
    const refused = run(false, () => {
      const { make, parent } = ground(args);
      return make({ host: "mnist.acme.org", tls, parent, namespace: "edge" });
    });
    await expect(refused).rejects.toThrow(message);
  });
});

it.each([
  ["mnist.acme.org", "tls-mnist.acme.org"],
  ["*.acme.org", "wildcard-tls.acme.org"],
  ["wildcard-tls.acme.org", "tls-wildcard-tls.acme.org"],
])("the Secret of %s is %s", (host, name) => expect(secretNameFor(host)).toBe(name));

function testProvider() {
  return testCluster().provider;
}
