import { secret } from "@pulumi/pulumi";
import type { ServiceArgs } from "./service-args";

/** The arguments that are secrets, whether or not their values come as ones; `*` is any name and any place in a list. */
export const secretFields: readonly (readonly string[])[] = [
  ["environment", "secrets", "*"],
  ["storageProviders", "minio", "*", "accessKey"],
  ["storageProviders", "minio", "*", "secretKey"],
  ["storageProviders", "s3", "*", "accessKey"],
  ["storageProviders", "s3", "*", "secretKey"],
  ["storageProviders", "onedata", "*", "token"],
  ["storageProviders", "webdav", "*", "password"],
  ["storageProviders", "rucio", "*", "refreshToken"],
  ["clusters", "*", "authPassword"],
  ["federation", "members", "*", "headers", "*"],
];

/** The arguments with their secrets as Pulumi's, for those that come from a file in clear. */
export function withSecrets(args: ServiceArgs): ServiceArgs {
  return marked(args, secretFields) as ServiceArgs;
}

function marked(value: unknown, fields: readonly (readonly string[])[]): unknown {
  if (value === undefined || fields.length === 0) return value;
  if (fields.some((field) => field.length === 0)) return secret(value);
  const below = (name: string) =>
    fields.filter(([first]) => first === name || first === "*").map(([, ...rest]) => rest);
  if (Array.isArray(value)) return value.map((each, index) => marked(each, below(String(index))));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, marked(each, below(name))]));
}
