import { readdirSync, readFileSync, readlinkSync } from "node:fs";

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

/** The addresses on which a process listens, from the sockets it holds. */
export function listeners(pid: number): string[] {
  const held = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return "closed meanwhile";
      }
    }),
  );
  return ["tcp", "tcp6"].flatMap((protocol) =>
    readFileSync(`/proc/${pid}/net/${protocol}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === "0A" && held.has(`socket:[${inode}]`))
      .map(([, local = ""]) => (local.startsWith("0100007F:") ? "127.0.0.1" : local)),
  );
}
