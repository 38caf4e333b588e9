import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { gkeArgs } from "../../../infra/gke";
import { parseEnvironment } from "../../../infra/environment";
import { stackFileSchema } from "../../../infra/json-schema";
import { readStackFile } from "../../../infra/stack-file";
import { tiers } from "../../../infra/tiers";
import { faultsOf, without } from "./faults-of";

const stacks = join(__dirname, "..", "..", "..", "stacks");
const file = (stack: string) => join(stacks, `Pulumi.${stack}.yaml`);
const schema = z.fromJSONSchema(stackFileSchema());

const host = {
  kind: "gke",
  project: "my-project",
  region: "europe-west4",
  zones: ["europe-west4-a"],
  gpuPools: [{ name: "l4", machineType: "g2-standard-8", gpu: { type: "nvidia-l4" }, max: 2 }],
};
const training = { image: "ghcr.io/acme/trainer:1", gpu: { count: 1, type: "nvidia-l4" } };
const whole = { name: "mnist", tier: "development", host, modelVolume: {}, training };
const on = (more: object) => ({ ...whole, host: { ...host, ...more } });

describe.each(["gke-dev", "gke-staging", "gke-prod"])("the stack %s", (name) => {
  it("is sound where images and the project are stood in for", () => {
    const { document } = readStackFile(file(name));
    expect(parseEnvironment(document, { where: name, allowPlaceholders: true }).host.kind).toBe("gke");
  });

  it("asks for a project, images and names of the user's own on Google Cloud", () => {
    const told = faultsOf(readStackFile(file(name)).document);
    expect(
      told.map((fault) => /^environment\.([\w.]+): got .*, a placeholder; needed: /.exec(fault)?.[1]),
    ).toEqual([
      "dns.domain",
      ...(name === "gke-dev" ? [] : ["dns.parent.domain"]),
      "host.project",
      "training.image",
      "ui.host",
      "ui.image",
    ]);
  });

  it("names the JSON Schema, which accepts it", () => {
    const text = readFileSync(file(name), "utf8");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./environment.schema.json");
    expect(schema.safeParse(parse(text)).success).toBe(true);
  });
});

describe("a document for GKE tells", () => {
  const cases: [what: string, document: object, faults: string[]][] = [
    [
      "that a zone is no region",
      { ...whole, host: { ...without(host, "zones"), region: "europe-west4-a" } },
      [
        'environment.host.region: got "europe-west4-a"; allowed: a region, such as europe-west4 (gcloud compute regions list); "europe-west4-a" is a zone: region: europe-west4, zones: [europe-west4-a]',
      ],
    ],
    [
      "that a type of GPU is in no pool",
      { ...whole, training: { ...training, gpu: { count: 1, type: "nvidia-h100-80gb" } } },
      ['environment.training.gpu: the cluster offers no GPU of type "nvidia-h100-80gb"; allowed: nvidia-l4'],
    ],
    [
      "that no node has so many GPUs",
      { ...whole, training: { ...training, gpu: { count: 2, type: "nvidia-l4" } } },
      [
        "environment.training.gpu.count: got 2 (a number); allowed: at most 1, for no node of the host has more of them",
      ],
    ],
    [
      "that a bucket has no size",
      { ...whole, modelVolume: { size: "10Gi" } },
      [
        "environment.modelVolume.size: given, but the volume is a bucket, which has none; leave it out, or make it kind: claim",
      ],
    ],
    [
      "that a claim has one",
      { ...whole, modelVolume: { kind: "claim" } },
      ["environment.modelVolume.size: missing; needed: a size with a unit, such as 10Gi"],
    ],
    [
      "that many nodes cannot mount a disk",
      { ...whole, modelVolume: { kind: "claim", size: "10Gi", accessMode: "ReadWriteMany" } },
      [
        'environment.modelVolume.accessMode: got "ReadWriteMany"; allowed: ReadWriteOnce, because the host has no class for it: add host.filestore',
      ],
    ],
    [
      "what Filestore makes at least",
      {
        ...on({ filestore: { tier: "zonal" } }),
        modelVolume: { kind: "claim", size: "10Gi", accessMode: "ReadWriteMany" },
      },
      [
        'environment.modelVolume.size: got "10Gi"; allowed: at least 1Ti, which is what Filestore\'s tier zonal makes and bills for a smaller one too',
      ],
    ],
    [
      "that a name leaves no room for what is added to it",
      { ...whole, name: "a-name-that-is-far-too-long-now" },
      [
        'environment.name: got "a-name-that-is-far-too-long-now"; allowed: lower-case letters, digits and hyphens, a letter first, at most 30 characters',
      ],
    ],
    [
      "which window Google wants",
      on({
        maintenance: { start: "2026-01-03T02:00:00Z", end: "2026-01-03T03:00:00Z", recurrence: "FREQ=DAILY" },
      }),
      [
        'environment.host.maintenance.end: got "2026-01-03T03:00:00Z", 1 hours after the start; allowed: from 4 to 24 hours after maintenance.start',
      ],
    ],
    [
      "what a machine is called",
      on({ gpuPools: [{ ...host.gpuPools[0], machineTyp: "g2-standard-8" }] }),
      ["environment.host.gpuPools[0].machineTyp: unknown key; did you mean machineType?"],
    ],
    [
      "that no node with such GPUs has so much for pods",
      {
        ...whole,
        training: { ...training, resources: { cpu: 16, memory: "200Gi" } },
      },
      [
        "environment.training.resources.cpu: got 16 (a number); allowed: at most 7.5, the most that a node with such GPUs has for pods (g2-standard-8)",
        'environment.training.resources.memory: got "200Gi"; allowed: at most 28.3Gi, the most that a node with such GPUs has for pods (g2-standard-8)',
      ],
    ],
    [
      "that no node of a class has so many GPUs",
      {
        ...on({
          computeClasses: [{ name: "any-l4", gpu: { type: "nvidia-l4" }, capacities: [{ kind: "spot" }] }],
        }),
        training: { ...training, gpu: { count: 2, type: "any-l4" } },
      },
      [
        "environment.training.gpu.count: got 2 (a number); allowed: at most 1, for no node of the host has more of them",
      ],
    ],
    [
      "that a zone of the host has no such GPU",
      on({ zones: ["europe-west4-d"] }),
      [
        'environment.host.zones: got "europe-west4-d", where there is no nvidia-l4 as of 2026-11, which gpuPools[0] (l4) wants; allowed: europe-west4-a, europe-west4-b or europe-west4-c, or gpuPools[0].zones for this pool alone',
      ],
    ],
  ];
  it.each(cases)("%s", (_what, document, faults) => expect(faultsOf(document)).toEqual(faults));

  it("all that is wrong at once, whatever else is faulty", () => {
    expect(
      faultsOf({
        ...whole,
        tier: "dev",
        host: {
          ...without(host, "zones"),
          region: "europe-west4-a",
          gpuPools: [
            { ...host.gpuPools[0], max: undefined },
            { ...host.gpuPools[0], name: "big", machineType: "g2-standard-24", min: 5, max: 2 },
          ],
          network: { podCidr: "10.0.0.0/16" },
        },
      }).map((line) => line.replace(/: .*/, "")),
    ).toEqual([
      "environment.host.gpuPools[0].max",
      "environment.host.gpuPools[1].min",
      "environment.host.network.kind",
      "environment.host.region",
      "environment.tier",
    ]);
  });

  it("nothing of a training's GPU while the pool's is misspelt", () =>
    expect(
      faultsOf(on({ gpuPools: [{ ...host.gpuPools[0], gpu: { type: "nvidia-L4" } }] })).map((line) =>
        line.replace(/: .*/, ""),
      ),
    ).toEqual(["environment.host.gpuPools[0].gpu.type"]));

  it("no fault of a kind that is given by its name alone", () =>
    expect(
      faultsOf(
        on({
          network: "new",
          controlPlaneAccess: "dns",
          gpuPools: [{ ...host.gpuPools[0], capacity: "spot", gpu: { type: "nvidia-l4", sharing: "none" } }],
          computeClasses: [{ name: "any-l4", gpu: { type: "nvidia-l4" }, capacities: ["on-demand", "spot"] }],
        }),
      ),
    ).toEqual([]));

  it("that a disk is on one node, where the training and the UI are on two", () => {
    const ui = { image: "ghcr.io/acme/ui:1", exposure: "none", modelFile: "/models/model.pt" };
    const document = { ...whole, ui };
    expect(faultsOf(document)).toEqual([]);
    expect(faultsOf({ ...document, modelVolume: { kind: "claim", size: "10Gi" } })).toEqual([
      "environment.ui.placement: the training and the UI may run on different nodes, but a ReadWriteOnce volume is mounted on " +
        "one node at a time; allowed: placement: with-training for the UI, accessMode: ReadWriteMany, or kind: bucket, which all nodes reach",
    ]);
  });

  it("that only GKE has a driver for buckets", () => {
    const existing = {
      kind: "existing",
      storage: { readWriteOnce: { name: "standard", binding: "WaitForFirstConsumer" } },
      gpu: {},
    };
    const document = {
      ...whole,
      host: existing,
      modelVolume: { kind: "bucket" },
      training: { image: training.image },
    };
    expect(faultsOf(document)).toEqual([
      'environment.modelVolume.kind: got "bucket"; allowed: claim, because only GKE has a driver for buckets here',
    ]);
  });
});

describe("a tier", () => {
  const args = (tier: keyof typeof tiers, more: object = {}) => {
    const environment = parseEnvironment({ ...on(more), tier }, { where: "test", allowPlaceholders: true });
    if (environment.host.kind !== "gke") throw new Error("not GKE");
    return gkeArgs({ ...environment, host: environment.host });
  };

  it("of development is cheap, and guards nothing", () =>
    expect(args("development")).toMatchObject({
      deletionProtection: false,
      undeleteDays: 0,
      network: { kind: "new", flowLogs: false },
      systemPool: { machineType: "e2-standard-4", min: 1, max: 3 },
      gpuPools: [{ name: "l4", capacity: { kind: "spot" } }],
      labels: { environment: "development", application: "mnist", "managed-by": "pulumi" },
      enableServices: true,
    }));

  it("of production is guarded, and has GPUs of its own", () =>
    expect(args("production")).toMatchObject({
      deletionProtection: true,
      undeleteDays: 30,
      network: { flowLogs: true },
      systemPool: { min: 3 },
      gpuPools: [{ capacity: { kind: "on-demand" } }],
    }));

  it("gives way to what the document says", () =>
    expect(
      args("production", {
        deletionProtection: false,
        enableServices: false,
        labels: { team: "ml", environment: "live" },
        network: { kind: "new", flowLogs: false },
        systemPool: { machineType: "n2-standard-8", zones: ["europe-west4-a"] },
        gpuPools: [{ ...host.gpuPools[0], capacity: { kind: "reservation", name: "r" } }],
      }),
    ).toMatchObject({
      deletionProtection: false,
      enableServices: false,
      labels: { environment: "live", team: "ml", application: "mnist" },
      network: { flowLogs: false },
      systemPool: { machineType: "n2-standard-8", min: 3, zones: ["europe-west4-a"] },
      gpuPools: [{ capacity: { kind: "reservation", name: "r" } }],
    }));
});
