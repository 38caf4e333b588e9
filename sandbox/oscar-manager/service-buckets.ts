import { messageOf } from "../../components/messages.js";
import type { Minio } from "./minio.js";
import type { Access } from "./minio-policies.js";
import { pathOf, providerOf, type Service, type Storage } from "./service.js";
import type { World } from "./world.js";

/** The one error of buckets that is the user's: 400. */
export class InputError extends Error {
  constructor() {
    super("unrecognized input (valid inputs are MinIO and dCache)");
  }
}

/**
 * Makes the buckets and folders of a service, and tells which it has. Of an update, what is there already is no
 * error; so an update takes buckets over that others made.
 */
export function createBuckets(service: Service, world: World, isUpdate: boolean): Access[] {
  const { minio } = world;
  const found: Access[] = [];
  const mine = (bucket: string): boolean => found.some((one) => one.bucket === bucket);
  const note = (bucket: string): void => void found.push(accessOf(service, bucket));
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!isUpdate) throw error;
    }
  };
  for (const input of service.input) {
    const { kind, id } = providerOf(input);
    if (kind !== "minio" && kind !== "webdav" && kind !== "rucio") throw new InputError();
    if (kind !== "minio") continue;
    checkProvider(service, input);
    if (id !== "default")
      throw new Error(
        `the provided MinIO server "${endpointOf(service, id)}" is not the configured in OSCAR`,
      );
    const { bucket, folder } = pathOf(input);
    attempt(() => createInput(minio, service.name, bucket, folder));
    note(bucket);
  }
  for (const output of service.output) {
    const { kind } = providerOf(output);
    checkProvider(service, output);
    const { bucket, folder } = pathOf(output);
    if (kind === "s3") {
      // No S3 can be reached from here, so that every such creation fails.
      note(bucket);
      attempt(() => fail(bucket));
    } else if (kind === "minio") {
      const known = mine(bucket);
      if (!known) note(bucket);
      attempt(() => createFolder(minio, bucket, folder, known));
    }
  }
  mountBucket(service, world, found, attempt);
  return found;
}

function createInput(minio: Minio, service: string, bucket: string, folder: string): void {
  minio.create(bucket);
  if (folder === "")
    throw new Error(`error enabling webhook for bucket, missing foler on path "[${bucket}]"`);
  minio.makeFolder(bucket, folder);
  minio.notify(bucket, service, `${folder}/`);
}

function createFolder(minio: Minio, bucket: string, folder: string, exists: boolean): void {
  if (!exists) minio.create(bucket);
  if (folder !== "") minio.makeFolder(bucket, folder);
}

function mountBucket(
  service: Service,
  world: World,
  found: Access[],
  attempt: (act: () => void) => void,
): void {
  const { minio } = world;
  if (service.mount.storage_provider === "" || providerOf(service.mount).kind !== "minio") return;
  checkProvider(service, service.mount);
  const { bucket, folder } = pathOf(service.mount);
  if (found.some((one) => one.bucket === bucket)) {
    attempt(() => createFolder(minio, bucket, folder, true));
    return;
  }
  const there = minio.buckets.get(bucket);
  if (there === undefined) createFolder(minio, bucket, folder, false);
  else {
    const isAdmins =
      ["", "oscar", undefined].includes(there.tags?.["owner"]) && service.owner === "cluster_admin";
    const visibility = minio.policies.visibility(bucket, service.owner);
    if (visibility !== "private" && !(visibility === "" && isAdmins))
      throw new Error(`the bucket "${bucket}" must be private to be used as mount`);
    createFolder(minio, bucket, folder, true);
  }
  found.push(accessOf(service, bucket));
}

/**
 * Deletes the buckets of a service with all they hold, except those it mounts. MinIO is asked for S3 outputs as
 * well, so that a bucket of that name goes, whoever made it.
 */
export function deleteBuckets(service: Service, world: World): void {
  const { minio } = world;
  const inputs = service.input.filter((input) => providerOf(input).kind === "minio");
  for (const input of service.input)
    if (!["minio", "webdav", "rucio"].includes(providerOf(input).kind)) throw new InputError();
  for (const input of inputs) {
    checkProvider(service, input);
    release(service, input, minio);
  }
  for (const output of service.output) {
    const { kind, id } = providerOf(output);
    if (kind === "webdav" || kind === "rucio") continue;
    checkProvider(service, output);
    if (kind !== "minio" && kind !== "s3") continue;
    const isInput = service.input.some((input) => {
      const provider = providerOf(input);
      return provider.kind === kind && provider.id === id && pathOf(input).bucket === pathOf(output).bucket;
    });
    if (!isInput) release(service, output, minio);
  }
}

function release(service: Service, storage: Storage, minio: Minio): void {
  const { bucket } = pathOf(storage);
  const one = providerOf(storage);
  const mounted = providerOf(service.mount);
  const there = minio.buckets.get(bucket);
  if (there !== undefined)
    there.notifications = there.notifications.filter((notification) => notification.service !== service.name);
  if (one.kind === mounted.kind && one.id === mounted.id && bucket === pathOf(service.mount).bucket) {
    if (there !== undefined) there.tags = { owner: service.owner, service: "false" };
    return;
  }
  try {
    removeBucket(accessOf(service, bucket), minio);
  } catch (error) {
    throw new Error(`error while removing MinIO bucket ${messageOf(error)}`);
  }
}

/** Takes a bucket's policies away, if a user has it, and then the bucket. */
export function removeBucket(access: Access, minio: Minio): void {
  if (access.owner !== "cluster_admin") minio.policies.unset(access);
  try {
    minio.remove(access.bucket);
  } catch (error) {
    throw new Error(`error deleting bucket ${access.bucket}, ${messageOf(error)}`);
  }
}

export function accessOf({ owner, visibility, allowed_users: users }: Service, bucket: string): Access {
  return { bucket, owner, visibility, users };
}

function checkProvider(service: Service, storage: Storage): void {
  const { kind, id } = providerOf(storage);
  const known = Object.entries(service.storage_providers ?? {}).find(([name]) => name === kind)?.[1];
  if (known === undefined || !(id in known))
    throw new Error(`the StorageProvider "${kind}.${id}" is not defined`);
}

function endpointOf({ storage_providers: providers }: Service, id: string): string {
  return providers?.minio?.[id]?.endpoint ?? "";
}

function fail(bucket: string): never {
  const host = `${bucket}.s3.amazonaws.com`;
  throw new Error(
    `error creating bucket ${bucket}: RequestError: send request failed\ncaused by: Put "https://${host}/": ` +
      `dial tcp: lookup ${host}: i/o timeout`,
  );
}
