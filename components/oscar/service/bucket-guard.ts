import { setTimeout as sleep } from "node:timers/promises";
import { quoted } from "../../messages";
import { holds, lookAt, type Look } from "./bucket-look";
import { bucketUse } from "./bucket-use";
import type { ManagerClient } from "./client/manager-client";
import type { Guard } from "./client/services";
import { foresee, volumeMade, type BucketRules, type Change } from "./foresee";
import type { WireService } from "./wire";

export { foresee, type BucketRules, type Change, type Foreseen } from "./foresee";

/** A change that was not sent, because it would have destroyed what is not to be destroyed. */
export class ChangeRefused extends Error {
  override readonly name = "ChangeRefused";

  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

export interface GuardOptions extends BucketRules {
  /**
   * Milliseconds that a creation waits for the end of a volume of the same name, which is being deleted.
   * @default 60000
   */
  readonly volumeWaitMs?: number;
  /** @default 1000 */
  readonly pollMs?: number;
}

/**
 * The guards of the client's changes: `client.services.delete(name, guards.delete(name))`. Each looks right before the
 * change is sent, and throws `ChangeRefused`. What others do between the look and the change is not seen.
 */
export function bucketGuards(client: ManagerClient, options: GuardOptions = {}) {
  const guard =
    (change: Change): Guard =>
    async () => {
      const { faults } = await foresee(client, change, options);
      if (faults.length > 0) throw new ChangeRefused(faults);
    };
  return {
    create:
      (service: WireService): Guard =>
      async () => {
        await volumeGone(client, service, options);
        await guard({ kind: "create", service })();
      },
    update: (service: WireService): Guard => guard({ kind: "update", service }),
    delete: (name: string): Guard => guard({ kind: "delete", name }),
  };
}

export type Leftover = { readonly bucket: string } & Exclude<Look, { kind: "missing" }>;

/** The buckets that should have gone with a service, and are there: OSCAR says success all the same. */
export async function leftovers(client: ManagerClient, service: WireService): Promise<Leftover[]> {
  const left: Leftover[] = [];
  for (const bucket of bucketUse(service).deleted) {
    const look = await lookAt(client, bucket);
    if (look.kind !== "missing") left.push({ bucket, ...look });
  }
  return left;
}

/** For a warning; nothing when nothing is left. */
export function leftoverWarning(service: string, left: readonly Leftover[]): string | undefined {
  if (left.length === 0) return undefined;
  const named = left.map((each) => `${quoted(each.bucket)}, which ${holds(each)}`).join("; ");
  return `service ${quoted(service)} is deleted, but OSCAR has left its buckets behind: ${named}; a service that makes them again is refused until they are deleted`;
}

async function volumeGone(
  client: ManagerClient,
  service: WireService,
  { volumeWaitMs = 60_000, pollMs = 1000 }: GuardOptions,
): Promise<void> {
  const name = volumeMade(service);
  const until = Date.now() + volumeWaitMs;
  while (name !== undefined && Date.now() < until) {
    if ((await client.volumes.get(name))?.status.phase !== "deleting") return;
    await sleep(pollMs);
  }
}
