import { isList, isProperties, Secret, type Properties, type Value } from "../../../provider";

const scales: Record<string, [base: bigint, exponent: number]> = {
  n: [10n, -9],
  u: [10n, -6],
  m: [10n, -3],
  "": [10n, 0],
  k: [10n, 3],
  M: [10n, 6],
  G: [10n, 9],
  T: [10n, 12],
  P: [10n, 15],
  E: [10n, 18],
  Ki: [1024n, 1],
  Mi: [1024n, 2],
  Gi: [1024n, 3],
  Ti: [1024n, 4],
  Pi: [1024n, 5],
  Ei: [1024n, 6],
};

/**
 * A quantity as the API server gives it back: `1000m` → `1`, `0.5` → `500m`, `1024Mi` → `1Gi`. A text that is no
 * quantity comes back as it is: the API server says what is wrong with it.
 */
export function canonicalQuantity(text: string): string {
  const [, sign = "", whole = "", fraction = "", suffix = ""] =
    /^([+-]?)(\d*)(?:\.(\d*))?([numkMGTPE]|[KMGTPE]i)?$/.exec(text) ?? [];
  const scale = scales[suffix];
  if (scale === undefined || whole + fraction === "") return text;
  const [base, exponent] = scale;
  const binary = base === 1024n;
  // In billionths, the finest that Kubernetes has.
  const digits = BigInt(`${whole}${fraction}`) * 10n ** 9n;
  const raised = exponent >= 0 ? digits * base ** BigInt(exponent) : digits / base ** BigInt(-exponent);
  const nanos = raised / 10n ** BigInt(fraction.length);
  if (nanos === 0n) return "0";
  const minus = sign === "-" ? "-" : "";
  const wholeNumber = nanos % 10n ** 9n === 0n;
  // A binary suffix stays binary only for a whole number of at least 1024 bytes; Kubernetes does the same.
  if (binary && wholeNumber && nanos / 10n ** 9n >= 1024n)
    return minus + largest(nanos / 10n ** 9n, binaryUnits, 1024n);
  return minus + largest(nanos, decimalUnits, 1000n);
}

const binaryUnits = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimalUnits = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

function largest(value: bigint, units: readonly string[], step: bigint): string {
  const [unit = "", ...larger] = units;
  return larger.length > 0 && value % step === 0n ? largest(value / step, larger, step) : `${value}${unit}`;
}

/** Where quantities stand: maps of them, and single ones. Keys are unambiguous in the specs of Kubernetes' own kinds. */
const quantityMaps = new Set(["limits", "requests", "capacity", "hard", "overhead"]);
const quantityFields = new Set(["sizeLimit", "averageValue", "divisor"]);

/** Every quantity of a spec in canonical form, numbers (`cpu: 1`) included. */
export function normalizeQuantities(value: Value): Value {
  if (value instanceof Secret) return new Secret(normalizeQuantities(value.value));
  if (isList(value)) return value.map(normalizeQuantities);
  if (!isProperties(value)) return value;
  return mapEntries(value, (key, item) => {
    if (quantityFields.has(key)) return canonical(item);
    return quantityMaps.has(key) && isProperties(item)
      ? mapEntries(item, (_, inner) => canonical(inner))
      : normalizeQuantities(item);
  });
}

function canonical(value: Value): Value {
  if (value instanceof Secret) return new Secret(canonical(value.value));
  return typeof value === "string" || typeof value === "number" ? canonicalQuantity(String(value)) : value;
}

function mapEntries(object: Properties, change: (key: string, value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(key, value)]));
}
