import { got, type Fault } from "../../faults";
import type { Draft } from "../draft";
import { parts } from "./parts";
import { wayIn } from "./way-in";

export { oscarGatewayKind, oscarNames } from "./way-in";

/** OscarCluster takes 30, of which `-oscar` is the end. */
const mostName = 24;

/** Whether OSCAR can be had on the host, and under its names. */
export function oscar(draft: Draft): Fault[] {
  return draft.oscar === undefined ? [] : [...nameFaults(draft), ...wayIn(draft), ...parts(draft)];
}

/** Its parts' names are longer than a workload's: of a Helm release, 53 characters are all. */
function nameFaults({ name }: Draft): Fault[] {
  if (name === undefined || name.length <= mostName) return [];
  const path = ["name"];
  return [{ path, message: `${got(name, path)}; allowed with oscar: at most ${mostName} characters` }];
}
