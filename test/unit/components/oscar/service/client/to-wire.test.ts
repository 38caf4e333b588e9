import { describe, expect, it } from "vitest";
import { fromWire, toWire } from "../../../../../../components/oscar/service/to-wire";
import { featuresOf, type Version } from "../../../../../../components/oscar/service/version";
import type { WireExpose, WireKserve, WireService } from "../../../../../../components/oscar/service/wire";

const nginx: WireService = { name: "nginx", image: "nginx:1.27", script: "#!/bin/sh\n" };
const sent = (service: Partial<WireService>, version: Version): Partial<WireService> => {
  const { name, image, script, ...rest } = toWire({ ...nginx, ...service }, featuresOf(version)).service;
  expect({ name, image, script }).toEqual(nginx);
  return rest;
};
const faults = (service: Partial<WireService>, version: Version): readonly string[] =>
  toWire({ ...nginx, ...service }, featuresOf(version)).faults;

const v37: Version = [3, 7, 1];
const v40: Version = [4, 0, 0];
const v41: Version = [4, 1, 2];
const v42: Version = [4, 2, 0];

it("what only the server writes is never sent", () => {
  const read: WireService = {
    ...nginx,
    token: "t",
    namespace: "oscar-svc",
    bucket_list: ["a"],
    volume_status: { enabled: false },
    deployment: { state: "ready", active_instances: 1, affected_instances: 0 },
    owner: "cluster_admin",
  };
  expect(sent(read, v41)).toEqual({ owner: "cluster_admin" });
});

describe("ports", () => {
  it.each<[Version, WireExpose, WireExpose]>([
    [v41, { api_port: [80, 81] }, { api_port: [80, 81] }],
    [v41, { api_port: 80, nodePort: 0 }, { api_port: [80] }],
    [v41, { api_port: [80], nodePort: [0] }, { api_port: [80], nodePort: [0] }],
    [v41, { api_port: [] }, {}],
    [v40, { api_port: [80] }, { api_port: 80, nodePort: 0 }],
    [v40, { api_port: [80], nodePort: [31000] }, { api_port: 80, nodePort: 31000 }],
    [v37, { min_scale: 1 }, { min_scale: 1, api_port: 0, nodePort: 0 }],
  ])("for %j, %j is %j", (version, expose, wire) => {
    expect(sent({ expose }, version)).toEqual({ expose: wire });
    expect(faults({ expose }, version)).toEqual([]);
  });

  it("several, and one that is chosen, before there were lists", () => {
    expect(faults({ expose: { api_port: [80, 81], nodePort: [0, 0] } }, v40)).toEqual([
      "expose.api_port: got [80,81]; allowed: one port, as OSCAR has several from 4.1 on, and this is 4.0.0",
      "expose.nodePort: got [0,0]; allowed: one port, as OSCAR has several from 4.1 on, and this is 4.0.0",
    ]);
    expect(faults({ expose: { api_port: [80], nodePort: [0] } }, v40)).toEqual([
      "expose.nodePort: got [0]; allowed: a port from 30000 to 32767, as OSCAR lets one be chosen from 4.1 on, and this is 4.0.0",
    ]);
  });

  it("as they come back", () => {
    expect(fromWire({ ...nginx, expose: { api_port: 80, nodePort: 0, set_auth: true } }).expose).toEqual({
      api_port: [80],
      set_auth: true,
    });
    expect(fromWire({ ...nginx, expose: { api_port: [80], nodePort: [0] } }).expose).toEqual({
      api_port: [80],
      nodePort: [0],
    });
    expect(fromWire({ ...nginx, expose: { api_port: 0 } }).expose).toEqual({});
    expect(fromWire(nginx)).toEqual(nginx);
  });
});

describe("what came late", () => {
  it("is left out where the old ones do the same", () => {
    const service: Partial<WireService> = {
      visibility: "private",
      ephemeral_storage_request: "",
      federation: { topology: "none" },
      expose: { api_port: [80], health_path: "/", probe_mode: "legacy", auth_type: "basic" },
    };
    expect(toWire({ ...nginx, ...service }, featuresOf([3, 5, 0]))).toEqual({
      service: { ...nginx, expose: { api_port: 80, nodePort: 0 } },
      faults: [],
    });
  });

  const late: Partial<WireService> = {
    visibility: "public",
    ephemeral_storage_request: "1Gi",
    environment: { secrets: { KEY: "canary" } },
    federation: { group_id: "g", topology: "star" },
    kserve: { type: "inference", storage_uri: "s3://b/m", inference: { model_format: "onnx" } },
    volume: { size: "1Gi", mount_path: "/data" },
    expose: { api_port: [80], health_path: "/health", probe_mode: "direct", auth_type: "forward" },
  };
  const from = (version: string, is: string): string =>
    `allowed: nothing, as OSCAR has it from ${version} on, and this is ${is}`;

  it("is a fault where they do not", () => {
    expect(faults(late, [3, 5, 0])).toEqual([
      `visibility: got "public"; ${from("3.6", "3.5.0")}`,
      `expose.health_path: got "/health"; ${from("3.6.5", "3.5.0")}`,
      `expose.probe_mode: got "direct"; ${from("4.0", "3.5.0")}`,
      `expose.auth_type: got "forward"; ${from("4.1", "3.5.0")}`,
      `ephemeral_storage_request: got "1Gi"; ${from("4.1", "3.5.0")}`,
      `volume: got "/data"; ${from("4.0", "3.5.0")}`,
      `federation: got "star"; ${from("4.1", "3.5.0")}`,
      `kserve: got "inference"; ${from("4.1", "3.5.0")}`,
    ]);
    expect(faults(late, v40).map((fault) => fault.split(":")[0])).toEqual([
      "expose.auth_type",
      "ephemeral_storage_request",
      "federation",
      "kserve",
    ]);
  });

  it("is sent as it is where it is known", () => {
    expect(sent(late, v41)).toEqual(late);
    expect(faults(late, v41)).toEqual([]);
  });
});

describe("KServe's protocol", () => {
  const model: WireKserve = {
    type: "inference",
    storage_uri: "s3://b/m",
    inference: { model_format: "onnx" },
  };
  const above: WireKserve = { ...model, api_version: "v2" };
  const below: WireKserve = { ...model, inference: { model_format: "onnx", api_version: "v2" } };

  it.each<[Version, WireKserve, WireKserve]>([
    [v41, above, above],
    [v41, below, above],
    [v42, above, below],
    [v42, below, below],
    [v42, model, model],
  ])("for %j, %j is %j", (version, kserve, wire) =>
    expect(sent({ kserve }, version)).toEqual({ kserve: wire }),
  );

  it("has no place for language models in 4.2", () => {
    const kserve: WireKserve = { type: "llm_inference", storage_uri: "hf://m", api_version: "v1" };
    expect(faults({ kserve }, v41)).toEqual([]);
    expect(faults({ kserve }, v42)).toEqual([
      'kserve.api_version: got "v1"; allowed: with kserve.inference only in OSCAR 4.2.0',
    ]);
  });

  it("as it comes back", () => {
    expect(fromWire({ ...nginx, kserve: below }).kserve).toEqual(above);
    expect(fromWire({ ...nginx, kserve: above }).kserve).toEqual(above);
  });
});
