import { closest, distance } from "fastest-levenshtein";

/** Which of `known` was meant: by a slip of a few letters, another spelling (`model_volume`), or its beginning. */
export function nearMiss(written: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const plain = (word: string) => word.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const start = known.filter((word) => plain(written).length > 2 && plain(word).startsWith(plain(written)));
  if (start.length === 1) return start[0];
  const candidate = closest(plain(written), known.map(plain));
  const slips = Math.max(1, Math.floor(candidate.length / 3));
  return distance(plain(written), candidate) <= slips
    ? known.find((word) => plain(word) === candidate)
    : undefined;
}

/** `did you mean "endpoint"?`, or all that is allowed where nothing is near. */
export function didYouMean(written: string, known: readonly string[]): string {
  const meant = nearMiss(written, known);
  return meant === undefined ? `allowed: ${known.join(", ")}` : `did you mean ${JSON.stringify(meant)}?`;
}
