import type { Properties } from "../../provider";
import { ProviderClient, type CheckOptions, type Known } from "./provider-client";

/** What the engine would call the step that it took. */
export type Step = "create" | "same" | "update" | "replace";

/** Drives a Kubernetes provider through the life of resources as the engine does, without the engine. */
export class KubernetesDriver {
  private seed = 0;

  constructor(readonly client: ProviderClient) {}

  /** One resource of an `up`: checked, diffed, previewed and made so. */
  async up(
    type: string,
    inputs: Properties,
    known?: Known,
    options: CheckOptions & { ignoreChanges?: string[] } = {},
  ): Promise<{ step: Step; known: Known }> {
    const checked = await this.check(type, inputs, known, options);
    if (known === undefined) return { step: "create", known: await this.create(type, checked) };
    const diff = await this.client.diff(type, known, checked, options);
    if (!diff.changes) return { step: "same", known: { ...known, inputs: checked } };
    if (diff.replaces.length === 0) {
      await this.client.update(type, known, checked, { ...options, preview: true });
      return { step: "update", known: await this.client.update(type, known, checked, options) };
    }
    // For what is replaced, the engine checks anew without the old inputs: a name that Pulumi chose is chosen again.
    const fresh = await this.check(type, inputs, undefined, options);
    if (diff.deleteBeforeReplace) await this.client.delete(type, known);
    const made = await this.create(type, fresh);
    if (!diff.deleteBeforeReplace) await this.client.delete(type, known);
    return { step: "replace", known: made };
  }

  async check(
    type: string,
    inputs: Properties,
    known?: Known,
    options: CheckOptions = {},
  ): Promise<Properties> {
    const { inputs: checked, failures } = await this.client.check(type, inputs, {
      seed: [0xab, 0xcd, 0xef, this.seed++],
      ...options,
      ...(known !== undefined && { oldInputs: known.inputs }),
    });
    if (failures.length > 0) throw new Error(failures.join("\n"));
    return checked;
  }

  private async create(type: string, inputs: Properties): Promise<Known> {
    await this.client.create(type, inputs, { preview: true });
    return this.client.create(type, inputs);
  }
}
