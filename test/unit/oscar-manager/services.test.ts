import { describe, expect, it } from "vitest";

import { exposed, from, golden, replay, service, to, transcript } from "./playing.js";

const post = "POST /system/services";
const put = "PUT /system/services";
const invalid = "400 T The service specification is not valid:";
const nginx = exposed({ min_scale: 2 });
const required = (field: string, tag = "required"): string =>
  `Key: 'Service.${field}' Error:Field validation for '${field}' failed on the '${tag}' tag`;
const hpa = (name: string): string =>
  `500 T Error creating the service: error creating deployment for exposed service '${name}': ` +
  `HorizontalPodAutoscaler.autoscaling "${name}-hpa" is invalid:`;
const summary =
  '"state":"ready","reason":"MinimumReplicasAvailable: Deployment has minimum availability.",' +
  '"last_transition_time":"<time>","active_instances":2,"affected_instances":0,"resource_kind":"exposed_service"}';
const expose = {
  min_scale: 2,
  max_scale: 10,
  api_port: [80],
  cpu_threshold: 50,
  rewrite_target: false,
  default_command: false,
  set_auth: false,
  health_path: "",
};
const unreadable = 'the FDL of the service "hz" cannot be read';

const transcripts = [
  transcript(
    "ports that are no lists",
    {},
    [
      post,
      service("nginx", exposed({ api_port: 80 })),
      `${invalid} json: cannot unmarshal number into Go struct field Expose.expose.api_port of type []int`,
    ],
    [
      post,
      service("nginx", exposed({ nodePort: 0 })),
      `${invalid} json: cannot unmarshal number into Go struct field Expose.expose.nodePort of type []int32`,
    ],
  ),
  transcript(
    "an exposed service",
    {},
    [post, service("nginx", nginx), "201"],
    ["GET /system/services/nginx", undefined, `200 J ${golden("nginx", { expose })}`],
    [
      "GET /system/services/nginx?include=deployment",
      undefined,
      `200 J ${golden("nginx", { expose }).slice(0, -1)},"deployment":{${summary}}`,
    ],
    [
      "GET /system/services/nginx/deployment",
      undefined,
      `200 J {"service_name":"nginx","namespace":"oscar-svc",${summary}`,
    ],
    [post, service("nginx", nginx), "400 T A service with the provided name already exists"],
  ),
  transcript(
    "scales that Kubernetes refuses",
    {},
    [
      post,
      service("e1", { expose: { api_port: [80] } }),
      `${hpa("e1")} [spec.minReplicas: Invalid value: 0: must be greater than or equal to 1, spec.maxReplicas: Required…`,
    ],
    ["GET /system/services/e1", undefined, "404"],
    [
      post,
      service("e2", { expose: { api_port: [80], min_scale: 1, cpu_threshold: 80 } }),
      `${hpa("e2")} [spec.maxReplicas: Required value: must be set and greater than 0, spec.maxReplicas: Invalid…`,
    ],
    [
      post,
      service("e4", { expose: { api_port: [80], min_scale: 1, max_scale: 5 } }),
      `${hpa("e4")} spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0`,
    ],
    [
      post,
      service("e5", exposed({ min_scale: 5, max_scale: 2 })),
      `${hpa("e5")} spec.maxReplicas: Invalid value: 2: must be greater than or equal to \`minReplicas\``,
    ],
    [post, service("e6", { expose: { api_port: [0] } }), "201"],
  ),
  transcript(
    "bodies that are none",
    {},
    [post, "", `${invalid} EOF`],
    [post, "{", `${invalid} unexpected EOF`],
    [post, "[]", `${invalid} json: cannot unmarshal array into Go value of type types.Service`],
    [post, "{}", `${invalid} ${required("Name")}\n${required("Image")}\n${required("Script")}`],
    [post, service("n".repeat(40)), `${invalid} ${required("Name", "max")}`],
    [
      post,
      service("one", { cpu: 1 }),
      `${invalid} json: cannot unmarshal number into Go struct field Service.cpu of type string`,
    ],
    [
      post,
      service("one", { environment: { variables: { A: 1 } } }),
      `${invalid} json: cannot unmarshal number into Go struct field .environment.variables of type string`,
    ],
  ),
  transcript(
    "names, sizes and paths that are refused",
    {},
    [
      post,
      service("A_b"),
      '500 T Error creating the service: ConfigMap "A_b" is invalid: metadata.name: Invalid value: "A_b": …',
    ],
    [
      post,
      service("one", { memory: "2Gx" }),
      "500 T Error creating the service: quantities must match the regular expression " +
        "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [post, service("one", from("  / ")), "400 T input path cannot be empty"],
    [post, service("one", to("")), "400 T output path cannot be empty"],
    [
      post,
      service("one", { input: [{ storage_provider: "s3.x", path: "a/b" }] }),
      "400 T unrecognized input (valid inputs are MinIO and dCache)",
    ],
    [
      post,
      service("one", { input: [{ storage_provider: "minio.other", path: "a/b" }] }),
      '500 T the StorageProvider "minio.other" is not defined',
    ],
    [
      post,
      service("one", { namespace: "nope" }),
      '500 T Error creating the service: namespaces "nope" not found',
    ],
  ),
  transcript(
    "secrets",
    {},
    [post, service("sec", { environment: { variables: { A: "1" }, secrets: { S: "v1", T: "v2" } } }), "201"],
    [
      "GET /system/services/sec",
      undefined,
      `200 J ${golden("sec", { environment: { variables: { A: "1" }, secrets: { S: "", T: "" } } })}`,
    ],
    [
      post,
      service("sec", { environment: { secrets: { S: "x" } } }),
      "409 T A secret with the given name already exists",
    ],
    [post, service("sec"), "400 T A service with the provided name already exists"],
  ),
  transcript(
    "stop, start and restart",
    {},
    [post, service("put1", exposed()), "201"],
    [post, service("put2"), "201"],
    [
      "POST /system/services/put1/stop",
      undefined,
      '200 J {"service_name":"put1","namespace":"oscar-svc","state":"stopped","reason":"Deployment is stopped.",' +
        '"last_transition_time":"<time>","active_instances":1,"affected_instances":0,"resource_kind":"exposed_service"}',
    ],
    [
      put,
      service("put1", exposed()),
      '500 T Error updating the service: horizontalpodautoscalers.autoscaling "put1-hpa" not found',
    ],
    [
      "POST /system/services/put1/stop",
      undefined,
      '200 J {"service_name":"put1","namespace":"oscar-svc","state":"stopped",…',
    ],
    [
      "POST /system/services/put1/start",
      undefined,
      '200 J {"service_name":"put1","namespace":"oscar-svc","state":"pending","reason":"NewReplicaSetAvailable: ' +
        'ReplicaSet \\"put1-dpl-<set>\\" has successfully progressed.","last_transition_time":"<time>",' +
        '"active_instances":0,"affected_instances":0,"resource_kind":"exposed_service"}',
    ],
    [
      "POST /system/services/put1/restart",
      undefined,
      '200 J {"service_name":"put1","namespace":"oscar-svc","state":"ready",…',
    ],
    ["POST /system/services/put2/stop", undefined, '400 T service "put2" is not exposed'],
    ["POST /system/services/nope/stop", undefined, "404"],
  ),
  transcript(
    "a text that can be stored and not read",
    {},
    [post, service("hz", { environment: { variables: { A: "-" } } }), "201"],
    ["GET /system/services/hz", undefined, `500 T ${unreadable}`],
    ["GET /system/services", undefined, `500 T ${unreadable}`],
    [
      "GET /system/services/hz/deployment",
      undefined,
      `500 T ${unreadable}You do not have permission to access this service`,
    ],
    ["DELETE /system/services/hz", undefined, `500 T ${unreadable}`],
    [put, service("hz"), `500 T Error updating the service: ${unreadable}`],
    [post, service("hz"), `500 T Error checking for existing service: ${unreadable}`],
    [post, service("other"), "201"],
    ["GET /system/services/other", undefined, `200 J ${golden("other")}`],
  ),
  transcript(
    "deployments of services that are not exposed",
    {},
    [post, service("put2"), "201"],
    [
      "GET /system/services/put2/deployment",
      undefined,
      '200 J {"service_name":"put2","namespace":"oscar-svc","state":"unavailable","reason":"Current deployment ' +
        'visibility is unavailable for this service runtime.","active_instances":0,"affected_instances":0,' +
        '"resource_kind":"unavailable"}',
    ],
  ),
  transcript(
    "the same with Knative",
    { backend: "knative" },
    [post, service("kn2"), "201"],
    [
      "GET /system/services/kn2/deployment",
      undefined,
      '200 J {"service_name":"kn2","namespace":"oscar-svc","state":"pending","reason":"Runtime service is still ' +
        'reconciling.","active_instances":0,"affected_instances":0,"resource_kind":"knative_service"}',
    ],
    [
      "GET /system/services/kn2/deployment/logs",
      undefined,
      '200 J {"service_name":"kn2","available":false,"message":"Deployment logs are unavailable for this service.",' +
        '"entries":[]}',
    ],
    [
      put,
      service("kn2", exposed()),
      '500 T Error updating the service: deployments.apps "kn2-dpl" not found',
    ],
    ["GET /system/services/kn2", undefined, `200 J ${golden("kn2")}`],
    [post, service("kn1", exposed()), "201"],
    [
      "GET /system/services/kn1/deployment/logs",
      undefined,
      '200 J {"service_name":"kn1","available":false,"message":"Deployment logs are not yet available.","entries":[]}',
    ],
    [put, service("kn1"), '500 T Error updating the service: services.serving.knative.dev "kn1" not found'],
  ),
];

describe("services, as a real Manager answers", () => {
  it.each(transcripts)("$name", async (recorded) => {
    expect(await replay(recorded)).toEqual(recorded.steps);
  });
});
