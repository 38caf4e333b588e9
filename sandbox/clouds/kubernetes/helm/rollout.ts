import { messageOf } from "../../../../components/messages";
import { PartialFailure, type CreateRequest, type Properties } from "../../../../provider";
import { redact } from "../checkpoint";
import { annotation, at, idOf, refOf } from "../objects";
import type { ObjectStore } from "../store";
import { ownedBy, placesOf, refuseForeign } from "./ownership";
import { toSecret, type ReleaseRecord } from "./record";
import { chartOf, checkpoint, namesIn, releaseId, valuesIn } from "./state";
import { waitUntilUp } from "./until-up";

/** As in Pulumi's own provider. */
export const defaultTimeoutSeconds = 300;
const fieldManager = "helm";

/** What a release was before, for an upgrade. */
export interface Before {
  /** All revisions, the newest first. */
  readonly records: readonly [ReleaseRecord, ...ReleaseRecord[]];
  readonly inputs: Properties;
}

/**
 * Makes a release's objects what its chart says, waits until they are up, and writes that down: what Helm does for one
 * install or one upgrade. What goes wrong is undone where the release is `atomic`.
 */
export class Rollout {
  private readonly inputs: Properties;
  private readonly release: { readonly name: string; readonly namespace: string };

  constructor(
    private readonly store: ObjectStore,
    private readonly request: CreateRequest,
    private readonly before?: Before,
  ) {
    this.inputs = request.inputs;
    this.release = namesIn(request.inputs);
  }

  async run(): Promise<ReleaseRecord> {
    const record = this.render();
    const objects = await ownedBy(record, this.store);
    for (const object of objects) await refuseForeign(object, this.release, this.store);
    try {
      await this.change(this.deployed ?? this.before?.records[0], objects, this.inputs["skipAwait"] !== true);
    } catch (error) {
      throw await this.failure(record, error);
    }
    await this.write(record);
    if (this.deployed !== undefined) await this.write({ ...this.deployed, status: "superseded" });
    return record;
  }

  /** The revision that is to go on being there if this one cannot be. */
  private get deployed(): ReleaseRecord | undefined {
    return this.before?.records.find(({ status }) => status === "deployed");
  }

  private render(): ReleaseRecord {
    const chart = chartOf(this.inputs);
    const values = valuesIn(this.inputs);
    return {
      ...this.release,
      revision: (this.before?.records[0].revision ?? 0) + 1,
      status: "deployed",
      chart: chart.metadata,
      values,
      objects: chart.render({ release: this.release, values }),
    };
  }

  /** From what was to what is to be. */
  private async change(
    from: ReleaseRecord | undefined,
    to: readonly Properties[],
    waits: boolean,
  ): Promise<void> {
    const made: Properties[] = [];
    for (const object of to) made.push(await this.apply(object));
    const kept = new Set(to.map(keyOf));
    const known = from === undefined ? [] : await placesOf(from, this.store);
    await removeAll(
      known.filter((object) => !kept.has(keyOf(object))),
      this.store,
    );
    if (!waits) return;
    const timeoutSeconds = Number(this.inputs["timeout"] ?? defaultTimeoutSeconds);
    const jobs = this.inputs["waitForJobs"] === true;
    await waitUntilUp(made, { ...this.request, store: this.store, timeoutSeconds, jobs });
  }

  /** What is said of a failure, and done: nothing stays of a first install, an upgrade goes back to what was before. */
  private async failure(record: ReleaseRecord, error: unknown): Promise<Error> {
    const why = this.reason(error);
    const { name } = this.release;
    const { before, deployed } = this;
    if (this.inputs["atomic"] === true && before === undefined) {
      await removeAll(await placesOf(record, this.store), this.store);
      return new Error(`release ${name} failed, and has been uninstalled due to atomic being set: ${why}`);
    }
    if (this.inputs["atomic"] === true && before !== undefined && deployed !== undefined) {
      const end = await this.goBack(record, deployed, why);
      return this.partial(end, before.inputs, deployed);
    }
    const failed: ReleaseRecord = { ...record, status: "failed" };
    await this.write(failed);
    return this.partial(why, this.inputs, failed);
  }

  /** Helm counts two revisions for this, the one that failed and one more like that before it. Here there is none. */
  private async goBack(from: ReleaseRecord, to: ReleaseRecord, why: string): Promise<string> {
    try {
      await this.change(from, await ownedBy(to, this.store), true);
      return `release ${to.name} failed, and has been rolled back due to atomic being set: ${why}`;
    } catch (error) {
      const again = this.reason(error);
      return `an error occurred while rolling back the release. original upgrade error: ${why}: ${again}`;
    }
  }

  private reason(error: unknown): string {
    return redact(messageOf(error), this.inputs);
  }

  /** The state must say how the release is now, and keep asking for what it is not. */
  private partial(why: string, inputs: Properties, record: ReleaseRecord): PartialFailure {
    const id = releaseId(this.release);
    const what =
      this.before === undefined
        ? "was created, but failed to initialize completely"
        : "failed to initialize completely";
    const message = `Helm release "${id}" ${what}. Use Helm CLI to investigate: failed to become available within allocated timeout. Error: Helm Release ${id}: ${why}`;
    const state = checkpoint(inputs, record);
    return new PartialFailure(message, { id, state, inputs, reasons: [message] });
  }

  private async apply(object: Properties): Promise<Properties> {
    try {
      return await this.store.apply(object, { fieldManager, force: true });
    } catch (error) {
      const { kind, name } = refOf(object);
      const isThere = this.before !== undefined && (await this.store.get(refOf(object))) !== undefined;
      if (!isThere || !(error instanceof Error)) throw error;
      throw new Error(`cannot patch "${name}" with kind ${kind}: ${error.message}`);
    }
  }

  private async write(record: ReleaseRecord): Promise<void> {
    await this.store.apply(toSecret(record), { fieldManager, force: true });
  }
}

/** Deletes what is there, but what its chart says is to stay; gives what goes. */
export async function removeAll(objects: readonly Properties[], store: ObjectStore): Promise<Properties[]> {
  const gone: Properties[] = [];
  for (const object of [...objects].reverse()) {
    const live = await store.get(refOf(object));
    const isThere = at(live, "metadata", "uid") !== undefined;
    if (live === undefined || !isThere || annotation(live, "helm.sh/resource-policy") === "keep") continue;
    await store.delete(refOf(live), "Background");
    gone.push(live);
  }
  return gone;
}

function keyOf(object: Properties): string {
  const ref = refOf(object);
  return `${ref.apiVersion} ${ref.kind} ${idOf(ref)}`;
}
