import {
  isList,
  isProperties,
  same,
  Secret,
  Unknown,
  type DiffResult,
  type Properties,
  type Value,
} from "../../../provider";
import { differences } from "../differences";
import { replaces, type Mutable } from "./force-new";
import { autonamedAnnotation } from "./inputs";
import { annotation, at, textAt } from "./objects";
import { contains, lookUp, parsePath } from "./paths";

/**
 * Of the live object, what the inputs speak of. All else belongs to the API server and to controllers. What the
 * inputs ask for and the API server does not keep because it is empty (`value: ""`, `env: []`) counts as there.
 */
export function prune(live: Value | undefined, shape: Value): Value | undefined {
  if (shape instanceof Secret) return prune(live, shape.value);
  if (live === undefined) return isEmpty(shape) ? shape : undefined;
  if (isList(live) && isList(shape)) {
    return live.length === shape.length
      ? live.map((item, index) => prune(item, shape[index] ?? null) ?? null)
      : live;
  }
  if (!isProperties(live) || !isProperties(shape)) return live;
  return Object.fromEntries(
    Object.entries(shape).flatMap(([key, inner]) => {
      const value = prune(live[key], inner);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function isEmpty(value: Value): boolean {
  if (value === null || value === "" || value === false || value === 0) return true;
  if (isList(value)) return value.length === 0;
  return isProperties(value) && Object.values(value).every(isEmpty);
}

export interface ObjectDiff {
  /** The live object as the state has it. */
  readonly live: Properties;
  readonly oldInputs: Properties;
  readonly inputs: Properties;
  readonly ignoreChanges: readonly string[];
  readonly mutable: Mutable;
}

/** What an update would change, and whether it needs a new object. */
export function diffObjects({ live, oldInputs, inputs, ignoreChanges, mutable }: ObjectDiff): DiffResult {
  const found = differences(prune(live, oldInputs) ?? {}, inputs);
  const ignored = ignoreChanges.map(parsePath);
  const object = {
    apiVersion: textAt(inputs, "apiVersion") ?? "",
    kind: textAt(inputs, "kind") ?? "",
    immutable: at(oldInputs, "immutable") === true || at(inputs, "immutable") === true,
  };
  const detailed = Object.fromEntries(
    [...found]
      .filter(([path]) => !ignored.some((outer) => contains(outer, parsePath(path))))
      .map(([path, kind]) => {
        const isUnknown = lookUp(inputs, parsePath(path)) instanceof Unknown;
        return [path, { kind, replaces: replaces(object, path, mutable, isUnknown) }];
      }),
  );
  return withReplacement(
    { changes: found.size > 0 && Object.keys(detailed).length > 0, detailed },
    oldInputs,
    inputs,
  );
}

/** Two objects of one name cannot be side by side: the old one goes first. A name that Pulumi chose, it chooses anew. */
export function withReplacement(diff: DiffResult, oldInputs: Properties, inputs: Properties): DiffResult {
  const replaced = Object.values(diff.detailed ?? {}).some((change) => change.replaces === true);
  const nameStays =
    annotation(inputs, autonamedAnnotation) !== "true" &&
    same(at(oldInputs, "metadata", "name"), at(inputs, "metadata", "name")) &&
    same(at(oldInputs, "metadata", "namespace"), at(inputs, "metadata", "namespace"));
  return { ...diff, deleteBeforeReplace: replaced && nameStays };
}
