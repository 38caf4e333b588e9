import { SecretValue } from "../../../infra/secrets";

/** Documents that tests start from and spoil. */
export const host = {
  kind: "existing",
  context: "kind-mnist",
  storage: { readWriteOnce: { name: "standard", binding: "WaitForFirstConsumer" } },
  gpu: { types: { l4: { "cloud.google.com/gke-accelerator": "nvidia-l4" } } },
  ingressClass: "nginx",
};

export const training = {
  image: "ghcr.io/acme/mnist-trainer:1.0.0",
  gpu: { count: 1, type: "l4" },
  wait: { timeoutHours: 2 },
};

export const ui = {
  image: "ghcr.io/acme/mnist-ui:1.0.0",
  exposure: { kind: "ingress", host: "mnist.example.com" },
  placement: "with-training",
};

export const whole = {
  name: "mnist",
  tier: "development",
  host,
  modelVolume: { size: "10Gi" },
  training,
  ui,
};

/** The same with every field that there is, short forms and all. */
export const full = {
  name: "mnist",
  tier: "production",
  host: {
    ...host,
    kubeconfig: "~/.kube/config",
    clusterIdentifier: "prod",
    nodes: "many",
    storage: { ...host.storage, readWriteMany: { name: "filestore", binding: "Immediate" } },
    gpu: {
      resource: "nvidia.com/gpu",
      types: { l4: { "cloud.google.com/gke-accelerator": "nvidia-l4" } },
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    },
  },
  namespace: { kind: "existing", name: "ml" },
  modelVolume: {
    size: "100Gi",
    accessMode: "ReadWriteMany",
    storageClass: { name: "nfs", binding: "Immediate" },
    retain: true,
  },
  training: {
    ...training,
    command: ["python", "train.py"],
    args: ["--epochs", "14"],
    env: { LOG_LEVEL: "info" },
    secretEnv: { WANDB_API_KEY: { secretName: "wandb", key: "api-key" } },
    resources: { cpu: 4, memory: "16Gi", disk: "50Gi" },
    mountPath: "/models",
    sharedMemory: "1Gi",
    checkpointDir: "/models/checkpoints",
    retries: 5,
    deadlineHours: 12,
    priorityClass: "batch",
    runId: "2",
  },
  ui: {
    image: "ghcr.io/acme/mnist-ui@sha256:" + "0".repeat(64),
    port: 30001,
    servicePort: 9000,
    rootPath: "/mnist",
    probePath: "/mnist/",
    readyTimeoutSeconds: 300,
    env: { LOG_LEVEL: "info" },
    secretEnv: { TOKEN: { secretName: "ui", key: "token" } },
    oscarEndpoint: "https://oscar.example.com",
    credentials: { kind: "given", username: "mnist", password: new SecretValue("s3cret") },
    mountPath: "/srv",
    modelFile: "/srv/model.pt",
    modelReady: { kind: "file", path: "/srv/ready", checkImage: "busybox:1.37.0" },
    replicas: { min: 2, max: 4, cpuPercent: 70 },
    gpu: { count: 1 },
    resources: { cpu: "500m", memory: "1Gi" },
    exposure: {
      kind: "ingress",
      host: "mnist.example.com",
      className: "nginx",
      path: "/mnist",
      tls: { secretName: "mnist-tls", issuer: "letsencrypt-prod" },
      backendProtocol: "HTTPS",
    },
    placement: { kind: "anywhere" },
  },
};

export const images = [
  "mnist:1",
  "ghcr.io/acme/ui:v1.2.0-rc.1",
  "localhost:5000/a/b_c:1",
  `ghcr.io/acme/ui:latest@sha256:${"a".repeat(64)}`,
];
