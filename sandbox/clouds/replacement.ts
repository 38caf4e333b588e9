import type { DiffRequest, DiffResult, Properties, Value } from "../../provider";
import { isList, isProperties, same, Unknown } from "../../provider";
import { differences } from "./differences";
import { textAt } from "./kubernetes/objects";
import { contains, lookUp, parsePath } from "./kubernetes/paths";
import { isAutonamed, type Naming } from "./naming";

/** A change of one leaf of the inputs. */
export interface Change {
  readonly type: string;
  readonly path: string;
  readonly oldInputs: Properties;
  readonly inputs: Properties;
}

/** What a cloud's provider makes of changed inputs. */
export interface DiffRules {
  /** By type, the inputs that cannot be changed in place: the fields with `ForceNew` in the Terraform provider. */
  readonly replaced: Readonly<Record<string, readonly string[]>>;
  /** By type and input, what two spellings of the same have in common: they are no change. */
  readonly spelling?: Readonly<
    Record<string, Readonly<Record<string, (value: Value, inputs: Properties) => Value>>>
  >;
  /** Whether a change needs a new resource, where that depends on the values. `undefined`: see `replaced`. */
  replaces?(change: Change): boolean | undefined;
}

/** What an update would change, leaf by leaf, and whether it needs a new resource. */
export function diffInputs(
  {
    type,
    oldInputs,
    inputs,
    ignoreChanges,
    naming,
  }: Pick<DiffRequest, "type" | "oldInputs" | "inputs" | "ignoreChanges"> & {
    readonly naming: Naming | undefined;
  },
  rules: DiffRules,
): DiffResult {
  const found = differences(oldInputs, inputs, { absent: empty, byItem: true });
  const ignored = [...ignoreChanges, ...respelt({ type, oldInputs, inputs }, rules)].map(parsePath);
  const detailed = Object.fromEntries(
    [...found]
      .filter(([path]) => !path.startsWith("__"))
      .filter(([path]) => !ignored.some((outer) => contains(outer, parsePath(path))))
      .map(([path, kind]) => [path, { kind, replaces: replaces({ type, path, oldInputs, inputs }, rules) }]),
  );
  const replaced = Object.values(detailed).some((change) => change.replaces);
  return {
    changes: Object.keys(detailed).length > 0,
    detailed,
    deleteBeforeReplace: replaced && nameStays(oldInputs, inputs, naming),
  };
}

/** The inputs that only look different. */
function respelt(
  { type, oldInputs, inputs }: Omit<Change, "path">,
  { spelling = {} }: DiffRules,
): readonly string[] {
  return Object.entries(spelling[type] ?? {})
    .filter(([property, spell]) => {
      const [old, now] = [oldInputs[property], inputs[property]];
      return old !== undefined && now !== undefined && same(spell(old, oldInputs), spell(now, inputs));
    })
    .map(([property]) => property);
}

/** Two of one name cannot be side by side; a name that is made up will be another one. */
function nameStays(oldInputs: Properties, inputs: Properties, naming: Naming | undefined): boolean {
  if (naming === undefined || isAutonamed(inputs, naming)) return false;
  const name = textAt(inputs, naming.property);
  return name !== undefined && name === textAt(oldInputs, naming.property);
}

/** What is not there, as something of the same kind with nothing in it: Terraform sees no difference. */
function empty(other: Value | undefined): Value | undefined {
  return isList(other) ? [] : isProperties(other) ? {} : undefined;
}

function replaces(change: Change, rules: DiffRules): boolean {
  const decided = rules.replaces?.(change);
  if (decided !== undefined) return decided;
  const changed = parsePath(change.path);
  const isUnknown = lookUp(change.inputs, changed) instanceof Unknown;
  return (rules.replaced[change.type] ?? [])
    .map(parsePath)
    .some((field) => contains(field, changed) || (isUnknown && contains(changed, field)));
}
