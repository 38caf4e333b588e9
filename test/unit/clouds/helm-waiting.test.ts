import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { PartialFailure, Secret, type Properties } from "../../../provider";
import { memoryStore, type ObjectStore } from "../../../sandbox/clouds";
import { recordsOf } from "../../../sandbox/clouds/kubernetes/helm/record";
import { HelmReleases, releaseType } from "../../../sandbox/clouds/kubernetes/helm/releases";
import { waitUntilUp } from "../../../sandbox/clouds/kubernetes/helm/until-up";
import { textAt } from "../../../sandbox/clouds/kubernetes/objects";
import { KubernetesError } from "../../../sandbox/clouds/kubernetes/store";

const log = { status: () => undefined, info: () => undefined, warning: () => undefined };

/** Memory that is waited for, where objects can be not ready, by their names, and kinds be refused. */
class Cluster {
  readonly unready = new Set<string>();
  readonly refused = new Set<string>();
  private readonly memory = memoryStore();
  readonly store: ObjectStore = {
    live: true,
    kind: (...of) => this.memory.kind(...of),
    get: async (ref) => this.seen(await this.memory.get(ref)),
    create: (...of) => this.memory.create(...of),
    apply: async (object, options) => {
      const kind = String(object["kind"]);
      if (this.refused.has(kind))
        throw new KubernetesError(422, "Invalid", `${kind} "it" is invalid: hush-hush`);
      return this.seen(await this.memory.apply(object, options)) ?? object;
    },
    patch: (...of) => this.memory.patch(...of),
    delete: (...of) => this.memory.delete(...of),
    list: (...of) => this.memory.list(...of),
  };

  private seen(object: Properties | undefined): Properties | undefined {
    return this.unready.has(textAt(object, "metadata", "name") ?? "") ? { ...object, status: {} } : object;
  }
}

const deployment = (name = "web") => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec: { replicas: 1, selector: { matchLabels: { app: ${name} } } }
`;
const plain = (kind: string, apiVersion = "v1", spec = "{}") => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: it }
spec: ${spec}
`;
const objects = {
  claim: plain("PersistentVolumeClaim"),
  job: plain("Job", "batch/v1"),
  service: plain("Service"),
  balancer: plain("Service", "v1", "{ type: LoadBalancer }"),
  custom: plain("Widget", "example.com/v1"),
};

describe("a release of what becomes ready", () => {
  let cluster: Cluster;
  let releases: HelmReleases;
  let chart: string;
  beforeEach(() => {
    cluster = new Cluster();
    releases = new HelmReleases(cluster.store, "default");
    chart = mkdtempSync(join(tmpdir(), "inference-infra-helm-"));
    onTestFinished(() => rmSync(chart, { recursive: true, force: true }));
    mkdirSync(join(chart, "templates"));
    write(deployment());
  });
  const write = (text: string, version = "1.0.0") => {
    writeFileSync(join(chart, "Chart.yaml"), `apiVersion: v2\nname: web\nversion: ${version}\n`);
    writeFileSync(join(chart, "templates/all.yaml"), text);
  };
  const request = (more: Properties = {}) => ({
    urn: `urn:pulumi:dev::p::${releaseType}::web`,
    type: releaseType,
    name: "web",
    inputs: { chart, name: "web", namespace: "apps", version: "1.0.0", timeout: 1, ...more },
    preview: false,
    timeoutSeconds: undefined,
    log,
    signal: new AbortController().signal,
  });
  const atomic = { atomic: true };
  const install = (more: Properties = {}) => releases.create(request(more));
  const upgrade = (more: Properties = {}) => {
    const before = request({ ...more, values: {} }).inputs;
    return releases.update({
      ...request(more),
      id: "apps/web",
      oldState: before,
      oldInputs: before,
      ignoreChanges: [],
    });
  };
  const records = async () =>
    (await recordsOf(cluster.store, "web", "apps")).map(({ revision, status }) => `${revision} ${status}`);
  const uid = async (kind: string, apiVersion: string, name: string) => {
    const live = await cluster.store.get({ apiVersion, kind, name, namespace: "apps" });
    const { metadata } = JSON.parse(JSON.stringify(live ?? {}));
    return metadata?.uid;
  };
  const failureOf = async (work: Promise<unknown>) => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return error instanceof Error ? error : expect.fail("it did not fail");
  };
  const notReady = "Deployment apps/web was not ready within 1 s: 0 of 1 pods are ready";

  it("is waited for", async () => {
    cluster.unready.add("web");
    const made = install({ ...atomic, timeout: 30 });
    setTimeout(() => cluster.unready.clear(), 300);
    expect((await made).state["status"]).toMatchObject({ revision: 1, status: "deployed" });
    expect(cluster.unready.size).toBe(0);
  });

  it("is not waited for on request", async () => {
    cluster.unready.add("web");
    expect((await install({ skipAwait: true })).id).toBe("apps/web");
  });

  it("leaves nothing behind where it is not ready in time, if that is asked for", async () => {
    cluster.unready.add("web");
    const error = await failureOf(install(atomic));
    expect(error).not.toBeInstanceOf(PartialFailure);
    expect(error.message).toBe(
      `release web failed, and has been uninstalled due to atomic being set: context deadline exceeded: ${notReady}`,
    );
    expect(await uid("Deployment", "apps/v1", "web")).toBeUndefined();
    expect(await records()).toEqual([]);
  });

  it("stays as it is otherwise, and is set right by the next one", async () => {
    cluster.unready.add("web");
    const error = await failureOf(install());
    expect(error).toMatchObject({
      message: `Helm release "apps/web" was created, but failed to initialize completely. Use Helm CLI to investigate: failed to become available within allocated timeout. Error: Helm Release apps/web: context deadline exceeded: ${notReady}`,
      made: { id: "apps/web", state: { status: { revision: 1, status: "failed" } } },
    });
    expect(await records()).toEqual(["1 failed"]);
    cluster.unready.clear();
    expect(await upgrade()).toMatchObject({ status: { revision: 2, status: "deployed" } });
    expect(await records()).toEqual(["2 deployed", "1 failed"]);
  });

  it("goes back to what was before where an upgrade is not ready in time", async () => {
    write(deployment() + "---" + objects.claim);
    await install(atomic);
    const claim = await uid("PersistentVolumeClaim", "v1", "it");
    write(deployment("next"), "2.0.0");
    cluster.unready.add("next");
    const error = await failureOf(upgrade(atomic));
    expect(error).toMatchObject({
      message: `Helm release "apps/web" failed to initialize completely. Use Helm CLI to investigate: failed to become available within allocated timeout. Error: Helm Release apps/web: release web failed, and has been rolled back due to atomic being set: context deadline exceeded: ${notReady.replace("web", "next")}`,
      made: { state: { status: { revision: 1, status: "deployed", version: "1.0.0" } } },
    });
    expect(await records()).toEqual(["1 deployed"]);
    expect(await uid("Deployment", "apps/v1", "next")).toBeUndefined();
    expect(await uid("Deployment", "apps/v1", "web")).toBeDefined();
    // It had gone already.
    expect(await uid("PersistentVolumeClaim", "v1", "it")).not.toBe(claim);
  });

  it("says so where it cannot go back either", async () => {
    await install(atomic);
    write(deployment("next"), "2.0.0");
    cluster.unready.add("next").add("web");
    const { message } = await failureOf(upgrade(atomic));
    expect(message).toContain(
      `Helm Release apps/web: an error occurred while rolling back the release. original upgrade error: context deadline exceeded: ${notReady.replace("web", "next")}: context deadline exceeded: ${notReady}`,
    );
  });

  it("says what cannot be changed, and nothing that is secret", async () => {
    write(objects.claim);
    await install(atomic);
    cluster.refused.add("PersistentVolumeClaim");
    const values = { password: new Secret("hush-hush") };
    const { message } = await failureOf(upgrade({ values }));
    expect(message).toContain(
      'cannot patch "it" with kind PersistentVolumeClaim: PersistentVolumeClaim "it" is invalid: [secret]',
    );
    expect(await records()).toEqual(["2 failed", "1 deployed"]);
  });

  it("keeps a claim through an upgrade to another version", async () => {
    write(objects.claim + "---" + deployment());
    await install(atomic);
    const claim = await uid("PersistentVolumeClaim", "v1", "it");
    write(objects.claim.replace("{ name: it }", "{ name: it, labels: { of: two } }"), "2.0.0");
    expect(await upgrade(atomic)).toMatchObject({ status: { revision: 2, version: "2.0.0" } });
    expect(claim).toBeDefined();
    expect(await uid("PersistentVolumeClaim", "v1", "it")).toBe(claim);
    const ref = { apiVersion: "v1", kind: "PersistentVolumeClaim", name: "it", namespace: "apps" };
    expect(await cluster.store.get(ref)).toMatchObject({ metadata: { labels: { of: "two" } } });
    expect(await uid("Deployment", "apps/v1", "web")).toBeUndefined();
  });
});

describe("Helm waits", () => {
  const pending: Properties = { status: { phase: "Pending" } };
  const of = (text: string, rest: Properties = {}): [string, Properties] => [text, rest];
  it.each<[string, [string, Properties], boolean, string | undefined]>([
    [
      "for a claim, whatever its class",
      of(objects.claim, pending),
      false,
      "PersistentVolumeClaim it was not ready within 0 s: .status.phase is Pending",
    ],
    ["for a claim until it is bound", of(objects.claim, { status: { phase: "Bound" } }), false, undefined],
    [
      "for a load balancer",
      of(objects.balancer),
      false,
      "Service it was not ready within 0 s: .status.loadBalancer.ingress.0 is not set",
    ],
    ["for no Service's pods", of(objects.service), false, undefined],
    ["for no Job", of(objects.job), false, undefined],
    ["for a Job on request", of(objects.job), true, "Job it was not ready within 0 s: it has not started"],
    ["for no custom resource", of(objects.custom), false, undefined],
  ])("%s", async (_, [text, rest], jobs, why) => {
    const { store } = new Cluster();
    const signal = new AbortController().signal;
    const waited = waitUntilUp([{ ...parse(text), ...rest }], {
      store,
      timeoutSeconds: 0,
      log,
      signal,
      jobs,
    });
    if (why === undefined) await waited;
    else await expect(waited).rejects.toThrow(new Error(`context deadline exceeded: ${why}`));
  });

  it("for nothing any more once the run is cancelled", async () => {
    const { store } = new Cluster();
    const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "it" } };
    const options = { store, timeoutSeconds: 60, log, signal: AbortSignal.abort(), jobs: false };
    await expect(waitUntilUp([claim], options)).rejects.toThrow(
      /^context canceled: PersistentVolumeClaim it: the run was cancelled/,
    );
  });

  it("for nothing in memory", async () => {
    const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "it" } };
    const options = {
      store: memoryStore(),
      timeoutSeconds: 60,
      log,
      signal: AbortSignal.abort(),
      jobs: false,
    };
    await waitUntilUp([claim], options);
  });
});
