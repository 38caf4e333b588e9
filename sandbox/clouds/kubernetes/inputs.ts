import {
  isList,
  isProperties,
  reveal,
  Secret,
  type CheckFailure,
  type CheckRequest,
  type Properties,
  type Value,
} from "../../../provider";
import { annotation, at, isBuiltIn, textAt, without, withValue } from "./objects";
import { normalizeQuantities } from "./quantity";

/** Marks an object whose name Pulumi chose, and may choose again. */
export const autonamedAnnotation = "pulumi.com/autonamed";

/** What the API server fills in and no one may ask for. */
const serverFields = [
  "creationTimestamp",
  "managedFields",
  "uid",
  "resourceVersion",
  "generation",
  "selfLink",
  "deletionTimestamp",
];

/** The inputs as the API server will give them back, so that the same inputs are no change. */
export function normalizeInputs(inputs: Properties): Properties {
  const metadata = inputs["metadata"];
  const cleaned = metadata === undefined ? inputs : { ...inputs, metadata: dropServerFields(metadata) };
  const apiVersion = textAt(cleaned, "apiVersion") ?? "";
  if (!isBuiltIn(apiVersion)) return cleaned;
  const clean = withoutNulls(cleaned);
  const { spec } = clean;
  const plain = spec === undefined ? clean : { ...clean, spec: normalizeQuantities(spec) };
  return apiVersion === "v1" && textAt(plain, "kind") === "Secret" ? normalizeSecret(plain) : plain;
}

function dropServerFields(metadata: Value): Value {
  if (metadata instanceof Secret) return new Secret(dropServerFields(metadata.value));
  return isProperties(metadata) ? without(metadata, ...serverFields) : metadata;
}

function withoutNulls(object: Properties): Properties {
  const clean = (value: Value): Value => {
    if (value instanceof Secret) return new Secret(clean(value.value));
    if (isList(value)) return value.map(clean);
    return isProperties(value) ? withoutNulls(value) : value;
  };
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => (value === null ? [] : [[key, clean(value)]])),
  );
}

/** A Secret's `stringData` is written into `data`, and both are secret, whoever made them so. */
function normalizeSecret(inputs: Properties): Properties {
  const { stringData, data } = inputs;
  if (stringData === undefined && data === undefined) return inputs;
  const rest = without(inputs, "stringData", "data");
  const plain = stringData === undefined ? {} : reveal(stringData);
  const given = data === undefined ? {} : reveal(data);
  // A map that is not known yet cannot be folded into another.
  if (!isProperties(plain) || !isProperties(given)) {
    return {
      ...rest,
      ...(data !== undefined && { data: new Secret(given) }),
      ...(stringData !== undefined && { stringData: new Secret(plain) }),
    };
  }
  const encoded = {
    ...mapTexts(given, (text) => (isBase64(text) ? canonicalBase64(text) : text)),
    ...mapTexts(plain, (text) => Buffer.from(text).toString("base64")),
  };
  return { ...rest, data: new Secret(encoded) };
}

function mapTexts(values: Properties, change: (text: string) => string): Properties {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? change(value) : value]),
  );
}

/** What is not, the API server refuses; newlines (`base64` makes them) are let pass, and not kept. */
function isBase64(text: string): boolean {
  const dense = text.replace(/[\r\n]/g, "");
  return dense.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(dense);
}

function canonicalBase64(text: string): string {
  return Buffer.from(text, "base64").toString("base64");
}

/** Gives the object a name: its own, the one it has had, or its logical name and eight hex digits. */
export function nameObject(
  inputs: Properties,
  {
    name,
    oldInputs,
    randomSeed,
    autonaming,
  }: Pick<CheckRequest, "name" | "oldInputs" | "randomSeed" | "autonaming">,
): { inputs: Properties; failures: CheckFailure[] } {
  const given = at(inputs, "metadata", "name");
  if (given !== undefined) return { inputs, failures: [] };
  if (at(inputs, "metadata", "generateName") !== undefined) {
    return {
      inputs,
      failures: [
        { property: "metadata.generateName", reason: "generateName is not supported; leave both names out" },
      ],
    };
  }
  const earlier =
    annotation(oldInputs, autonamedAnnotation) === "true" ? textAt(oldInputs, "metadata", "name") : undefined;
  if (earlier === undefined && autonaming?.mode === "disable") {
    return {
      inputs,
      failures: [{ property: "metadata.name", reason: "a name is needed: automatic naming is switched off" }],
    };
  }
  const proposed = autonaming?.mode === "enforce" || autonaming?.mode === "propose" ? autonaming.name : "";
  const made =
    proposed === "" ? `${name}-${Buffer.from(randomSeed).subarray(0, 4).toString("hex")}` : proposed;
  const named = withValue(inputs, ["metadata", "name"], earlier ?? made);
  return { inputs: withValue(named, ["metadata", "annotations", autonamedAnnotation], "true"), failures: [] };
}
