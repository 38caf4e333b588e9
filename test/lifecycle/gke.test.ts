import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programFor } from "../../sandbox/offline-program";
import { changed, editedEnvironment, providersHere, TestSandbox } from "../support/sandbox";

const stackName = "gke-dev";
const l4 = { name: "l4", machineType: "g2-standard-8", gpu: { type: "nvidia-l4" }, max: 2 };

/** A cluster of the simulated Google Cloud, on the sandbox's API server, with nodes that come and go with the pods. */
describe.each(providersHere())("a stack with a GKE cluster, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes, idleSeconds: 2 });
  });
  afterAll(() => sandbox?.stop());

  const stack = (edits: Readonly<Record<string, unknown>> = {}) =>
    sandbox.stack(edits, sandbox.session, stackName);
  const up = async (edits: Readonly<Record<string, unknown>> = {}) =>
    changed((await (await stack(edits)).up()).changes);
  const nodes = async () => {
    const { items } = await sandbox.kubernetes.core.listNode();
    return items.flatMap(({ metadata }) => {
      const pool = metadata?.labels?.["cloud.google.com/gke-nodepool"];
      return pool === undefined ? [] : [pool.replace(/-[0-9a-f]+$/, "")];
    });
  };
  /** What Google was asked meanwhile, in order: `create NodePool mnist-l4`. */
  const asked = async (work: () => Promise<unknown>) => {
    const before = sandbox.session.clouds.calls.length;
    await work();
    return sandbox.session.clouds.calls
      .slice(before)
      .filter(({ method, preview }) => ["create", "update", "delete"].includes(method) && !preview)
      .map(
        ({ method, urn }) =>
          `${method} ${urn.split("::").at(-2)?.split(":").at(-1)} ${urn.split("::").at(-1)}`,
      );
  };
  const inProject = async (kind: string) =>
    Object.values((await sandbox.session.project.read()).resources).filter(({ type }) =>
      type.endsWith(`:${kind}`),
    );

  it("goes from nothing to a finished training on a GPU node and a UI that is ready", async () => {
    await up();
    const namespace = await sandbox.namespace();
    const [job] = (await sandbox.kubernetes.batch.listNamespacedJob({ namespace })).items;
    expect(job?.status?.succeeded).toBe(1);
    const [ui] = (await sandbox.kubernetes.apps.listNamespacedDeployment({ namespace })).items;
    expect(ui?.status?.readyReplicas).toBe(1);
    const events = await sandbox.kubernetes.core.listNamespacedEvent({
      namespace,
      fieldSelector: "reason=TriggeredScaleUp",
    });
    expect(events.items.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^pod triggered scale-up: \[\{mnist-l4-[0-9a-f]+ 0->1 \(max: 2\)\}\]$/),
    ]);
  });

  it("gives the GPU node back when the training is done, and keeps the system's", async () => {
    await expect.poll(nodes, { timeout: 20_000, interval: 250 }).toEqual(["mnist-system"]);
  });

  it("changes nothing when it is brought up again, and has not drifted", async () => {
    expect(await up()).toEqual({});
    await (await stack()).refresh({ expectNoChanges: true });
  });

  it("gets another pool beside the first", async () => {
    const big = { name: "big", machineType: "g2-standard-24", gpu: { type: "nvidia-l4", count: 2 }, max: 1 };
    expect(await asked(() => up({ "host.gpuPools": [l4, big] }))).toEqual(["create NodePool mnist-big"]);
    expect(await asked(() => up())).toEqual(["delete NodePool mnist-big"]);
  });

  it("gets another machine by a new pool, before the old one goes", async () => {
    const other = { ...l4, machineType: "g2-standard-12" };
    expect(await asked(() => up({ "host.gpuPools": [other] }))).toEqual([
      "create NodePool mnist-l4",
      "delete NodePool mnist-l4",
    ]);
    expect(await up({ "host.gpuPools": [other] })).toEqual({});
    await up();
  });

  it("gets a larger pool in place", async () => {
    expect(await asked(() => up({ "host.gpuPools": [{ ...l4, max: 3 }] }))).toEqual([
      "update NodePool mnist-l4",
    ]);
    await up();
  });

  it("is replaced by no new version and no new certificate", async () => {
    await sandbox.session.project.change((resources) => {
      for (const [id, each] of Object.entries(resources)) {
        if (each.type.endsWith(":Cluster"))
          resources[id] = {
            ...each,
            state: {
              ...each.state,
              masterVersion: "1.99.1-gke.1",
              masterAuth: { clusterCaCertificate: "cm90YXRlZA==" },
            },
          };
      }
    });
    await (await stack()).refresh();
    expect(await up()).toEqual({});
  });

  it("is the one cluster that the sandbox can play, and says so", async () => {
    const other = await sandbox.session.stack(
      "second",
      programFor(() => editedEnvironment(stackName, { name: "second" }), sandbox.session.standIns),
    );
    const messages: string[] = [];
    const attempt = other.up({
      onProgress: (progress) => void (progress.kind === "message" && messages.push(progress.text)),
    });
    await expect(attempt).rejects.toThrow();
    expect(messages.join("\n")).toMatch(
      /this sandbox has one API server, and the simulated cluster mnist-\w+ of stack gke-dev stands on it; destroy that stack first \(npm run sandbox -- destroy gke-dev\)/,
    );
    await other.destroy();
  });

  it("is not deleted while Google guards it", async () => {
    const guarded = { "host.deletionProtection": true };
    await up(guarded);
    const failure = await (await stack(guarded)).destroy().then(
      () => undefined,
      (error: unknown) => String(error),
    );
    expect(failure).toMatch(/protected/);
    expect(await inProject("Cluster")).toHaveLength(1);
    await up();
  });

  it("goes in order: what is in it, the nodes, the cluster, the network; and leaves nothing", async () => {
    const namespace = await sandbox.namespace();
    const deletions = await asked(async () => (await stack()).destroy());
    const at = (what: string) => deletions.indexOf(`delete ${what}`);
    const order = [
      "NodePool mnist-l4",
      "NodePool mnist-system",
      "Cluster mnist",
      "Subnetwork mnist-nodes",
      "Network mnist",
    ];
    const places = order.map(at);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    if (kubernetes === "simulated")
      expect(at("Job mnist-training-job")).toBeLessThan(at("NodePool mnist-l4"));
    const { resources } = await sandbox.session.project.read();
    expect(Object.values(resources).filter(({ type }) => !type.endsWith(":Service"))).toEqual([]);
    const { core } = sandbox.kubernetes;
    expect((await core.listNamespace()).items.map(({ metadata }) => metadata?.name)).not.toContain(namespace);
    expect((await core.listPersistentVolume()).items).toEqual([]);
    expect(await nodes()).toEqual([]);
  });
});
