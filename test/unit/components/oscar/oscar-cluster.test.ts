import { core } from "@pulumi/kubernetes";
import { isSecret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { run, valueOf, type Registered } from "../../../support/mocks";
import { all, sharedGateway, zoneOf } from "../exposure/support";
import { hostLabel } from "../../../../components/exposure/gateway/host-names";
import { runOnClouds } from "../dns/clouds";
import { labels, testCluster } from "../fixtures";
import { children, clusterThat, fullest, oscar, smallest, traefik } from "./support";

const named = (registered: readonly Registered[], kind: string, name: string): Registered => {
  const found = all(registered, kind).find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
};

/** The HTTPRoute of a host, as it is named. */
const routeTo = (part: string, host: string) => `lab-${part}-${hostLabel(host)}`;
const managerRoute = routeTo("manager", "oscar.example.com");
const storageRoute = routeTo("storage", "minio.example.com");
const consoleRoute = routeTo("console", "console.example.com");

describe.each([false, true])("OSCAR, preview %s", (preview) => {
  const known = <Value>(value: Value) => (preview ? "<unknown>" : value);

  it("is, at least, a release between two namespaces and a route", async () => {
    const { registered, one } = await run(preview, () => oscar(smallest()));
    expect(children(registered, "OscarCluster lab")).toEqual([
      "ExternalMinio lab-minio",
      `HTTPRoute ${managerRoute}`,
      "Namespace lab-manager",
      "Namespace lab-services",
      "OscarFront lab",
      "RandomPassword lab-password",
      "Release lab-manager",
    ]);
    expect(one("Release")).toMatchObject({
      inputs: {
        chart: "oscar",
        repositoryOpts: { repo: "https://grycap.github.io/helm-charts" },
        version: "4.1.2",
        name: "oscar",
        namespace: known("oscar"),
        timeout: 1200,
        atomic: true,
        values: {
          authUser: "oscar",
          authPass: known({ secret: "generated-password" }),
          serverlessBackend: "",
          image: { tag: "4.1.2" },
          minIO: {
            endpoint: "https://minio.example.net",
            TLSVerify: "true",
            region: "us-east-1",
            accessKey: "oscar",
            secretKey: { secret: "given-key" },
          },
          volume: { storageClassName: "shared" },
          httproute: { gateway: { name: "front", namespace: "infra" } },
          ingressServices: { corsAllowedOrigins: "https://oscar.example.com" },
        },
      },
      parent: "OscarCluster lab",
      provider: "lab",
      options: {},
    });
    // The Job that fills OSCAR's volume goes after two minutes (trap 2).
    expect(one("Release").inputs).not.toHaveProperty("waitForJobs");
    expect(one("RandomPassword").inputs).toEqual({ length: 32, special: false });
  });

  it("has namespaces of names that others know, whose pods may do no more than they must", async () => {
    const { registered } = await run(preview, () => oscar(smallest()));
    const namespace = (name: string, level: string) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name,
        labels: {
          ...labels(name),
          "pod-security.kubernetes.io/enforce": level,
          "pod-security.kubernetes.io/enforce-version": "v1.36",
        },
      },
    });
    expect(named(registered, "Namespace", "lab-manager").inputs).toEqual(namespace("oscar", "baseline"));
    expect(named(registered, "Namespace", "lab-services").inputs).toEqual(
      namespace("oscar-svc", "privileged"),
    );
  });

  it("is led to without a word on who may call it", async () => {
    const { one } = await run(preview, () => oscar(smallest()));
    expect(one("HTTPRoute").inputs).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { namespace: known("oscar"), labels: labels("oscar") },
      spec: {
        parentRefs: [{ name: "front", namespace: "infra", sectionName: "https" }],
        hostnames: ["oscar.example.com"],
        rules: [
          {
            matches: [{ path: { type: "PathPrefix", value: "/" } }],
            backendRefs: [{ name: "oscar", port: 8080 }],
            timeouts: { request: "300s" },
          },
        ],
      },
    });
  });

  it("is, at most, all that it needs", async () => {
    const { registered } = await run(preview, () => oscar(fullest()));
    expect(children(registered, "OscarCluster lab")).toEqual([
      "ConfigMap lab-allowed-images",
      `HTTPRoute ${consoleRoute}`,
      `HTTPRoute ${managerRoute}`,
      `HTTPRoute ${storageRoute}`,
      "KnativeServing lab-knative",
      "ManagedMinio lab-minio",
      "MetricsServer lab-metrics",
      "MutatingAdmissionPolicy lab-gpu-tolerations",
      "MutatingAdmissionPolicyBinding lab-gpu-tolerations",
      "Namespace lab-manager",
      "Namespace lab-services",
      "NfsStorage lab-nfs",
      "OscarFront lab",
      "RandomPassword lab-password",
      "Release lab-manager",
      "Secret lab-acme",
    ]);
    expect(named(registered, "Release", "lab-manager").inputs).toMatchObject({
      version: "4.2.0",
      values: {
        serverlessBackend: "knative",
        image: { tag: "4.2.0" },
        minIO: {
          endpoint: "https://minio.example.com",
          // By an authority that the Manager does not know.
          TLSVerify: "true",
          accessKey: "minio",
          secretKey: known({ secret: "generated-password" }),
          quota: { enabled: "true" },
        },
        volume: { storageClassName: "nfs" },
        httproute: { gateway: { name: "lab" } },
        kserve: { enable: "true" },
      },
    });
  });

  it("leads to MinIO, and to its console", async () => {
    const { registered } = await run(preview, () => oscar(fullest()));
    const routes = all(registered, "HTTPRoute").filter(({ parent }) => parent === "OscarCluster lab");
    const led = routes.map(({ inputs }) => {
      const spec = inputs["spec"] as { hostnames: string[]; rules: Record<string, unknown>[] };
      const metadata = inputs["metadata"] as { namespace: unknown };
      return [
        spec.hostnames[0],
        metadata.namespace,
        spec.rules[0]?.["backendRefs"],
        spec.rules[0]?.["timeouts"],
      ];
    });
    expect(led.sort()).toEqual([
      ["console.example.com", known("minio"), [{ name: "minio-console", port: 9001 }], { request: "3600s" }],
      ["minio.example.com", known("minio"), [{ name: "minio", port: 9000 }], { request: "3600s" }],
      ["oscar.example.com", known("oscar"), [{ name: "oscar", port: 8080 }], { request: "300s" }],
    ]);
  });

  it("tells the Manager of allowed images where it looks for them", async () => {
    const { registered } = await run(preview, () => oscar(fullest()));
    expect(named(registered, "ConfigMap", "lab-allowed-images")).toMatchObject({
      inputs: {
        metadata: {
          name: "config.yaml",
          namespace: known("oscar"),
          annotations: { "pulumi.com/patchForce": "true" },
        },
        data: { allowed_image_repositories: '["ghcr.io/acme/","docker.io/library/python:3.12"]' },
      },
      options: { deleteBeforeReplace: true },
    });
  });

  it("has logins to registries, as secrets", async () => {
    const { registered } = await run(preview, () => oscar(fullest()));
    const auth = Buffer.from("robot:pull-key").toString("base64");
    expect(named(registered, "Secret", "lab-acme")).toMatchObject({
      inputs: {
        metadata: { name: "acme", namespace: known("oscar-svc") },
        type: "kubernetes.io/dockerconfigjson",
        stringData: {
          secret: {
            ".dockerconfigjson": `{"auths":{"ghcr.io":{"username":"robot","password":"pull-key","auth":"${auth}"}}}`,
          },
        },
      },
      options: { deleteBeforeReplace: true },
    });
  });

  it("gives services' pods that ask for a GPU what lets them onto its nodes", async () => {
    const { one } = await run(preview, () => oscar(fullest()));
    expect(one("MutatingAdmissionPolicy")).toMatchObject({
      type: "kubernetes:admissionregistration.k8s.io/v1:MutatingAdmissionPolicy",
      inputs: { metadata: { labels: labels("oscar") }, spec: { failurePolicy: "Ignore" } },
    });
    expect(one("MutatingAdmissionPolicyBinding").inputs).toMatchObject({
      spec: { policyName: known("lab-gpu-tolerations-1a2b3c4d") },
    });
  });

  it("comes after all that it needs, and goes before", async () => {
    const { registered } = await run(preview, () => oscar(fullest()));
    // Who serves what is in the namespaces outlives them.
    for (const namespace of ["lab-manager", "lab-services"])
      expect([...named(registered, "Namespace", namespace).dependsOn].sort()).toEqual([
        "Gateway lab",
        "KnativeServing lab-knative",
        "Release lab-metrics",
        "Release lab-minio",
        "StorageClass lab-nfs",
      ]);
    expect([...named(registered, "Release", "lab-manager").dependsOn].sort()).toEqual([
      "ConfigMap lab-allowed-images",
      `HTTPRoute ${storageRoute}`,
      "MutatingAdmissionPolicy lab-gpu-tolerations",
      "MutatingAdmissionPolicyBinding lab-gpu-tolerations",
      "Namespace lab-gateway",
      "Namespace lab-manager",
      "Namespace lab-services",
      "RandomPassword lab-minio-password",
      "RandomPassword lab-password",
      "Secret lab-acme",
    ]);
    expect([...named(registered, "HTTPRoute", managerRoute).dependsOn].sort()).toEqual([
      "Gateway lab",
      "Namespace lab-gateway",
      "Namespace lab-manager",
      "Release lab-manager",
    ]);
  });

  it("keeps and protects what holds data", async () => {
    const { registered } = await run(preview, () => oscar(fullest()));
    const namespaces = all(registered, "Namespace").map(
      ({ parent, name, options: { retainOnDelete = false, protect = false } }) =>
        [`${parent}: ${name}`, retainOnDelete, protect] as const,
    );
    expect(namespaces.filter(([, ...held]) => held.includes(true)).sort()).toEqual([
      ["ManagedMinio lab-minio: lab-minio", true, true],
      ["NfsStorage lab-nfs: lab-nfs", true, true],
      ["OscarCluster lab: lab-services", false, true],
    ]);
  });
});

describe("what OSCAR tells", () => {
  it("is where it is, and what opens it", async () => {
    const { result } = await runOnClouds(false, () => {
      const cluster = testCluster({ publicAddress: "203.0.113.9" });
      return oscar({ ...fullest(), cluster, zone: zoneOf("cloud-dns") });
    });
    expect(await valueOf(result.endpoint)).toBe("https://oscar.example.com");
    expect(await valueOf(result.dashboard)).toBe("https://oscar.example.com/ui/");
    expect(await valueOf(result.minioEndpoint)).toBe("https://minio.example.com");
    expect(result.minioConsole && (await valueOf(result.minioConsole))).toBe("https://console.example.com");
    expect(result.pointsAt && (await valueOf(result.pointsAt))).toBe("203.0.113.9");
    expect(result.username).toBe("oscar");
    for (const opens of [result.password, result.minioAccessKey, result.minioSecretKey])
      expect(await isSecret(opens)).toBe(true);
    expect(await valueOf(result.password)).toBe("generated-password");
    expect(result.ready).toHaveLength(2);
  });

  it("is less of a MinIO that was there, at a gateway that no one knows the address of", async () => {
    const { result } = await run(false, () => oscar(smallest()));
    expect(await valueOf(result.minioEndpoint)).toBe("https://minio.example.net");
    expect(result.minioConsole).toBeUndefined();
    expect(result.pointsAt).toBeUndefined();
    expect(await valueOf(result.minioAccessKey)).toBe("oscar");
    expect(await isSecret(result.minioAccessKey)).toBe(true);
    expect(await isSecret(result.minioSecretKey)).toBe(true);
  });
});

describe("OSCAR's parts", () => {
  it("are those that are there, where they are", async () => {
    const { registered, one } = await run(false, () =>
      oscar({
        ...fullest(),
        cluster: clusterThat({ gateways: traefik("lb.example.net") }),
        exposure: { kind: "traefik", traefik: "existing", tls: { kind: "none" } },
        sharedStorage: { kind: "class" },
        objectStorage: { kind: "managed", size: "20Gi", consoleHost: "console.example.com" },
        quotas: undefined,
        knative: "existing",
        metricsServer: "existing",
      }),
    );
    for (const kind of ["NfsStorage", "KnativeServing", "MetricsServer", "GatewayController"])
      expect(all(registered, kind)).toEqual([]);
    expect(one("SharedGateway")).toMatchObject({ parent: "OscarFront lab" });
    expect(named(registered, "Release", "lab-manager").inputs).toMatchObject({
      values: {
        serverlessBackend: "knative",
        minIO: { endpoint: "http://minio.minio:9000", TLSVerify: "false" },
        volume: { storageClassName: "shared" },
        ingressServices: {
          corsAllowedOrigins: "http://oscar.example.com,https://app.example.com,http://localhost:5173",
        },
      },
    });
    // MinIO is asked by its Service alone.
    expect(all(registered, "HTTPRoute").map(({ name }) => name)).not.toContain(storageRoute);
    expect(named(registered, "HTTPRoute", consoleRoute)).toBeDefined();
  });

  it("keep their own minds on what stays", async () => {
    const { registered } = await run(false, () =>
      oscar({
        ...fullest(),
        objectStorage: {
          kind: "managed",
          size: "20Gi",
          layout: "four-drives",
          retain: false,
          protect: false,
        },
      }),
    );
    expect(named(registered, "Namespace", "lab-minio").options).toEqual({});
    expect(named(registered, "Namespace", "lab-nfs").options).toMatchObject({ retainOnDelete: true });
  });

  it("come after a class that the stack makes", async () => {
    const { registered } = await run(false, () => {
      const cluster = testCluster();
      const ready = new core.v1.ConfigMap("filestore", {}, { provider: cluster.provider });
      const shared = { name: "filestore", binding: "WaitForFirstConsumer", ready } as const;
      return oscar({ ...smallest(), cluster, sharedStorage: { kind: "class", class: shared } });
    });
    expect(named(registered, "Namespace", "lab-services").dependsOn).toContain("ConfigMap filestore");
  });

  it("are routes, where the gateway serves clear text, by http", async () => {
    const { result } = await run(false, () => {
      const gateway = sharedGateway({ scheme: "http" });
      return oscar({
        ...smallest(),
        exposure: { kind: "gateway", gateway },
        objectStorage: { kind: "managed", size: "20Gi", host: "minio.example.com" },
      });
    });
    expect(await valueOf(result.endpoint)).toBe("http://oscar.example.com");
    expect(await valueOf(result.minioEndpoint)).toBe("http://minio.example.com");
  });
});
