import { isSecret, output } from "@pulumi/pulumi";
import { core } from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import {
  ManagedMinio,
  type ManagedMinioSetup,
} from "../../../../../components/oscar/platform/minio/managed-minio";
import { run, valueOf } from "../../../../support/mocks";
import { labels, testCluster } from "../../fixtures";

const install = (args: Partial<ManagedMinioSetup> = {}, name = "lab") =>
  new ManagedMinio(name, {
    cluster: testCluster(),
    kind: "managed",
    size: "20Gi",
    tlsVerify: true,
    ...args,
  });

describe.each([false, true])("a managed MinIO, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);
  const inherited = { name: "lab", parent: "ManagedMinio lab", provider: "lab" };
  const metadata = { namespace: known("minio"), labels: labels("lab") };
  const values = {
    existingSecret: known("lab-1a2b3c4d"),
    image: { repository: "quay.io/minio/minio", tag: "RELEASE.2025-09-07T16-13-09Z" },
    users: [],
    resources: { requests: { memory: "512Mi" } },
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    metrics: { serviceMonitor: { public: false } },
  };
  const singleDrive = {
    ...values,
    mode: "standalone",
    persistence: { existingClaim: known("lab-1a2b3c4d") },
    deploymentUpdate: { type: "Recreate" },
  };

  it("is a release in a namespace, both of the name that everyone knows, on a claim of ours", async () => {
    const { one, registered } = await run(preview, () => install());
    expect(registered.filter(({ parent }) => parent === inherited.parent)).toHaveLength(5);
    expect(one("Namespace")).toEqual({
      ...inherited,
      type: "kubernetes:core/v1:Namespace",
      inputs: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          name: "minio",
          labels: {
            ...labels("lab"),
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/enforce-version": "v1.36",
          },
        },
      },
      dependsOn: [],
      options: {},
    });
    expect(one("PersistentVolumeClaim")).toEqual({
      ...inherited,
      type: "kubernetes:core/v1:PersistentVolumeClaim",
      inputs: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata,
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "standard",
          resources: { requests: { storage: "20Gi" } },
        },
      },
      dependsOn: ["Namespace lab"],
      options: {},
    });
    const { dependsOn, ...release } = one("Release");
    expect(release).toEqual({
      ...inherited,
      type: "kubernetes:helm.sh/v3:Release",
      inputs: {
        chart: "minio",
        repositoryOpts: { repo: "https://charts.min.io" },
        version: "5.4.0",
        name: "minio",
        namespace: known("minio"),
        values: singleDrive,
        timeout: 600,
        atomic: true,
        compat: "true",
      },
      options: {},
    });
    // So it goes before them, too.
    expect([...dependsOn].sort()).toEqual(["Namespace lab", "PersistentVolumeClaim lab", "Secret lab"]);
  });

  it("has a root user whose password is made, and in a Secret alone", async () => {
    const { one, registered, result } = await run(preview, () => install());
    expect(one("RandomPassword")).toMatchObject({
      name: "lab-password",
      inputs: { length: 32, special: false },
      parent: "ManagedMinio lab",
    });
    const credentials = one("Secret");
    expect(credentials.inputs["metadata"]).toEqual(metadata);
    expect(credentials.inputs["stringData"]).toEqual(
      preview ? "<unknown>" : { secret: { rootUser: "minio", rootPassword: "generated-password" } },
    );
    expect(credentials.options).toEqual({ deletedWith: "Namespace lab" });
    expect(JSON.stringify(registered.filter(({ type }) => !type.endsWith(":Secret")))).not.toContain(
      "generated-password",
    );
    expect(result.storage.accessKey).toBe("minio");
    expect(await isSecret(output(result.storage.secretKey))).toBe(true);
    if (!preview) expect(await valueOf(output(result.storage.secretKey))).toBe("generated-password");
  });

  it("on four drives has claims that its StatefulSet makes, each of half the size", async () => {
    const { one, registered } = await run(preview, () => install({ layout: "four-drives" }));
    expect(registered.filter(({ type }) => type.endsWith(":PersistentVolumeClaim"))).toEqual([]);
    const { inputs, dependsOn } = one("Release");
    expect(inputs["values"]).toEqual({
      ...values,
      mode: "distributed",
      replicas: 1,
      drivesPerNode: 4,
      persistence: { storageClass: "standard", size: "10240Mi" },
    });
    expect([...dependsOn].sort()).toEqual(["Namespace lab", "Secret lab"]);
  });

  it("is of another class, after what makes it; a claim that is bound at once is not waited for", async () => {
    const withClass = (layout: "single-drive" | "four-drives") =>
      run(preview, () => {
        const ready = new core.v1.ConfigMap("fast");
        return install({ layout, storageClass: { name: "fast", binding: "Immediate", ready } });
      });
    const single = await withClass("single-drive");
    const claim = single.one("PersistentVolumeClaim");
    expect(claim.inputs).toMatchObject({
      metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { storageClassName: "fast" },
    });
    expect(claim.dependsOn).toContain("ConfigMap fast");
    const four = (await withClass("four-drives")).one("Release");
    expect(four.inputs["values"]).toMatchObject({ persistence: { storageClass: "fast" } });
    expect(four.dependsOn).toContain("ConfigMap fast");
  });

  it("stays, with what is stored, where it is told to, and is protected", async () => {
    for (const layout of ["single-drive", "four-drives"] as const) {
      const { registered } = await run(preview, () => install({ layout, retain: true, protect: true }));
      const kept = registered.filter(({ options }) => options.retainOnDelete === true);
      expect(kept.map(({ type }) => type.split(":").at(-1))).toEqual(
        layout === "single-drive" ? ["Namespace", "PersistentVolumeClaim"] : ["Namespace"],
      );
      for (const { options } of kept) expect(options).toEqual({ retainOnDelete: true, protect: true });
      // It would not go with a namespace that stays.
      expect(registered.filter(({ options }) => options.deletedWith !== undefined)).toEqual([]);
    }
  });

  it("is reached in the cluster alone, without a certificate, where it has no host", async () => {
    const { result } = await run(preview, () => install());
    expect(result.storage).toMatchObject({
      endpoint: "http://minio.minio:9000",
      region: "us-east-1",
      tlsVerify: false,
    });
    expect(result.storage.services).toMatchObject({
      api: { name: "minio", port: 9000 },
      console: { name: "minio-console", port: 9001 },
    });
    expect(result.storage.ready).toHaveLength(1);
    const [ready] = result.storage.ready;
    if (!preview && ready !== undefined)
      expect(await valueOf(ready.urn)).toContain("helm.sh/v3:Release::lab");
  });

  it.each([
    [undefined, true, "https://minio.example.com", "https://console.example.com"],
    ["https", false, "https://minio.example.com", "https://console.example.com"],
    ["http", false, "http://minio.example.com", "http://console.example.com"],
  ] as const)("is reached by its hosts, scheme %s", async (publicScheme, tlsVerify, endpoint, consoleUrl) => {
    const { one, result } = await run(preview, () =>
      install({
        host: "minio.example.com",
        consoleHost: "console.example.com",
        tlsVerify,
        publicScheme,
      }),
    );
    expect(result.storage).toMatchObject({ endpoint, tlsVerify });
    expect(one("Release").inputs["values"]).toEqual({
      ...singleDrive,
      environment: { MINIO_BROWSER_REDIRECT_URL: consoleUrl },
    });
  });

  it("comes from a folder of charts, and of another image, where that is told", async () => {
    const { one } = await run(preview, () => {
      const { provider, storage } = testCluster();
      return install({
        cluster: { provider, storage, chartsFolder: "/charts" },
        image: "ghcr.io/you/minio:1.2.3",
      });
    });
    expect(one("Release").inputs).toMatchObject({
      chart: "/charts/minio",
      values: { image: { repository: "ghcr.io/you/minio", tag: "1.2.3" } },
    });
  });

  it("is refused with all its faults, those of the cluster's own class too", async () => {
    const attempt = run(preview, () => {
      const { provider } = testCluster();
      const readWriteOnce = {
        name: "standard",
        binding: "WaitForFirstConsumer",
        checkSize: (where: string, size: string) => [`${where}: got "${size}"; allowed: none`],
      } as const;
      return install({ cluster: { provider, storage: { readWriteOnce } }, image: "minio:latest" }, "Lab");
    });
    await expect(attempt).rejects.toThrow(
      'ManagedMinio Lab:\n  name: got "Lab"; allowed: lower-case letters, digits and hyphens, a letter first, at most 54 characters\n' +
        '  size: got "20Gi"; allowed: none\n' +
        '  image: got "minio:latest"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0',
    );
  });
});
