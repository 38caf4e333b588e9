import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectName } from "../engine/stack";

/** A stack of the sandbox's engine; one that was taken down has nothing in it. */
export interface StackHere {
  readonly name: string;
  readonly isEmpty: boolean;
}

/** The stacks that a sandbox's engine knows, in the layout of Pulumi's file backend. */
export async function stacksHere(dir: string): Promise<readonly StackHere[]> {
  const folder = join(dir, "engine", "state", ".pulumi", "stacks", projectName);
  const files = await readdir(folder).catch(() => []);
  const names = files.flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []).sort();
  return Promise.all(
    names.map(async (name) => ({ name, isEmpty: await isEmpty(join(folder, `${name}.json`)) })),
  );
}

/** A stack that was taken down keeps its file. One that cannot be read just now counts as none of those. */
async function isEmpty(file: string): Promise<boolean> {
  try {
    const state: { checkpoint?: { latest?: { resources?: unknown[] | null } | null } } = JSON.parse(
      await readFile(file, "utf8"),
    );
    return (state.checkpoint?.latest?.resources ?? []).length === 0;
  } catch {
    return false;
  }
}

export function stacksLine(stacks: readonly StackHere[]): string {
  const each = stacks.map(({ name, isEmpty }) => `${name}${isEmpty ? " (nothing in it)" : ""}`);
  return `stacks: ${each.length === 0 ? "none" : each.join(", ")}`;
}
