import { isProperties, type Log, type Properties, type Value } from "../../../provider";
import { quoted } from "../../messages";
import { ManagerError } from "../service/client/errors";
import { firstWith } from "../service/version";
import { attempt, sayDoneAllTheSame, warnBeforehand } from "./attempt";
import type { Connection } from "./connection";
import { diffOf, markedAs, textIn } from "./known-inputs";
import { sameQuantity } from "./quantities";
import { actual, asked, inputsOf, quotaFailures, wireOf, type Bounds } from "./quota-inputs";
import type { ResourceKind } from "./resource-kind";

/**
 * `oscar:index:Quota`: what one user may take. From OSCAR 3.7, for the administrator. CPU, memory, disk and GPUs are
 * bounded by Kueue, volumes by OSCAR 4.0 where volumes are switched on, buckets from 4.1.
 *
 * Costs two readings and one change. The user has come at least once: OSCAR makes the bounds then, with its defaults. There is nothing to
 * make or to delete, so a creation sets what is asked for, over what was there, and a deletion leaves it, and says so. What
 * is left out is not touched, nor watched. `storagePerBucket` holds for the buckets that are there, too. OSCAR answers
 * success also for what it cannot set (a GPU that Kueue's queue does not know): what it has set is read, and an error says
 * what is not as it should be.
 *
 * The id has to be exact: OSCAR takes its first 7 characters for the user's namespace (pkg/utils/namespaces.go), so that a
 * slip behind those bounds the volumes of the right user under a wrong name.
 */
export const quotaKind: ResourceKind = {
  check({ inputs }, connection) {
    return { inputs, failures: quotaFailures(inputs, connection) };
  },

  diff(request) {
    const { replaces, ...diff } = diffOf(request, {
      user: { replaces: true },
      cpu: { same: sameAmounts },
      memory: { same: sameAmounts },
      ephemeralStorage: { same: sameAmounts },
      gpu: { same: sameAmounts },
      volumes: { same: sameAmounts },
      minio: { same: sameAmounts },
    });
    return diff;
  },

  async create({ inputs, preview, log }, connection) {
    if (preview) {
      await warnBeforehand(log, connection, () => areThere(connection));
      return { id: "", state: inputs };
    }
    const user = textIn(inputs, "user") ?? "";
    await set(user, inputs, connection, log);
    return { id: user, state: inputs };
  },

  async read({ id, inputs }, connection) {
    try {
      const quota = await connection.client.quotas.get(id);
      const [is, wanted] = [actual(quota, inputs), asked(inputs)];
      // An import has no inputs yet: then all bounds are read.
      const watched = Object.keys(inputs).length === 0 ? is : only(is, wanted);
      const found = markedAs(inputs, inputsOf(id, watched));
      return { id, inputs: found, state: found };
    } catch (error) {
      if (isUnknownUser(error)) return undefined;
      await areThere(connection);
      throw error;
    }
  },

  async update({ id, inputs, oldInputs, preview, log }, connection) {
    if (preview) return inputs;
    await set(id, inputs, connection, log);
    const [before, now] = [asked(oldInputs), asked(inputs)];
    const left = Object.keys(before).filter((place) => !(place in now));
    if (left.length > 0) {
      log.warning(
        `quota of ${quoted(id)}: OSCAR cannot take a bound away: ${told(before, left)} stays as it is`,
      );
    }
    return inputs;
  },

  delete({ id, state, log }) {
    const bounds = asked(state);
    log.warning(
      `quota of ${quoted(id)}: OSCAR cannot delete it: ${told(bounds, Object.keys(bounds))} stays as it is`,
    );
  },
};

async function set(user: string, inputs: Properties, connection: Connection, log: Log): Promise<void> {
  await areThere(connection);
  const { quotas } = connection.client;
  const doubt = await attempt(() => quotas.set(user, wireOf(inputs)));
  const quota = await quotas.get(user).catch((error: unknown) => {
    if (isUnknownUser(error)) throw unknownUser(user, error);
    throw doubt ?? error;
  });
  const [is, wanted] = [actual(quota, inputs), asked(inputs)];
  const wrong = Object.keys(wanted).filter((place) => is[place] !== wanted[place]);
  if (wrong.length > 0) {
    throw new Error(
      [
        ...wrong.map(
          (place) =>
            `quota of ${quoted(user)}: ${place} is ${is[place] ?? "not bounded"}, not ${wanted[place]}`,
        ),
        doubt?.message ?? "OSCAR says that it is set: does this OSCAR bound it (by Kueue, volumes or MinIO)?",
      ].join("\n"),
    );
  }
  sayDoneAllTheSame(log, `quota of ${quoted(user)}`, doubt);
}

/** Throws where this OSCAR has no quotas. */
async function areThere(connection: Connection): Promise<void> {
  const { quotas, version } = await connection.features();
  if (!quotas) throw new Error(`quotas: this OSCAR is ${version}; allowed: ${firstWith("quotas")} or later`);
  // Not that of the user: to read one makes bounds where there are none.
  if (await connection.client.hasRoute("/system/quotas/user")) return;
  throw new Error(
    "quotas: this OSCAR has none; allowed: one installed with Kueue or volumes (KUEUE_ENABLE=true or VOLUME_ENABLE=true in its Manager's environment)",
  );
}

/** What Kubernetes says of the user's queue, or of the bounds in their namespace. */
const isUnknownUser = (error: unknown): error is ManagerError =>
  error instanceof ManagerError && error.status === 500 && error.says("not found");

const unknownUser = (user: string, { text }: ManagerError): Error =>
  new Error(
    `quota of ${quoted(user)}: OSCAR does not know this user (${text}); allowed: the id of a user who has logged in to OSCAR once`,
  );

function sameAmounts(before: Value, after: Value): boolean {
  if (typeof before === "string" && typeof after === "string") return sameQuantity(before, after);
  if (!isProperties(before) || !isProperties(after)) return false;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].every((key) =>
    sameAmounts(before[key] ?? null, after[key] ?? null),
  );
}

const only = (bounds: Bounds, places: Bounds): Bounds =>
  Object.fromEntries(Object.entries(bounds).filter(([place]) => place in places));

const told = (bounds: Bounds, places: readonly string[]): string =>
  places.map((place) => `${place} ${bounds[place]}`).join(", ");
