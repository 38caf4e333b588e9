import { rename, writeFile } from "node:fs/promises";

/** Writes a file that its owner alone may read; whoever reads it meanwhile sees the old text or the new, no half. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
