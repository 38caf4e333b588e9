import { RunError } from "@pulumi/pulumi";
import type { z } from "zod";
import { nearMiss } from "../components/near-miss";
import { isConfidential, SecretValue } from "./secrets";

/** One thing to put right, and where it stands in the document. */
export interface Fault {
  readonly path: Path;
  readonly message: string;
}

export type Path = readonly PropertyKey[];

type Issue = z.core.$ZodIssue;

/**
 * A mistake of the user's, told in full. A RunError, because Pulumi shows those without a stack trace; and without a
 * stack at all, because Pulumi formats it all the same, which took Node 20.20 20 s.
 */
export class ConfigurationError extends RunError {
  override readonly name = "ConfigurationError";

  constructor(message: string) {
    super(message);
    this.stack = message;
  }

  static ofFaults(where: string, faults: readonly Fault[]): ConfigurationError {
    const lines = [...new Set(faults.map(({ path, message }) => `  ${showPath(path)}: ${message}`))].sort();
    return new ConfigurationError(
      `${where}: ${lines.length === 1 ? "1 fault" : `${lines.length} faults`}\n${lines.join("\n")}`,
    );
  }
}

/**
 * Tells a finding of the schema in the user's words. By the convention of `schema/`, an issue's message says what
 * is allowed; for unknown keys it is the list of the known ones.
 */
export function faultsOfIssue(issue: Issue, document: unknown): Fault[] {
  if (issue.code === "unrecognized_keys") {
    const known = issue.message.split(", ");
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknownKey(key, known) }));
  }
  if (issue.code === "invalid_key")
    return [{ path: issue.path, message: `not a name here; allowed: ${issue.message}` }];
  if (issue.code === "invalid_union") {
    // A choice that was given by its kind alone: `exposure: ingres`.
    const parent = issue.path.slice(0, -1);
    if (issue.path.at(-1) === "kind" && typeof valueAt(document, parent) === "string") {
      return [{ path: parent, message: wrongValue(issue, valueAt(document, parent), parent) }];
    }
    const branch = issue.errors.find((errors) => errors.some(({ path }) => path.length > 0));
    if (branch)
      return branch.flatMap((inner) =>
        faultsOfIssue({ ...inner, path: [...issue.path, ...inner.path] }, document),
      );
  }
  return [{ path: issue.path, message: wrongValue(issue, valueAt(document, issue.path), issue.path) }];
}

export function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearMiss(key, known);
  return `unknown key; ${meant === undefined ? `allowed: ${known.join(", ")}` : `did you mean ${meant}?`}`;
}

/** `got 10 (a number)`: the value as it was written, unless it could be a secret. */
export function got(value: unknown, path: Path): string {
  return `got ${show(value, isConfidential(path))}`;
}

export function showPath(path: Path): string {
  return ["environment", ...path].reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

export function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (isMapping(value) || Array.isArray(value) ? Reflect.get(value, key) : undefined),
    document,
  );
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof SecretValue)
  );
}

function wrongValue(issue: Issue, value: unknown, path: Path): string {
  if (value === undefined) return `missing; needed: ${issue.message}`;
  const expectsText =
    issue.code !== "invalid_type" || !["object", "record", "array"].includes(issue.expected);
  const given = typeof value === "string" && !expectsText ? "got text" : got(value, path);
  const choices = choicesOf(issue);
  const meant = typeof value === "string" ? nearMiss(value, choices) : undefined;
  return `${given}; allowed: ${issue.message}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

function choicesOf(issue: Issue): string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  // Zod names the kinds of a discriminated union in `options`, which its type leaves out.
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options))
    return issue.options.map(String);
  return [];
}

function show(value: unknown, confidential: boolean): string {
  if (value === null) return "nothing";
  if (value instanceof SecretValue) return "a secret (secure:)";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "string") return confidential ? "text" : JSON.stringify(value);
  const kind = typeof value === "number" ? "a number" : `a ${typeof value}`;
  return confidential ? kind : `${String(value)} (${kind})`;
}
