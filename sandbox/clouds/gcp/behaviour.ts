import type { Properties } from "../../../provider";
import type { Defaults } from "./places";
import type { Resources } from "./project";

/** A resource as it is asked for, and what it meets. Nothing in it is secret or unknown. */
export interface Wanted {
  /** Google's id. */
  readonly id: string;
  readonly inputs: Properties;
  readonly defaults: Defaults;
  /** All other resources of the project. */
  readonly others: Resources;
}

/** A resource that is there. */
export interface Made {
  readonly id: string;
  readonly state: Properties;
  readonly others: Resources;
}

/** How Google Cloud treats one type of resource. What is left out is nothing special. */
export interface Behaviour {
  /** The input that gets a name of its own where the program gives none. */
  readonly naming?: Naming;
  id(inputs: Properties, defaults: Defaults): string;
  /** What Google adds to the inputs. */
  outputs?(wanted: Wanted): Properties;
  /** Outputs inside a block of inputs: a preview must say that they are not known yet, or they count as absent. */
  readonly nestedOutputs?: readonly (readonly string[])[];
  /** The error of a second one with the same id. Without it, a second one is the same as the first: a grant. */
  exists?(id: string, inputs: Properties): string;
  /** Throws what Google says to what it does not take, new or changed. */
  refuse?(wanted: Wanted): void;
  /** Throws where it cannot be deleted. */
  refuseDeletion?(made: Made): void;
  /** What goes along with it when it is deleted: the ids. */
  takesAlong?(made: Made): readonly string[];
  /** Done when it is accepted, before it is kept. `stack` is the name of the stack that asks for it. */
  create?(made: Made & { readonly stack: string }): Promise<void>;
  update?(made: Made): Promise<void>;
  /** Done when it is out of the project. Must not mind that it was done before. */
  delete?(made: Made): Promise<void>;
}

export interface Naming {
  readonly property: string;
  readonly maxLength: number;
  /** The logical name's capitals are made small. */
  readonly lowercase?: boolean;
}

/** Google's error as the provider shows it. */
export function googleError(code: number, message: string, reason: string): string {
  return `googleapi: Error ${code}: ${message}, ${reason}`;
}
