import { setTimeout as sleep } from "node:timers/promises";
import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it, vi } from "vitest";
import { Activity } from "../../../sandbox/cli/activity";
import { waitingLine, WaitingWatcher } from "../../../sandbox/cli/waiting";
import type { Waiting } from "../../../sandbox/cluster-view";
import { waitingCause } from "../../../sandbox/waiting-cause";

const none = "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.";
const unscheduled = {
  phase: "Pending",
  conditions: [
    {
      type: "PodScheduled",
      status: "False",
      message: `${none} no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
    },
  ],
};

function pod(status: V1Pod["status"], nodeName?: string): V1Pod {
  return {
    metadata: { name: "train-x", uid: "1" },
    spec: {
      containers: [],
      ...(nodeName !== undefined && { nodeName }),
      volumes: [{ name: "model", persistentVolumeClaim: { claimName: "model" } }],
    },
    ...(status && { status }),
  };
}

function event(
  reason: string,
  message: string,
  minute: number,
  involvedObject: CoreV1Event["involvedObject"] = { kind: "Pod", name: "train-x", uid: "1" },
): CoreV1Event {
  const time = new Date(Date.UTC(2026, 0, 1, 0, minute));
  // The scheduler's events have their time in another place than the controllers'.
  return {
    metadata: {},
    involvedObject,
    reason,
    message,
    ...(minute % 2 ? { lastTimestamp: time } : { series: { lastObservedTime: time } }),
  };
}

describe("waitingCause", () => {
  const claim = { kind: "PersistentVolumeClaim", name: "model" };
  it.each<[string, V1Pod, CoreV1Event[], string | undefined]>([
    ["no node will do", pod(unscheduled), [], none],
    [
      "what the scheduler said is not said twice",
      pod(unscheduled),
      [event("FailedScheduling", none, 1)],
      none,
    ],
    [
      "no node will come either",
      pod(unscheduled),
      [
        event("NotTriggerScaleUp", "pod didn't trigger scale-up: 1 max node group size reached", 4),
        event("TriggeredScaleUp", "pod triggered scale-up: [{l4 0->1 (max: 2)}]", 1),
        event("FailedScheduling", none, 5),
      ],
      "0/3 nodes are available: 3 Insufficient nvidia.com/gpu; pod didn't trigger scale-up: 1 max node group size reached",
    ],
    [
      "a node is on its way",
      pod(unscheduled),
      [
        event("NotTriggerScaleUp", "pod didn't trigger scale-up", 2),
        event("TriggeredScaleUp", "pod triggered scale-up: [{l4 0->1 (max: 2)}]", 3),
      ],
      "0/3 nodes are available: 3 Insufficient nvidia.com/gpu; pod triggered scale-up: [{l4 0->1 (max: 2)}]",
    ],
    [
      "a volume is made for it, and the scheduler waits",
      pod({ phase: "Pending" }),
      [event("ExternalProvisioning", "Waiting for a volume to be created", 1, claim)],
      "Waiting for a volume to be created",
    ],
    [
      "another pod's event",
      pod({ phase: "Pending" }),
      [
        event("FailedScheduling", none, 1, { kind: "Pod", name: "train-x", uid: "the one before" }),
        event("ExternalProvisioning", "Waiting", 1, { kind: "PersistentVolumeClaim", name: "other" }),
      ],
      "is Pending and not ready yet",
    ],
    [
      "a volume cannot be attached; that it once had no node is past",
      pod({ phase: "Pending" }, "n1"),
      [event("FailedAttachVolume", "Multi-Attach error", 1), event("FailedScheduling", none, 3)],
      "Multi-Attach error",
    ],
    [
      "it runs, and does not answer",
      pod({ phase: "Running" }, "n1"),
      [event("FailedMount", "timed out", 3), event("Unhealthy", "Readiness probe failed: HTTP 503", 1)],
      "Readiness probe failed: HTTP 503",
    ],
    [
      "an image is wrong",
      pod(
        {
          phase: "Pending",
          containerStatuses: [
            {
              name: "a",
              image: "a:1",
              imageID: "",
              ready: false,
              restartCount: 0,
              state: { waiting: { reason: "ErrImagePull", message: "no such host" } },
            },
          ],
        },
        "n1",
      ),
      [event("FailedMount", "timed out", 1)],
      "ErrImagePull: no such host",
    ],
    ["it is done", pod({ phase: "Succeeded" }, "n1"), [event("FailedMount", "timed out", 1)], undefined],
  ])("%s", (_, given, events, cause) => expect(waitingCause(given, events)).toBe(cause));
});

const waits = (name: string, cause: string): Waiting => ({ component: "c", pod: name, cause });

describe("WaitingWatcher", () => {
  it("tells the pods that waited the last time too, minds no failure, and ends", async () => {
    const looks = [
      () => Promise.resolve([waits("a", "x")]),
      () => Promise.reject(new Error("no API server")),
      () => Promise.resolve([waits("a", "x"), waits("b", "y")]),
      () => Promise.resolve([waits("b", "z")]),
    ];
    const look = vi.fn(() => looks.shift()?.() ?? Promise.resolve([]));
    const told: (readonly Waiting[])[] = [];
    const watcher = new WaitingWatcher(look, (waiting) => void told.push(waiting), 1);
    await vi.waitUntil(() => look.mock.calls.length >= 5);
    watcher.close();
    const calls = look.mock.calls.length;
    await sleep(20);
    expect(told.slice(0, 3)).toEqual([[], [waits("a", "x")], [waits("b", "z")]]);
    expect(look.mock.calls.length).toBe(calls);
  });
});

describe("Activity, of pods that wait", () => {
  const job = { kind: "started", resource: "Job train", verb: "create" } as const;

  it("writes each pod's cause once where there is no terminal", () => {
    const lines: string[] = [];
    const activity = new Activity((line) => lines.push(line), { redraw: false });
    for (const cause of ["x", "x", "y", "x"]) activity.reportWaiting([waits("a", cause)]);
    expect(lines).toEqual(["… pod a waits: x", "… pod a waits: y"]);
  });

  it("keeps them below what is at work, for as long as they wait", () => {
    const lines: string[] = [];
    const activity = new Activity((line) => lines.push(line), { redraw: true, now: () => 0 });
    activity.report(job);
    activity.reportWaiting([waits("a", "x")]);
    activity.reportWaiting([]);
    activity.close();
    expect(lines).toEqual(["create Job train", "create Job train\n… pod a waits: x", "create Job train"]);
  });

  it("puts a cause on one line", () => expect(waitingLine(waits("a", "x\n  y"))).toBe("… pod a waits: x y"));
});
