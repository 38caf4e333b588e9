/** Maps and sets as plain JSON, and back into the maps and sets that others hold already. */

export function recordOf<Value, Plain>(
  map: ReadonlyMap<string, Value>,
  plain: (value: Value) => Plain,
): Record<string, Plain> {
  return Object.fromEntries([...map].map(([key, value]) => [key, plain(value)]));
}

export function listsOf(map: ReadonlyMap<string, ReadonlySet<string>>): Record<string, string[]> {
  return recordOf(map, (members) => [...members]);
}

export function refillSet(set: Set<string>, members: readonly string[]): void {
  set.clear();
  for (const member of members) set.add(member);
}

export function refillMap<Value, Plain>(
  map: Map<string, Value>,
  record: Readonly<Record<string, Plain>>,
  value: (plain: Plain) => Value,
): void {
  map.clear();
  for (const [key, plain] of Object.entries(record)) map.set(key, value(plain));
}

/** Of what is plain already. */
export const asItIs = <Value>(value: Value): Value => value;
