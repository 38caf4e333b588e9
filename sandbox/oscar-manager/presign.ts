import type { Exchange } from "./exchange.js";
import { seconds } from "./deployment.js";
import { decode } from "./go-json.js";
import { trim } from "./service.js";
import { presignShape } from "./shapes.js";
import type { World } from "./world.js";

interface PresignBody {
  readonly object_key: string;
  readonly operation: string;
  readonly expires_in: number;
  readonly content_type: string;
  readonly extra_headers: Record<string, string>;
}

/** POST /system/buckets/:bucket/presign. The URL's host is the one inside the cluster, its signature is none. */
export function presign(exchange: Exchange, { minio }: World): void {
  const decoded = decode<PresignBody>(presignShape, exchange.request.body);
  if ("error" in decoded) {
    exchange.text(400, `Invalid presign request: ${decoded.error}`);
    return;
  }
  const body = decoded.value;
  const bucket = (exchange.params["bucket"] ?? "").trim();
  const key = trim(body.object_key.trim(), "/");
  const operation = body.operation.trim().toLowerCase();
  const expires = body.expires_in === 0 ? 900 : body.expires_in;
  const tags = minio.buckets.get(bucket)?.tags;
  if (key === "") exchange.text(400, "Object key cannot be empty");
  else if (operation !== "upload" && operation !== "download")
    exchange.text(
      400,
      `Unsupported operation '${body.operation}'. Allowed values are 'upload' or 'download'`,
    );
  else if (expires < 1 || expires > 604800)
    exchange.text(400, `Invalid expiration requested: ${expires}. Allowed range is 1-604800 seconds`);
  else if (bucket.length < 3)
    exchange.text(
      500,
      `Error validating bucket '${bucket}': Bucket name cannot be shorter than 3 characters`,
    );
  else if (!minio.buckets.has(bucket)) exchange.text(404, `Bucket '${bucket}' not found`);
  else if (tags === undefined)
    exchange.text(
      500,
      `Error retrieving metadata for bucket '${bucket}': error getting tags on bucket ${bucket}: The TagSet does not exist`,
    );
  else if (mayUse(exchange, bucket, tags["owner"] ?? "", minio.policies))
    exchange.object(200, answer(bucket, key, operation, expires, body));
}

function mayUse(
  exchange: Exchange,
  bucket: string,
  owner: string,
  policies: World["minio"]["policies"],
): boolean {
  if (exchange.caller.kind === "admin") return true;
  const uid = exchange.uid();
  if (uid === undefined) return false;
  const isPublic = policies.visibility(bucket, owner) === "public";
  if (uid === owner || isPublic || policies.has(uid, bucket) || policies.members(bucket).includes(uid))
    return true;
  exchange.text(403, `User '${uid}' is not authorised to generate presigned URLs for bucket '${bucket}'`);
  return false;
}

function answer(bucket: string, key: string, operation: string, expires: number, body: PresignBody): object {
  const now = new Date();
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const query = new URLSearchParams({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `minio/${stamp.slice(0, 8)}/us-east-1/s3/aws4_request`,
    "X-Amz-Date": stamp,
    "X-Amz-Expires": String(expires),
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": "0".repeat(64),
  });
  const headers = {
    ...(operation === "upload" && body.content_type !== "" ? { "Content-Type": body.content_type } : {}),
    ...body.extra_headers,
  };
  return {
    object_key: key,
    operation,
    method: operation === "upload" ? "PUT" : "GET",
    url: `http://minio.minio:9000/${bucket}/${key}?${query.toString()}`,
    expires_at: seconds(now.getTime() + expires * 1000),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}
