import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { defaultDir, sandboxCommand } from "../../../sandbox/cli/command-line";
import { googleRows } from "../../../sandbox/cli/google-rows";
import { stacksHere, stacksLine } from "../../../sandbox/cli/stacks-here";
import { sectionLines } from "../../../sandbox/cli/summary";

describe("sandboxCommand", () => {
  it.each([
    [defaultDir, ["destroy", "gke-dev"], "npm run sandbox -- destroy gke-dev"],
    [defaultDir, [], "npm run sandbox"],
    ["/tmp/x", ["down", "--delete"], "npm run sandbox -- down --delete --dir /tmp/x"],
    ["/tmp/x", [], "npm run sandbox -- --dir /tmp/x"],
    ["/tmp/it's here", ["down"], String.raw`npm run sandbox -- down --dir '/tmp/it'\''s here'`],
  ])("%s %j", (dir, args, command) => expect(sandboxCommand(dir, ...args)).toBe(command));
});

describe("googleRows", () => {
  const id = "projects/p/locations/europe-west4/clusters/ml";
  const pool = (name: string, state: Record<string, string | number | object>) => ({
    [`${id}/nodePools/${name}`]: {
      type: "gcp:container/nodePool:NodePool",
      name,
      state: JSON.parse(JSON.stringify({ nodeLocations: ["europe-west4-a"], ...state })),
    },
  });
  it("shows clusters and their pools, with how many nodes there are", () => {
    const rows = googleRows(
      {
        "projects/p/global/networks/n": { type: "gcp:compute/network:Network", name: "n", state: {} },
        ...pool("l4", {
          autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 2 },
          nodeConfig: { machineType: "g2-standard-8", spot: true },
        }),
        ...pool("system", { nodeCount: 1, nodeConfig: { machineType: "e2-standard-4" } }),
        ...pool("big", {
          autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 3 },
          nodeConfig: { machineType: "a3-highgpu-8g", flexStart: true },
        }),
        [id]: {
          type: "gcp:container/cluster:Cluster",
          name: "ml",
          state: { name: "ml", location: "europe-west4" },
        },
      },
      { system: 1, big: 2 },
    );
    expect(rows.map(({ component, object, state }) => [component, object, state])).toEqual([
      ["cluster", "ml", "europe-west4"],
      ["node pool", "l4", "g2-standard-8, spot, 0 of 0–2 nodes"],
      ["node pool", "system", "e2-standard-4, 1 of 1 node"],
      ["node pool", "big", "a3-highgpu-8g, flex-start, 2 of 1–3 nodes"],
    ]);
  });

  it("says that a cluster is of Autopilot", () => {
    const state = { location: "europe-west4", enableAutopilot: true };
    expect(googleRows({ [id]: { type: "gcp:container/cluster:Cluster", name: "ml", state } }, {})).toEqual([
      { component: "cluster", object: "ml", state: "europe-west4, Autopilot" },
    ]);
  });
});

describe("sectionLines", () => {
  it("aligns the rows of all sections, and leaves out those with none", () => {
    const row = (component: string, object: string, state: string) => ({ component, object, state });
    const lines = sectionLines([
      { title: "Google Cloud", rows: [row("cluster", "ml", "europe-west4")] },
      { title: "Namespace a", rows: [] },
      { title: "Namespace b", rows: [row("training job", "train-x", "complete")] },
    ]);
    expect(lines.map(stripVTControlCharacters)).toEqual([
      "Google Cloud",
      "  cluster       ml       europe-west4",
      "Namespace b",
      "  training job  train-x  complete",
    ]);
  });
});

describe("the stacks of a sandbox", () => {
  let dir: string;
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("are those in its engine's state", async () => {
    dir = mkdtempSync(join(tmpdir(), "inference-infra-stacks-"));
    expect(stacksLine(await stacksHere(dir))).toBe("stacks: none");
    const folder = join(dir, "engine", "state", ".pulumi", "stacks", "inference-infra");
    mkdirSync(folder, { recursive: true });
    const state = (resources: unknown) => JSON.stringify({ checkpoint: { latest: { resources } } });
    writeFileSync(join(folder, "sandbox.json"), state(undefined));
    writeFileSync(join(folder, "gke-dev.json"), state([{}]));
    writeFileSync(join(folder, "half.json"), "{");
    writeFileSync(join(folder, "gke-dev.json.bak"), state([{}]));
    expect(stacksLine(await stacksHere(dir))).toBe("stacks: gke-dev, half, sandbox (nothing in it)");
  });
});
