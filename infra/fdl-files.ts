import { join, resolve } from "node:path";
import { displayPath } from "./stack-file";

/** The project's folder: where it is looked from for the files that a document names. */
const project = join(__dirname, "..");

export interface FdlFile {
  /** As messages have it, and as it can be opened. */
  readonly file: string;
  /** The id in it whose services are meant. */
  readonly cluster?: string;
}

/** A file of `oscarServices.fdl`, given in short or in full. */
export function fdlFile(
  entry: string | { readonly path: string; readonly cluster?: string | undefined },
): FdlFile {
  const { path, cluster } = typeof entry === "string" ? { path: entry, cluster: undefined } : entry;
  return { file: displayPath(resolve(project, path)), ...(cluster !== undefined && { cluster }) };
}
