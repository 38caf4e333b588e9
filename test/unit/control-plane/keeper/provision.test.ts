import { describe, expect, it } from "vitest";
import type { V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import {
  filestore,
  provisionersAmong,
  provisioning,
} from "../../../../sandbox/control-plane/keeper/provision";
import { claim, namesOf, pod } from "./objects";

const selected = { "volume.kubernetes.io/selected-node": "n1" };
const late: V1StorageClass = {
  metadata: { name: "shared" },
  provisioner: filestore,
  volumeBindingMode: "WaitForFirstConsumer",
  reclaimPolicy: "Delete",
};
const early: V1StorageClass = { ...late, metadata: { name: "early" }, volumeBindingMode: "Immediate" };
const nfs: V1StorageClass = {
  metadata: { name: "nfs" },
  provisioner: "example.com/nfs",
  mountOptions: ["vers=3"],
  reclaimPolicy: "Retain",
};
const other: V1StorageClass = {
  ...late,
  metadata: { name: "other" },
  provisioner: "kubernetes.io/host-path",
};

function waiting(
  rest: {
    readonly storageClassName?: string;
    readonly phase?: string;
    readonly metadata?: V1PersistentVolumeClaim["metadata"];
    readonly volumeName?: string;
  } = {},
): V1PersistentVolumeClaim {
  const { storageClassName = "shared", phase = "Pending", metadata, volumeName } = rest;
  return {
    metadata: { name: "models", namespace: "default", uid: "u1", annotations: selected, ...metadata },
    spec: {
      accessModes: ["ReadWriteMany"],
      resources: { requests: { storage: "100Gi" } },
      storageClassName,
      ...(volumeName !== undefined && { volumeName }),
    },
    status: { phase },
  };
}

function volume(
  rest: {
    readonly phase?: string;
    readonly policy?: string;
    readonly by?: string;
    readonly deletionTimestamp?: Date;
  } = {},
): V1PersistentVolume {
  const { phase = "Released", policy = "Delete", by = filestore, deletionTimestamp } = rest;
  return {
    metadata: {
      name: "pvc-u1",
      annotations: { "pv.kubernetes.io/provisioned-by": by },
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
    spec: { persistentVolumeReclaimPolicy: policy },
    status: { phase },
  };
}

interface Case {
  readonly claims?: readonly V1PersistentVolumeClaim[];
  readonly volumes?: readonly V1PersistentVolume[];
  readonly create?: readonly string[];
  readonly remove?: readonly string[];
}

const server = (rest: Parameters<typeof pod>[1] = {}) =>
  pod("nfs-0", {
    phase: "Running",
    ...rest,
    spec: { containers: [{ name: "nfs", args: ["-provisioner=example.com/nfs", "-grace-period=0"] }] },
  });

describe("the provisioners", () => {
  it.each<[string, Parameters<typeof pod>[1], string[]]>([
    ["are Filestore's, and an NFS server's whose pod runs", {}, [filestore, "example.com/nfs"]],
    ["are not those of a pod that does not run yet", { phase: "Pending" }, [filestore]],
    ["are not those of a pod that ends", { metadata: { deletionTimestamp: new Date(0) } }, [filestore]],
  ])("%s", (_, rest, expected) => {
    const other = pod("web", { phase: "Running", spec: { containers: [{ name: "web", args: ["-v=2"] }] } });
    expect([...provisionersAmong([other, server(rest), pod("bare", { phase: "Running" })])]).toEqual(
      expected,
    );
  });
});

const ours = provisionersAmong([]);

describe("Filestore's provisioner", () => {
  it.each<[string, Case]>([
    ["has nothing to do without claims", {}],
    ["makes a volume when the scheduler has a node for the pod", { claims: [waiting()], create: ["pvc-u1"] }],
    ["waits for that", { claims: [waiting({ metadata: { annotations: {} } })] }],
    [
      "does not wait for it where the class does not",
      { claims: [waiting({ storageClassName: "early", metadata: { annotations: {} } })], create: ["pvc-u1"] },
    ],
    ["leaves other provisioners' classes alone", { claims: [waiting({ storageClassName: "other" })] }],
    ["leaves an NFS server's alone that is gone", { claims: [waiting({ storageClassName: "nfs" })] }],
    ["leaves such a one's volumes alone", { volumes: [volume({ by: "example.com/nfs" })] }],
    ["does nothing for a class that is not there", { claims: [waiting({ storageClassName: "none" })] }],
    ["does nothing for a claim without a class", { claims: [claim("a", { phase: "Pending" })] }],
    ["makes one once", { claims: [waiting()], volumes: [volume({ phase: "Available" })] }],
    ["makes none for a claim that has one", { claims: [waiting({ phase: "Bound", volumeName: "pvc-u1" })] }],
    ["makes none for a claim that is meant for one", { claims: [waiting({ volumeName: "mine" })] }],
    ["makes none for a claim that has lost its own", { claims: [waiting({ phase: "Lost" })] }],
    [
      "makes none for a claim that is being deleted",
      { claims: [waiting({ metadata: { annotations: selected, deletionTimestamp: new Date(0) } })] },
    ],
    ["deletes a volume whose claim is gone", { volumes: [volume()], remove: ["pvc-u1"] }],
    ["keeps it where the class says so", { volumes: [volume({ policy: "Retain" })] }],
    ["keeps one that is in use", { volumes: [volume({ phase: "Bound" })] }],
    ["deletes none of others", { volumes: [volume({ by: "kubernetes.io/host-path" })] }],
    ["deletes none twice", { volumes: [volume({ deletionTimestamp: new Date(0) })] }],
  ])("%s", (_, { claims = [], volumes = [], create = [], remove = [] }) => {
    const found = provisioning(ours, claims, [late, early, nfs, other], volumes);
    expect(namesOf(found.create)).toEqual(create);
    expect(namesOf(found.remove)).toEqual(remove);
  });

  it("makes it as the claim asks and the class says", () => {
    const retained: V1StorageClass = { ...late, reclaimPolicy: "Retain" };
    expect(provisioning(ours, [waiting()], [retained], []).create).toEqual([
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: "pvc-u1", annotations: { "pv.kubernetes.io/provisioned-by": filestore } },
        spec: {
          accessModes: ["ReadWriteMany"],
          capacity: { storage: "100Gi" },
          claimRef: {
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            name: "models",
            namespace: "default",
            uid: "u1",
          },
          csi: { driver: filestore, volumeHandle: "simulated/u1" },
          persistentVolumeReclaimPolicy: "Retain",
          storageClassName: "shared",
        },
      },
    ]);
  });
});

describe("an NFS server", () => {
  const both = provisionersAmong([server()]);

  it("makes volumes of its class at once, as the class says", () => {
    const claims = [waiting({ storageClassName: "nfs", metadata: { annotations: {} } })];
    const [made, ...others] = provisioning(both, claims, [late, nfs], []).create;
    expect(others).toEqual([]);
    expect(made).toMatchObject({
      metadata: { name: "pvc-u1", annotations: { "pv.kubernetes.io/provisioned-by": "example.com/nfs" } },
      spec: {
        accessModes: ["ReadWriteMany"],
        mountOptions: ["vers=3"],
        nfs: { server: "192.0.2.40", path: "/export/pvc-u1" },
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "nfs",
      },
    });
  });

  it("deletes its volumes and leaves others alone", () => {
    const volumes = [volume({ by: "example.com/nfs" }), volume({ by: "example.com/other" })];
    expect(provisioning(both, [], [nfs], volumes).remove).toEqual([volumes[0]]);
  });
});
