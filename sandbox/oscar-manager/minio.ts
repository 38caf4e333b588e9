import { messageOf } from "../../components/messages.js";
import { setTimeout as sleep } from "node:timers/promises";

import { Policies, type PoliciesSnapshot } from "./minio-policies.js";
import { asItIs, recordOf, refillMap } from "./snapshot.js";

export interface Bucket {
  /** Sizes in bytes; a folder's name ends in a slash. */
  readonly objects: Map<string, { size: number; modified: Date }>;
  /** Undefined: it was never tagged. */
  tags: Record<string, string> | undefined;
  /** What wakes services: uploads below a prefix. */
  notifications: { service: string; prefix: string }[];
}

/** As plain JSON; times as texts. */
export interface MinioSnapshot {
  readonly buckets: Readonly<
    Record<
      string,
      {
        readonly objects: Readonly<Record<string, { readonly size: number; readonly modified: string }>>;
        readonly tags?: Record<string, string>;
        readonly notifications: readonly { readonly service: string; readonly prefix: string }[];
      }
    >
  >;
  readonly webhooks: Readonly<Record<string, string>>;
  readonly policies: PoliciesSnapshot;
}

/** MinIO as the Manager sees it. Its errors are the texts that the Manager passes on. */
export class Minio {
  readonly buckets = new Map<string, Bucket>();
  /** The webhooks' tokens, by service. */
  readonly webhooks = new Map<string, string>();
  readonly policies: Policies;
  /** Plant: false takes it down until it is set to true. */
  reachable = true;
  restarts = 0;
  private restarting = 0;

  constructor(
    private readonly restartMs: number,
    groups: boolean,
  ) {
    this.policies = new Policies((request) => this.call(request), groups);
  }

  get isRestarting(): boolean {
    return this.restarting > 0;
  }

  snapshot(): MinioSnapshot {
    return {
      buckets: recordOf(this.buckets, ({ objects, tags, notifications }) => ({
        objects: recordOf(objects, ({ size, modified }) => ({ size, modified: modified.toISOString() })),
        ...(tags !== undefined && { tags }),
        notifications,
      })),
      webhooks: recordOf(this.webhooks, asItIs),
      policies: this.policies.snapshot(),
    };
  }

  restore({ buckets, webhooks, policies }: MinioSnapshot): void {
    refillMap(this.buckets, buckets, ({ objects, tags, notifications }) => ({
      objects: new Map(
        Object.entries(objects).map(([key, { size, modified }]) => [
          key,
          { size, modified: new Date(modified) },
        ]),
      ),
      tags,
      notifications: [...notifications],
    }));
    refillMap(this.webhooks, webhooks, asItIs);
    this.policies.restore(policies);
  }

  plant(name: string, objects: Record<string, number>, tags?: Record<string, string>): void {
    const stored = Object.entries(objects).map(
      ([key, size]) => [key, { size, modified: new Date() }] as const,
    );
    this.buckets.set(name, { objects: new Map(stored), tags, notifications: [] });
  }

  /** Registers a service's webhook, and waits for the restart that it needs. */
  async registerWebhook(service: string, token: string): Promise<void> {
    this.change("error registering the service's webhook");
    this.webhooks.set(service, token);
    await this.restart();
  }

  /** The same for a webhook that goes. */
  async removeWebhook(service: string): Promise<void> {
    this.change("error removing the service's webhook");
    this.webhooks.delete(service);
    await this.restart();
  }

  private change(what: string): void {
    try {
      this.call('Put "/minio/admin/v3/set-config-kv"');
    } catch (error) {
      throw new Error(`${what}: ${messageOf(error)}`);
    }
  }

  private async restart(): Promise<void> {
    this.restarts += 1;
    this.restarting += 1;
    await sleep(this.restartMs / 3);
    this.restarting -= 1;
    await sleep((this.restartMs * 2) / 3);
  }

  /** Does nothing, or fails as a request does that reaches nobody: `Put "/path"`. */
  call(request: string): void {
    if (this.reachable && !this.isRestarting) return;
    const named = request.replace('"/', '"http://minio.minio:9000/');
    throw new Error(`${named}: dial tcp 127.0.0.1:9000: connect: connection refused`);
  }

  private s3(request: string): void {
    try {
      this.call(request);
    } catch (error) {
      throw new Error(`RequestError: send request failed\ncaused by: ${messageOf(error)}`);
    }
  }

  create(name: string): void {
    const fail = (reason: string): never => {
      throw new Error(`error creating bucket ${name}: ${reason}`);
    };
    if (name === "")
      fail(
        "InvalidParameter: 1 validation error(s) found.\n- minimum field size of 1, CreateBucketInput.Bucket.\n",
      );
    try {
      this.s3(`Put "/${name}"`);
    } catch (error) {
      fail(messageOf(error));
    }
    if (!isBucketName(name))
      fail(`InvalidBucketName: The specified bucket is not valid.\n\t${requestIds(400)}`);
    if (this.buckets.has(name)) throw new Error(`the bucket "${name}" already exists\n`);
    this.buckets.set(name, { objects: new Map(), tags: undefined, notifications: [] });
  }

  makeFolder(name: string, folder: string): void {
    this.buckets.get(name)?.objects.set(`${folder}/`, { size: 0, modified: new Date() });
  }

  notify(name: string, service: string, prefix: string): void {
    this.buckets.get(name)?.notifications.push({ service, prefix });
  }

  /** Removes a bucket with all that is in it. */
  remove(name: string): void {
    const fail = (cause: string): never => {
      throw new Error(
        `unable to delete objects from bucket "${name}", BatchedDeleteIncomplete: some objects have failed to be ` +
          `deleted.\ncaused by: failed to perform batch operation on "" to "":\n${cause}`,
      );
    };
    const bucket = this.buckets.get(name);
    if (this.reachable && this.isRestarting) {
      // A bucket is not found then: it stays, without its tags, and the Manager takes it for gone.
      if (bucket !== undefined) bucket.tags = undefined;
      fail(noSuchBucket());
    }
    try {
      this.s3(`Get "/${name}"`);
    } catch (error) {
      fail(messageOf(error));
    }
    if (!this.buckets.delete(name)) fail(noSuchBucket());
  }

  list(name: string): Bucket {
    this.s3(`Get "/${name}?list-type=2&max-keys=70"`);
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new Error(noSuchBucket());
    return bucket;
  }
}

const noSuchBucket = (): string => `NoSuchBucket: The specified bucket does not exist\n\t${requestIds(404)}`;

function requestIds(status: number): string {
  return `status code: ${status}, request id: 18E9F1268E26B6D1, host id: ${"dd9025bab4ad464b".repeat(4)}`;
}

export const isBucketName = (name: string): boolean => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name);
