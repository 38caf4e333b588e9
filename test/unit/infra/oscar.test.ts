import { describe, expect, it } from "vitest";
import { SecretValue } from "../../../infra/secrets";
import { faultsOf } from "./faults-of";
import { acme, byClass, existing, gke, googleZone, storage, zone } from "./grounds";

const name = "oscar.acme.dev";
const traefik = { kind: "class", className: "traefik", controller: "traefik" };
const shared = { ...storage, readWriteMany: { name: "nfs", binding: "Immediate" } };
const lab = existing({ certManager: "install" });
const google = gke({ certManager: "install", filestore: { tier: "standard" } });
const nfs = { kind: "nfs", size: "10Gi" };
const minio = { kind: "managed", size: "10Gi" };

/** Let's Encrypt's directory that browsers trust, and OSCAR; outside production the default is another. */
const server = "https://acme-v02.api.letsencrypt.org/directory";

/** The least that OSCAR takes on someone's cluster. */
const least = {
  host: name,
  tls: "self-signed",
  metricsServer: "install",
  sharedStorage: nfs,
  objectStorage: minio,
};
const onGke = { host: name, tls: acme("dns-01", { server }), sharedStorage: "host", objectStorage: minio };
const external = {
  kind: "external",
  endpoint: "https://minio.acme.dev:9000",
  accessKey: "admin",
  secretKey: new SecretValue("s"),
};
const oidc = { issuers: ["https://login.acme.dev/"], groups: ["ml"] };

const stack = (host: object, oscar: object, more: object = {}) => ({
  name: "lab",
  tier: "development",
  host,
  oscar,
  ...more,
});

describe("nothing is wrong with", () => {
  const cases: [what: string, document: object][] = [
    ["the least", stack(lab, least)],
    ["GKE, a name and its certificate", stack(google, onGke, { dns: googleZone })],
    [
      "names for MinIO",
      stack(
        google,
        { ...onGke, objectStorage: { ...minio, host: "s3.acme.dev", consoleHost: "minio.acme.dev" } },
        { dns: googleZone },
      ),
    ],
    ["the host's Traefik", stack(existing({ gateway: traefik, certManager: "existing" }), least)],
    [
      "the host's class of shared volumes",
      stack(existing({ storage: shared, certManager: "existing" }), { ...least, sharedStorage: "host" }),
    ],
    [
      "a node in front, and a zone",
      stack(
        lab,
        { ...least, gateway: { kind: "install", gatewayApi: "install", frontNode: { name: "node-1" } } },
        { dns: zone },
      ),
    ],
    [
      "a load balancer whose address is known, and a zone",
      stack(existing({ certManager: "install", publicAddress: "203.0.113.7" }), least, { dns: zone }),
    ],
    [
      "a Gateway that is there",
      stack(existing(), {
        ...least,
        tls: "none",
        gateway: { kind: "existing", name: "public", namespace: "traefik" },
      }),
    ],
    ["clear text", stack(existing(), { ...least, tls: "none" })],
    [
      "users with quotas",
      stack(lab, {
        ...least,
        oidc,
        quotas: { buckets: 5, storage: "5Gi" },
        objectStorage: { ...minio, layout: "four-drives" },
      }),
    ],
    ["KServe beside Knative", stack(lab, { ...least, kserve: true, knative: "existing" })],
    [
      "another MinIO",
      stack(lab, {
        ...least,
        objectStorage: {
          kind: "external",
          endpoint: "https://minio.acme.dev:9000",
          accessKey: "admin",
          secretKey: new SecretValue("s"),
        },
      }),
    ],
    [
      "a MinIO whose administrator is a secret too",
      stack(lab, { ...least, objectStorage: { ...external, accessKey: new SecretValue("a") } }),
    ],
    ["CPUs as a number", stack(lab, { ...least, oidc, kueue: { cpu: 2 } })],
    ["production", stack({ ...lab, context: "lab" }, least, { tier: "production" })],
  ];
  it.each(cases)("%s", (_what, document) => expect(faultsOf(document)).toEqual([]));
});

describe("a fault is", () => {
  const cases: [what: string, document: object, ...faults: string[]][] = [
    [
      "a name outside the zone, or twice the same",
      stack(
        lab,
        {
          ...least,
          host: "oscar.other.dev",
          objectStorage: { ...minio, host: "s3.acme.dev", consoleHost: "s3.acme.dev" },
        },
        { dns: zone },
      ),
      "environment.host.publicAddress: missing; needed, for the records of OSCAR's names to point at: the address or host name of the gateway's load balancer (kubectl get service -A), or oscar.gateway.frontNode",
      'environment.oscar.host: got "oscar.other.dev"; allowed: acme.dev, or a name that ends in .acme.dev, the zone',
      'environment.oscar.objectStorage.consoleHost: got "s3.acme.dev", which is host too; allowed: another one, because each leads to a port of its own',
      'environment.oscar.objectStorage.host: got "s3.acme.dev" with a certificate that OSCAR does not trust; allowed: none, with which MinIO is reached from inside the cluster; or a certificate of the usual authorities (with ACME, issuer.server: https://acme-v02.api.letsencrypt.org/directory)',
    ],
    [
      "the UI's name",
      stack(
        existing({ gateway: byClass, certManager: "existing" }),
        { ...least, host: "mnist.acme.dev" },
        {
          ui: { image: "ghcr.io/acme/ui:1", host: "mnist.acme.dev", tls: "self-signed", exposure: "gateway" },
        },
      ),
      'environment.oscar.host: got "mnist.acme.dev", which leads elsewhere already; allowed: a name of its own',
    ],
    [
      "a host without a class of shared volumes",
      stack(lab, { ...least, sharedStorage: "host" }),
      'environment.oscar.sharedStorage.kind: got "host", but the host has no class of volumes that pods of many nodes mount; allowed: nfs, or add host.storage.readWriteMany',
    ],
    [
      "the same on GKE, and what GKE has already",
      stack(
        gke({ certManager: "install" }),
        {
          ...onGke,
          metricsServer: "install",
          tolerateGpuTaint: true,
          gateway: { kind: "install", gatewayApi: "existing", frontNode: { name: "node-1" } },
        },
        { dns: googleZone },
      ),
      "environment.oscar.gateway.frontNode: given; allowed: none on GKE, which has load balancers",
      'environment.oscar.gateway.gatewayApi: got "existing"; allowed: install, because GKE leaves the Gateway API to the stack',
      'environment.oscar.metricsServer: got "install"; allowed: existing, because GKE has it already',
      'environment.oscar.sharedStorage.kind: got "host", but the host has no class of volumes that pods of many nodes mount; allowed: nfs, or add host.filestore',
      "environment.oscar.tolerateGpuTaint: got true (a boolean); allowed: none on GKE, which does so by itself",
    ],
    [
      "pods that may not be privileged",
      stack(existing({ certManager: "install", privilegedPods: false }), least),
      "environment.host.privilegedPods: got false (a boolean); allowed with oscar: true, because OSCAR mounts buckets by privileged pods, which GKE Autopilot does not let run; take a cluster with nodes of its own (host: gke)",
    ],
    [
      "not to say whether metrics are there",
      stack(lab, { host: name, tls: "self-signed", sharedStorage: nfs, objectStorage: minio }),
      "environment.oscar.metricsServer: missing; needed: install, or existing where `kubectl top nodes` answers; exposed services scale by it",
    ],
    [
      "KServe without Knative, and GPUs that there are none of",
      stack(lab, { ...least, kserve: true, knative: "none", tolerateGpuTaint: true }),
      "environment.oscar.kserve: got true (a boolean); needed for it: Knative (oscar.knative: install or existing)",
      "environment.oscar.tolerateGpuTaint: got true (a boolean); needed for it: host.gpu, without which there are no GPUs",
    ],
    [
      "quotas on one drive, and of no one",
      stack(lab, { ...least, quotas: { buckets: 5, storage: "5Gi" } }),
      'environment.oscar.quotas: given with objectStorage.layout "single-drive"; needed: "four-drives", as OSCAR\'s own installer has it for quotas',
      "environment.oscar.quotas: given without oidc; allowed: none, because OSCAR bounds only users who log in by that",
    ],
    [
      "the host's Traefik where it has another, or a second one",
      stack(existing({ gateway: byClass, certManager: "existing" }), { ...least, gateway: "host" }),
      "environment.oscar.gateway: got kind: host; needed for it: host.gateway of kind class or install, with controller: traefik, because the routes of OSCAR's services are Traefik's; or take kind: install",
    ],
    [
      "a second Traefik",
      stack(existing({ gateway: traefik, certManager: "existing" }), { ...least, gateway: "install" }),
      "environment.oscar.gateway: got kind: install; allowed: kind: host, because the host has Traefik (host.gateway), and two of them fight over the same GatewayClass",
    ],
    [
      "certificates that cannot be had",
      stack(existing(), { ...least, tls: acme("dns-01") }),
      'environment.oscar.tls: got "cert-manager"; needed: cert-manager on the cluster (host.certManager: install; or existing, where it is there)',
      'environment.oscar.tls.issuer.challenge: got "dns-01", for which the cluster must be in the zone\'s cloud, and it is in none; allowed: http-01, or a certificate of your own (tls: secret)',
    ],
    [
      "a certificate at someone else's Gateway",
      stack(existing({ certManager: "existing" }), {
        ...least,
        gateway: { kind: "existing", name: "public", namespace: "traefik" },
      }),
      'environment.oscar.tls: got "self-signed"; allowed: none, because the gateway is there already, with its certificates (oscar.gateway.scheme)',
    ],
    [
      "an image that is latest, a size without a unit, a key in the clear",
      stack(lab, {
        ...least,
        sharedStorage: { kind: "nfs", size: 10 },
        objectStorage: { ...minio, image: "quay.io/minio/minio:latest" },
      }),
      'environment.oscar.objectStorage.image: got "quay.io/minio/minio:latest"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/acme/ui:1.2.0',
      "environment.oscar.sharedStorage.size: got 10 (a number); allowed: a size with a unit, such as 10Gi",
    ],
    [
      "a node in front by nothing, or out of reach",
      stack(lab, { ...least, gateway: { kind: "install", frontNode: { addresses: ["10.0.0.4"] } } }),
      "environment.oscar.gateway.frontNode.addresses: got 10.0.0.4; needed: an address that is public, so that a name in the DNS leads to it",
    ],
    [
      "what each part says by itself, whatever is faulty beside it",
      stack(lab, {
        ...least,
        knative: "instal",
        version: "4.0.0",
        sharedStorage: { kind: "nfs", size: "1Gi" },
        objectStorage: { ...external, endpoint: "https://s3.amazonaws.com", secretKey: "CANARY" },
        allowedImages: [],
      }),
      "environment.oscar.allowedImages: got an empty list; allowed: at least one, or no list, with which every image is",
      'environment.oscar.knative: got "instal"; allowed: install, existing or none; did you mean install?',
      "environment.oscar.objectStorage.secretKey: got text; allowed: a secret; encrypt it with npx pulumi config set --path --secret 'environment.oscar.objectStorage.secretKey'",
      'environment.oscar.sharedStorage.size: got "1Gi"; allowed: more than 2Gi, which OSCAR\'s own volume takes',
      'environment.oscar.version: got "4.0.0"; allowed: 4.1.2 or later, without a v',
    ],
    [
      "S3 that is no MinIO",
      stack(lab, { ...least, objectStorage: { ...external, endpoint: "https://s3.amazonaws.com" } }),
      'environment.oscar.objectStorage.endpoint: got "https://s3.amazonaws.com"; needed: MinIO\'s admin API, which Amazon S3 does not have; allowed: MinIO (or RustFS from OSCAR 4.2 on)',
    ],
    [
      "GPUs that OSCAR does not know, or that are open to all",
      stack(existing({ certManager: "install", gpu: { resource: "amd.com/gpu" } }), {
        ...least,
        tolerateGpuTaint: true,
      }),
      'environment.host.gpu.resource: got "amd.com/gpu"; allowed for OSCAR: nvidia.com/gpu, the only one it knows',
    ],
    [
      "no taint to tolerate",
      stack(existing({ certManager: "install", gpu: { tolerations: [] } }), {
        ...least,
        tolerateGpuTaint: true,
      }),
      "environment.oscar.tolerateGpuTaint: got true (a boolean); needed for it: host.gpu.tolerations, which are empty",
    ],
    [
      "a name that is too long",
      { ...stack(lab, least), name: "a-laboratory-of-our-own-one" },
      'environment.name: got "a-laboratory-of-our-own-one"; allowed with oscar: at most 24 characters',
    ],
    [
      "data that production does not keep",
      stack({ ...lab, context: "lab" }, { ...least, retain: false }, { tier: "production" }),
      "environment.oscar.retain: got false (a boolean); allowed: true, because production keeps its data; or else tier: development",
    ],
  ];
  it.each(cases)("%s", (_what, document, ...faults) =>
    expect(faultsOf(document).sort()).toEqual([...faults].sort()),
  );
});

describe("secrets", () => {
  it("are not repeated where they stand in the clear", () => {
    const document = stack(lab, {
      ...least,
      objectStorage: {
        kind: "external",
        endpoint: "https://minio.acme.dev",
        accessKey: "admin",
        secretKey: "CANARY",
      },
      imagePullSecrets: { registry: { registry: "ghcr.io", username: "ada", password: "CANARY" } },
    });
    const faults = faultsOf(document);
    expect(faults.join("\n")).not.toContain("CANARY");
    expect(faults).toHaveLength(2);
    const endpoint = "https://admin:CANARY@minio.acme.dev/path";
    expect(faultsOf(stack(lab, { ...least, objectStorage: { ...external, endpoint } }))).toEqual([
      "environment.oscar.objectStorage.endpoint: got text; allowed: a URL without a path, such as https://minio.example.com:9000",
    ]);
  });
});

it("asks for names of the user's own", () => {
  const oscar = { ...least, host: "oscar.example.com", tls: acme("http-01", { email: "you@example.com" }) };
  expect(faultsOf(stack(lab, oscar))).toEqual([
    'environment.oscar.host: got "oscar.example.com", a placeholder; needed: your own',
    'environment.oscar.tls.issuer.email: got "you@example.com", a placeholder; needed: your own',
  ]);
});
