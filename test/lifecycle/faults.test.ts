import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startProcess, stopProcess } from "../../sandbox/control-plane";
import { withoutStaleLocks } from "../../sandbox/engine/recovery";
import type { EngineStack } from "../../sandbox/engine/stack";
import { recover } from "../../sandbox/recover";
import { recoveryContext, type Session } from "../../sandbox/session";
import { changed, killedUp, providersHere, TestSandbox } from "../support/sandbox";

/** As `npm run sandbox -- up` does it: mend what an earlier run left, then go on. */
async function upAfterFault(stack: EngineStack, session: Session) {
  const told: string[] = [];
  const context = recoveryContext(stack, session);
  await recover(context, (line) => told.push(line));
  const result = await withoutStaleLocks(context, () => stack.up());
  return { told, result };
}

/** Nothing doubled, nothing left over: one of each, and a second `up` changes nothing. */
async function expectConverged(sandbox: TestSandbox, stack: EngineStack) {
  const namespace = await sandbox.namespace();
  const { core, apps, batch } = sandbox.kubernetes;
  const names = async (list: Promise<{ items: { metadata?: { name?: string } }[] }>) =>
    (await list).items.map((item) => item.metadata?.name);
  expect(await names(core.listNamespacedPersistentVolumeClaim({ namespace }))).toHaveLength(1);
  expect(await names(batch.listNamespacedJob({ namespace }))).toHaveLength(1);
  expect(await names(apps.listNamespacedDeployment({ namespace }))).toHaveLength(1);
  expect(await names(core.listNamespacedService({ namespace }))).toEqual(["mnist-inference-service"]);
  const exported = JSON.parse((await stack.pulumi(["stack", "export"])).stdout);
  expect(exported.deployment.pending_operations ?? []).toEqual([]);
  expect(changed((await stack.up()).changes)).toEqual({});
}

describe.each(providersHere())("after a fault, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = await TestSandbox.start({ kubernetes });
  });
  afterEach(() => sandbox?.stop());

  /** The next run, as a person would start it: in a session of its own. */
  async function nextRunConverges(): Promise<string> {
    const next = await sandbox.again();
    try {
      const stack = await sandbox.stack({}, next);
      const { told } = await upAfterFault(stack, next);
      await expectConverged(sandbox, stack);
      return told.join("\n");
    } finally {
      await next.close();
    }
  }

  it.each(["PersistentVolumeClaim", "Job", "Deployment"])(
    "converges when the engine was killed as it began to make the %s",
    async (kind) => {
      await killedUp(sandbox, kubernetes, "starting", kind);
      await nextRunConverges();
    },
  );

  it("adopts the Job that was made, but not noted, when the engine was killed", async () => {
    await killedUp(sandbox, kubernetes, "made", "Job");
    const { batch } = sandbox.kubernetes;
    const [job] = (await batch.listJobForAllNamespaces()).items;
    const told = await nextRunConverges();
    const { namespace, name, uid } = job?.metadata ?? {};
    expect(told).toContain(
      `adopt Job mnist-training-job: an interrupted run made it as ${namespace}/${name}`,
    );
    const [after] = (await batch.listJobForAllNamespaces()).items;
    expect(after?.metadata?.uid).toBe(uid);
  });

  it("goes on where the API server was stopped for 5 s", async () => {
    const stack = await sandbox.stack();
    const controlPlane = join(sandbox.dir, "control-plane");
    let outage: Promise<void> | undefined;
    const stopped = async () => {
      await stopProcess(controlPlane, "kube-apiserver");
      await sleep(5000);
      await startProcess(controlPlane, "kube-apiserver");
    };
    const failure = await stack
      .up({
        onProgress: (progress) => {
          if (progress.kind === "started" && progress.resource.startsWith("Job ")) outage ??= stopped();
        },
      })
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(outage).toBeDefined();
    await outage;
    // Ours rides the outage out; Pulumi's own provider may give up, and the next run goes on from there.
    if (kubernetes === "simulated") expect(failure).toBeUndefined();
    await upAfterFault(stack, sandbox.session);
    await expectConverged(sandbox, stack);
  });
});

describe("a simulated provider that gets it wrong", () => {
  let sandbox: TestSandbox;
  afterEach(() => sandbox?.stop());

  it.each([["fails at a create", { kind: "fail", message: "the quota of claims is used up" }]] as const)(
    "%s: up fails with the reason, the next up converges",
    async (_, fault) => {
      sandbox = await TestSandbox.start({
        kubernetes: "simulated",
        faults: [{ method: "create", match: { type: /PersistentVolumeClaim$/ }, ...fault }],
      });
      const stack = await sandbox.stack();
      const messages: string[] = [];
      const up = stack.up({
        onProgress: (progress) => void (progress.kind === "message" && messages.push(progress.text)),
      });
      await expect(up).rejects.toThrow();
      expect(messages.join("\n")).toContain(fault.message);
      await upAfterFault(stack, sandbox.session);
      await expectConverged(sandbox, stack);
    },
  );
});
