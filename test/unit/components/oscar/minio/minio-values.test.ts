import { describe, expect, it } from "vitest";
import { driveSize, minioValues } from "../../../../../components/oscar/platform/minio/minio-values";
import { bytes } from "../../../../../components/kubernetes/container";

const image = "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z";

/** What is said to the chart whatever the layout. */
const common = {
  existingSecret: "minio-root",
  image: { repository: "quay.io/minio/minio", tag: "RELEASE.2025-09-07T16-13-09Z" },
  users: [],
  resources: { requests: { memory: "512Mi" } },
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  metrics: { serviceMonitor: { public: false } },
};

describe("what MinIO's chart is told", () => {
  it("for a single drive: a claim that is there, and one pod at a time", () => {
    expect(
      minioValues({
        image,
        secretName: "minio-root",
        drives: { layout: "single-drive", claimName: "oscar-1a2b" },
      }),
    ).toEqual({
      ...common,
      mode: "standalone",
      persistence: { existingClaim: "oscar-1a2b" },
      deploymentUpdate: { type: "Recreate" },
    });
  });

  it("for four drives: one pod with claims of its own", () => {
    expect(
      minioValues({
        image,
        secretName: "minio-root",
        drives: { layout: "four-drives", storageClass: "standard", driveSize: "5120Mi" },
      }),
    ).toEqual({
      ...common,
      mode: "distributed",
      replicas: 1,
      drivesPerNode: 4,
      persistence: { storageClass: "standard", size: "5120Mi" },
    });
  });

  it("with an address for the console", () => {
    const { environment } = minioValues({
      image,
      secretName: "minio-root",
      drives: { layout: "single-drive", claimName: "oscar-1a2b" },
      consoleUrl: "https://console.example.com",
    });
    expect(environment).toEqual({ MINIO_BROWSER_REDIRECT_URL: "https://console.example.com" });
  });

  const digest = `sha256:${"0f".repeat(32)}`;
  it.each([
    ["minio:1.2.3", "minio", "1.2.3"],
    ["localhost:5001/minio:1.2.3", "localhost:5001/minio", "1.2.3"],
    [`localhost:5001/minio@${digest}`, "localhost:5001/minio@sha256", "0f".repeat(32)],
    [`ghcr.io/you/minio:1.2.3@${digest}`, "ghcr.io/you/minio:1.2.3@sha256", "0f".repeat(32)],
  ])("of the image %s", (given, repository, tag) => {
    const values = minioValues({
      image: given,
      secretName: "minio-root",
      drives: { layout: "single-drive", claimName: "oscar-1a2b" },
    });
    expect(values.image).toEqual({ repository, tag });
    // As the chart's templates put it together.
    expect(`${repository}:${tag}`).toBe(given);
  });
});

describe("how big a drive is", () => {
  it.each([
    ["single-drive", "10Gi", "10Gi"],
    ["single-drive", "1.5Ti", "1.5Ti"],
    ["four-drives", "10Gi", "5120Mi"],
    ["four-drives", "5Gi", "2560Mi"],
    ["four-drives", "1.1Gi", "564Mi"],
    ["four-drives", "1T", "476838Mi"],
    ["four-drives", "1Ki", "1Mi"],
  ] as const)("%s, %s", (layout, size, expected) => {
    expect(driveSize({ layout, size })).toBe(expected);
    // Two of the four are for parity, and no less can be stored than was asked for.
    if (layout === "four-drives") expect(2 * bytes(expected)).toBeGreaterThanOrEqual(bytes(size));
  });
});
