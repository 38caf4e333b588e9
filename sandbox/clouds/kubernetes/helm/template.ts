import { isProperties, type Properties, type Value } from "../../../../provider";
import { at } from "../objects";

/** What a template is filled in with. */
export interface Filling {
  readonly release: { readonly name: string; readonly namespace: string };
  /** The chart's own, with the release's in their place. */
  readonly values: Properties;
}

/** From `if` to `end`, each in a line of its own, with no other one between them. */
const condition = /^\{\{- if (eq )?(\S+)(?: "([^"]*)")? \}\}\n([^]*?)^\{\{- end \}\}\n/gm;
const expression = /^\{\{ (\.\S+)(?: \| (quote|toJson))? \}\}$/;

/**
 * Fills in what the sandbox's charts need, as Helm would: the release's name and namespace, values (`| quote`, `| toJson`)
 * and parts that a value lets in (`{{- if .Values.a }}`, `{{- if eq .Values.a "b" }}`). Throws at all else.
 */
export function fill(text: string, { release, values }: Filling): string {
  const known: Properties = {
    Release: { Name: release.name, Namespace: release.namespace },
    Values: values,
  };
  const valueOf = (path: string, whole: string): Value | undefined => {
    if (!/^\.(Release\.(Name|Namespace)|Values(\.\w+)+)$/.test(path)) throw notFilledIn(whole);
    return at(known, ...path.slice(1).split("."));
  };
  return text
    .replace(
      condition,
      (whole: string, eq: string | undefined, path: string, wanted: string, part: string) => {
        const value = valueOf(path, firstLine(whole));
        return (eq === undefined ? isTrue(value) : value === wanted) ? part : "";
      },
    )
    .replace(/\{\{.*?\}\}/g, (whole) => {
      const [, path = "", form] = expression.exec(whole) ?? [];
      const value = valueOf(path, whole) ?? null;
      if (form === "toJson") return JSON.stringify(value);
      if (value === null) return "";
      if (typeof value === "object") throw notFilledIn(whole);
      return form === undefined ? String(value) : JSON.stringify(String(value));
    });
}

/** A chart's own values with a release's in their place, map by map; `null` takes one away. */
export function mergeValues(own: Properties, given: Properties): Properties {
  const names = [...new Set([...Object.keys(own), ...Object.keys(given)])];
  return Object.fromEntries(
    names.flatMap((name): [string, Value][] => {
      const [before, after] = [own[name], given[name]];
      if (after === null) return [];
      if (isProperties(before) && isProperties(after)) return [[name, mergeValues(before, after)]];
      return [[name, after ?? before ?? null]];
    }),
  );
}

/** As Go's templates have it: what is empty is false. */
function isTrue(value: Value | undefined): boolean {
  if (typeof value !== "object" || value === null) return Boolean(value);
  return Object.keys(value).length > 0;
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? text;
}

function notFilledIn(what: string): Error {
  return new Error(
    `${what}: the simulated Kubernetes provider fills in the release's name and namespace and plain values; use the genuine one (--kubernetes genuine)`,
  );
}
