import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type {
  ExternalMinioArgs,
  ManagedMinioArgs,
} from "../../../../../components/oscar/platform/minio/object-storage-args";
import { validateObjectStorage } from "../../../../../components/oscar/platform/minio/validate-object-storage";
import { checkSharedSize } from "../../../../../components/storage/shared-storage-class";

const managed = (args: Partial<ManagedMinioArgs> = {}) =>
  validateObjectStorage("minio", { kind: "managed", size: "20Gi", ...args });

const external = (args: Partial<ExternalMinioArgs> = {}) =>
  validateObjectStorage("minio", {
    kind: "external",
    endpoint: "https://minio.example.com",
    accessKey: "oscar",
    secretKey: output("canary"),
    ...args,
  });

const images = "an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0";

describe("a managed MinIO", () => {
  it.each<[Partial<ManagedMinioArgs>]>([
    [{}],
    [{ layout: "four-drives", storageClass: { name: "local.csi.example", binding: "Immediate" } }],
    [{ image: `quay.io/minio/minio@sha256:${"0f".repeat(32)}` }],
    [{ host: "minio.example.com", consoleHost: "console.example.com" }],
    [{ consoleHost: "console.example.com" }],
  ])("may be %j", (args) => {
    expect(managed(args)).toEqual([]);
  });

  it.each<[Partial<ManagedMinioArgs>, string]>([
    [{ size: "10" }, 'minio.size: got "10"; allowed: a size with a unit, such as 10Gi'],
    [{ image: "minio/minio:latest" }, `minio.image: got "minio/minio:latest"; allowed: ${images}`],
    [{ image: "minio/minio" }, `minio.image: got "minio/minio"; allowed: ${images}`],
    [
      { host: "*.example.com" },
      'minio.host: got "*.example.com"; allowed: a host name, such as mnist.example.com',
    ],
    [
      { consoleHost: "https://console.example.com" },
      'minio.consoleHost: got "https://console.example.com"; allowed: a host name, such as mnist.example.com',
    ],
    [
      { host: "minio.example.com", consoleHost: "minio.example.com" },
      'minio.consoleHost: got "minio.example.com", which is host too; allowed: another one, because each leads to a port of its own',
    ],
    [
      { storageClass: { name: "", binding: "Immediate" } },
      'minio.storageClass.name: got ""; allowed: the name of a StorageClass (kubectl get storageclass)',
    ],
    [
      { storageClass: { name: "Fast SSD", binding: "Immediate" } },
      'minio.storageClass.name: got "Fast SSD"; allowed: the name of a StorageClass (kubectl get storageclass)',
    ],
  ])("may not be %j", (args, fault) => {
    expect(managed(args)).toEqual([fault]);
  });

  it("is of drives that its class makes", () => {
    const storageClass = {
      name: "shared",
      binding: "Immediate",
      checkSize: (where: string, size: string) => checkSharedSize("standard", size, where),
    } as const;
    const least =
      "allowed: at least 100Gi, which is what Filestore's tier standard makes and bills for a smaller one too";
    expect(managed({ size: "100Gi", storageClass })).toEqual([]);
    expect(managed({ size: "99Gi", storageClass })).toEqual([`minio.size: got "99Gi"; ${least}`]);
    expect(managed({ size: "200Gi", layout: "four-drives", storageClass })).toEqual([]);
    expect(managed({ size: "100Gi", layout: "four-drives", storageClass })).toEqual([
      `minio.size, half of which is each drive: got "51200Mi"; ${least}`,
    ]);
    expect(managed({ size: "10", storageClass })).toHaveLength(1);
  });

  it("is told by its fields alone where it has no name", () => {
    expect(validateObjectStorage("", { kind: "managed", size: "10" })).toEqual([
      'size: got "10"; allowed: a size with a unit, such as 10Gi',
    ]);
  });
});

describe("an external MinIO", () => {
  it.each([
    "https://minio.example.com",
    "http://minio.minio:9000",
    "https://minio.example.com:443",
    "http://10.0.0.7:9000",
    "http://[fd00::7]:9000",
    // Machines and load balancers of Amazon's, where a MinIO may well be.
    "http://ec2-203-0-113-25.eu-west-1.compute.amazonaws.com:9000",
    "https://lab-1a2b3c.elb.eu-west-1.amazonaws.com",
    "https://s3.example.com",
  ])("may be at %s", (endpoint) => {
    expect(external({ endpoint })).toEqual([]);
  });

  const address =
    "allowed: http:// or https://, a host, and a port where it is not the usual one, without a path, such as https://minio.example.com:9000";
  it.each([
    ["minio.example.com"],
    ["minio.example.com:9000"],
    ["s3://minio.example.com"],
    ["https://minio.example.com/"],
    ["https://minio.example.com/oscar"],
    ["https://minio.example.com?x=1"],
    ["https://minio.example.com#x"],
    ["https://minio.example.com:90000"],
    ["https://minio_1.example.com"],
    ["https://"],
    [""],
  ])("may not be at %s", (endpoint) => {
    expect(external({ endpoint })).toEqual([`minio.endpoint: got ${JSON.stringify(endpoint)}; ${address}`]);
  });

  it("has no keys in its address, and they are not told", () => {
    expect(external({ endpoint: "https://oscar:canary@minio.example.com" })).toEqual([
      `minio.endpoint: got "https://***@minio.example.com"; ${address}`,
    ]);
  });

  it.each([
    ["s3.amazonaws.com", "Amazon S3"],
    ["s3.eu-west-1.amazonaws.com", "Amazon S3"],
    ["s3-eu-west-1.amazonaws.com", "Amazon S3"],
    ["s3.dualstack.eu-west-1.amazonaws.com", "Amazon S3"],
    ["files.s3.eu-west-1.amazonaws.com", "Amazon S3"],
    ["s3.cn-north-1.amazonaws.com.cn", "Amazon S3"],
    ["storage.googleapis.com", "Google Cloud Storage"],
    ["files.storage.googleapis.com", "Google Cloud Storage"],
    ["ams3.digitaloceanspaces.com", "DigitalOcean Spaces"],
    ["1a2b3c.r2.cloudflarestorage.com", "Cloudflare R2"],
    ["files.blob.core.windows.net", "Azure Blob Storage"],
  ])("is not %s", (host, name) => {
    expect(external({ endpoint: `https://${host}` })).toEqual([
      `minio.endpoint: got "https://${host}"; needed: MinIO's admin API, which ${name} does not have; allowed: MinIO (or RustFS from OSCAR 4.2 on)`,
    ]);
  });

  it("tells all faults, and no key", () => {
    expect(
      external({
        endpoint: "minio",
        accessKey: "",
        secretKey: "",
        region: "EU west",
        clientImage: "quay.io/minio/mc:latest",
      }),
    ).toEqual([
      `minio.endpoint: got "minio"; ${address}`,
      'minio.accessKey: got ""; needed: the key',
      'minio.secretKey: got ""; needed: the key',
      'minio.region: got "EU west"; allowed: the name of a region, such as us-east-1',
      `minio.clientImage: got "quay.io/minio/mc:latest"; allowed: ${images}`,
    ]);
  });
});
