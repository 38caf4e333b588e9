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
} from "../../../provider";
import { generalProvider } from "../general";
import { at, textAt, without, withValue } from "../kubernetes/objects";
import type { ClusterBackend } from "./backends";
import { googleError, type Behaviour } from "./behaviour";
import { bucket } from "./buckets";
import { cluster } from "./clusters";
import { diffInputs } from "./force-new";
import { answer } from "./functions";
import { account, bucketMember, projectMember, service } from "./identity";
import { isAutonamed, nameResource } from "./naming";
import { address, globalAddress, network, router, routerNat, subnetwork } from "./networks";
import { nodePool, nodePoolType } from "./node-pools";
import { lastPart, type Defaults } from "./places";
import type { ProjectStore, Resources } from "./project";

function behavioursOn(clusters: ClusterBackend): Readonly<Record<string, Behaviour>> {
  return {
    "gcp:compute/network:Network": network,
    "gcp:compute/subnetwork:Subnetwork": subnetwork,
    "gcp:compute/router:Router": router,
    "gcp:compute/routerNat:RouterNat": routerNat,
    "gcp:compute/globalAddress:GlobalAddress": globalAddress,
    "gcp:compute/address:Address": address,
    "gcp:container/cluster:Cluster": cluster(clusters),
    [nodePoolType]: nodePool(clusters),
    "gcp:serviceaccount/account:Account": account,
    "gcp:projects/iAMMember:IAMMember": projectMember,
    "gcp:projects/service:Service": service,
    "gcp:storage/bucket:Bucket": bucket,
    "gcp:storage/bucketIAMMember:BucketIAMMember": bucketMember,
  };
}

export interface GcpOptions {
  readonly store: ProjectStore;
  readonly clusters: ClusterBackend;
  readonly version: string;
}

/**
 * A Google Cloud project that is not there: keeps resources, gives them the ids and outputs that Google gives, and
 * refuses what Google refuses, as far as the program's own types go. Any other type keeps its inputs, and no more.
 */
export function gcpProvider({ store, clusters, version }: GcpOptions): Provider {
  const behaviours = behavioursOn(clusters);
  const general = complete(generalProvider("gcp", version));
  let defaults: Defaults = {};

  async function create(
    { urn, type, inputs: given, preview }: CreateRequest,
    behaviour: Behaviour,
  ): Promise<Resource> {
    if (preview) return { id: "", state: withUnknowns(plain(given), behaviour) };
    const inputs = revealAll(plain(given));
    return store.change(async (resources) => {
      const id = behaviour.id(inputs, defaults);
      if (resources[id] !== undefined && behaviour.exists) throw new Error(behaviour.exists(id, inputs));
      const others = allBut(id, resources);
      const wanted = { id, inputs, defaults, others };
      behaviour.refuse?.(wanted);
      const state = merged(inputs, behaviour.outputs?.(wanted) ?? {});
      await behaviour.create?.({ id, state, others, stack: stackOf(urn) });
      resources[id] = { type, name: nameIn(id, inputs, behaviour), state };
      return { id, state: marked(state, given) };
    });
  }

  async function update(request: UpdateRequest, behaviour: Behaviour): Promise<Properties> {
    const { id, type, inputs: given, preview } = request;
    const inputs = revealAll(plain(given));
    const known = computed(revealAll(request.oldState), revealAll(request.oldInputs));
    const state = merged(inputs, known);
    if (preview) return marked(state, given);
    return store.change(async (resources) => {
      if (resources[id] === undefined)
        throw new Error(googleError(404, `The resource '${id}' was not found`, "notFound"));
      refuseReplacement(request);
      const others = allBut(id, resources);
      behaviour.refuse?.({ id, inputs, defaults, others });
      await behaviour.update?.({ id, state, others });
      resources[id] = { type, name: nameIn(id, inputs, behaviour), state };
      return marked(state, given);
    });
  }

  async function remove({ id, state: kept }: DeleteRequest, behaviour: Behaviour): Promise<void> {
    const state = revealAll(kept);
    const policy = textAt(state, "deletionPolicy");
    if (policy === "ABANDON") return;
    if (policy === "PREVENT") {
      throw new Error(
        `cannot destroy "${id}" without setting deletion_policy="DELETE" and running \`terraform apply\``,
      );
    }
    const made = await store.change((resources) => {
      const found = { id, state, others: allBut(id, resources) };
      behaviour.refuseDeletion?.(found);
      for (const gone of [id, ...(behaviour.takesAlong?.(found) ?? [])]) delete resources[gone];
      return found;
    });
    await behaviour.delete?.(made);
  }

  return {
    name: "gcp",
    version,
    configure: (config) => {
      const [project, region, zone] = ["project", "region", "zone"].map((key) => textAt(config, key));
      defaults = { ...(project && { project }), ...(region && { region }), ...(zone && { zone }) };
    },
    check: (request) => {
      const naming = behaviours[request.type]?.naming;
      return naming === undefined ? general.check(request) : nameResource(request, naming);
    },
    diff: (request) => {
      const behaviour = behaviours[request.type];
      if (behaviour === undefined) return general.diff(request);
      const { naming } = behaviour;
      const autonamed =
        naming !== undefined && isAutonamed(request.inputs, naming) ? naming.property : undefined;
      return diffInputs({ ...request, autonamed });
    },
    create: (request) => {
      const behaviour = behaviours[request.type];
      return behaviour === undefined ? general.create(request) : create(request, behaviour);
    },
    read: async (request) => {
      if (behaviours[request.type] === undefined) return general.read(request);
      const found = (await store.read()).resources[request.id];
      if (found === undefined) return undefined;
      const { id, inputs } = request;
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
    invoke: (token, args) => answer(token, revealAll(args), defaults),
  };
}

/** `urn:pulumi:STACK::…` */
function stackOf(urn: string): string {
  return /^urn:pulumi:(.*?)::/.exec(urn)?.[1] ?? "";
}

/** Whoever skips the diff must not get what Google never does. */
function refuseReplacement(request: UpdateRequest): void {
  const { detailed = {} } = diffInputs({ ...request, autonamed: undefined });
  const [path] = Object.entries(detailed).find(([, { replaces }]) => replaces) ?? [];
  if (path !== undefined)
    throw new Error(`${request.id}: ${path} cannot be changed in place; it takes a new resource`);
}

/** Without what the program does not see. */
function plain(inputs: Properties): Properties {
  return without(inputs, "__defaults");
}

/** Outputs at the top are unknown by being absent. */
function withUnknowns(inputs: Properties, { nestedOutputs = [] }: Behaviour): Properties {
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

function nameIn(id: string, inputs: Properties, { naming }: Behaviour): string {
  return (naming && textAt(inputs, naming.property)) ?? lastPart(id);
}

function allBut(id: string, resources: Resources): Resources {
  return Object.fromEntries(Object.entries(resources).filter(([other]) => other !== id));
}
