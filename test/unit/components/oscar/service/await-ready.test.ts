import { describe, expect, it } from "vitest";
import {
  awaitReady,
  ServiceNotReady,
  type AwaitOptions,
} from "../../../../../components/oscar/service/await-ready";
import { ManagerError } from "../../../../../components/oscar/service/client/errors";
import { isExposed, judge, type Verdict } from "../../../../../components/oscar/service/readiness";
import type { DeploymentSummary, WireService } from "../../../../../components/oscar/service/wire";
import type { FakeManagerOptions } from "../../../../../sandbox/oscar-manager/fake-manager.js";
import { managed } from "../../../oscar-manager/playing.js";
import { clientOf, thrownBy } from "./client/server";

const exposed = (more: Partial<WireService> = {}): WireService => ({
  name: "llm",
  image: "nginx:1.27",
  script: "#!/bin/sh\n",
  memory: "1Gi",
  owner: "cluster_admin",
  expose: { api_port: [80], min_scale: 1, max_scale: 2, cpu_threshold: 80 },
  ...more,
});
const plain: WireService = { name: "llm", image: "nginx:1.27", script: "#!/bin/sh\n" };

/** A service that has been made, and how to wait for it without much patience. */
async function made(service: WireService, options: FakeManagerOptions = {}) {
  const { manager, state, url } = await managed(options);
  const client = clientOf(url, { credentials: { kind: "basic", username: "oscar", password: "password" } });
  expect(await client.services.create(service)).toEqual({ kind: "done" });
  manager.calls.length = 0;
  const deployment = state.deployment("llm");
  const lines: string[] = [];
  return {
    manager,
    state,
    client,
    lines,
    polls: () => manager.calls.filter(({ path }) => path.endsWith("/deployment")).length,
    plant: (planted: Partial<NonNullable<typeof deployment>>) => {
      if (deployment === undefined) throw new Error("there is no Deployment");
      Object.assign(deployment, planted);
    },
    heal: () => void delete deployment?.failure,
    wait: (more: Partial<AwaitOptions> = {}, desired = service) =>
      awaitReady(client, desired, {
        after: "create",
        knative: options.backend === "knative",
        features: { deployment: true },
        budgetMs: 2000,
        pollMs: 10,
        settleMs: 20,
        onProgress: (line) => lines.push(line),
        ...more,
      }),
  };
}

describe.each<FakeManagerOptions>([
  { generation: "4.0" },
  { generation: "4.1" },
  { generation: "4.1", backend: "knative" },
  { generation: "4.2" },
])("with %o, an exposed service", (options) => {
  const service =
    options.generation === "4.0"
      ? exposed({ expose: { api_port: 80, min_scale: 1, max_scale: 2, cpu_threshold: 80 } })
      : exposed();

  it("is waited for until its pods are ready", async () => {
    const { wait, lines, polls } = await made(service, { ...options, rolloutMs: 400 });
    expect(await wait()).toBe("ready");
    expect(polls()).toBeGreaterThan(1);
    expect(lines).toEqual([
      "pending, 1 of 1 pods not ready: MinimumReplicasUnavailable: Deployment does not have minimum availability.",
    ]);
  });

  it("is waited for after an update, though the Manager says `ready` at once", async () => {
    const { wait, client, state, lines } = await made(service, { ...options, rolloutMs: 400 });
    const update = { ...service, memory: "2Gi" };
    await client.services.update(update, () => true);
    expect(await wait({ after: "update" }, update)).toBe("ready");
    expect(Date.now() - (state.deployment("llm")?.changedAt ?? Infinity)).toBeGreaterThanOrEqual(400);
    expect(lines).toEqual([expect.stringMatching(/^ready, 1 of 2 pods not ready: ReplicaSetUpdated: /)]);
  });

  it("has failed when its Deployment is gone", async () => {
    const { wait, state } = await made(service, options);
    state.removeDeployment("llm");
    expect((await thrownBy(wait())).message).toBe(
      [
        'service "llm" does not run: unavailable, no pods: Current deployment resources are unavailable.',
        "Someone has deleted it in Kubernetes; replacing the service makes it again.",
        "Its pods have written nothing.",
      ].join("\n"),
    );
  });
});

describe("a failure", () => {
  it("ends the waiting early, with the last lines of the pods and without secrets", async () => {
    const secrets = { TOKEN: "hf_sesame", KEY: "-----BEGIN-----\nabcdefgh\n-----END-----" };
    const service = exposed({ environment: { variables: { A: "1" }, secrets } });
    const { wait, plant, polls } = await made(service);
    plant({
      failure: "ProgressDeadlineExceeded: timed out progressing.",
      logs: [
        ...Array.from({ length: 30 }, (_, index) => `line ${index}\n`),
        "\n",
        "logging in with hf_sesame\n",
        "abcdefgh\n",
      ],
    });

    const error = await thrownBy(wait({ budgetMs: 60_000 }));
    expect(error).toBeInstanceOf(ServiceNotReady);
    expect(error.message.split("\n")).toEqual([
      'service "llm" does not run: failed, 1 of 1 pods not ready: ProgressDeadlineExceeded: timed out progressing.',
      "The last lines of its pods:",
      ...Array.from({ length: 18 }, (_, index) => `  line ${index + 12}`),
      "  logging in with [secret]",
      "  [secret]",
    ]);
    expect(polls()).toBe(2);
  });

  it("that is the last change's, and passes, does not", async () => {
    const { wait, plant, heal, polls } = await made(exposed());
    plant({ failure: "old" });
    expect(await wait({ after: "update", onProgress: heal })).toBe("ready");
    expect(polls()).toBe(2);
  });

  it("to read the logs is told, and not instead of the failure", async () => {
    const { wait, plant, manager } = await made(exposed());
    plant({ failure: "bad" });
    manager.faults.plant({ path: /logs$/, kind: "answer", status: 400, text: "no" });
    expect((await thrownBy(wait())).message).toBe(
      [
        'service "llm" does not run: failed, 1 of 1 pods not ready: bad',
        "What its pods wrote cannot be read: GET /system/services/llm/deployment/logs?tailLines=60: 400: no",
      ].join("\n"),
    );
  });

  it("is a service that is not there", async () => {
    const { wait, client } = await made(exposed());
    await client.services.delete("llm");
    expect((await thrownBy(wait())).message).toBe('service "llm" is not there, or not for these credentials');
  });
});

describe("time", () => {
  it("is up: what is known is told", async () => {
    const { wait, plant } = await made(exposed());
    plant({ stuck: true });
    expect((await thrownBy(wait({ budgetMs: 300 }))).message).toBe(
      [
        'service "llm" is not ready after 0.3 s: pending, 1 of 1 pods not ready: MinimumReplicasUnavailable: Deployment does not have minimum availability.',
        "Its pods have written nothing.",
      ].join("\n"),
    );
  });

  it("is up for a GPU's new pod, which waits for that of the old one", async () => {
    const service = exposed({ enable_gpu: true });
    const { wait, plant, client, lines } = await made(service);
    const update = { ...service, memory: "2Gi" };
    await client.services.update(update, () => true);
    plant({ stuck: true });

    const { message } = await thrownBy(wait({ after: "update", budgetMs: 300 }, update));
    expect(message.split("\n")).toEqual([
      expect.stringMatching(
        /^service "llm" is not ready after 0\.3 s: ready, 1 of 2 pods not ready: ReplicaSetUpdated/,
      ),
      "Its old pod runs still and has the GPU that the new one waits for, and it is kept until the new one is ready.",
      "Stop the service and start it again, which frees the GPU: POST /system/services/llm/stop, then …/start (from OSCAR 4.1; before, delete the old pod).",
      "Its pods have written nothing.",
    ]);
    expect(lines[0]).toMatch(/; the new pod may be waiting for the GPU that the old one has$/);

    // The cure, as far as it can be seen from here.
    await client.services.control("llm", "stop");
    await client.services.control("llm", "start");
    plant({ stuck: false });
    expect(await wait()).toBe("ready");
  });

  it("is up although there was no answer at all", async () => {
    const { wait, manager } = await made(exposed());
    manager.faults.plant({ path: /deployment$/, kind: "hang", times: 9 });
    expect((await thrownBy(wait({ budgetMs: 300 }))).message).toMatch(
      /^service "llm" is not ready after 0.3 s: the Manager did not tell its state\n/,
    );
  });

  it("between readings is kept", async () => {
    const { wait, plant, polls } = await made(exposed());
    plant({ stuck: true });
    await thrownBy(wait({ budgetMs: 200, pollMs: 80 }));
    expect(polls()).toBeLessThanOrEqual(3);
  });

  it("ends when the caller says so, also during a request", async () => {
    const { wait, plant, manager } = await made(exposed());
    plant({ stuck: true });
    const reason = new Error("enough");
    const polling = new AbortController();
    setTimeout(() => polling.abort(reason), 30);
    expect(await thrownBy(wait({ signal: polling.signal }))).toBe(reason);

    manager.faults.plant({ path: /deployment$/, kind: "hang", times: 9 });
    const asking = new AbortController();
    setTimeout(() => asking.abort(reason), 30);
    expect(await thrownBy(wait({ signal: asking.signal }))).toBe(reason);
    expect(await thrownBy(wait({ signal: AbortSignal.abort(reason) }))).toBe(reason);
  });
});

describe("readings that fail", () => {
  it("may pass", async () => {
    const { wait, manager, lines } = await made(exposed());
    manager.faults.plant({ path: /deployment$/, kind: "answer", status: 500, text: "etcd", times: 2 });
    expect(await wait()).toBe("ready");
    expect(lines).toEqual(["its state cannot be read: GET /system/services/llm/deployment: 500: etcd"]);
  });

  it("again and again are thrown; a refusal at once", async () => {
    const { wait, manager } = await made(exposed());
    manager.faults.plant({ path: /deployment$/, kind: "answer", status: 500, text: "etcd", times: 3 });
    expect(await thrownBy(wait())).toBeInstanceOf(ManagerError);
    manager.calls.length = 0;
    manager.faults.plant({ path: /deployment$/, kind: "answer", status: 401 });
    expect(await thrownBy(wait())).toMatchObject({ status: 401 });
    expect(manager.calls).toHaveLength(1);
  });
});

describe("nothing is waited for", () => {
  it("without a port, on the plain back end", async () => {
    const { wait, polls } = await made(plain);
    expect(await wait()).toBe("untold");
    expect(polls()).toBe(1);
  });

  it("when it is stopped", async () => {
    const { wait, client } = await made(exposed());
    await client.services.control("llm", "stop");
    expect(await wait()).toBe("stopped");
  });

  it("when the Manager does not tell: 3.7", async () => {
    const { wait, manager } = await made(plain, { generation: "3.7" });
    expect(await wait({ features: { deployment: false } })).toBe("untold");
    expect(manager.calls).toEqual([]);
  });
});

describe("on Knative, without a port", () => {
  it("is ready with no pods", async () => {
    const { wait, lines } = await made(plain, { backend: "knative", knativeReadyMs: 100 });
    expect(await wait()).toBe("ready");
    expect(lines).toEqual(["pending, no pods: Runtime service is still reconciling."]);
  });

  it("has failed when the Knative Service is gone", async () => {
    const { wait, state } = await made(plain, { backend: "knative" });
    state.knativeServices.clear();
    expect((await thrownBy(wait())).message).toMatch(/^service "llm" does not run: unavailable/);
  });
});

describe("one reading", () => {
  const deployment = { exposed: true, kserve: false, knative: false };
  const jobs = { ...deployment, exposed: false };
  const knative = { ...jobs, knative: true };
  const kserve = { ...jobs, kserve: true };
  const pods = (
    state: string,
    active: number,
    affected: number,
    reason?: string,
    resource_kind = "exposed_service",
  ): DeploymentSummary => ({
    state,
    active_instances: active,
    affected_instances: affected,
    resource_kind,
    ...(reason === undefined ? {} : { reason }),
  });
  it.each<[DeploymentSummary, typeof deployment, Verdict["kind"]]>([
    [
      pods("ready", 1, 0, "MinimumReplicasAvailable: Deployment has minimum availability."),
      deployment,
      "ready",
    ],
    [pods("ready", 1, 0, "NewReplicaSetAvailable: done"), deployment, "ready"],
    [pods("ready", 1, 0), deployment, "ready"],
    [pods("ready", 2, 1, "MinimumReplicasAvailable: x"), deployment, "wait"],
    [pods("ready", 2, 0, "ReplicaSetUpdated: x"), deployment, "wait"],
    [pods("ready", 1, 0, "NewReplicaSetCreated: x"), deployment, "wait"],
    [pods("ready", 1, 0, "FoundNewReplicaSet: x"), deployment, "wait"],
    [pods("degraded", 2, 1), deployment, "wait"],
    [pods("pending", 1, 1), deployment, "wait"],
    [pods("something new", 1, 1), deployment, "wait"],
    [pods("failed", 1, 1), deployment, "failed"],
    [pods("stopped", 1, 0), deployment, "stopped"],
    [pods("unavailable", 0, 0), deployment, "failed"],
    [pods("unavailable", 0, 0), jobs, "nothing to wait for"],
    [pods("unavailable", 0, 0), knative, "failed"],
    [pods("unavailable", 0, 0), kserve, "wait"],
    [pods("ready", 2, 1, "ReplicaSetUpdated: x", "kserve_service"), kserve, "wait"],
    [pods("ready", 0, 0, undefined, "knative_service"), knative, "ready"],
    [pods("pending", 0, 0, undefined, "knative_service"), knative, "wait"],
    [pods("failed", 1, 1, undefined, "knative_service"), knative, "failed"],
  ])("%j of %j: %s", (status, waited, kind) => {
    expect(judge(status, waited)).toEqual({ kind });
  });

  it.each<[WireService["expose"], boolean]>([
    [undefined, false],
    [{}, false],
    [{ api_port: 0 }, false],
    [{ api_port: [] }, false],
    [{ api_port: [0] }, false],
    [{ api_port: 80 }, true],
    [{ api_port: [80, 81] }, true],
  ])("of a service with the port of %j: exposed %s", (expose, is) => {
    expect(isExposed({ name: "s", ...(expose === undefined ? {} : { expose }) })).toBe(is);
  });
});
