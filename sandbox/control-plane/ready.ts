import { readFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import type { Credentials } from "./credentials";

/** Asks an API server whether it is ready, trusting its own certificate only. */
export async function isReady(server: string, { token, certDir }: Credentials): Promise<boolean> {
  // There is none before its first start.
  const ca = await readFile(join(certDir, "apiserver.crt")).catch(() => undefined);
  if (ca === undefined) return false;
  return new Promise((resolve) => {
    const request = get(
      `${server}/readyz`,
      { ca, headers: { authorization: `Bearer ${token}` }, timeout: 2000, agent: false },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
