import {
  complete,
  isProperties,
  markSecrets,
  revealAll,
  unknown,
  type CreateRequest,
  type DeleteRequest,
  type Properties,
  type Provider,
  type Resource,
  type UpdateRequest,
} from "../../provider";
import type { Behaviour } from "./behaviour";
import { generalProvider } from "./general";
import { at, textAt, without, withValue } from "./kubernetes/objects";
import { nameResource } from "./naming";
import { diffInputs, type DiffRules } from "./replacement";
import type { Resources, ResourceStore } from "./resource-store";

/** What makes one simulated cloud another than the next. `Place` is what its provider is configured with. */
export interface Cloud<Place> {
  /** The provider's: `gcp`. */
  readonly name: string;
  readonly version: string;
  readonly store: ResourceStore;
  /** By type token. Any other type keeps its inputs, and no more. */
  readonly behaviours: Readonly<Record<string, Behaviour<Place>>>;
  readonly diffs: DiffRules;
  place(config: Properties): Place;
  /** What it says of something to be changed that is not there. */
  notFound(id: string): string;
  /** Whether something is only forgotten, not deleted. Throws where it must not be either. */
  abandons?(id: string, state: Properties): boolean;
  /** What a function answers. An unknown one answers nothing. */
  answer(token: string, args: Properties, place: Place, resources: Resources): Properties;
}

/**
 * A cloud that is not there: keeps resources, gives them the ids and outputs that the cloud gives, and refuses what it
 * refuses, as far as the program's own types go.
 */
export function cloudProvider<Place>(cloud: Cloud<Place>): Provider {
  const { behaviours, diffs, store } = cloud;
  const general = complete(generalProvider(cloud.name, cloud.version));
  let defaults = cloud.place({});

  async function create(request: CreateRequest, behaviour: Behaviour<Place>): Promise<Resource> {
    const { urn, type, inputs: given, preview } = request;
    if (preview) return { id: "", state: withUnknowns(plain(given), behaviour) };
    const inputs = revealAll(plain(given));
    return store.change(async (resources) => {
      const id = behaviour.id(inputs, defaults);
      const key = keyOf(id, behaviour);
      const others = allBut(key, resources);
      if (resources[key] !== undefined) {
        const message = behaviour.exists?.(id, inputs, others);
        if (message !== undefined) throw new Error(message);
      }
      const wanted = { id, inputs, defaults, others, isNew: true };
      behaviour.refuse?.(wanted);
      const outputs = { ...behaviour.outputs?.(wanted), ...behaviour.derived?.(inputs) };
      const state = merged(inputs, outputs);
      await behaviour.create?.({ id, state, others, stack: stackOf(urn) });
      resources[key] = { type, name: nameIn(id, inputs, behaviour), state };
      return { id, state: marked(state, given) };
    });
  }

  async function update(request: UpdateRequest, behaviour: Behaviour<Place>): Promise<Properties> {
    const { id, type, inputs: given, preview } = request;
    const inputs = revealAll(plain(given));
    const known = computed(revealAll(request.oldState), revealAll(request.oldInputs));
    const state = merged(inputs, { ...known, ...behaviour.derived?.(inputs) });
    if (preview) return marked(state, given);
    return store.change(async (resources) => {
      const key = keyOf(id, behaviour);
      if (resources[key] === undefined) throw new Error(cloud.notFound(id));
      refuseReplacement(request, diffs);
      const others = allBut(key, resources);
      behaviour.refuse?.({ id, inputs, defaults, others, isNew: false });
      await behaviour.update?.({ id, state, others });
      resources[key] = { type, name: nameIn(id, inputs, behaviour), state };
      return marked(state, given);
    });
  }

  async function remove({ id, state: kept }: DeleteRequest, behaviour: Behaviour<Place>): Promise<void> {
    const state = revealAll(kept);
    if (cloud.abandons?.(id, state) === true) return;
    const made = await store.change((resources) => {
      const key = keyOf(id, behaviour);
      const found = { id, state, others: allBut(key, resources) };
      behaviour.refuseDeletion?.(found);
      for (const gone of [key, ...(behaviour.takesAlong?.(found) ?? [])]) delete resources[gone];
      return found;
    });
    await behaviour.delete?.(made);
  }

  return {
    name: cloud.name,
    version: cloud.version,
    configure: (config) => {
      defaults = cloud.place(config);
    },
    check: (request) => {
      const behaviour = behaviours[request.type];
      if (behaviour === undefined) return general.check(request);
      const { naming } = behaviour;
      const { inputs, failures } =
        naming === undefined ? { inputs: request.inputs, failures: [] } : nameResource(request, naming);
      return { inputs, failures: [...failures, ...(behaviour.validate?.(inputs) ?? [])] };
    },
    diff: (request) => {
      const behaviour = behaviours[request.type];
      if (behaviour === undefined) return general.diff(request);
      return diffInputs({ ...request, naming: behaviour.naming }, diffs);
    },
    create: (request) => {
      const behaviour = behaviours[request.type];
      return behaviour === undefined ? general.create(request) : create(request, behaviour);
    },
    read: async (request) => {
      const behaviour = behaviours[request.type];
      if (behaviour === undefined) return general.read(request);
      const { id, inputs, type } = request;
      const found = (await store.read()).resources[keyOf(id, behaviour)];
      if (found?.type !== type) return undefined;
      const imported = Object.keys(inputs).length === 0;
      return { id, state: marked(found.state, inputs), inputs: imported ? found.state : inputs };
    },
    update: (request) => {
      const behaviour = behaviours[request.type];
      return behaviour === undefined ? general.update(request) : update(request, behaviour);
    },
    delete: async (request) => {
      const behaviour = behaviours[request.type];
      if (behaviour !== undefined) await remove(request, behaviour);
    },
    invoke: async (token, args) =>
      cloud.answer(token, revealAll(args), defaults, (await store.read()).resources),
  };
}

/** `urn:pulumi:STACK::…` */
function stackOf(urn: string): string {
  return /^urn:pulumi:(.*?)::/.exec(urn)?.[1] ?? "";
}

function keyOf<Place>(id: string, behaviour: Behaviour<Place>): string {
  return behaviour.key?.(id) ?? id;
}

/** Whoever skips the diff must not get what the cloud never does. */
function refuseReplacement(request: UpdateRequest, rules: DiffRules): void {
  const { detailed = {} } = diffInputs({ ...request, naming: undefined }, rules);
  const [path] = Object.entries(detailed).find(([, { replaces }]) => replaces) ?? [];
  if (path !== undefined)
    throw new Error(`${request.id}: ${path} cannot be changed in place; it takes a new resource`);
}

/** Without what the program does not see. */
function plain(inputs: Properties): Properties {
  return without(inputs, "__defaults");
}

/** Outputs at the top are unknown by being absent. */
function withUnknowns<Place>(inputs: Properties, { nestedOutputs = [] }: Behaviour<Place>): Properties {
  return nestedOutputs
    .filter(([top = ""]) => isProperties(inputs[top]))
    .reduce<Properties>(
      (state, path) => (at(state, ...path) === undefined ? withValue(state, path, unknown) : state),
      inputs,
    );
}

/** Inputs and what is added to them, down to the leaves. */
function merged(inputs: Properties, outputs: Properties): Properties {
  const both = Object.entries(inputs).map(([key, input]) => {
    const output = outputs[key];
    return [key, isProperties(input) && isProperties(output) ? merged(input, output) : input] as const;
  });
  return { ...outputs, ...Object.fromEntries(both) };
}

/** Of a state, what did not come from the inputs. */
function computed(state: Properties, inputs: Properties): Properties {
  const added = Object.entries(state).flatMap(([key, value]) => {
    const input = inputs[key];
    if (input === undefined) return [[key, value] as const];
    return isProperties(value) && isProperties(input) ? [[key, computed(value, input)] as const] : [];
  });
  return Object.fromEntries(added);
}

function marked(state: Properties, inputs: Properties): Properties {
  const result = markSecrets(state, inputs);
  return isProperties(result) ? result : state;
}

function nameIn<Place>(id: string, inputs: Properties, { naming }: Behaviour<Place>): string {
  return textAt(inputs, naming?.property ?? "name") ?? id.split("/").at(-1) ?? id;
}

function allBut(key: string, resources: Resources): Resources {
  return Object.fromEntries(Object.entries(resources).filter(([other]) => other !== key));
}
