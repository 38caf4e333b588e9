import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cordonToDo } from "../../../../sandbox/control-plane/keeper/furniture";
import { Lasting } from "../../../../sandbox/control-plane/keeper/lasting";
import { Mirror } from "../../../../sandbox/control-plane/keeper/mirror";
import { ProjectFile } from "../../../../sandbox/control-plane/keeper/project";

describe("what lasts", () => {
  it("is what was so each time for long enough", () => {
    const lasting = new Lasting(100);
    const steps: [names: string[], now: number, expected: string[]][] = [
      [["a"], 1000, []],
      [["a", "b"], 1099, []],
      [["a", "b"], 1100, ["a"]],
      [["b"], 1199, ["b"]],
      [["a", "b"], 1200, ["b"]],
      [["a"], 1300, ["a"]],
    ];
    for (const [names, now, expected] of steps) expect([...lasting.among(names, now)]).toEqual(expected);
  });
});

describe("a mirror", () => {
  const item = (uid: string, resourceVersion: number) => ({
    metadata: { uid, resourceVersion: String(resourceVersion) },
  });
  const list = (resourceVersion: number, ...items: ReturnType<typeof item>[]) => ({
    metadata: { resourceVersion: String(resourceVersion) },
    items,
  });
  const mirror = (...items: ReturnType<typeof item>[]) => {
    const made = new Mirror<ReturnType<typeof item>>(() => undefined);
    made.replace(list(10, ...items));
    return made;
  };

  it("takes what is newer, and keeps the order in which it has first seen things", () => {
    const made = mirror(item("a", 9), item("b", 5));
    made.put(item("c", 12));
    made.put(item("a", 8));
    made.put(item("b", 11));
    expect(made.items).toEqual([item("a", 9), item("b", 11), item("c", 12)]);
  });

  it("loses what a list no longer has, but nothing that is newer than the list", () => {
    const made = mirror(item("a", 9), item("b", 5));
    made.put(item("c", 12));
    made.replace(list(11, item("a", 9)));
    expect(made.items).toEqual([item("a", 9), item("c", 12)]);
  });
});

describe("the sandbox's own node", () => {
  const node = (unschedulable: boolean, ours: boolean) => [
    {
      metadata: {
        name: "sandbox-gpu-0",
        ...(ours && { annotations: { "inference-infra/cordoned": "true" } }),
      },
      spec: { unschedulable },
    },
  ];
  it.each([
    ["is cordoned for a cluster", node(false, false), true, true],
    ["stays cordoned", node(true, true), true, undefined],
    ["is cordoned by a person", node(true, false), true, undefined],
    ["is open again without a cluster", node(true, true), false, false],
    ["stays open", node(false, false), false, undefined],
    ["stays cordoned by a person", node(true, false), false, undefined],
    ["is gone", [], true, undefined],
  ])("%s", (_, nodes, hasCluster, toDo) => expect(cordonToDo(nodes, hasCluster)).toBe(toDo));
});

it("the project is read again where it has changed", () => {
  const dir = mkdtempSync(join(tmpdir(), "project-"));
  const path = join(dir, "project.json");
  const write = (...types: string[]) => {
    const resources = Object.fromEntries(
      types.map((type) => [type, { type, name: "x", state: { nodeLocations: ["z-a"] } }]),
    );
    writeFileSync(`${path}.new`, JSON.stringify({ resources }));
    renameSync(`${path}.new`, path);
  };
  try {
    const file = new ProjectFile(path);
    expect(file.project()).toBeUndefined();
    write("gcp:compute/network:Network");
    expect(file.project()).toEqual({ pools: [], addresses: [] });
    expect(file.project()).toBe(file.project());
    write("gcp:compute/network:Network", "gcp:container/cluster:Cluster");
    expect(file.project()).toEqual({ cluster: { name: "x", zones: ["z-a"] }, pools: [], addresses: [] });
    rmSync(path);
    expect(file.project()).toBeUndefined();
  } finally {
    rmSync(dir, { recursive: true });
  }
});
