import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { openOffline } from "../../sandbox/session";

export type Offline = Awaited<ReturnType<typeof openOffline>>;

/** An engine in memory for the tests of a file or a block, in a folder of its own; there from the first test on. */
export function offlineForTests(): { readonly dir: string; readonly engine: Offline } {
  const opened = {
    dir: mkdtempSync(join(tmpdir(), "inference-infra-plan-")),
    engine: undefined as Offline | undefined,
  };
  beforeAll(async () => {
    opened.engine = await openOffline({ dir: opened.dir });
  });
  afterAll(async () => {
    await opened.engine?.close();
    rmSync(opened.dir, { recursive: true, force: true });
  });
  return {
    dir: opened.dir,
    get engine() {
      if (opened.engine === undefined) throw new Error("the engine is opened before the first test");
      return opened.engine;
    },
  };
}
