import { X509Certificate } from "node:crypto";
import type { V1Secret } from "@kubernetes/client-node";
import type { generate } from "selfsigned";
import { ApiError, type Api } from "./api";
import { conditions, ifThere, stated, writeStatus, type Condition, type Custom } from "./custom";
import type { Mirror } from "./mirror";

const group = "/apis/cert-manager.io/v1";
export const certificatesPath = `${group}/certificates`;
export const issuersPath = `${group}/issuers`;
export const clusterIssuersPath = `${group}/clusterissuers`;

export type Issuer = Custom<
  { readonly acme?: object },
  { readonly conditions?: readonly Pick<Condition, "type" | "status">[] }
>;

export type Certificate = Custom<
  {
    readonly secretName: string;
    readonly issuerRef: { readonly name: string; readonly kind?: string; readonly group?: string };
    readonly dnsNames?: readonly string[];
    readonly commonName?: string;
    readonly isCA?: boolean;
  },
  {
    readonly conditions?: readonly Condition[];
    readonly notBefore?: string;
    readonly notAfter?: string;
    readonly renewalTime?: string;
    readonly revision?: number;
  }
>;

/** How long one is good, as with Let's Encrypt and by cert-manager's own default. */
const days = 90;
const dayMs = 24 * 3600 * 1000;

/** What is known of certificates in the cluster. */
export interface CertificateScene {
  readonly issuers: readonly Issuer[];
  readonly clusterIssuers: readonly Issuer[];
  readonly secrets: readonly V1Secret[];
}

/** What cert-manager would do with one: say how it is, or get one first. */
export type CertificateStep =
  | { readonly kind: "issue"; readonly issuer: Issuer; readonly status: NonNullable<Certificate["status"]> }
  | { readonly kind: "tell"; readonly status: NonNullable<Certificate["status"]> };

export function certificateStep(
  certificate: Certificate,
  scene: CertificateScene,
  time: string,
): CertificateStep {
  const { metadata, spec, status } = certificate;
  const { kind = "Issuer", name } = spec.issuerRef;
  const issuer =
    kind === "ClusterIssuer"
      ? scene.clusterIssuers.find((each) => each.metadata.name === name)
      : scene.issuers.find(
          (each) => each.metadata.name === name && each.metadata.namespace === metadata.namespace,
        );
  const secret = scene.secrets.find(
    (each) => each.metadata?.name === spec.secretName && each.metadata.namespace === metadata.namespace,
  );
  const told = (holds: boolean, reason: string, message: string) =>
    conditions([stated("Ready", holds, reason, message)], status?.conditions, metadata.generation, time);
  const isReady = issuer?.status?.conditions?.some((each) => each.type === "Ready" && each.status === "True");
  if (secret === undefined || !isOf(secret, certificate)) {
    const why = secret === undefined ? "DoesNotExist" : "IncorrectCertificate";
    const how =
      issuer === undefined
        ? `Referenced "${kind}" not found: ${name}`
        : `Issuing certificate as Secret ${secret === undefined ? "does not exist" : "is of another certificate"}`;
    const waiting = { conditions: told(false, why, how) };
    if (issuer === undefined || isReady !== true) return { kind: "tell", status: waiting };
    return { kind: "issue", issuer, status: waiting };
  }
  const { validFrom, validTo } = new X509Certificate(Buffer.from(secret.data?.["tls.crt"] ?? "", "base64"));
  const begin = new Date(validFrom).getTime();
  const end = new Date(validTo).getTime();
  return {
    kind: "tell",
    status: {
      conditions: told(true, "Ready", "Certificate is up to date and has not expired"),
      notBefore: inSeconds(begin),
      notAfter: inSeconds(end),
      renewalTime: inSeconds(end - (end - begin) / 3),
      revision: status?.revision ?? 1,
    },
  };
}

/** Plays cert-manager, and the authority behind its issuers. */
export async function issueCertificates(
  api: Api,
  certificates: Mirror<Certificate>,
  secrets: Mirror<V1Secret>,
  issuers: Omit<CertificateScene, "secrets">,
): Promise<void> {
  for (const certificate of certificates.items) {
    const { metadata, spec } = certificate;
    const isOurs = (spec.issuerRef.group ?? "cert-manager.io") === "cert-manager.io";
    if (!isOurs || metadata.deletionTimestamp !== undefined) continue;
    const scene = { ...issuers, secrets: secrets.items };
    const step = certificateStep(certificate, scene, new Date().toISOString());
    await writeStatus(api, certificates, certificatesPath, certificate, step.status);
    if (step.kind === "issue") await ifThere(() => issue(api, secrets, certificate, step.issuer));
  }
}

/** Signed by itself: no one is behind the issuer, and nothing answers at the addresses that it would be shown at. */
async function issue(
  api: Api,
  secrets: Mirror<V1Secret>,
  certificate: Certificate,
  issuer: Issuer,
): Promise<void> {
  const { metadata, spec } = certificate;
  const { cert, private: key } = await (
    await signer()
  )([{ name: "commonName", value: commonName(certificate) }], {
    keySize: 2048,
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + days * dayMs),
    extensions: [
      { name: "basicConstraints", cA: spec.isCA === true },
      ...(names(certificate) === ""
        ? []
        : [
            {
              name: "subjectAltName" as const,
              altNames: (spec.dnsNames ?? []).map((value) => ({ type: 2 as const, value })),
            },
          ]),
    ],
  });
  const { kind = "Issuer", name } = spec.issuerRef;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const body = {
    metadata: {
      name: spec.secretName,
      labels: { "controller.cert-manager.io/fao": "true" },
      annotations: {
        "cert-manager.io/certificate-name": metadata.name,
        "cert-manager.io/issuer-name": name,
        "cert-manager.io/issuer-kind": kind,
        "cert-manager.io/issuer-group": "cert-manager.io",
        "cert-manager.io/common-name": commonName(certificate),
        "cert-manager.io/alt-names": names(certificate),
      },
    },
    data: {
      "tls.crt": base64(cert),
      "tls.key": base64(key),
      // A public authority's own certificate is known; cert-manager puts in others'.
      ...(issuer.spec.acme === undefined && { "ca.crt": base64(cert) }),
    },
  };
  const path = `/api/v1/namespaces/${metadata.namespace}/secrets`;
  const type = "kubernetes.io/tls";
  try {
    secrets.put(await api.send<V1Secret>({ method: "POST", path, body: { ...body, type } }));
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 409)) throw error;
    secrets.put(await api.send<V1Secret>({ method: "PATCH", path: `${path}/${spec.secretName}`, body }));
  }
  console.log(`issued certificate ${metadata.namespace}/${metadata.name} for ${names(certificate)}`);
}

/** Loaded where the first certificate is asked for: most sandboxes need none. */
async function signer(): Promise<typeof generate> {
  return (await import("selfsigned")).generate;
}

function isOf({ metadata, data }: V1Secret, certificate: Certificate): boolean {
  const { annotations = {} } = metadata ?? {};
  return (
    data?.["tls.crt"] !== undefined &&
    annotations["cert-manager.io/certificate-name"] === certificate.metadata.name &&
    annotations["cert-manager.io/alt-names"] === names(certificate)
  );
}

function names({ spec }: Certificate): string {
  return (spec.dnsNames ?? []).join(",");
}

function commonName({ metadata, spec }: Certificate): string {
  return spec.commonName ?? spec.dnsNames?.[0] ?? metadata.name;
}

function inSeconds(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000Z", "Z");
}
