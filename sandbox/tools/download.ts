import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import got from "got";
import { extract } from "tar";
import { catalogue, platform, type Platform, type ToolName } from "./catalogue";

export interface DownloadOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly platform?: Platform;
  readonly onStart?: (host: string) => void;
  /** Hosts that did not answer in this run; they are not asked again. */
  readonly unreachable: Set<string>;
}

/** Why a tool could not be downloaded; another way to get it is tried then. */
export class DownloadError extends Error {}

/**
 * Downloads a tool's official release to `target`, after its checksum is verified. `false` where there is none for
 * the platform. Base addresses can be replaced for a mirror: INFERENCE_INFRA_MIRROR_KUBERNETES, _PULUMI, _ETCD, _KWOK.
 */
export async function download(name: ToolName, target: string, options: DownloadOptions): Promise<boolean> {
  const { env, signal, unreachable } = options;
  const release = catalogue[name].download(options.platform ?? platform(), (mirror, official) =>
    (env[`INFERENCE_INFRA_MIRROR_${mirror}`] ?? official).replace(/\/$/, ""),
  );
  if (release === undefined) return false;
  const { host } = new URL(release.url);
  if (unreachable.has(host)) throw new DownloadError(`${host} does not answer`);
  options.onStart?.(host);
  const folder = `${target}.download`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const http = got.extend({
    retry: { limit: 1 },
    // A host that is out of reach must not hold up a build for long.
    timeout: { lookup: 3000, connect: 3000, secureConnect: 5000, response: 20_000 },
    ...(signal !== undefined && { signal }),
  });
  try {
    const file = join(folder, basename(new URL(release.url).pathname));
    const expected = checksumFor(basename(file), await http(release.checksums).text());
    await pipeline(http.stream(release.url), createWriteStream(file));
    const actual = await sha256(file);
    if (expected !== actual)
      throw new DownloadError(`${release.url}: the checksum is ${actual}, but the release says ${expected}`);
    const { member } = release;
    if (member !== undefined) await extract({ file, cwd: folder, filter: (path) => path === member });
    const program = member === undefined ? file : join(folder, member);
    await chmod(program, 0o755);
    await rename(program, target);
    return true;
  } catch (error) {
    if (signal?.aborted === true) throw error;
    if (error instanceof DownloadError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    // An answer, even a refusal, shows that the host is there.
    const answered =
      typeof error === "object" && error !== null && "response" in error && error.response !== undefined;
    if (!answered) unreachable.add(host);
    throw new DownloadError(`${host}: ${message}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The SHA-256 of a file in a list of such (`<sum>  <file>`), or in a text that is nothing but one. */
export function checksumFor(file: string, text: string): string {
  const lines = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+\*?/));
  const named = lines.find(([, name]) => name === file)?.[0];
  const alone = lines.length === 1 ? lines[0]?.[0] : undefined;
  const sum = named ?? alone;
  if (sum === undefined || !/^[0-9a-f]{64}$/i.test(sum))
    throw new DownloadError(`the release has no checksum for ${file}`);
  return sum.toLowerCase();
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
