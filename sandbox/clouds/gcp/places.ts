import { type Properties, type Value } from "../../../provider";
import { at, textAt } from "../kubernetes/objects";

/** Where resources go that do not say it themselves: the provider's configuration. */
export interface Defaults {
  readonly project?: string;
  readonly region?: string;
  readonly zone?: string;
}

export function projectOf(inputs: Properties, defaults: Defaults): string {
  const project = textAt(inputs, "project") ?? defaults.project;
  if (project === undefined) throw new Error("project: required field is not set");
  return project;
}

export function regionOf(inputs: Properties, defaults: Defaults): string {
  const region = textAt(inputs, "region") ?? defaults.region ?? defaults.zone?.replace(/-[a-z]$/, "");
  if (region === undefined) {
    throw new Error(
      "Cannot determine region: set in this resource, or set provider-level 'region' or 'zone'.",
    );
  }
  return lastPart(region);
}

/** A region or a zone. */
export function locationOf(inputs: Properties, defaults: Defaults): string {
  const location = textAt(inputs, "location") ?? defaults.region ?? defaults.zone;
  if (location === undefined) {
    throw new Error("Unable to determine location: region/zone not configured in resource/provider config");
  }
  return location;
}

export function regionOfLocation(location: string): string {
  return location.split("-").slice(0, 2).join("-");
}

/** A zone is its own; of a region, the three that Google takes first. */
export function zonesOf(location: string): string[] {
  if (location.split("-").length > 2) return [location];
  // The two regions that have no zone a.
  const letters = ["europe-west1", "us-east1"].includes(location) ? ["b", "c", "d"] : ["a", "b", "c"];
  return letters.map((letter) => `${location}-${letter}`);
}

/** The name at the end of an id or a link: `projects/p/global/networks/n` → `n`. */
export function lastPart(reference: string): string {
  return reference.split("/").at(-1) ?? reference;
}

export function numberAt(value: Value | undefined, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}
