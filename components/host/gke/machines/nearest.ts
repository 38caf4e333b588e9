import { distance } from "fastest-levenshtein";

/** Which of `known` was meant: by a part of the name (`l4`), or by a slip of a few letters. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const plain = written.toLowerCase();
  const containing = known.filter((name) => name.split("-").includes(plain));
  if (containing.length === 1) return containing[0];
  const ranked = known
    .map((name) => ({ name, slips: distance(plain, name) }))
    .sort((a, b) => a.slips - b.slips);
  const [best] = ranked;
  return best !== undefined && best.slips <= Math.max(1, Math.floor(best.name.length / 4))
    ? best.name
    : undefined;
}
