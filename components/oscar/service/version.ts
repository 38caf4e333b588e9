import type { SystemInfo } from "./wire";

/** Major, minor, patch. */
export type Version = readonly [number, number, number];

/**
 * What came when, by the tags of grycap/oscar. Of 4.2 only what was merged by September 2026 is known: those are
 * expected to be in it.
 */
const since = {
  secrets: [3, 4, 0],
  visibility: [3, 6, 0],
  healthPath: [3, 6, 5],
  quotas: [3, 7, 0],
  /** GET `/deployment` and its logs, and `?include=deployment`. */
  deployment: [4, 0, 0],
  volumes: [4, 0, 0],
  probeMode: [4, 0, 0],
  /** PUT `/system/config`. */
  allowedImages: [4, 0, 0],
  /** A PUT keeps the token; before, MinIO's triggers stop working after one. */
  updateKeepsToken: [4, 0, 0],
  /** `expose.api_port` and `expose.nodePort`: a number before. */
  portsAsLists: [4, 1, 0],
  authType: [4, 1, 0],
  ephemeralStorageRequest: [4, 1, 0],
  federation: [4, 1, 0],
  kserve: [4, 1, 0],
  /** POST `/restart`, `/stop`, `/start`. */
  restart: [4, 1, 0],
  /** The values of secrets can be read back. */
  secretsApi: [4, 2, 0],
  /** A service exposed at a host name of its own, where the cluster is installed so. */
  subdomainRoutes: [4, 2, 0],
  /** `kserve.inference.api_version`: `kserve.api_version` before. */
  kserveApiVersionUnderInference: [4, 2, 0],
} as const satisfies Record<string, Version>;

export type Feature = keyof typeof since;

/** What a Manager of one version can do. */
export type Features = Readonly<Record<Feature, boolean>> & {
  /** As it is said to the user, such as `4.1.2`. */
  readonly version: string;
};

/** The first version that has it, as it is said to the user: `4.1`, `3.6.5`. */
export function firstWith(feature: Feature): string {
  return since[feature].join(".").replace(/\.0$/, "");
}

/** The version in `4.1.2`, `v4.1.2`, `4.2.0-rc1` or `4.1`; nothing for `devel`, `latest` and the like. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/.exec(text.trim()) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return [Number(major), Number(minor), Number(patch ?? 0)];
}

function isAtLeast(version: Version, least: Version): boolean {
  const [major, minor, patch] = version;
  const [leastMajor, leastMinor, leastPatch] = least;
  if (major !== leastMajor) return major > leastMajor;
  return minor === leastMinor ? patch >= leastPatch : minor > leastMinor;
}

/** What a version can do. Throws when it is older than what this program speaks to. */
export function featuresOf(version: Version): Features {
  const said = version.join(".");
  if (!isAtLeast(version, [3, 4, 0])) {
    throw new Error(`OSCAR's Manager: got version ${said}; allowed: 3.4 or later`);
  }
  const has = Object.fromEntries(
    Object.entries(since).map(([feature, least]) => [feature, isAtLeast(version, least)]),
  ) as Record<Feature, boolean>;
  return { ...has, version: said };
}

/** What `sniffFeatures` asks; `ManagerClient` is one. */
export interface Sniffed {
  info(): Promise<SystemInfo>;
  hasRoute(path: string): Promise<boolean>;
}

// Routes for reading that came with a version, newest first. None needs that the service exists.
const probe = "/system/services/version-probe";
const signs: readonly (readonly [route: string, version: Version])[] = [
  [`${probe}/secrets?key=version-probe`, [4, 2, 0]],
  [`${probe}/auth`, [4, 1, 0]],
  [`${probe}/deployment`, [4, 0, 0]],
  ["/system/quotas/user", [3, 7, 0]],
];

/**
 * What the Manager at hand can do: by the version the user gives, else by the one it tells. An image built from a
 * branch tells `devel`; then it is asked, route by route, newest first, at most five requests.
 */
export async function sniffFeatures(manager: Sniffed, given?: string): Promise<Features> {
  if (given !== undefined) {
    const version = parseVersion(given);
    if (version === undefined) throw new Error(`apiVersion: got ${JSON.stringify(given)}; ${allowedVersion}`);
    return featuresOf(version);
  }
  const told = parseVersion((await manager.info()).version);
  return featuresOf(told ?? (await probed(manager)));
}

const allowedVersion = "allowed: OSCAR's version, such as 4.1";

async function probed(manager: Sniffed): Promise<Version> {
  // A proxy that answers in the Manager's place would make every route seem to be there.
  if (await manager.hasRoute(`${probe}/no-such-route`)) {
    throw new Error(`OSCAR's Manager does not tell its version; give apiVersion; ${allowedVersion}`);
  }
  for (const [route, version] of signs) {
    if (await manager.hasRoute(route)) return version;
  }
  throw new Error(
    `OSCAR's Manager tells no version, and is older than 3.7 or unknown; give apiVersion; ${allowedVersion}`,
  );
}
