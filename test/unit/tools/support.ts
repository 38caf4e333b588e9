import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { ToolEvent } from "../../../sandbox/tools";

/** A machine with nothing on it: PATH is one empty folder, every download address is refused. */
export function emptyMachine() {
  const root = mkdtempSync(join(tmpdir(), "inference-infra-tools-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const bin = join(root, "bin");
  mkdirSync(bin);
  const events: ToolEvent[] = [];
  const refused = "http://127.0.0.1:1";
  return {
    root,
    bin,
    cacheDir: join(root, "cache"),
    events,
    report: (event: ToolEvent) => void events.push(event),
    env: {
      PATH: bin,
      HOME: root,
      INFERENCE_INFRA_MIRROR_PULUMI: refused,
      INFERENCE_INFRA_MIRROR_KUBERNETES: refused,
      INFERENCE_INFRA_MIRROR_ETCD: refused,
      INFERENCE_INFRA_MIRROR_KWOK: refused,
      INFERENCE_INFRA_MIRROR_GATEWAY_API: refused,
      INFERENCE_INFRA_MIRROR_CERT_MANAGER: refused,
      INFERENCE_INFRA_MIRROR_KNATIVE_OPERATOR: refused,
    } as Record<string, string>,
  };
}

/** An executable shell script; its commands name programs by their whole path, for PATH has none. */
export function script(path: string, body: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

/** A `go` that is new enough and runs `body` for `go build`, where `$out` is the file to write. */
export function fakeGo(bin: string, body: string): string {
  return script(
    join(bin, "go"),
    `if [ "$1" = env ]; then echo go1.99.0; exit 0; fi
while [ $# -gt 1 ]; do if [ "$1" = -o ]; then out="$2"; fi; shift; done
${body}`,
  );
}

/** As a content: the first bytes come, the rest never does. */
export const stalled = Symbol("stalled");

/** Serves `path → content` on loopback, 404 for the rest; `asked` holds the paths in order. */
export async function serve(files: Record<string, string | Buffer | typeof stalled>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const content = files[path];
    if (content === stalled) response.writeHead(200).write("half");
    else response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, host: `127.0.0.1:${port}`, base: `http://127.0.0.1:${port}` };
}

export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Every file and folder below the folder, relative, sorted. */
export function filesBelow(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir, { recursive: true }).map(String).sort() : [];
}

/** The events without what differs from run to run. */
export function kinds(events: readonly ToolEvent[]): string[] {
  return events.map((event) =>
    "tool" in event
      ? `${event.kind} ${event.tool.name} ${event.tool.version} ${event.tool.origin}`
      : event.kind === "building"
        ? `building ${event.name}`
        : event.kind === "downloading"
          ? `downloading ${event.name} from ${event.from}`
          : event.kind === "waiting"
            ? `waiting ${event.name}`
            : `${event.kind} ${event.name}: ${event.reason}`,
  );
}
