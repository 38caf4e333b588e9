import type { Input } from "@pulumi/pulumi";
import type { z } from "zod";

/**
 * A kind of object by which a controller is told what the Gateway API has no words for. Written down as a schema, so that a
 * cluster without the controller can be given the kind too: a plain one, for a definition knows neither `const` nor
 * alternatives. Its objects are in namespaces.
 */
export interface PolicyKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly spec: z.ZodType;
}

/** An object of such a kind. */
export interface Policy<ApiVersion extends string, Kind extends string, Spec> {
  readonly apiVersion: ApiVersion;
  readonly kind: Kind;
  readonly spec: Given<Spec> & object;
}

/** Values that may not be known yet. */
type Given<Value> = Value extends readonly (infer Item)[]
  ? readonly Given<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Given<Value[Key]> }
    : Value extends undefined
      ? never
      : Input<Value>;
