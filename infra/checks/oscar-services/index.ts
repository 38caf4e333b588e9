import type { Fault } from "../../faults";
import type { Draft } from "../draft";
import { cluster, clusterPlaceholders } from "./cluster";
import { readFiles } from "./files";
import { imagePlaceholders, services } from "./services";

export { tokenFile } from "./cluster";

/** The services of OSCAR: the files that describe them are read here, so that all that is wrong with them is told at once. */
export function oscarServices(
  draft: Draft,
  { allowPlaceholders }: { readonly allowPlaceholders: boolean },
): Fault[] {
  const section = draft.oscarServices;
  if (section === undefined) return [];
  const reading = readFiles(section);
  return [
    ...cluster(draft, section),
    ...reading.faults,
    ...services(draft, section, reading),
    ...production(draft),
    ...(allowPlaceholders ? [] : [...clusterPlaceholders(section), ...imagePlaceholders(section, reading)]),
  ];
}

function production({ tier, oscarServices: section }: Draft): Fault[] {
  if (tier !== "production" || section?.allowBucketDeletion !== true) return [];
  const message =
    "got true (a boolean); allowed: false, because production keeps its data; or else tier: development";
  return [{ path: ["oscarServices", "allowBucketDeletion"], message }];
}
