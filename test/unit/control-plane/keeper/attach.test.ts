import { describe, expect, it } from "vitest";
import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { attachedAnnotation, attachments } from "../../../../sandbox/control-plane/keeper/attach";
import { claim, namesOf, pod } from "./objects";

const metadata = (name: string) => ({
  name,
  namespace: "default",
  uid: name,
  annotations: { [attachedAnnotation]: "true" },
});
/** A pod that has its disks on its node. */
const attached = (name: string, node: string, claims: string[], phase: "Running" | "Succeeded" = "Running") =>
  pod(name, { node, claims, phase, metadata: metadata(name) });
const waiting = (name: string, node: string, ...claims: string[]) => pod(name, { node, claims });
const disk = claim("disk");
const shared = claim("shared", { mode: "ReadWriteMany" });

interface Case {
  readonly pods: readonly V1Pod[];
  readonly claims?: readonly V1PersistentVolumeClaim[];
  readonly attach?: readonly string[];
  readonly held?: readonly (readonly [pod: string, volume: string, users: string])[];
}

describe("disks", () => {
  it.each<[string, Case]>([
    ["are not needed by a pod without claims", { pods: [pod("a", { node: "n1" })] }],
    ["wait until the pod has a node", { pods: [pod("a", { claims: ["disk"] })] }],
    ["wait for a claim that is not there", { pods: [waiting("a", "n1", "other")] }],
    [
      "wait until each claim is bound",
      {
        pods: [waiting("a", "n1", "disk", "new")],
        claims: [disk, claim("new", { phase: "Pending" })],
      },
    ],
    ["are put on the pod's node", { pods: [waiting("a", "n1", "disk")], attach: ["a"] }],
    ["are put there once", { pods: [attached("a", "n1", ["disk"])] }],
    [
      "are there for all pods of that node",
      { pods: [attached("a", "n1", ["disk"]), waiting("b", "n1", "disk")], attach: ["b"] },
    ],
    [
      "are on one node at a time",
      {
        pods: [waiting("c", "n2", "disk"), attached("a", "n1", ["disk"]), attached("b", "n1", ["disk"])],
        held: [["c", "pvc-disk", "a, b"]],
      },
    ],
    [
      "go to the first of two pods that come at a time",
      {
        pods: [waiting("a", "n1", "disk"), waiting("b", "n2", "disk")],
        attach: ["a"],
        held: [["b", "pvc-disk", "a"]],
      },
    ],
    [
      "are free when their pod has finished",
      { pods: [attached("a", "n1", ["disk"], "Succeeded"), waiting("b", "n2", "disk")], attach: ["b"] },
    ],
    [
      "are not yet free while their pod is being deleted",
      {
        pods: [
          pod("a", {
            node: "n1",
            claims: ["disk"],
            metadata: { ...metadata("a"), deletionTimestamp: new Date(0) },
          }),
          waiting("b", "n2", "disk"),
        ],
        held: [["b", "pvc-disk", "a"]],
      },
    ],
    [
      "are not put there for a pod that is being deleted",
      {
        pods: [
          pod("a", { node: "n1", claims: ["disk"], metadata: { name: "a", deletionTimestamp: new Date(0) } }),
        ],
      },
    ],
    [
      "hold a pod with all its claims where one is elsewhere, and keep the others free",
      {
        pods: [
          attached("a", "n1", ["disk"]),
          waiting("b", "n2", "disk", "second"),
          waiting("c", "n3", "second"),
        ],
        claims: [disk, claim("second")],
        attach: ["c"],
        held: [["b", "pvc-disk", "a"]],
      },
    ],
    [
      "are no matter to volumes that many nodes can use",
      { pods: [attached("a", "n1", ["shared"]), waiting("b", "n2", "shared")], attach: ["b"] },
    ],
    [
      "of other namespaces are others",
      {
        pods: [
          attached("a", "n1", ["disk"]),
          pod("b", { node: "n2", claims: ["disk"], metadata: { name: "b", namespace: "other" } }),
        ],
        claims: [
          disk,
          { ...disk, metadata: { name: "disk", namespace: "other" }, spec: { volumeName: "pvc-other" } },
        ],
        attach: ["b"],
      },
    ],
  ])("%s", (_, { pods, claims = [disk, shared], attach = [], held = [] }) => {
    const found = attachments(pods, claims);
    expect(namesOf(found.attach)).toEqual(attach);
    expect(
      found.held.map(({ pod, volume, users }) => [pod.metadata?.name, volume, users.join(", ")]),
    ).toEqual(held);
  });
});
