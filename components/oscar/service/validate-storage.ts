import { ifKnown, type Check } from "../../kubernetes/checks";
import { quoted } from "../../messages";
import type { MountArgs, ServiceArgs, StorageArgs, StorageProvidersArgs } from "./service-args";
import { bucketNames, checkEndpoint, isBucketName } from "./service-checks";
import {
  bucketOf,
  canonicalProvider,
  hasBuckets,
  isOwnMinio,
  providerOf,
  storedPath,
  trimPath,
} from "./storage-paths";

type OfStorage = Pick<ServiceArgs, "name" | "input" | "output" | "mount" | "storageProviders">;

/** The faults of where files come from and go to. */
export function validateStorage(args: OfStorage): string[] {
  const { input = [], output = [], mount, storageProviders = {} } = args;
  return [
    ...input.flatMap((each, index) =>
      placeFaults(`input[${index}]`, each, args.name, from, storageProviders),
    ),
    ...output.flatMap((each, index) =>
      placeFaults(`output[${index}]`, each, args.name, to, storageProviders),
    ),
    ...bucketFaults(knownPlaces(args)),
    ...(mount === undefined ? [] : mountFaults(mount, storageProviders)),
    ...providerFaults(storageProviders),
  ];
}

const from = ["minio", "webdav", "rucio"];
const to = ["minio", "s3", "onedata", "webdav", "rucio"];

function placeFaults(
  where: string,
  { storageProvider, path }: StorageArgs,
  service: string,
  kinds: readonly string[],
  providers: StorageProvidersArgs,
): string[] {
  const ofProvider = ifKnown(checkProvider(kinds, providers), `${where}.storageProvider`, storageProvider);
  if (typeof path !== "string") return ofProvider;
  const ofPath =
    trimPath(path) === ""
      ? [`${where}.path: got ${JSON.stringify(path)}; allowed: a folder, such as ${service}/files`]
      : typeof storageProvider === "string" && hasBuckets(storageProvider)
        ? checkBucket(`${where}.path`, path, bucketOf(storedPath(service, storageProvider, path)))
        : [];
  return [...ofProvider, ...ofPath];
}

/** Files come from the cluster's own MinIO only: no other one tells the Manager of new files. */
function checkProvider(kinds: readonly string[], providers: StorageProvidersArgs): Check {
  return (where, value) => {
    const { kind, id } = providerOf(value);
    const fault = (allowed: string) => [`${where}: got ${JSON.stringify(value)}; allowed: ${allowed}`];
    if (!kinds.includes(kind)) return fault(`${kinds.join(", ")}, with an id after a point`);
    if (isOwnMinio(value)) return [];
    if (kind === "minio" && kinds === from) return fault("of MinIO only minio.default, the cluster's own");
    const ids = Object.keys(idsOf(kind, providers));
    if (ids.includes(id)) return [];
    return fault(
      ids.length === 0
        ? `one of storageProviders, which has none of ${kind}`
        : `one of storageProviders: ${ids.map((each) => `${kind}.${each}`).join(", ")}`,
    );
  };
}

const idsOf = (kind: string, providers: StorageProvidersArgs): object =>
  Object.entries(providers).find(([each]) => each === kind)?.[1] ?? {};

/** The Manager asks for a bad bucket after six seconds only. */
function checkBucket(where: string, path: string, bucket: string): string[] {
  return isBucketName(bucket)
    ? []
    : [
        `${where}: got ${quoted(path)}, whose bucket is ${quoted(bucket)}; allowed: a bucket of ${bucketNames}`,
      ];
}

interface Place {
  where: string;
  side: "input" | "output";
  provider: string;
  path: string;
  bucket: string;
}

/** Folders in buckets, where provider and path are known. */
function knownPlaces({ name, input = [], output = [] }: OfStorage): Place[] {
  const placesOf = (side: Place["side"], all: readonly StorageArgs[]) =>
    all.flatMap(({ storageProvider, path }, index): Place[] => {
      if (typeof storageProvider !== "string" || typeof path !== "string" || trimPath(path) === "") return [];
      if (!hasBuckets(storageProvider)) return [];
      const stored = storedPath(name, storageProvider, path);
      const where = `${side}[${index}].path`;
      return [
        { where, side, provider: canonicalProvider(storageProvider), path: stored, bucket: bucketOf(stored) },
      ];
    });
  return [...placesOf("input", input), ...placesOf("output", output)];
}

/** What several folders must not do together. */
function bucketFaults(places: readonly Place[]): string[] {
  const inputs = places.filter(({ side }) => side === "input");
  const outputs = places.filter(({ side }) => side === "output");
  const own = places.filter(({ provider }) => isOwnMinio(provider));
  return [
    ...inputs.flatMap(({ where, path, bucket }, index) => {
      const first = inputs.slice(0, index).find((other) => other.bucket === bucket);
      return first === undefined
        ? []
        : [
            `${where}: got ${JSON.stringify(path)}; allowed: a bucket other than that of ${first.where}, because the Manager takes one input folder of a bucket`,
          ];
    }),
    ...outputs.flatMap(({ where, path, provider }) => {
      const source = inputs.find(
        (input) => input.provider === provider && `${path}/`.startsWith(`${input.path}/`),
      );
      return source === undefined
        ? []
        : [
            `${where}: got ${JSON.stringify(path)}; allowed: a folder outside that of ${source.where}, because each result would call the service again`,
          ];
    }),
    ...outputs.flatMap(({ where, path, provider, bucket }) =>
      !isOwnMinio(provider) && own.some((other) => other.bucket === bucket)
        ? [
            `${where}: got ${JSON.stringify(path)}; allowed: a bucket with another name than one of minio.default, which the Manager deletes in its place`,
          ]
        : [],
    ),
  ];
}

function mountFaults(
  { storageProvider, path, options }: MountArgs,
  providers: StorageProvidersArgs,
): string[] {
  return [
    ...ifKnown(checkProvider(["minio", "s3", "webdav"], providers), "mount.storageProvider", storageProvider),
    ...(typeof path === "string" ? mountPathFaults(path, storageProvider) : []),
    ...ifKnown(checkMountOptions, "mount.options", options),
  ];
}

function mountPathFaults(path: string, storageProvider: MountArgs["storageProvider"]): string[] {
  const trimmed = trimPath(path);
  if (trimmed === "") {
    return [
      `mount.path: got ${JSON.stringify(path)}; allowed: a bucket or a folder in one, such as models/latest`,
    ];
  }
  return typeof storageProvider === "string" && hasBuckets(storageProvider)
    ? checkBucket("mount.path", path, bucketOf(trimmed))
    : [];
}

/** What the Manager lets through to a shell. */
const checkMountOptions: Check = (where, value) =>
  /^[\w.:=,/ -]*$/.test(value)
    ? []
    : [`${where}: got ${JSON.stringify(value)}; allowed: letters, digits, blanks and - _ . : = , /`];

function providerFaults(providers: StorageProvidersArgs): string[] {
  return Object.entries(providers.minio ?? {}).flatMap(([id, { endpoint }]) =>
    id === "default"
      ? [
          'storageProviders.minio: got the id "default"; allowed: another, because that is the cluster\'s own MinIO, which the Manager knows',
        ]
      : ifKnown(checkEndpoint, `storageProviders.minio.${id}.endpoint`, endpoint),
  );
}
