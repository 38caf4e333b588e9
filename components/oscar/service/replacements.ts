import { watchedPaths, type BucketChanges } from "./bucket-changes";
import type { Target } from "./changes";
import type { Difference } from "./differences";
import type { WireService } from "./wire";

/** A field whose change OSCAR cannot make, or not without breaking the service; and why, for the user. */
export interface Replacement {
  /** One of the differing paths. */
  readonly path: string;
  readonly reason: string;
}

/** What of a change in place the rules look at; both services are comparable ones. */
export interface Compared {
  readonly before: WireService;
  readonly after: WireService;
  readonly differing: readonly Difference[];
  readonly buckets: BucketChanges;
  readonly target: Target;
}

/** The fields for which a service has to be deleted and made anew; none when it can be updated. */
export function replacements(compared: Compared): Replacement[] {
  const always = reasonForAny(compared);
  if (always !== undefined) return compared.differing.map(({ path }) => ({ path, reason: always }));
  return compared.differing.flatMap(({ path, kind }) => {
    const reason = ofField(path, kind) ?? ofSecrets(path, compared) ?? ofInput(path, compared);
    return reason === undefined ? [] : [{ path, reason }];
  });
}

/** Why there can be no update at all, whatever changed. */
function reasonForAny({ before, after, target }: Compared): string | undefined {
  const { features } = target;
  if (before.kserve?.type === "llm_inference" && after.kserve?.type === "llm_inference") {
    return "OSCAR fails at every update of a language model";
  }
  if (losesScript(before, after, target)) {
    return "on a cluster without Knative, OSCAR empties the script of an exposed service at every update";
  }
  const isTriggered = [before, after].every((service) => watchedPaths(service).length > 0);
  if (!features.updateKeepsToken && isTriggered) {
    return `files in its buckets no longer call a service after an update, by OSCAR before 4.0; this is ${features.version}`;
  }
  return undefined;
}

/** Where the script is what runs: in the container, or when a file is put into a bucket. */
function losesScript(before: WireService, after: WireService, { isKnative }: Target): boolean {
  if (isKnative || before.expose === undefined || after.expose === undefined) return false;
  return after.expose.default_command !== true || after.input !== undefined;
}

const fields: readonly (readonly [path: RegExp, reason: string])[] = [
  [/^name$/, "OSCAR cannot rename a service"],
  [/^volume(\.|$)/, "OSCAR cannot change the volume of a service that is there"],
  [/^interlinkNodeName$/, "OSCAR cannot move a service that is there to a virtual node, or away from one"],
  [/^kserve\.storageUri$/, "OSCAR cannot give another model to a service that is there"],
  [/^kserve\.type$/, "OSCAR cannot change what kind of model a service has"],
  [/^kserve\.inference\.runtime$/, "OSCAR cannot change the runtime of a model that is there"],
  [/^kserve\.inference\.modelFormat$/, "OSCAR cannot change the format of a model that is there"],
  [/^kserve\.setAuth$/, "OSCAR cannot change whether a model that is there asks for a token"],
];

/** What comes and goes as a whole only. */
const wholes: Readonly<Record<string, Partial<Record<Difference["kind"], string>>>> = {
  expose: {
    added: "OSCAR cannot expose a service that is there",
    removed: "OSCAR cannot stop exposing a service, and would leave it running",
  },
  kserve: {
    added: "OSCAR cannot give a model to a service that is there",
    removed: "OSCAR cannot take the model from a service",
  },
};

function ofField(path: string, kind: Difference["kind"]): string | undefined {
  return wholes[path]?.[kind] ?? fields.find(([pattern]) => pattern.test(path))?.[1];
}

function ofSecrets(path: string, { after }: Compared): string | undefined {
  if (path !== "environment.secrets" || after.environment?.secrets !== undefined) return undefined;
  return "OSCAR keeps the last secrets of a service, and goes on giving them to it";
}

function ofInput(path: string, { buckets }: Compared): string | undefined {
  const [folder] = buckets.unwatched;
  if (path !== "input" || folder === undefined) return undefined;
  return `OSCAR does not watch a new folder in a bucket that is there; got ${buckets.unwatched.join(", ")}`;
}
