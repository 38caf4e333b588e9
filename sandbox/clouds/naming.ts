import { Unknown, type CheckFailure, type CheckRequest, type Properties } from "../../provider";
import { listAt, textAt } from "./kubernetes/objects";

export interface Naming {
  readonly property: string;
  readonly maxLength: number;
  /** The logical name's capitals are made small. */
  readonly lowercase?: boolean;
}

/** Lists the inputs that no one gave; Pulumi's bridge to Terraform providers keeps them under the same key. */
const defaultsKey = "__defaults";

/** Whether Pulumi chose the name, and may choose another. */
export function isAutonamed(inputs: Properties | undefined, { property }: Naming): boolean {
  return listAt(inputs, defaultsKey).includes(property);
}

/** The name that is given, the one that was chosen before, or the logical name and seven hex digits. */
export function nameResource(
  request: CheckRequest,
  naming: Naming,
): { inputs: Properties; failures: CheckFailure[] } {
  const { inputs } = request;
  const { property, maxLength } = naming;
  if (inputs[property] !== undefined) return { inputs, failures: tooLong(inputs[property], naming) };
  const chosen = chooseName(request, naming);
  if (chosen === undefined) {
    const reason = `Missing required argument. The argument "${property}" is required, but no definition was found.`;
    return { inputs, failures: [{ property, reason }] };
  }
  // A name that is too long is not cut: the digits would be lost, or two names become the same.
  const failures = tooLong(chosen, { property, maxLength });
  return { inputs: { ...inputs, [property]: chosen, [defaultsKey]: [property] }, failures };
}

function chooseName(
  { name, oldInputs, randomSeed, autonaming }: CheckRequest,
  naming: Naming,
): string | undefined {
  if (isAutonamed(oldInputs, naming)) return textAt(oldInputs, naming.property);
  if (autonaming?.mode === "disable") return undefined;
  if (autonaming?.mode === "enforce") return autonaming.name;
  const digits = Buffer.from(randomSeed).toString("hex").slice(0, 7);
  const proposed = autonaming === undefined ? `${name}-${digits}` : autonaming.name;
  return naming.lowercase === true ? proposed.toLowerCase() : proposed;
}

function tooLong(name: Properties[string], { property, maxLength }: Naming): CheckFailure[] {
  if (name instanceof Unknown || typeof name !== "string" || name.length <= maxLength) return [];
  return [{ property, reason: `"${property}" cannot be longer than ${maxLength} characters` }];
}
