import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secret } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OscarProvider } from "../../components/oscar/oscar-provider";
import { OscarService } from "../../components/oscar/service/oscar-service";
import { fileManagers, managersFile, memoryStores, startClouds, type Clouds } from "../../sandbox/clouds";
import { openEngineHome } from "../../sandbox/engine/environment";
import { EngineStack } from "../../sandbox/engine/stack";
import { getTools } from "../../sandbox/tools";
import { offlineForTests } from "../support/offline";
import { changed } from "../support/sandbox";

const endpoint = "https://oscar.example.com";

const program: PulumiFn = async () => {
  const provider = new OscarProvider("oscar", {
    endpoint,
    credentials: { kind: "basic", password: secret("of-this-stack") },
  });
  new OscarService(
    "classify",
    {
      image: "ghcr.io/example/classify:1.0.0",
      cpu: "1",
      memory: "1Gi",
      script: "#!/bin/sh\necho hello\n",
    },
    { provider },
  );
};

/** The engine's own words for what a first `up` makes: stack, provider, service. */
const all = { create: 3 };

describe("a stack with an OSCAR service, in memory", () => {
  const offline = offlineForTests();
  const stack = () => offline.engine.stack("in-memory", program);
  const manager = () => offline.engine.clouds.oscar.at(endpoint);

  it("is previewed, and nothing is made", async () => {
    const { code, digest } = await (await stack()).preview();
    expect(digest.diagnostics ?? []).toEqual([]);
    expect([code, digest.changeSummary]).toEqual([0, all]);
    expect((await manager()).changes).toEqual([]);
  });

  it("comes up, and stays as it is", async () => {
    expect((await (await stack()).up()).changes).toEqual(all);
    expect((await manager()).state.service("classify")?.memory).toBe("1Gi");
    expect(changed((await (await stack()).up()).changes)).toEqual({});
    await (await stack()).refresh({ expectNoChanges: true });
    expect((await manager()).changes).toEqual(["POST /system/services"]);
  });

  it("tells of what others changed, and puts it right", async () => {
    (await manager()).state.edit("classify", (stored) => (stored.memory = "8Gi"));
    expect(changed(await (await stack()).refresh())).toEqual({ update: 1 });
    expect(changed((await (await stack()).up()).changes)).toEqual({ update: 1 });
    expect((await manager()).state.service("classify")?.memory).toBe("1Gi");
  });

  it("goes, and leaves nothing", async () => {
    await (await stack()).destroy();
    const { configMaps, knativeServices, minio } = (await manager()).state;
    expect([configMaps.size, knativeServices.size, minio.webhooks.size]).toEqual([0, 0, 0]);
  });
});

describe("a stack with an OSCAR service, in runs of their own", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "inference-infra-managers-"));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  /** What one run of a sandbox does. */
  async function run<Result>(work: (stack: EngineStack, clouds: Clouds) => Promise<Result>): Promise<Result> {
    const { pulumi } = await getTools(["pulumi"], { report: () => undefined });
    const clouds = await startClouds({
      kubernetes: { kind: "simulated", store: memoryStores() },
      oscar: { store: fileManagers(managersFile(dir)) },
    });
    const home = await openEngineHome(join(dir, "engine"));
    const stack = await EngineStack.open({
      ...{ home, pulumi, stack: "in-a-file", program },
      providers: clouds.env,
    });
    return work(stack, clouds).finally(() => clouds.close());
  }

  it("comes up, and stays as it is", async () => {
    expect((await run((stack) => stack.up())).changes).toEqual(all);
    expect(changed((await run((stack) => stack.up())).changes)).toEqual({});
    await run((stack) => stack.refresh({ expectNoChanges: true }));
  });

  it("asks the Manager nothing, where nothing differs", () =>
    run(async (stack, clouds) => {
      expect((await stack.preview({ expectNoChanges: true })).code).toBe(0);
      expect((await clouds.oscar.at(endpoint)).calls).toEqual([]);
    }));

  it("goes, and leaves nothing", async () => {
    await run((stack) => stack.destroy());
    const { resources } = await fileManagers(managersFile(dir)).read();
    expect(resources["oscar.example.com"]?.state["world"]).toMatchObject({
      configMaps: {},
      knativeServices: {},
    });
  });
});
