import { describe, expect, it } from "vitest";
import { checkScript } from "../../../../components/serving/model-server/copy-script";
import { InferenceUi } from "../../../../components/serving/inference-ui";
import { Workspace } from "../../../../components/host/workspace";
import { run, valueOf } from "../../../support/mocks";
import { containerSecurity, labels, podSecurity } from "../fixtures";
import { runId } from "./copying";
import {
  elsewhere,
  googleCluster,
  image,
  madeOf,
  modelPath,
  named,
  onGoogle,
  podsOf,
  serve,
} from "./support";

const workload = "mnist-server-deployment";
const probe = { httpGet: { path: "/healthz", port: "web" } };
const baked = { kind: "image", path: "/app/model" } as const;
const spread = {
  maxSkew: 1,
  topologyKey: "kubernetes.io/hostname",
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: { "app.kubernetes.io/name": workload } },
};

describe.each([false, true])("a model server, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);

  it("with a mounted model: a Deployment after its right to the bucket, and rolled without a gap", async () => {
    const { one, registered } = await run(preview, () => onGoogle());
    expect(madeOf(registered)).toEqual([
      "BucketIAMMember mnist-server-model-access",
      "Deployment mnist-server-deployment",
      "NetworkPolicy mnist-server-policy",
      "Service mnist-server-service",
      "ServiceAccount mnist-server-account",
    ]);
    const mount = { name: "model", mountPath: modelPath, readOnly: true };
    expect(one("Deployment")).toEqual({
      type: "kubernetes:apps/v1:Deployment",
      name: workload,
      inputs: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: {
          namespace: known("mnist-1a2b3c4d"),
          labels: labels(workload),
          annotations: { "pulumi.com/patchForce": "true" },
        },
        spec: {
          replicas: 1,
          selector: { matchLabels: { "app.kubernetes.io/name": workload } },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          progressDeadlineSeconds: 900,
          template: {
            metadata: {
              labels: labels(workload),
              annotations: {
                "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": "tmp",
                "gke-gcsfuse/volumes": "true",
                "gke-gcsfuse/ephemeral-storage-limit": "11264Mi",
              },
            },
            spec: {
              serviceAccountName: known("mnist-server-account-1a2b3c4d"),
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              terminationGracePeriodSeconds: 60,
              securityContext: podSecurity,
              initContainers: [
                {
                  name: "check-model",
                  image,
                  command: [
                    "/bin/sh",
                    "-c",
                    checkScript,
                    modelPath,
                    `gs://mnist-artifacts/mlflow-tracking-server/${runId}/artifacts/model/data/model`,
                  ],
                  terminationMessagePolicy: "FallbackToLogsOnError",
                  securityContext: containerSecurity,
                  resources: {
                    requests: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "16Mi" },
                    limits: { memory: "512Mi", "ephemeral-storage": "64Mi" },
                  },
                  volumeMounts: [mount],
                },
              ],
              containers: [
                {
                  name: "server",
                  image,
                  env: [
                    { name: "DOCS_ENABLED", value: "false" },
                    {
                      name: "GUNICORN_CMD_ARGS",
                      value:
                        "--bind 0.0.0.0:8080 --workers 4 --worker-tmp-dir /dev/shm --graceful-timeout 50",
                    },
                    { name: "HOME", value: "/tmp" },
                    { name: "MPLCONFIGDIR", value: "/tmp/matplotlib" },
                    { name: "PORT", value: "8080" },
                    { name: "PRED_MODEL_PATH", value: modelPath },
                    { name: "PRED_MODEL_UUID", value: runId },
                    { name: "USER", value: "app" },
                    { name: "WEB_CONCURRENCY", value: "4" },
                  ],
                  ports: [{ name: "web", containerPort: 8080 }],
                  lifecycle: { preStop: { sleep: { seconds: 5 } } },
                  securityContext: containerSecurity,
                  resources: {
                    requests: { cpu: "1", memory: "4Gi", "ephemeral-storage": "1Gi" },
                    limits: { memory: "4Gi", "ephemeral-storage": "10Gi" },
                  },
                  startupProbe: { ...probe, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 180 },
                  readinessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 12 },
                  livenessProbe: { ...probe, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 6 },
                  terminationMessagePolicy: "FallbackToLogsOnError",
                  volumeMounts: [{ name: "tmp", mountPath: "/tmp" }, mount],
                },
              ],
              volumes: [
                { name: "tmp", emptyDir: {} },
                {
                  name: "model",
                  csi: {
                    driver: "gcsfuse.csi.storage.gke.io",
                    readOnly: true,
                    volumeAttributes: {
                      bucketName: "mnist-artifacts",
                      mountOptions: `implicit-dirs,file-mode=444,dir-mode=555,only-dir:mlflow-tracking-server/${runId}/artifacts/model/data/model,file-cache:enable-parallel-downloads:true`,
                      fileCacheCapacity: "10Gi",
                      fileCacheForRangeRead: "true",
                      gcsfuseMetadataPrefetchOnMount: "true",
                      skipCSIBucketAccessCheck: "true",
                    },
                  },
                },
              ],
            },
          },
        },
      },
      parent: "ModelServer mnist-server",
      provider: "lab",
      dependsOn: [
        "BucketIAMMember mnist-server-model-access",
        "Namespace mnist",
        "ServiceAccount mnist-server-account",
      ],
      options: { customTimeouts: { create: "900s", update: "900s" } },
    });
    expect(one("BucketIAMMember").inputs).toEqual({
      bucket: "mnist-artifacts",
      role: "roles/storage.objectViewer",
      member: known("principal://mnist-1a2b3c4d/mnist-server-account-1a2b3c4d"),
    });
  });

  it("has a Service of a fixed name, by which others in the cluster call it", async () => {
    const { one, registered, result } = await run(preview, () => {
      const cluster = googleCluster();
      const server = serve(cluster);
      const workspace = new Workspace("site", { cluster });
      const env = { MODEL_SERVER_URL: server.clusterUrl };
      new InferenceUi("mnist-ui", { cluster, workspace, image, env, exposure: { kind: "none" } });
      return server;
    });
    expect(named(registered, "mnist-server-service").inputs).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "mnist-server-service",
        namespace: known("mnist-1a2b3c4d"),
        labels: labels(workload),
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        type: "ClusterIP",
        selector: { "app.kubernetes.io/name": workload },
        ports: [{ name: "web", port: 8080, targetPort: "web" }],
      },
    });
    expect(named(registered, "mnist-server-policy").inputs).toMatchObject({
      spec: { policyTypes: ["Ingress"], ingress: [{ ports: [{ protocol: "TCP", port: 8080 }] }] },
    });
    const url = "http://mnist-server-service.mnist-1a2b3c4d:8080";
    expect(podsOf(named(registered, "mnist-ui-deployment")).spec.containers[0]["env"]).toContainEqual({
      name: "MODEL_SERVER_URL",
      value: known(url),
    });
    if (!preview) {
      expect(await valueOf(result.clusterUrl)).toBe(url);
      expect(await valueOf(result.address)).toBe(
        "kubectl port-forward -n mnist-1a2b3c4d service/mnist-server-service 8080:8080",
      );
    }
    expect(() => one("HTTPRoute")).toThrow();
  });

  it("takes what it is told", async () => {
    const { one } = await run(preview, () =>
      elsewhere({
        model: { ...baked, runId: "r1" },
        app: "mnist_fastapi.main:APP",
        workers: 2,
        docs: true,
        port: 9000,
        servicePort: 80,
        healthPath: "/ready",
        readyTimeoutSeconds: 1801,
        userId: 2222,
        env: { LOG_LEVEL: "debug", PORT: "1" },
        secretEnv: { TOKEN: { secretName: "tokens", key: "api" } },
        resources: { cpu: "2", memory: "8Gi", disk: "3Gi" },
      }),
    );
    const { spec } = podsOf(one("Deployment"));
    const [container] = spec.containers;
    expect(spec).toMatchObject({ securityContext: { runAsUser: 2222 } });
    expect(spec).not.toHaveProperty("initContainers");
    expect(spec.volumes).toEqual([{ name: "tmp", emptyDir: {} }]);
    expect(container).toMatchObject({
      command: ["gunicorn", "mnist_fastapi.main:APP"],
      ports: [{ name: "web", containerPort: 9000 }],
      startupProbe: { httpGet: { path: "/ready", port: "web" }, failureThreshold: 361 },
      resources: {
        requests: { cpu: "2", memory: "8Gi", "ephemeral-storage": "3Gi" },
        limits: { memory: "8Gi", "ephemeral-storage": "3Gi" },
      },
      volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
    });
    const gunicorn =
      "--bind 0.0.0.0:9000 --workers 2 --worker-class uvicorn.workers.UvicornWorker --worker-tmp-dir /dev/shm --graceful-timeout 50";
    expect(container["env"]).toEqual([
      { name: "DOCS_ENABLED", value: "true" },
      { name: "GUNICORN_CMD_ARGS", value: gunicorn },
      { name: "HOME", value: "/tmp" },
      { name: "LOG_LEVEL", value: "debug" },
      { name: "MPLCONFIGDIR", value: "/tmp/matplotlib" },
      { name: "PORT", value: "1" },
      { name: "PRED_MODEL_PATH", value: "/app/model" },
      { name: "PRED_MODEL_UUID", value: "r1" },
      { name: "USER", value: "app" },
      { name: "WEB_CONCURRENCY", value: "2" },
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "tokens", key: "api" } } },
    ]);
    expect(one("Service").inputs).toMatchObject({ spec: { ports: [{ port: 80, targetPort: "web" }] } });
    expect(one("Deployment").inputs).toMatchObject({ spec: { progressDeadlineSeconds: 1801 } });
  });

  it("has the workers that it is told, where it says what gunicorn serves", async () => {
    const { one } = await run(preview, () =>
      elsewhere({ model: baked, app: "server.main:APP", workerClass: "uvicorn_worker.UvicornWorker" }),
    );
    expect(podsOf(one("Deployment")).spec.containers[0]["env"]).toContainEqual({
      name: "GUNICORN_CMD_ARGS",
      value:
        "--bind 0.0.0.0:8080 --workers 4 --worker-class uvicorn_worker.UvicornWorker --worker-tmp-dir /dev/shm --graceful-timeout 50",
    });
  });

  it("on a GPU: a pod goes before the next one comes", async () => {
    const { one } = await run(preview, () => elsewhere({ model: baked, gpu: { count: 1, type: "l4" } }));
    const deployment = one("Deployment");
    expect(deployment.inputs).toMatchObject({
      spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } },
    });
    expect(podsOf(deployment).spec).toMatchObject({
      nodeSelector: { "cloud.google.com/gke-accelerator": "nvidia-l4" },
      containers: [{ resources: { limits: { "nvidia.com/gpu": "1" } } }],
    });
  });

  it("of several pods: spread, drained one at a time, and none kept for anyone", async () => {
    const { one, registered } = await run(preview, () => elsewhere({ model: baked, replicas: 2 }));
    expect(podsOf(one("Deployment")).spec).toMatchObject({ topologySpreadConstraints: [spread] });
    expect(one("PodDisruptionBudget").inputs).toMatchObject({ spec: { maxUnavailable: 1 } });
    expect(one("Service").inputs["spec"]).not.toHaveProperty("sessionAffinity");
    expect(madeOf(registered)).not.toContain("HorizontalPodAutoscaler mnist-server-autoscaler");
  });

  it("of one pod has no budget", async () => {
    const { registered } = await run(preview, () => elsewhere({ model: baked }));
    expect(madeOf(registered)).toEqual([
      "Deployment mnist-server-deployment",
      "NetworkPolicy mnist-server-policy",
      "Service mnist-server-service",
      "ServiceAccount mnist-server-account",
    ]);
  });

  it("of as many pods as the autoscaler says", async () => {
    const replicas = { min: 1, max: 4, cpuPercent: 60 };
    const { one } = await run(preview, () => elsewhere({ model: baked, replicas }));
    expect(one("Deployment").options.ignoreChanges).toEqual(["spec.replicas"]);
    expect(one("HorizontalPodAutoscaler").inputs).toMatchObject({
      spec: {
        scaleTargetRef: { kind: "Deployment", name: known(`${workload}-1a2b3c4d`) },
        minReplicas: 1,
        maxReplicas: 4,
      },
    });
  });

  it("behind an ingress, once its pods are ready", async () => {
    const { one, result } = await run(preview, () =>
      elsewhere({ model: baked, exposure: { kind: "ingress", host: "api.example.com" }, replicas: 3 }),
    );
    expect(one("Ingress").dependsOn).toContain(`Deployment ${workload}`);
    expect(JSON.stringify(one("Ingress").inputs)).not.toContain("affinity");
    expect(await valueOf(result.address)).toBe("http://api.example.com");
  });

  it("by a load balancer, whose address is awaited", async () => {
    const { one } = await run(preview, () =>
      elsewhere({ model: baked, exposure: { kind: "load-balancer" } }),
    );
    expect(one("Service").inputs).toMatchObject({ spec: { type: "LoadBalancer" } });
    expect(one("Service").options).toEqual({ customTimeouts: { create: "900s", update: "900s" } });
  });
});
