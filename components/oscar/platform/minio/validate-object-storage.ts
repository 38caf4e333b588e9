import { isIP } from "node:net";
import { checkHostName, checkImage, checkSize, ifKnown, type Check } from "../../../kubernetes/checks";
import { driveSize } from "./minio-values";
import type { ExternalMinioArgs, ManagedMinioArgs, ObjectStorageArgs } from "./object-storage-args";

/** The faults of the arguments, all of them. `where` is what they are told by, such as `objectStorage`; "" for none. */
export function validateObjectStorage(where: string, args: ObjectStorageArgs): string[] {
  const at = (field: string) => (where === "" ? field : `${where}.${field}`);
  return args.kind === "managed" ? managedFaults(at, args) : externalFaults(at, args);
}

type At = (field: string) => string;

function managedFaults(at: At, args: ManagedMinioArgs): string[] {
  const { size, storageClass, layout = "single-drive", image, host, consoleHost } = args;
  const unsound = checkSize(at("size"), size);
  const drive = layout === "single-drive" ? at("size") : `${at("size")}, half of which is each drive`;
  return [
    ...unsound,
    ...(unsound.length > 0 ? [] : (storageClass?.checkSize?.(drive, driveSize({ layout, size })) ?? [])),
    ...ifKnown(checkClassName, at("storageClass.name"), storageClass?.name),
    ...ifKnown(checkImage, at("image"), image),
    ...ifKnown(checkHostName, at("host"), host),
    ...ifKnown(checkHostName, at("consoleHost"), consoleHost),
    ...(host !== undefined && host === consoleHost
      ? [
          `${at("consoleHost")}: got "${consoleHost}", which is host too; allowed: another one, because each leads to a port of its own`,
        ]
      : []),
  ];
}

/** A claim that names none, by `""`, is never given a volume. */
const checkClassName: Check = (where, value) =>
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(value)
    ? []
    : [
        `${where}: got ${JSON.stringify(value)}; allowed: the name of a StorageClass (kubectl get storageclass)`,
      ];

function externalFaults(at: At, args: ExternalMinioArgs): string[] {
  const { endpoint, accessKey, secretKey, region, clientImage } = args;
  return [
    ...checkEndpoint(at("endpoint"), endpoint),
    ...ifKnown(checkNotEmpty, at("accessKey"), accessKey),
    ...ifKnown(checkNotEmpty, at("secretKey"), secretKey),
    ...ifKnown(checkRegion, at("region"), region),
    ...ifKnown(checkImage, at("clientImage"), clientImage),
  ];
}

const checkEndpoint: Check = (where, value) => {
  const host = hostOf(value);
  if (host === undefined)
    return [
      // A key that was put there is not to be read in a log.
      `${where}: got ${JSON.stringify(value.replace(/\/\/.*@/, "//***@"))}; allowed: http:// or https://, a host, and a port ` +
        "where it is not the usual one, without a path, such as https://minio.example.com:9000",
    ];
  const owner = withoutAdminApi.find(({ hosts }) => hosts.test(host));
  return owner === undefined
    ? []
    : [
        `${where}: got ${JSON.stringify(value)}; needed: MinIO's admin API, which ${owner.name} does not have; ` +
          "allowed: MinIO (or RustFS from OSCAR 4.2 on)",
      ];
};

/** The host of an address that has no more than a host and a port. */
function hostOf(endpoint: string): string | undefined {
  if (!/^https?:\/\/([^/?#@:[\]\s]+|\[[\da-f:.]+\])(:\d+)?$/.test(endpoint) || !URL.canParse(endpoint))
    return undefined;
  const { hostname } = new URL(endpoint);
  const address = hostname.replace(/^\[|\]$/g, "");
  return isIP(address) > 0 || checkHostName("", hostname).length === 0 ? hostname : undefined;
}

/** Who has S3, or something like it, and nothing of MinIO's. Machines at Amazon, where a MinIO may be, are not S3's. */
const withoutAdminApi: readonly { readonly name: string; readonly hosts: RegExp }[] = [
  { name: "Amazon S3", hosts: /(^|\.)s3[.-]([a-z0-9-]+\.)*amazonaws\.com(\.cn)?$/ },
  { name: "Google Cloud Storage", hosts: /(^|\.)storage\.googleapis\.com$/ },
  { name: "DigitalOcean Spaces", hosts: /(^|\.)digitaloceanspaces\.com$/ },
  { name: "Cloudflare R2", hosts: /(^|\.)r2\.cloudflarestorage\.com$/ },
  { name: "Azure Blob Storage", hosts: /(^|\.)blob\.core\.windows\.net$/ },
];

const checkNotEmpty: Check = (where, value) => (value === "" ? [`${where}: got ""; needed: the key`] : []);

const checkRegion: Check = (where, value) =>
  /^[a-z0-9-]+$/.test(value)
    ? []
    : [`${where}: got ${JSON.stringify(value)}; allowed: the name of a region, such as us-east-1`];
