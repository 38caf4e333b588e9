import { describe, expect, it } from "vitest";
import {
  checkSharedSize,
  SharedStorageClass,
  type FilestoreTier,
  type SharedStorageClassArgs,
} from "../../../components/storage/shared-storage-class";
import { run } from "../../support/mocks";
import { labels, testCluster } from "./fixtures";

const shared = (args: Partial<SharedStorageClassArgs> = {}) =>
  new SharedStorageClass("lab-shared", {
    cluster: testCluster(),
    tier: "standard",
    network: "lab-1a2b3c",
    ...args,
  });

describe.each([false, true])("a shared storage class, preview %s", (preview) => {
  it("makes file servers in the cluster's network, near the first pod", async () => {
    const { one, result } = await run(preview, () => shared());
    expect(one("StorageClass")).toEqual({
      type: "kubernetes:storage.k8s.io/v1:StorageClass",
      name: "lab-shared",
      inputs: {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "lab-shared", labels: labels("lab-shared") },
        provisioner: "filestore.csi.storage.gke.io",
        parameters: { tier: "standard", network: "lab-1a2b3c" },
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        reclaimPolicy: "Delete",
      },
      parent: "SharedStorageClass lab-shared",
      provider: "lab",
      dependsOn: [],
      options: { deleteBeforeReplace: true, replaceOnChanges: ["reclaimPolicy", "volumeBindingMode"] },
    });
    expect(result.ref).toMatchObject({ name: "lab-shared", binding: "WaitForFirstConsumer" });
  });

  it("takes addresses from where it is told, and keeps data where it is to", async () => {
    const { one } = await run(preview, () =>
      shared({ tier: "zonal", reservedCidr: "10.9.0.0/24", reclaimPolicy: "Retain" }),
    );
    expect(one("StorageClass").inputs).toMatchObject({
      parameters: { tier: "zonal", network: "lab-1a2b3c", "reserved-ipv4-cidr": "10.9.0.0/24" },
      reclaimPolicy: "Retain",
    });
  });

  it("is refused with all its faults", async () => {
    const attempt = run(preview, () => {
      const cluster = testCluster();
      return new SharedStorageClass("Shared", {
        cluster,
        tier: "zonal",
        network: "n",
        reservedCidr: "10.9.0.0/30",
      });
    });
    await expect(attempt).rejects.toThrow(
      'SharedStorageClass Shared:\n  name: got "Shared"; allowed: lower-case letters, digits and hyphens, a letter first, at most 63 characters\n' +
        '  reservedCidr: got "10.9.0.0/30"; allowed: a network of at least /29, such as 10.9.0.0/24',
    );
  });
});

describe("a claim's size", () => {
  it.each<[FilestoreTier, string, string | undefined]>([
    ["standard", "100Gi", undefined],
    ["standard", "99Gi", "100Gi"],
    // Powers of ten are a little less.
    ["standard", "100G", "100Gi"],
    ["premium", "2560Gi", undefined],
    ["premium", "2.5Ti", undefined],
    ["premium", "1Ti", "2560Gi"],
    ["zonal", "1Ti", undefined],
    ["zonal", "1023Gi", "1Ti"],
    ["regional", "100Gi", undefined],
    ["regional", "10Gi", "100Gi"],
    ["enterprise", "2Ti", undefined],
    ["enterprise", "100Gi", "1Ti"],
  ])("of tier %s, %s", (tier, size, least) => {
    expect(checkSharedSize(tier, size, "volume.size")).toEqual(
      least === undefined
        ? []
        : [
            `volume.size: got "${size}"; allowed: at least ${least}, which is what Filestore's tier ${tier} makes and bills for a smaller one too`,
          ],
    );
  });
});
