import { describe, expect, it } from "vitest";

import { from, golden, replay, service, transcript } from "./playing.js";

const post = "POST /system/services";
const put = "PUT /system/services";
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
const config = (backend: string, images: string): string =>
  '200 J {"config":{"name":"oscar","namespace":"oscar","services_namespace":"oscar-svc",' +
  '"controller_service_account":"oscar-sa","gpu_available":true,"interLink_available":false,' +
  `${backend}"yunikorn_enable":false,"kueue_enable":false,"volume_enable":true,"oidc_groups":[""],` +
  '"minio_quota_enabled":false},"minio_provider":{"endpoint":"http://minio.minio:9000","verify":false,' +
  `"access_key":"minio","secret_key":"minio123","region":"us-east-1"},"allowed_image_repositories":${images}}`;
const bucketsOf = (name: string): string =>
  `{"bucket_name":"${name}","visibility":"","allowed_users":null,"owner":"","metadata":{"from_service":"${name}",` +
  '"owner_name":"oscar"},"storage_quota":{"source":"unset"},"storage_usage":{"used":"0","used_bytes":0},' +
  '"attribution":"partial"}';
const bodyPose = {
  environment: { Variables: { INPUT_TYPE: "json" } },
  expose: { min_scale: 1, max_scale: 10, api_port: [5000], cpu_threshold: 20, set_auth: true },
  input: [{ storage_provider: "minio.default", path: "body-pose-detection/input" }],
  output: [{ storage_provider: "minio.default", path: "body-pose-detection/output" }],
};

const transcripts = [
  transcript(
    "the config and the list of images",
    {},
    ["GET /system/config", undefined, config("", "[]")],
    ["PUT /system/config", { allowed_image_repositories: ["ghcr.io/"] }, '200 J ["ghcr.io/"]'],
    ["GET /system/config", undefined, config("", '["ghcr.io/"]')],
    [
      post,
      service("bad"),
      "500 T Error creating the service: image nginx is not allowed for pull on the cluster. Check the additional " +
        "configuration file on 'config.yaml'",
    ],
    ["PUT /system/config", {}, "200 J null"],
    ["GET /system/config", undefined, config("", "null")],
  ),
  transcript("the config with Knative", { backend: "knative" }, [
    "GET /system/config",
    undefined,
    config('"serverless_backend":"knative",', "[]"),
  ]),
  transcript(
    "what is not there",
    {},
    ["GET /health", undefined, "200 T Ok"],
    ["GET /system/services", undefined, "200 J []"],
    ["GET /system/services/nope", undefined, "404"],
    ["DELETE /system/services/nope", undefined, "404"],
    [put, service("nope"), "404"],
    [
      "GET /system/services/",
      undefined,
      '301 text/html; charset=utf-8 <a href="/system/services">Moved Permanently</a>.',
    ],
    ["POST /system/services/", service("nginx"), "307"],
    ["PATCH /system/services", undefined, "404 text/plain 404 page not found"],
    ["GET /system/services/..", undefined, "400 T invalid serviceName"],
    ["GET /system/services/%20", undefined, "400 T serviceName is required"],
    [
      "GET /system/services/nope/deployment",
      undefined,
      "403 T You do not have permission to access this service",
    ],
  ),
  transcript(
    "a service with buckets",
    {},
    [post, service("body-pose-detection", bodyPose), "201"],
    [
      "GET /system/services/body-pose-detection",
      undefined,
      `200 J ${golden("body-pose-detection", {
        input: bodyPose.input,
        output: bodyPose.output,
        expose: { ...expose, ...bodyPose.expose },
        environment: { variables: { INPUT_TYPE: "json" }, secrets: {} },
      })}`,
    ],
    ["GET /system/buckets", undefined, `200 J [${bucketsOf("body-pose-detection")}]`],
    [
      "GET /system/buckets/body-pose-detection",
      undefined,
      '200 J {"bucket_name":"body-pose-detection","visibility":"","allowed_users":null,"owner":"cluster_admin",' +
        '"metadata":{"from_service":"body-pose-detection","owner":"","owner_name":"oscar"},"objects":[' +
        '{"object_name":"input/","size_bytes":0,"last_modified":"<time>"},' +
        '{"object_name":"output/","size_bytes":0,"last_modified":"<time>"}],"storage_quota":{"source":"unset"},' +
        '"storage_usage":{"used":"0","used_bytes":0},"attribution":"partial","is_truncated":false,"returned_items":2}',
    ],
    [
      post,
      service("bex", from("body-pose-detection/other")),
      '500 T the bucket "body-pose-detection" already exists',
    ],
    ["GET /system/services/bex", undefined, "404"],
    [
      post,
      service("bk", from("bk/in")),
      "500 T error creating bucket bk: InvalidBucketName: The specified bucket is not valid.\n\tstatus code: 400<ids>",
    ],
    ["DELETE /system/services/body-pose-detection", undefined, "204"],
    ["GET /system/buckets", undefined, "200 J null"],
    ["DELETE /system/services/body-pose-detection", undefined, "404"],
  ),
  transcript(
    "volumes",
    { volumeDeleteMs: 60_000 },
    [
      "POST /system/volumes",
      { name: "v1", size: "1Gi" },
      '201 J {"name":"v1","namespace":"oscar-svc","pvc_name":"v1","size":"1Gi","owner_user":"cluster_admin",' +
        '"creation_mode":"api","status":{"phase":"pending"}}',
    ],
    ["POST /system/volumes", { name: "v1", size: "1Gi" }, "409 T volume already exists in caller namespace"],
    [post, service("vs", { volume: { name: "v1", mount_path: "/data" } }), "201"],
    [
      "GET /system/services/vs",
      undefined,
      `200 J ${golden("vs").replace(
        '"volume_status":{"enabled":false}',
        '"volume":{"name":"v1","size":"","mount_path":"/data"},' +
          '"volume_status":{"enabled":true,"name":"v1","phase":"in_use"}',
      )}`,
    ],
    [
      "DELETE /system/volumes/v1",
      undefined,
      "400 T managed volume is still attached to one or more services",
    ],
    [put, service("vs"), "400 T volume updates are not supported after service creation"],
    [post, service("vs4", { volume: { size: "1Gi", mount_path: "/data" } }), "201"],
    [
      "GET /system/services/vs4",
      undefined,
      `200 J ${golden("vs4").replace(
        '"volume_status":{"enabled":false}',
        '"volume":{"name":"vs4","size":"1Gi","mount_path":"/data","lifecycle_policy":"delete"},' +
          '"volume_status":{"enabled":true,"name":"vs4","phase":"in_use"}',
      )}`,
    ],
    ["DELETE /system/services/vs", undefined, "204"],
    ["DELETE /system/volumes/v1", undefined, "204"],
    ["GET /system/volumes/v1", undefined, '200 J {"name":"v1",…'],
    ["DELETE /system/volumes/nope", undefined, "204"],
    ["GET /system/volumes/nope", undefined, "404"],
  ),
];

describe("what is beside services, as a real Manager answers", () => {
  it.each(transcripts)("$name", async (recorded) => {
    expect(await replay(recorded)).toEqual(recorded.steps);
  });
});
