import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { controlPlaneStatus } from "../../sandbox/control-plane";
import { root, stackNames } from "../../sandbox/project";
import { processesOf } from "../support/processes";

/** The commands as a person types them, from outside, with no terminal. */
describe("npm run sandbox", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "inference-infra-cli-"));
  });
  afterAll(async () => {
    await npm("sandbox", "down");
    rmSync(dir, { recursive: true, force: true });
  });
  const env = () => ({ INFERENCE_INFRA_SANDBOX_DIR: dir, INFERENCE_INFRA_KUBERNETES: "simulated" });
  const npm = (script: string, ...args: string[]) =>
    execa("npm", ["run", "--silent", script, "--", ...args], { cwd: root, env: env(), reject: false });

  it("brings the stack up and says what there is", async () => {
    const { exitCode, stdout, stderr } = await npm("sandbox");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/Tools: \d+ ready/);
    expect(stdout).toMatch(/model volume +mnist-model-pvc-\w+ +Bound, 10Gi ReadWriteOnce/);
    expect(stdout).toMatch(/training job +mnist-training-job-\w+ +complete/);
    expect(stdout).toMatch(/deployment +mnist-inference-deployment-\w+ +1 of 1 ready/);
    expect(stdout).toMatch(/The UI's address: +http/);
    expect(stdout).toContain(`KUBECONFIG=${join(dir, "control-plane", "kubeconfig")} kubectl get all`);
    expect(stdout).toContain(`npm run sandbox -- destroy sandbox --dir ${dir}`);
    expect(stdout).toContain(`npm run sandbox -- down --dir ${dir}`);
    expect(stdout).toContain("Nodes and pods are simulated");
  });

  it("changes nothing the second time", async () => {
    const { exitCode, stdout } = await npm("sandbox");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Stack sandbox: \d+ unchanged/);
    expect(stdout).toContain("runs already");
  });

  it("tells what runs, and where its kubeconfig is", async () => {
    const status = (await npm("sandbox", "status")).stdout;
    for (const name of [
      "etcd",
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "kwok",
      "cluster-keeper",
    ]) {
      expect(status).toMatch(new RegExp(`^${name} +pid \\d+ +\\d+ MiB`, "m"));
    }
    expect(status).toMatch(/^stacks: sandbox$/m);
    if (process.platform === "linux") expect(processesOf(dir)).toHaveLength(6);
    expect((await npm("sandbox", "kubeconfig")).stdout).toBe(join(dir, "control-plane", "kubeconfig"));
  });

  it("previews and refreshes without changes", async () => {
    expect((await npm("sandbox", "preview")).stdout).toMatch(/\d+ to leave as they are/);
    expect((await npm("sandbox", "refresh")).stdout).toMatch(/Stack sandbox: \d+ unchanged/);
  });

  it("stops and goes on where it was", async () => {
    expect((await npm("sandbox", "down")).exitCode).toBe(0);
    expect((await npm("sandbox", "status")).stdout).toContain("not running");
    expect((await npm("sandbox")).stdout).toMatch(/Stack sandbox: \d+ unchanged/);
  });

  it("takes the stack down", async () => {
    const { exitCode, stdout } = await npm("sandbox", "destroy");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Stack sandbox: \d+ deleted/);
  });

  it.each([1000, 4000, 7000, 10_000])(
    "Ctrl-C after %i ms leaves nothing running; the next run goes on",
    async (delay) => {
      await npm("sandbox", "down", "--delete");
      const run = execa("npm", ["run", "--silent", "sandbox"], {
        cwd: root,
        env: env(),
        reject: false,
        detached: true,
      });
      const group = run.pid;
      await sleep(delay);
      // A terminal sends SIGINT to the whole group in front.
      if (group !== undefined && run.exitCode === null) process.kill(-group, "SIGINT");
      await run;
      // One that was done before goes on.
      if (run.exitCode !== 0) {
        expect((await controlPlaneStatus(join(dir, "control-plane"))).running).toBe(false);
        expect(processesOf(dir)).toEqual([]);
      }
      const { exitCode, stdout } = await npm("sandbox");
      expect(exitCode, stdout).toBe(0);
      expect(stdout).toMatch(/training job +mnist-training-job-\w+ +complete/);
      expect(stdout.match(/mnist-model-pvc-/g)).toHaveLength(1);
    },
  );

  it("tells a wrong stack name what there is, without a stack trace", async () => {
    const { exitCode, stdout, stderr } = await npm("sandbox", "up", "sandbx");
    expect(exitCode).toBe(1);
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
    expect(stderr).toContain("there is no such file; did you mean stacks/Pulumi.sandbox.yaml?");
  });
});

describe("npm run preview", () => {
  const preview = (...args: string[]) =>
    execa("npm", ["run", "--silent", "preview", "--", ...args], { cwd: root, reject: false });

  it("prints one JSON object on stdout, stack name to Pulumi's digest", async () => {
    const { exitCode, stdout } = await preview("--all", "--json");
    expect(exitCode).toBe(0);
    const digests: Record<string, { steps: unknown[] }> = JSON.parse(stdout);
    expect(Object.keys(digests)).toEqual(stackNames());
    // The smallest one, a stack of services alone, has the stack, a provider and three services.
    for (const digest of Object.values(digests)) expect(digest.steps.length).toBeGreaterThan(4);
  });

  it("exits with 7 where no changes were expected, with 2 where no stack is named", async () => {
    expect((await preview("sandbox", "--expect-no-changes")).exitCode).toBe(7);
    expect((await preview()).exitCode).toBe(2);
  });
});
