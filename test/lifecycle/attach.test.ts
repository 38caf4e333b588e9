import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProcess, stopProcess } from "../../sandbox/control-plane";
import { gpuNode } from "../../sandbox/control-plane/cluster";
import { namespace, patient, TestControlPlane } from "../support/control-plane";
import { join } from "node:path";

const hostname = "kubernetes.io/hostname";
const first = "sandbox-gpu-0";
const second = "plain-0";

describe("a volume, on a cluster of two nodes", () => {
  let plane: TestControlPlane;
  beforeAll(async () => {
    plane = await TestControlPlane.start();
    await plane.api.core.createNode({
      body: { ...gpuNode, metadata: { name: second, labels: { [hostname]: second } } },
    });
  });
  afterAll(() => plane?.stop());

  const makeClaim = (name: string, mode: string) =>
    plane.api.core.createNamespacedPersistentVolumeClaim({
      namespace,
      body: {
        metadata: { name },
        spec: { accessModes: [mode], resources: { requests: { storage: "1Gi" } } },
      },
    });
  const makePod = (name: string, node: string, claimName: string) =>
    plane.makePod(name, {
      nodeSelector: { [hostname]: node },
      volumes: [{ name: "models", persistentVolumeClaim: { claimName } }],
    });
  const volumeOf = async (name: string) =>
    (await plane.api.core.readNamespacedPersistentVolumeClaim({ namespace, name })).spec?.volumeName;

  it("is on one of them at a time, where it is a disk", async () => {
    await makeClaim("disk", "ReadWriteOnce");
    await makePod("a", first, "disk");
    await plane.runs("a");
    await makePod("b", first, "disk");
    await plane.runs("b");
    await makePod("c", second, "disk");
    const failure = () => plane.told("c", "FailedAttachVolume");
    await expect
      .poll(failure, patient)
      .toEqual([
        `Warning attachdetach-controller: Multi-Attach error for volume "${await volumeOf("disk")}" ` +
          "Volume is already used by pod(s) a, b",
      ]);
    await plane.deletePod("a");
    await sleep(1500);
    expect(await plane.phaseOf("c")).toBe("Pending");
    await plane.deletePod("b");
    await plane.runs("c");
    expect(await failure()).toHaveLength(1);
  });

  it("is on both, where it is shared", async () => {
    await makeClaim("shared", "ReadWriteMany");
    await Promise.all([makePod("d", first, "shared"), makePod("e", second, "shared")]);
    await Promise.all([plane.runs("d"), plane.runs("e")]);
  });

  it("goes to one of two pods that come at a time, and comes back to the keeper's mind when it restarts", async () => {
    await makeClaim("contested", "ReadWriteOnce");
    await Promise.all([makePod("f", first, "contested"), makePod("g", second, "contested")]);
    const phases = async () => (await Promise.all(["f", "g"].map(plane.phaseOf))).sort();
    await expect.poll(phases, patient).toEqual(["Pending", "Running"]);
    const dir = join(plane.dir, "control-plane");
    await stopProcess(dir, "cluster-keeper");
    await stopProcess(dir, "kube-apiserver");
    await startProcess(dir, "cluster-keeper");
    await startProcess(dir, "kube-apiserver");
    await makePod("h", first, "shared");
    await plane.runs("h");
    expect(await phases()).toEqual(["Pending", "Running"]);
    await plane.deletePod((await plane.phaseOf("f")) === "Running" ? "f" : "g");
    const left = async () =>
      (await plane.api.core.listNamespacedPod({ namespace })).items
        .filter(({ metadata }) => ["f", "g"].includes(metadata?.name ?? ""))
        .map(({ status }) => status?.phase);
    await expect.poll(left, patient).toEqual(["Running"]);
  });
});
