import { describe, expect, it } from "vitest";
import { plain, progressReader, shortName, type Progress } from "../../../sandbox/engine/progress";

const job =
  "urn:pulumi:sandbox::inference-infra::inference-infra:training:TrainingJob$kubernetes:batch/v1:Job::mnist-training-job";

describe("shortName", () => {
  it.each([
    [job, "Job mnist-training-job"],
    ["urn:pulumi:sandbox::p::pulumi:providers:kubernetes::cluster", "kubernetes cluster"],
    ["urn:pulumi:sandbox::p::kubernetes:core/v1:Secret::a::b", "Secret a::b"],
  ])("%s → %s", (urn, name) => expect(shortName(urn)).toBe(name));
});

describe("progressReader", () => {
  const read = (events: object[]) => {
    const seen: Progress[] = [];
    let clock = 0;
    const next = progressReader(
      (progress) => seen.push(progress),
      () => (clock += 1000),
    );
    for (const event of events) next({ sequence: 0, timestamp: 0, ...event });
    return seen;
  };
  const metadata = (op: string, type = "kubernetes:batch/v1:Job", urn = job) => ({
    metadata: { op, type, urn },
  });

  it("tells a step's start, its end and how long it took", () => {
    expect(read([{ resourcePreEvent: metadata("create") }, { resOutputsEvent: metadata("create") }])).toEqual(
      [
        { kind: "started", resource: "Job mnist-training-job", verb: "create" },
        { kind: "finished", resource: "Job mnist-training-job", verb: "create", seconds: 1 },
      ],
    );
  });

  it("leaves out what does not change, the stack and our grouping components", () => {
    expect(
      read([
        { resourcePreEvent: metadata("same") },
        { resourcePreEvent: metadata("create", "pulumi:pulumi:Stack") },
        { resourcePreEvent: metadata("create", "inference-infra:training:TrainingJob") },
      ]),
    ).toEqual([]);
  });

  it("tells failures and messages, without Pulumi's colour marks", () => {
    expect(
      read([
        { resOpFailedEvent: metadata("create") },
        {
          diagnosticEvent: { urn: job, severity: "error", message: "<{%reset%}>no such image<{%reset%}>\n" },
        },
        { diagnosticEvent: { severity: "debug", message: "noise" } },
      ]),
    ).toEqual([
      { kind: "failed", resource: "Job mnist-training-job", verb: "create" },
      { kind: "message", severity: "error", resource: "Job mnist-training-job", text: "no such image" },
    ]);
  });
});

it("takes colour marks away", () => expect(plain("<{%fg 1%}>red<{%reset%}>\n")).toBe("red"));
