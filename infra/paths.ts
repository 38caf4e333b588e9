import { homedir } from "node:os";

/** A path as shells take it: `~/` is the user's folder. */
export function homePath(path: string): string {
  return path.replace(/^~(?=\/)/, homedir());
}
