import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseFdl, readFdl } from "../../../../../components/oscar/fdl/read-fdl";
import { serviceDocument } from "../../../../../components/oscar/service/service-document";
import { validateService } from "../../../../../components/oscar/service/validate-service";

const fixture = (path: string) => join(__dirname, "fixtures", path);

/** The first service of a file. */
const firstOf = (path: string) => readFdl(path).services.slice(0, 1);

describe("the FDL files of OSCAR's documentation", () => {
  it("give the service that is called by files and is open on a port", () => {
    const path = fixture("golden/body-pose-detection/body-pose-detection.yaml");
    const { services, warnings } = readFdl(path);
    expect(services).toStrictEqual([
      {
        cluster: "oscar-cluster",
        place: `${path}:4`,
        spec: {
          name: "body-pose-detection",
          clusterId: "oscar-cluster",
          image: "deephdc/deep-oc-posenet-tf",
          script: "#!/bin/sh\nexec deepaas-run --listen-ip=0.0.0.0 --listen-port=5000\n",
          cpu: "1.0",
          memory: "2Gi",
          input: [{ storageProvider: "minio.default", path: "body-pose-detection/input" }],
          output: [{ storageProvider: "minio.default", path: "body-pose-detection/output" }],
          expose: { apiPort: 5000, minScale: 1, maxScale: 10, cpuThreshold: 20, setAuth: true },
          environment: { variables: { INPUT_TYPE: "json" } },
        },
      },
    ]);
    expect(warnings).toEqual([
      `${path}:7: functions.oscar[0].oscar-cluster.image: got "deephdc/deep-oc-posenet-tf"; better: an image with a ` +
        "tag (not latest) or a digest",
    ]);
  });

  it("give NGINX, as the Manager shall have it", () => {
    const path = fixture("golden/nginx/nginx.yaml");
    expect(firstOf(path).map(({ spec }) => serviceDocument(spec))).toStrictEqual([
      {
        name: "nginx",
        cluster_id: "oscar-cluster",
        image: "nginx",
        script: '#!/bin/sh\nexec nginx -g "daemon off;"\n',
        cpu: "1.0",
        memory: "2Gi",
        log_level: "INFO",
        expose: {
          api_port: [80],
          min_scale: 2,
          max_scale: 10,
          cpu_threshold: 50,
          rewrite_target: false,
          default_command: false,
          set_auth: false,
          health_path: "/",
        },
        environment: { variables: {} },
        visibility: "private",
      },
    ]);
    expect(readFdl(path).warnings).toEqual([
      `${path}:7: functions.oscar[0].oscar-cluster.image: got "nginx"; better: an image with a tag (not latest) or a digest`,
    ]);
  });

  it.each([
    "golden/body-pose-detection/body-pose-detection.yaml",
    "golden/nginx/nginx.yaml",
    "several/several.yaml",
  ])("have no faults: %s", (path) => {
    expect(readFdl(fixture(path)).services.flatMap(({ spec }) => validateService(spec))).toEqual([]);
  });
});

describe("an FDL file with all spellings", () => {
  const path = fixture("several/several.yaml");

  it("gives services of several clusters, each with what it names of the file's credentials", () => {
    const script = "#!/bin/sh\necho detected\n";
    expect(readFdl(path).services).toStrictEqual([
      {
        cluster: "lab-eu",
        place: `${path}:9`,
        spec: {
          name: "detector",
          clusterId: "lab-eu",
          image: "registry.example.com:5000/lab/detector:2.1.0",
          script,
          cpu: "1.0",
          memory: "3Gi",
          enableGpu: true,
          logLevel: "DEBUG",
          input: [{ storageProvider: "minio", path: "detector/in" }],
          output: [
            { storageProvider: "minio.default", path: "out", suffix: ["png", "jpg"] },
            { storageProvider: "s3.archive", path: "lab-archive/detector" },
          ],
          expose: { apiPort: [8000, 8001], nodePort: [0, 31000], healthPath: "/health" },
          environment: {
            variables: { THRESHOLD: "0.50", VERBOSE: "false", EMPTY: "" },
            secrets: { API_KEY: "k3y", refresh_token: "t0ken" },
          },
          storageProviders: {
            s3: { archive: { accessKey: "AKIA", secretKey: "s3cret", region: "eu-west-1" } },
            webdav: { dcache: { hostname: "dcache.example.org", login: "me", password: "w3bdav" } },
          },
          clusters: {
            "lab-us": { endpoint: "https://us.example.org", authUser: "oscar", authPassword: "cl4ster" },
          },
          visibility: "restricted",
          allowedUsers: ["anna@example.org"],
          isolationLevel: "USER",
          mount: { storageProvider: "webdav.dcache", path: "models" },
          volume: { size: "1Gi", mountPath: "/data" },
          federation: {
            topology: "star",
            delegation: "load-based",
            reschedulerThreshold: 30,
            members: [
              { type: "oscar", clusterId: "lab-us", serviceName: "detector" },
              {
                type: "endpoint",
                url: "https://example.org/jobs",
                sslVerify: false,
                priority: 1,
                headers: { "X-Key": "h3ader" },
              },
            ],
          },
        },
      },
      {
        cluster: "lab-us",
        place: `${path}:61`,
        spec: {
          name: "detector",
          clusterId: "lab-us",
          image: "registry.example.com:5000/lab/detector:latest",
          script,
          cpu: "1.0",
          memory: "3Gi",
        },
      },
      {
        cluster: "lab-eu",
        place: `${path}:73`,
        spec: {
          name: "describe",
          clusterId: "lab-eu",
          image: `registry.example.com/lab/describe@sha256:${"2".repeat(64)}`,
          script: '#!/bin/sh\ncat "$INPUT_FILE_PATH"\n',
          input: [{ storageProvider: "minio", path: "detector/out" }],
          kserve: {
            type: "inference",
            storageUri: "oci://registry.example.com/lab/model:1.0",
            apiVersion: "v2",
            cpu: "2",
            inference: { modelFormat: "onnx" },
          },
        },
      },
    ]);
  });

  it("warns of what is left out, with file and line, in the order of the lines", () => {
    const eu = "functions.oscar[0].lab-eu";
    const us = "functions.oscar[0].lab-us";
    const before41 = "left out, because OSCAR reads it no more since 4.1; write it below federation";
    const notExposed = "left out, because without an api_port nothing is exposed";
    expect(readFdl(path).warnings).toEqual(
      [
        "2: defaults: not known, and left out",
        `11: ${eu}.cluster_id: left out, because the service stands under "lab-eu"`,
        `18: ${eu}.gpu_type: not known, and left out`,
        `63: ${us}.image: got "registry.example.com:5000/lab/detector:latest"; better: an image with a tag (not latest) or a digest`,
        `64: ${us}.replicas: ${before41}`,
        `68: ${us}.rescheduler_threshold: ${before41}`,
        `69: ${us}.token: left out, because OSCAR sets it`,
        `70: ${us}.expose: ${notExposed}`,
        '73: describe has the bucket "detector" of detector; OSCAR refuses that from 3.6 on',
        `81: functions.oscar[1].lab-eu.expose: ${notExposed}`,
        "109: clusters.lab-us.memory: not known, and left out",
      ].map((warning) => `${path}:${warning}`),
    );
  });
});

it("asks whether a name that is nearly one of FDL's was meant", () => {
  expect(service("memroy: 2Gi", "expose: {api_port: 80, min_scales: 1}").warnings).toEqual([
    "lab.yaml:7: functions.oscar[0].lab.memroy: not known, and left out; did you mean memory?",
    "lab.yaml:8: functions.oscar[0].lab.expose.min_scales: not known, and left out; did you mean min_scale?",
  ]);
});

const scripts = (path: string): string => {
  if (path !== "script.sh") throw new Error("there is none");
  return "#!/bin/sh\n";
};
const parse = (...lines: string[]) => parseFdl(lines.join("\n"), "lab.yaml", scripts);
const service = (...lines: string[]) =>
  parse(
    "functions:",
    "  oscar:",
    "  - lab:",
    "      name: a",
    "      image: nginx:1.29.1",
    "      script: script.sh",
    ...lines.map((line) => `      ${line}`),
  );

describe("an FDL file's faults", () => {
  it.each<[string, string[], string[]]>([
    ["no map", [""], ["1: got no map; allowed: a map with functions"]],
    [
      "no services",
      ["functions:", "  aws: []"],
      ["1: functions.oscar: got nothing; allowed: a list of services"],
    ],
    [
      "what is no YAML",
      ["functions:", "  oscar: [a", "x: }"],
      [
        "3: Flow sequence in block collection must be sufficiently indented and end with a ]",
        '3: Unexpected flow-map-end token in YAML stream: "}"',
      ],
    ],
    [
      "a name that stands there twice",
      ["functions:", "  oscar: []", "  oscar: []"],
      ["3: Map keys must be unique"],
    ],
    [
      "missing fields",
      ["functions:", "  oscar:", "  - lab:", "      cpu: 1"],
      [
        "4: functions.oscar[0].lab.script: got nothing; allowed: a path, relative to this file",
        "4: functions.oscar[0].lab.name: got nothing; allowed: a text",
        "4: functions.oscar[0].lab.image: got nothing; allowed: a text",
      ],
    ],
    [
      "services that are none",
      ["functions:", "  oscar:", "  - 1", "  - lab:", "    other: 2"],
      [
        "3: functions.oscar[0]: got no map; allowed: a map",
        "5: functions.oscar[1].other: got no map; allowed: a map",
      ],
    ],
  ])("are told of %s", (_, lines, faults) => {
    const found = parse(...lines);
    expect([...found.faults].sort()).toEqual(faults.map((fault) => `lab.yaml:${fault}`).sort());
    expect(found.services.map(({ spec }) => spec.name).filter((name) => name !== "")).toEqual([]);
  });

  it("are told of values, each with its line, all at once", () => {
    expect(
      service(
        "cpu: [1]",
        "enable_gpu: 2",
        "log_level: LOUD",
        "expose: 80",
        "input: minio",
        "output: [minio]",
        "synchronous: {min_scale: two}",
        "environment: {variables: {A: [b]}}",
        "kserve: {type: llm_inference, storage_uri: hf://a/b, inference: {model_format: onnx}}",
        "federation: {members: [{type: oscar, cluster_id: eu}, {url: https://x}]}",
      ).faults,
    ).toEqual(
      [
        "7: functions.oscar[0].lab.cpu: got a list; allowed: a text",
        '8: functions.oscar[0].lab.enable_gpu: got "2"; allowed: true, false',
        '9: functions.oscar[0].lab.log_level: got "LOUD"; allowed: NOTSET, DEBUG, INFO, WARNING, ERROR, CRITICAL',
        "10: functions.oscar[0].lab.expose: got no map; allowed: a map",
        "11: functions.oscar[0].lab.input: got no list; allowed: a list of maps",
        "12: functions.oscar[0].lab.output[0]: got no map; allowed: a map",
        '13: functions.oscar[0].lab.synchronous.min_scale: got "two"; allowed: a whole number',
        "14: functions.oscar[0].lab.environment.variables.A: got a list; allowed: a text",
        "15: functions.oscar[0].lab.kserve.inference: got one; allowed: with type: inference",
        "16: functions.oscar[0].lab.federation.members[0].service_name: got nothing; allowed: a text",
        "16: functions.oscar[0].lab.federation.members[1].type: got nothing; allowed: oscar, endpoint",
      ].map((fault) => `lab.yaml:${fault}`),
    );
  });

  it("are told of credentials of storage that a service uses", () => {
    const { faults } = parse(
      "functions:",
      "  oscar:",
      "  - lab: {name: a, image: 'nginx:1', script: script.sh, output: [{storage_provider: s3.aws, path: a/b}]}",
      "storage_providers:",
      "  s3:",
      "    aws:",
      "      access_key:",
      "      region: eu-west-1",
      "    other:",
    );
    expect(faults).toEqual([
      "lab.yaml:7: storage_providers.s3.aws.access_key: got nothing; allowed: a text",
      "lab.yaml:7: storage_providers.s3.aws.secret_key: got nothing; allowed: a text",
    ]);
  });

  it("are told of a script that is not there", () => {
    expect(
      parse("functions:", "  oscar:", "  - lab: {name: a, image: 'nginx:1', script: other.sh}").faults,
    ).toEqual([
      'lab.yaml:3: functions.oscar[0].lab.script: got "other.sh", which cannot be read (there is none); allowed: a ' +
        "path, relative to this file",
    ]);
  });

  it("are told of a service that stands there twice for a cluster, and not of one for two", () => {
    const one = "  - lab: {name: a, image: 'nginx:1', script: script.sh}";
    expect(parse("functions:", "  oscar:", one, one.replace("lab", "other"), one).faults).toEqual([
      'lab.yaml:5: got the service "a" of lab.yaml:3 again; allowed: each once',
    ]);
  });

  it("are thrown together, when a file is read", () => {
    const path = fixture("faulty.yaml");
    expect(() => readFdl(path)).toThrow(
      [
        `FDL ${path}:`,
        `${path}:4: functions.oscar[0].lab.image: got nothing; allowed: a text`,
        `${path}:5: functions.oscar[0].lab.script: got "missing.sh", which cannot be read (ENOENT: no such file or ` +
          `directory, open '${fixture("missing.sh")}'); allowed: a path, relative to this file`,
      ].join("\n  "),
    );
  });
});

describe("a service's spelling", () => {
  it.each<[string, string, object]>([
    ["a port as a text", 'expose: {api_port: "80"}', { expose: { apiPort: 80 } }],
    ["no node port of old", "expose: {api_port: 80, nodePort: 0}", { expose: { apiPort: 80 } }],
    ["any node port", "expose: {api_port: 80, nodePort: [0]}", { expose: { apiPort: 80, nodePort: [0] } }],
    ["nothing after the colon", "memory:", {}],
    ["an empty text", 'isolation_level: ""', {}],
    ["an empty mount, as a Manager writes it", 'mount: {storage_provider: "", path: ""}', {}],
    ["an empty variable", 'environment: {variables: {A: ""}}', { environment: { variables: { A: "" } } }],
    ["a number for CPUs", "cpu: 1", { cpu: "1" }],
    [
      "one ending",
      "input: [{storage_provider: minio, path: a/b, suffix: png}]",
      {
        input: [{ storageProvider: "minio", path: "a/b", suffix: ["png"] }],
      },
    ],
    ["the service's own providers", "{storage_providers: {s3: {aws: {access_key: a}}}}", {}],
  ])("%s", (_, line, expected) => {
    const found = service(...(line.startsWith("{") ? [line.slice(1, -1)] : [line]));
    expect(found.faults).toEqual([]);
    expect(found.services.map(({ spec }) => spec)).toStrictEqual([
      { name: "a", clusterId: "lab", image: "nginx:1.29.1", script: "#!/bin/sh\n", ...expected },
    ]);
  });
});
