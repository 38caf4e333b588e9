import { PartialFailure, type CreateRequest, type Properties } from "../../../provider";
import { quoted } from "../../messages";
import { mountedBucket } from "../service/bucket-changes";
import { holds, isEmpty, lookAt } from "../service/bucket-look";
import { bucketUse } from "../service/bucket-use";
import { ManagerError } from "../service/client/errors";
import type { ManagerClient } from "../service/client/manager-client";
import type { WireBucket, WireService } from "../service/wire";
import { attempt, sayDoneAllTheSame, warnBeforehand } from "./attempt";
import { bucketFailures, differences, foundInputs, stateOf, visibilityOf, wireOf } from "./bucket-inputs";
import type { Connection } from "./connection";
import { diffOf, isSet, listed, sameSet, textIn } from "./known-inputs";
import type { ResourceKind } from "./resource-kind";

/**
 * `oscar:index:Bucket`: a bucket in the cluster's own MinIO, for services to mount or for use from outside. Not one of a
 * service's inputs or outputs: OSCAR makes those itself, and refuses a service whose bucket is there.
 *
 * Costs three readings and one change to make, and restarts nothing. It is deleted only when it is empty, or
 * `allowDeletion` has been deployed, and never while a service uses it, as far as these credentials see services. What
 * others put into it between the look and the deletion is not seen. One that is there is never taken over unasked: `import`
 * it by its name.
 *
 * The Manager ignores visibility and users in what basic credentials send (grycap/oscar, pkg/handlers/buckets), so with those
 * only private buckets can be asked for; one that its user made public can be imported, and stays as it is. Of a user's
 * private bucket the Manager tells other users the names of its objects (get_bucket.go asks only whether anyone has it).
 */
export const bucketKind: ResourceKind = {
  check({ inputs }, connection) {
    return { inputs, failures: bucketFailures(inputs, connection) };
  },

  async diff(request, connection) {
    const { replaces, ...diff } = diffOf(request, {
      name: { replaces: true },
      visibility: { same: (before, after) => (before ?? "private") === (after ?? "private") },
      allowedUsers: { same: (before, after) => sameSet(listed(before), listed(after)) },
      allowDeletion: { same: (before, after) => (before ?? false) === (after ?? false) },
    });
    if (replaces) {
      await warnBeforehand(request.log, connection, () =>
        mayGo(request.id, request.oldState, connection.client),
      );
    }
    return diff;
  },

  async create({ inputs, preview, log }, connection) {
    const name = textIn(inputs, "name");
    if (preview) {
      if (name !== undefined) await warnBeforehand(log, connection, () => isFree(name, connection.client));
      return { id: "", state: inputs };
    }
    return make(name ?? "", { inputs, log }, connection);
  },

  async read({ id, inputs }, { client, login }) {
    const bucket = await find(id, client);
    if (bucket === undefined) return undefined;
    const found = foundInputs(id, bucket, inputs, login);
    return { id, inputs: found, state: stateOf(found, bucket) };
  },

  async update({ id, inputs, oldState, preview, log }, connection) {
    if (preview)
      return { ...inputs, ...(oldState["owner"] === undefined ? {} : { owner: oldState["owner"] }) };
    return change(id, { inputs, log }, connection);
  },

  async delete({ id, state, log }, { client }) {
    if (!(await mayGo(id, state, client))) return;
    const doubt = await attempt(() => client.buckets.delete(id));
    const left = await lookAt(client, id);
    if (left.kind !== "missing") {
      throw doubt ?? new Error(`bucket ${quoted(id)}: OSCAR says that it is deleted, and it ${holds(left)}`);
    }
    if (doubt !== undefined)
      log.warning(`bucket ${quoted(id)} is deleted, although OSCAR failed: ${doubt.message}`);
  },
};

type Wanted = Pick<CreateRequest, "inputs" | "log">;

async function make(name: string, { inputs, log }: Wanted, { client, login }: Connection) {
  await isFree(name, client);
  const doubt = await attempt(() => client.buckets.create(wireOf(name, inputs)));
  if (doubt instanceof ManagerError && doubt.says("already exists")) throw taken(name);
  const bucket = await find(name, client).catch((error: unknown) => {
    throw doubt ?? error;
  });
  if (bucket === undefined) {
    throw doubt ?? new Error(`bucket ${quoted(name)}: OSCAR says that it is made, and it is not there`);
  }
  const state = stateOf(inputs, bucket);
  const wrong = differences(name, bucket, inputs, login);
  if (wrong.length > 0) {
    const reasons = doubt === undefined ? wrong : [...wrong, doubt.message];
    throw new PartialFailure(reasons.join("\n"), { id: name, state, inputs, reasons });
  }
  sayDoneAllTheSame(log, `bucket ${quoted(name)}`, doubt);
  return { id: name, state };
}

async function change(
  name: string,
  { inputs, log }: Wanted,
  { client, login }: Connection,
): Promise<Properties> {
  const before = await found(name, client);
  if (differences(name, before, inputs, login).length === 0) return stateOf(inputs, before);
  if (login === "basic") {
    throw new Error(
      `bucket ${quoted(name)}: its visibility is ${visibilityOf(before)}, and OSCAR lets only its owner change that; allowed: no visibility, which leaves it as it is, or a provider with its owner's token`,
    );
  }
  const doubt = await attempt(() => client.buckets.update(wireOf(name, inputs)));
  const after = await found(name, client);
  const wrong = differences(name, after, inputs, login);
  if (wrong.length > 0) throw doubt ?? new Error(wrong.join("\n"));
  sayDoneAllTheSame(log, `bucket ${quoted(name)}`, doubt);
  return stateOf(inputs, after);
}

/** Whether it is there to be deleted; throws where it must not be. */
async function mayGo(name: string, deployed: Properties, client: ManagerClient): Promise<boolean> {
  const look = await lookAt(client, name);
  if (look.kind === "missing") return false;
  const services = await client.services.list().catch((error: unknown) => {
    // One service that cannot be read makes the list fail.
    if (!(error instanceof ManagerError) || error.status !== 500) throw error;
    throw new Error(
      `bucket ${quoted(name)}: it is not deleted, because OSCAR does not tell which services use it (${error.message})`,
      { cause: error },
    );
  });
  const users = services.filter((service) => uses(service, name)).map((each) => each.name);
  if (users.length > 0) {
    throw new Error(
      `bucket ${quoted(name)}: it is not deleted, because ${users.length === 1 ? "service" : "services"} ${users.map(quoted).join(", ")} ${users.length === 1 ? "uses" : "use"} it; allowed: a bucket that is no service's input, output or mount (a service that has the name from this resource goes first)`,
    );
  }
  if (isEmpty(look) || isSet(deployed, "allowDeletion")) return true;
  throw new Error(
    `bucket ${quoted(name)}: it is not deleted, because it ${holds(look)}; allowed: an empty bucket, or allowDeletion: true, which has to be deployed first`,
  );
}

/** As an input or output, one of its users', or a mount, which a service leaves behind. */
const uses = (service: WireService, bucket: string): boolean =>
  [...bucketUse(service).deleted, mountedBucket(service)].includes(bucket);

async function isFree(name: string, client: ManagerClient): Promise<void> {
  const look = await lookAt(client, name);
  if (look.kind !== "missing") throw taken(name, `, which ${holds(look)}`);
}

const taken = (name: string, what = ""): Error =>
  new Error(
    `bucket ${quoted(name)}: there is one already${what}; allowed: a name that is not taken, or the resource option import: ${quoted(name)}, by which this program takes it over`,
  );

/**
 * The bucket, or nothing when there is none. One that is not for these credentials is an error: it would be taken for
 * deleted otherwise.
 */
async function find(name: string, client: ManagerClient): Promise<WireBucket | undefined> {
  try {
    const bucket = await client.buckets.get(name);
    if (bucket !== undefined) return bucket;
  } catch (error) {
    if (!(error instanceof ManagerError) || error.status !== 403) throw error;
  }
  const look = await lookAt(client, name);
  if (look.kind === "missing") return undefined;
  throw new Error(`bucket ${quoted(name)}: it is there, and OSCAR does not show it to these credentials`);
}

async function found(name: string, client: ManagerClient): Promise<WireBucket> {
  const bucket = await find(name, client);
  if (bucket === undefined)
    throw new Error(`bucket ${quoted(name)}: it is not there any more; a refresh sees that`);
  return bucket;
}
