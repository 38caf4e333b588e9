import { randomBytes } from "node:crypto";
import {
  containsUnknown,
  isProperties,
  markSecrets,
  PartialFailure,
  reveal,
  revealAll,
  same,
  Secret,
  type CheckRequest,
  type CheckResult,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type DiffResult,
  type Properties,
  type Provider,
  type ReadRequest,
  type Resource,
  type UpdateRequest,
  type Value,
} from "../../../provider";
import { diffObjects, prune } from "./diff";
import { nameObject, normalizeInputs } from "./inputs";
import { inputsFromLive, pulumiManager, takeOver } from "./managed-fields";
import {
  annotation,
  at,
  describe,
  idOf,
  kindOfType,
  refFromId,
  refOf,
  textAt,
  without,
  withValue,
} from "./objects";
import { readinessOf } from "./readiness";
import { KubernetesError, type ObjectStore } from "./store";
import { waitUntilGone, waitUntilReady } from "./wait";

/**
 * A stand-in for Pulumi's own Kubernetes provider, for where its plugin cannot be had: creates by POST, updates by
 * server-side apply, waits until things are ready, and plans replacements by the same rules. Charts, YAML files,
 * Kustomize, `*Patch` and `*List` resources are not in it.
 */
export class KubernetesProvider implements Provider {
  readonly name = "kubernetes";

  constructor(
    private readonly store: ObjectStore,
    readonly version: string,
  ) {}

  /** Another kubeconfig is another cluster, unless `clusterIdentifier` says that it is the same one. */
  diffConfig({ oldInputs, inputs }: Pick<DiffRequest, "oldInputs" | "inputs">): DiffResult {
    const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(inputs)])].filter(
      (key) => !same(oldInputs[key], inputs[key]),
    );
    const identified =
      inputs["clusterIdentifier"] !== undefined && oldInputs["clusterIdentifier"] !== undefined;
    const decisive = identified
      ? ["clusterIdentifier"]
      : ["kubeconfig", "context", "cluster", "clusterIdentifier"];
    return {
      changes: keys.length > 0,
      detailed: Object.fromEntries(
        keys.map((key) => [key, { kind: "update", replaces: decisive.includes(key) }]),
      ),
    };
  }

  async check(request: CheckRequest): Promise<CheckResult> {
    const { type } = request;
    const { kind } = kindOfType(type);
    if (/(Patch|List)$/.test(kind) || /^kubernetes:(helm\.sh|yaml|kustomize)/.test(type)) {
      return {
        inputs: request.inputs,
        failures: [
          {
            property: "",
            reason: `the simulated Kubernetes provider has no ${type}; use the genuine one (--kubernetes genuine)`,
          },
        ],
      };
    }
    const { inputs, failures } = nameObject(normalizeInputs(request.inputs), request);
    if (failures.length > 0) return { inputs, failures };
    const info = await this.store.kind(textAt(inputs, "apiVersion") ?? "", textAt(inputs, "kind") ?? "");
    const needsNamespace = (info?.namespaced ?? true) && at(inputs, "metadata", "namespace") === undefined;
    return { inputs: needsNamespace ? withValue(inputs, ["metadata", "namespace"], "default") : inputs };
  }

  diff({ oldState, oldInputs, inputs, ignoreChanges }: DiffRequest): DiffResult {
    return diffObjects({
      kind: textAt(inputs, "kind") ?? "",
      live: liveOf(oldState),
      oldInputs,
      inputs,
      ignoreChanges,
    });
  }

  async create(request: CreateRequest): Promise<Resource> {
    const { inputs, preview } = request;
    const fieldManager = `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
    if (preview)
      return {
        id: "",
        state: await this.foresee(inputs, (object) =>
          this.store.create(object, { fieldManager, dryRun: true }),
        ),
      };
    const made = await this.store.create(revealAll(inputs), { fieldManager }).catch((error: unknown) => {
      throw named(error, inputs);
    });
    const waited = await waitUntilReady(made, inputs, { store: this.store, ...request });
    return this.result(waited, inputs, fieldManager);
  }

  async update(request: UpdateRequest): Promise<Properties> {
    const { inputs, oldState, oldInputs, ignoreChanges, preview } = request;
    const fieldManager = textAt(oldState, "__fieldManager") ?? "pulumi-kubernetes";
    const wanted = keepIgnored(revealAll(inputs), liveOf(oldState), ignoreChanges);
    const force = annotation(inputs, "pulumi.com/patchForce") === "true";
    if (preview) {
      return this.foresee(inputs, () =>
        this.store.apply(wanted, { fieldManager, dryRun: true, force: true }),
      );
    }
    const ref = refOf(wanted);
    try {
      const live = await this.store.get(ref);
      const managedFields = live === undefined ? undefined : takeOver(live, fieldManager);
      if (managedFields !== undefined) {
        await this.store.patch(
          ref,
          [{ op: "replace", path: "/metadata/managedFields", value: managedFields }],
          { fieldManager },
        );
      }
      const applied = await this.store.apply(wanted, { fieldManager, force });
      const waited = await waitUntilReady(applied, inputs, { store: this.store, ...request });
      return this.result(waited, inputs, fieldManager).state;
    } catch (error) {
      if (error instanceof PartialFailure) throw error;
      // The object is there, as it was or half changed: the state must say how it is now, and keep asking for the change.
      const live = (await this.store.get(ref).catch(() => undefined)) ?? liveOf(oldState);
      const reason = named(error, inputs).message;
      throw new PartialFailure(reason, {
        id: idOf(ref),
        state: state(live, oldInputs, fieldManager),
        inputs: oldInputs,
        reasons: [reason],
      });
    }
  }

  async read({ id, type, state: oldState, inputs: oldInputs }: ReadRequest) {
    const ref =
      Object.keys(oldInputs).length > 0 ? refOf(revealAll(oldInputs)) : { ...kindOfType(type), name: "" };
    const live = await this.store.get(refFromId(id, ref.apiVersion, ref.kind));
    if (live === undefined) return undefined;
    const adopted = Object.keys(oldInputs).length === 0;
    const inputs = adopted ? normalizeInputs(inputsFromLive(live)) : drifted(live, oldInputs);
    const fieldManager = textAt(oldState, "__fieldManager") ?? pulumiManager(live) ?? "pulumi-kubernetes";
    const result = { id, state: state(live, inputs, fieldManager), inputs };
    const readiness =
      annotation(inputs, "pulumi.com/skipAwait") === "true"
        ? { kind: "ready" }
        : await readinessOf(live, this.store);
    if (readiness.kind === "failed" && "why" in readiness && typeof readiness.why === "string") {
      throw new PartialFailure(readiness.why, { ...result, reasons: [readiness.why] });
    }
    return result;
  }

  async delete(request: DeleteRequest): Promise<void> {
    const object = liveOf(request.state);
    const wish = annotation(object, "pulumi.com/deletionPropagationPolicy");
    const policy = wish === "orphan" ? "Orphan" : wish === "background" ? "Background" : "Foreground";
    if (await this.store.delete(refOf(object), policy)) {
      await waitUntilGone(object, { store: this.store, ...request });
    }
  }

  invoke(token: string): Properties {
    throw new Error(
      `the simulated Kubernetes provider has no function ${token}; use the genuine one (--kubernetes genuine)`,
    );
  }

  /** What the API server would make of it; where it cannot say yet (no namespace, no rights), what was asked for. */
  private async foresee(
    inputs: Properties,
    ask: (object: Properties) => Promise<Properties>,
  ): Promise<Properties> {
    if (containsUnknown(inputs)) return inputs;
    try {
      return state(without(await ask(revealAll(inputs)), "status"), inputs, undefined);
    } catch (error) {
      if (error instanceof KubernetesError && [0, 403, 404, 409].includes(error.code)) return inputs;
      throw named(error, inputs);
    }
  }

  private result(
    waited: Awaited<ReturnType<typeof waitUntilReady>>,
    inputs: Properties,
    fieldManager: string,
  ): Resource {
    const id = idOf(refOf(waited.live));
    const now = state(waited.live, inputs, fieldManager);
    if (waited.kind === "not-ready")
      throw new PartialFailure(waited.why, { id, state: now, inputs, reasons: [waited.why] });
    return { id, state: now };
  }
}

/** What the state keeps of an object: all that is live, secret where the inputs are, and who owns its fields. */
function state(live: Properties, inputs: Properties, fieldManager: string | undefined): Properties {
  const marked = markSecrets(live, inputs);
  const object = isProperties(marked) ? marked : live;
  const secured =
    live["kind"] === "Secret" && object["data"] !== undefined
      ? { ...object, data: new Secret(reveal(object["data"])) }
      : object;
  return {
    ...secured,
    __inputs: inputs,
    __initialApiVersion: live["apiVersion"] ?? "",
    ...(fieldManager !== undefined && { __fieldManager: fieldManager }),
  };
}

function liveOf(state: Properties): Properties {
  return revealAll(without(state, "__inputs", "__initialApiVersion", "__fieldManager"));
}

/** The old inputs with the live values in their place, so that what someone else changed shows as a difference. */
function drifted(live: Properties, oldInputs: Properties): Properties {
  const pruned: Value = prune(live, oldInputs) ?? {};
  const marked = markSecrets(pruned, oldInputs);
  return isProperties(marked) ? marked : {};
}

/** A field whose changes are ignored keeps its live value. Paths without list indices only. */
function keepIgnored(wanted: Properties, live: Properties, ignored: readonly string[]): Properties {
  return ignored.reduce((object, path) => {
    const keys = path.split(".");
    const value = at(live, ...keys);
    return value === undefined ? object : withValue(object, keys, value);
  }, wanted);
}

/** The API server's refusal, with the object that it refused. */
function named(error: unknown, inputs: Properties): Error {
  const message = error instanceof Error ? error.message : String(error);
  const hint =
    error instanceof KubernetesError && error.reason === "AlreadyExists"
      ? "; an object of that name is not this stack's: import it, or give another name"
      : "";
  return new Error(`${describe(refOf(revealAll(inputs)))}: ${message}${hint}`);
}
