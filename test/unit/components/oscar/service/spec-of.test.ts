import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparable } from "../../../../../components/oscar/service/comparable";
import { drift } from "../../../../../components/oscar/service/drift";
import type { ServiceSpec } from "../../../../../components/oscar/service/service-args";
import { serviceDocument } from "../../../../../components/oscar/service/service-document";
import { userLabels } from "../../../../../components/oscar/service/server-labels";
import { adoptedSpec, specOf } from "../../../../../components/oscar/service/spec-of";
import { toWire } from "../../../../../components/oscar/service/to-wire";
import { featuresOf, type Version } from "../../../../../components/oscar/service/version";
import type { WireService } from "../../../../../components/oscar/service/wire";
import { golden } from "../../../oscar-manager/playing";
import { anySpec } from "./any-spec";

/** Whatever was not exposed, mounted or made: how a Manager 4.1 answers, with other values for some fields. */
const answer = (more: object = {}): WireService => JSON.parse(golden("lab", more)) as WireService;

const least = { name: "lab", image: "nginx", script: "#!/bin/sh\necho hello\n", cpu: "1.0", memory: "2Gi" };

/** As a Manager writes what is not exposed. */
const unexposed = { min_scale: 0, max_scale: 0, cpu_threshold: 0, health_path: "" };
const minio = { endpoint: "http://minio.minio:9000", access_key: "hidden", secret_key: "hidden" };

const answers: readonly [string, WireService, object][] = [
  ["as little as can be", answer(), {}],
  ["defaults", answer({ cpu: "0.2", memory: "256Mi" }), { cpu: undefined, memory: undefined }],
  ["of a Manager 3.7, not exposed", answer({ expose: { ...unexposed, api_port: 0, nodePort: 0 } }), {}],
  [
    "of a Manager 3.7, exposed",
    answer({ expose: { min_scale: 1, max_scale: 10, cpu_threshold: 80, api_port: 80, nodePort: 31111 } }),
    { expose: { apiPort: 80, nodePort: 31111 } },
  ],
  [
    "exposed, with some other values",
    answer({
      expose: { ...unexposed, min_scale: 2, cpu_threshold: 50, api_port: [80, 81], set_auth: true },
    }),
    { expose: { apiPort: [80, 81], minScale: 2, maxScale: 0, cpuThreshold: 50, setAuth: true } },
  ],
  [
    "secrets, which have no values",
    answer({ environment: { variables: { EMPTY: "" }, secrets: { KEY: "" } } }),
    { environment: { variables: { EMPTY: "" }, secrets: { KEY: "" } } },
  ],
  [
    "labels of its own",
    answer({ labels: { oscar_service: "lab", owner_name: "oscar", team: "vision" } }),
    { labels: { team: "vision" } },
  ],
  [
    "storage elsewhere, beside the cluster's own",
    answer({
      input: [{ storage_provider: "minio.default", path: "lab/in" }],
      output: [{ storage_provider: "minio.far", path: "far/out", suffix: ["json"], prefix: [] }],
      storage_providers: {
        minio: {
          default: { ...minio, verify: false },
          far: { endpoint: "https://far", verify: false, access_key: "a", secret_key: "s" },
        },
      },
    }),
    {
      input: [{ storageProvider: "minio.default", path: "lab/in" }],
      output: [{ storageProvider: "minio.far", path: "far/out", suffix: ["json"] }],
      storageProviders: {
        minio: { far: { endpoint: "https://far", verify: false, accessKey: "a", secretKey: "s" } },
      },
    },
  ],
  [
    "a volume that was made for it",
    answer({ volume: { name: "lab", size: "1Gi", mount_path: "/data", lifecycle_policy: "delete" } }),
    { volume: { size: "1Gi", mountPath: "/data" } },
  ],
  [
    "a volume that was there",
    answer({ volume: { name: "lab", size: "", mount_path: "/data" } }),
    { volume: { name: "lab", mountPath: "/data" } },
  ],
  [
    "a model, in the words of 4.2",
    answer({
      kserve: {
        type: "inference",
        storage_uri: "hf://org/model",
        inference: { model_format: "onnx", api_version: "v2" },
        max_scale: 1,
        cpu: "0.2",
        memory: "1Gi",
        set_auth: true,
      },
    }),
    {
      kserve: {
        type: "inference",
        storageUri: "hf://org/model",
        inference: { modelFormat: "onnx" },
        apiVersion: "v2",
        memory: "1Gi",
      },
    },
  ],
  [
    "a language model, where false and 0 are missing",
    answer({ kserve: { type: "llm_inference", storage_uri: "hf://org/model", cpu: "1", memory: "1Gi" } }),
    {
      kserve: {
        type: "llm_inference",
        storageUri: "hf://org/model",
        minScale: 0,
        maxScale: 0,
        cpu: "1",
        memory: "1Gi",
        setAuth: false,
      },
    },
  ],
  [
    "other clusters",
    answer({
      clusters: {
        there: { endpoint: "https://there", auth_user: "u", auth_password: "p", ssl_verify: false },
      },
      federation: {
        group_id: "lab",
        topology: "star",
        delegation: "static",
        members: [
          { type: "oscar", cluster_id: "there", service_name: "lab", priority: 0 },
          { type: "endpoint", url: "https://else", ssl_verify: true, priority: 2, headers: { A: "b" } },
        ],
      },
    }),
    {
      clusters: { there: { endpoint: "https://there", authUser: "u", authPassword: "p", sslVerify: false } },
      federation: {
        topology: "star",
        members: [
          { type: "oscar", clusterId: "there", serviceName: "lab" },
          { type: "endpoint", url: "https://else", priority: 2, headers: { A: "b" } },
        ],
      },
    },
  ],
  ["what the Manager does not check", answer({ visibility: "zzz" }), { visibility: "zzz" }],
];

describe("the arguments of an answer", () => {
  it.each(answers)("%s", (_, wire, more) => {
    const expected = { ...least, ...more };
    expect(specOf(wire)).toEqual(expected);
    expect(Object.values(specOf(wire))).not.toContain(undefined);
  });

  it.each(answers)("are what is there: %s", (_, wire) => {
    const again = serviceDocument(specOf(wire));
    expect(comparable(again)).toEqual(comparable({ ...wire, labels: userLabels(wire.labels) }));
    expect(drift(again, wire)).toEqual([]);
  });

  it("know nothing of the token and the owner", () => {
    expect(JSON.stringify(specOf(answer({ token: "s3cret", owner: "someone" })))).not.toMatch(
      /s3cret|someone/,
    );
  });
});

describe("the arguments that take a service over", () => {
  it("have nothing that the Manager added for its user", () => {
    const live = answer({
      owner: "u1",
      vo: "vo.test",
      labels: { uid: "u1", vo: "vo.test", owner_name: "me", team: "vision" },
      isolation_level: "USER",
      allowed_users: ["u1", "u2"],
    });
    expect(adoptedSpec(live)).toEqual({
      ...least,
      labels: { team: "vision" },
      isolationLevel: "USER",
      allowedUsers: ["u2"],
    });
  });
});

/** What an old Manager has no place for is left out. */
function older({
  ephemeralStorageRequest,
  volume,
  federation,
  kserve,
  expose,
  ...spec
}: ServiceSpec): ServiceSpec {
  const { apiPort, nodePort, authType, probeMode, ...rest } = expose ?? {};
  return { ...spec, ...(typeof apiPort === "number" && { expose: { apiPort, ...rest } }) };
}

describe("there and back", () => {
  const meaning = (spec: ServiceSpec) =>
    comparable({ ...serviceDocument(spec), labels: userLabels(spec.labels) });

  it("any arguments mean the same", () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        expect(meaning(specOf(serviceDocument(spec)))).toEqual(meaning(spec));
      }),
    );
  });

  it("a second time nothing is left out any more", () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        const once = specOf(serviceDocument(spec));
        expect(specOf(serviceDocument(once))).toEqual(once);
      }),
    );
  });

  it.each<[string, Version]>([
    ["3.7", [3, 7, 0]],
    ["4.0", [4, 0, 0]],
    ["4.1", [4, 1, 2]],
    ["4.2", [4, 2, 0]],
  ])("any that %s has a place for, in its spelling", (_, version) => {
    fc.assert(
      fc.property(version[1] > 0 && version[0] === 4 ? anySpec : anySpec.map(older), (spec) => {
        const { service, faults } = toWire(serviceDocument(spec), featuresOf(version));
        fc.pre(faults.length === 0);
        expect(meaning(specOf(service))).toEqual(meaning(spec));
      }),
    );
  });
});
