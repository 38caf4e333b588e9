import type { ComponentState } from "../cluster-view";

/** What is read here of a resource in a stack's exported state. */
export interface StackResource {
  readonly type: string;
  readonly id?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const components: Readonly<Record<string, string>> = {
  "oscar:index:Service": "service",
  "oscar:index:Bucket": "bucket",
  "oscar:index:Volume": "volume",
  "oscar:index:Quota": "quota",
  "oscar:index:AllowedImages": "allowed images",
};

/** OSCAR's services, and what is beside them. */
export function oscarRows(resources: readonly StackResource[]): readonly ComponentState[] {
  return resources.flatMap(({ type, id, outputs = {} }) => {
    const component = components[type];
    if (component === undefined || id === undefined) return [];
    const isOne = component === "allowed images";
    return [{ component, object: isOne ? "" : id, state: states[type]?.(outputs) ?? "" }];
  });
}

type Outputs = Readonly<Record<string, unknown>>;

/** In one line; what is secret stands there as an object, and is not shown. */
const states: Readonly<Record<string, (outputs: Outputs) => string>> = {
  "oscar:index:Service": ({ url, buckets }) =>
    typeof url === "string"
      ? url
      : textsIn(buckets).length > 0
        ? `buckets ${textsIn(buckets).join(", ")}`
        : "waits for calls",
  "oscar:index:Volume": ({ size }) => text(size),
  "oscar:index:Bucket": ({ visibility }) => text(visibility),
  "oscar:index:AllowedImages": ({ repositories }) => textsIn(repositories).join(", "),
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
