import {
  applyRecovery,
  isNothing,
  planRecovery,
  type Recovery,
  type RecoveryContext,
} from "./engine/recovery";
import { shortName } from "./engine/progress";

/** What recovery will do, in a person's words; empty where there is nothing to do. */
export function describeRecovery(recovery: Recovery): string[] {
  return [
    ...recovery.adopt.map(({ urn, id }) => `adopt ${shortName(urn)}: an interrupted run made it as ${id}`),
    ...recovery.forget.map(({ urn, unseen }) =>
      unseen === undefined
        ? `forget ${shortName(urn)}: an interrupted run asked for it, but it was not made`
        : `forget ${shortName(urn)}: an interrupted run asked for it. It may have been made: look in your cloud's console ` +
          `for "${unseen}", and delete it there`,
    ),
    ...recovery.reread.map(
      ({ urn, operation }) => `read ${shortName(urn)} again: an interrupted run was ${operation} it`,
    ),
  ];
}

/** Puts a stack right that an earlier run left halfway; a stack without unfinished operations is not touched. */
export async function recover(context: RecoveryContext, tell: (line: string) => void): Promise<boolean> {
  const recovery = await planRecovery(context);
  if (isNothing(recovery)) return false;
  for (const line of describeRecovery(recovery)) tell(line);
  await applyRecovery(context, recovery);
  return true;
}
