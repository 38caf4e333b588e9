import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { copyScript, type CopyScriptArgs } from "../../../../components/serving/model-server/copy-script";

/**
 * Stands for `gcloud` and for `aws`: a bucket is a folder. What goes wrong is said by lines of a file, each for one call:
 * `ls: …` or `fetch: …`, with the message; a fetch that fails has fetched one file. `fetch: hang` never ends.
 */
const fakeClient = `#!/bin/sh
echo "\${0##*/} $*" >>"$CALLS"
verb=$2
from= into=
for word; do from=$into into=$word; done
fault() {
  line=$(head -n 1 "$FAULTS")
  case "$line" in "$1: "*) ;; *) return 1 ;; esac
  sed -i 1d "$FAULTS"
  fault=\${line#"$1: "}
}
refuse() { printf '%s\\n' "$fault" >&2; exit 1; }
if [ "$verb" = ls ]; then
  if fault ls; then refuse; fi
  folder="$BUCKETS/\${into#*://}"
  [ -d "$folder" ] && exec ls "$folder"
  if [ "\${0##*/}" = gcloud ]; then echo "ERROR: (gcloud.storage.ls) One or more URLs matched no objects." >&2; fi
  exit 1
fi
folder="$BUCKETS/\${from#*://}"
broken=no
if fault fetch; then broken=yes; fi
for file in $(cd "$folder" && find . -type f | sort); do
  if [ "$(wc -c <"$folder/$file")" != "$(wc -c 2>/dev/null <"$into/$file")" ]; then
    mkdir -p "$(dirname "$into/$file")"
    cp "$folder/$file" "$into/$file"
    echo "fetched $file" >>"$CALLS"
    [ "$broken" = no ] || break
  fi
done
if [ "$broken" = yes ]; then
  if [ "$fault" = hang ]; then exec sleep 60; fi
  refuse
fi
[ -z "\${SLOW:-}" ] || sleep "$SLOW"
`;

export const runId = "7251ac3655934299aad4cfebf5ffddbe";
const folder = `mlflow-tracking-server/${runId}/artifacts/model/data/model`;

/** A model of two files. */
const files = { "saved_model.pb": "graph\n", "variables/variables.index": "weights\n" };
const sumOf = (text: string) => createHash("sha256").update(text).digest("hex");
const list = Object.entries(files)
  .map(([name, text]) => `${sumOf(text)}  ./${name}\n`)
  .sort()
  .join("");
export const modelSum = sumOf(list);

export interface Copied {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A place with a bucket that has a model, and a volume to copy it into. */
export class Place {
  readonly root = mkdtempSync(join(tmpdir(), "model-copy-"));
  readonly into = join(this.root, "models", runId, "model");
  readonly marker = `${this.into}.sha256`;

  constructor(readonly client: "gcs" | "s3" = "gcs") {
    for (const name of ["gcloud", "aws"]) {
      this.write(`bin/${name}`, fakeClient);
      chmodSync(join(this.root, "bin", name), 0o755);
    }
    for (const [name, text] of Object.entries(files)) this.write(`buckets/mnist/${folder}/${name}`, text);
    this.write("faults", "");
    this.write("calls", "");
  }

  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** What the next calls come to. */
  faults(...lines: string[]): void {
    this.write("faults", lines.map((line) => `${line}\n`).join(""));
  }

  /** The files that were fetched since the last question. */
  fetched(): string[] {
    const lines = this.calls().filter((line) => line.startsWith("fetched "));
    this.write("calls", "");
    return lines.map((line) => line.slice("fetched ./".length));
  }

  calls(): string[] {
    return readFileSync(join(this.root, "calls"), "utf8").split("\n").filter(Boolean);
  }

  /** A file of the copy, if it is there. */
  copy(name: string): string | undefined {
    const file = join(this.into, name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  start(env: Record<string, string> = {}, args: Partial<CopyScriptArgs> = {}) {
    const script = copyScript({
      client: this.client,
      shared: false,
      tries: 3,
      pauseSeconds: 0.1,
      ...args,
    });
    const child = spawn("/bin/sh", ["-c", script], {
      env: {
        PATH: `${join(this.root, "bin")}:${process.env["PATH"] ?? ""}`,
        TMPDIR: this.root,
        MODEL_FROM: `${this.client === "gcs" ? "gs" : "s3"}://mnist/${folder}`,
        MODEL_INTO: this.into,
        MODEL_SHA256: "",
        MODEL_CLIENT_OPTIONS: "",
        BUCKETS: join(this.root, "buckets"),
        FAULTS: join(this.root, "faults"),
        CALLS: join(this.root, "calls"),
        ...env,
      },
      detached: true,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    const ended = new Promise<Copied>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
    /** As a container is stopped: its first process is told, and all go with it. */
    const stop = async (): Promise<number | null> => {
      child.kill("SIGTERM");
      const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
      if (child.pid !== undefined) {
        try {
          process.kill(-child.pid, "SIGKILL");
        } catch {
          // All of them are gone already.
        }
      }
      return code;
    };
    return { ended, stop };
  }

  run(env: Record<string, string> = {}, args: Partial<CopyScriptArgs> = {}): Promise<Copied> {
    return this.start(env, args).ended;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
