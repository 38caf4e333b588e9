import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { exportedFiles, exportedText } from "../export/exported-file";
import type { ManagerClient } from "../service/client/manager-client";
import { adoptedSpec, specOf } from "../service/spec-of";
import type { WireService } from "../service/wire";
import type { Connection } from "./connection";

/** What to type for the other command. */
const listing = "`npm run -s oscar -- list` tells those there are";

/** A line for each service: its name, its image, and whether it is exposed. */
export async function listServices({ client }: Pick<Connection, "client">): Promise<string> {
  const services = (await client.services.list()).map(specOf);
  if (services.length === 0) return "There are no services, or none for these credentials.\n";
  const rows = services
    .map(({ name, image, expose }) => [name, image, expose === undefined ? "" : "exposed"])
    .sort(([one = ""], [other = ""]) => one.localeCompare(other));
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

export interface ExportOptions {
  /** All that there are, instead of names. */
  readonly all?: boolean;
  /** The folder that files are written to, relative to `from`; without it, the text is given back. */
  readonly out?: string;
  readonly from: string;
}

/** The services as typed arguments, or the paths of the files that have them, each on a line. Overwrites nothing. */
export async function exportServices(
  { client, origin }: Pick<Connection, "client" | "origin">,
  names: readonly string[],
  { all = false, out, from }: ExportOptions,
): Promise<string> {
  const specs = (all ? await client.services.list() : await named(client, names)).map(adoptedSpec);
  if (specs.length === 0) throw new Error("there are no services, or none for these credentials");
  if (out === undefined) return exportedText(specs, origin);
  const folder = resolve(from, out);
  const files = await exportedFiles(specs, origin, folder);
  const shown = ({ path }: { path: string }): string => relative(from, path);
  const there = files.filter(({ path }) => existsSync(path));
  if (there.length > 0) {
    throw new Error(`--out: ${there.map(shown).join(", ")}: there already; allowed: another folder`);
  }
  await mkdir(folder, { recursive: true });
  for (const { path, text } of files) await writeFile(path, text, { flag: "wx" });
  return files.map((file) => `${shown(file)}\n`).join("");
}

/** Each once, in the order of the names. */
async function named(client: ManagerClient, names: readonly string[]): Promise<WireService[]> {
  const found: WireService[] = [];
  const missing: string[] = [];
  for (const name of new Set(names)) {
    const service = await client.services.get(name);
    if (service === undefined) missing.push(name);
    else found.push(service);
  }
  if (missing.length === 0) return found;
  throw new Error(`${missing.join(", ")}: no such service, or not for these credentials; ${listing}`);
}
