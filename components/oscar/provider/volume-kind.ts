import { setTimeout as sleep } from "node:timers/promises";
import type { Properties } from "../../../provider";
import { quoted } from "../../messages";
import { volumeFaults } from "../resources/volume-checks";
import { ManagerError } from "../service/client/errors";
import type { ManagerClient } from "../service/client/manager-client";
import { firstWith } from "../service/version";
import type { ManagedVolume } from "../service/wire";
import { attempt, sayDoneAllTheSame, warnBeforehand } from "./attempt";
import type { Connection } from "./connection";
import { diffOf, inputFailures, markedAs, textIn } from "./known-inputs";
import { sameQuantity } from "./quantities";
import type { ResourceKind } from "./resource-kind";
import type { Fields } from "./service/shape";

const fields: Fields = { "name!": "text", "size!": "text" };

/** How long a deletion is waited for, where no `customTimeouts` say so. */
const goneSeconds = 300;

/**
 * `oscar:index:Volume`: a volume for services to mount by its name, from OSCAR 4.0, where volumes are switched on. It is a
 * claim with the access mode ReadWriteMany, in the namespace of the credentials: `oscar-svc` for the administrator.
 *
 * Costs its size all the time, of the cluster's storage class. It is not waited for until there is storage behind it: with
 * some classes that comes with the first pod. OSCAR cannot change a size: another one is another, empty volume, and the old
 * one goes first, with all that is on it; `protect` or `retainOnDelete` prevent it. Nobody can tell what is on a
 * volume, so a deletion is refused only while a service mounts it. One that is there is never taken over unasked:
 * `import` it by its name.
 */
export const volumeKind: ResourceKind = {
  check({ inputs }) {
    return { inputs, failures: inputFailures(inputs, fields, volumeFaults) };
  },

  diff(request) {
    const { replaces, ...diff } = diffOf(request, {
      name: { replaces: true },
      size: {
        replaces: true,
        same: (before, after) =>
          typeof before === "string" && typeof after === "string" && sameQuantity(before, after),
      },
    });
    if (replaces) {
      request.log.warning(
        `volume ${quoted(request.id)} is replaced by another, empty one, since OSCAR changes neither name nor size; what is on it goes`,
      );
    }
    // The new one may bear the same name.
    return { ...diff, deleteBeforeReplace: true };
  },

  async create({ inputs, preview, log, signal, timeoutSeconds }, connection) {
    if (preview) {
      await warnBeforehand(log, connection, () => areThere(connection));
      return { id: "", state: inputs };
    }
    await areThere(connection);
    const { client } = connection;
    const [name, size] = [textIn(inputs, "name") ?? "", textIn(inputs, "size") ?? ""];
    if ((await waitUntilGone(name, client, signal, timeoutSeconds)) !== undefined) throw taken(name);
    const doubt = await attempt(() => client.volumes.create({ name, size }));
    if (doubt instanceof ManagerError && doubt.status === 409) throw taken(name);
    const volume = await client.volumes.get(name).catch((error: unknown) => {
      throw doubt ?? error;
    });
    if (volume === undefined) {
      throw doubt ?? new Error(`volume ${quoted(name)}: OSCAR says that it is made, and it is not there`);
    }
    sayDoneAllTheSame(log, `volume ${quoted(name)}`, doubt);
    return { id: name, state: stateOf(inputs, volume) };
  },

  async read({ id, inputs }, connection) {
    const volume = await connection.client.volumes.get(id);
    // A Manager that does not know the path answers as if the volume were missing.
    if (volume === undefined) await areThere(connection);
    if (volume === undefined || isGoing(volume)) return undefined;
    const before = textIn(inputs, "size") ?? "";
    const { size = before } = volume;
    const found = markedAs(inputs, { name: id, size: sameQuantity(before, size) ? before : size });
    return { id, inputs: found, state: stateOf(found, volume) };
  },

  update({ inputs, oldState }) {
    // What differs is replaced, or written in another way: `1024Mi` for `1Gi`.
    return { ...inputs, ...(oldState["phase"] === undefined ? {} : { phase: oldState["phase"] }) };
  },

  async delete({ id, signal, timeoutSeconds }, connection) {
    const { client } = connection;
    const volume = await client.volumes.get(id);
    if (volume === undefined) return areThere(connection);
    const users = volume.attachments ?? [];
    if (users.length > 0) throw attached(id, users);
    const doubt = await attempt(() => client.volumes.delete(id));
    if (doubt instanceof ManagerError && doubt.status === 400) throw attached(id, []);
    const left = await waitUntilGone(id, client, signal, timeoutSeconds);
    if (left === undefined) return;
    throw (
      doubt ?? new Error(`volume ${quoted(id)}: OSCAR says that it is deleted, and it is there; try again`)
    );
  },
};

/** Waits for the end of one that is being deleted; gives one that stays. */
async function waitUntilGone(
  name: string,
  client: ManagerClient,
  signal: AbortSignal,
  seconds = goneSeconds,
): Promise<ManagedVolume | undefined> {
  const until = Date.now() + seconds * 1000;
  for (let pause = 100; ; pause = Math.min(2 * pause, 2000)) {
    const volume = await client.volumes.get(name);
    if (volume === undefined || !isGoing(volume)) return volume;
    if (Date.now() >= until || signal.aborted) {
      throw new Error(
        `volume ${quoted(name)}: it is being deleted, and not gone after ${seconds} s; a pod that uses it keeps it: look for one in the cluster, and try again`,
      );
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** Throws where this OSCAR has no volumes. */
async function areThere(connection: Connection): Promise<void> {
  const { volumes, version } = await connection.features();
  if (!volumes)
    throw new Error(`volumes: this OSCAR is ${version}; allowed: ${firstWith("volumes")} or later`);
  if (await connection.client.hasRoute("/system/volumes")) return;
  throw new Error(
    "volumes: this OSCAR has them switched off; allowed: one installed with them (VOLUME_ENABLE=true in its Manager's environment)",
  );
}

const isGoing = ({ status }: ManagedVolume): boolean =>
  status.phase === "deleting" || status.phase === "deleted";

const taken = (name: string): Error =>
  new Error(
    `volume ${quoted(name)}: there is one already; allowed: a name that is not taken, or the resource option import: ${quoted(name)}, by which this program takes it over`,
  );

function attached(name: string, users: NonNullable<ManagedVolume["attachments"]>): Error {
  const who =
    users.length === 0
      ? "a service mounts it"
      : users
          .map((each) => `service ${quoted(each.service_name)} mounts it at ${each.mount_path}`)
          .join(", ");
  return new Error(
    `volume ${quoted(name)}: it is not deleted, because ${who}; allowed: a volume that no service mounts (a service that has the name from this resource goes first)`,
  );
}

const stateOf = (inputs: Properties, { status: { phase } }: ManagedVolume): Properties => ({
  ...inputs,
  ...(phase === undefined ? {} : { phase }),
});
