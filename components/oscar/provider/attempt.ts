import type { Log } from "../../../provider";
import { messageOf } from "../../messages";
import { ManagerError, ManagerUnreachable, type Failure } from "../service/client/errors";
import type { Connection } from "./connection";
import { explain, isAway } from "./explain";

/**
 * Sends a change, and gives what came back where that is no success: the Manager may have done it all the same, or in
 * part, so the caller looks before it believes. What certainly had no effect is thrown.
 */
export async function attempt(change: () => Promise<unknown>): Promise<Failure | undefined> {
  try {
    await change();
    return undefined;
  } catch (error) {
    if (error instanceof ManagerError || (error instanceof ManagerUnreachable && error.mayHaveActed))
      return error;
    throw error;
  }
}

/** For a change that was found to be made, whatever the Manager said. */
export function sayDoneAllTheSame(log: Log, what: string, doubt: Failure | undefined): void {
  if (doubt !== undefined) log.warning(`${what} is as it should be, although OSCAR failed: ${doubt.message}`);
}

/**
 * In a preview, what stands in the way of a creation is a warning: it may be out of the way by then, a Manager that does
 * not answer above all.
 */
export async function warnBeforehand(
  log: Log,
  connection: Connection,
  look: () => Promise<unknown>,
): Promise<void> {
  if (!connection.isKnown) return;
  try {
    // Its failure is remembered: a Manager that is not there is waited for once.
    await connection.features();
    await look();
  } catch (error) {
    if (!isAway(error)) connection.warnOnce(log, messageOf(explain(error, connection)));
  }
}
