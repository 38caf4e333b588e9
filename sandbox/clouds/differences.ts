import { isList, isProperties, same, Secret, Unknown, type DiffKind, type Value } from "../../provider";
import { childPath } from "./kubernetes/paths";

export interface Rules {
  /** What to take for a value that is not there, beside this other one. @default nothing */
  readonly absent?: (other: Value | undefined) => Value | undefined;
  /** Whether lists of different lengths are compared item by item too. @default false: such a list differs as a whole */
  readonly byItem?: boolean;
}

/** The paths of the leaves that differ, and how. Secrecy is no difference; what is not known yet is one. */
export function differences(before: Value, after: Value, rules: Rules = {}): Map<string, DiffKind> {
  const found = new Map<string, DiffKind>();
  compare(before, after, "", rules, found);
  return found;
}

function compare(
  before: Value | undefined,
  after: Value | undefined,
  path: string,
  rules: Rules,
  found: Map<string, DiffKind>,
): void {
  if (before instanceof Secret) return compare(before.value, after, path, rules, found);
  if (after instanceof Secret) return compare(before, after.value, path, rules, found);
  const { absent = () => undefined, byItem = false } = rules;
  const [old, now] = [before ?? absent(after), after ?? absent(before)];
  if (isProperties(old) && isProperties(now)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)]))
      compare(old[key], now[key], childPath(path, key), rules, found);
  } else if (isList(old) && isList(now) && (byItem || old.length === now.length)) {
    for (let index = 0; index < Math.max(old.length, now.length); index += 1)
      compare(old[index], now[index], `${path}[${index}]`, rules, found);
  } else if (after instanceof Unknown || !same(before, after)) {
    found.set(path, before === undefined ? "add" : after === undefined ? "delete" : "update");
  }
}
