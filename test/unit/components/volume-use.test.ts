import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkVolumeUse, type VolumeConsumer } from "../../../components/storage/volume-use";

const job = { name: "the training job", replicas: 1, placement: "anywhere" } as const;
const ui = { name: "the UI", replicas: 1, placement: "anywhere" } as const;
const together = <C extends VolumeConsumer>(consumer: C) => ({ ...consumer, placement: "together" as const });

describe("who may use a ReadWriteOnce volume on many nodes", () => {
  const check = (...consumers: VolumeConsumer[]) =>
    checkVolumeUse({ accessMode: "ReadWriteOnce", nodes: "many", consumers });

  it.each([
    ["nobody", []],
    ["one pod", [ui]],
    ["a training and a UI on one node", [together(job), together(ui)]],
    ["many pods that are all on one node", [together({ ...ui, replicas: 3 })]],
  ])("%s", (_, consumers) => expect(check(...consumers)).toEqual([]));

  it("not three pods", () => {
    expect(check({ ...ui, replicas: 3 })).toEqual([
      "the UI may have 3 pods, on different nodes, but a ReadWriteOnce volume is mounted on one node at a time; " +
        "allowed: 1 pod, accessMode: ReadWriteMany, placement: with-training, or nodes: single where there is only one",
    ]);
  });

  it.each([
    ["both anywhere", [job, ui]],
    ["one of them anywhere", [together(job), ui]],
  ])("not a training and a UI, %s", (_, consumers) => {
    expect(check(...consumers)).toEqual([
      "the training job and the UI may run on different nodes, but a ReadWriteOnce volume is mounted on " +
        "one node at a time; allowed: placement: with-training for the UI, accessMode: ReadWriteMany, or nodes: single where there is only one",
    ]);
  });
});

const anyConsumer = fc.record({
  name: fc.string(),
  replicas: fc.integer({ min: 1, max: 9 }),
  placement: fc.constantFrom("anywhere" as const, "together" as const),
});

describe("properties", () => {
  it("ReadWriteMany volumes and clusters of one node bear everything", () => {
    fc.assert(
      fc.property(fc.array(anyConsumer), (consumers) => {
        expect(checkVolumeUse({ accessMode: "ReadWriteMany", nodes: "many", consumers })).toEqual([]);
        expect(checkVolumeUse({ accessMode: "ReadWriteOnce", nodes: "single", consumers })).toEqual([]);
      }),
    );
  });

  it("else it is refused exactly where two pods may be on different nodes", () => {
    fc.assert(
      fc.property(fc.array(anyConsumer), (consumers) => {
        const pods = consumers.flatMap(({ replicas, placement }) => Array<string>(replicas).fill(placement));
        const apart = pods.length > 1 && pods.includes("anywhere");
        const faults = checkVolumeUse({ accessMode: "ReadWriteOnce", nodes: "many", consumers });
        expect(faults.length > 0).toBe(apart);
      }),
    );
  });
});
