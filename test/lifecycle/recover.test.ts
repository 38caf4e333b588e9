import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngineHome, type EngineHome } from "../../sandbox/engine/environment";
import { root } from "../../sandbox/project";
import { killedUp, providersHere, TestSandbox } from "../support/sandbox";

/** `npm run recover` on a stack of the caller's own backend, as after a crash in the middle of `npx pulumi up`. */
describe.each(providersHere())("npm run recover, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  let home: EngineHome;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes });
    home = await openEngineHome(join(sandbox.dir, "engine"));
    await killedUp(sandbox, kubernetes, "made", "Job");
  });
  afterAll(() => sandbox?.stop());

  const script = join(root, "sandbox/cli/recover.ts");
  const recover = (...args: string[]) =>
    execa("node", ["--import", join(root, "node_modules/tsx/dist/loader.mjs"), script, "sandbox", ...args], {
      // Not here: Pulumi would put its passphrase's salt into our own stack file.
      cwd: home.workDir,
      env: { ...home.env, ...sandbox.session.clouds.env },
      extendEnv: false,
      reject: false,
    });
  const jobs = async () =>
    (await sandbox.kubernetes.batch.listJobForAllNamespaces()).items.map(({ metadata }) => metadata?.uid);

  it("tells what it would do, and does nothing where it cannot ask", async () => {
    const { exitCode, stdout, stderr } = await recover();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Stack sandbox was left halfway\. This will:$/m);
    expect(stdout).toMatch(
      /^ {2}- adopt Job mnist-training-job: an interrupted run made it as mnist-\w+\/mnist-/m,
    );
    expect(stderr).toBe("error: there is no terminal to ask on; look at the plan above and give --yes");
  });

  it("adopts what was made, so that the next up makes no second one", async () => {
    const before = await jobs();
    const { exitCode, stdout } = await recover("--yes");
    expect({ exitCode, end: stdout.split("\n").at(-1) }).toEqual({
      exitCode: 0,
      end: "Done. `npx pulumi up -s sandbox` goes on from here.",
    });
    await (await sandbox.stack()).up();
    expect(await jobs()).toEqual(before);
  });

  it("finds nothing to do where all is in order", async () => {
    expect((await recover()).stdout).toBe("Stack sandbox has no unfinished operations; nothing to recover.");
  });

  it("removes the lock of a process that is dead", async () => {
    lock(2 ** 22 + 1);
    expect((await recover()).stdout).toBe(
      "Stack sandbox has no unfinished operations; the lock of a dead process is removed.",
    );
    await (await sandbox.stack()).refresh();
  });

  it("leaves the lock of a process that lives", async () => {
    lock(process.pid);
    const { exitCode, stderr } = await recover();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`the stack is locked by someone@${hostname()} (pid ${process.pid})`);
  });

  /** As Pulumi's own file backend writes it (pkg/backend/diy/lock.go). No process has an id above 2²². */
  function lock(pid: number): void {
    const folder = join(home.stateDir, ".pulumi", "locks", "organization", "inference-infra", "sandbox");
    mkdirSync(folder, { recursive: true });
    const content = { pid, username: "someone", hostname: hostname(), timestamp: new Date().toISOString() };
    writeFileSync(join(folder, "00000000-0000-4000-8000-000000000000.json"), JSON.stringify(content));
  }
});
