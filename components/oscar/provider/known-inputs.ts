import {
  containsSecret,
  containsUnknown,
  isList,
  isProperties,
  markSecrets,
  reveal,
  revealAll,
  same,
  type CheckFailure,
  type DiffRequest,
  type DiffResult,
  type Properties,
  type Value,
} from "../../../provider";
import { read, type Fields } from "./service/shape";

/**
 * What is wrong with inputs: with their names and types, and what `faults` finds in them without their marks of secrecy, as
 * `name: got "A"; allowed: …`. The value of a secret is not said; the path is in the reason, since the engine shows the
 * value beside it otherwise.
 */
export function inputFailures(
  inputs: Properties,
  fields: Fields,
  faults: (inputs: Properties) => string[],
): CheckFailure[] {
  const plain = revealAll(inputs);
  const hidden = (fault: string): string => {
    const [key = ""] = /^\w+/.exec(fault) ?? [];
    const isSecret = containsSecret(inputs[key] ?? null);
    return isSecret ? fault.replace(/: got .*?; allowed:/s, ": got a secret; allowed:") : fault;
  };
  return [...read({ fields }, plain).failures, ...faults(plain)].map((fault) => ({
    property: "",
    reason: hidden(fault),
  }));
}

/** The value of an input, where it is one and known. */
export function textIn(inputs: Properties, key: string): string | undefined {
  const value = reveal(inputs[key] ?? null);
  return typeof value === "string" ? value : undefined;
}

export const textsIn = (inputs: Properties, key: string): string[] => listed(reveal(inputs[key] ?? null));

export const listed = (value: Value): string[] =>
  isList(value) ? value.filter((each) => typeof each === "string") : [];

/** Lists whose order and repetitions have no meaning. */
export const sameSet = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify([...new Set(one)].sort()) === JSON.stringify([...new Set(other)].sort());

export function groupIn(inputs: Properties, key: string): Properties {
  const value = reveal(inputs[key] ?? null);
  return isProperties(value) ? value : {};
}

export const isGiven = (inputs: Properties, key: string): boolean => (inputs[key] ?? null) !== null;

export const isSet = (inputs: Properties, key: string): boolean => reveal(inputs[key] ?? null) === true;

/** Values that were read, secret where the ones before are. */
export const markedAs = (before: Properties, found: Properties): Properties =>
  Object.fromEntries(Object.entries(found).map(([key, value]) => [key, markSecrets(value, before[key])]));

/** When a change of an input is one: when the values differ, and are not the same in another way of writing. */
export interface Compared {
  readonly replaces?: true;
  readonly same?: (before: Value, after: Value) => boolean;
}

/** What changes of the inputs named; a missing one is null. What is not known yet may be anything else. */
export function diffOf(
  { oldInputs, inputs }: Pick<DiffRequest, "oldInputs" | "inputs">,
  compared: Readonly<Record<string, Compared>>,
): DiffResult & { readonly replaces: boolean } {
  const changed = Object.entries(compared).filter(([key, how]) => {
    const [before, after] = [reveal(oldInputs[key] ?? null), reveal(inputs[key] ?? null)];
    return !same(before, after) && (containsUnknown(after) || how.same?.(before, after) !== true);
  });
  return {
    changes: changed.length > 0,
    replaces: changed.some(([, { replaces }]) => replaces),
    detailed: Object.fromEntries(
      changed.map(([key, { replaces }]) => {
        const kind = !isGiven(oldInputs, key) ? "add" : !isGiven(inputs, key) ? "delete" : "update";
        return [key, { kind, ...(replaces ? { replaces } : {}) }];
      }),
    ),
  };
}
