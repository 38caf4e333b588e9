import { bucketChanges, mountedBucket, type BucketChanges } from "./bucket-changes";
import { bucketUse } from "./bucket-use";
import { asSent, comparable } from "./comparable";
import { differences, type Difference } from "./differences";
import { replacements, type Compared, type Replacement } from "./replacements";
import { userLabels } from "./server-labels";
import type { Features } from "./version";
import type { WireService } from "./wire";

/** What a decision depends on beside the service. */
export interface Target {
  readonly features: Features;
  /** Whether OSCAR runs on Knative: `serverless_backend` in the Manager's config. */
  readonly isKnative: boolean;
  /** How the program logs in: the Manager fails at some changes of buckets for basic auth alone. */
  readonly login: "basic" | "bearer";
}

export type Change = { readonly kind: "nothing" } | Update | Replace;

/** One PUT, and what belongs to it. All reasons and warnings are for the user. */
export interface Update {
  readonly kind: "update";
  readonly differences: readonly Difference[];
  /** Right before the PUT these must not be there: OSCAR would take them over, and delete them with the service. */
  readonly newBuckets: readonly string[];
  /** Why the Manager may answer 5xx though it did all: then what is stored is to be read and compared. */
  readonly mayFailAfterwards?: string;
  /** Why the pods have to be restarted afterwards. */
  readonly restart?: string;
  readonly warnings: readonly string[];
}

/** Delete, then create: a name is unique in the cluster, and buckets would be in the way. */
export interface Replace {
  readonly kind: "replace";
  readonly differences: readonly Difference[];
  /** At least one. */
  readonly reasons: readonly Replacement[];
}

/**
 * What has to be done to make a service another one: nothing at all where both mean the same, for a PUT that changes
 * nothing may restart all pods. Both are desired services, with the values of their secrets. Which buckets are lost
 * with it depends on what is stored, too: `bucket-use.ts`.
 */
export function changeOf(before: WireService, after: WireService, target: Target): Change {
  const [was, will] = [compared(before), compared(after)];
  const differing = differences(was, will);
  if (differing.length === 0) return { kind: "nothing" };
  const buckets = bucketChanges(was, will);
  const all: Compared = { before: was, after: will, differing, buckets, target };
  const reasons = replacements(all);
  if (reasons.length > 0) {
    return { kind: "replace", differences: differing, reasons };
  }
  const mayFailAfterwards = reasonToFail(all);
  const restart = reasonToRestart(all);
  const canRestart = target.features.restart;
  return {
    kind: "update",
    differences: differing,
    newBuckets: buckets.made,
    ...(mayFailAfterwards === undefined ? {} : { mayFailAfterwards }),
    ...(restart === undefined || !canRestart ? {} : { restart }),
    warnings: [...warningsOf(all), ...(restart === undefined || canRestart ? [] : [byHand(restart, target)])],
  };
}

const compared = (service: WireService): WireService =>
  comparable({ ...asSent(service), labels: userLabels(service.labels) });

const isIn = (paths: readonly string[], { path }: Difference): boolean =>
  paths.some((each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`));

const touches = (differing: readonly Difference[], ...paths: string[]): boolean =>
  differing.some((difference) => isIn(paths, difference));

/** What is in the pods' template for certain: its change makes new pods, which start with what else is new. */
const rolled = [
  "image",
  "cpu",
  "memory",
  "ephemeralStorageRequest",
  "enableGpu",
  "environment.variables",
  "expose.apiPort",
  "expose.defaultCommand",
];

/** Pods of an exposed service read script and secrets when they start, and nothing else makes new ones. */
function reasonToRestart({ before, after, differing }: Compared): string | undefined {
  if (before.expose === undefined || after.expose === undefined || touches(differing, ...rolled))
    return undefined;
  const isScriptRun = after.expose.default_command !== true;
  const changed = [
    ...(isScriptRun && touches(differing, "script") ? ["script"] : []),
    ...(touches(differing, "environment.secrets") ? ["secrets"] : []),
  ];
  if (changed.length === 0) return undefined;
  return `pods that run go on with the old ${changed.join(" and ")} until they are restarted`;
}

const byHand = (restart: string, { features }: Target): string =>
  `${restart}; OSCAR restarts them on request from 4.1 on, and this is ${features.version}`;

/** The policies of buckets are MinIO's, where the user of basic auth does not exist. */
function reasonToFail({ before, after, differing, buckets, target }: Compared): string | undefined {
  if (buckets.dropped.length > 0)
    return "OSCAR fails when a bucket is dropped, after it has stored the change";
  if (target.login !== "basic") return undefined;
  const mounted = mountedBucket(after);
  const had = bucketUse(before).made;
  const { made: has, foreign } = bucketUse(after);
  const isOften = "with basic auth OSCAR often fails";
  if (buckets.made.length > 0) return `${isOften} when a bucket is added, after it has made it`;
  if (mounted !== undefined && !had.includes(mounted)) {
    return `${isOften} when a service mounts a bucket, after it has stored the change`;
  }
  if (foreign.length > 0) {
    return `${isOften} when results go to buckets elsewhere, after it has stored the change`;
  }
  const isPolicyChanged = touches(differing, "visibility") || after.visibility === "restricted";
  if (has.length > 0 && isPolicyChanged) {
    return `${isOften} when it sets who may use a bucket, after it has stored the change`;
  }
  return undefined;
}

function warningsOf({ after, differing, buckets, target }: Compared): string[] {
  const { made, dropped, stillWatched } = buckets;
  const hasLostScript = !target.isKnative && after.expose !== undefined;
  return [
    ...warning(made, "OSCAR does not note whose they are, so that it signs no URLs for them"),
    ...warning(dropped, "they stay with all that is in them, and files put there may still call the service"),
    ...warning(stillWatched, "files put there still call the service"),
    ...(hasLostScript
      ? [
          "script: without Knative OSCAR loses it at an update; the image's own command runs on, jobs do nothing",
        ]
      : []),
    ...(touches(differing, "totalCpu", "totalMemory")
      ? ["totalCpu, totalMemory: they are stored, but the queue of a service keeps what it was made with"]
      : []),
  ];
}

const warning = (names: BucketChanges[keyof BucketChanges], what: string): string[] =>
  names.length === 0 ? [] : [`${names.join(", ")}: ${what}`];
