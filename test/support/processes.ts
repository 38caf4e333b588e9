import { readdirSync, readFileSync } from "node:fs";

/**
 * The command lines of all processes that name a folder, in them or in their environment: whatever a command of ours
 * started there. On other systems than Linux, where it cannot be read, none.
 */
export function processesOf(dir: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        // One that has ended and is not yet collected has no command line.
        const named = environment.includes(dir) || words.some((word) => word.includes(dir));
        return named && words.join("") !== "" ? [words.join(" ").trim()] : [];
      } catch {
        return [];
      }
    });
}
