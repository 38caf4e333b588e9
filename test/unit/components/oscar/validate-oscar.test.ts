import { describe, expect, it } from "vitest";
import type { OscarClusterArgs } from "../../../../components/oscar/platform/oscar-args";
import { OscarCluster } from "../../../../components/oscar/platform/oscar-cluster";
import { isVerified } from "../../../../components/oscar/platform/oscar-parts";
import { validateOscarCluster } from "../../../../components/oscar/platform/validate-oscar";
import { takeRoute } from "../../../../components/exposure/gateway/routes-taken";
import { acmeServers } from "../../../../components/exposure/tls/tls";
import { run } from "../../../support/mocks";
import { testCluster } from "../fixtures";
import { acme } from "../gateway/support";
import { sharedGateway } from "../exposure/support";
import { clusterThat, fullest, oscar, smallest } from "./support";

const faultsOf = async (args: () => Partial<OscarClusterArgs>, name = "lab") => {
  const { result } = await run(false, () => validateOscarCluster(name, { ...smallest(), ...args() }));
  return result;
};

const oidc = { issuers: ["https://aai.example.org"], groups: ["vo.a"] };
const once = { binding: "Immediate" } as const;
const managed = { kind: "managed", size: "20Gi" } as const;
const sharedNeeded =
  "a class whose volumes pods of many nodes mount at once, here or as the cluster's storage.readWriteMany; or kind: " +
  'nfs, with a size, such as "50Gi"';

describe("OSCAR's faults", () => {
  it.each<[string, () => Partial<OscarClusterArgs>]>([
    ["with the least", () => ({})],
    ["with all", () => fullest()],
    [
      "with a class of its own",
      () => ({ sharedStorage: { kind: "class", class: { name: "efs", ...once } } }),
    ],
    [
      "with a class for one and many, as the cluster says",
      () => ({
        cluster: testCluster({
          storage: { readWriteOnce: { name: "nfs", ...once }, readWriteMany: { name: "nfs", ...once } },
        }),
      }),
    ],
    ["with quotas in a MinIO that is there", () => ({ oidc, quotas: { buckets: 1, storage: "1Gi" } })],
    ["with KServe on a Knative that is there", () => ({ kserve: true, knative: "existing" })],
    [
      "with images of all shapes",
      () => ({
        allowedImages: [
          "ghcr.io/",
          "ghcr.io/acme/",
          "localhost:5001/",
          "nginx",
          "docker.io/library/python:3.12",
          "ghcr.io/a_b/c-d.e",
        ],
      }),
    ],
    [
      "with registries of all shapes",
      () => ({
        imagePullSecrets: {
          "docker.hub": { registry: "index.docker.io", username: "me", password: "p" },
          harbor: { registry: "harbor.example.com:8443/team", username: "robot$ci", password: "p" },
        },
      }),
    ],
    ["of a later version", () => ({ version: "4.1.10" })],
  ])("are none, %s", async (_, args) => {
    expect(await faultsOf(args)).toEqual([]);
  });

  it.each<[string, () => Partial<OscarClusterArgs>, string[]]>([
    [
      "hosts, where they stand",
      () => ({ host: "Oscar.example.com", objectStorage: { ...managed, host: "a_b.example.com" } }),
      [
        'host: got "Oscar.example.com"; allowed: a host name, such as mnist.example.com',
        'objectStorage.host: got "a_b.example.com"; allowed: a host name, such as mnist.example.com',
      ],
    ],
    [
      "one host for two",
      () => ({ objectStorage: { ...managed, host: "oscar.example.com" } }),
      ['objectStorage.host: got "oscar.example.com", as host; allowed: each host once'],
    ],
    [
      "a host that the gateway does not serve",
      () => ({
        host: "oscar.example.org",
        exposure: { kind: "gateway", gateway: sharedGateway() },
      }),
      ['host: got "oscar.example.org", which the gateway does not serve; allowed: *.example.com'],
    ],
    [
      "pods that may not be privileged",
      () => ({ cluster: clusterThat({ privilegedPods: false }) }),
      [
        "cluster: got one whose pods may not be privileged; needed: one whose pods may, because OSCAR shows services " +
          "buckets as folders by such pods (on GKE: not Autopilot)",
      ],
    ],
    [
      "no volumes for many",
      () => ({ cluster: testCluster({ storage: { readWriteOnce: { name: "standard", ...once } } }) }),
      [`sharedStorage.class: missing; needed: ${sharedNeeded}`],
    ],
    [
      "volumes for one node in their place",
      () => ({ sharedStorage: { kind: "class", class: { name: "standard", ...once } } }),
      [`sharedStorage.class: got "standard", whose volumes one node mounts; needed: ${sharedNeeded}`],
    ],
    [
      "a disk without a unit",
      () => ({ sharedStorage: { kind: "nfs", size: "50" } }),
      ['sharedStorage.size: got "50"; allowed: a size with a unit, such as 10Gi'],
    ],
    [
      "a disk that is too small",
      () => ({ sharedStorage: { kind: "nfs", size: "2Gi" } }),
      ['sharedStorage.size: got "2Gi"; allowed: more than 2Gi, which OSCAR\'s own volume takes'],
    ],
    [
      "a disk that its class does not make",
      () => ({
        sharedStorage: { kind: "nfs", size: "5Gi" },
        cluster: testCluster({
          storage: { readWriteOnce: { name: "big", ...once, checkSize: (where) => [`${where}: too small`] } },
        }),
      }),
      ["sharedStorage.size: too small"],
    ],
    [
      "object storage's",
      () => ({ objectStorage: { kind: "managed", size: "10", layout: "single-drive" } }),
      ['objectStorage.size: got "10"; allowed: a size with a unit, such as 10Gi'],
    ],
    [
      "object storage's, of the cluster's class",
      () => ({
        objectStorage: managed,
        cluster: testCluster({
          storage: {
            readWriteOnce: { name: "big", ...once, checkSize: (where) => [`${where}: too small`] },
            readWriteMany: { name: "shared", ...once },
          },
        }),
      }),
      ["objectStorage.size: too small"],
    ],
    [
      "KServe without Knative",
      () => ({ kserve: true, knative: "none" }),
      ['kserve: got true with knative "none"; needed: knative, by which OSCAR makes the services of KServe'],
    ],
    [
      "bounds of users without users",
      () => ({ quotas: { buckets: 1, storage: "1Gi" }, userVolumes: {}, kueue: {} }),
      ["quotas", "userVolumes", "kueue"].map(
        (each) =>
          `${each}: given without oidc; allowed: none, because OSCAR bounds only users who log in by that`,
      ),
    ],
    [
      "empty lists of oidc's",
      () => ({ oidc: { issuers: [], groups: [] } }),
      [
        "oidc.issuers: got none; needed: at least one, such as https://aai.egi.eu/auth/realms/egi",
        "oidc.groups: got none; needed: at least one, because OSCAR lets in only who is in one of them",
      ],
    ],
    [
      "oidc's shapes",
      () => ({
        oidc: { issuers: ["http://aai.example.org"], groups: ["a,b"], subject: "", admins: [" ada"] },
      }),
      [
        'oidc.issuers: got "http://aai.example.org"; allowed: an https URL without a comma, such as https://aai.egi.eu/auth/realms/egi',
        'oidc.groups: got "a,b"; allowed: a text without commas, and without blanks at its ends',
        'oidc.subject: got ""; allowed: a text without commas, and without blanks at its ends',
        'oidc.admins: got " ada"; allowed: a text without commas, and without blanks at its ends',
      ],
    ],
    [
      "quotas",
      () => ({ oidc, quotas: { buckets: 0.5, storage: "5" }, objectStorage: managed }),
      [
        "quotas.buckets: got 0.5; allowed: a whole number of at least 1",
        'quotas.storage: got "5"; allowed: a size with a unit, such as 10Gi',
        'quotas: given with objectStorage.layout "single-drive"; needed: "four-drives", as OSCAR\'s own installer has it for quotas',
      ],
    ],
    [
      "users' volumes",
      () => ({ oidc, userVolumes: { total: "1", count: 0, largest: "2", smallest: "3" } }),
      [
        'userVolumes.total: got "1"; allowed: a size with a unit, such as 10Gi',
        "userVolumes.count: got 0; allowed: a whole number of at least 1",
        'userVolumes.largest: got "2"; allowed: a size with a unit, such as 10Gi',
        'userVolumes.smallest: got "3"; allowed: a size with a unit, such as 10Gi',
      ],
    ],
    [
      "users' volumes that do not go together",
      () => ({ oidc, userVolumes: { total: "1Gi", smallest: "6Gi" } }),
      [
        'userVolumes.total: got "1Gi"; allowed: at least 2Gi, which OSCAR\'s own volume takes',
        'userVolumes.smallest: got "6Gi"; allowed: at most 5Gi, the largest',
      ],
    ],
    [
      "Kueue's quantities",
      () => ({
        oidc,
        kueue: { cpu: "two", memory: "2", gpus: -1, ephemeralStorage: "1", flavor: "Spot" },
      }),
      [
        'kueue.cpu: got "two"; allowed: a number of CPUs, such as 2 or 500m',
        'kueue.memory: got "2"; allowed: a size with a unit, such as 10Gi',
        "kueue.gpus: got -1; allowed: a whole number of at least 0",
        'kueue.ephemeralStorage: got "1"; allowed: a size with a unit, such as 10Gi',
        'kueue.flavor: got "Spot"; allowed: lower-case letters, digits and hyphens, at most 63 characters',
      ],
    ],
    [
      "no image at all",
      () => ({ allowedImages: [] }),
      ["allowedImages: got an empty list; allowed: at least one, or no list, with which every image is"],
    ],
    [
      "images' shapes",
      () => ({ allowedImages: ["", "https://ghcr.io/acme/", "ghcr.io//acme", "ghcr.io/Acme/"] }),
      ['""', '"https://ghcr.io/acme/"', '"ghcr.io//acme"', '"ghcr.io/Acme/"'].map(
        (got) =>
          `allowedImages: got ${got}; allowed: the beginning of an image's name, such as ghcr.io/acme/`,
      ),
    ],
    [
      "logins",
      () => ({
        imagePullSecrets: {
          minio: { registry: "https://ghcr.io", username: "", password: "p" },
          Acme_1: { registry: "ghcr.io", username: "a:b", password: "p" },
        },
      }),
      [
        'imagePullSecrets: got the name "minio"; allowed: another, because OSCAR has a Secret of that name',
        'imagePullSecrets.minio.registry: got "https://ghcr.io"; allowed: a registry\'s host, such as ghcr.io',
        'imagePullSecrets.minio.username: got ""; allowed: a text without a colon',
        'imagePullSecrets: got the name "Acme_1"; allowed: lower-case letters, digits, hyphens and dots',
        'imagePullSecrets.Acme_1.username: got "a:b"; allowed: a text without a colon',
      ],
    ],
    [
      "origins",
      () => ({ allowedOrigins: ["*", "https://app.example.com/", "app.example.com"] }),
      ['"*"', '"https://app.example.com/"', '"app.example.com"'].map(
        (got) =>
          `allowedOrigins: got ${got}; allowed: where a page comes from, without a path, such as https://app.example.com`,
      ),
    ],
    [
      "addresses of metrics",
      () => ({ metrics: { prometheusUrl: "prometheus:9090", lokiUrl: "http://" } }),
      [
        'metrics.prometheusUrl: got "prometheus:9090"; allowed: a URL, such as http://prometheus-server.monitoring.svc.cluster.local',
        'metrics.lokiUrl: got "http://"; allowed: a URL, such as http://prometheus-server.monitoring.svc.cluster.local',
      ],
    ],
    [
      "a taint that the cluster sees to",
      () => ({ tolerateGpuTaint: true, cluster: clusterThat({ toleratesGpuTaint: true }) }),
      ["tolerateGpuTaint: got true; allowed: false, because the cluster does so by itself"],
    ],
    [
      "a taint that is not there",
      () => ({ tolerateGpuTaint: true, cluster: testCluster({ gpu: { tolerations: [] } }) }),
      [
        "tolerateGpuTaint: got true; allowed: false, because the cluster's GPUs are asked for without tolerations",
      ],
    ],
    [
      "a taint without GPUs",
      () => {
        const gpu = () => {
          throw new Error("the cluster offers no GPUs");
        };
        return { tolerateGpuTaint: true, cluster: clusterThat({ gpu }) };
      },
      ["tolerateGpuTaint: the cluster offers no GPUs"],
    ],
  ])("tell of %s", async (_, args, faults) => {
    expect(await faultsOf(args)).toEqual(faults);
  });

  it.each(["latest", "v4.1.2", "4.1", "4.1.1", "3.6.5", "4.2.0-rc.1"])(
    "tell of the version %s",
    async (version) => {
      expect(await faultsOf(() => ({ version }))).toEqual([
        `version: got "${version}"; allowed: 4.1.2 or later, without a v`,
      ]);
    },
  );

  it("tell of the name, as the gateway's has room for it", async () => {
    expect(await faultsOf(() => ({}), "o".repeat(31))).toEqual([
      `name: got "${"o".repeat(31)}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 30 characters`,
    ]);
  });
});

describe("OSCAR is refused", () => {
  it("with all faults at once", async () => {
    await expect(
      run(false, () => oscar({ ...smallest(), host: "Oscar.example.com", version: "latest" })),
    ).rejects.toThrow(
      "OscarCluster lab:\n" +
        '  host: got "Oscar.example.com"; allowed: a host name, such as mnist.example.com\n' +
        '  version: got "latest"; allowed: 4.1.2 or later, without a v',
    );
  });

  it("beside another one in the cluster, before anything of it is made", async () => {
    const made: string[] = [];
    const two = () => {
      const args = smallest();
      oscar(args);
      try {
        return new OscarCluster("second", { ...args, host: "second.example.com" });
      } catch (error) {
        made.push(String(error));
        return undefined;
      }
    };
    const { registered } = await run(false, two);
    expect(made).toEqual([
      expect.stringContaining(
        'OscarCluster second:\n  cluster: has the OscarCluster "lab"; allowed: one, because its namespaces oscar and ' +
          "oscar-svc are known by these names",
      ),
    ]);
    expect(registered.filter(({ parent }) => parent.endsWith(" second"))).toEqual([]);
  });

  it("at a host that leads elsewhere, before anything of it is made", async () => {
    const taken = () => {
      const args = smallest();
      takeRoute(args.cluster, { host: args.host, path: "/", workload: "ui" });
      return oscar(args);
    };
    await expect(run(false, taken)).rejects.toThrow(
      'OscarCluster lab:\n  path: got "/" of "oscar.example.com" for "oscar", which leads to "ui"; allowed: a path or a host of its own',
    );
  });
});

it.each([
  ["secret", { kind: "secret", secretName: "wild", namespace: "certs" }, true],
  ["acme", acme, true],
  [
    "acme's staging",
    {
      kind: "cert-manager",
      issuer: { kind: "acme", email: "me@example.com", challenge: "dns-01", server: acmeServers.staging },
    },
    false,
  ],
  ["a given issuer", { kind: "cert-manager", issuer: { kind: "existing", name: "pki" } }, true],
  ["self-signed", { kind: "self-signed" }, false],
] as const)("a certificate is one that the Manager verifies: %s", (_, tls, verified) => {
  expect(isVerified({ kind: "traefik", traefik: "install", tls })).toBe(verified);
});
