import { generate } from "selfsigned";
import { describe, expect, it } from "vitest";
import {
  certificateStep,
  type Certificate,
  type CertificateScene,
  type Issuer,
} from "../../../../sandbox/control-plane/keeper/certificates";
import { meta, time } from "./gateway-objects";

const certificate = (spec: Partial<Certificate["spec"]> = {}): Certificate => ({
  metadata: meta("ui"),
  spec: {
    secretName: "tls",
    issuerRef: { name: "ca", kind: "ClusterIssuer" },
    dnsNames: ["a", "b"],
    ...spec,
  },
});
const issuer = (status: "True" | "False", namespace?: string): Issuer => ({
  metadata: meta("ca", namespace),
  spec: {},
  status: { conditions: [{ type: "Ready", status }] },
});
const scene = (of: Partial<CertificateScene> = {}): CertificateScene => ({
  issuers: [],
  clusterIssuers: [issuer("True")],
  secrets: [],
  ...of,
});
const secret = async (annotations: Record<string, string> = {}) => {
  const { cert } = await generate([{ name: "commonName", value: "a" }], {
    keySize: 2048,
    notBeforeDate: new Date("2026-01-01T00:00:00Z"),
    notAfterDate: new Date("2026-04-01T00:00:00Z"),
  });
  return {
    metadata: {
      name: "tls",
      namespace: "web",
      annotations: {
        "cert-manager.io/certificate-name": "ui",
        "cert-manager.io/alt-names": "a,b",
        ...annotations,
      },
    },
    data: { "tls.crt": Buffer.from(cert).toString("base64") },
  };
};
const ready = (status: string, reason: string, message: string) => ({
  conditions: [{ type: "Ready", status, reason, message, observedGeneration: 3, lastTransitionTime: time }],
});
const missing = ready("False", "DoesNotExist", "Issuing certificate as Secret does not exist");
const noIssuer = (kind: string) => ready("False", "DoesNotExist", `Referenced "${kind}" not found: ca`);

describe("a certificate", () => {
  it.each<[string, Certificate, Partial<CertificateScene>, string, object]>([
    ["is issued where it is missing", certificate(), {}, "issue", missing],
    ["waits for its issuer", certificate(), { clusterIssuers: [issuer("False")] }, "tell", missing],
    ["has no issuer", certificate(), { clusterIssuers: [] }, "tell", noIssuer("ClusterIssuer")],
    [
      "has no issuer in its namespace",
      certificate({ issuerRef: { name: "ca" } }),
      { issuers: [issuer("True", "other")] },
      "tell",
      noIssuer("Issuer"),
    ],
    [
      "is issued by one of its namespace",
      certificate({ issuerRef: { name: "ca", kind: "Issuer" } }),
      { issuers: [issuer("True")] },
      "issue",
      missing,
    ],
  ])("%s", (_, of, rest, kind, status) => {
    expect(certificateStep(of, scene(rest), time)).toMatchObject({ kind, status });
  });

  it("is ready once its Secret is there, for as long as that says", async () => {
    expect(certificateStep(certificate(), scene({ secrets: [await secret()] }), time)).toEqual({
      kind: "tell",
      status: {
        ...ready("True", "Ready", "Certificate is up to date and has not expired"),
        notBefore: "2026-01-01T00:00:00Z",
        notAfter: "2026-04-01T00:00:00Z",
        renewalTime: "2026-03-02T00:00:00Z",
        revision: 1,
      },
    });
  });

  it.each([
    ["for other names", { "cert-manager.io/alt-names": "a" }],
    ["of another certificate", { "cert-manager.io/certificate-name": "other" }],
  ])("is issued anew where its Secret is %s", async (_, annotations) => {
    expect(
      certificateStep(certificate(), scene({ secrets: [await secret(annotations)] }), time),
    ).toMatchObject({
      kind: "issue",
      status: ready(
        "False",
        "IncorrectCertificate",
        "Issuing certificate as Secret is of another certificate",
      ),
    });
  });
});
