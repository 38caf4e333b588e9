import { isSecret, Output, output, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { secretFields } from "../../../../../components/oscar/service/secret-fields";
import type { ServiceArgs } from "../../../../../components/oscar/service/service-args";
import { validateService } from "../../../../../components/oscar/service/validate-service";
import { withSecrets } from "../../../../../components/oscar/service/with-secrets";

const smallest: ServiceArgs = { name: "lab", image: "nginx:1.29.1", script: "#!/bin/sh\necho hi\n" };

const s3 = { aws: { accessKey: "a", secretKey: "s", region: "eu-west-1" } };
const kserve = { type: "llm_inference", storageUri: "hf://org/llm" } as const;
const isImage = "an image, such as ghcr.io/you/model:1.4.0";
const isBucket = "a bucket of 3 to 63 lower-case letters, digits, hyphens and dots";
const isLabel = "letters, digits, hyphens, underscores and dots, at most 63";

describe("a service's faults", () => {
  it.each<[string, Partial<ServiceArgs>]>([
    ["with the least", {}],
    ["with a name of 39 characters", { name: `a${"b".repeat(38)}` }],
    ["with an image without a tag", { image: "deephdc/deep-oc-posenet-tf" }],
    ["with an image of a virtual node", { image: "/cvmfs/images/x y", interlinkNodeName: "vk" }],
    ["with CPUs of all shapes", { cpu: "1.0", totalCpu: "500m", memory: "0.5Gi", totalMemory: "512M" }],
    ["with a port and node port", { expose: { apiPort: 80, nodePort: 0 } }],
    ["with ports", { expose: { apiPort: [80, 81, 82], nodePort: [0, 0, 32767], setAuth: false } }],
    ["with a login", { expose: { apiPort: 80, setAuth: true, authType: "forward", healthPath: "/" } }],
    ["with pods without a bound", { synchronous: { minScale: 3, maxScale: 0 } }],
    [
      "with folders of all kinds",
      {
        input: [
          { storageProvider: "minio", path: "in" },
          { storageProvider: "MinIO.default", path: "photos/in" },
        ],
        output: [
          { storageProvider: "minio.default", path: "out" },
          { storageProvider: "minio.default", path: "inside" },
          { storageProvider: "s3.aws", path: "archive/in" },
        ],
        mount: { storageProvider: "minio", path: "/models", options: "--vfs-cache-mode full" },
        storageProviders: { s3 },
      },
    ],
    ["with a volume that is there", { volume: { name: "models", mountPath: "/mnt/models" } }],
    ["with a volume of its own", { volume: { size: "1Gi", mountPath: "/tmp/x", lifecyclePolicy: "retain" } }],
    ["with names of labels", { labels: { "example.org/a_b": "", c: "V.1" }, annotations: { "a/b": "x y" } }],
    ["with a language model", { kserve }],
    [
      "with a federation",
      {
        environment: { secrets: { refresh_token: "t" } },
        federation: { members: [{ type: "endpoint", url: "https://example.org" }] },
      },
    ],
    [
      "with what is not known yet",
      {
        image: output(""),
        script: output(""),
        expose: {
          apiPort: [output(0), 80],
          nodePort: [output(1), output(1)],
          minScale: output(0),
          authType: output("basic" as const),
        },
        input: [{ storageProvider: output("x"), path: "photos/in" }],
        output: [{ storageProvider: "minio", path: output("/") }],
        environment: { variables: { A: output("-") }, secrets: { B: secret("-") } },
      },
    ],
  ])("are none %s", (_, args) => {
    expect(validateService({ ...smallest, ...args })).toEqual([]);
  });

  it.each<[string, Partial<ServiceArgs>, string[]]>([
    [
      "of its name",
      { name: "A_b" },
      [
        'name: got "A_b"; allowed: lower-case letters, digits and hyphens, a letter first, at most 39 characters',
      ],
    ],
    ["of its image", { image: "Nginx 1" }, [`image: got "Nginx 1"; allowed: ${isImage}`]],
    [
      "of no script",
      { script: "\n" },
      ['script: got none; allowed: the text of a script, such as "#!/bin/sh\\n…"'],
    ],
    [
      "of too long a script",
      { script: "x".repeat(1_000_001) },
      ["script: got 1000001 bytes; allowed: at most 1000000, because it is kept in a ConfigMap"],
    ],
    [
      "of quantities",
      { cpu: "0", memory: "2Gx", totalCpu: "abc", totalMemory: "12", ephemeralStorageRequest: "0Gi" },
      [
        'cpu: got "0"; allowed: a number of CPUs, such as 2 or 500m',
        'memory: got "2Gx"; allowed: a size with a unit, such as 2Gi',
        'totalCpu: got "abc"; allowed: a number of CPUs, such as 2 or 500m',
        'totalMemory: got "12"; allowed: a size with a unit, such as 2Gi',
        'ephemeralStorageRequest: got "0Gi"; allowed: a size with a unit, such as 2Gi',
      ],
    ],
    [
      "of choices",
      { logLevel: "LOUD", visibility: "zzz", isolationLevel: "zzz" } as never,
      [
        'logLevel: got "LOUD"; allowed: NOTSET, DEBUG, INFO, WARNING, ERROR, CRITICAL',
        'visibility: got "zzz"; allowed: private, public, restricted',
        'isolationLevel: got "zzz"; allowed: SERVICE, USER',
      ],
    ],
    [
      "of Secrets",
      { imagePullSecrets: ["hub", "My_Hub"] },
      [
        'imagePullSecrets[1]: got "My_Hub"; allowed: a Secret\'s name: lower-case letters, digits, hyphens and dots',
      ],
    ],
    [
      "of ports",
      { expose: { apiPort: [0, 80, 80], nodePort: [31111], setAuth: true } },
      [
        "expose.apiPort[0]: got 0; allowed: a whole number from 1 to 65535",
        "expose.apiPort[2]: got 80 twice; allowed: each port once",
        "expose.nodePort: got 1; allowed: as many as apiPort has, which is 3",
        "expose.setAuth: got true with a nodePort; allowed: one of them, because node ports ask for no login",
      ],
    ],
    [
      "of no ports",
      { expose: { apiPort: [] } },
      ["expose.apiPort: got an empty list; allowed: at least one port"],
    ],
    [
      "of a node port out of range",
      { expose: { apiPort: 80, nodePort: 80 } },
      ["expose.nodePort: got 80; allowed: a whole number from 30000 to 32767, or 0 to be given one"],
    ],
    [
      "of scales",
      {
        expose: { apiPort: 80, minScale: 0, maxScale: 0, cpuThreshold: 0 },
        synchronous: { minScale: 2, maxScale: 1 },
      },
      [
        "synchronous.maxScale: got 1; allowed: at least minScale, which is 2",
        "expose.minScale: got 0; allowed: a whole number of at least 1",
        "expose.maxScale: got 0; allowed: a whole number of at least 1",
        "expose.cpuThreshold: got 0; allowed: a whole number from 1 to 100",
      ],
    ],
    [
      "of a least above the default's most",
      { expose: { apiPort: 80, minScale: 12 } },
      ["expose.maxScale: got 10, its default; allowed: at least minScale, which is 12"],
    ],
    [
      "of how a login is asked for",
      { expose: { apiPort: 80, authType: "forward", healthPath: "health" } },
      [
        'expose.healthPath: got "health"; allowed: an absolute path, such as /health',
        'expose.authType: got "forward" without a login; allowed: with setAuth: true',
      ],
    ],
    [
      "of providers",
      {
        input: [
          { storageProvider: "s3.aws", path: "in" },
          { storageProvider: "minio.other", path: "aaa/in" },
          { storageProvider: "webdav.dcache", path: "in" },
        ],
        output: [{ storageProvider: "s3.azure", path: "far/out" }],
        storageProviders: {
          s3,
          minio: { default: { endpoint: "http://m", accessKey: "a", secretKey: "s" } },
        },
      },
      [
        'input[0].storageProvider: got "s3.aws"; allowed: minio, webdav, rucio, with an id after a point',
        'input[1].storageProvider: got "minio.other"; allowed: of MinIO only minio.default, the cluster\'s own',
        'input[2].storageProvider: got "webdav.dcache"; allowed: one of storageProviders, which has none of webdav',
        'output[0].storageProvider: got "s3.azure"; allowed: one of storageProviders: s3.aws',
        'storageProviders.minio: got the id "default"; allowed: another, because that is the cluster\'s own MinIO, ' +
          "which the Manager knows",
      ],
    ],
    [
      "of paths",
      {
        name: "bk",
        input: [{ storageProvider: "minio", path: "/in" }],
        output: [
          { storageProvider: "minio", path: "Bad_Bucket/out" },
          { storageProvider: "minio", path: " / " },
          { storageProvider: "minio", path: "10.0.0.1/out" },
        ],
        mount: { storageProvider: "minio", path: "m", options: "; rm" },
      },
      [
        `input[0].path: got "/in", whose bucket is "bk"; allowed: ${isBucket}`,
        `output[0].path: got "Bad_Bucket/out", whose bucket is "Bad_Bucket"; allowed: ${isBucket}`,
        'output[1].path: got " / "; allowed: a folder, such as bk/files',
        `output[2].path: got "10.0.0.1/out", whose bucket is "10.0.0.1"; allowed: ${isBucket}`,
        `mount.path: got "m", whose bucket is "m"; allowed: ${isBucket}`,
        'mount.options: got "; rm"; allowed: letters, digits, blanks and - _ . : = , /',
        "output[1].path: got a text with blanks at its ends; allowed: one without, because the Manager drops them",
      ],
    ],
    [
      "of buckets in which one folder would undo another",
      {
        input: [
          { storageProvider: "minio", path: "photos/a" },
          { storageProvider: "minio.default", path: "photos/b" },
        ],
        output: [
          { storageProvider: "minio", path: "photos/a/done" },
          { storageProvider: "s3.aws", path: "photos/a" },
        ],
        storageProviders: { s3 },
      },
      [
        'input[1].path: got "photos/b"; allowed: a bucket other than that of input[0].path, because the Manager takes ' +
          "one input folder of a bucket",
        'output[0].path: got "photos/a/done"; allowed: a folder outside that of input[0].path, because each result ' +
          "would call the service again",
        'output[1].path: got "photos/a"; allowed: a bucket with another name than one of minio.default, which the ' +
          "Manager deletes in its place",
      ],
    ],
    [
      "of variables",
      { environment: { variables: { "1A": "x", B: "x" }, secrets: { B: "y", "C D": "z" } } },
      [
        'environment.variables: got the name "1A"; allowed: letters, digits, underscores, hyphens and dots, no digit first',
        'environment.secrets: got the name "C D"; allowed: letters, digits, underscores, hyphens and dots, no digit first',
        'environment.secrets: got the name "B"; allowed: one that is not in variables, which would win',
      ],
    ],
    [
      "of labels",
      { labels: { app: "x y", "-a": "b" }, annotations: { "a b": "c" } },
      [
        `annotations: got the name "a b"; allowed: ${isLabel}, after a domain and a slash if need be`,
        `labels.app: got "x y"; allowed: ${isLabel}, a letter or digit at both ends`,
        `labels: got the name "-a"; allowed: ${isLabel}, after a domain and a slash if need be`,
      ],
    ],
    [
      "of a volume",
      { volume: { mountPath: "/oscar/bin/x", lifecyclePolicy: "delete" } },
      [
        "volume: got neither name nor size; allowed: a name of one that is there, or a size for a new one",
        'volume.mountPath: got "/oscar/bin/x"; allowed: a path outside /oscar/config and /oscar/bin, which OSCAR has',
        "volume.lifecyclePolicy: got one for a volume that is there; allowed: with size",
      ],
    ],
    [
      "of a volume's values",
      { volume: { name: "My_v", size: "1", mountPath: "data", lifecyclePolicy: "keep" } } as never,
      [
        'volume.name: got "My_v"; allowed: lower-case letters, digits and hyphens, at most 63 characters',
        'volume.size: got "1"; allowed: a size with a unit, such as 2Gi',
        'volume.mountPath: got "data"; allowed: an absolute path, such as /models/model.pt',
        'volume.lifecyclePolicy: got "keep"; allowed: delete, retain',
      ],
    ],
    [
      "of a volume in the place of all",
      { volume: { name: "v", mountPath: "/" } },
      ['volume.mountPath: got "/"; allowed: an absolute path without a colon, such as /data'],
    ],
    [
      "of a model",
      {
        kserve: {
          type: "inference",
          storageUri: "model",
          inference: { modelFormat: "" },
          llmInference: {},
          apiVersion: "v3",
          minScale: 2,
          cpu: "x",
          memory: "1",
          env: { "1": "" },
        },
      } as never,
      [
        'kserve.storageUri: got "model"; allowed: a URI, such as hf://org/model or oci://ghcr.io/org/model:1.0',
        'kserve.llmInference: got one; allowed: with type: "llm_inference"',
        "kserve.inference.modelFormat: got nothing; allowed: a format, such as onnx",
        'kserve.apiVersion: got "v3"; allowed: v1, v2',
        "kserve.maxScale: got 1, its default; allowed: at least minScale, which is 2",
        'kserve.cpu: got "x"; allowed: a number of CPUs, such as 2 or 500m',
        'kserve.memory: got "1"; allowed: a size with a unit, such as 2Gi',
        'kserve.env: got the name "1"; allowed: letters, digits, underscores, hyphens and dots, no digit first',
      ],
    ],
    [
      "of a language model",
      { kserve: { ...kserve, minScale: 0, inference: {}, llmInference: { runtimeImage: "X" } } } as never,
      [
        'kserve.inference: got one; allowed: with type: "inference"',
        `kserve.llmInference.runtimeImage: got "X"; allowed: ${isImage}`,
        "kserve.minScale: got 0; allowed: a whole number of at least 1",
      ],
    ],
    [
      "of a federation",
      {
        clusters: { us: { endpoint: "us.example.org" } },
        federation: {
          topology: "ring",
          delegation: "luck",
          reschedulerThreshold: -1,
          members: [
            { type: "oscar", clusterId: "", serviceName: "lab", priority: -1 },
            { type: "endpoint", url: "x" },
            { type: "other" },
          ],
        },
      } as never,
      [
        'clusters.us.endpoint: got "us.example.org"; allowed: a URL, such as https://oscar.example.com',
        'federation.topology: got "ring"; allowed: none, star, mesh',
        'federation.delegation: got "luck"; allowed: static, random, load-based, topsis',
        "federation.reschedulerThreshold: got -1; allowed: a whole number of at least 0",
        "federation.members[0].clusterId: got nothing; allowed: the id of one of clusters",
        "federation.members[0].priority: got -1; allowed: a whole number of at least 0",
        'federation.members[1].url: got "x"; allowed: a URL, such as https://oscar.example.com',
        'federation.members[2].type: got "other"; allowed: oscar, endpoint',
        "environment.secrets: got no refresh_token; allowed: one, by which the Manager calls a federation's members",
      ],
    ],
  ])("are told %s", (_, args, faults) => {
    expect(validateService({ ...smallest, ...args })).toEqual(faults);
  });

  it("are told of what is missing", () => {
    expect(validateService({ name: "lab" } as never)).toEqual([
      `image: got nothing; allowed: ${isImage}`,
      "script: got nothing; allowed: the text of a script",
    ]);
  });

  it.each(["nginx", "nginx:latest"])("are told of the image %s where it has to be pinned", (image) => {
    expect(validateService({ ...smallest, image }, { pinnedImage: true })).toEqual([
      `image: got "${image}"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0`,
    ]);
    expect(validateService(smallest, { pinnedImage: true })).toEqual([]);
  });
});

it("secrets from a file become Pulumi's, and nothing else does", async () => {
  const args: ServiceArgs = {
    ...smallest,
    environment: { variables: { A: "clear" }, secrets: { B: "canary" } },
    storageProviders: {
      minio: { m: { endpoint: "https://m", accessKey: "canary", secretKey: "canary" } },
      s3: { s: { accessKey: "canary", secretKey: "canary", region: "clear" } },
      onedata: { o: { oneproviderHost: "clear", token: "canary", space: "clear" } },
      webdav: { w: { hostname: "clear", login: "clear", password: "canary" } },
      rucio: { r: { host: "clear", account: "clear", rse: "clear", refreshToken: "canary" } },
    },
    clusters: { c: { endpoint: "https://c", authUser: "clear", authPassword: "canary" } },
    federation: { members: [{ type: "endpoint", url: "https://e", headers: { H: "canary" } }] },
    kserve: {
      type: "inference",
      storageUri: "clear",
      inference: { modelFormat: "clear" },
      env: { HF_TOKEN: "canary" },
    },
  };
  const marked = withSecrets(args);
  const found: Output<unknown>[] = [];
  const shown = (value: unknown): unknown => {
    if (Output.isInstance(value)) return found.push(value) && "canary";
    if (Array.isArray(value)) return value.map(shown);
    if (typeof value !== "object" || value === null) return value === "canary" ? "not marked" : value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shown(each)]));
  };
  expect(shown(marked)).toEqual(args);
  expect(found).toHaveLength(secretFields.length);
  expect(await Promise.all(found.map((each) => isSecret(each)))).toEqual(found.map(() => true));
});
