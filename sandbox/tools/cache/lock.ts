import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";

/**
 * Runs `work` while no other process (and no other call) holds the lock. The lock of a process that died without
 * giving it back is taken over after ten seconds.
 */
export async function withLock<T>(
  path: string,
  { onWait, signal }: { onWait: () => void; signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const release = await acquire(path, { onWait, signal });
  try {
    return await work();
  } finally {
    // A lock that was taken over meanwhile (a laptop that slept) is no longer ours to give back.
    await release().catch(() => undefined);
  }
}

async function acquire(
  path: string,
  { onWait, signal }: { onWait: () => void; signal?: AbortSignal | undefined },
): Promise<() => Promise<void>> {
  for (let waited = false; ; waited = true) {
    signal?.throwIfAborted();
    try {
      return await lock(path, {
        lockfilePath: path,
        realpath: false,
        stale: 10_000,
        update: 2_000,
        // Work is put in place by a rename, so the worst that a lost lock does is the same work twice.
        onCompromised: () => undefined,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (!waited) onWait();
      await sleep(300, undefined, { ...(signal && { signal }) }).catch(() => undefined);
    }
  }
}
