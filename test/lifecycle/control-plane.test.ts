import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  KubeConfig,
  NetworkingV1Api,
  StorageV1Api,
  type V1PersistentVolumeClaim,
  type V1PodSpec,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  controlPlaneStatus,
  startControlPlane,
  startProcess,
  stopControlPlane,
  stopProcess,
  toolNames,
  type ControlPlane,
  type ToolPaths,
} from "../../sandbox/control-plane";
import { getTools } from "../../sandbox/tools";
import { listeners } from "../support/processes";

const patient = { timeout: 30_000, interval: 200 };
const dirs: string[] = [];
const image = "placeholder.invalid/model:1";
let tools: ToolPaths;

function newDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "control-plane-"));
  dirs.push(dir);
  return dir;
}

beforeAll(async () => {
  tools = await getTools(toolNames, { report: () => undefined });
});

afterAll(async () => {
  for (const dir of dirs) {
    await stopControlPlane(dir);
    await rm(dir, { recursive: true, force: true });
  }
});

function clients({ kubeconfig }: ControlPlane) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return {
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    batch: config.makeApiClient(BatchV1Api),
    networking: config.makeApiClient(NetworkingV1Api),
    storage: config.makeApiClient(StorageV1Api),
  };
}

function podTemplate(name: string, rest: Partial<V1PodSpec> = {}) {
  return {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: "main", image }], ...rest },
  };
}

function claim(name: string): V1PersistentVolumeClaim {
  return {
    metadata: { name },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  };
}

const namespace = "default";

describe("a control plane", () => {
  const dir = newDir();
  let controlPlane: ControlPlane;
  let api: ReturnType<typeof clients>;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ dir, tools });
    api = clients(controlPlane);
  });

  const pods = async (app: string) =>
    (await api.core.listNamespacedPod({ namespace, labelSelector: `app=${app}` })).items;

  it("is new, and its folder, kubeconfig and keys are its owner's alone", () => {
    expect(controlPlane).toMatchObject({
      kubeconfig: join(dir, "kubeconfig"),
      context: "sandbox",
      reused: false,
    });
    const modes = [dir, ...["kubeconfig", "processes.json", "pki/tokens.csv", "pki/etcd.key"].map(inDir)].map(
      (path) => (statSync(path).mode & 0o777).toString(8),
    );
    expect(modes).toEqual(["700", "600", "600", "600", "600"]);
  });
  const inDir = (path: string) => join(dir, path);

  it.runIf(process.platform === "linux")("listens on loopback only", async () => {
    const { processes } = await controlPlaneStatus(dir);
    const listening = processes.flatMap(({ name, pid }) =>
      listeners(pid).map((address) => `${name} ${address}`),
    );
    expect(listening.sort()).toEqual(["etcd 127.0.0.1", "etcd 127.0.0.1", "kube-apiserver 127.0.0.1"]);
  });

  it("lets no one in without the token, and no one but the API server into etcd", async () => {
    const { processes } = await controlPlaneStatus(dir);
    const etcd = processes.find(({ name }) => name === "etcd")?.address;
    expect(status(`${controlPlane.server}/api/v1/secrets`)).toBe("401");
    expect(status(`${etcd}/health`)).toBe("none");
  });

  it("has the node with a GPU, the storage classes and the Ingress class", async () => {
    const [node, ...others] = (await api.core.listNode()).items;
    expect(others).toEqual([]);
    expect(node?.metadata?.name).toBe("sandbox-gpu-0");
    expect(node?.spec?.taints).toBeUndefined();
    expect(node?.status?.allocatable).toEqual({
      cpu: "8",
      memory: "32Gi",
      pods: "110",
      "ephemeral-storage": "100Gi",
      "nvidia.com/gpu": "1",
    });
    const classes = (await api.storage.listStorageClass()).items;
    expect(
      classes.map(({ metadata, volumeBindingMode }) => [metadata?.name, volumeBindingMode]).sort(),
    ).toEqual([
      ["standard", "WaitForFirstConsumer"],
      ["standard-immediate", "Immediate"],
    ]);
    expect((await api.networking.readIngressClass({ name: "sandbox" })).spec?.controller).toBe(
      "inference-infra/sandbox",
    );
  });

  it("completes a Job on the GPU", async () => {
    const template = podTemplate("gpu", {
      restartPolicy: "Never",
      initContainers: [{ name: "before", image }],
      containers: [{ name: "main", image, resources: { limits: { "nvidia.com/gpu": "1" } } }],
    });
    await api.batch.createNamespacedJob({
      namespace,
      body: { metadata: { name: "gpu" }, spec: { template } },
    });
    await expect
      .poll(
        async () => (await api.batch.readNamespacedJob({ namespace, name: "gpu" })).status?.succeeded,
        patient,
      )
      .toBe(1);
    await api.batch.deleteNamespacedJob({ namespace, name: "gpu", propagationPolicy: "Background" });
    await expect.poll(async () => (await pods("gpu")).length, patient).toBe(0);
  });

  it("brings a Deployment up, binds its claim, expands it, and gives all back", async () => {
    const name = "ui";
    await api.core.createNamespacedPersistentVolumeClaim({ namespace, body: claim(name) });
    await api.apps.createNamespacedDeployment({
      namespace,
      body: {
        metadata: { name },
        spec: {
          replicas: 2,
          selector: { matchLabels: { app: name } },
          template: podTemplate(name, {
            volumes: [{ name: "models", persistentVolumeClaim: { claimName: name } }],
          }),
        },
      },
    });
    const capacity = async () => {
      const { status } = await api.core.readNamespacedPersistentVolumeClaim({ namespace, name });
      return [status?.phase, status?.capacity?.["storage"]];
    };
    await expect
      .poll(
        async () => (await api.apps.readNamespacedDeployment({ namespace, name })).status?.readyReplicas,
        patient,
      )
      .toBe(2);
    await expect.poll(capacity, patient).toEqual(["Bound", "1Gi"]);
    await api.core.patchNamespacedPersistentVolumeClaim({
      namespace,
      name,
      body: [{ op: "replace", path: "/spec/resources/requests/storage", value: "2Gi" }],
    });
    await expect.poll(capacity, patient).toEqual(["Bound", "2Gi"]);
    await api.apps.deleteNamespacedDeployment({ namespace, name });
    await api.core.deleteNamespacedPersistentVolumeClaim({ namespace, name });
    await expect.poll(async () => (await api.core.listPersistentVolume()).items.length, patient).toBe(0);
  });

  const unpullable = "unpullable.invalid/model:1";
  it.each<["containerStatuses" | "initContainerStatuses", V1PodSpec]>([
    ["containerStatuses", { containers: [{ name: "main", image: unpullable }] }],
    [
      "initContainerStatuses",
      { containers: [{ name: "main", image }], initContainers: [{ name: "before", image: unpullable }] },
    ],
  ])("leaves a pod waiting for an image that cannot be pulled, in its %s", async (statuses, spec) => {
    const name = `unpullable-${statuses.toLowerCase()}`;
    await api.core.createNamespacedPod({
      namespace,
      body: { metadata: { name }, spec },
    });
    const waiting = async () => {
      const { status } = await api.core.readNamespacedPod({ namespace, name });
      return { phase: status?.phase, waiting: status?.[statuses]?.[0]?.state?.waiting };
    };
    await expect.poll(waiting, patient).toEqual({
      phase: "Pending",
      waiting: {
        reason: "ImagePullBackOff",
        message: 'Back-off pulling image "unpullable.invalid/model:1"',
      },
    });
    await api.core.deleteNamespacedPod({ namespace, name });
  });

  it("gives load balancers and Ingresses an address", async () => {
    const name = "exposed";
    await api.core.createNamespacedService({
      namespace,
      body: { metadata: { name }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } },
    });
    const backend = { service: { name, port: { number: 80 } } };
    await api.networking.createNamespacedIngress({
      namespace,
      body: { metadata: { name }, spec: { ingressClassName: "sandbox", defaultBackend: backend } },
    });
    const addresses = async () => {
      const { status } = await api.core.readNamespacedService({ namespace, name });
      const ingress = await api.networking.readNamespacedIngress({ namespace, name });
      return [status?.loadBalancer?.ingress?.[0]?.ip, ingress.status?.loadBalancer?.ingress?.[0]?.ip];
    };
    await expect.poll(addresses, patient).toEqual(["192.0.2.10", "192.0.2.20"]);
  });

  it("refuses a privileged pod where Pod Security is restricted", async () => {
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await api.core.createNamespace({ body: { metadata: { name: "restricted", labels } } });
    await expect
      .poll(
        async () => (await api.core.listNamespacedServiceAccount({ namespace: "restricted" })).items.length,
        patient,
      )
      .toBe(1);
    const pod = {
      metadata: { name: "privileged" },
      spec: { containers: [{ name: "main", image, securityContext: { privileged: true } }] },
    };
    await expect(api.core.createNamespacedPod({ namespace: "restricted", body: pod })).rejects.toMatchObject({
      code: 403,
      body: expect.stringContaining('violates PodSecurity \\"restricted:latest\\": privileged (container'),
    });
  });

  it("is found again by the next start", async () => {
    const before = await controlPlaneStatus(dir);
    const again = await startControlPlane({ dir, tools });
    expect(again).toMatchObject({ reused: true, server: controlPlane.server });
    const pids = ({ processes }: typeof before) => processes.map(({ pid }) => pid);
    expect(pids(await controlPlaneStatus(dir))).toEqual(pids(before));
    expect(before.processes.every(({ rssBytes }) => rssBytes > 10_000_000)).toBe(true);
  });

  it("has its API server stopped and started on the same port", async () => {
    await stopProcess(dir, "kube-apiserver");
    await expect(api.core.listNode()).rejects.toThrow();
    expect((await controlPlaneStatus(dir)).processes.map(({ name }) => name)).toEqual([
      "etcd",
      "kube-controller-manager",
      "kube-scheduler",
      "kwok",
      "cluster-keeper",
    ]);
    await startProcess(dir, "kube-apiserver");
    expect((await api.core.listNode()).items).toHaveLength(1);
  });

  it.each([
    ["is gone", () => stopProcess(dir, "cluster-keeper"), {}],
    ["is to be run another way", () => undefined, { idleSeconds: 5 }],
  ])("has its keeper alone started anew where it %s", async (_, end, options) => {
    const processes = async () =>
      Object.fromEntries((await controlPlaneStatus(dir)).processes.map(({ name, pid }) => [name, pid]));
    const before = await processes();
    await end();
    expect(await startControlPlane({ dir, tools, ...options })).toMatchObject({ reused: true });
    const { "cluster-keeper": keeper, ...others } = await processes();
    expect(keeper).toBeGreaterThan(0);
    expect({ ...others, "cluster-keeper": keeper }).not.toEqual(before);
    expect(before).toMatchObject(others);
    await expect
      .poll(() => readFileSync(inDir("cluster-keeper.log"), "utf8").split("\n")[0])
      .toBe(`cluster-keeper: plays a cloud's disks and its node autoscaler for ${controlPlane.server}`);
  });

  it("stands beside another one, and two starts at a time make one", async () => {
    const other = newDir();
    const [first, second] = await Promise.all([1, 2].map(() => startControlPlane({ dir: other, tools })));
    expect([first?.reused, second?.reused].sort()).toEqual([false, true]);
    expect(first?.server).not.toBe(controlPlane.server);
    await expect(api.core.listNode()).resolves.toBeDefined();
    await stopControlPlane(other);
    expect(await controlPlaneStatus(other)).toEqual({
      running: false,
      kubeconfig: join(other, "kubeconfig"),
      processes: [],
    });
  });

  it.each([
    ["is stopped", () => stopControlPlane(dir)],
    [
      "has every process killed",
      async () => {
        for (const { pid } of (await controlPlaneStatus(dir)).processes) process.kill(pid, "SIGKILL");
        await expect.poll(async () => (await controlPlaneStatus(dir)).running).toBe(false);
      },
    ],
    [
      "has one process killed",
      async () => {
        const scheduler = (await controlPlaneStatus(dir)).processes.find(
          ({ name }) => name === "kube-scheduler",
        );
        process.kill(scheduler?.pid ?? expect.fail("no scheduler"), "SIGKILL");
        await expect.poll(async () => (await controlPlaneStatus(dir)).processes.length).toBe(5);
      },
    ],
  ])("keeps its objects where it %s and is started again, and runs pods at once", async (_, end) => {
    const name = `kept-${Date.now()}`;
    await api.core.createNamespacedConfigMap({ namespace, body: { metadata: { name } } });
    await end();
    controlPlane = await startControlPlane({ dir, tools });
    expect(controlPlane.reused).toBe(false);
    api = clients(controlPlane);
    await expect(api.core.readNamespacedConfigMap({ namespace, name })).resolves.toBeDefined();
    await api.core.createNamespacedPod({
      namespace,
      body: { metadata: { name }, spec: { containers: [{ name: "main", image }] } },
    });
    await expect
      .poll(async () => (await api.core.readNamespacedPod({ namespace, name })).status?.phase, {
        timeout: 5000,
      })
      .toBe("Running");
  });
});

describe("a start that does not succeed", () => {
  it("names the component, quotes its log, and leaves nothing running", async () => {
    const dir = newDir();
    const failing = { ...tools, "kube-scheduler": { path: "/bin/ls" } };
    await expect(startControlPlane({ dir, tools: failing })).rejects.toThrow(
      `the sandbox's kube-scheduler ended; its log (${join(dir, "kube-scheduler.log")}) says:\n/bin/ls: unrecognized option`,
    );
    expect((await controlPlaneStatus(dir)).running).toBe(false);
  });

  it("names a component that is no program", async () => {
    const dir = newDir();
    const path = join(dir, "missing");
    await expect(startControlPlane({ dir, tools: { ...tools, "kube-apiserver": { path } } })).rejects.toThrow(
      `kube-apiserver could not be started: spawn ${path} ENOENT`,
    );
    expect((await controlPlaneStatus(dir)).running).toBe(false);
  });

  it("ends where it is cancelled, and leaves nothing running", async () => {
    const dir = newDir();
    const cancel = new AbortController();
    const started = startControlPlane({ dir, tools, signal: cancel.signal });
    setTimeout(() => cancel.abort(new Error("enough")), 1500);
    await expect(started).rejects.toThrow("enough");
    expect((await controlPlaneStatus(dir)).running).toBe(false);
  });
});

/** The HTTP status that someone without any credentials gets; `none` where the TLS handshake fails. */
function status(url: string): string {
  const script = `
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    require("node:https").get(${JSON.stringify(url)}, (r) => { console.log(r.statusCode); process.exit(); })
      .on("error", () => console.log("none"));`;
  return execFileSync(process.execPath, ["--no-warnings", "-e", script], { encoding: "utf8" }).trim();
}
