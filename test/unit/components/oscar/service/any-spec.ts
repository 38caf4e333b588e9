import fc from "fast-check";
import {
  delegations,
  isolationLevels,
  kserveApiVersions,
  lifecyclePolicies,
  logLevels,
  probeModes,
  topologies,
  visibilities,
  type ServiceSpec,
} from "../../../../../components/oscar/service/service-args";

/** Words that have to be written out, among others those of more than one line. */
const text = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.constantFrom("a b", "l1\nl2\n", "`${x}`", "it's", '"q"', "\\", "ñ€😀"),
);
const id = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z0-9]$/);
const flag = fc.boolean();
const port = fc.integer({ min: 1, max: 65535 });
const few = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { maxLength: 3 });
const map = <Value>(value: fc.Arbitrary<Value>, key: fc.Arbitrary<string> = fc.oneof(id, text)) =>
  fc.dictionary(key, value, { maxKeys: 3 });
const scale = fc.integer({ min: 0, max: 12 });

/** All keys may be missing but those that are named. */
function some<Model extends object, Key extends keyof Model>(
  model: { [K in keyof Model]: fc.Arbitrary<Model[K]> },
  ...requiredKeys: Key[]
) {
  return fc.record<Model, Key>(model, { requiredKeys });
}

const storage = some(
  {
    storageProvider: fc.constantFrom("minio", "minio.default", "MinIO.far", "s3.aws", "webdav.dav"),
    path: fc.constantFrom("in", "/in/", "bucket/folder", "bucket/folder/deep"),
    suffix: few(word),
    prefix: few(word),
  },
  "storageProvider",
  "path",
);

const clusters = map(
  some({ endpoint: text, authUser: text, authPassword: text, sslVerify: flag }, "endpoint"),
);

const common = {
  storageUri: text,
  apiVersion: fc.constantFrom(...kserveApiVersions),
  minScale: scale,
  maxScale: scale,
  cpu: word,
  memory: word,
  args: few(text),
  env: map(text),
  enableGpu: flag,
  setAuth: flag,
};

const kserve = fc.oneof(
  some(
    {
      type: fc.constant("inference" as const),
      inference: some({ modelFormat: word, runtime: word }, "modelFormat"),
      ...common,
    },
    "type",
    "inference",
    "storageUri",
  ),
  some(
    { type: fc.constant("llm_inference" as const), llmInference: some({ runtimeImage: word }), ...common },
    "type",
    "storageUri",
  ),
);

const member = fc.oneof(
  some(
    {
      type: fc.constant("oscar" as const),
      clusterId: word,
      serviceName: word,
      priority: scale,
      headers: map(text),
    },
    "type",
    "clusterId",
    "serviceName",
  ),
  some(
    {
      type: fc.constant("endpoint" as const),
      url: word,
      sslVerify: flag,
      priority: scale,
      headers: map(text),
    },
    "type",
    "url",
  ),
);

const volume = fc.oneof(
  some(
    { name: word, size: word, mountPath: word, lifecyclePolicy: fc.constantFrom(...lifecyclePolicies) },
    "size",
    "mountPath",
  ),
  some({ name: word, mountPath: word }, "name", "mountPath"),
);

/** Any arguments, sound or not, as far as their types go. */
export const anySpec: fc.Arbitrary<ServiceSpec> = some(
  {
    name: word,
    image: text,
    script: text,
    cpu: fc.constantFrom("0.2", "500m", "2"),
    memory: fc.constantFrom("256Mi", "2Gi"),
    totalCpu: word,
    totalMemory: word,
    ephemeralStorageRequest: word,
    enableGpu: flag,
    enableSgx: flag,
    imagePrefetch: flag,
    imagePullSecrets: few(word),
    alpine: flag,
    logLevel: fc.constantFrom(...logLevels),
    synchronous: some({ minScale: scale, maxScale: scale }),
    input: few(storage),
    output: few(storage),
    fileStageIn: flag,
    expose: some(
      {
        apiPort: fc.oneof(port, fc.array(port, { minLength: 1, maxLength: 3 })),
        minScale: scale,
        maxScale: scale,
        cpuThreshold: scale,
        rewriteTarget: flag,
        nodePort: fc.oneof(port, few(port), fc.constant([0])),
        defaultCommand: flag,
        setAuth: flag,
        authType: fc.constantFrom("basic" as const, "forward" as const),
        healthPath: fc.constantFrom("/", "/health"),
        probeMode: fc.constantFrom(...probeModes),
      },
      "apiPort",
    ),
    environment: some({ variables: map(text), secrets: map(text) }),
    annotations: map(text),
    labels: map(text, fc.oneof(word, fc.constantFrom("oscar_service", "vo"))),
    vo: word,
    storageProviders: some({
      minio: map(
        some(
          { endpoint: text, verify: flag, accessKey: text, secretKey: text, region: word },
          "endpoint",
          "accessKey",
          "secretKey",
        ),
        fc.oneof(id, fc.constant("default")),
      ),
      s3: map(fc.record({ accessKey: text, secretKey: text, region: word })),
      onedata: map(fc.record({ oneproviderHost: word, token: text, space: text })),
      webdav: map(fc.record({ hostname: word, login: text, password: text })),
      rucio: map(
        some(
          {
            host: word,
            account: word,
            rse: word,
            refreshToken: text,
            authHost: word,
            oidcAudience: word,
            tokenEndpoint: word,
          },
          "host",
          "account",
          "rse",
        ),
      ),
    }),
    clusters,
    clusterId: word,
    interlinkNodeName: word,
    visibility: fc.constantFrom(...visibilities),
    allowedUsers: few(fc.constantFrom("u1", "u2", " u3 ", "")),
    isolationLevel: fc.constantFrom(...isolationLevels),
    mount: some(
      { storageProvider: fc.constantFrom("minio", "s3.aws"), path: word, options: word },
      "storageProvider",
      "path",
    ),
    volume,
    federation: some({
      groupId: word,
      topology: fc.constantFrom(...topologies),
      delegation: fc.constantFrom(...delegations),
      reschedulerThreshold: scale,
      members: few(member),
    }),
    kserve,
  },
  "name",
  "image",
  "script",
);
