import type * as shared from "../behaviour";
import type { Defaults } from "./places";

export type { Made } from "../behaviour";

/** A resource of Google's as it is asked for. */
export type Wanted = shared.Wanted<Defaults>;

/** How Google Cloud treats one type of resource. */
export type Behaviour = shared.Behaviour<Defaults>;

/** Google's error as the provider shows it. */
export function googleError(code: number, message: string, reason: string): string {
  return `googleapi: Error ${code}: ${message}, ${reason}`;
}
