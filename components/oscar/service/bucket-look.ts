import { ManagerError } from "./client/errors";
import type { ManagerClient } from "./client/manager-client";
import type { WireBucket } from "./wire";

/** What there is in the cluster's MinIO under a bucket's name. */
export type Look =
  | { kind: "missing" }
  /** `more`: there are more objects than were counted. */
  | { kind: "there"; objects: number; more: boolean }
  /** It is there, and not for the owner of this token. */
  | { kind: "hidden" };

/** More than that are not counted. */
const enough = 100;

export async function lookAt(client: ManagerClient, bucket: string): Promise<Look> {
  try {
    const found = await client.buckets.get(bucket);
    if (found !== undefined) return await count(client, found);
  } catch (error) {
    if (!(error instanceof ManagerError) || error.status !== 403) throw error;
    return (await isThere(client, bucket)) ? { kind: "hidden" } : { kind: "missing" };
  }
  // A Manager that does not know the path answers as if the bucket were missing.
  if (await client.hasRoute(`/system/buckets/${encodeURIComponent(bucket)}`)) return { kind: "missing" };
  throw new Error(
    `bucket ${JSON.stringify(bucket)}: this OSCAR does not tell whether it is there, nor what it holds; allowed: OSCAR 3.6.5 or later`,
  );
}

/** To the owner of a token a missing bucket and someone else's are the same, except where a URL is asked for. */
async function isThere(client: ManagerClient, bucket: string): Promise<boolean> {
  try {
    await client.buckets.presign(bucket, { object_key: "nothing", operation: "download", expires_in: 1 });
    return true;
  } catch (error) {
    if (!(error instanceof ManagerError)) throw error;
    return !error.says(`Bucket '${bucket}' not found`);
  }
}

/** A folder is no object; pages may be full of them. */
async function count(client: ManagerClient, first: WireBucket): Promise<Look> {
  let objects = 0;
  let page: WireBucket | undefined = first;
  for (;;) {
    objects += (page?.objects ?? []).filter(({ object_name }) => !object_name.endsWith("/")).length;
    const next: string | undefined = page?.next_page;
    if (next === undefined || next === "")
      return { kind: "there", objects, more: page?.is_truncated === true };
    if (objects >= enough) return { kind: "there", objects, more: true };
    page = await client.buckets.get(first.bucket_name, next);
  }
}

export const isEmpty = (look: Look): boolean => look.kind === "there" && look.objects === 0 && !look.more;

/** After the name of a bucket that is there. */
export function holds(look: Look): string {
  if (look.kind !== "there") return "holds what these credentials may not see";
  if (isEmpty(look)) return "is empty";
  if (look.objects === 0) return "holds objects";
  const objects = look.objects === 1 ? "1 object" : `${look.objects} objects`;
  return look.more ? `holds at least ${objects}` : `holds ${objects}`;
}
