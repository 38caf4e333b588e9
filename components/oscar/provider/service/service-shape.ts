import type { ServiceArgs } from "../../service/service-args";
import type { Shape } from "./shape";

const storages: Shape = {
  list: {
    fields: {
      "storageProvider!": "text",
      "path!": "text",
      suffix: { list: "text" },
      prefix: { list: "text" },
    },
  },
};

/** `name`, image and script are left to `validateService`, which tells more of them. */
export const argumentShapes = {
  name: "text",
  image: "text",
  script: "text",
  cpu: "text",
  memory: "text",
  totalCpu: "text",
  totalMemory: "text",
  ephemeralStorageRequest: "text",
  enableGpu: "flag",
  enableSgx: "flag",
  imagePrefetch: "flag",
  imagePullSecrets: { list: "text" },
  alpine: "flag",
  logLevel: "text",
  synchronous: { fields: { minScale: "number", maxScale: "number" } },
  input: storages,
  output: storages,
  fileStageIn: "flag",
  expose: {
    fields: {
      "apiPort!": { list: "number", orOne: true },
      minScale: "number",
      maxScale: "number",
      cpuThreshold: "number",
      rewriteTarget: "flag",
      nodePort: { list: "number", orOne: true },
      defaultCommand: "flag",
      setAuth: "flag",
      authType: "text",
      healthPath: "text",
      probeMode: "text",
    },
  },
  environment: { fields: { variables: { map: "text" }, secrets: { map: "text" } } },
  annotations: { map: "text" },
  labels: { map: "text" },
  vo: "text",
  storageProviders: {
    fields: {
      minio: {
        map: {
          fields: {
            "endpoint!": "text",
            verify: "flag",
            "accessKey!": "text",
            "secretKey!": "text",
            region: "text",
          },
        },
      },
      s3: { map: { fields: { "accessKey!": "text", "secretKey!": "text", "region!": "text" } } },
      onedata: { map: { fields: { "oneproviderHost!": "text", "token!": "text", "space!": "text" } } },
      webdav: { map: { fields: { "hostname!": "text", "login!": "text", "password!": "text" } } },
      rucio: {
        map: {
          fields: {
            "host!": "text",
            "account!": "text",
            "rse!": "text",
            refreshToken: "text",
            authHost: "text",
            oidcAudience: "text",
            tokenEndpoint: "text",
          },
        },
      },
    },
  },
  clusters: {
    map: { fields: { "endpoint!": "text", authUser: "text", authPassword: "text", sslVerify: "flag" } },
  },
  clusterId: "text",
  interlinkNodeName: "text",
  visibility: "text",
  allowedUsers: { list: "text" },
  isolationLevel: "text",
  mount: { fields: { "storageProvider!": "text", "path!": "text", options: "text" } },
  volume: { fields: { name: "text", size: "text", "mountPath!": "text", lifecyclePolicy: "text" } },
  federation: {
    fields: {
      groupId: "text",
      topology: "text",
      delegation: "text",
      reschedulerThreshold: "number",
      members: {
        list: {
          fields: {
            "type!": "text",
            clusterId: "text",
            serviceName: "text",
            url: "text",
            sslVerify: "flag",
            priority: "number",
            headers: { map: "text" },
          },
        },
      },
    },
  },
  kserve: {
    fields: {
      "type!": "text",
      "storageUri!": "text",
      inference: { fields: { "modelFormat!": "text", runtime: "text" } },
      llmInference: { fields: { runtimeImage: "text" } },
      apiVersion: "text",
      minScale: "number",
      maxScale: "number",
      cpu: "text",
      memory: "text",
      args: { list: "text" },
      env: { map: "text" },
      enableGpu: "flag",
      setAuth: "flag",
    },
  },
} as const satisfies Record<keyof ServiceArgs, Shape>;

/** What the provider alone heeds; OSCAR is not told. */
const ownShapes = {
  allowBucketDeletion: "flag",
  readyWithinSeconds: "number",
  smokeTest: { fields: { "body!": "text", contentType: "text" } },
} as const satisfies Record<string, Shape>;

export const serviceShape: Shape = { fields: { ...argumentShapes, ...ownShapes } };
