import {
  containsUnknown,
  isProperties,
  markSecrets,
  reveal,
  revealAll,
  Secret,
  unknown,
  type CheckRequest,
  type CheckResult,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type DiffResult,
  type Found,
  type Properties,
  type ReadRequest,
  type Resource,
  type UpdateRequest,
} from "../../../../provider";
import { differences } from "../../differences";
import { prune } from "../diff";
import { annotation, idOf, refFromId, refOf, textAt, without, withValue } from "../objects";
import { contains, parsePath } from "../paths";
import type { ObjectStore } from "../store";
import { waitUntilGone } from "../wait";
import { openChart, type Chart } from "./chart";
import { recordsOf, toSecret, type ReleaseRecord } from "./record";

export const releaseType = "kubernetes:helm.sh/v3:Release";

/** As in Pulumi's own provider. */
const defaultTimeoutSeconds = 300;
const fieldManager = "helm";
/** What Helm marks its objects with. */
const owner = { name: "meta.helm.sh/release-name", namespace: "meta.helm.sh/release-namespace" };

/**
 * Releases of Helm's, of charts that are plain objects (chart.ts): what is installed, kept, refused and undone is what
 * Helm installs, keeps, refuses and undoes. Hooks and tests are not run, and nothing is waited for: the sandbox's charts
 * have nothing that becomes ready.
 */
export class HelmReleases {
  constructor(
    private readonly store: ObjectStore,
    private readonly defaultNamespace: string,
  ) {}

  check({ inputs, oldInputs, name, randomSeed }: CheckRequest): CheckResult {
    const made = `${name}-${Buffer.from(randomSeed).subarray(0, 4).toString("hex")}`;
    const complete: Properties = {
      namespace: this.defaultNamespace,
      timeout: defaultTimeoutSeconds,
      name: textAt(oldInputs, "name") ?? made,
      ...without(inputs, "compat", "resourceNames"),
    };
    if (containsUnknown(complete)) return { inputs: complete };
    try {
      return { inputs: { ...complete, version: chartOf(complete).metadata.version } };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { inputs: complete, failures: [{ property: "chart", reason }] };
    }
  }

  diff({ oldState, oldInputs, inputs, ignoreChanges }: DiffRequest): DiffResult {
    const before = prune(revealAll(without(oldState, "__inputs")), oldInputs) ?? {};
    const ignored = ignoreChanges.map(parsePath);
    const changes = [...differences(before, inputs)].filter(
      ([path]) => !ignored.some((outer) => contains(outer, parsePath(path))),
    );
    return {
      changes: changes.length > 0,
      detailed: Object.fromEntries(
        changes.map(([path, kind]) => [path, { kind, replaces: path === "name" || path === "namespace" }]),
      ),
    };
  }

  async create({ inputs, preview }: CreateRequest): Promise<Resource> {
    if (preview) return { id: "", state: foreseen(inputs) };
    const { name, namespace } = namesIn(inputs);
    const [before] = await recordsOf(this.store, name, namespace);
    if (before !== undefined) throw new Error("cannot re-use a name that is still in use");
    const record = await this.deploy(inputs);
    return { id: `${namespace}/${name}`, state: checkpoint(inputs, record) };
  }

  async update({ inputs, preview }: UpdateRequest): Promise<Properties> {
    if (preview) return foreseen(inputs);
    const { name, namespace } = namesIn(inputs);
    const [before] = await recordsOf(this.store, name, namespace);
    if (before === undefined) throw new Error(`"${name}" has no deployed releases`);
    return checkpoint(inputs, await this.deploy(inputs, before));
  }

  async read({ id, inputs: oldInputs }: ReadRequest): Promise<Found | undefined> {
    const { name, namespace = this.defaultNamespace } = refFromId(id, "", "");
    const [record] = await recordsOf(this.store, name, namespace);
    if (record === undefined) return undefined;
    const imported = Object.keys(oldInputs).length === 0;
    const values = markSecrets(record.values, oldInputs["values"]);
    const live = { name, namespace, version: record.chart.version, values };
    const inputs = imported
      ? { ...live, chart: record.chart.name, timeout: defaultTimeoutSeconds }
      : oldInputs;
    return { id, inputs, state: checkpoint({ ...inputs, ...live }, record, inputs) };
  }

  async delete({ state, ...request }: DeleteRequest): Promise<void> {
    const { name, namespace } = namesIn(state);
    const records = await recordsOf(this.store, name, namespace);
    const [current] = records;
    if (current === undefined) throw new Error(`uninstall: Release not loaded: ${name}: release: not found`);
    for (const object of [...current.objects].reverse()) {
      const live = await this.store.get(refOf(object));
      if (live === undefined || annotation(live, "helm.sh/resource-policy") === "keep") continue;
      await this.store.delete(refOf(live), "Background");
      await waitUntilGone(live, { store: this.store, ...request });
    }
    for (const record of records) await this.store.delete(refOf(toSecret(record)), "Background");
  }

  /** Makes a release's objects what its chart says, and writes that down. Where that fails at first, nothing stays. */
  private async deploy(inputs: Properties, before?: ReleaseRecord): Promise<ReleaseRecord> {
    const { name, namespace } = namesIn(inputs);
    const chart = chartOf(inputs);
    const objects = await Promise.all(
      chart.render({ name, namespace }).map((object) => this.owned(object, { name, namespace })),
    );
    const made: Properties[] = [];
    const record: ReleaseRecord = {
      name,
      namespace,
      revision: (before?.revision ?? 0) + 1,
      status: "deployed",
      chart: chart.metadata,
      values: valuesIn(inputs),
      objects,
    };
    try {
      for (const object of objects) {
        await this.refuseForeign(object, { name, namespace });
        await this.apply(object);
        made.push(object);
      }
      await this.apply(toSecret(record));
    } catch (error) {
      if (before === undefined)
        for (const object of made) await this.store.delete(refOf(object), "Background");
      throw error;
    }
    if (before !== undefined) {
      const kept = new Set(objects.map((object) => keyOf(object)));
      const gone = before.objects.filter((object) => !kept.has(keyOf(object)));
      for (const object of gone) await this.store.delete(refOf(object), "Background");
      await this.apply(toSecret({ ...before, status: "superseded" }));
    }
    return record;
  }

  /** An object in its namespace, with Helm's marks. */
  private async owned(
    object: Properties,
    release: { readonly name: string; readonly namespace: string },
  ): Promise<Properties> {
    const { apiVersion, kind, name } = refOf(object);
    const info = await this.store.kind(apiVersion, kind);
    if (info === undefined) {
      throw new Error(
        `unable to build kubernetes objects from release manifest: resource mapping not found for name: "${name}": no matches for kind "${kind}" in version "${apiVersion}"; ensure CRDs are installed first`,
      );
    }
    const marks = [
      ["labels", "app.kubernetes.io/managed-by", "Helm"],
      ["annotations", owner.name, release.name],
      ["annotations", owner.namespace, release.namespace],
      ...(info.namespaced
        ? [["namespace", textAt(object, "metadata", "namespace") ?? release.namespace]]
        : []),
    ];
    return marks.reduce(
      (marked, mark) => withValue(marked, ["metadata", ...mark.slice(0, -1)], mark.at(-1) ?? ""),
      object,
    );
  }

  private async refuseForeign(
    object: Properties,
    release: { readonly name: string; readonly namespace: string },
  ): Promise<void> {
    const ref = refOf(object);
    const live = await this.store.get(ref);
    // In memory some things are only thought to be there, and no one has made them.
    if (live === undefined || textAt(live, "metadata", "uid") === undefined) return;
    const isOurs =
      annotation(live, owner.name) === release.name &&
      annotation(live, owner.namespace) === release.namespace;
    if (isOurs) return;
    throw new Error(
      `Unable to continue with install: ${ref.kind} "${ref.name}" in namespace "${ref.namespace ?? ""}" exists and cannot be imported into the current release: invalid ownership metadata`,
    );
  }

  private apply(object: Properties): Promise<Properties> {
    return this.store.apply(object, { fieldManager, force: true });
  }
}

function chartOf(inputs: Properties): Chart {
  return openChart(textAt(inputs, "chart") ?? "", textAt(inputs, "version") ?? "");
}

function namesIn(properties: Properties): { name: string; namespace: string } {
  return { name: textAt(properties, "name") ?? "", namespace: textAt(properties, "namespace") ?? "" };
}

function valuesIn(inputs: Properties): Properties {
  const values = reveal(inputs["values"] ?? {});
  return isProperties(values) ? values : {};
}

function keyOf(object: Properties): string {
  const ref = refOf(object);
  return `${ref.apiVersion} ${ref.kind} ${idOf(ref)}`;
}

/** What a preview cannot know, it does not say. */
function foreseen(inputs: Properties): Properties {
  return { ...inputs, status: unknown, resourceNames: unknown, __inputs: new Secret(inputs) };
}

/** What the state keeps: what was asked for, where its secrets are marked, and what became of it. */
function checkpoint(asked: Properties, record: ReleaseRecord, inputs: Properties = asked): Properties {
  const { chart, name, namespace, revision, status, objects } = record;
  const resourceNames: Record<string, string[]> = {};
  for (const object of objects) {
    const { apiVersion, kind, ...ref } = refOf(object);
    const [group, version] = apiVersion.split("/");
    const key = `${version === undefined ? kind : `${kind}.${group}`}/${apiVersion}`;
    resourceNames[key] = [...(resourceNames[key] ?? []), idOf({ apiVersion, kind, ...ref })];
  }
  return {
    ...asked,
    status: {
      name,
      namespace,
      revision,
      status,
      chart: chart.name,
      version: chart.version,
      appVersion: chart.appVersion,
    },
    resourceNames,
    __inputs: new Secret(inputs),
  };
}
