/** What differs between the Manager's versions, as far as its clients see it. */
export interface VersionTraits {
  readonly version: string;
  /** `expose.api_port` and `expose.nodePort` are lists, where they were numbers. */
  readonly portsAsLists: boolean;
  /** Volumes, deployments, PUT config, the nested config; and a PUT keeps the service's token. */
  readonly since40: boolean;
  /** Stop, start, restart, auth, federation, KServe; and a name in use is a 400, where it was a 409. */
  readonly since41: boolean;
  /** The secrets API, and KServe's `api_version` below `inference`. */
  readonly since42: boolean;
}

export type Generation = "3.7" | "4.0" | "4.1" | "4.2";

const releases: Record<Generation, string> = {
  "3.7": "3.7.1",
  "4.0": "4.0.0",
  "4.1": "4.1.2",
  "4.2": "4.2.0",
};

/** The traits of a generation. The version it tells can be another, such as `devel`. */
export function traitsOf(generation: Generation, version = releases[generation]): VersionTraits {
  return {
    version,
    portsAsLists: generation === "4.1" || generation === "4.2",
    since40: generation !== "3.7",
    since41: generation === "4.1" || generation === "4.2",
    since42: generation === "4.2",
  };
}
