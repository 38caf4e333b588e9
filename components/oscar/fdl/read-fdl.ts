import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isMap } from "yaml";
import { messageOf } from "../../messages";
import { readScript, withUnixLineEnds } from "../service/script";
import type { ServiceSpec } from "../service/service-args";
import { ownBuckets } from "../service/storage-paths";
import { FdlMap } from "./fdl-map";
import { fdlService, type Shared } from "./fdl-service";
import { FdlSource } from "./fdl-source";

/** A service of an FDL file, and the cluster it is for. */
export interface FdlService {
  /** The key that the service stands under, such as `oscar-cluster`. */
  cluster: string;
  /** File and line, for messages. */
  place: string;
  spec: ServiceSpec;
}

export interface Fdl {
  services: FdlService[];
  /** What is lived with, each with file and line: images without a tag, names that are not known. */
  warnings: string[];
}

/**
 * The services of an FDL file, as oscar-cli takes it: `functions.oscar` is a list of maps from a cluster's id to a
 * service, `script` is a path relative to the file, and what stands below `storage_providers` and `clusters` is for all
 * of them. Throws all faults together, each with file and line. What the services' fields may be is left to
 * `validateService`.
 */
export function readFdl(path: string): Fdl {
  const { faults, ...fdl } = parseFdl(readFileSync(path, "utf8"), path, (script) =>
    readScript(resolve(dirname(path), script)),
  );
  if (faults.length > 0) throw new Error([`FDL ${path}:`, ...faults].join("\n  "));
  return fdl;
}

/** The same, of a text; `readFile` reads a script by the path that the file has. */
export function parseFdl(
  text: string,
  file: string,
  readFile: (path: string) => string,
): Fdl & { faults: string[] } {
  const source = new FdlSource(text, file);
  const services = source.faults.length > 0 ? [] : servicesIn(source, readFile);
  refuseTwins(source, services);
  warnOfSharedBuckets(source, services);
  return {
    services: services.map(({ node: _, ...service }) => service),
    warnings: source.warnings,
    faults: source.faults,
  };
}

type Found = FdlService & { node: FdlMap["node"] };

function servicesIn(source: FdlSource, readFile: (path: string) => string): Found[] {
  const { contents } = source.document;
  if (!isMap(contents)) {
    source.refuse(undefined, "got no map; allowed: a map with functions");
    return [];
  }
  const top = new FdlMap(source, contents, "");
  const functions = top.map("functions");
  const shared: Shared = { storageProviders: top.map("storage_providers"), clusters: top.map("clusters") };
  const items = functions?.maps("oscar");
  if (items === undefined)
    source.refuse(contents, "functions.oscar: got nothing; allowed: a list of services");
  functions?.unknown();
  top.unknown();
  return (items ?? []).flatMap((item) =>
    item.names.flatMap((cluster): Found[] => {
      const fdl = item.map(cluster);
      if (fdl === undefined) return [];
      const spec = fdlService(fdl, cluster, shared, (path) => scriptOf(fdl, path, readFile));
      return [{ cluster, place: source.place(fdl.node), spec, node: fdl.node }];
    }),
  );
}

/** A text of several lines is no path, but the script itself, as OSCAR's Dashboard writes it. */
function scriptOf(fdl: FdlMap, path: string | undefined, readFile: (path: string) => string): string {
  if (path === undefined) {
    fdl.refuse("script", "got nothing; allowed: a path, relative to this file");
    return "";
  }
  if (path.includes("\n")) return withUnixLineEnds(path);
  try {
    return withUnixLineEnds(readFile(path));
  } catch (error) {
    const why = messageOf(error);
    fdl.refuse(
      "script",
      `got ${JSON.stringify(path)}, which cannot be read (${why}); allowed: a path, relative to this file`,
    );
    return "";
  }
}

function refuseTwins(source: FdlSource, services: readonly Found[]): void {
  services.forEach(({ cluster, spec: { name }, node }, index) => {
    const twin = services
      .slice(0, index)
      .find((other) => other.cluster === cluster && other.spec.name === name && name !== "");
    if (twin)
      source.refuse(
        node,
        `got the service ${JSON.stringify(name)} of ${twin.place} again; allowed: each once`,
      );
  });
}

/** From 3.6 on, a Manager makes the buckets of each service, and refuses a service whose bucket is there. */
function warnOfSharedBuckets(source: FdlSource, services: readonly Found[]): void {
  services.forEach(({ cluster, spec, node }, index) => {
    for (const bucket of ownBuckets(spec)) {
      const owner = services
        .slice(0, index)
        .find((other) => other.cluster === cluster && ownBuckets(other.spec).includes(bucket));
      if (owner) {
        source.warn(
          node,
          `${spec.name} has the bucket ${JSON.stringify(bucket)} of ${owner.spec.name}; OSCAR refuses that from 3.6 on`,
        );
      }
    }
  });
}
