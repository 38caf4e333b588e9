import { describe, expect, it } from "vitest";
import {
  oscarValues,
  type OscarSurroundings,
  type OscarSwitches,
} from "../../../../components/oscar/platform/oscar-values";
import { fullest } from "./support";
import { run } from "../../../support/mocks";

const around: OscarSurroundings = {
  password: "password",
  scheme: "https",
  gateway: { name: "front", namespace: "infra" },
  storage: {
    endpoint: "http://minio.minio:9000",
    region: "us-east-1",
    accessKey: "minio",
    secretKey: "secret-key",
    tlsVerify: false,
  },
  className: "shared",
};
const host = "oscar.example.com";
const values = (args: Partial<OscarSwitches> = {}, more: Partial<OscarSurroundings> = {}) =>
  oscarValues({ host, ...args }, { ...around, ...more });

describe("what OSCAR's chart is told", () => {
  it("is all that is relied on, where nothing is asked for", () => {
    expect(values()).toEqual({
      servicesNamespace: "oscar-svc",
      authUser: "oscar",
      authPass: "password",
      serverlessBackend: "knative",
      UsersAdmin: "",
      service: { type: "ClusterIP", port: 8080 },
      additionalConfig: { allowedImagePrefix: [] },
      additionalConfigPath: "config.yaml",
      replicas: 1,
      ingress: { create: false, host },
      image: { repository: "ghcr.io/grycap/oscar", tag: "4.1.2", pullPolicy: "IfNotPresent" },
      readTimeout: 300,
      writeTimeout: 300,
      minIO: {
        endpoint: "http://minio.minio:9000",
        TLSVerify: "false",
        region: "us-east-1",
        accessKey: "minio",
        secretKey: "secret-key",
        quota: { enabled: "false", buckets: "5", storage: "5Gi" },
      },
      yuniKorn: { enable: false },
      resourceManager: { enable: true, interval: 15 },
      reScheduler: { enable: false, interval: 15, threshold: 30 },
      oidc: { enable: false, issuer: "", subject: "", groups: "" },
      volume: {
        storageClassName: "shared",
        enable: "true",
        default: { available: "7Gi", max: "5", max_disk: "5Gi", min_disk: "200Mi" },
      },
      kueue: {
        enable: "false",
        default: {
          cpu: "2",
          memory: "2Gi",
          flavor: "oscar-default-flavor",
          ephemeralStorage: "1Gi",
          gpu: "1",
        },
      },
      kserve: { enable: "false" },
      prometheus: { url: "" },
      loki: { url: "" },
      exposedServices: { routeKind: "httproute" },
      httproute: { create: false, host, gateway: { name: "front", namespace: "infra" } },
      ingressServices: { corsAllowedOrigins: "https://oscar.example.com" },
    });
  });

  it("is all that is asked for", async () => {
    const { result } = await run(false, fullest);
    const { storage } = around;
    expect(values(result, { scheme: "http", storage: { ...storage, tlsVerify: true } })).toEqual({
      ...values(),
      UsersAdmin: "ada,grace",
      image: { repository: "ghcr.io/grycap/oscar", tag: "4.2.0", pullPolicy: "IfNotPresent" },
      minIO: {
        ...values().minIO,
        TLSVerify: "true",
        quota: { enabled: "true", buckets: "7", storage: "9Gi" },
      },
      oidc: {
        enable: true,
        issuer: "https://aai.example.org/realms/a,https://iam.example.org",
        subject: "owner",
        groups: "vo.a,/vo/b",
      },
      volume: {
        storageClassName: "shared",
        enable: "true",
        default: { available: "20Gi", max: "4", max_disk: "10Gi", min_disk: "1Gi" },
      },
      kueue: {
        enable: "true",
        default: { cpu: "4", memory: "8Gi", flavor: "spot", ephemeralStorage: "3Gi", gpu: "2" },
      },
      kserve: { enable: "true" },
      prometheus: { url: "http://prometheus.lab:9090" },
      loki: { url: "http://loki.lab:3100" },
      ingressServices: {
        corsAllowedOrigins: "http://oscar.example.com,https://app.example.com,http://localhost:5173",
      },
    });
  });

  it.each([
    ["install", "knative"],
    ["existing", "knative"],
    ["none", ""],
  ] as const)("with knative %s is the back end %j", (knative, backend) => {
    expect(values({ knative }).serverlessBackend).toBe(backend);
  });

  it("switches on, with the chart's own bounds, what is given without any", () => {
    expect(values({ kueue: {} }).kueue).toEqual({ ...values().kueue, enable: "true" });
    expect(values({ kueue: { gpus: 0 } }).kueue.default.gpu).toBe("0");
    expect(values({ userVolumes: {} }).volume).toEqual(values().volume);
  });
});

/** Those that values can do something about. The others: a release (2), objects beside it (7, 14), and no value at all (8, 9). */
describe("the chart's trap", () => {
  it.each<[string, unknown, unknown]>([
    ["1: the image is the latest", values().image.tag, "4.1.2"],
    ["1: and another one at each start", values().image.pullPolicy, "IfNotPresent"],
    ["3: the volumes' class is the cluster's default", values().volume.storageClassName, "shared"],
    ["4: every node's port 30301 is taken", values().service, { type: "ClusterIP", port: 8080 }],
    ["5: routes of services have no host", values().ingress, { create: false, host }],
    ["6: nodes, and their GPUs, are not seen", values().resourceManager.enable, true],
    ["7: allowed images go where no one looks", values().additionalConfig, { allowedImagePrefix: [] }],
    [
      "10: the Manager has other defaults",
      [values().kueue.enable, values().kueue.default.gpu, values().reScheduler],
      ["false", "1", { enable: false, interval: 15, threshold: 30 }],
    ],
    ["11: everyone knows the password", values().authPass, around.password],
    ["11: and MinIO's", values().minIO.secretKey, around.storage.secretKey],
    [
      "12: every web page may call the Manager",
      [values().ingress.create, values().httproute.create],
      [false, false],
    ],
    [
      "13: the gateway is said where no one looks",
      Object.keys(values().httproute),
      ["create", "host", "gateway"],
    ],
    ["15: two Managers fight", values().replicas, 1],
  ])("%s", (_, found, safe) => {
    expect(found).toEqual(safe);
  });
});
