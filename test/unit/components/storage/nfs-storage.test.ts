import { core } from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import type { StorageClassRef } from "../../../../components/host/cluster-handle";
import {
  NfsStorage,
  validateNfsStorage,
  type NfsStorageArgs,
} from "../../../../components/storage/nfs-storage";
import { run } from "../../../support/mocks";
import { labels, testCluster } from "../fixtures";

const make = (args: Partial<NfsStorageArgs> = {}) =>
  new NfsStorage("lab", { cluster: testCluster(), size: "100Gi", ...args });

describe.each([false, true])("NFS in the cluster, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);
  const inherited = { parent: "NfsStorage lab", provider: "lab" };
  const namespace = known("lab-1a2b3c4d");

  it("is a server on a disk of ours, in a namespace of its own", async () => {
    const { registered, one } = await run(preview, () => make());
    expect(registered.filter(({ parent }) => parent === inherited.parent)).toHaveLength(4);
    expect(one("Namespace")).toEqual({
      type: "kubernetes:core/v1:Namespace",
      name: "lab",
      inputs: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          labels: {
            ...labels("lab"),
            "pod-security.kubernetes.io/enforce": "privileged",
            "pod-security.kubernetes.io/enforce-version": "v1.36",
          },
        },
      },
      ...inherited,
      dependsOn: [],
      options: {},
    });
    expect(one("PersistentVolumeClaim")).toEqual({
      type: "kubernetes:core/v1:PersistentVolumeClaim",
      name: "lab",
      inputs: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { namespace, labels: labels("lab") },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "standard",
          resources: { requests: { storage: "100Gi" } },
        },
      },
      ...inherited,
      dependsOn: ["Namespace lab"],
      options: {},
    });
    const { dependsOn, ...release } = one("Release");
    expect(release).toEqual({
      type: "kubernetes:helm.sh/v3:Release",
      name: "lab",
      inputs: {
        chart: "nfs-server-provisioner",
        repositoryOpts: {
          repo: "https://kubernetes-sigs.github.io/nfs-ganesha-server-and-external-provisioner",
        },
        version: "1.8.0",
        namespace,
        values: {
          nameOverride: "nfs",
          persistence: { enabled: true, existingClaim: namespace },
          storageClass: { create: false, provisionerName: "inference-infra/nfs" },
          extraArgs: { "device-based-fsids": false },
          resources: { requests: { cpu: "100m", memory: "256Mi" } },
        },
        timeout: 600,
        atomic: true,
        compat: "true",
      },
      ...inherited,
      options: {},
    });
    expect([...dependsOn].sort()).toEqual(["Namespace lab", "PersistentVolumeClaim lab"]);
  });

  it("has a class, by which claims come after the server and go before it", async () => {
    const { one, result } = await run(preview, () => make());
    expect(one("StorageClass")).toEqual({
      type: "kubernetes:storage.k8s.io/v1:StorageClass",
      name: "lab",
      inputs: {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "nfs", labels: labels("lab") },
        provisioner: "inference-infra/nfs",
        mountOptions: ["vers=3", "retrans=2", "timeo=30"],
        volumeBindingMode: "Immediate",
        allowVolumeExpansion: false,
        reclaimPolicy: "Delete",
      },
      ...inherited,
      dependsOn: ["Release lab"],
      options: { deleteBeforeReplace: true, replaceOnChanges: ["reclaimPolicy"] },
    });
    expect(result.ref).toMatchObject({ name: "nfs", binding: "Immediate" });
    expect(result.ready).toEqual([result.ref.ready]);
  });

  it("of another class has another provisioner", async () => {
    const { one, result } = await run(preview, () => make({ className: "shared" }));
    expect(one("StorageClass").inputs).toMatchObject({
      metadata: { name: "shared" },
      provisioner: "inference-infra/shared",
    });
    expect(one("Release").inputs["values"]).toMatchObject({
      storageClass: { create: false, provisionerName: "inference-infra/shared" },
    });
    expect(result.ref.name).toBe("shared");
  });

  it("keeps the disk, its namespace and what is on it, where they are to stay", async () => {
    const { registered, one } = await run(preview, () => make({ retain: true, protect: true }));
    const kept = registered.filter(({ options }) => options.retainOnDelete);
    expect(kept.map(({ type }) => type.split(":").at(-1)).sort()).toEqual([
      "Namespace",
      "PersistentVolumeClaim",
    ]);
    expect(registered.filter(({ options }) => options.protect)).toEqual(kept);
    expect(one("StorageClass").inputs["reclaimPolicy"]).toBe("Retain");
  });

  it("has its disk of the class that is told, after what makes that, and does not wait for it in vain", async () => {
    const { one } = await run(preview, () => {
      const ready = new core.v1.ConfigMap("classes");
      return make({ storageClass: { name: "fast", binding: "Immediate", ready } });
    });
    const { inputs, dependsOn } = one("PersistentVolumeClaim");
    expect(inputs).toMatchObject({
      metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { storageClassName: "fast" },
    });
    expect([...dependsOn].sort()).toEqual(["ConfigMap classes", "Namespace lab"]);
  });

  it("comes from the cluster's folder of charts, where it has one", async () => {
    const { one } = await run(preview, () => {
      const { provider, storage } = testCluster();
      return make({ cluster: { provider, storage, chartsFolder: "/charts" } });
    });
    expect(one("Release").inputs).toMatchObject({
      chart: "/charts/nfs-server-provisioner",
      version: "1.8.0",
    });
  });

  it("is refused with all its faults", async () => {
    await expect(
      run(preview, () => {
        const { provider, storage } = testCluster();
        return make({ cluster: { provider, storage, privilegedPods: false }, size: "100" });
      }),
    ).rejects.toThrow(
      "NfsStorage lab:\n" +
        "  cluster: got one whose pods may not be privileged; allowed: one whose may, because the server needs the " +
        'capabilities DAC_READ_SEARCH and SYS_RESOURCE\n  size: got "100"; allowed: a size with a unit, such as 10Gi',
    );
  });
});

describe("a volume of it", () => {
  it.each([
    ["99Gi", undefined],
    ["100G", undefined],
    ["100Gi", "100Gi"],
    ["1Ti", "1Ti"],
  ])("of %s", async (size, refused) => {
    const { result } = await run(false, () => make());
    expect(result.ref.checkSize?.("volume.size", size)).toEqual(
      refused === undefined
        ? []
        : [`volume.size: got "${refused}"; allowed: less than 100Gi, which is all of the NFS server's disk`],
    );
  });
});

describe("the faults of its arguments", () => {
  const disk = (checkSize?: StorageClassRef["checkSize"]): StorageClassRef => ({
    name: "standard",
    binding: "WaitForFirstConsumer",
    ...(checkSize && { checkSize }),
  });
  const picky = disk((where, size) => [`${where}: got "${size}"; allowed: 1Ti`]);
  const cluster = { storage: { readWriteOnce: disk() } };
  const name39 = "a".repeat(39);

  it.each<[string, Parameters<typeof validateNfsStorage>[1], string[]]>([
    [name39, { cluster, size: "10Gi", className: "n".repeat(63) }, []],
    ["lab", { cluster: { ...cluster, privilegedPods: true }, size: "10Gi" }, []],
    ["lab", { cluster: { storage: { readWriteOnce: picky } }, size: "10Gi", storageClass: disk() }, []],
    [
      "lab",
      { cluster: { storage: { readWriteOnce: picky } }, size: "10Gi" },
      ['size: got "10Gi"; allowed: 1Ti'],
    ],
    ["lab", { cluster, size: "10Gi", storageClass: picky }, ['size: got "10Gi"; allowed: 1Ti']],
    [
      `${name39}a`,
      { cluster: { ...cluster, privilegedPods: false }, size: "much", storageClass: picky, className: "NFS" },
      [
        `name: got "${name39}a"; allowed: lower-case letters, digits and hyphens, a letter first, at most 39 characters`,
        "cluster: got one whose pods may not be privileged; allowed: one whose may, because the server needs the capabilities DAC_READ_SEARCH and SYS_RESOURCE",
        'size: got "much"; allowed: a size with a unit, such as 10Gi',
        'className: got "NFS"; allowed: lower-case letters, digits and hyphens, at most 63 characters',
      ],
    ],
  ])("%s, %j", (name, args, faults) => {
    expect(validateNfsStorage(name, args)).toEqual(faults);
  });
});
