import { readFileSync } from "node:fs";

/** A script with the line ends of Linux: a shell takes what Windows adds for part of the command. OSCAR does the same. */
export const withUnixLineEnds = (script: string): string => script.replace(/\r\n?/g, "\n");

/** The text of a script in a file, for `script`; the path is relative to where the program runs. */
export function readScript(path: string): string {
  return withUnixLineEnds(readFileSync(path, "utf8"));
}
