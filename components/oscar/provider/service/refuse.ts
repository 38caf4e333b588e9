import { ChangeRefused } from "../../service/bucket-guard";
import { toWire } from "../../service/to-wire";
import type { Features } from "../../service/version";
import type { WireService } from "../../service/wire";
import { blankSecrets } from "./properties";

/** Throws all faults at once, where there are some. */
export function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new ChangeRefused(faults);
}

/** For guards, which run when it is a change's turn: what still waits when the user stops is not sent any more. */
export function refuseWhenStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new Error("interrupted before anything was sent to OSCAR");
}

/** OSCAR would take it for the value. */
export const refuseBlankSecrets = (document: WireService): void =>
  refuse(blankSecrets(document).map(blankFault));

export const blankFault = (name: string): string =>
  `environment.secrets.${name}: got an empty text; allowed: the value, which OSCAR does not tell`;

/** What a version has no place for, by the names that the arguments have. */
export function wireFaults(document: WireService, features: Features): string[] {
  return toWire(document, features).faults.map((fault) => {
    const [path = "", ...rest] = fault.split(":");
    return [path.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), ...rest].join(":");
  });
}
