import type { Log } from "../../../../provider";
import { messageOf } from "../../../messages";
import type { Target } from "../../service/changes";
import { featuresOf } from "../../service/version";
import type { Connection } from "../connection";
import { explain, isAway } from "../explain";

/** What is taken for the Manager where it cannot be asked. */
export const newest: Target = { features: featuresOf([4, 2, 0]), isKnative: true, login: "basic" };

export async function targetOf(connection: Connection): Promise<Target> {
  const [features, isKnative] = await Promise.all([connection.features(), connection.isKnative()]);
  return { features, isKnative, login: connection.login };
}

/**
 * What a preview asks the Manager; nothing where it is not there, which a warning says once: a preview may run where it
 * cannot be reached, or before it is made.
 */
export async function ifThere<Result>(
  connection: Connection,
  log: Log,
  ask: () => Promise<Result>,
): Promise<Result | undefined> {
  if (!connection.isKnown) return undefined;
  try {
    return await ask();
  } catch (error) {
    if (!isAway(error)) throw error;
    connection.warnOnce(
      log,
      `what OSCAR would do cannot be foreseen: ${messageOf(explain(error, connection))}; OSCAR ${newest.features.version} on Knative is assumed, and buckets are not looked at`,
    );
    return undefined;
  }
}
