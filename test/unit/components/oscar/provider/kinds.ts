import { Connection } from "../../../../../components/oscar/provider/connection";
import type { ResourceKind } from "../../../../../components/oscar/provider/resource-kind";
import { ManagerClient } from "../../../../../components/oscar/service/client/manager-client";
import { unknown, type Properties } from "../../../../../provider";
import type { FakeManagerOptions, FakeUser } from "../../../../support/oscar-manager/fake-manager.js";
import { managed } from "../../../oscar-manager/playing.js";

export const ana: FakeUser = { token: "token-of-ana", uid: "ana0000000000000000@example", name: "Ana" };
export const ben: FakeUser = { token: "token-of-ben", uid: "ben0000000000000000@example", name: "Ben" };

/** A connection that does not wait between its tries. */
export const connected = (config: Properties): Connection =>
  new Connection(config, {
    connect: (options) => new ManagerClient({ ...options, retryDelaysMs: [1], settleDelaysMs: [1] }),
  });

export const byPassword = (endpoint: string): Connection =>
  connected({ endpoint, username: "oscar", password: "password" });
export const byToken = (endpoint: string, { token }: FakeUser): Connection => connected({ endpoint, token });

/** As in a preview where OSCAR is made in the same program. */
export const unknownYet = (): Connection => connected({ endpoint: unknown, password: unknown });

/** Where nothing listens. */
export const away = (): Connection => byPassword("http://127.0.0.1:1");

/** A resource as the state has it. */
export interface Kept {
  readonly id: string;
  readonly inputs: Properties;
  readonly state: Properties;
}

/** The operations of a kind as the engine asks for them; what is said to the user is in `said`. */
export function asking(kind: ResourceKind, connection: Connection) {
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const base = {
    urn: "urn:pulumi:test::project::oscar:index:Thing::thing",
    type: "oscar:index:Thing",
    name: "thing",
    log: { status: say, info: say, warning: say },
    signal: new AbortController().signal,
  };
  const change = { ...base, timeoutSeconds: undefined, preview: false, ignoreChanges: [] };
  return {
    said,
    faults: async (inputs: Properties, on: Connection | undefined = connection): Promise<string[]> => {
      const request = {
        ...base,
        inputs,
        oldInputs: undefined,
        randomSeed: new Uint8Array(),
        autonaming: undefined,
      };
      const { failures = [] } = await kind.check(request, on);
      return failures.map(({ property, reason }) => (property === "" ? reason : `${property}: ${reason}`));
    },
    diff: async ({ id, inputs, state }: Kept, wanted: Properties) =>
      kind.diff(
        { ...base, id, oldInputs: inputs, oldState: state, inputs: wanted, ignoreChanges: [] },
        connection,
      ),
    create: async (inputs: Properties, more: { preview?: boolean } = {}): Promise<Kept> => ({
      inputs,
      ...(await kind.create({ ...change, ...more, inputs }, connection)),
    }),
    read: async (id: string, { inputs, state }: Omit<Kept, "id"> = { inputs: {}, state: {} }) =>
      kind.read({ ...base, id, inputs, state }, connection),
    update: async ({ id, inputs, state }: Kept, wanted: Properties, more: { preview?: boolean } = {}) =>
      kind.update({ ...change, ...more, id, oldInputs: inputs, oldState: state, inputs: wanted }, connection),
    delete: async ({ id, inputs, state }: Kept, timeoutSeconds?: number) =>
      kind.delete({ ...base, id, inputs, state, timeoutSeconds }, connection),
  };
}

/** A fake Manager, and a kind that is asked for by the administrator. */
export async function cluster(kind: ResourceKind, options: FakeManagerOptions = {}) {
  const { manager, state, url } = await managed(options);
  return { manager, state, url, ...asking(kind, byPassword(url)) };
}

export { thrownBy } from "../service/client/server";
