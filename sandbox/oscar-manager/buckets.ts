import { messageOf } from "../../components/messages.js";
import type { Exchange } from "./exchange.js";
import { decode } from "./go-json.js";
import { type Bucket } from "./minio.js";
import { removeBucket } from "./service-buckets.js";
import { trim } from "./service.js";
import { bucketShape } from "./shapes.js";
import type { World } from "./world.js";

interface BucketRequest {
  readonly bucket_name: string;
  readonly visibility: string;
  readonly allowed_users: string[];
}

function readBody(exchange: Exchange): BucketRequest | undefined {
  const decoded = decode<BucketRequest>(bucketShape, exchange.request.body);
  if ("value" in decoded) return decoded.value;
  exchange.text(400, `The Bucket specification is not valid: ${decoded.error}`);
  return undefined;
}

/** POST /system/buckets. The visibility and the users that basic auth sends count for nothing. */
export function postBucket(exchange: Exchange, { minio }: World): void {
  const body = readBody(exchange);
  if (body === undefined) return;
  const { caller } = exchange;
  const owner = caller.kind === "admin" ? "oscar" : exchange.uid();
  if (owner === undefined) return;
  const [name = "", ...folder] = trim(body.bucket_name, " /").split("/");
  try {
    minio.create(name);
  } catch (error) {
    exchange.text(400, `Error creating bucket with name '${name}': ${messageOf(error)}`);
    return;
  }
  if (folder.length > 0) minio.makeFolder(name, folder.join("/"));
  const bucket = minio.buckets.get(name);
  if (bucket !== undefined)
    bucket.tags = { owner, owner_name: caller.kind === "user" ? caller.name : "oscar" };
  if (caller.kind === "user")
    minio.policies.set({
      bucket: name,
      owner,
      visibility: body.visibility === "" ? "private" : body.visibility,
      users: body.allowed_users,
    });
  exchange.status(201);
}

/** GET /system/buckets: null for none, to basic auth. */
export function getBuckets(exchange: Exchange, { minio }: World): void {
  const { caller } = exchange;
  const uid = caller.kind === "admin" ? "" : exchange.uid();
  if (uid === undefined) return;
  try {
    minio.call('Get "/minio/admin/v3/datausageinfo"');
  } catch (error) {
    exchange.json(500, "{}");
    exchange.text(
      500,
      `Error getting MinIO data usage: error getting MinIO data usage info: ${messageOf(error)}`,
    );
    return;
  }
  const { policies } = minio;
  const buckets = [...minio.buckets]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .filter(([name]) => {
      const mine = policies.has(uid, name) || policies.members(name).includes(uid);
      return caller.kind === "admin" || mine || policies.has("all_users_group", name);
    })
    .map(([name, { tags }]) => {
      const visibility = policies.visibility(name, uid);
      const { owner = "", ...metadata } = tags ?? {};
      return describe(
        name,
        visibility,
        visibility === "private" ? uid : owner,
        metadata,
        minio.policies.members(name),
      );
    });
  exchange.object(200, buckets.length === 0 && caller.kind === "admin" ? null : buckets.map(withUsage));
}

/** GET /system/buckets/:bucket: one that is not there is a 500. */
export function getBucket(exchange: Exchange, { minio }: World): void {
  const { caller, params } = exchange;
  const name = (params["bucket"] ?? "").trim();
  const uid = caller.kind === "admin" ? "" : exchange.uid();
  if (uid === undefined) return;
  const tags = minio.buckets.get(name)?.tags ?? {};
  const owner = (tags["owner"] ?? "") === "" ? "cluster_admin" : (tags["owner"] ?? "");
  const visibility = minio.policies.visibility(name, owner);
  if (caller.kind !== "admin" && visibility === "") {
    exchange.text(403, `User '${uid}' is not authorised`);
    return;
  }
  let bucket: Bucket;
  try {
    bucket = minio.list(name);
  } catch (error) {
    exchange.text(500, `Error listing objects in bucket '${name}': ${messageOf(error)}`);
    return;
  }
  const limit = 70;
  const from = Number(exchange.request.query.get("page") ?? 0);
  const all = [...bucket.objects].sort(([one], [other]) => (one < other ? -1 : 1));
  const objects = all.slice(from, from + limit).map(([key, { size, modified }]) => ({
    object_name: key,
    size_bytes: size,
    last_modified: `${modified.toISOString().replace("T", " ").replace("Z", "")} +0000 UTC`,
  }));
  const isTruncated = all.length > from + limit;
  exchange.object(200, {
    ...describe(name, visibility, owner, tags, minio.policies.members(name)),
    ...(objects.length === 0 ? {} : { objects }),
    ...usage,
    ...(isTruncated ? { next_page: String(from + limit) } : {}),
    is_truncated: isTruncated,
    returned_items: objects.length,
  });
}

function describe(
  name: string,
  visibility: string,
  owner: string,
  metadata: Record<string, string>,
  members: readonly string[],
): object {
  return {
    bucket_name: name,
    visibility,
    allowed_users: visibility === "restricted" ? members : null,
    owner,
    metadata: Object.fromEntries(Object.entries(metadata).sort()),
  };
}

/** MinIO counts now and then, and never while a test looks. */
const usage = {
  storage_quota: { source: "unset" },
  storage_usage: { used: "0", used_bytes: 0 },
  attribution: "partial",
};

const withUsage = (bucket: object): object => ({ ...bucket, ...usage });

/** PUT /system/buckets: 204 also when nothing was changed, as for all that basic auth made. */
export function putBucket(exchange: Exchange, { minio }: World): void {
  const body = readBody(exchange);
  if (body === undefined) return;
  const uid = exchange.caller.kind === "admin" ? "oscar" : exchange.uid();
  if (uid === undefined) return;
  const { bucket_name: bucket, visibility, allowed_users: users } = body;
  const { policies } = minio;
  const tags = minio.buckets.get(bucket)?.tags;
  if (tags === undefined) {
    exchange.text(500, "Missing bucket metadata: \n");
    return;
  }
  if (tags["service"] === "true") {
    exchange.text(403, "Forbidden action: A bucket from a service can't be modified\n");
    return;
  }
  const old = policies.visibility(bucket, uid);
  try {
    if (old !== "" && (old === "public" || policies.has(uid, bucket))) {
      if (old !== visibility) {
        policies.unset({ bucket, owner: uid, visibility: old, users: [] });
        policies.set({ bucket, owner: uid, visibility, users });
      } else if (old === "restricted") policies.setMembers(bucket, users);
    }
    exchange.status(204);
  } catch (error) {
    exchange.text(500, `error updating bucket: ${messageOf(error)}\n`);
  }
}

/** DELETE /system/buckets/:bucket, with all that is in it */
export function deleteBucket(exchange: Exchange, { minio }: World): void {
  const { caller, params } = exchange;
  const bucket = params["bucket"] ?? "";
  const uid = caller.kind === "admin" ? "cluster_admin" : exchange.uid();
  if (uid === undefined) return;
  const found = minio.buckets.get(bucket);
  if (found === undefined) exchange.text(404, `The bucket '${bucket}' does not exist`);
  else if (caller.kind === "user" && found.tags?.["owner"] !== uid)
    exchange.text(403, `User '${uid}' is not authorised`);
  else
    try {
      removeBucket(
        { bucket, owner: uid, visibility: minio.policies.visibility(bucket, uid), users: [] },
        minio,
      );
      exchange.status(204);
    } catch (error) {
      exchange.text(500, `${messageOf(error)}\n`);
    }
}
