import {
  isList,
  isProperties,
  revealAll,
  Secret,
  Unknown,
  type Log,
  type Properties,
  type Value,
} from "../../../../provider";
import { redact } from "../../service/client/redact";
import { secretFields, within } from "../../service/secret-fields";
import type { ServiceSpec } from "../../service/service-args";
import { serviceDocument } from "../../service/service-document";
import type { WireService } from "../../service/wire";
import { argumentShapes } from "./service-shape";

/** What the inputs have beside the arguments of the service. */
export interface OwnInputs {
  readonly allowBucketDeletion: boolean;
  readonly readyWithinSeconds: number | undefined;
  readonly smokeTest: { readonly body: string; readonly contentType?: string } | undefined;
}

const isArgument = (key: string): boolean => Object.hasOwn(argumentShapes, key);

/** The service that inputs describe, all of which have to be known; they have passed `check`. */
function specIn(inputs: Properties): ServiceSpec {
  const known = Object.entries(revealAll(inputs)).filter(([key]) => isArgument(key));
  const spec: object = Object.fromEntries(known);
  if (isSpec(spec)) return spec;
  throw new Error("the inputs are no service: name, image or script are missing");
}

const isSpec = (value: object): value is ServiceSpec =>
  ["name", "image", "script"].every((key) => Object.hasOwn(value, key));

export const documentOf = (inputs: Properties): WireService => serviceDocument(specIn(inputs));

export function ownIn(inputs: Properties): OwnInputs {
  const { allowBucketDeletion, readyWithinSeconds, smokeTest } = revealAll(inputs);
  const { body, contentType } = isProperties(smokeTest) ? smokeTest : {};
  return {
    allowBucketDeletion: allowBucketDeletion === true,
    readyWithinSeconds: typeof readyWithinSeconds === "number" ? readyWithinSeconds : undefined,
    smokeTest:
      typeof body === "string"
        ? { body, ...(typeof contentType === "string" ? { contentType } : {}) }
        : undefined,
  };
}

/** A service's arguments as inputs, with its secrets marked. */
export function inputsOf(spec: ServiceSpec): Properties {
  const value = valueOf(spec);
  return isProperties(value) ? secretsMarked(value) : {};
}

function valueOf(given: unknown): Value {
  if (Array.isArray(given)) return given.map(valueOf);
  if (typeof given === "string" || typeof given === "number" || typeof given === "boolean") return given;
  if (typeof given !== "object" || given === null) return null;
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, valueOf(value)]),
  );
}

/** Null is how some languages say that there is nothing. */
export function withoutNulls(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, stripped(value)]),
  );
}

function stripped(value: Value): Value {
  if (value instanceof Secret) return new Secret(stripped(value.value));
  if (isList(value)) return value.map(stripped);
  return isProperties(value) ? withoutNulls(value) : value;
}

type Fields = typeof secretFields;

/** The inputs with all that is a secret marked as one, whether or not it came so. */
export function secretsMarked(inputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, marked(value, within(secretFields, key))]),
  );
}

function marked(value: Value, fields: Fields): Value {
  if (fields.length === 0 || value instanceof Secret || value instanceof Unknown) return value;
  if (fields.some((field) => field.length === 0)) return new Secret(value);
  if (isList(value)) return value.map((each, index) => marked(each, within(fields, String(index))));
  if (!isProperties(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, marked(each, within(fields, key))]),
  );
}

/** Takes out of a text what the inputs have as secrets. */
export function hider(...inputs: readonly Properties[]): (text: string) => string {
  const secrets = inputs.flatMap((each) => textsOf(secretsMarked(each), false));
  // Line by line, since long texts are cut.
  return (text) =>
    text
      .split("\n")
      .map((line) => redact(line, secrets))
      .join("\n");
}

function textsOf(value: Value, isSecret: boolean): string[] {
  if (value instanceof Secret) return textsOf(value.value, true);
  if (isList(value)) return value.flatMap((each) => textsOf(each, isSecret));
  if (isProperties(value)) return Object.values(value).flatMap((each) => textsOf(each, isSecret));
  if (!isSecret) return [];
  if (typeof value === "number") return [String(value)];
  // Logs come line by line.
  return typeof value === "string" ? [value, ...value.split(/\r?\n/)] : [];
}

/** A log that tells none of the inputs' secrets. */
export function quiet(log: Log, ...inputs: readonly Properties[]): Log {
  const hide = hider(...inputs);
  return {
    status: (message) => log.status(hide(message)),
    info: (message) => log.info(hide(message)),
    warning: (message) => log.warning(hide(message)),
  };
}

/** Names of secrets whose values are not there: after an import, since the Manager does not tell them. */
export function blankSecrets({ environment }: WireService): string[] {
  return Object.entries(environment?.secrets ?? {}).flatMap(([name, value]) => (value === "" ? [name] : []));
}
