import { afterEach, describe, expect, it } from "vitest";
import { ClusterView } from "../../sandbox/cluster-view";
import { providersHere, TestSandbox } from "../support/sandbox";

/** What cannot start must not be waited for without a word, nor for longer than the stack says. */
describe.each(providersHere())("what cannot start, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  afterEach(() => sandbox?.stop());

  async function failingUp(edits: Record<string, unknown>) {
    sandbox = await TestSandbox.start({ kubernetes });
    const stack = await sandbox.stack(edits);
    const messages: string[] = [];
    const begun = Date.now();
    const up = stack.up({
      onProgress: (progress) => {
        if (progress.kind === "message" && progress.severity === "error")
          messages.push(`${progress.resource}: ${progress.text}`);
      },
    });
    await expect(up).rejects.toThrow();
    const waiting = await new ClusterView(sandbox.session.controlPlane.kubeconfig).waiting(
      await sandbox.namespace(),
    );
    return { said: messages.join("\n"), waiting, seconds: (Date.now() - begun) / 1000 };
  }

  it("a UI whose image cannot be pulled stops at readyTimeoutSeconds and names the image", async () => {
    const { said, waiting, seconds } = await failingUp({
      "ui.image": "unpullable.invalid/mnist-ui:0.1.0",
      "ui.readyTimeoutSeconds": 20,
    });
    expect(said).toMatch(/Deployment mnist-inference-deployment/);
    expect(waiting.map(({ cause }) => cause).join()).toMatch(/ImagePullBackOff|ErrImagePull/);
    expect(waiting.map(({ component }) => component)).toContain("mnist-inference-deployment");
    expect(seconds).toBeGreaterThan(15);
    expect(seconds).toBeLessThan(120);
  });

  it("a training that asks for more GPUs than any node has stops at timeoutHours and says so", async () => {
    const { said, waiting } = await failingUp({
      "training.gpu.count": 64,
      "training.wait.timeoutHours": 0.005,
    });
    expect(said).toMatch(/Job mnist-training-job/);
    expect(waiting.map(({ cause }) => cause).join()).toMatch(/Insufficient nvidia.com\/gpu/);
  });
});
