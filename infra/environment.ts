import { crossFaults, type Draft } from "./checks";
import { ConfigurationError, faultsOfIssue, isMapping, showPath, type Fault, type Path } from "./faults";
import { environmentSchema, type Environment } from "./schema/environment";
import { expandShortForms } from "./schema/fields";

export type { Environment } from "./schema/environment";

export interface ParseOptions {
  /** The stack file, for the message. */
  readonly where: string;
  /** Whether images that do not exist will do: offline and in the sandbox, where none is run. */
  readonly allowPlaceholders: boolean;
  /** Whether it is to be applied from here, so that its cluster must be known here. @default false */
  readonly isDeployed?: boolean;
}

/** Checks a whole document; throws one ConfigurationError with every fault in it. */
export function parseEnvironment(document: unknown, { where, ...options }: ParseOptions): Environment {
  const result = environmentSchema.safeParse(expandShortForms(environmentSchema, document));
  const found = result.success ? [] : result.error.issues.flatMap((issue) => faultsOfIssue(issue, document));
  const draft = prune(
    expandShortForms(environmentSchema, document),
    found.map(({ path }) => path),
  );
  const faults = [...found, ...newFaults(found, crossFaults(draft, options))];
  if (faults.length > 0 || !result.success) throw ConfigurationError.ofFaults(where, faults);
  return result.data;
}

/** The document without its faulty values: all that is left is sound, so what depends on two values can be checked too. */
function prune(value: unknown, faulty: readonly Path[]): Draft {
  const cut = (item: unknown, path: Path): unknown => {
    if (
      faulty.some((fault) => fault.length === path.length && fault.every((key, index) => key === path[index]))
    )
      return undefined;
    if (Array.isArray(item)) return item.map((entry, index) => cut(entry, [...path, index]));
    if (!isMapping(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, entry]) => [key, cut(entry, [...path, key])]));
  };
  const draft = cut(value, []);
  return isMapping(draft) ? draft : {};
}

/** What follows only from a value being faulty, or cut out, is not told a second time. */
function newFaults(found: readonly Fault[], others: readonly Fault[]): Fault[] {
  const told = found.map(({ path }) => showPath(path));
  return others.filter(({ path }) => {
    const place = showPath(path);
    return !told.some(
      (fault) => place === fault || place.startsWith(`${fault}.`) || place.startsWith(`${fault}[`),
    );
  });
}
