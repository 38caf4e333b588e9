import {
  isProperties,
  Secret,
  Unknown,
  type CheckFailure,
  type CheckRequest,
  type Properties,
  type Value,
} from "../../../provider";
import { annotation, at, textAt, without, withValue } from "./objects";
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
  const metadata = at(inputs, "metadata");
  const cleaned = isProperties(metadata)
    ? { ...inputs, metadata: without(metadata, ...serverFields) }
    : inputs;
  if (textAt(cleaned, "kind") === "Secret") return normalizeSecret(cleaned);
  return isBuiltIn(textAt(cleaned, "apiVersion") ?? "") ? normalizeQuantities(cleaned) : cleaned;
}

/** Only of Kubernetes' own kinds do we know which fields are quantities. */
function isBuiltIn(apiVersion: string): boolean {
  const [group = ""] = apiVersion.split("/");
  return !group.includes(".") || group.endsWith(".k8s.io");
}

/** A Secret's `stringData` is written into `data`, and both are secret, whoever made them so. */
function normalizeSecret(inputs: Properties): Properties {
  const { stringData, data } = inputs;
  const plain = stringData instanceof Secret ? stringData.value : stringData;
  const given = data instanceof Secret ? data.value : data;
  const encoded: Record<string, Value> = isProperties(given) ? { ...given } : {};
  if (isProperties(plain)) for (const [key, value] of Object.entries(plain)) encoded[key] = encode(value);
  const rest = without(inputs, "stringData", "data");
  return Object.keys(encoded).length === 0 ? rest : { ...rest, data: new Secret(encoded) };
}

function encode(value: Value): Value {
  if (value instanceof Secret) return encode(value.value);
  return value instanceof Unknown ? value : Buffer.from(String(value)).toString("base64");
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
