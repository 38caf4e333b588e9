import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  containsUnknown,
  PartialFailure,
  revealAll,
  type CheckRequest,
  type CheckResult,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type DiffResult,
  type Found,
  type Properties,
  type Provider,
  type ReadRequest,
  type Resource,
  type UpdateRequest,
} from "../../../provider";
import { checkpoint, drifted, fieldManagerOf, keepIgnored, liveOf } from "./checkpoint";
import { diffObjects, withReplacement } from "./diff";
import { HelmReleases, releaseType } from "./helm/releases";
import { nameObject, normalizeInputs } from "./inputs";
import { clusterChoice, diffClusters, type ClusterChoice } from "./kubeconfig";
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
import { absent, absentOptions, absentType, explain, isOn } from "./refusals";
import { KubernetesError, type ObjectStore } from "./store";
import { checkWaitRules, waitRules } from "./wait-for";
import { waitUntilGone, waitUntilReady, type Waited } from "./wait";

/** The store of the cluster that a provider's configuration names. */
export type StoreOf = (cluster: ClusterChoice) => ObjectStore;

/** For what has to be there first and comes at the same time: a namespace, a custom resource's definition. */
const retryDelaysSeconds = [1, 2, 4, 8, 16];

/**
 * A stand-in for Pulumi's own Kubernetes provider, for where its plugin cannot be had: creates by POST, updates by
 * server-side apply, waits until things are ready, and plans replacements by the same rules. Releases of Helm's are in it
 * as far as their charts are plain objects (helm/); YAML files, Kustomize, `*Patch` and `*List` resources are not.
 */
export class KubernetesProvider implements Provider {
  readonly name = "kubernetes";
  private config: Properties = {};
  private opened: ObjectStore | undefined;

  constructor(
    private readonly stores: ObjectStore | StoreOf,
    readonly version: string,
  ) {}

  configure(config: Properties): void {
    this.config = config;
    this.opened = undefined;
  }

  /** Opened at the first use: a cluster that is not there yet is no fault of the configuration. */
  private get store(): ObjectStore {
    this.opened ??= typeof this.stores === "function" ? this.stores(clusterChoice(this.config)) : this.stores;
    return this.opened;
  }

  checkConfig({ inputs }: CheckRequest): CheckResult {
    return { inputs, failures: absentOptions(inputs) };
  }

  diffConfig(request: DiffRequest): DiffResult {
    return diffClusters(request);
  }

  private get namespace(): string {
    return textAt(this.config, "namespace") ?? this.store.defaultNamespace ?? "default";
  }

  private get releases(): HelmReleases {
    return new HelmReleases(this.store, this.namespace);
  }

  async check(request: CheckRequest): Promise<CheckResult> {
    if (request.type === releaseType) return this.releases.check(request);
    const absent = absentType(request.type);
    if (absent.length > 0) return { inputs: request.inputs, failures: absent };
    const { inputs, failures } = nameObject(normalizeInputs(request.inputs), request);
    const faults = [...failures, ...checkWaitRules(inputs)];
    if (faults.length > 0) return { inputs, failures: faults };
    const info = await this.store.kind(textAt(inputs, "apiVersion") ?? "", textAt(inputs, "kind") ?? "");
    if (info?.namespaced === false || at(inputs, "metadata", "namespace") !== undefined) return { inputs };
    return { inputs: withValue(inputs, ["metadata", "namespace"], this.namespace) };
  }

  async diff(request: DiffRequest): Promise<DiffResult> {
    if (request.type === releaseType) return this.releases.diff(request);
    const { oldState, oldInputs, inputs, ignoreChanges } = request;
    const diff = diffObjects({
      live: liveOf(oldState),
      oldInputs,
      inputs,
      ignoreChanges,
      mutable: {
        configMaps: isOn(this.config["enableConfigMapMutable"]),
        secrets: isOn(this.config["enableSecretMutable"]),
      },
    });
    const unready = "pulumi.com/replaceUnready";
    if (annotation(inputs, unready) !== "true" || textAt(inputs, "kind") !== "Job" || !this.store.live)
      return diff;
    const live = await this.store.get(refOf(liveOf(oldState)));
    if (live === undefined || (await readinessOf(live, this.store)).kind === "ready") return diff;
    const path = `metadata.annotations["${unready}"]`;
    const detailed = { ...diff.detailed, [path]: { kind: "update", replaces: true } as const };
    return withReplacement({ changes: true, detailed }, oldInputs, inputs);
  }

  async create(request: CreateRequest): Promise<Resource> {
    if (request.type === releaseType) return this.releases.create(request);
    const { inputs, preview } = request;
    // Stable for the object's life, and no one else's: what another manager sets is a conflict, not overwritten.
    const fieldManager = `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
    if (preview) {
      const state = await this.foresee(inputs, (object) =>
        this.store.create(object, { fieldManager, dryRun: true }),
      );
      return { id: "", state };
    }
    const made = await this.post(request, fieldManager);
    return this.settled(made, request, fieldManager);
  }

  async update(request: UpdateRequest): Promise<Properties> {
    if (request.type === releaseType) return this.releases.update(request);
    const { inputs, oldState, oldInputs, ignoreChanges, preview } = request;
    const fieldManager = fieldManagerOf(oldState);
    const now = ignoreChanges.length > 0 ? await this.store.get(refOf(inputs)) : undefined;
    const wanted = keepIgnored(revealAll(inputs), now ?? liveOf(oldState), ignoreChanges, fieldManager);
    if (preview) {
      return this.foresee(inputs, () =>
        this.store.apply(wanted, { fieldManager, dryRun: true, force: true }),
      );
    }
    let applied: Properties;
    try {
      applied = await this.apply(wanted, fieldManager);
    } catch (error) {
      // The object is as it was, or half changed: the state must say how it is now, and keep asking for the change.
      const live = (await this.store.get(refOf(wanted)).catch(() => undefined)) ?? liveOf(oldState);
      const reason = explain(error, inputs).message;
      throw new PartialFailure(reason, {
        id: idOf(refOf(wanted)),
        state: checkpoint(live, oldInputs, fieldManager),
        inputs: oldInputs,
        reasons: [reason],
      });
    }
    return (await this.settled(applied, request, fieldManager)).state;
  }

  async read(request: ReadRequest): Promise<Found | undefined> {
    if (request.type === releaseType) return this.releases.read(request);
    const { id, type, state: oldState, inputs: oldInputs } = request;
    const imported = Object.keys(oldInputs).length === 0;
    const { apiVersion, kind } = imported ? kindOfType(type) : refOf(oldInputs);
    const live = await this.store.get(refFromId(id, apiVersion, kind));
    if (live === undefined) return undefined;
    const inputs = imported ? normalizeInputs(inputsFromLive(live)) : drifted(live, oldInputs);
    const fieldManager =
      textAt(oldState, "__fieldManager") ?? pulumiManager(live) ?? fieldManagerOf(oldState);
    const found = { id, state: checkpoint(live, inputs, fieldManager), inputs };
    if (!this.store.live || waitRules(inputs).skip) return found;
    const readiness = await readinessOf(live, this.store);
    if (readiness.kind === "ready" || (readiness.kind === "waiting" && kind === "PersistentVolumeClaim"))
      return found;
    const why = `${describe(refOf(live))}: ${readiness.why}`;
    throw new PartialFailure(why, { ...found, reasons: [why] });
  }

  async delete(request: DeleteRequest): Promise<void> {
    if (request.type === releaseType) return this.releases.delete(request);
    const object = liveOf(request.state);
    const wish = annotation(object, "pulumi.com/deletionPropagationPolicy");
    const policy = wish === "orphan" ? "Orphan" : wish === "background" ? "Background" : "Foreground";
    if (await this.store.delete(refOf(object), policy)) {
      await waitUntilGone(object, { store: this.store, ...request });
    }
  }

  invoke(token: string): Properties {
    throw absent(`function ${token}`);
  }

  construct(type: string): never {
    throw absent(type);
  }

  /** What the API server would make of it; where it cannot say yet (no namespace, no rights), what was asked for. */
  private async foresee(
    inputs: Properties,
    ask: (object: Properties) => Promise<Properties>,
  ): Promise<Properties> {
    if (containsUnknown(inputs)) return inputs;
    try {
      return checkpoint(without(await ask(revealAll(inputs)), "status"), inputs);
    } catch (error) {
      if (error instanceof KubernetesError && [403, 404, 409].includes(error.code)) return inputs;
      throw explain(error, inputs);
    }
  }

  private async post({ inputs, log, signal }: CreateRequest, fieldManager: string): Promise<Properties> {
    const object = revealAll(inputs);
    for (const delay of [...retryDelaysSeconds, undefined]) {
      try {
        return await this.store.create(object, { fieldManager });
      } catch (error) {
        const notYet = error instanceof KubernetesError && error.code === 404;
        if (!notYet || delay === undefined || signal.aborted) throw explain(error, inputs);
        log.status(`${error.message}; trying again`);
        await sleep(delay * 1000, undefined, { signal }).catch(() => undefined);
      }
    }
    throw new Error(`${describe(refOf(object))}: was not created`);
  }

  private async apply(wanted: Properties, fieldManager: string): Promise<Properties> {
    const ref = refOf(wanted);
    const live = await this.store.get(ref);
    const managedFields = live === undefined ? undefined : takeOver(live, fieldManager);
    if (managedFields !== undefined) {
      const operation = { op: "replace", path: "/metadata/managedFields", value: managedFields };
      await this.store.patch(ref, [operation], { fieldManager });
    }
    const force = annotation(wanted, "pulumi.com/patchForce") === "true";
    return this.store.apply(wanted, { fieldManager, force });
  }

  /** The object is there: from here on, whatever goes wrong, the state must know of it. */
  private async settled(made: Properties, request: CreateRequest, fieldManager: string): Promise<Resource> {
    const { inputs } = request;
    const waited = await waitUntilReady(made, inputs, { store: this.store, ...request }).catch(
      (error: unknown): Waited => ({ kind: "not-ready", live: made, why: explain(error, inputs).message }),
    );
    const id = idOf(refOf(waited.live));
    const state = checkpoint(waited.live, inputs, fieldManager);
    if (waited.kind === "ready") return { id, state };
    throw new PartialFailure(waited.why, { id, state, inputs, reasons: [waited.why] });
  }
}
