import type { PresignedUrl, PresignRequest, WireBucket } from "../wire";
import { segment } from "./endpoint";
import { absentWhen, ManagerError } from "./errors";
import { oneAtATime } from "./one-at-a-time";
import { readList, readSure } from "./read-answer";
import { areBuckets, isBucket, isPresigned } from "./shapes";
import type { Transport } from "./transport";

export type NewBucket = Pick<WireBucket, "bucket_name" | "visibility" | "allowed_users">;

/** The cluster's own buckets, in its MinIO. */
export class Buckets {
  constructor(private readonly transport: Transport) {}

  /** All that these credentials may see. */
  list(): Promise<WireBucket[]> {
    return readList(this.transport, { method: "GET", path: "/system/buckets" }, areBuckets);
  }

  /**
   * One bucket with a page of its objects, or nothing when there is none of that name. For the owner of a token, a
   * bucket that is missing and one of someone else are the same: a `ManagerError` of 403.
   */
  async get(name: string, page?: string): Promise<WireBucket | undefined> {
    const query = page === undefined ? "" : `?page=${encodeURIComponent(page)}`;
    const path = `/system/buckets/${segment("bucket", name)}${query}`;
    try {
      return await readSure(this.transport, { method: "GET", path }, isBucket);
    } catch (error) {
      // The Manager's way to say to basic auth that it is missing.
      if (error instanceof ManagerError && error.says("NoSuchBucket")) return undefined;
      return absentWhen(error, 404);
    }
  }

  /** Basic auth: visibility and users are ignored by the Manager. A bucket that exists is a `ManagerError` of 400. */
  async create(bucket: NewBucket): Promise<void> {
    await this.mutate({ method: "POST", path: "/system/buckets", json: bucket });
  }

  /** The Manager answers success also when it changed nothing. */
  async update(bucket: NewBucket): Promise<void> {
    await this.mutate({ method: "PUT", path: "/system/buckets", json: bucket });
  }

  /** Deletes the bucket with all that is in it. Tells whether it was there. */
  async delete(name: string): Promise<boolean> {
    const path = `/system/buckets/${segment("bucket", name)}`;
    try {
      await this.mutate({ method: "DELETE", path });
      return true;
    } catch (error) {
      absentWhen(error, 404);
      return false;
    }
  }

  /** The URL is a key: it is secret. */
  presign(bucket: string, request: PresignRequest): Promise<PresignedUrl> {
    const path = `/system/buckets/${segment("bucket", bucket)}/presign`;
    return readSure(this.transport, { method: "POST", path, json: request }, isPresigned);
  }

  private mutate(sent: Parameters<Transport["send"]>[0]): Promise<unknown> {
    return oneAtATime(this.transport.base, () => this.transport.send(sent));
  }
}
