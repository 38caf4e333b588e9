import { describe, expect, it } from "vitest";
import { serviceDocument } from "../../../../../components/oscar/service/service-document";
import type { ServiceSpec } from "../../../../../components/oscar/service/service-args";
import { ownBuckets } from "../../../../../components/oscar/service/storage-paths";

const smallest: ServiceSpec = { name: "lab", image: "nginx:1.29.1", script: "#!/bin/sh\r\necho hi\r" };

const document = {
  name: "lab",
  image: "nginx:1.29.1",
  script: "#!/bin/sh\necho hi\n",
  cpu: "0.2",
  memory: "256Mi",
  log_level: "INFO",
  environment: { variables: {} },
  visibility: "private",
};

describe("the document of a service", () => {
  it("has the Manager's defaults, line feeds, and nothing that was not given", () => {
    expect(serviceDocument(smallest)).toStrictEqual(document);
  });

  it.each<[string, Partial<ServiceSpec>, object]>([
    [
      "of a port",
      { expose: { apiPort: 5000 } },
      {
        expose: {
          api_port: [5000],
          min_scale: 1,
          max_scale: 10,
          cpu_threshold: 80,
          rewrite_target: false,
          default_command: false,
          set_auth: false,
          health_path: "/",
        },
      },
    ],
    [
      "of ports with all settings",
      {
        expose: {
          apiPort: [80, 81],
          nodePort: [0, 31000],
          minScale: 2,
          maxScale: 3,
          cpuThreshold: 50,
          rewriteTarget: true,
          defaultCommand: true,
          setAuth: true,
          authType: "forward",
          healthPath: "/health",
          probeMode: "direct",
        },
      },
      {
        expose: {
          api_port: [80, 81],
          nodePort: [0, 31000],
          min_scale: 2,
          max_scale: 3,
          cpu_threshold: 50,
          rewrite_target: true,
          default_command: true,
          set_auth: true,
          auth_type: "forward",
          health_path: "/health",
          probe_mode: "direct",
        },
      },
    ],
    [
      "of folders, as the Manager stores them",
      {
        input: [{ storageProvider: "MinIO", path: " /in/ ", prefix: ["a"] }],
        output: [
          { storageProvider: "minio.default", path: "lab/out/deep/", suffix: ["png"] },
          { storageProvider: "s3.aws", path: "out" },
          { storageProvider: "onedata.my", path: "/out" },
        ],
      },
      {
        input: [{ storage_provider: "minio.default", path: "lab/in", prefix: ["a"] }],
        output: [
          { storage_provider: "minio.default", path: "lab/out/deep", suffix: ["png"] },
          { storage_provider: "s3.aws", path: "lab/out" },
          { storage_provider: "onedata.my", path: "out" },
        ],
      },
    ],
    [
      "of variables and secrets",
      { environment: { variables: { A: "1" }, secrets: { S: "v" } } },
      { environment: { variables: { A: "1" }, secrets: { S: "v" } } },
    ],
    [
      "of no secrets, which a Manager would write",
      { environment: { variables: { A: "1" }, secrets: {} } },
      { environment: { variables: { A: "1" } } },
    ],
    [
      "of a volume that is made",
      { volume: { size: "1Gi", mountPath: "/data" } },
      { volume: { name: "lab", size: "1Gi", mount_path: "/data", lifecycle_policy: "delete" } },
    ],
    [
      "of a volume that is there",
      { volume: { name: "models", mountPath: "/data" } },
      { volume: { name: "models", mount_path: "/data" } },
    ],
    [
      "of synchronous calls",
      { synchronous: { minScale: 1 } },
      { synchronous: { min_scale: 1, max_scale: 0 } },
    ],
    [
      "of a mount",
      { mount: { storageProvider: "minio", path: "/notebook", options: "--read-only" } },
      { mount: { storage_provider: "minio.default", path: "/notebook", options: "--read-only" } },
    ],
    [
      "of a language model",
      { kserve: { type: "llm_inference", storageUri: "hf://org/model" } },
      {
        kserve: {
          type: "llm_inference",
          storage_uri: "hf://org/model",
          min_scale: 1,
          max_scale: 1,
          cpu: "0.2",
          memory: "256Mi",
          enable_gpu: false,
          set_auth: true,
        },
      },
    ],
    [
      "of a model",
      { kserve: { type: "inference", storageUri: "hf://org/model", inference: { modelFormat: "onnx" } } },
      {
        kserve: {
          type: "inference",
          storage_uri: "hf://org/model",
          inference: { model_format: "onnx" },
          api_version: "v1",
          min_scale: 0,
          max_scale: 1,
          cpu: "0.2",
          memory: "256Mi",
          enable_gpu: false,
          set_auth: true,
        },
      },
    ],
    [
      "of a language model",
      {
        kserve: {
          type: "llm_inference",
          storageUri: "hf://org/llm",
          llmInference: { runtimeImage: "ghcr.io/org/vllm:1" },
          apiVersion: "v2",
          maxScale: 2,
          cpu: "2",
          memory: "6Gi",
          args: ["--dtype=auto"],
          env: { A: "1" },
          enableGpu: true,
          setAuth: false,
        },
      },
      {
        kserve: {
          type: "llm_inference",
          storage_uri: "hf://org/llm",
          llm_inference: { runtime_image: "ghcr.io/org/vllm:1" },
          api_version: "v2",
          min_scale: 1,
          max_scale: 2,
          cpu: "2",
          memory: "6Gi",
          args: ["--dtype=auto"],
          env: { A: "1" },
          enable_gpu: true,
          set_auth: false,
        },
      },
    ],
    [
      "of a federation and its clusters",
      {
        clusterId: "eu",
        clusters: { us: { endpoint: "https://us.example.org", authUser: "oscar", authPassword: "p" } },
        federation: {
          groupId: "g",
          delegation: "random",
          reschedulerThreshold: 30,
          members: [
            { type: "oscar", clusterId: "us", serviceName: "lab", priority: 1 },
            { type: "endpoint", url: "https://example.org", headers: { A: "b" } },
          ],
        },
      },
      {
        cluster_id: "eu",
        clusters: {
          us: {
            endpoint: "https://us.example.org",
            auth_user: "oscar",
            auth_password: "p",
            ssl_verify: true,
          },
        },
        federation: {
          group_id: "g",
          topology: "none",
          delegation: "random",
          rescheduler_threshold: 30,
          members: [
            { type: "oscar", cluster_id: "us", service_name: "lab", priority: 1 },
            {
              type: "endpoint",
              url: "https://example.org",
              ssl_verify: true,
              priority: 0,
              headers: { A: "b" },
            },
          ],
        },
      },
    ],
    [
      "of storage elsewhere",
      {
        storageProviders: {
          minio: { m: { endpoint: "https://m.example.org", accessKey: "a", secretKey: "s" } },
          s3: { aws: { accessKey: "a", secretKey: "s", region: "eu-west-1" } },
          onedata: { o: { oneproviderHost: "o.example.org", token: "t", space: "s" } },
          webdav: { w: { hostname: "w.example.org", login: "l", password: "p" } },
          rucio: { r: { host: "r.example.org", account: "a", rse: "R", refreshToken: "t" } },
        },
      },
      {
        storage_providers: {
          minio: { m: { endpoint: "https://m.example.org", verify: true, access_key: "a", secret_key: "s" } },
          s3: { aws: { access_key: "a", secret_key: "s", region: "eu-west-1" } },
          onedata: { o: { oneprovider_host: "o.example.org", token: "t", space: "s" } },
          webdav: { w: { hostname: "w.example.org", login: "l", password: "p" } },
          rucio: { r: { host: "r.example.org", account: "a", rse: "R", refresh_token: "t" } },
        },
      },
    ],
    [
      "of all that is taken as it is",
      {
        cpu: "1.0",
        memory: "2Gi",
        totalCpu: "4",
        totalMemory: "8Gi",
        ephemeralStorageRequest: "1Gi",
        enableGpu: true,
        enableSgx: false,
        imagePrefetch: true,
        imagePullSecrets: ["hub"],
        alpine: true,
        logLevel: "DEBUG",
        fileStageIn: true,
        annotations: { a: "b" },
        labels: { c: "d" },
        vo: "vo.a",
        interlinkNodeName: "vk",
        visibility: "restricted",
        allowedUsers: ["u"],
        isolationLevel: "USER",
      },
      {
        cpu: "1.0",
        memory: "2Gi",
        total_cpu: "4",
        total_memory: "8Gi",
        ephemeral_storage_request: "1Gi",
        enable_gpu: true,
        enable_sgx: false,
        image_prefetch: true,
        image_pull_secrets: ["hub"],
        alpine: true,
        log_level: "DEBUG",
        file_stage_in: true,
        annotations: { a: "b" },
        labels: { c: "d" },
        vo: "vo.a",
        interlink_node_name: "vk",
        visibility: "restricted",
        allowed_users: ["u"],
        isolation_level: "USER",
      },
    ],
  ])("%s", (_, args, expected) => {
    expect(serviceDocument({ ...smallest, ...args })).toStrictEqual({ ...document, ...expected });
  });
});

it("a service's buckets are those of the cluster's MinIO", () => {
  const spec: ServiceSpec = {
    ...smallest,
    input: [
      { storageProvider: "minio", path: "photos/in" },
      { storageProvider: "webdav.d", path: "elsewhere/in" },
    ],
    output: [
      { storageProvider: "MINIO.default", path: "out" },
      { storageProvider: "minio.default", path: "/photos/out" },
      { storageProvider: "minio.other", path: "far/out" },
      { storageProvider: "s3.aws", path: "archive/out" },
    ],
  };
  expect(ownBuckets(spec)).toEqual(["photos", "lab"]);
});
