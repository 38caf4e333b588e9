import {
  isList,
  isProperties,
  same,
  type DiffKind,
  type DiffRequest,
  type DiffResult,
  type Log,
  type Properties,
  type Value,
} from "../../../../provider";
import { foresee } from "../../service/bucket-guard";
import { changeOf, type Change, type Replace } from "../../service/changes";
import type { Difference } from "../../service/differences";
import { drift } from "../../service/drift";
import type { Connection } from "../connection";
import { arePlacesKnown, covers, placeholder, withPlaceholders } from "./known";
import { documentOf, ownIn, quiet } from "./properties";
import { rulesOf } from "./put";
import { refuse, refuseBlankSecrets } from "./refuse";
import { asSent } from "./stored-secrets";
import { ifThere, newest, targetOf } from "./target";

type Detailed = Record<string, { readonly kind: DiffKind; readonly replaces?: boolean }>;

/**
 * What would have to be done. The Manager is asked only when something is to be done: a preview without changes makes no
 * request.
 */
export async function diff(request: DiffRequest, connection: Connection): Promise<DiffResult> {
  const { id, inputs: given } = request;
  const log = quiet(request.log, given, request.oldInputs);
  const old = asSent(request.oldInputs, request.oldState);
  const { inputs, unknown } = withPlaceholders(given, old);
  const others = { ...ownDifferences(old, inputs), ...unknownDifferences(unknown) };
  const result = (differences: readonly Difference[], replace?: Replace): DiffResult => {
    const detailed = shown({ ...told(differences, replace), ...others }, old, inputs);
    return {
      changes: Object.keys(detailed).length > 0,
      detailed,
      // The name is unique in the cluster, and the buckets would be in the way.
      deleteBeforeReplace: replace !== undefined,
    };
  };
  const after = documentOf(inputs);
  const live = connection.imported.get(id);
  // Just imported: it is as it was found, and secrets, chosen ports and the like are not told.
  if (live !== undefined) return result(drift(after, live));

  const before = documentOf(old);
  if (changeOf(before, after, newest).kind === "nothing") return result([]);
  const target = await ifThere(connection, log, () => targetOf(connection));
  const change = changeOf(before, after, target ?? { ...newest, login: connection.login });
  if (change.kind === "nothing") return result([]);
  tell(change, log);
  if (change.kind === "update") return result(change.differences);

  refuseBlankSecrets(after);
  if (target !== undefined && arePlacesKnown(unknown)) {
    const foreseen = await ifThere(connection, log, () =>
      foresee(connection.client, { kind: "replace", name: id, service: after }, rulesOf(request.oldState)),
    );
    for (const line of foreseen?.lines ?? []) log.info(`its replacement ${line}`);
    refuse(foreseen?.faults ?? []);
  }
  return result(change.differences, change);
}

/** As the engine shows it: a value that was not there is an addition, though its default was. */
function shown(detailed: Detailed, old: Properties, inputs: Properties): Detailed {
  const paths = Object.keys(detailed);
  return Object.fromEntries(
    Object.entries(detailed)
      .filter(([path]) => !paths.some((other) => other !== path && covers(other, path)))
      .map(([path, { kind, ...rest }]) => {
        const [was, will] = [isAt(old, path), isAt(inputs, path)];
        return [path, { kind: was || will ? kindOf(was, will) : kind, ...rest }];
      }),
  );
}

function isAt(inputs: Properties, path: string): boolean {
  const parts = path.match(/[^.[\]"]+|"(?:[^"\\]|\\.)*"/g) ?? [];
  const value = parts.reduce<Value | undefined>((at, part) => {
    const key = part.startsWith('"') ? String(JSON.parse(part)) : part;
    if (isList(at)) return at[Number(key)];
    return isProperties(at) ? at[key] : undefined;
  }, inputs);
  return value !== undefined;
}

/** Inputs that OSCAR is not told; a default and nothing are the same. */
function ownDifferences(before: Properties, after: Properties): Detailed {
  const [was, will] = [ownIn(before), ownIn(after)];
  const keys = ["allowBucketDeletion", "readyWithinSeconds", "smokeTest"] as const;
  return Object.fromEntries(
    keys.filter((key) => !same(plain(was[key]), plain(will[key]))).map((key) => [key, { kind: "update" }]),
  );
}

const plain = (own: boolean | number | { body: string; contentType?: string } | undefined) =>
  typeof own === "object" ? { ...own } : own;

const kindOf = (was: boolean, will: boolean): DiffKind => (!was ? "add" : !will ? "delete" : "update");

const unknownDifferences = (unknown: readonly string[]): Detailed =>
  Object.fromEntries(unknown.map((path) => [path, { kind: "update" }]));

const kinds = { added: "add", removed: "delete", changed: "update" } as const;

function told(differences: readonly Difference[], replace?: Replace): Detailed {
  const replacing = (replace?.reasons ?? []).map(({ path }) => path);
  return Object.fromEntries(
    differences.map(({ path, kind }) => [
      path,
      { kind: kinds[kind], ...(replacing.includes(path) ? { replaces: true } : {}) },
    ]),
  );
}

/** Why it is replaced, or what an update brings with it. */
function tell(change: Exclude<Change, { kind: "nothing" }>, log: Log): void {
  if (change.kind === "update") {
    const { warnings, restart, mayFailAfterwards } = change;
    // Not what follows from a placeholder.
    for (const line of warnings.filter((each) => !each.includes(placeholder))) log.warning(line);
    if (restart !== undefined) log.info(`its pods are restarted: ${restart}`);
    if (mayFailAfterwards !== undefined) {
      log.info(`${mayFailAfterwards}; what it has stored is then read and compared`);
    }
    return;
  }
  for (const reason of new Set(change.reasons.map((each) => each.reason))) {
    const paths = change.reasons.filter((each) => each.reason === reason).map(({ path }) => path);
    log.info(`has to be replaced because of ${paths.join(", ")}: ${reason}`);
  }
}
