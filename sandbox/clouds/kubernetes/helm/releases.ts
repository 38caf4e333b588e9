import { messageOf } from "../../../../components/messages";
import {
  containsUnknown,
  markSecrets,
  revealAll,
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
import { refFromId, refOf, textAt, without } from "../objects";
import { contains, parsePath } from "../paths";
import type { ObjectStore } from "../store";
import { waitUntilGone } from "../wait";
import { defaultTimeoutSeconds, removeAll, Rollout } from "./rollout";
import { placesOf } from "./ownership";
import { recordsOf, toSecret } from "./record";
import { chartOf, checkpoint, foreseen, namesIn, releaseId } from "./state";

export const releaseType = "kubernetes:helm.sh/v3:Release";

/**
 * Releases of Helm's, of charts that are plain objects (template.ts): what is installed, kept, awaited, refused and undone
 * is what Helm installs, keeps, awaits, refuses and undoes. Hooks and tests are not run.
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
      const reason = messageOf(error);
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

  async create(request: CreateRequest): Promise<Resource> {
    const { inputs, preview } = request;
    if (preview) return { id: "", state: foreseen(inputs) };
    const { name, namespace } = namesIn(inputs);
    const [before] = await recordsOf(this.store, name, namespace);
    if (before !== undefined) throw new Error("cannot re-use a name that is still in use");
    const record = await new Rollout(this.store, request).run();
    return { id: releaseId(record), state: checkpoint(inputs, record) };
  }

  async update(request: UpdateRequest): Promise<Properties> {
    const { inputs, oldInputs, preview } = request;
    if (preview) return foreseen(inputs);
    const { name, namespace } = namesIn(inputs);
    const [newest, ...older] = await recordsOf(this.store, name, namespace);
    if (newest === undefined) throw new Error(`"${name}" has no deployed releases`);
    const before = { records: [newest, ...older], inputs: oldInputs } as const;
    return checkpoint(inputs, await new Rollout(this.store, request, before).run());
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
    // All are deleted before any is waited for: a claim stays while there are pods that use it.
    const gone = await removeAll(await placesOf(current, this.store), this.store);
    await Promise.all(gone.map((object) => waitUntilGone(object, { store: this.store, ...request })));
    for (const record of records) await this.store.delete(refOf(toSecret(record)), "Background");
  }
}
