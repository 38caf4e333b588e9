import { isSecret, output, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  ExternalMinio,
  type ExternalMinioSetup,
} from "../../../../../components/oscar/platform/minio/external-minio";
import { run, valueOf } from "../../../../support/mocks";
import { containerSecurity, labels, podSecurity, testCluster } from "../../fixtures";

const endpoint = "https://minio.example.com:9000";

const ask = (args: Partial<ExternalMinioSetup> = {}, name = "lab") =>
  new ExternalMinio(name, {
    cluster: testCluster(),
    kind: "external",
    endpoint,
    accessKey: "oscar",
    secretKey: secret("can:a@ry/+%"),
    ...args,
  });

/** The arguments of the Job's container. */
const asked = (inputs: Record<string, unknown>) =>
  (inputs as { spec: { template: { spec: { containers: [{ image: string; args: string[] }] } } } }).spec
    .template.spec.containers[0];

describe.each([false, true])("an external MinIO, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);
  const made = "lab-object-storage-1a2b3c4d";
  const inherited = { name: "lab-object-storage", parent: "ExternalMinio lab", provider: "lab" };

  it("is asked by a Job, in a namespace of its own", async () => {
    const { one, registered, result } = await run(preview, () => ask());
    expect(registered.filter(({ parent }) => parent === inherited.parent)).toHaveLength(3);
    expect(one("Namespace")).toEqual({
      ...inherited,
      type: "kubernetes:core/v1:Namespace",
      inputs: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          labels: {
            ...labels("lab-object-storage"),
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/enforce-version": "v1.36",
          },
        },
      },
      dependsOn: [],
      options: {},
    });
    const metadata = { namespace: known(made), labels: labels("lab-object-storage") };
    expect(one("Job")).toEqual({
      ...inherited,
      type: "kubernetes:batch/v1:Job",
      inputs: {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata,
        spec: {
          backoffLimit: 1,
          activeDeadlineSeconds: 300,
          template: {
            metadata: { labels: labels("lab-object-storage") },
            spec: {
              restartPolicy: "Never",
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              securityContext: podSecurity,
              containers: [
                {
                  name: "ask",
                  image: "quay.io/minio/mc:RELEASE.2025-08-13T08-35-41Z",
                  args: ["admin", "config", "get", "minio", "api"],
                  env: [
                    { name: "HOME", value: "/tmp" },
                    { name: "MC_CONFIG_DIR", value: "/tmp" },
                  ],
                  securityContext: containerSecurity,
                  resources: { requests: { cpu: "100m", memory: "128Mi" } },
                  terminationMessagePolicy: "FallbackToLogsOnError",
                  volumeMounts: [
                    { name: "tmp", mountPath: "/tmp" },
                    {
                      name: "config",
                      mountPath: "/tmp/config.json",
                      subPath: "config.json",
                      readOnly: true,
                    },
                  ],
                },
              ],
              volumes: [
                { name: "tmp", emptyDir: {} },
                { name: "config", secret: { secretName: known(made) } },
              ],
            },
          },
        },
      },
      dependsOn: ["Namespace lab-object-storage", "Secret lab-object-storage"],
      options: {},
    });
    expect(result.storage.ready).toHaveLength(1);
  });

  it("has its keys in a Secret alone, whatever characters they have", async () => {
    const { one, registered, result } = await run(preview, () => ask());
    const config = one("Secret");
    expect(config.options).toEqual({ deletedWith: "Namespace lab-object-storage" });
    expect(config.inputs["metadata"]).not.toHaveProperty("name");
    const { secret: data } = config.inputs["stringData"] as { secret: { "config.json": string } };
    expect(JSON.parse(data["config.json"])).toEqual({
      version: "10",
      aliases: {
        minio: {
          url: endpoint,
          accessKey: "oscar",
          secretKey: "can:a@ry/+%",
          api: "S3v4",
          path: "auto",
        },
      },
    });
    expect(JSON.stringify(registered.filter(({ type }) => !type.endsWith(":Secret")))).not.toContain("can:a");
    expect(await isSecret(output(result.storage.secretKey))).toBe(true);
  });

  it("keeps a key in clear text as a secret all the same", async () => {
    const { one, result } = await run(preview, () => ask({ secretKey: "canary" }));
    expect(one("Secret").inputs["stringData"]).toEqual({
      secret: { "config.json": expect.stringContaining("canary") as string },
    });
    expect(await isSecret(output(result.storage.secretKey))).toBe(true);
    expect(await valueOf(output(result.storage.secretKey))).toBe("canary");
  });

  it("is what OSCAR is told of", async () => {
    const plain = await run(preview, () => ask());
    expect(plain.result.storage).toMatchObject({
      endpoint,
      region: "us-east-1",
      accessKey: "oscar",
      tlsVerify: true,
    });
    expect(plain.result.storage.services).toBeUndefined();
    const own = await run(preview, () => ask({ region: "upv", tlsVerify: false }));
    expect(own.result.storage).toMatchObject({ region: "upv", tlsVerify: false });
  });

  it("is asked by another client, and whatever its certificate, where that is told", async () => {
    const { one } = await run(preview, () => ask({ tlsVerify: false, clientImage: "ghcr.io/you/mc:1.2.3" }));
    expect(asked(one("Job").inputs)).toMatchObject({
      image: "ghcr.io/you/mc:1.2.3",
      args: ["--insecure", "admin", "config", "get", "minio", "api"],
    });
  });

  it("is refused with all its faults", async () => {
    const name = "a".repeat(40);
    await expect(run(preview, () => ask({ endpoint: "https://s3.amazonaws.com" }, name))).rejects.toThrow(
      `ExternalMinio ${name}:\n` +
        `  name: got "${name}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 39 characters\n` +
        '  endpoint: got "https://s3.amazonaws.com"; needed: MinIO\'s admin API, which Amazon S3 does not have; allowed: MinIO (or RustFS from OSCAR 4.2 on)',
    );
  });
});
