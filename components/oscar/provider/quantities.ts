const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity as Kubernetes writes it, as a number: `500m` is 0.5, `1Ki` is 1024. Nothing for what is none. */
export function quantity(text: string): number | undefined {
  const [, number = "", suffix = ""] =
    /^(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|e\d+)?$/.exec(text.trim()) ?? [];
  const factor = suffix.startsWith("e") ? Number(`1${suffix}`) : factors[suffix];
  if (number === "" || factor === undefined) return undefined;
  // To the billionth, the finest that Kubernetes has.
  return Number((Number(number) * factor).toPrecision(15));
}

/** `1024Mi` is `1Gi`: Kubernetes gives back what it was given in its own way. */
export const sameQuantity = (one: string, other: string): boolean =>
  one === other || (quantity(one) !== undefined && quantity(one) === quantity(other));

/** A number of bytes as one would write it: `2147483648` is `2Gi`. */
export function bytesText(bytes: number): string {
  const unit = ["Ti", "Gi", "Mi", "Ki"].find((each) => bytes > 0 && bytes % (factors[each] ?? 1) === 0);
  return unit === undefined ? String(bytes) : `${bytes / (factors[unit] ?? 1)}${unit}`;
}

/** Thousandths of a CPU as one would write them: `2500` is `2500m`, `2000` is `2`. */
export const cpusText = (thousandths: number): string =>
  thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
