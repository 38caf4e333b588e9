import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The repository's root: all paths of ours start here, wherever the command is run from. */
export const root = join(__dirname, "..");

export const stackFile = (stack: string): string => join(root, "stacks", `Pulumi.${stack}.yaml`);

/** The stacks this repository holds, by the files that describe them. */
export function stackNames(): string[] {
  return readdirSync(join(root, "stacks"))
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}
