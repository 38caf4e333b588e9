import type { Log } from "../../../provider";
import { quoted } from "../../messages";
import { allowedImagesFaults } from "../resources/allowed-images-checks";
import { firstWith } from "../service/version";
import { attempt, sayDoneAllTheSame, warnBeforehand } from "./attempt";
import type { Connection } from "./connection";
import { diffOf, inputFailures, listed, markedAs, sameSet, textsIn } from "./known-inputs";
import type { ResourceKind } from "./resource-kind";
import type { Fields } from "./service/shape";

const fields: Fields = { "repositories!": { list: "text" } };
/** A cluster has one list. */
const theId = "allowed-images";

/**
 * `oscar:index:AllowedImages`: what the images of services must have in their names, one text of a list. From OSCAR 4.0, for
 * the administrator, and one to a cluster.
 *
 * Costs nothing. OSCAR looks anywhere in the name and takes it as it is written: `docker.io/` does not allow `nginx`. An
 * empty list allows all images, and so is none: a list that was emptied is taken for deleted, and a deletion, which empties
 * it, says so in a warning. Services that are there stay, until they change. A list that is there and is another one is not
 * replaced unasked: `import` it as `allowed-images`.
 *
 * The Manager keeps it in the ConfigMap `config.yaml` of its own namespace and reads it before each service (grycap/oscar,
 * pkg/handlers/config.go), so it outlives the Manager's pods. `OscarCluster` with `allowedImages` makes the same object: a
 * program with both would write it in turns, so it must have one of them.
 */
export const allowedImagesKind: ResourceKind = {
  check({ inputs }, connection) {
    return {
      inputs,
      failures: inputFailures(inputs, fields, (plain) => [
        ...allowedImagesFaults(plain),
        ...loginFaults(connection),
      ]),
    };
  },

  diff(request) {
    const { replaces, ...diff } = diffOf(request, {
      repositories: { same: (before, after) => sameSet(listed(before), listed(after)) },
    });
    return diff;
  },

  async create({ inputs, preview, log }, connection) {
    const wanted = textsIn(inputs, "repositories");
    if (preview) {
      await warnBeforehand(log, connection, () => mayReplace(wanted, connection));
      return { id: "", state: inputs };
    }
    await mayReplace(wanted, connection);
    await write(wanted, connection, log);
    return { id: theId, state: inputs };
  },

  async read({ id, inputs }, connection) {
    if (id !== theId) throw new Error(`id: got ${quoted(id)}; allowed: ${theId}`);
    const list = await current(connection);
    if (list.length === 0) return undefined;
    const before = textsIn(inputs, "repositories");
    const found = markedAs(inputs, { repositories: sameSet(list, before) ? before : list });
    return { id, inputs: found, state: found };
  },

  async update({ inputs, preview, log }, connection) {
    if (!preview) await write(textsIn(inputs, "repositories"), connection, log);
    return inputs;
  },

  async delete({ log }, connection) {
    await write([], connection, log);
    log.warning("OSCAR now allows services with any image: the list of allowed ones is empty");
  },
};

const loginFaults = (connection: Connection | undefined): string[] =>
  connection?.isKnown === true && connection.login === "bearer"
    ? [
        "repositories: got a list from a user with a token; allowed: a provider with the administrator's password",
      ]
    : [];

/** The list as it is. Throws where this OSCAR has none. */
async function current(connection: Connection): Promise<string[]> {
  const { allowedImages, version } = await connection.features();
  if (!allowedImages) {
    throw new Error(
      `the list of allowed images: this OSCAR is ${version}; allowed: ${firstWith("allowedImages")} or later`,
    );
  }
  return (await connection.client.config()).allowed_image_repositories ?? [];
}

async function mayReplace(wanted: readonly string[], connection: Connection): Promise<void> {
  const list = await current(connection);
  if (list.length === 0 || sameSet(list, wanted)) return;
  throw new Error(
    `the list of allowed images: there is one already, ${list.map((each) => JSON.stringify(each)).join(", ")}; allowed: an OSCAR without one, or the resource option import: "${theId}", by which this program takes it over; where it is that of an OscarCluster (allowedImages), leave this resource out`,
  );
}

async function write(wanted: readonly string[], connection: Connection, log: Log): Promise<void> {
  const doubt = await attempt(() => connection.client.setConfig({ allowed_image_repositories: [...wanted] }));
  if (doubt === undefined) return;
  const list = await current(connection).catch(() => undefined);
  if (list === undefined || !sameSet(list, wanted)) throw doubt;
  sayDoneAllTheSame(log, "the list of allowed images", doubt);
}
