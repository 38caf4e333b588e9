import type { CheckFailure, Properties } from "../../provider";
import type { Naming } from "./naming";
import type { Resources } from "./resource-store";

/** A resource as it is asked for, and what it meets. Nothing in it is secret or unknown. */
export interface Wanted<Place> {
  /** The cloud's id. */
  readonly id: string;
  readonly inputs: Properties;
  /** What the provider is configured with: where things go that do not say it themselves. */
  readonly defaults: Place;
  /** All other resources of the project or account. */
  readonly others: Resources;
  /** Whether it is made now, and not changed. */
  readonly isNew: boolean;
}

/** A resource that is there. */
export interface Made {
  readonly id: string;
  readonly state: Properties;
  readonly others: Resources;
}

/** How a cloud treats one type of resource. What is left out is nothing special. */
export interface Behaviour<Place> {
  /** The input that gets a name of its own where the program gives none. */
  readonly naming?: Naming;
  /** What the provider finds wrong with the inputs alone, so that a preview says it. Some may not be known yet. */
  validate?(inputs: Properties): readonly CheckFailure[];
  id(inputs: Properties, defaults: Place): string;
  /** Under what it is kept, where another type has the same ids. @default its id */
  key?(id: string): string;
  /** What the cloud adds to the inputs. */
  outputs?(wanted: Wanted<Place>): Properties;
  /** Outputs that follow the inputs at every change. */
  derived?(inputs: Properties): Properties;
  /** Outputs inside a block of inputs: a preview must say that they are not known yet, or they count as absent. */
  readonly nestedOutputs?: readonly (readonly string[])[];
  /**
   * The error of a second one with the same id, `undefined` where it is taken over all the same. Without it, a second
   * one is the same as the first: a grant.
   */
  exists?(id: string, inputs: Properties, others: Resources): string | undefined;
  /** Throws what the cloud says to what it does not take, new or changed. */
  refuse?(wanted: Wanted<Place>): void;
  /** Throws where it cannot be deleted. */
  refuseDeletion?(made: Made): void;
  /** What goes along with it when it is deleted: the ids. */
  takesAlong?(made: Made): readonly string[];
  /** Done when it is accepted, before it is kept. `stack` is the name of the stack that asks for it. */
  create?(made: Made & { readonly stack: string }): Promise<void>;
  update?(made: Made): Promise<void>;
  /** Done when it is out of the store. Must not mind that it was done before. */
  delete?(made: Made): Promise<void>;
}
