import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppsV1Api, BatchV1Api, CoreV1Api, KubeConfig, type V1PodSpec } from "@kubernetes/client-node";
import { expect } from "vitest";
import {
  startControlPlane,
  stopControlPlane,
  toolNames,
  type ControlPlane,
} from "../../sandbox/control-plane";
import { getTools } from "../../sandbox/tools";

export const namespace = "default";
export const patient = { timeout: 30_000, interval: 100 };

/** A control plane in a sandbox's folder, with no stack: for what its processes do. */
export class TestControlPlane {
  private constructor(
    /** The sandbox's folder. */
    readonly dir: string,
    readonly controlPlane: ControlPlane,
  ) {}

  static async start(options: { readonly idleSeconds?: number } = {}): Promise<TestControlPlane> {
    const dir = await mkdtemp(join(tmpdir(), "inference-infra-test-"));
    const tools = await getTools(toolNames, { report: () => undefined });
    const controlPlane = await startControlPlane({ dir: join(dir, "control-plane"), tools, ...options });
    return new TestControlPlane(dir, controlPlane);
  }

  get api() {
    const config = new KubeConfig();
    config.loadFromFile(this.controlPlane.kubeconfig);
    return {
      core: config.makeApiClient(CoreV1Api),
      apps: config.makeApiClient(AppsV1Api),
      batch: config.makeApiClient(BatchV1Api),
    };
  }

  async makePod(name: string, spec: Partial<V1PodSpec> = {}): Promise<void> {
    const containers = [{ name: "main", image: "placeholder.invalid/model:1" }];
    await this.api.core.createNamespacedPod({
      namespace,
      body: { metadata: { name }, spec: { containers, ...spec } },
    });
  }

  async deletePod(name: string): Promise<void> {
    await this.api.core.deleteNamespacedPod({ namespace, name });
  }

  phaseOf = async (name: string) =>
    (await this.api.core.readNamespacedPod({ namespace, name })).status?.phase;

  /** Waits until a pod runs. */
  async runs(name: string): Promise<void> {
    await expect.poll(() => this.phaseOf(name), patient).toBe("Running");
  }

  /** What is told of a pod: `Reason: message`, one for each time. */
  async told(name: string, reason: string): Promise<string[]> {
    const { items } = await this.api.core.listNamespacedEvent({
      namespace,
      fieldSelector: `involvedObject.name=${name},reason=${reason}`,
    });
    return items.map(({ type, source, message }) => `${type} ${source?.component}: ${message}`);
  }

  async stop(): Promise<void> {
    await stopControlPlane(join(this.dir, "control-plane"));
    await rm(this.dir, { recursive: true, force: true });
  }
}
