import { afterEach } from "vitest";
import { oscarProvider } from "../../../../../components/oscar/provider/oscar-provider";
import { ManagerClient } from "../../../../../components/oscar/service/client/manager-client";
import {
  complete,
  PartialFailure,
  type DiffResult,
  type Properties,
  type ResourceRequest,
} from "../../../../../provider";
import { FakeManager, type FakeManagerOptions } from "../../../../../sandbox/oscar-manager/fake-manager.js";

const type = "oscar:index:Service";
const running: FakeManager[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((manager) => manager.stop()));
});

/** What the engine keeps of a resource. */
export interface Kept {
  readonly id: string;
  readonly inputs: Properties;
  readonly state: Properties;
}

/** One visit of an engine: a provider of its own, and what it says. */
export function visit(config: Properties, signal = new AbortController().signal) {
  const told: string[] = [];
  const provider = complete(
    oscarProvider({
      connect: (options) =>
        new ManagerClient({
          ...options,
          timeoutMs: 3000,
          retryDelaysMs: [0],
          settleDelaysMs: [0, 0],
          restartDelaysMs: [5, 10],
        }),
      pauses: { pollMs: 5, settleMs: 5, volumeWaitMs: 200 },
    }),
  );
  const about = (name: string): ResourceRequest => ({
    urn: `urn:pulumi:test::project::${type}::${name}`,
    type,
    name,
    log: {
      status: () => undefined,
      info: (message) => told.push(`info: ${message}`),
      warning: (message) => told.push(`warning: ${message}`),
    },
    signal,
  });
  void provider.configure(config);

  const check = async (name: string, inputs: Properties, old?: Kept) =>
    provider.check({
      ...about(name),
      inputs,
      oldInputs: old?.inputs,
      randomSeed: new Uint8Array(),
      autonaming: undefined,
    });
  /** The checked inputs; faults are thrown as the engine tells them. */
  const checked = async (name: string, inputs: Properties, old?: Kept): Promise<Properties> => {
    const { inputs: found, failures = [] } = await check(name, inputs, old);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    return found;
  };
  const diff = async (name: string, old: Kept, inputs: Properties): Promise<DiffResult> =>
    provider.diff({
      ...about(name),
      id: old.id,
      oldState: old.state,
      oldInputs: old.inputs,
      inputs,
      ignoreChanges: [],
    });
  const remove = async (name: string, old: Kept): Promise<void> =>
    provider.delete({ ...about(name), ...old, timeoutSeconds: undefined });

  /** What `pulumi up` or, with `preview`, `pulumi preview` does to one resource. */
  async function apply(name: string, inputs: Properties, old?: Kept, preview = false) {
    const found = await checked(name, inputs, old);
    const request = { ...about(name), inputs: found, preview, timeoutSeconds: undefined };
    if (old !== undefined) {
      const { changes, deleteBeforeReplace } = await diff(name, old, found);
      if (!changes) return { ...old, inputs: found, step: "same" };
      if (deleteBeforeReplace !== true) {
        const state = await provider.update({
          ...request,
          id: old.id,
          oldState: old.state,
          oldInputs: old.inputs,
          ignoreChanges: [],
        });
        return { id: old.id, inputs: found, state, step: "update" };
      }
      if (!preview) await remove(name, old);
    }
    const made = await provider.create(request);
    return { ...made, inputs: found, step: old === undefined ? "create" : "replace" };
  }

  return {
    told,
    provider,
    about,
    check,
    diff,
    up: (name: string, inputs: Properties, old?: Kept) => apply(name, inputs, old),
    preview: (name: string, inputs: Properties, old?: Kept) => apply(name, inputs, old, true),
    /** The next try after a partial failure, for which the engine asks without a difference. */
    retry: async (name: string, old: Kept): Promise<Properties> =>
      provider.update({
        ...about(name),
        ...{ id: old.id, inputs: old.inputs, oldInputs: old.inputs, oldState: old.state },
        ignoreChanges: [],
        preview: false,
        timeoutSeconds: undefined,
      }),
    refresh: async (name: string, old: Kept) => provider.read({ ...about(name), ...old }),
    import: async (name: string, id: string) => provider.read({ ...about(name), id, inputs: {}, state: {} }),
    remove,
  };
}

/** A fake Manager, and visits to it; for a real one, address and credentials are all that differs. */
export async function here(options: FakeManagerOptions = {}) {
  const manager = new FakeManager(options);
  running.push(manager);
  const { url } = await manager.start();
  const config = { endpoint: url, username: "oscar", password: "password" };
  return {
    manager,
    state: manager.state,
    url,
    config,
    visit: (more: Properties = {}, signal?: AbortSignal) => visit({ ...config, ...more }, signal),
    /** The requests since the last time this was asked for. */
    calls: () => manager.calls.splice(0).map(({ method, path }) => `${method} ${path}`),
  };
}

/** Does something once, at the moment when such a request comes in. */
export function when(manager: FakeManager, request: string, act: () => void): void {
  const { calls } = manager;
  const push = calls.push.bind(calls);
  calls.push = (...all) => {
    if (all.some(({ method, path }) => `${method} ${path}` === request)) {
      calls.push = push;
      act();
    }
    return push(...all);
  };
}

/** The message of what is thrown. */
export async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("nothing was thrown");
}

/** What the engine keeps after a partial failure. */
export async function partial(
  work: Promise<unknown>,
): Promise<Kept & { readonly reasons: readonly string[] }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PartialFailure) return error.made;
    throw error;
  }
  throw new Error("nothing was thrown");
}

export const script = "#!/bin/sh\necho hello\n";
export const plain = { image: "nginx:1.27", script };
export const exposed = { ...plain, expose: { apiPort: 80 } };
