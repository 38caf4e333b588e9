import type { Provider } from "../../provider";

/**
 * Any cloud, as far as a preview needs it: inputs are taken as they are, two equal sets of inputs are no change, what
 * is created gets an id. It computes no outputs, keeps no state of its own and refuses nothing.
 */
export function generalProvider(name: string, version: string): Provider {
  return {
    name,
    version,
    create: ({ name: logicalName, inputs, preview }) => ({
      id: preview ? "" : `${logicalName}-simulated`,
      state: inputs,
    }),
    invoke: () => ({}),
  };
}
