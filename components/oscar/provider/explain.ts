import { PartialFailure } from "../../../provider";
import { ManagerError, ManagerUnreachable } from "../service/client/errors";
import type { Connection } from "./connection";

/** An error in the words of one who has to do something about it: what is wrong with the connection, and where. */
export function explain(error: unknown, connection: Connection | undefined): unknown {
  if (error instanceof PartialFailure || connection === undefined || !connection.isKnown) return error;
  if (error instanceof ManagerError && error.status === 401) {
    const advice =
      connection.login === "basic"
        ? "give the provider the username and the password that OSCAR was installed with"
        : "the token may have expired, or its user may be in none of OSCAR's groups: give the provider a new one";
    return new Error(
      `OSCAR at ${connection.base} does not accept the provider's credentials (${error.method} ${error.path}: 401); ${advice}`,
      { cause: error },
    );
  }
  if (error instanceof ManagerUnreachable) {
    return new Error(`OSCAR does not answer: ${error.message}`, { cause: error });
  }
  return error;
}

/** Whether it is not there, or only for the moment: a preview may do without it. */
export function isAway(error: unknown): boolean {
  return error instanceof ManagerUnreachable || (error instanceof ManagerError && error.status >= 500);
}
