import { describe, expect, it } from "vitest";
import { Activity } from "../../../sandbox/cli/activity";
import { describeChanges, digestLines, problemLines } from "../../../sandbox/cli/changes";
import { ingressState, jobState, serviceState } from "../../../sandbox/cluster-view";
import { whyNotReady } from "../../../sandbox/waiting-cause";

describe("describeChanges", () => {
  it.each([
    [{ create: 12 }, "12 created"],
    [{ same: 9, update: 1, replace: 2 }, "1 updated, 2 replaced, 9 unchanged"],
    [{}, "nothing to do"],
  ])("%j → %s", (changes, text) => expect(describeChanges(changes)).toBe(text));
});

describe("digestLines", () => {
  it("draws each resource under its component, with the reasons of a replacement", () => {
    const stack = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev";
    const training = "urn:pulumi:dev::p::inference-infra:training:TrainingJob::mnist";
    const job = "urn:pulumi:dev::p::inference-infra:training:TrainingJob$kubernetes:batch/v1:Job::mnist";
    const lines = digestLines("dev", {
      steps: [
        { op: "create", urn: stack, newState: { type: "pulumi:pulumi:Stack" } },
        {
          op: "create",
          urn: training,
          newState: { type: "inference-infra:training:TrainingJob", parent: stack },
        },
        {
          op: "replace",
          urn: job,
          newState: { type: "kubernetes:batch/v1:Job", parent: training },
          replaceReasons: ["spec.template"],
        },
      ],
      changeSummary: { create: 2, replace: 1 },
    });
    expect(lines.slice(1)).toEqual([
      "  + inference-infra:training:TrainingJob mnist",
      expect.stringContaining("    ± kubernetes:batch/v1:Job mnist"),
      "  2 to create, 1 to replace",
    ]);
    expect(lines[2]).toContain("[spec.template]");
  });

  it("tells errors and warnings only", () => {
    expect(
      problemLines({
        diagnostics: [
          { severity: "error", message: "<{%reset%}>no\n" },
          { severity: "info", message: "fine" },
        ],
      }),
    ).toEqual(["error: no"]);
  });
});

describe("Activity", () => {
  const record = (redraw: boolean) => {
    const lines: string[] = [];
    let clock = 0;
    const activity = new Activity((line) => lines.push(line), { redraw, now: () => clock });
    return { lines, activity, wait: (seconds: number) => void (clock += seconds * 1000) };
  };

  it("writes a line for each end where there is no terminal, and what a resource says once", () => {
    const { lines, activity } = record(false);
    activity.report({ kind: "started", resource: "Job train", verb: "create" });
    for (const text of ["waiting for a node", "waiting for a node"]) {
      activity.report({ kind: "message", severity: "info", resource: "Job train", text });
    }
    activity.report({ kind: "finished", resource: "Job train", verb: "create", seconds: 3.2 });
    expect(lines).toEqual(["Job train: waiting for a node", "create Job train: done (3 s)"]);
  });

  it("redraws what is at work, for how long, and what it last said", () => {
    const { lines, activity, wait } = record(true);
    activity.report({ kind: "started", resource: "Job train", verb: "create" });
    wait(12);
    activity.report({
      kind: "message",
      severity: "info",
      resource: "Job train",
      text: "0/1 nodes are available",
    });
    activity.close();
    expect(lines).toEqual(["create Job train", "create Job train (12 s): 0/1 nodes are available"]);
  });

  it("keeps errors for the end", () => {
    const { activity } = record(false);
    activity.report({ kind: "message", severity: "error", resource: "Job train", text: "no such image" });
    const text = "OscarCluster lab:\n  host: missing";
    activity.report({ kind: "message", severity: "error", resource: "OscarCluster lab", text });
    expect(activity.problems).toEqual(["Job train: no such image", text]);
  });
});

describe("the state of objects", () => {
  it.each([
    [{ status: { conditions: [{ type: "Complete", status: "True" }] } }, "complete"],
    [
      {
        status: {
          conditions: [{ type: "Failed", status: "True", reason: "DeadlineExceeded", message: "too long" }],
        },
      },
      "failed: DeadlineExceeded too long",
    ],
    [{ status: { active: 1 } }, "at work"],
    [{}, "waiting to start"],
  ])("job %j: %s", (job, state) => expect(jobState(job)).toBe(state));

  it("service: type, ports, address", () => {
    expect(serviceState({ spec: { type: "NodePort", ports: [{ port: 9000, nodePort: 30001 }] } })).toBe(
      "NodePort port 9000:30001",
    );
    expect(
      serviceState({
        spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
        status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } },
      }),
    ).toBe("LoadBalancer port 80, 192.0.2.1");
  });

  it("ingress: hosts and address", () => {
    expect(ingressState({ spec: { rules: [{ host: "mnist.localhost" }] } })).toBe(
      "mnist.localhost, no address yet",
    );
  });

  const message = "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.";
  const waiting = (reason: string, text?: string) => ({
    phase: "Pending",
    containerStatuses: [
      {
        name: "ui",
        image: "a/b:1",
        imageID: "",
        ready: false,
        restartCount: 0,
        state: { waiting: { reason, ...(text && { message: text }) } },
      },
    ],
  });
  it.each([
    [
      "an unschedulable pod",
      { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message }] },
      message,
    ],
    ["a bad image", waiting("ImagePullBackOff", "no such host"), "ImagePullBackOff: no such host"],
    ["a bad image that says no more", waiting("ErrImagePull"), "ErrImagePull (image a/b:1)"],
    ["a finished pod", { phase: "Succeeded" }, undefined],
    ["a ready pod", { phase: "Running", conditions: [{ type: "Ready", status: "True" }] }, undefined],
    ["a pod that starts", waiting("ContainerCreating"), "is Pending and not ready yet"],
  ])("why %s is not ready", (_, status, why) => expect(whyNotReady({ status })).toBe(why));
});
