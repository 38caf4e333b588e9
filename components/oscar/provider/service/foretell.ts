import type { Log } from "../../../../provider";
import { foresee, type BucketRules, type Change } from "../../service/bucket-guard";
import type { Connection } from "../connection";
import { refuse } from "./refuse";

/** Says in a preview what a change does to buckets and volumes; throws where it must not be sent. */
export async function foretell(
  { client }: Connection,
  log: Log,
  change: Change,
  rules?: BucketRules,
): Promise<void> {
  const { faults, lines } = await foresee(client, change, rules);
  refuse(faults);
  for (const line of lines) log.info(line);
}
