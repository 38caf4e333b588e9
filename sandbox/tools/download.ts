import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import got, { HTTPError, RequestError } from "got";
import { ProxyAgent } from "proxy-agent";
import { extract } from "tar";
import { catalogue, type Platform, type ToolName } from "./catalogue";
import { OtherDefinitions, writeDefinitions } from "./definitions";

/** Why a tool cannot be downloaded; it is then built. */
export class NotDownloaded extends Error {}

export interface DownloadOptions {
  readonly platform: Platform;
  readonly env: NodeJS.ProcessEnv;
  /** Hosts that did not answer in this run; they are not tried again. */
  readonly unreachable: Set<string>;
  readonly onStart: (host: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** As curl does it: HTTPS_PROXY, HTTP_PROXY and NO_PROXY say how the way out is. */
const proxy = new ProxyAgent();

const http = got.extend({
  agent: { http: proxy, https: proxy },
  retry: { limit: 0 },
  // Milliseconds. An unreachable host must not hold anyone up, a slow one may take its time as long as data flows.
  timeout: { lookup: 3_000, connect: 3_000, secureConnect: 10_000, response: 20_000, socket: 30_000 },
});

/** Downloads the official release of the tool to the path, verified; throws `NotDownloaded` where that cannot be. */
export async function download(name: ToolName, path: string, options: DownloadOptions): Promise<void> {
  const { platform, env, unreachable, onStart, signal } = options;
  const { artifact: artifactFor, base, mirror } = catalogue[name].download;
  const artifact = artifactFor(platform);
  if (artifact === undefined) {
    throw new NotDownloaded(`its publisher has no download of it for ${platform.os}/${platform.arch}`);
  }
  const { host, address } = addresses(mirror, env[mirror] ?? "", base);
  if (unreachable.has(host)) throw new NotDownloaded(`${host} is unreachable`);
  onStart(host);
  const request = { ...(signal && { signal }) };
  try {
    const { checksum, entry } = artifact;
    if ("definitions" in checksum) {
      const from = address(artifact.file);
      const text = await http(from, request).text();
      await writeDefinitions([text], { from, sha256: checksum.definitions, path });
      return;
    }
    const expected =
      "sha256" in checksum
        ? checksum.sha256
        : findChecksum(await http(address(checksum.list), request).text(), artifact.file);
    if (expected === undefined)
      throw new NotDownloaded(`its publisher's list has no checksum of ${artifact.file}`);
    const file = entry === undefined ? path : `${path}.tar.gz`;
    await pipeline(http.stream(address(artifact.file), request), createWriteStream(file));
    const actual = await sha256Of(file);
    if (actual !== expected) {
      throw new NotDownloaded(
        `${address(artifact.file)} has the SHA-256 checksum ${actual}, not its publisher's ${expected}`,
      );
    }
    if (entry !== undefined) await unpack(file, entry, path);
    await chmod(path, 0o755);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof OtherDefinitions) throw new NotDownloaded(error.message);
    if (!(error instanceof RequestError)) throw error;
    if (error instanceof HTTPError) {
      throw new NotDownloaded(`${error.response.requestUrl.href} answered ${error.response.statusCode}`);
    }
    unreachable.add(host);
    throw new NotDownloaded(`${host} is unreachable: ${error.code}`);
  }
}

function addresses(mirror: string, mirrorBase: string, officialBase: string) {
  const base = (mirrorBase === "" ? officialBase : mirrorBase).replace(/\/+$/, "");
  if (!URL.canParse(base)) {
    throw new Error(`${mirror} is "${base}"; it must be an address such as ${officialBase}`);
  }
  return { host: new URL(base).host, address: (file: string) => `${base}/${file}` };
}

/** Reads `SUM  FILE` lines, as sha256sum writes them, or a file that holds a lone sum. */
export function findChecksum(list: string, file: string): string | undefined {
  const name = file.split("/").at(-1);
  const rows = list
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/));
  const sum = rows.find(
    ([, listed]) => listed?.replace(/^[*.]*\/?/, "") === name || (listed === undefined && rows.length === 1),
  )?.[0];
  return sum !== undefined && /^[0-9a-f]{64}$/i.test(sum) ? sum.toLowerCase() : undefined;
}

async function unpack(tarball: string, entry: string, path: string): Promise<void> {
  const dir = dirname(path);
  await extract({ file: tarball, cwd: dir, filter: (name) => name.replace(/^\.\//, "") === entry });
  try {
    await rename(join(dir, entry), path);
  } catch {
    throw new NotDownloaded(`${entry} is not in the downloaded tarball`);
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
