import { NotImplemented } from "./errors";
import type { DiffRequest, DiffResult, Provider } from "./provider";
import { same } from "./values";

/** The same provider with nothing left out: what it does not say itself is done as `Provider` promises. */
export function complete(provider: Provider): Required<Provider> {
  const { name, version } = provider;
  return {
    name,
    version,
    checkConfig: (request) => provider.checkConfig?.(request) ?? { inputs: request.inputs },
    diffConfig: (request) => provider.diffConfig?.(request) ?? diffByEquality(request),
    configure: (config) => provider.configure?.(config),
    check: (request) => provider.check?.(request) ?? { inputs: request.inputs },
    diff: (request) => provider.diff?.(request) ?? diffByEquality(request),
    create: (request) =>
      provider.create?.(request) ?? { id: request.preview ? "" : request.name, state: request.inputs },
    read: (request) =>
      // Not `??`: `undefined` is an answer.
      provider.read === undefined
        ? { id: request.id, state: request.state, inputs: request.inputs }
        : provider.read(request),
    update: (request) => provider.update?.(request) ?? request.inputs,
    delete: (request) => provider.delete?.(request),
    invoke: (token, args) => {
      if (provider.invoke === undefined) throw new NotImplemented(`${name} has no functions`);
      return provider.invoke(token, args);
    },
    construct: (type) => {
      provider.construct?.(type);
      throw new NotImplemented(`${name} has no component ${type}`);
    },
  };
}

/** Two equal sets of inputs are no change; a top-level input that differs is changed in place. */
export function diffByEquality({ oldInputs, inputs }: Pick<DiffRequest, "oldInputs" | "inputs">): DiffResult {
  const keys = new Set([...Object.keys(oldInputs), ...Object.keys(inputs)]);
  const different = [...keys].filter((key) => !same(oldInputs[key], inputs[key]));
  return {
    changes: different.length > 0,
    detailed: Object.fromEntries(
      different.map((key) => [
        key,
        { kind: !(key in oldInputs) ? "add" : !(key in inputs) ? "delete" : "update" },
      ]),
    ),
  };
}
