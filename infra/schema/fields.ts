import { z } from "zod";
import { isMapping } from "../faults";
import { SecretValue } from "../secrets";

/**
 * The building blocks of the schema. One convention holds for all: the error text of a field says what is allowed
 * ("a size with a unit, such as 10Gi"); `faults.ts` puts the path and what was given before it.
 */
export const text = (allowed: string, pattern = /^(?!\s*$)/) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed });

/** Without a `most`, as much as Kubernetes' 32 bits hold. */
export const whole = (least: number, most?: number) => {
  const allowed =
    most === undefined ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`;
  return z
    .int({ error: allowed })
    .min(least, { error: allowed })
    .max(most ?? 2 ** 31 - 1, { error: allowed });
};

export const duration = (unit: "hours" | "seconds") => {
  const allowed = `a number of ${unit} above 0`;
  return z.number({ error: allowed }).positive({ error: allowed });
};

export const flag = () => z.boolean({ error: "true or false" });

export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: either(words) });

export const list = <Item extends z.ZodType>(item: Item, allowed: string) =>
  z.array(item, { error: allowed });

/** A mapping with these keys and no others. */
export const mapping = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code }) =>
      (code === "unrecognized_keys" ? "" : "a mapping with the keys ") + Object.keys(shape).join(", "),
  });

/** A mapping whose keys the user names. */
export const dictionary = <Value extends z.ZodType>(key: z.ZodString, keys: string, value: Value) =>
  z.record(key, value, { error: ({ code }) => (code === "invalid_key" ? keys : "a mapping") });

interface Member extends z.ZodObject {
  shape: { kind: z.ZodLiteral<string> };
}

/**
 * A choice between kinds of thing, each with fields of its own. Where a kind asks for no field, its name alone will
 * do: `exposure: none` is `exposure: {kind: none}` (see `expandShortForms`).
 */
export const choice = <const Members extends readonly [Member, ...Member[]]>(members: Members) =>
  z
    .discriminatedUnion("kind", members, {
      error: ({ code }) =>
        (code === "invalid_union" ? "" : "a mapping whose kind is ") + either(members.map(kindOf)),
    })
    .meta({
      shortForms: members.filter((member) => member.safeParse({ kind: kindOf(member) }).success).map(kindOf),
    });

const kindOf = (member: Member): string => member.shape.kind.value;

/** A value that may stand in the file only in encrypted form. */
export const secret = (allowed: string) =>
  z.instanceof(SecretValue, { error: allowed }).meta({
    type: "object",
    properties: {
      secure: {
        type: "string",
        description: "The encrypted value, as `pulumi config set --secret` writes it.",
      },
    },
    required: ["secure"],
    additionalProperties: false,
  });

export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function isKind(option: z.core.$ZodType, value: unknown): boolean {
  if (!(option instanceof z.ZodObject) || !isMapping(value)) return false;
  const kind: unknown = Reflect.get(option.shape, "kind");
  return kind instanceof z.ZodLiteral && kind.value === value["kind"];
}

/** Writes every choice that is given by its kind alone in full. */
export function expandShortForms(schema: z.core.$ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodOptional) return expandShortForms(schema.unwrap(), value);
  if (schema instanceof z.ZodArray)
    return Array.isArray(value)
      ? value.map((item: unknown) => expandShortForms(schema.element, item))
      : value;
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const inFull = typeof value === "string" ? { kind: value } : value;
    const member = schema.options.find((option) => isKind(option, inFull));
    return member === undefined ? inFull : expandShortForms(member, inFull);
  }
  if (!(schema instanceof z.ZodObject) || !isMapping(value)) return value;
  const shape: Record<string, z.core.$ZodType> = schema.shape;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, shape[key] ? expandShortForms(shape[key], item) : item]),
  );
}
