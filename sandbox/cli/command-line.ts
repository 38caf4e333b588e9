import { join } from "node:path";
import { root } from "../project";

/** Where the sandbox is unless `--dir` says otherwise. */
export const defaultDir = join(root, ".sandbox");

/** What to type for a command on the sandbox of this folder: `npm run sandbox -- destroy gke-dev --dir /tmp/x`. */
export function sandboxCommand(dir: string, ...args: readonly string[]): string {
  const all = [...args, ...(dir === defaultDir ? [] : ["--dir", quoted(dir)])];
  return ["npm run sandbox", ...(all.length > 0 ? ["--", ...all] : [])].join(" ");
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./~+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
