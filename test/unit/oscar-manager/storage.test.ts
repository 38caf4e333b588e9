import { describe, expect, it } from "vitest";

import { managed, replay, service, transcript } from "./playing.js";

const post = "POST /system/buckets";
const rest =
  '"storage_quota":{"source":"unset"},"storage_usage":{"used":"0","used_bytes":0},"attribution":"partial","is_truncated":false,';
const mybk =
  '"bucket_name":"mybk","visibility":"","allowed_users":null,"owner":"oscar","metadata":{"owner":"oscar","owner_name":"oscar"}';

const transcripts = [
  transcript(
    "buckets",
    {},
    ["GET /system/buckets", undefined, "200 J null"],
    [
      "GET /system/buckets/nope",
      undefined,
      "500 T Error listing objects in bucket 'nope': NoSuchBucket: The specified bucket does not exist\n\tstatus code: 404<ids>",
    ],
    // To basic auth's buckets visibility is nothing.
    [post, { bucket_name: "mybk", visibility: "public", allowed_users: [] }, "201"],
    [
      post,
      { bucket_name: "mybk" },
      "400 T Error creating bucket with name 'mybk': the bucket \"mybk\" already exists",
    ],
    [
      post,
      { bucket_name: "My_Bad" },
      "400 T Error creating bucket with name 'My_Bad': error creating bucket My_Bad: InvalidBucketName: …",
    ],
    [
      post,
      {},
      "400 T Error creating bucket with name '': error creating bucket : InvalidParameter: 1 validation error(s) found.\n" +
        "- minimum field size of 1, CreateBucketInput.Bucket.",
    ],
    [post, "", "400 T The Bucket specification is not valid: EOF"],
    ["GET /system/buckets/mybk", undefined, `200 J {${mybk},${rest}"returned_items":0}`],
    ["PUT /system/buckets", { bucket_name: "mybk", visibility: "public" }, "204"],
    ["GET /system/buckets/mybk", undefined, `200 J {${mybk},${rest}"returned_items":0}`],
    [
      "PUT /system/buckets",
      { bucket_name: "absent", visibility: "public" },
      "500 T Missing bucket metadata:",
    ],
    ["DELETE /system/buckets/mybk", undefined, "204"],
    ["DELETE /system/buckets/mybk", undefined, "404 T The bucket 'mybk' does not exist"],
  ),
  transcript(
    "presigned URLs",
    {},
    [post, { bucket_name: "mybk" }, "201"],
    [
      "POST /system/buckets/mybk/presign",
      { object_key: "x/y.txt", operation: "upload" },
      '200 J {"object_key":"x/y.txt","operation":"upload","method":"PUT","url":"http://minio.minio:9000/mybk/x/y.txt?X-Amz-…',
    ],
    [
      "POST /system/buckets/absent/presign",
      { object_key: "a", operation: "upload" },
      "404 T Bucket 'absent' not found",
    ],
    [
      "POST /system/buckets/absent/presign",
      { object_key: "a", operation: "zzz" },
      "400 T Unsupported operation 'zzz'. Allowed values are 'upload' or 'download'",
    ],
    [
      "POST /system/buckets/bk/presign",
      { object_key: "a", operation: "upload" },
      "500 T Error validating bucket 'bk': Bucket name cannot be shorter than 3 characters",
    ],
    [
      "POST /system/buckets/mybk/presign",
      { object_key: "a", operation: "upload", expires_in: 604801 },
      "400 T Invalid expiration requested: 604801. Allowed range is 1-604800 seconds",
    ],
  ),
  transcript(
    "volumes that are refused",
    {},
    [
      "POST /system/volumes",
      { name: "V_1", size: "1Gi" },
      "400 T volume.name must satisfy Kubernetes DNS-1123 naming rules",
    ],
    [
      "POST /system/volumes",
      { name: "v2", size: "x" },
      "400 T volume.size must be a valid positive quantity",
    ],
    [
      "POST /system/volumes",
      { name: "v2" },
      "400 T The volume specification is not valid: Key: 'ManagedVolumeCreateRequest.Size' Error:Field validation for " +
        "'Size' failed on the 'required' tag",
    ],
    [
      "POST /system/services",
      service("vs3", { volume: { name: "nope", mount_path: "/data" } }),
      "400 T Referenced volume does not exist in the caller namespace",
    ],
    [
      "POST /system/services",
      service("vs5", { volume: { size: "1Gi", mount_path: "data" } }),
      "400 T The service specification is not valid: volume.mount_path must be an absolute path",
    ],
    [
      "POST /system/services",
      service("vs6", { volume: { mount_path: "/data" } }),
      "400 T The service specification is not valid: volume.name is required when volume.size is not set",
    ],
    ["GET /system/services/vs3", undefined, "404"],
  ),
];

describe("storage, as a real Manager answers", () => {
  it.each(transcripts)("$name", async (recorded) => {
    expect(await replay(recorded)).toEqual(recorded.steps);
  });

  it("has no routes of volumes when they are switched off", async () => {
    const { say } = await managed({ volumes: false });
    expect(await say("GET /system/volumes")).toBe("404 text/plain 404 page not found");
    expect(await say("GET /system/quotas/user")).toBe("404 text/plain 404 page not found");
  });

  it("tells the objects of a bucket in pages", async () => {
    const { raw, state } = await managed();
    const names = Array.from({ length: 71 }, (_, index) => `f${String(index).padStart(2, "0")}`);
    state.plantBucket("many", Object.fromEntries(names.map((name) => [name, 1])), { owner: "oscar" });
    const first: unknown = JSON.parse((await raw("GET /system/buckets/many")).body);
    expect(first).toMatchObject({ is_truncated: true, returned_items: 70, next_page: "70" });
    const second: unknown = JSON.parse((await raw("GET /system/buckets/many?page=70")).body);
    expect(second).toMatchObject({ is_truncated: false, objects: [{ object_name: "f70", size_bytes: 1 }] });
  });
});
